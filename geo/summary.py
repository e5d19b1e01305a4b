"""Summarise a Selection in words: title, subtitle, latest reports, systems by day."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from geo.evidence import Evidence
from geo.evidence.coverage import tabulate_systems
from geo.evidence.day_counts import (
    BACKGROUND,
    OBSERVED_AXIS,
    TIME_COLUMNS,
    DayCounts,
    count_days,
    format_days,
)
from geo.selection import Selection
from geo.text import formatting
from geo.text.direction import keep_apart, lead_with
from geo.text.report_words import FORMS, PLACES_NAMED, SYSTEMS_NAMED


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
    return format_days(start, end, selection.view.axis) if start or end else ""


def find_day_range(selection: Selection) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last day that the shown claims cover; the window if one is set."""
    view = selection.view
    if view.windowed:
        return view.date_from, view.date_to
    rows = selection.rows
    ends = (zip(rows[name], rows["evidence"], strict=True) for name in TIME_COLUMNS[view.axis])
    dated = (end for end, kind in chain(*ends) if kind != BACKGROUND)
    days = [day for end in dated if (day := formatting.to_day(end))]
    return (min(days), max(days)) if days else (None, None)


def build_title(selection: Selection, place: str = "") -> str:
    """Return a headline with the place, if any, and the days."""
    span, place = format_day_range(selection), lead_with(place)
    silent = is_silence(selection)
    if not selection.shown and not silent:
        return FORMS["no match"]
    if not span:
        return place or "What was reported"
    if not (place or silent or span[:1].isdigit() or span.startswith("reported")):
        return f"What was reported {span}"
    form = find_title_form(selection.view.axis, silent=silent, placed=bool(place))
    return FORMS[form].format(place=place, span=span)


def find_title_form(axis: str, *, silent: bool, placed: bool) -> str:
    """Return the key of the form (`geo.text.report_words`) of a headline with days."""
    kind = "silent" if silent else "shown"
    of = "" if axis == OBSERVED_AXIS else " reported"
    return f"{kind}{of}{' place' if placed else ''}"


def is_silence(selection: Selection) -> bool:
    """Return whether there are reports, but only of other days than those chosen."""
    return not selection.shown and bool(selection.left_out.total)


def build_subtitle(selection: Selection) -> str:
    """Return a sentence on the shown claims: systems at one place, or counts by drawn place."""
    if is_silence(selection):
        layers = _describe_layers(selection)
        return FORMS["silence"].format(none=explain_silence(selection), layers=layers)
    if not selection.shown:
        return FORMS["all filters"].format(layers=_describe_layers(selection))
    drawn = {place: count for place, count in selection.by_place.items() if place}
    undrawn = selection.by_place.get(None, 0)
    rest = [FORMS["without place"].format(count=undrawn)] if undrawn else []
    if len(drawn) > 1 or not selection.by_system:
        return FORMS["by place"].format(
            list=_join_words([*_name_places(drawn, selection.evidence), *rest])
        )
    counted = Counter(system for row in selection.rows["systems"] for system in row)
    systems = [keep_apart(name) for name, _ in counted.most_common()]
    listed = _join_words(systems)
    if more := len(systems[SYSTEMS_NAMED:]):
        named = FORMS["comma"].join(systems[:SYSTEMS_NAMED])
        listed = FORMS["further systems"].format(list=named, count=more)
    return FORMS["by system"].format(list=FORMS["semicolon"].join([listed, *rest]))


def explain_silence(selection: Selection) -> str:
    """Return why no report is shown where all are of other days; it holds for any such days."""
    if selection.left_out.total + selection.shown < selection.total:
        return FORMS["other filters"]
    return FORMS["no source" if selection.view.axis == OBSERVED_AXIS else "no source reported"]


def _name_places(drawn: Mapping[str, int], evidence: Evidence) -> list[str]:
    """Return the places with most claims, and how many are at the others."""
    most = sorted(drawn.items(), key=lambda item: -item[1])
    named = most if len(most) <= PLACES_NAMED + 1 else most[:PLACES_NAMED]
    phrases = [
        FORMS["at place"].format(count=count, place=describe_place(place, evidence))
        for place, count in named
    ]
    if others := most[len(named) :]:
        count = sum(count for _, count in others)
        phrases.append(FORMS["further places"].format(count=count, places=len(others)))
    return phrases


