"""A ledger in the tables of a PostgreSQL database (`geo.store.postgis.schema`).

An event and the new head are written in one transaction, under a lock that lets one writer in at a
time. Triggers let nobody change or delete an event. A head older than `look` is read again.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo.errors import LedgerAwayError, LedgerChangedError, LedgerDamagedError, LedgerError
from geo.ledger import chain
from geo.ledger.copies import damaged_copy_error, is_sha256
from geo.ledger.models import NO_EVENTS, Event, Head, LedgerFault, RecordChange
from geo.ledger.named_copies import find_missing_copies
from geo.store.postgis import engine as database
from geo.store.postgis.engine import FAILURES, DatabaseTimeouts
from geo.store.postgis.schema import ledger_copies, ledger_events, ledger_head

_LOCK = sa.select(sa.func.pg_advisory_xact_lock(0x4C6564676572))
_WORDS = {
    "layer database": "ledger's database",
    "tables for layers": "tables for the ledger",
    "STORE_URL": "LEDGER_URL",
}


class PostgisLedger:
    """A ledger in a database that `store-upgrade` has prepared; safe for threads and processes."""

    shared = True

    def __init__(self, url: str, *, timeouts: DatabaseTimeouts | None = None) -> None:
        self._timeouts = timeouts or DatabaseTimeouts()
        self._engine = database.create_engine(url, self._timeouts)
        self._looking = threading.Lock()
        self._events: list[Event] = []
        self._fault: LedgerFault | None = None
        self._seen: Head | None = None  # of the table
        self._until = float("-inf")
        self._problem: LedgerAwayError | None = None

    def head(self) -> Head:
        """Return the last sound event, at most half a second old."""
        self._look()
        return self._own_head()

    def read(self, after: int = 0) -> tuple[Event, ...]:
        """Return the events after a number, up to the first one that is not sound."""
        self._look()
        return tuple(self._events[after:])

    def fault(self) -> LedgerFault | None:
        """Return why reading ended before the end."""
        return self._fault

    def append(
        self, by: str, why: str, changes: Sequence[RecordChange], *, expected: Head | None = None
    ) -> Event:
        """Add one event; see `Ledger.append`."""
        with self._explain("The change is not kept."), self._engine.begin() as connection:
            connection.execute(_LOCK)
            with self._looking:
                self._refresh(connection, again=True)
                events, fault, head = self._events, self._fault, self._own_head()
            if fault:
                msg = f"Nothing is written to the ledger, because it is damaged. {fault}"
                raise LedgerDamagedError(msg)
            if expected is not None and head != expected:
                msg = f"The ledger was changed meanwhile: event {head.number} is new."
                raise LedgerChangedError(f"{msg} Look at it, then try again.")
            last = events[-1] if events else None
            event, line = chain.make_event(last, by, why, changes, datetime.now(UTC))
            row = {"number": event.number, "hash": event.hash, "body": line.decode()}
            connection.execute(ledger_events.insert(), row)
            new = {"number": event.number, "hash": event.hash}
            if connection.execute(ledger_head.update().values(new)).rowcount != 1:
                msg = "Nothing is written to the ledger, because its head is missing."
                raise LedgerDamagedError(f"{msg} Restore the table from a copy.")
        self._until = float("-inf")  # it is committed, and read at the next call
        return event

    def verify(self) -> tuple[LedgerFault, ...]:
        """Check every event, the head and every copy, as of one moment."""
        with self._explain("The ledger is not checked."), self._engine.connect() as connection:
            connection = _as_of_one_moment(connection)
            written = _read_head(connection)
            rows = _read_rows(connection, 0)
            broken_copies = connection.scalars(
                sa.select(ledger_copies.c.sha256)
                .where(
                    sa.func.encode(sa.func.sha256(ledger_copies.c.data), "hex")
                    != ledger_copies.c.sha256
                )
                .order_by(ledger_copies.c.sha256)
            ).all()
            kept = set(connection.scalars(sa.select(ledger_copies.c.sha256)))
        events, fault = _read_events(rows, None)
        found = fault or _find_lost(written, events)
        copies = (
            LedgerFault(
                0, "tampered", f"the kept copy {name} was changed.", "Restore it from a copy."
            )
            for name in broken_copies
        )
        missing = find_missing_copies(events, kept.__contains__)
        return (*((found,) if found else ()), *copies, *missing)

    def keep_copy(self, data: bytes, media_type: str) -> str:
        """Keep a copy of a source in the database, by its SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        row = {"sha256": sha256, "media_type": media_type, "data": data}
        with self._explain("The copy is not kept."), self._engine.begin() as connection:
            adding = insert(ledger_copies).values(row).on_conflict_do_nothing()
            added = connection.scalar(adding.returning(ledger_copies.c.sha256))
        if added is None:
            self.read_copy(sha256)  # one that was changed stays changed: nobody may write over it
        return sha256

    def read_copy(self, sha256: str) -> tuple[bytes, str] | None:
        """Return a kept copy and its media type, or None."""
        if not is_sha256(sha256):
            return None
        chosen = sa.select(ledger_copies.c.data, ledger_copies.c.media_type)
        with self._explain("The copy cannot be read."), self._engine.connect() as connection:
            row = connection.execute(chosen.where(ledger_copies.c.sha256 == sha256)).one_or_none()
        if row is None:
            return None
        if hashlib.sha256(row.data).hexdigest() != sha256:
            raise damaged_copy_error(sha256, "Restore its row from a copy of the database.")
        return bytes(row.data), row.media_type

    def _own_head(self) -> Head:
        last = self._events[-1] if self._events else None
        return Head(last.number, last.hash) if last else NO_EVENTS

    def _look(self) -> None:
        """Ask the database for new events if the last answer is old; one thread asks for all."""
        if time.monotonic() < self._until:
            self._raise_problem()
            return
        if not self._looking.acquire(blocking=self._seen is None or self._until < 0):
            return  # another thread asks
        try:
            if time.monotonic() >= self._until:
                what = "The ledger cannot be read."
                with self._explain(what), self._engine.connect() as connection:
                    self._refresh(_as_of_one_moment(connection))
                self._problem = None
                self._until = time.monotonic() + self._timeouts.look
        except LedgerAwayError as error:
            self._problem = error
            self._until = time.monotonic() + self._timeouts.again
            raise
        finally:
            self._looking.release()
        self._raise_problem()

    def _raise_problem(self) -> None:
        if self._problem is not None:
            raise LedgerAwayError(str(self._problem))

    def _refresh(self, connection: sa.Connection, *, again: bool = False) -> None:
        """Read the events that are new; all of them if the table is another one.

        `again`: even if the head is the known one, so that rows of another program are found.
        """
        written = _read_head(connection)
        if written == self._seen and not again:
            return
        events = self._events
        if self._fault or written.number < len(events):
            events = []
        rows = _read_rows(connection, len(events))
        new, fault = _read_events(rows, events[-1] if events else None)
        self._events = events + new
        self._fault = fault or _find_lost(written, self._events)
        self._seen = written

    @contextmanager
    def _explain(self, what: str) -> Iterator[None]:
        """Turn errors of the database into a LedgerError that does not reveal its address."""
        try:
            yield
        except FAILURES as error:
            text = f"{what} {' '.join(database.explain(error))}"
            for word, own in _WORDS.items():
                text = text.replace(word, own)
            kind = LedgerAwayError if database.is_away(error) else LedgerError
            raise kind(text) from error


