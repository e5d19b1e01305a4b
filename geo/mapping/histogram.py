"""Data of the histogram: reports by day, and coverage by place and day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from functools import lru_cache

from geo.builtin_layers import find_evidence
from geo.evidence.coverage import REPORTED, SEEN, list_covered_days
from geo.evidence.day_counts import BACKGROUND, OBSERVED_AXIS, explain_days, list_days
from geo.evidence.day_precision import BY
from geo.facets import list_facets
from geo.playback import DayWindow, find_played_days
from geo.selection import Selection, select
from geo.store import LayerStore
from geo.text.formatting import to_day
from geo.view import View

NO_COVERAGE = "Coverage is of the days on which it happened; choose those to see it."
_LETTERS = {SEEN: "s", REPORTED: "r"}


def count_reports_by_day(selection: Selection, store: LayerStore) -> list[tuple[str, int, int]]:
    """Count the reports of one day, for each day that the chosen sources cover.

    Returns
    -------
    list of (str, int, int)
        ISO day, number of claims shown, number that only the date window leaves out.
    """
    shown, other = selection.days.by_day, selection.left_out.by_day
    days = _list_days(selection.view, store)
    return [(day.isoformat(), shown.get(day, 0), other.get(day, 0)) for day in days]


def count_reports_by_span(selection: Selection) -> list[tuple[str, str, int, int]]:
    """Count the reports of several days as first and last ISO day, shown, left out by the days."""
    shown, other = selection.days.by_span, selection.left_out.by_span
    return [
        (
            first.isoformat(),
            last.isoformat(),
            shown.get((first, last), 0),
            other.get((first, last), 0),
        )
        for first, last in sorted(shown.keys() | other.keys())
    ]


def find_play_days(view: View, store: LayerStore) -> DayWindow | None:
    """Return the first and the last day that a view's playback plays; None if it has none."""
    if view.play is None:
        return None
    days = list_facets(store, view.sources, view.layers, view.axis).days
    return find_played_days(view.play, (view.date_from, view.date_to), days)


def count_reports_by_last_day(selection: Selection, store: LayerStore) -> list[tuple[str, int]]:
    """Count the reports dated “by” a day, for each such day, whatever days are chosen."""
    if selection.view.axis != OBSERVED_AXIS:
        return []
    return _count_by_last_day(_select_any_day(selection, store).view, store, store.version())


@lru_cache(maxsize=512)
def _count_by_last_day(view: View, store: LayerStore, _: str) -> list[tuple[str, int]]:
    rows = select(view, store).rows
    cells = zip(rows["date_class"], rows["evidence"], rows["observed_to"], strict=True)
    ends = (end for dated, kind, end in cells if dated == BY and kind != BACKGROUND)
    days = Counter(day for end in ends if (day := to_day(end)))
    return [(day.isoformat(), count) for day, count in sorted(days.items())]


def name_histogram(selection: Selection) -> str:
    """Return the heading of the histogram: what its days are."""
    observed = selection.view.axis == OBSERVED_AXIS
    return "Reports by day" if observed else "Reports by day of reporting"


def explain_histogram(selection: Selection) -> str:
    """Return the rule of days in numbers, and why there is no coverage where there is none."""
    axis = selection.view.axis
    rule = explain_days(selection.days, axis, drawn=True)
    return rule if axis == OBSERVED_AXIS else f"{rule} {NO_COVERAGE}".strip()


def list_coverage_rows(selection: Selection, store: LayerStore) -> list[dict[str, object]]:
    """Return the coverage of each place of the view on all days, whatever days are chosen.

    Coverage is about the days on which things were observed: none is given where the days of the
    view are those of reporting.

    Returns
    -------
    list of dict
        `place`, `name`, `short_name`, and `days`: a letter a day of the histogram, s (seen),
        r (reported) or - (no data), with the evidence kinds of each day under `kinds`.
    """
    if selection.view.axis != OBSERVED_AXIS:
        return []
    return _list_coverage_rows(_select_any_day(selection, store).view, store, store.version())


@lru_cache(maxsize=512)
def _list_coverage_rows(view: View, store: LayerStore, _: str) -> list[dict[str, object]]:
    rows = select(view, store).rows
    # A place keeps its row whatever is filtered, so that the map above keeps its height.
    everything = select(View(places=view.places, sources=view.sources), store).rows
    pairs = zip(everything["place"], everything["place_name"], strict=True)
    names = {place: name for place, name in pairs if isinstance(place, str)}
    short = {place.id: place.short_name for place in find_evidence(store).places}
    known = {
        where: (_LETTERS[status], ", ".join(kinds))
        for where, (status, kinds) in list_covered_days(rows).items()
    }
    days = _list_days(view, store)
    cells = {place: [known.get((place, day), ("-", "")) for day in days] for place in names}
    return [
        {
            "place": place,
            "name": names[place],
            "short_name": short.get(place, names[place]),
            "days": "".join(letter for letter, _ in row),
            "kinds": [kinds for _, kinds in row],
        }
        for place, row in cells.items()
    ]


def _select_any_day(selection: Selection, store: LayerStore) -> Selection:
    return select(replace(selection.view, date_from=None, date_to=None), store)


def _list_days(view: View, store: LayerStore) -> list[dt.date]:
    return list_days(*list_facets(store, view.sources, view.layers, view.axis).days)
