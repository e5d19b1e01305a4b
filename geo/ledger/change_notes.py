"""What an event changed, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from geo.ledger.models import Event, Fields, RecordChange, RecordKind

NOUNS: dict[RecordKind, str] = {
    "claim": "report",
    "source": "source",
    "place": "place",
    "origin": "origin",
    "system": "system",
    "conflict": "question",
}
_VERBS = {
    "draft": "drafted",
    "submit": "asked for a review of",
    "return": "sent back",
    "publish": "published",
    "withdraw": "withdrew",
    "remark": "remarked on",
}


@dataclass(frozen=True)
class FieldChange:
    """One field that has another value than before; None: it had or has none."""

    field: str
    old: object
    new: object


@dataclass(frozen=True)
class ChangeNote:
    """One change of one record: who did what, when and why."""

    number: int
    at: datetime
    by: str
    why: str
    kind: RecordKind
    record: str
    verb: str
    """Such as "published", "changed" (a published record, published anew) or "withdrew"."""
    title: str
    """What the record says or is called."""
    fields: tuple[FieldChange, ...]
    """What is different; empty for a record that is new or gone."""

    @property
    def words(self) -> str:
        """A sentence without its full stop, such as "A. Example withdrew report x-1: …"."""
        noun = NOUNS[self.kind]
        what = f"{self.by} {self.verb} {noun} {self.record}"
        what += f" ({self.title})" if self.title and self.title != self.record else ""
        changed = ", ".join(_describe_field(one) for one in self.fields)
        what += f": {changed}" if changed else ""
        return f"{what}; why: {self.why}" if self.why else what


def is_public(change: RecordChange) -> bool:
    """Whether all see something else after a change: a draft that its author drops is no such."""
    return change.action == "publish" or (change.action == "withdraw" and change.old is not None)


def describe_change(event: Event, change: RecordChange, *, closed: bool = False) -> ChangeNote:
    """Describe one change; `closed` leaves out what only its author and reviewers see."""
    old, new = change.old, change.new
    anew = change.action == "publish" and old is not None and new is not None
    return ChangeNote(
        number=event.number,
        at=event.at,
        by=event.by,
        why="" if closed and change.action == "return" else event.why,
        kind=change.kind,
        record=change.record,
        verb="changed" if anew else _VERBS[change.action],
        title="" if closed else _name(new or old or {}),
        fields=tuple(find_field_changes(old, new)) if old and new and not closed else (),
    )


def find_field_changes(old: Fields, new: Fields) -> Iterator[FieldChange]:
    """Yield each field in which two versions of a record differ, in the order of the fields."""
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            yield FieldChange(name, old.get(name), new.get(name))


def _name(fields: Fields) -> str:
    for field in ("says", "title", "short_name", "question", "name", "publisher"):
        if isinstance(fields.get(field), str):
            return str(fields[field])
    return ""


def _describe_field(change: FieldChange) -> str:
    name = change.field.replace("_", " ")
    return f"{name} {_show(change.new)} (was {_show(change.old)})"


def _show(value: object) -> str:
    if value is None or value in ([], ""):
        return "none"
    if isinstance(value, list):
        return ", ".join(map(_show, value))
    return f"“{value}”" if isinstance(value, str) else str(value)
