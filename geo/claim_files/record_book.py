"""The records that a file is compared with, as one person sees them, and what they were before."""

from collections.abc import Iterable
from functools import cached_property

from geo.claim_files.cells import hash_record
from geo.claim_files.columns import RECORD_KINDS, TableKind
from geo.evidence import Evidence
from geo.ledger.models import Fields
from geo.ledger.state import LedgerState
from geo.text.names import is_same_person


class RecordBook:
    """Looks up records by table and id: as they are now, and each earlier version."""

    def __init__(self, state: LedgerState, author: str | None) -> None:
        self.state = state
        self.author = author
        self._hashes: dict[tuple[TableKind, str], dict[str, Fields]] = {}

    @cached_property
    def evidence(self) -> Evidence:
        """The evidence with the author's drafts."""
        return self.state.evidence(self.author)

    def find(self, kind: TableKind, record: str) -> Fields | None:
        """Return a record as the author sees it; None if there is none, or it was withdrawn."""
        entry = self.state.find_entry(RECORD_KINDS[kind], record)
        if entry is None:
            return None
        mine = self.author is not None and is_same_person(entry.author, self.author)
        return entry.current if mine else entry.published

    def is_known(self, kind: TableKind, record: str) -> bool:
        """Return whether there is, or ever was, a record of that id."""
        return self.state.find_entry(RECORD_KINDS[kind], record) is not None

    def find_other_case(self, kind: TableKind, record: str) -> str | None:
        """Return the id that differs from one only in the case of its letters, if there is one."""
        return self._folded[kind].get(record.casefold())

    @cached_property
    def _folded(self) -> dict[TableKind, dict[str, str]]:
        kinds = {noun: kind for kind, noun in RECORD_KINDS.items()}
        found: dict[TableKind, dict[str, str]] = {kind: {} for kind in RECORD_KINDS}
        for noun, record in self.state.entries:
            if noun in kinds:
                found[kinds[noun]][record.casefold()] = record
        return found

    def find_version(self, kind: TableKind, record: str, version: str) -> Fields | None:
        """Return the record as it was when a file with that version of it was written."""
        key = kind, record
        if key not in self._hashes:
            self._hashes[key] = {hash_record(one): one for one in self._list_versions(kind, record)}
        return self._hashes[key].get(version)

    def _list_versions(self, kind: TableKind, record: str) -> Iterable[Fields]:
        entry = self.state.find_entry(RECORD_KINDS[kind], record)
        if entry is None:
            return
        for number in entry.numbers:
            for change in self.state.events[number - 1].changes:
                if change.kind == RECORD_KINDS[kind] and change.record == record:
                    yield from (one for one in (change.old, change.new) if one is not None)
        yield from (one for one in (entry.published, entry.pending) if one is not None)
