"""Who may do what to which record: each function returns the record, or says in words why not."""

from collections.abc import Mapping, Sequence
from typing import cast

from geo.errors import (
    LedgerChangedError,
    LedgerError,
    LedgerPermissionError,
    SamePersonError,
    UnknownRecordError,
)
from geo.ledger.change_notes import NOUNS
from geo.ledger.entries import MODELS, Entry
from geo.ledger.models import RecordKind
from geo.ledger.named import Key
from geo.ledger.people import Person
from geo.ledger.state import LedgerState
from geo.text.names import is_same_person


def find_known(state: LedgerState, one: str | Key) -> Entry:
    """Return the entry of a record, by its id or by (kind, id)."""
    keys = [one] if isinstance(one, tuple) else [(cast(RecordKind, kind), one) for kind in MODELS]
    for key in keys:
        if (entry := state.entries.get(key)) is not None:
            return entry
    raise _unknown_error(one)


def _unknown_error(one: str | Key) -> UnknownRecordError:
    name = one[1] if isinstance(one, tuple) else one
    return UnknownRecordError(f"There is no report or other record {name!r}. Check the id.")


def find_visible(state: LedgerState, one: str | Key, person: Person) -> Entry:
    """Return a record that is not the draft of somebody else."""
    entry = find_known(state, one)
    hidden = entry.published is None and entry.pending_state == "draft"
    if hidden and not is_own(entry, person):
        raise _unknown_error(one)
    return entry


def is_own(entry: Entry, person: Person) -> bool:
    """Whether a waiting change is this person's."""
    return is_same_person(entry.author, person.name)


def is_draft(entry: Entry, person: Person) -> bool:
    """Whether a record is a draft of this person."""
    return entry.pending_state == "draft" and is_own(entry, person)


def find_own_waiting(state: LedgerState, one: str | Key, person: Person) -> Entry:
    """Return a record that has a waiting change of this person."""
    entry = find_known(state, one)
    if entry.pending is None or not is_own(entry, person):
        msg = f"{_describe(entry)} has no draft of yours. Look at it again."
        raise LedgerPermissionError(msg)
    return entry


def find_draft(state: LedgerState, one: str | Key, person: Person) -> Entry:
    """Return a draft of this person."""
    entry = find_own_waiting(state, one, person)
    if entry.pending_state != "draft":
        msg = f"{_describe(entry)} is in review already. Wait for the answer."
        raise LedgerChangedError(msg)
    return entry


def find_in_review(state: LedgerState, one: str | Key) -> Entry:
    """Return a record that waits for review."""
    entry = find_known(state, one)
    if entry.pending_state != "in review":
        msg = f"{_describe(entry)} is not in review ({entry.pending_state or entry.state})."
        raise LedgerChangedError(f"{msg} Somebody may have been faster; look at it again.")
    return entry


def find_publishable(
    state: LedgerState, one: str | Key, person: Person, review_by_two: bool
) -> Entry:
    """Return a record that this person may publish: in review, or the person's own draft."""
    entry = find_known(state, one)
    if not is_draft(entry, person):
        entry = find_in_review(state, one)
    check_reviewer(entry, person, review_by_two)
    return entry


def check_reviewer(entry: Entry, person: Person, review_by_two: bool) -> None:
    """Raise SamePersonError if a change needs another reviewer than its author."""
    if review_by_two and is_own(entry, person):
        msg = f"{_describe(entry)} is by {entry.author}, and is reviewed by another person"
        raise SamePersonError(f"{msg} (REVIEW_BY_TWO). Submit it, and ask a colleague.")


def check_free(entry: Entry, person: Person, seen: int | None) -> None:
    """Raise LedgerChangedError if a record has the change of somebody else, or a newer one."""
    if entry.pending is not None and not is_own(entry, person):
        msg = f"{_describe(entry)} has a change by {entry.author} that waits"
        raise LedgerChangedError(f"{msg} ({entry.pending_state}). Wait until it is published.")
    if seen is not None and entry.numbers and entry.numbers[-1] > seen:
        msg = f"{_describe(entry)} was changed since you opened it (event {entry.numbers[-1]})."
        raise LedgerChangedError(f"{msg} Look at it again, then make your change.")


def check_withdrawable(entry: Entry, person: Person) -> None:
    """Raise LedgerError for a record that is withdrawn, or the draft of somebody else."""
    if entry.published is None and entry.pending is None:
        raise LedgerChangedError(f"{_describe(entry)} is withdrawn already.")
    if entry.published is None and not is_own(entry, person):
        msg = f"{_describe(entry)} is a draft of {entry.author}, who alone can drop it."
        raise LedgerPermissionError(f"{msg} Send it back with a remark instead.")


def check_not_named(gone: Sequence[Entry], named_by: Mapping[Key, Sequence[str]]) -> None:
    """Raise LedgerError if a record that is to go is still named by published ones."""
    for entry in gone:
        if naming := named_by.get((entry.kind, entry.record)):
            some = ", ".join(naming[:5]) + (f" and {len(naming) - 5} more" if naming[5:] else "")
            msg = f"{_describe(entry)} is still named by {some}. Withdraw or change these first."
            raise LedgerError(msg)


def require_text(text: str, remedy: str) -> str:
    """Return a text without spaces around it; LedgerError if nothing is left."""
    if not text.strip():
        raise LedgerError(f"The reason is empty. {remedy}")
    return text.strip()


def _describe(entry: Entry) -> str:
    return f"{NOUNS[entry.kind].capitalize()} {entry.record}"
