"""Events as canonical JSON, chained by SHA-256: each names the hash of the one before."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from pydantic import ValidationError

from geo.errors import LedgerError
from geo.ledger.models import NO_EVENTS, Event, Head, LedgerFault, RecordChange

_RESTORE = "Restore the ledger from a copy that verify finds clean."


class BrokenEventError(LedgerError):
    """A line is no event, or not the one that the chain needs; becomes a `LedgerFault`."""


def make_event(
    after: Event | None, by: str, why: str, changes: Sequence[RecordChange], now: datetime
) -> tuple[Event, bytes]:
    """Return the event that follows another, and its line without the line break.

    Its time is never before the one of the event before, whatever the clock says. LedgerError is
    raised for a change that JSON cannot hold, and for an event without a change or a name.
    """
    number, previous, at = (after.number + 1, after.hash, after.at) if after else (1, "", now)
    try:
        draft = Event(
            number=number,
            at=max(now.astimezone(UTC), at),
            by=by,
            why=why,
            changes=tuple(changes),
            previous=previous,
            hash="",
        )
        whole = draft.model_copy(update={"hash": compute_hash(draft)})
        line = write_canonical(_to_fields(whole))
        return read_event(line, after), line
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        msg = f"The change cannot be kept: {where}: {fault['msg']} ({fault['input']!r})."
        raise LedgerError(f"{msg} Correct it and try again.") from error
    except (TypeError, ValueError, RecursionError) as error:
        msg = f"The change cannot be kept: it holds a value that JSON cannot have ({error})."
        raise LedgerError(f"{msg} Use text, numbers, true, false and lists of these.") from error


def write_canonical(fields: object) -> bytes:
    """Return JSON with sorted keys, without spaces, as UTF-8."""
    text = json.dumps(
        fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8")


def compute_hash(event: Event) -> str:
    """Return SHA-256, in hex digits, of an event's canonical JSON without its hash."""
    fields = _to_fields(event)
    del fields["hash"]
    return hashlib.sha256(write_canonical(fields)).hexdigest()


def read_event(line: bytes, after: Event | None) -> Event:
    """Read the line of the event that follows `after`; BrokenEventError if it is not that one."""
    try:
        event = Event.model_validate_json(line)
        canonical = write_canonical(json.loads(line))
    except (ValidationError, RecursionError, ValueError) as error:
        raise BrokenEventError("its line cannot be read as an event: it was changed.") from error
    number, previous = (after.number + 1, after.hash) if after else (1, "")
    if event.number != number:
        raise BrokenEventError(f"event {event.number} stands in its place: one is lost or moved.")
    if event.previous != previous:
        raise BrokenEventError(
            "it does not follow the event before it: one of the two was changed."
        )
    # No field of a change can have the event's own hash as its value, so this takes out the hash.
    content = line.replace(f'"hash":"{event.hash}",'.encode(), b"", 1)
    if event.hash != hashlib.sha256(content).hexdigest() or canonical != line:
        raise BrokenEventError("its content does not match its hash: it was changed.")
    return event


def read_chain(
    lines: Iterable[bytes], after: Event | None = None
) -> tuple[list[Event], LedgerFault | None]:
    """Read events in order, up to the first one that is not sound; say what is wrong with it."""
    events: list[Event] = []
    last = after
    for line in lines:
        try:
            last = read_event(line, last)
        except BrokenEventError as error:
            number = last.number + 1 if last else 1
            return events, LedgerFault(number, "tampered", str(error), _RESTORE)
        events.append(last)
    return events, None


def find_lost_events(
    written: Head, events: Sequence[Event], prepared: Head = NO_EVENTS
) -> LedgerFault | None:
    """Compare sound events with the head that was written after the last confirmed one.

    `prepared` vouches for one event more, whose writer was killed before its head was in place.
    """
    if written.number > len(events):
        first = len(events) + 1
        lost = f"events {first} to {written.number} are" if written.number > first else "it is"
        return LedgerFault(first, "lost", f"{lost} lost from the end.", _RESTORE)
    if written != NO_EVENTS and events[written.number - 1].hash != written.hash:
        why = "it is not the one whose hash was kept when it was written: it was changed."
        return LedgerFault(written.number, "tampered", why, _RESTORE)
    known = written.number
    if len(events) > known and Head(known + 1, events[known].hash) == prepared:
        known += 1
    if len(events) > known:
        why = "it and what follows were not written by this program: the kept head is older."
        return LedgerFault(known + 1, "tampered", why, _RESTORE)
    return None


def _to_fields(event: Event) -> dict[str, object]:
    at = event.at
    return {
        "number": event.number,
        "at": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z",
        "by": event.by,
        "why": event.why,
        "changes": [dict(change) for change in event.changes],
        "previous": event.previous,
        "hash": event.hash,
    }
