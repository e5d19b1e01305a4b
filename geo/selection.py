"""The Selection: the rows that match a View, with counts and metadata."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame

from geo.builtin_layers import find_evidence, find_store
from geo.errors import LayerUnreadableError
from geo.evidence import Evidence
from geo.evidence.day_counts import OBSERVED_AXIS, TIME_COLUMNS, DayCounts, count_days
from geo.evidence.known_as_of import describe_as_of
from geo.evidence.models import CERTAINTIES
from geo.evidence.system_names import SystemNames
from geo.evidence.vocabularies import RATING_KINDS, UNRATED
from geo.large_layer import LargeLayerRows
from geo.lru_cache import LruCache
from geo.store import LayerStore, Query
from geo.store.core.normalise import estimate_bytes
from geo.text.report_words import FORMS
from geo.text.text_search import search_rows
from geo.view import FILTER_PARAMETERS, FILTERS, View, to_query
from geo.view_layers import LayerRows, read_layers

CLAIMS = "claims"
BUILTIN_LAYERS = frozenset({CLAIMS, "places", "routes", "rings"})
CACHE_BYTES = 128_000_000  # bytes of all selections that are remembered
UPLOAD_PREVIEW = "own-preview"  # an upload that is looked at, and not accepted yet
REQUIRED_COLUMNS = (
    *("id", "place", "place_name", "systems", "evidence", "stance", "certainty", "conflicts"),
    *("says", "observed_from", "observed_to", "location_class", "date_class"),
)


@dataclass(frozen=True)
class Selection:
    """The rows that match a view; maps, tables, counts and exports are built from it."""

    view: View
    token: str
    """Short stable hash of (view, data version)."""
    rows: GeoDataFrame = field(repr=False, compare=False)
    """The claims shown, EPSG:4326, in record order; geometry is None where the source gives no
    place that could be drawn."""
    evidence: Evidence = field(repr=False, compare=False)
    """The records that the rows are of."""
    ids: tuple[str, ...] = field(repr=False)
    total: int
    """Number of claims that the same sources and places hold without the other filters."""
    undated_left_out: int
    """Claims that only the date window keeps out, because they carry no date."""
    left_out: DayCounts = field(repr=False)
    """Claims that only the date window keeps out, by the rule of days."""
    days: DayCounts = field(repr=False)
    """Claims by the rule of days; they add up to len(ids)."""
    by_system: dict[str, int] = field(repr=False)
    """Claims shown by each system that they name, those of a family's members included."""
    by_place: dict[str | None, int] = field(repr=False)
    """Claims by the place where they are drawn, None if nowhere; they add up to len(ids)."""
    conflicts: tuple[str, ...]
    """Ids of the conflicts that a shown claim takes part in."""
    layers: tuple[LayerRows | LargeLayerRows, ...] = ()
    """Those of a layer with more than VECTOR_LIMIT rows are counted, and read on demand."""
    unreadable: dict[str, str] = field(default_factory=dict, compare=False)
    """Why, by name, for each further layer that is there and could not be read."""

    @property
    def shown(self) -> int:
        """Number of claims shown."""
        return len(self.ids)

    @property
    def report_count(self) -> str:
        """The count beside map and table and in every export, such as "23 of 45 reports".

        It names the state of the reports, unless that is the present.
        """
        return f"{self.plain_count}, {self.as_of}" if self.as_of else self.plain_count

    @property
    def plain_count(self) -> str:
        """The count without the state of the reports."""
        noun = FORMS["report" if self.total == 1 else "reports"]
        return FORMS["counted"].format(shown=self.shown, total=self.total, noun=noun)

    @property
    def as_of(self) -> str:
        """The state of the reports in words, such as "as of 3 May 2024"; "" for now."""
        return describe_as_of(self.view.as_of, self.evidence.changed_at)

    @property
    def nbytes(self) -> int:
        """Approximate bytes of the rows of the layers; claims are few and not measured."""
        return sum(estimate_bytes(one.frame) for one in self.layers if isinstance(one, LayerRows))


def select(view: View, store: LayerStore) -> Selection:
    """Return the rows that match a view: the same object for the same view and data, if cached.

    StoreError is raised if the layer "claims" cannot be read; a further layer is then left out
    (`Selection.unreadable`). One that lacks what the store counts as readable is not cached.
    """
    part = View(**{parameter.field: getattr(view, parameter.field) for parameter in FILTERS})
    store = find_store(store, view.as_of)
    for _ in range(_TRIES):
        version = store.version()
        key = (part, store, version)
        # A page and its map ask for the same at once, and the map for several things.
        compute = partial(_compute_selection, *key)
        measure = partial(_measure_bytes, store, version)
        made = _selections.get_or_compute(key, compute, measure)
        if store.version() == version:  # else it may be of either
            break
    return made


def select_claims(ids: Iterable[str], like: Selection, store: LayerStore) -> Selection:
    """Return a Selection of these claims, in record order, with view and layers of another."""
    store = find_store(store, like.view.as_of)
    rows = _require_claim_columns(store.read(CLAIMS, Query(ids=tuple(ids))))
    return replace(like, rows=rows, **_count_rows(rows, like.view.axis, like.evidence))


def join_selections(first: Selection, other: Selection) -> Selection:
    """Return the claims of one Selection, then those of another, with all else of the first."""
    rows = GeoDataFrame(pd.concat([first.rows, other.rows], ignore_index=True), crs=first.rows.crs)
    return replace(first, rows=rows, **_count_rows(rows, first.view.axis, first.evidence))


