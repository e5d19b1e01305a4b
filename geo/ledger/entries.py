"""What the ledger holds about one record, and how each action changes it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from pydantic import ValidationError

from geo.evidence.models import Claim, Conflict, Place, Source
from geo.evidence.origins import Origin
from geo.evidence.record import Record
from geo.evidence.system_names import System
from geo.ledger.models import Event, Fields, RecordChange, RecordKind, ReviewState

MODELS: dict[RecordKind, type[Record]] = {
    "claim": Claim,
    "source": Source,
    "place": Place,
    "origin": Origin,
    "system": System,
    "conflict": Conflict,
}


@dataclass(frozen=True)
class Remark:
    """What a person wrote at a record; `returned`: why it was sent back."""

    number: int
    by: str
    at: datetime
    text: str
    returned: bool


@dataclass(frozen=True)
class Entry:
    """One record: what all see of it, and the change to it that waits, if one does."""

    kind: RecordKind
    record: str
    state: ReviewState
    """Of the record: a published one with a change that waits is "published"."""
    published: Fields | None = None
    """None: nothing of it is visible to all."""
    pending: Fields | None = None
    pending_state: ReviewState | None = None
    """ "draft" or "in review"; None if no change waits."""
    author: str = ""
    """Who made the change that waits, else the last one; empty: it comes with the case."""
    remarks: tuple[Remark, ...] = ()
    numbers: tuple[int, ...] = ()
    """The events that are about it."""

    @property
    def current(self) -> Fields | None:
        """The newest fields, published or not; None for a record that was withdrawn."""
        return self.pending if self.pending is not None else self.published

    @cached_property
    def published_model(self) -> Record | None:
        """The published record; None if there is none, or if the rules no longer allow it."""
        return _read_model(self.kind, self.published)

    @cached_property
    def pending_model(self) -> Record | None:
        """The record as the change that waits makes it, or None."""
        return _read_model(self.kind, self.pending)


def _read_model(kind: RecordKind, fields: Fields | None) -> Record | None:
    try:
        return None if fields is None else MODELS[kind].model_validate(fields)
    except ValidationError:
        return None


def name_record(kind: RecordKind, fields: Fields) -> str:
    """Return what a record is called by: its id, or the name of a system."""
    return str(fields.get("name" if kind == "system" else "id") or "")


def apply_change(entry: Entry | None, change: RecordChange, event: Event) -> Entry:
    """Return the entry of a record after a change of one event; `entry` is the one before."""
    before = entry or Entry(change.kind, change.record, "withdrawn")
    after = _ACTIONS[change.action](before, change, event)
    return replace(after, numbers=(*before.numbers, event.number))


def _draft(before: Entry, change: RecordChange, event: Event) -> Entry:
    if change.new is None:
        return before
    if change.new == before.published:  # the change that waited is taken back
        return replace(before, pending=None, pending_state=None)
    state = before.state if before.published is not None else "draft"
    return replace(before, state=state, pending=change.new, pending_state="draft", author=event.by)


def _submit(before: Entry, change: RecordChange, event: Event) -> Entry:
    return _move(before, "in review")


def _return(before: Entry, change: RecordChange, event: Event) -> Entry:
    return _add_remark(_move(before, "draft"), event, returned=True)


def _move(before: Entry, state: ReviewState) -> Entry:
    if before.pending is None:
        return before
    of_record = before.state if before.published is not None else state
    return replace(before, state=of_record, pending_state=state)


def _publish(before: Entry, change: RecordChange, event: Event) -> Entry:
    shown = change.new if change.new is not None else before.pending
    if shown is None:
        return before
    return replace(before, state="published", published=shown, pending=None, pending_state=None)


def _withdraw(before: Entry, change: RecordChange, event: Event) -> Entry:
    after = replace(before, state="withdrawn", published=None, pending=None, pending_state=None)
    return _add_remark(after, event) if event.why else after


def _remark(before: Entry, change: RecordChange, event: Event) -> Entry:
    return _add_remark(before, event)


def _add_remark(before: Entry, event: Event, *, returned: bool = False) -> Entry:
    remark = Remark(event.number, event.by, event.at, event.why, returned)
    return replace(before, remarks=(*before.remarks, remark))


_ACTIONS: dict[str, Callable[[Entry, RecordChange, Event], Entry]] = {
    "draft": _draft,
    "submit": _submit,
    "return": _return,
    "publish": _publish,
    "withdraw": _withdraw,
    "remark": _remark,
}