def _describe_layers(selection: Selection) -> str:
    """Return a sentence on the further layers that are drawn although no report is, or ""."""
    drawn = [layer for layer in selection.layers if layer.shown]
    if not drawn:
        return ""
    rows = sum(layer.shown for layer in drawn)
    noun = FORMS["row" if rows == 1 else "rows"]
    form = "layer" if len(drawn) == 1 else "layers"
    return FORMS[form].format(rows=rows, noun=noun, title=drawn[0].title, layers=len(drawn))


def count_reports(selection: Selection) -> str:
    """Return "N of M reports", how many are background, undated, not published, and which state."""
    states = Counter(selection.rows.get("review", ()))
    drafts, review = states["draft"], states["in review"]
    waiting = [FORMS["draft" if drafts == 1 else "drafts"].format(count=drafts)] if drafts else []
    waiting += [FORMS["in review"].format(count=review)] if review else []
    known = [selection.as_of] if selection.as_of else []
    parts = [selection.plain_count, *_list_apart(selection.days), *waiting, *known]
    return FORMS["comma"].join(parts)


def name_table(selection: Selection) -> str:
    """Return the head of the table of reports."""
    return FORMS["table"].format(counted=selection.report_count)


def explain_left_out(selection: Selection) -> str:
    """Return which claims the days leave out that are not of another day, or ""."""
    apart = _list_apart(selection.left_out)
    return f"Left out by the days: {' and '.join(apart)}." if apart else ""


def _list_apart(days: DayCounts) -> list[str]:
    """Return the numbers of claims that are of no day or span, in words."""
    counts = {name: getattr(days, name) for name in ("background", "undated")}
    return [FORMS[name].format(count=count) for name, count in counts.items() if count]


def describe_place(place_id: str, evidence: Evidence) -> str:
    """Return a place as a sentence has it, such as "at the harbour"."""
    place = evidence.place_by_id.get(place_id)
    return keep_apart(place.phrase) if place else FORMS["elsewhere"]


def _join_words(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return FORMS["and"].format(list=FORMS["comma"].join(words[:-1]), last=words[-1])


# Iterating over rows costs time per column, so only these are read.
_COLUMNS = (
    *("id", "evidence", "place_name", "date_class", "systems", "subject", "state"),
    *chain(*TIME_COLUMNS.values()),
)


def list_latest_reports(
    selection: Selection, *, days: int = 3, phrases: int = 5
) -> tuple[DayNote, ...]:
    """Return the last days on which something was reported, newest first, place by place.

    Claims count on their last day; `when` shows a day, a span or "by" a day. Phrases use the
    systems and states of the claims.
    """
    last, axis = selection.view.date_to, selection.view.axis
    groups: dict[tuple[dt.date, str, str], list[Any]] = {}
    for row in selection.rows[[*_COLUMNS]].itertuples():
        first_day, last_day = (getattr(row, name) for name in TIME_COLUMNS[axis])
        end = formatting.to_day(last_day)
        if end is None or row.evidence == BACKGROUND or not isinstance(row.place_name, str):
            continue
        day = min(end, last) if last else end
        date_class = row.date_class if axis == OBSERVED_AXIS else "reported"
        when = formatting.format_short_when(date_class, first_day, last_day)
        groups.setdefault((day, when, row.place_name), []).append(row)
    newest = sorted({day for day, _, _ in groups}, reverse=True)[:days]
    notes = []
    for (day, when, place), rows in groups.items():
        said = tuple(dict.fromkeys(phrase for row in rows if (phrase := _describe_state(row))))
        if day in newest and said:
            notes.append(DayNote(day, when, place, said[:phrases], tuple(row.id for row in rows)))
    return tuple(
        sorted(
            notes,
            key=lambda note: (-note.day.toordinal(), "reported in" in note.when, -len(note.ids)),
        )
    )


def _describe_state(row: Any) -> str:
    subject = row.systems[0] if len(row.systems) == 1 else row.subject
    return f"{subject}: {row.state}" if isinstance(row.state, str) else ""


def tabulate_system_days(
    selection: Selection,
) -> tuple[list[dt.date], dict[str, dict[dt.date, str]]]:
    """Return the days on which a claim counts or covers a system, and "seen" or "reported" by both.

    The rule is that of coverage (`geo.evidence.coverage.decide_status`). A family has the days of
    its members, which follow it. A day that is missing has no report of the system; that is no
    proof that it was not there. The days are those of the events also where the view's are not.
    """
    names = selection.evidence.system_names
    cells = tabulate_systems(
        selection.rows, lambda claim: names.widen(claim.systems, selection.by_system)
    )
    days = {day for by_day in cells.values() for day in by_day} | count_days(
        selection.rows
    ).by_day.keys()
    return sorted(days) if cells else [], {name: cells[name] for name in names.sort(cells)}
