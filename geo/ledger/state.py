"""What a ledger's events add up to: each record's state, the evidence, the queue, the changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from geo.evidence import Evidence
from geo.evidence.record import Record
from geo.ledger.assemble import assemble_evidence
from geo.ledger.change_notes import ChangeNote, describe_change, is_public
from geo.ledger.entries import Entry, apply_change
from geo.ledger.models import NO_EVENTS, Event, Head, RecordChange, RecordKind
from geo.text.names import fold_person, is_same_person

Key = tuple[RecordKind, str]


@dataclass(frozen=True, eq=False)
class LedgerState:
    """The records after the events of a ledger, or after the first of them."""

    case: Evidence = field(repr=False)
    entries: Mapping[Key, Entry] = field(repr=False)
    events: tuple[Event, ...] = field(default=(), repr=False)
    published: Head = NO_EVENTS
    """The last event that changed what all see; later ones are about drafts and remarks."""
    _assembled: dict[str | None, Evidence] = field(default_factory=dict, repr=False)

    @classmethod
    def start(cls, case_evidence: Evidence) -> LedgerState:
        """Return the state before the first event: the records of the case are published."""
        return cls(case_evidence, MappingProxyType(_read_case(case_evidence)))

    @property
    def head(self) -> Head:
        """The last event that counts."""
        return Head(self.events[-1].number, self.events[-1].hash) if self.events else NO_EVENTS

    def apply(self, event: Event) -> LedgerState:
        """Return the state after one more event."""
        return self.apply_all((event,))

    def apply_all(self, events: Iterable[Event]) -> LedgerState:
        """Return the state after further events, which follow in order."""
        events = tuple(events)
        if not events:
            return self
        entries, published = dict(self.entries), self.published
        for event in events:
            for change in event.changes:
                key = (change.kind, change.record)
                entries[key] = apply_change(entries.get(key), change, event)
                if is_public(change):
                    published = Head(event.number, event.hash)
        every = (*self.events, *events)
        return LedgerState(self.case, MappingProxyType(entries), every, published)

    def rewind(self, number: int) -> LedgerState:
        """Return the state after the event of that number; 0: before the first one."""
        if number >= len(self.events):
            return self
        return LedgerState.start(self.case).apply_all(self.events[:number])

    def find_entry(self, kind: RecordKind, record: str) -> Entry | None:
        """Return the entry of a record, whatever its state."""
        return self.entries.get((kind, record))

    def evidence(self, author: str | None = None) -> Evidence:
        """Return the evidence that all see; with the waiting changes of an author, if named."""
        who = self._fold_author(author)
        number = self.published.number
        if who is None and not number:
            return self.case
        if who not in self._assembled:
            found = assemble_evidence(self.case, self.entries.values(), who)
            changed_at = self.events[number - 1].at if number else None
            self._assembled[who] = replace(found, changed_at=changed_at)
        return self._assembled[who]

    def mark_waiting(self, author: str) -> str:
        """Return a text that changes with the waiting changes of an author; "" for none."""
        waiting = sorted(
            (*self.list_waiting(author),), key=lambda entry: (entry.kind, entry.record)
        )
        return " ".join(f"{one.kind}/{one.record}/{one.numbers[-1]}" for one in waiting)

    def has_waiting(self, author: str | None) -> bool:
        """Whether an author has drafts or changes in review."""
        return author is not None and fold_person(author) in self._waiting_authors

    def list_waiting(self, author: str) -> tuple[Entry, ...]:
        """Return the drafts of an author and what waits for review, the newest last."""
        mine = [one for one in self._waiting if is_same_person(one.author, author)]
        return tuple(sorted(mine, key=lambda entry: entry.numbers[-1]))

    def list_queue(self) -> tuple[Entry, ...]:
        """Return what waits for review, the oldest first."""
        waiting = [one for one in self._waiting if one.pending_state == "in review"]
        return tuple(sorted(waiting, key=lambda entry: entry.numbers[-1]))

    def describe_changes(self, since: int) -> tuple[ChangeNote, ...]:
        """Return what all see to have changed since an event, in words, the oldest first."""
        return tuple(
            describe_change(event, change)
            for event in self.events[since:]
            for change in event.changes
            if is_public(change)
        )

    def describe_history(
        self, key: Key | None = None, *, author: str | None = None, reviews: bool = False
    ) -> tuple[ChangeNote, ...]:
        """Return who changed a record, or all, the oldest first: drafts and reviews included.

        Of drafts that led to what was published, all see who made them, when and why; their
        author, and those who review what is in review, see the words of each.
        """
        numbers = self.entries[key].numbers if key else range(1, len(self.events) + 1)
        return tuple(
            note
            for number in dict.fromkeys(numbers)
            for change in self.events[number - 1].changes
            if key in (None, (change.kind, change.record))
            for note in self._describe_one(self.events[number - 1], change, author, reviews)
        )

    def _describe_one(
        self, event: Event, change: RecordChange, author: str | None, reviews: bool
    ) -> Iterator[ChangeNote]:
        key = (change.kind, change.record)
        entry = self.entries[key]
        reviewed = reviews and entry.pending_state == "in review" and event.by == entry.author
        own = author is not None and is_same_person(event.by, author)
        if own or reviewed or is_public(change):
            yield describe_change(event, change)
        elif change.action != "remark" and event.number < self._published_at.get(key, 0):
            yield describe_change(event, change, closed=True)

    @cached_property
    def _published_at(self) -> dict[Key, int]:
        """The last event that published each record."""
        return {
            (change.kind, change.record): event.number
            for event in self.events
            for change in event.changes
            if change.action == "publish"
        }

    @cached_property
    def _waiting(self) -> tuple[Entry, ...]:
        return tuple(one for one in self.entries.values() if one.pending is not None)

    @cached_property
    def _waiting_authors(self) -> frozenset[str]:
        return frozenset(fold_person(one.author) for one in self._waiting)

    def _fold_author(self, author: str | None) -> str | None:
        """Return the author's name if it changes what is seen, else None."""
        return fold_person(author) if author is not None and self.has_waiting(author) else None


def _read_case(case: Evidence) -> dict[Key, Entry]:
    tables: dict[RecordKind, tuple[Record, ...]] = {
        "source": case.sources,
        "place": case.places,
        "origin": case.origins,
        "system": case.systems,
        "claim": case.claims,
        "conflict": case.conflicts,
    }
    entries = {}
    for kind, records in tables.items():
        for record in records:
            fields = record.model_dump(mode="json")
            name = str(fields["name" if kind == "system" else "id"])
            entry = Entry(kind, name, "published", published=fields)
            vars(entry)["published_model"] = record  # no need to read it back
            entries[kind, name] = entry
    return entries
