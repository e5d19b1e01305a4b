"""What changed since a day or a version, in words, on the Evidence page."""

from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from geo.ledger.change_notes import NOUNS, ChangeNote
from geo.ledger.desk import Desk
from geo.ledger.models import Event
from geo.ui.html import escape, link, tag
from geo.ui.page_context import PageContext
from geo.ui.record_changes import format_moment, render_note
from geo.ui.view_links import claim_address

MOST_NOTES = 100
MOST_VERSIONS = 50
SINCE = {"day": "a day", "version": "a version"}


def draw_changes(page: PageContext, desk: Desk) -> None:
    """Draw the choice of a day or a version, and what all see to have changed since."""
    events = desk.state().events
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            "Changed since",
            list(SINCE),
            default="day",
            required=True,
            format_func=SINCE.__getitem__,
            key="changes_kind",
        )
        if kind == "day":
            first, last = events[0].at.date(), datetime.now(UTC).date()
            start = max(first, last - timedelta(days=7))
            day = st.date_input(
                "The beginning of (UTC)",
                start,
                min_value=first,
                max_value=last,
                format="YYYY-MM-DD",
                width=200,
                key="changes_day",
            )
            since = find_version_at(events, day or first)
        else:
            since = st.selectbox(
                "The version",
                [event.number for event in events[::-1][:MOST_VERSIONS]] + [0],
                format_func=lambda number: _name_version(events, number),
                key="changes_version",
                width=420,
            )
    notes = desk.state().describe_changes(since or 0)
    st.html(render_changes(page, notes))


def find_version_at(events: tuple[Event, ...], day: date) -> int:
    """Return the number of the last event before a day began; 0 for none."""
    begin = datetime.combine(day, time(), UTC)
    return sum(event.at < begin for event in events)


def _name_version(events: tuple[Event, ...], number: int) -> str:
    if number == 0:
        return "as the case came"
    event = events[number - 1]
    return f"{number}: {format_moment(event.at)}, {event.by}"


def render_changes(page: PageContext, notes: tuple[ChangeNote, ...]) -> str:
    """Return changes as a list, the newest first, each report with a link to it."""
    if not notes:
        return tag("p", "hint", "Nothing that is published has changed since.")
    known = {claim.id for claim in page.context.evidence.claims}
    items = []
    for note in notes[::-1][:MOST_NOTES]:
        name = f"{NOUNS[note.kind]} {note.record}"
        title = f" ({note.title})" if note.title and note.title != note.record else ""
        words = escape(f"{name}{title}")
        opens = note.kind == "claim" and note.record in known
        shown = link(words, claim_address(page, note.record)) if opens else words
        items.append(render_note(note, record=shown))
    more = len(notes) - len(items)
    rest = tag("p", "hint", f"{more} older changes are not listed.") if more else ""
    return tag("div", "panel-like", tag("ul", "answers", *items), rest)
