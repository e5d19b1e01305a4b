"""The history of the chosen report in the panel: who changed what, when and why; and remarks."""

from geo.ledger.desk import Desk
from geo.ledger.entries import Entry
from geo.ui.html import escape, tag
from geo.ui.record_changes import format_moment, render_note

MOST_NOTES = 50


def render_history(desk: Desk, claim: str) -> str:
    """Return remarks and history of a report as HTML; empty for one that was never changed."""
    entry = desk.state().find_entry("claim", claim)
    if entry is None or not entry.numbers:
        return ""
    return _render_remarks(desk, entry) + _render_notes(desk, entry)


def _render_remarks(desk: Desk, entry: Entry) -> str:
    """Return the remarks at a report; readers without a role see none of them."""
    if not entry.remarks or not desk.person.roles & {"author", "reviewer"}:
        return ""
    items = (
        tag(
            "li",
            "",
            escape(one.text),
            tag(
                "span",
                "who",
                escape(f"{one.by}{' sent it back' if one.returned else ''}, ")
                + escape(format_moment(one.at)),
            ),
        )
        for one in entry.remarks
    )
    return tag("section", "remarks", "<h3>Remarks</h3>", tag("ul", "answers", *items))


def _render_notes(desk: Desk, entry: Entry) -> str:
    reviews = "reviewer" in desk.person.roles
    key, name = (entry.kind, entry.record), desk.person.name
    notes = desk.state().describe_history(key, author=name, reviews=reviews)
    if not notes:
        return ""
    items = "".join(render_note(note, record="it") for note in reversed(notes[-MOST_NOTES:]))
    count = "1 change" if len(notes) == 1 else f"{len(notes)} changes"
    head = f"<summary>History: {count}</summary>"
    return tag("details", "history", head, tag("ul", "answers", items))
