"""States of the evidence that a link can name: the end of a day, or one event of the ledger."""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from geo.ledger.models import NO_EVENTS, Event, Head

_STATE = re.compile(r"(?:[0-9a-f]+-)?(\d{1,9})-([0-9a-f]{8})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def format_state(case_version: str, head: Head) -> str:
    """Return the name of a state, such as "17-9f8e7d6c": its event's number and a check of both.

    It ends each data version, so that a link leads to the event that it was made on.
    """
    text = f"{case_version} {head.number} {head.hash}"
    return f"{head.number}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def write_version(case_version: str, published: Head, drafts: str = "") -> str:
    """Return the data version of the evidence that all see, and of drafts over it.

    It ends in the state that all see, whose last event is ``published``.
    """
    text = f"{case_version} {published.number} {published.hash} {drafts}"
    digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
    return f"{digest}-{format_state(case_version, published)}"


def find_number(text: str, case_version: str, events: Sequence[Event], zone: str) -> int | None:
    """Return the number of the last event of a state, 0 before the first one; None if unknown.

    Parameters
    ----------
    text : str
        An ISO day: the state at its end, in the time zone; the name of a state (`format_state`); or
        a data version that ends in one.
    events : sequence of Event
        All events of the ledger, in order.
    """
    if _DAY.fullmatch(text):
        return _find_end_of_day(text, events, zone)
    named = _STATE.fullmatch(text)
    number = int(named[1]) if named else len(events) + 1
    if number > len(events):
        return None
    head = Head(number, events[number - 1].hash) if number else NO_EVENTS
    return number if text.endswith(format_state(case_version, head)) else None


def _find_end_of_day(text: str, events: Sequence[Event], zone: str) -> int | None:
    """Count the events until a day's end, which are in order of time; None if there is no day."""
    try:
        end = datetime.combine(date.fromisoformat(text) + timedelta(1), time(), ZoneInfo(zone))
    except OverflowError:  # the last day of the calendar
        return len(events)
    except ValueError:
        return None
    return bisect_left(events, end, key=lambda event: event.at)


def find_state_name(version: str) -> str | None:
    """Return the name of the state that ends a data version; None if none does."""
    named = _STATE.fullmatch(version)
    return f"{named[1]}-{named[2]}" if named else None


def read_number(version: str) -> int | None:
    """Return the number of the last event that a data version is of; None if it names none."""
    named = _STATE.fullmatch(version)
    return int(named[1]) if named else None
