"""Which records a record names: source, place, origins, systems with their families."""

from collections.abc import Callable, Iterable, Iterator

from geo.ledger.entries import Entry
from geo.ledger.models import Fields, RecordKind
from geo.ledger.state import LedgerState

Key = tuple[RecordKind, str]


def list_named(kind: RecordKind, fields: Fields) -> Iterator[Key]:
    """Yield the records that one names."""
    if kind == "claim":
        yield "source", str(fields["source"])
        if fields["place"]:
            yield "place", fields["place"]
        yield from (("origin", name) for name in fields["origins"])
        yield from (("system", name) for name in fields["systems"])
    if kind == "system" and fields["family"]:
        yield "system", fields["family"]
    if kind == "place" and fields["geometry"].get("centre"):
        yield "place", fields["geometry"]["centre"]
    if kind == "conflict":
        yield from (("claim", name) for name in fields["claims"])


def find_named_waiting(
    state: LedgerState, chosen: Iterable[Entry], wanted: Callable[[Entry], bool]
) -> list[Entry]:
    """Return the wanted ones of the waiting records that these and those in turn name."""
    chosen = list(chosen)
    reached = {(entry.kind, entry.record) for entry in chosen}
    found: list[Entry] = []
    while chosen:
        entry = chosen.pop()
        for key in list_named(entry.kind, entry.pending or {}) if entry.pending else ():
            named = state.entries.get(key)
            if key in reached or named is None or named.pending is None or not wanted(named):
                continue
            reached.add(key)
            found.append(named)
            chosen.append(named)
    return found[::-1]


def find_naming_claims(state: LedgerState, gone: set[Key]) -> dict[Key, list[str]]:
    """Return for each record that is to go the published records that still name it."""
    found: dict[Key, list[str]] = {}
    for key, entry in state.entries.items():
        if entry.published is None or key in gone or entry.kind == "conflict":
            continue
        for named in list_named(entry.kind, entry.published):
            if named in gone:
                found.setdefault(named, []).append(entry.record)
    return found