Rows = Sequence[Any]


def _as_of_one_moment(connection: sa.Connection) -> sa.Connection:
    """Let all queries of a connection see the same events, and write nothing."""
    return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _read_head(connection: sa.Connection) -> Head:
    row = connection.execute(sa.select(ledger_head.c.number, ledger_head.c.hash)).one_or_none()
    return Head(row.number, row.hash) if row else NO_EVENTS


def _read_rows(connection: sa.Connection, after: int) -> Rows:
    table = ledger_events.c
    chosen = sa.select(table.number, table.hash, table.body)
    return connection.execute(chosen.where(table.number > after).order_by(table.number)).all()


def _read_events(rows: Rows, last: Event | None) -> tuple[list[Event], LedgerFault | None]:
    events, fault = chain.read_chain((row.body.encode() for row in rows), last)
    for row, event in zip(rows, events, strict=False):
        if (row.number, row.hash) != (event.number, event.hash):
            why = "its row has another number or hash than the event in it: it was changed."
            wrong = LedgerFault(event.number, "tampered", why, "Restore the table from a copy.")
            return events[: events.index(event)], wrong
    return events, fault


def _find_lost(written: Head, events: Sequence[Event]) -> LedgerFault | None:
    """Compare events with the head, which is written in the same transaction."""
    if len(events) > written.number:
        why = "it and what follows were not written by this program: the kept head is older."
        return LedgerFault(written.number + 1, "tampered", why, "Restore the table from a copy.")
    return chain.find_lost_events(written, events)