def _measure_bytes(store: LayerStore, version: str, made: Selection) -> int | None:
    """Return the size in bytes, or None if the Selection is incomplete or outdated (not cached)."""
    whole = made.unreadable.keys() <= {fault.name for fault in store.faults()}
    return made.nbytes if whole and store.version() == version else None


_TRIES = 3
_selections: LruCache[Selection] = LruCache(CACHE_BYTES, most=256)
_counts: LruCache[dict[str, Any]] = LruCache(256)
_totals: LruCache[tuple[int, int, DayCounts]] = LruCache(256)  # which no day changes


def compute_token(view: View, version: str) -> str:
    """Return a short stable hash of (view, data version)."""
    text = f"{to_query(view, explicit=True, only=FILTER_PARAMETERS)}|{version}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _compute_selection(view: View, store: LayerStore, version: str) -> Selection:
    claims = store.read(CLAIMS, _build_claims_query(view, store))
    evidence = find_evidence(store)
    rows = _require_claim_columns(search_rows(claims, view.q, evidence.search_names))
    total, undated, anyday = _count_totals(view, store, version)
    key = (store, version, tuple(rows["id"]), view.axis)  # many views have the same few rows
    counts = _counts.get_or_compute(
        key,
        partial(_count_rows, rows, view.axis, evidence),
        lambda _: 1 if store.version() == version else None,
    )
    layers, unreadable = read_layers(view, store)
    return Selection(
        view=view,
        token=compute_token(view, version),
        rows=rows,
        evidence=evidence,
        total=total,
        undated_left_out=undated if view.windowed and not view.undated else 0,
        left_out=anyday - counts["days"],
        layers=layers,
        unreadable=unreadable,
        **counts,
    )


def _count_rows(rows: GeoDataFrame, axis: str, evidence: Evidence) -> dict[str, Any]:
    """Return the fields of a Selection that its claims alone decide."""
    return {
        "ids": tuple(rows["id"]),
        "days": count_days(rows, axis),
        "by_system": _count_by_system(rows, evidence.system_names),
        "by_place": _count_places(rows),
        "conflicts": tuple(sorted({name for row in rows["conflicts"] for name in row})),
    }


def _count_totals(view: View, store: LayerStore, version: str) -> tuple[int, int, DayCounts]:
    """Count the claims of the same sources and places, and those that match on any day.

    Of the latter it returns the number without a date, and the counts by the rule of days.
    """
    anyday = replace(view, date_from=None, date_to=None, undated=True, layers=())

    def count() -> tuple[int, int, DayCounts]:
        wider = View(places=view.places, sources=view.sources)
        read = store.read(CLAIMS, _build_claims_query(anyday, store))
        rows = search_rows(read, view.q, find_evidence(store).search_names)
        first, last = TIME_COLUMNS[view.axis]
        undated = rows[first].isna().to_numpy() & rows[last].isna().to_numpy()
        total = len(store.read(CLAIMS, _build_claims_query(wider, store)))
        return total, int(undated.sum()), count_days(rows, view.axis)

    key = (anyday, store, version)
    return _totals.get_or_compute(key, count, lambda _: 1 if store.version() == version else None)


def _require_claim_columns(rows: GeoDataFrame) -> GeoDataFrame:
    """Return the rows, if they have the columns of a claim; a layer of an operator may not."""
    missing = sorted(set(REQUIRED_COLUMNS) - set(rows.columns))
    if missing:
        msg = (
            f"The layer {CLAIMS!r} has no column {', '.join(missing)}. Name that layer otherwise, "
            "or write it with all columns of the built-in one."
        )
        raise LayerUnreadableError(msg)
    return rows


def _build_claims_query(view: View, store: LayerStore) -> Query:
    floor = CERTAINTIES.index(view.certainty) + 1 if view.certainty else 0
    where = {
        "source_set": () if view.sources == "all" else (view.sources,),
        "place": view.places,
        "systems": find_evidence(store).system_names.expand(view.systems),
        "evidence": view.evidence,
        "origins": view.origins,
        "stance": view.stances,
        "certainty": CERTAINTIES[:floor],
    } | {name: _list_allowed_ratings(getattr(view, name)) for name in RATING_KINDS}
    allowed = {column: values for column, values in where.items() if values}
    undated = view.undated or not view.windowed
    own = view.axis == OBSERVED_AXIS
    columns = None if own else TIME_COLUMNS[view.axis]
    return Query(view.date_from, view.date_to, undated, where=allowed, time_columns=columns)


def _list_allowed_ratings(chosen: Iterable[str]) -> tuple[str | None, ...]:
    """Return the terms that are allowed; None allows what is not rated."""
    return tuple(None if one == UNRATED else one for one in chosen)


def _count_places(rows: GeoDataFrame) -> dict[str | None, int]:
    """Count claims by the place where they are drawn, None for those without a geometry."""
    drawn = (rows.geometry.notna() & rows["place"].notna()).to_numpy()
    return dict(
        Counter(place if at else None for place, at in zip(rows["place"], drawn, strict=True))
    )


def _count_by_system(rows: GeoDataFrame, names: SystemNames) -> dict[str, int]:
    """Count the claims that name each system or a member of it, once each."""
    named = {system for row in rows["systems"] for system in row}
    return dict(Counter(one for row in rows["systems"] for one in names.widen(row, named)))
