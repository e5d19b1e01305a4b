"""Filter choices: the values that occur in the data of the chosen sources."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from geopandas import GeoDataFrame

from geo.builtin_layers import find_evidence
from geo.evidence import Evidence
from geo.evidence.case import builtin_case
from geo.evidence.day_counts import OBSERVED_AXIS, TIME_COLUMNS
from geo.evidence.rating_words import count_terms
from geo.evidence.vocabularies import NOT_RATED, UNRATED
from geo.selection import BUILTIN_LAYERS, CLAIMS
from geo.store import LayerStore, Query


@dataclass(frozen=True)
class Facets:
    """The choices of each filter, in display order."""

    days: tuple[dt.date, dt.date]
    systems: dict[str, str]
    """Values of the filter and their labels, each family before its members."""
    evidence: tuple[str, ...]
    origins: tuple[str, ...]
    places: tuple[str, ...]
    ratings: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each rating that a claim has, the values of the filter and their labels."""


def list_facets(
    store: LayerStore, sources: str, layers: tuple[str, ...], axis: str = OBSERVED_AXIS
) -> Facets:
    """List the filter choices among the claims of some sources and the layers drawn.

    The days are those of an axis; further layers have their own on either.
    """
    return _list_facets(store, sources, layers, axis, store.version())


def _find_default_days() -> tuple[dt.date, dt.date]:
    """Return the days to choose from while no report has one: those of the case, or today."""
    first, last = builtin_case().default_days or (None, None)
    today = dt.date.today()
    return first or today, last or today


@lru_cache(maxsize=32)
def _list_facets(
    store: LayerStore, sources: str, layers: tuple[str, ...], axis: str, _: str
) -> Facets:
    where = {} if sources == "all" else {"source_set": (sources,)}
    rows = store.read(CLAIMS, Query(where=where))
    dated = rows[rows["evidence"] != "background"]
    ends = [end for name in TIME_COLUMNS[axis] for end in dated[name].dropna()]
    days = {end.date() for end in ends}
    # days of further layers count within a year of the claims, since 9999 marks an open end
    year = dt.timedelta(366)
    first = max(min(days), dt.date.min + year) - year if days else dt.date(1901, 1, 1)
    last = min(max(days), dt.date.max - year) + year if days else dt.date(2199, 12, 31)
    for info in store.layers():
        if info.name in layers and info.name not in BUILTIN_LAYERS:
            days |= {day for day in (info.date_from, info.date_to) if day and first <= day <= last}
    return Facets(
        (min(days), max(days)) if days else _find_default_days(),
        find_evidence(store).system_names.list_choices(chain(*rows["systems"])),
        tuple(sorted(set(rows["evidence"]))),
        tuple(dict(Counter(chain(*rows["origins"])).most_common())),
        tuple(dict.fromkeys(rows["place"].dropna())),
        _list_ratings(rows, find_evidence(store)),
    )


def _list_ratings(rows: GeoDataFrame, evidence: Evidence) -> dict[str, dict[str, str]]:
    """Return the terms that some claims have, in order, and the word for what has none."""
    found = {}
    for name, vocabulary in evidence.vocabulary_by_id.items():
        counts = count_terms(rows[name], vocabulary) if name in rows.columns else []
        labels = {key: term.named if term else NOT_RATED for key, term, _ in counts}
        if labels:
            found[name] = {key or UNRATED: label for key, label in labels.items()}
    return found
