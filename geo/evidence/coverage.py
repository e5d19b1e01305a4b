"""Coverage by day of each place and of each system: seen, reported, or no data.

"no data" means that no shown claim covers it on that day. It does not mean that anything had
gone: not observed is not gone.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any, NamedTuple

import pandas as pd
from geopandas import GeoDataFrame

from geo.evidence.day_counts import BACKGROUND, Span, find_span, list_days
from geo.evidence.models import SEEING_KINDS

SEEN, REPORTED, NO_DATA = "seen", "reported", "no data"


class _Claim(NamedTuple):
    """The columns that decide; rows of a frame with all of them take five times as long."""

    evidence: str
    certainty: str
    observed_from: object
    observed_to: object
    date_class: str
    location_class: str
    place: str | None
    systems: tuple[str, ...]
    geometry: object


def decide_status(claim: Any) -> str:
    """Return what one claim makes of each of its days.

    SEEN: direct evidence (an image, a video, tracking) of the place itself on a single day; a
    route has no inside, so there the vicinity is the place. REPORTED: all else, such as words,
    direct evidence of the vicinity or of some day of a span. NO_DATA: background, undated claims,
    and claims of certainty "unknown", which state a gap in knowledge and no finding.
    """
    if claim.evidence == BACKGROUND or claim.certainty == "unknown" or _span(claim) is None:
        return NO_DATA
    on_a_line = claim.geometry is not None and claim.geometry.geom_type == "LineString"
    at_place = claim.location_class not in ("vicinity", "none") or on_a_line
    direct = claim.date_class == "day" and claim.evidence in SEEING_KINDS
    return SEEN if direct and at_place else REPORTED


def tabulate_coverage(claims: GeoDataFrame) -> pd.DataFrame:
    """Tabulate the coverage of each place and day.

    Claims without a drawn location do not count: they say nothing of the place as it is drawn.

    The table has one row for each place, in order of first appearance, and each day from the first
    to the last dated day. Columns: place, day (datetime64[ms]), status, kinds (sorted list of the
    evidence kinds that count on that day).
    """

    marks = _mark_days(claims, _find_place)
    dated = claims[claims["evidence"] != BACKGROUND][["observed_from", "observed_to"]]
    first, last = dated.min().min(), dated.max().max()
    days = [] if pd.isna(first) else pd.date_range(first, last)
    rows = []
    for place, day in product(claims["place"].dropna().unique(), days):
        found = marks.get((place, day.date()), {})
        status = SEEN if SEEN in found.values() else REPORTED if found else NO_DATA
        rows.append((place, day, status, sorted(found)))
    table = pd.DataFrame(rows, columns=["place", "day", "status", "kinds"])
    return table.astype({"place": "str", "day": "datetime64[ms]", "status": "str"})


def list_covered_days(claims: GeoDataFrame) -> dict[tuple[str, dt.date], tuple[str, list[str]]]:
    """Return the status of each covered place and day, and the evidence kinds that count on it.

    It says the same as `tabulate_coverage`, without the days that nothing covers.
    """
    return {
        where: (SEEN if SEEN in found.values() else REPORTED, sorted(found))
        for where, found in _mark_days(claims, _find_place).items()
    }


def _find_place(claim: Any) -> tuple[str, ...]:
    placed = claim.location_class != "none" and isinstance(claim.place, str)
    return (claim.place,) if placed else ()


def tabulate_systems(
    claims: GeoDataFrame, find_names: Callable[[Any], Iterable[str]]
) -> dict[str, dict[dt.date, str]]:
    """Return SEEN or REPORTED for each day that a claim of a system covers, by name."""
    cells: dict[str, dict[dt.date, str]] = {}
    for (system, day), found in _mark_days(claims, find_names).items():
        cells.setdefault(system, {})[day] = SEEN if SEEN in found.values() else REPORTED
    return cells


def _mark_days(
    claims: GeoDataFrame, find_names: Callable[[Any], Iterable[str]]
) -> dict[tuple[str, dt.date], dict[str, str]]:
    """Return, by name and day, the evidence kinds that cover it, each with its best status."""
    marks: dict[tuple[str, dt.date], dict[str, str]] = {}
    cells = zip(*(claims[name] for name in _Claim._fields), strict=True)
    for claim in map(_Claim._make, cells):
        status, span = decide_status(claim), _span(claim)
        if status == NO_DATA or span is None:
            continue
        for day, name in product(list_days(*span), find_names(claim)):
            kinds = marks.setdefault((name, day), {})
            if kinds.get(claim.evidence) != SEEN:
                kinds[claim.evidence] = status
    return marks


def _span(claim: Any) -> Span | None:
    return find_span(claim.observed_from, claim.observed_to)
