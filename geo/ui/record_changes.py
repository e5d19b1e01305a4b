"""What people changed, as HTML: field by field, old beside new; every text is escaped."""

from collections.abc import Iterable
from datetime import UTC, datetime

from geo.ledger.change_notes import ChangeNote, FieldChange
from geo.ledger.models import Fields
from geo.text.formatting import format_day
from geo.ui.html import escape, html_table, tag
from geo.ui.report_words import name_field

LONGEST_VALUE = 400  # characters of one value
_UNTOLD = {"id", "missing"}  # fields that only machines need


def format_moment(at: datetime) -> str:
    """Format the moment of an event, such as "3 May 2024, 07:12 UTC"."""
    at = at.astimezone(UTC)
    return f"{format_day(at.date())}, {at:%H:%M} UTC"


def format_value(value: object) -> str:
    """Format a field's value for people; "none" where there is none."""
    if value is None or value in ("", [], {}):
        return "none"
    if isinstance(value, list):
        return ", ".join(map(format_value, value))
    if isinstance(value, dict):
        if value.get("kind") == "circle":
            return f"circle of {value['radius_m']:,.0f} m"
        return "; ".join(
            f"{key} {format_value(one)}".replace("_", " ") for key, one in value.items()
        )
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def render_new_record(fields: Fields) -> str:
    """Return a table of what a record says that is new."""
    rows = [
        (name_field(name), format_value(value))
        for name, value in fields.items()
        if name not in _UNTOLD and value not in (None, "", [], {})
    ]
    return html_table(("Field", "New"), rows)


def render_field_changes(changes: Iterable[FieldChange]) -> str:
    """Return a table of the fields that differ: as published, and as it is to be."""
    rows = [
        (name_field(one.field), format_value(one.old), format_value(one.new))
        for one in changes
        if one.field not in _UNTOLD
    ]
    return html_table(("Field", "Published", "New"), rows)


def render_note(note: ChangeNote, *, record: str = "") -> str:
    """Return one change as a list item: when, who, what, why, old and new; `record` is HTML."""
    when = tag("span", "who", escape(format_moment(note.at)))
    what = f"{escape(note.by)} {escape(note.verb)} {record or escape(note.record)}"
    changes = (
        f"{escape(name_field(one.field))}: {escape(format_value(one.old))} → "
        f"{escape(format_value(one.new))}"
        for one in note.fields
        if one.field not in _UNTOLD
    )
    listed = "".join(tag("div", "change", one) for one in changes)
    why = tag("div", "change", "Why: ", escape(note.why)) if note.why else ""
    return tag("li", "", when, what, listed, why)
