"""The view of a link that somebody opens, with the reports as they stood when it was made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from geo.builtin_layers import find_evidence, find_store
from geo.errors import ViewError
from geo.evidence.known_as_of import describe_as_of
from geo.ledger.change_notes import is_public
from geo.ledger.states import find_state_name, read_number
from geo.store.core.time_zone import case_time_zone
from geo.view import View, from_query

if TYPE_CHECKING:
    from geo.app_context import Context
    from geo.ledger import LedgerState

_UNKNOWN = "names no state of these reports that is known here; they are shown as they stand now"


def put_back(present: Context, as_of: str | None) -> Context:
    """Return the context with the reports as they stood at a day or version; itself for None.

    ViewError if it names no state. `ledger` and `state` stay those of the present.
    """
    store = find_store(present.store, as_of)
    if store is present.store:
        return present
    return replace(present, store=store, evidence=find_evidence(store))


@dataclass(frozen=True)
class OpenedLink:
    """A link's view, the context that it is drawn from, and what could not be used."""

    view: View
    context: Context
    notices: tuple[str, ...]


def open_link(query: str, page: str, present: Context) -> OpenedLink:
    """Open a link: its `as_of` counts, else its `v` if the reports changed since that version.

    A link on other data that is not known here gets the notice of `from_query`.
    """
    values = dict(_split(query))
    notices = []
    state = values.get("as_of") or None
    if state and not is_known(state, present):
        state = None
        notices.append(_refuse("as_of", values["as_of"]))
    if state and is_unfinished(state):
        state = None  # else the link would go on changing until the day ends
    made_on = values.get("v", "")
    state = state or find_shared_state(made_on, present)
    known = bool(values.get("as_of")) or is_known(made_on, present)
    skipped = {"as_of"} | ({"v"} if known else set())
    if (other := values.get("compare_as_of")) and not is_known(other, present):
        notices.append(_refuse("compare_as_of", other))
        skipped.add("compare_as_of")
    kept = [(name, text) for name, text in _split(query) if name not in skipped]
    there = put_back(present, state)
    vocabulary = there.link_vocabulary()
    claim = values.get("claim", "")
    if not vocabulary.has("claims", claim) and (gone := _describe_withdrawal(claim, present)):
        notices.append(gone)
        kept = [(name, text) for name, text in kept if name != "claim"]
    view, unusable = from_query(urlencode(kept, errors="replace"), page=page, vocabulary=vocabulary)
    return OpenedLink(replace(view, as_of=state), there, (*notices, *unusable))


def _describe_withdrawal(claim: str, present: Context) -> str:
    """Return who withdrew a report, when and why; empty for one that all see or never saw."""
    entry = present.state.find_entry("claim", claim) if present.state else None
    if present.state is None or entry is None or entry.published is not None:
        return ""
    for event in (present.state.events[number - 1] for number in reversed(entry.numbers)):
        for change in event.changes:
            if (change.kind, change.record) == ("claim", claim) and is_public(change):
                day = f"{event.at.day} {event.at:%B %Y}"
                who = f"The link's report {claim} was withdrawn on {day} by {event.by}"
                return f"{who}: {event.why}"
    return ""


def find_shared_state(version: str, present: Context) -> str | None:
    """Return the name of the state that a data version is of; None if nothing changed since."""
    if not version or not is_known(version, present):
        return None
    return find_state_name(version) if count_changes_since(version, present) else None


def describe_state(as_of: str, present: Context) -> str:
    """Return a sentence on an earlier state of the reports, and on what changed since."""
    evidence = find_evidence(find_store(present.store, as_of))
    known = describe_as_of(as_of, evidence.changed_at).removeprefix("as of ")
    stood = "at the start" if known == "the start" else f"on {known}"
    since = count_changes_since(as_of, present)
    words = {0: "nothing changed since", 1: "1 change since"}.get(since, f"{since:,} changes since")
    own = ", the case's own records before the first change" if not evidence.changed_at else ""
    return f"The reports as they stood {stood}{own}; {words}."


def count_changes_since(state: str, present: Context) -> int:
    """Count the changes of the reports that all see since a state that is known."""
    if present.state is None:
        return 0
    number = read_number(find_store(present.store, state).version())
    return _count_changes(present.state, number) if number is not None else 0


@lru_cache(maxsize=64)
def _count_changes(state: LedgerState, since: int) -> int:
    return len(state.describe_changes(since))


def is_known(state: str, present: Context) -> bool:
    """Whether a text names a state of the evidence here."""
    try:
        cleaned = View(as_of=state).as_of
        known = read_number(find_store(present.store, cleaned).version()) is not None
        return known and cleaned == state  # such as a control character is part of no state
    except (ViewError, ValueError):
        return False


def is_unfinished(state: str) -> bool:
    """Whether a state is the end of a day that has not ended: the present."""
    try:
        return dt.date.fromisoformat(state) >= dt.datetime.now(ZoneInfo(case_time_zone())).date()
    except ValueError:
        return False


def _split(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query.lstrip("?"), keep_blank_values=True, max_num_fields=500)
    except ValueError:  # `from_query` says so
        return []


def _refuse(name: str, text: str) -> str:
    short = "".join(letter for letter in text if letter.isprintable())[:60]
    return f"The link's {name} {_UNKNOWN}: “{short}”."
