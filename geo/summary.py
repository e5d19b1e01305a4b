"""Summarise a Selection in words: title, subtitle, latest reports, systems by day."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geo.evidence import builtin_evidence
from geo.evidence.models import SEEING_KINDS
from geo.selection import Selection
from geo.text import formatting


@dataclass(frozen=True)
class DayNote:
    """The reports on one place on one day or span, in the words of the claims."""

    day: dt.date
    when: str
    place: str
    phrases: tuple[str, ...]
    ids: tuple[str, ...]


def format_day_range(selection: Selection) -> str:
    """Return the days that the shown claims cover, in words; the window if one is set."""
    start, end = find_day_range(selection)
    return formatting.format_span(start, end) if start or end else ""


def find_day_range(selection: Selection) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last day that the shown claims cover; the window if one is set."""
    view = selection.view
    if view.windowed:
        return view.date_from, view.date_to
    rows = selection.rows[selection.rows["evidence"] != "background"]
    days = [end.date() for name in ("observed_from", "observed_to") for end in rows[name].dropna()]
    return (min(days), max(days)) if days else (None, None)


def build_title(selection: Selection, place: str = "") -> str:
    """Return a headline with the place, if any, and the days."""
    span = format_day_range(selection)
    if not selection.shown:
        return "No report matches these filters"
    if place:
        return f"{place}, {span}" if span else place
    start, end = find_day_range(selection)
    joint = "on " if start == end and start is not None else ""
    return f"What was reported {joint}{span}".strip()


def build_subtitle(selection: Selection) -> str:
    """Return a sentence on the shown claims: systems at one place, or counts by place."""
    if not selection.shown:
        return "The sidebar's last button takes all filters off."
    if len([place for place in selection.by_place if place]) > 1 or not selection.by_system:
        places = sorted(selection.by_place.items(), key=lambda item: (item[0] is None, -item[1]))
        phrases = [f"{count} {_describe_place(place)}" for place, count in places]
        return f"Reports: {_join_words(phrases)}."
    systems = [name for name, _ in Counter(selection.by_system).most_common()]
    more = f" and {len(systems) - 6} more" if len(systems) > 6 else ""
    listed = ", ".join(systems[:6]) + more if more else _join_words(systems)
    return f"Reported: {listed}."


def _describe_place(place_id: str | None) -> str:
    if place_id is None:
        return "that name no single place"
    place = builtin_evidence().place_by_id.get(place_id)
    return place.phrase if place else "elsewhere"


def _join_words(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


# Iterating over rows costs time per column, so only these are read.
_COLUMNS = (
    *("id", "evidence", "place_name", "observed_from", "observed_to", "date_class"),
    *("systems", "subject", "state"),
)


def list_latest_reports(
    selection: Selection, *, days: int = 3, phrases: int = 5
) -> tuple[DayNote, ...]:
    """Return the last days on which something was reported, newest first, place by place.

    Claims count on their last day; `when` shows a day, a span or "by" a day. Phrases use the
    systems and states of the claims.
    """
    last = selection.view.date_to
    groups: dict[tuple[dt.date, str, str], list[Any]] = {}
    for row in selection.rows[[*_COLUMNS]].itertuples():
        end = formatting.to_day(row.observed_to)
        if end is None or row.evidence == "background" or not isinstance(row.place_name, str):
            continue
        day = min(end, last) if last else end
        when = formatting.format_short_when(row.date_class, row.observed_from, row.observed_to)
        groups.setdefault((day, when, row.place_name), []).append(row)
    newest = sorted({day for day, _, _ in groups}, reverse=True)[:days]
    notes = []
    for (day, when, place), rows in groups.items():
        said = tuple(dict.fromkeys(phrase for row in rows if (phrase := _describe_state(row))))
        if day in newest and said:
            notes.append(DayNote(day, when, place, said[:phrases], tuple(row.id for row in rows)))
    return tuple(
        sorted(notes, key=lambda note: (-note.day.toordinal(), " " in note.when, -len(note.ids)))
    )


def _describe_state(row: Any) -> str:
    subject = row.systems[0] if len(row.systems) == 1 else row.subject
    return f"{subject}: {row.state}" if isinstance(row.state, str) else ""


def tabulate_system_days(
    selection: Selection,
) -> tuple[list[dt.date], dict[str, dict[dt.date, str]]]:
    """Return the days with a report of some system, and by system and day "seen" or "reported".

    A family has the days of its members, which follow it.
    Only claims of a single day count; "seen" means direct evidence. A day that is missing has no
    report of the system; that is no proof that it was not there.
    """
    cells: dict[str, dict[dt.date, str]] = {}
    names = builtin_evidence().system_names
    for row in selection.rows[[*_COLUMNS]].itertuples():
        if row.date_class != "day" or row.evidence == "background":
            continue
        day = row.observed_to.date()
        status = "seen" if row.evidence in SEEING_KINDS else "reported"
        for system in names.widen(row.systems, selection.by_system):
            by_day = cells.setdefault(system, {})
            by_day[day] = "seen" if "seen" in (status, by_day.get(day)) else status
    days = sorted({day for by_day in cells.values() for day in by_day})
    return days, {name: cells[name] for name in names.sort(cells)}
