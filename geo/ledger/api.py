"""The protocol of a ledger: an append-only list of events, and copies of sources by their hash."""

from collections.abc import Sequence
from typing import Protocol

from geo.ledger.models import Event, Head, LedgerFault, RecordChange


class Ledger(Protocol):
    """Events in the order in which they happened; nothing is ever changed or deleted."""

    shared: bool
    """Whether it is the desk's (LEDGER_URL), or holds one browser's own drafts."""

    def head(self) -> Head:
        """Return the last sound event; quick to ask, and at most half a second old."""

    def read(self, after: int = 0) -> tuple[Event, ...]:
        """Return the events after a number, up to the first one that is not sound (`fault`)."""

    def fault(self) -> LedgerFault | None:
        """Return what the last `head` or `read` found wrong, if it ended before the end."""

    def append(
        self, by: str, why: str, changes: Sequence[RecordChange], *, expected: Head | None = None
    ) -> Event:
        """Add one event: when this returns, it is kept. Nobody else writes meanwhile.

        LedgerChangedError is raised if `expected` is no longer the head, LedgerDamagedError if
        the ledger is not sound, LedgerError if the event cannot be written; then none is kept.
        """

    def verify(self) -> tuple[LedgerFault, ...]:
        """Check every event, every hash and every copy; return what is wrong, in words."""

    def keep_copy(self, data: bytes, media_type: str) -> str:
        """Keep a copy of a source; return its SHA-256, by which `read_copy` finds it."""

    def read_copy(self, sha256: str) -> tuple[bytes, str] | None:
        """Return a kept copy and its media type, or None; LedgerDamagedError if it was changed."""
