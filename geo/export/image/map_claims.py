"""Prepare a slide's claims for drawing, grouped by place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.builtin_layers import find_store
from geo.evidence.day_counts import OBSERVED_AXIS
from geo.evidence.day_precision import DAY, PossibleDays, find_possible_days, need_years
from geo.evidence.rating_words import RATING, RatingLine, describe_rows
from geo.export.image.projection import to_mercator
from geo.export.layout.claim_lines import ShownDays
from geo.mapping.ring_shapes import RingPart
from geo.mapping.symbols import CERTAINTY, REVIEW, STANCE
from geo.store.core.normalise import mask_finite
from geo.text import formatting

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.selection import Selection
    from geo.store import LayerStore

LONGEST_CODE = 4  # letters of a rating beside a system
FAINTEST = 0.5  # opacity for an unknown certainty


@dataclass(frozen=True, eq=False)
class Arc:
    """The line at a distance from a point, in Web Mercator as `MapClaims.shape`, and its words."""

    label: str
    line: BaseGeometry


@dataclass(frozen=True, eq=False)
class MapClaims:
    """One claim that has a place on the map.

    `kind` is its location class, which decides the symbol; `strength` the opacity, by certainty;
    `code` its rating, such as B2, or empty; `shape` is in Web Mercator, in a world one unit wide.
    """

    place: str
    kind: str
    stance: str
    evidence: str
    strength: float
    systems: tuple[str, ...]
    subject: str
    state: str
    count: str
    conflict: bool
    code: str
    review: str  # "draft" or "in review"; empty where it is published
    days: PossibleDays
    shape: BaseGeometry
    arc: Arc | None = None  # of a claim that gives a distance and no spot


@dataclass(frozen=True, eq=False)
class Site:
    """A place with the reports about it, if any are shown.

    Attributes
    ----------
    kind : str
        The place's own location class.
    position : tuple of float
        Longitude and latitude of its symbol at low zoom, degrees, EPSG:4326.
    label_side : str
        The preferred side of the symbol for the label.
    shape : shapely geometry
        In Web Mercator, scaled to a world one unit wide.
    arabic : str
        The label in Arabic; empty if there is none.
    shown : ShownDays
        The window of days, and how days are written beside it.
    """

    id: str
    kind: str
    position: tuple[float, float]
    label: str
    label_side: str
    shape: BaseGeometry
    reports: tuple[MapClaims, ...]
    arabic: str = ""
    shown: ShownDays = field(default_factory=ShownDays)

    @property
    def is_route(self) -> bool:
        """Whether the place is a road, drawn from the routes layer."""
        return self.kind == "route-inferred"

    @property
    def arcs(self) -> list[RingPart]:
        """The arcs of the badge's ring, in order of stances."""
        start, end = self.shown.start, self.shown.end
        parts = []
        for stance in STANCE:
            some = [one for one in self.reports if one.stance == stance]
            vague = (one.days for one in some if one.days.kind != DAY)
            tail = tuple(one.compute_strength(start, end) for one in vague)
            if some:
                opacity = max(one.strength for one in some)
                parts.append(RingPart(stance, len(some), tail, opacity))
        return parts

    @property
    def distances(self) -> list[MapClaims]:
        """Its reports that give a distance and no spot; each is drawn as an arc of its own."""
        return [one for one in self.reports if one.arc is not None]

    @property
    def disputed(self) -> bool:
        """Whether sources differ on one of its reports."""
        return any(one.conflict for one in self.reports)

    @property
    def unpublished(self) -> str:
        """The mark of reports that are not published, such as "draft"; empty if all are."""
        states = {one.review for one in self.reports if one.review}
        return next((mark for name, (_, mark) in REVIEW.items() if name in states), "")


def drawable(rows: GeoDataFrame) -> tuple[GeoDataFrame, np.ndarray]:
    """Return the rows whose geometry is present, not empty and finite, and their shapes.

    Shapes are in Web Mercator, scaled to a world one unit wide.
    """
    rows = rows[mask_finite(rows.geometry.to_numpy())]
    return rows, to_mercator(rows.geometry.to_numpy())


def _report(row: dict[Hashable, Any], shape: BaseGeometry, code: str, *, axis: str) -> MapClaims:
    return MapClaims(
        place=_text(row["place"]),
        kind=_text(row["location_class"]),
        stance=_text(row["stance"]),
        evidence=_text(row["evidence"]),
        strength=CERTAINTY.get(row["certainty"], ("", FAINTEST))[1],
        systems=tuple(map(str, row["systems"])),
        subject=_text(row.get("subject")),
        state=_text(row.get("state")),
        count=formatting.format_count(row.get("count_min"), row.get("count_max")),
        conflict=len(row["conflicts"]) > 0,
        code=code,
        review=row["review"] if row.get("review") in REVIEW else "",
        days=find_possible_days(row, axis),
        shape=shape,
        arc=_find_arc(row),
    )


def _find_arc(row: Mapping[Hashable, object]) -> Arc | None:
    text = _text(row.get("arc"))
    if not text:
        return None
    return Arc(_text(row["distance_label"]), to_mercator(np.array([shapely.from_wkt(text)]))[0])


def _find_code(lines: Iterable[RatingLine]) -> str:
    """Return the rating of a claim and its source as a short code, or "" where it is in words."""
    code = next((one.short for one in lines if one.title == RATING), "")
    return code if len(code) <= LONGEST_CODE else ""


def _text(value: object) -> str:
    return "" if value is None or (not isinstance(value, str) and pd.isna(value)) else str(value)


def sites_of(selection: Selection, store: LayerStore) -> list[Site]:
    """Return every place with its reports in record order, sorted by id."""
    rows, shapes = drawable(selection.rows)
    codes = map(_find_code, describe_rows(rows, selection.evidence.vocabulary_by_id))
    parts = zip(rows.to_dict("records"), shapes, codes, strict=True)
    view = selection.view
    reports = [_report(*part, axis=view.axis) for part in parts]
    years = need_years(one.days for one in reports)
    shown = ShownDays(view.date_from, view.date_to, view.axis != OBSERVED_AXIS, years)
    store = find_store(store, view.as_of)
    places, shapes = drawable(store.read("places"))
    found = []
    for row, shape in zip(places.to_dict("records"), shapes, strict=True):
        site = Site(
            id=str(row["id"]),
            kind=_text(row["location_class"]),
            position=(float(row["label_lon"]), float(row["label_lat"])),
            label=_text(row.get("map_label")) or _text(row["name"]),
            label_side="left" if row.get("label_side") == "left" else "right",
            shape=shape,
            reports=tuple(one for one in reports if one.place == row["id"]),
            arabic=_text(row.get("name_ar")),
            shown=shown,
        )
        found.append(site)
    return sorted(found, key=lambda site: site.id)
