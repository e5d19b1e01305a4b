"""A ledger in a folder: one line of JSON for each event, and a file with the last one's hash.

- `events.jsonl` only grows: a writer adds one line by one call, and waits until it is on disk.
- `head.json` is replaced after each event. An event that is lost from the end, or added by another
  program, is found by it.
- A writer that was killed in the middle of a line leaves a line without an end. Readers leave it
  out, `verify` reports it, and the next writer moves it to `cut-off/`.
- A process that has read events begins no new ledger when its file is gone: it waits for it.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from geo.errors import LedgerAwayError, LedgerChangedError, LedgerDamagedError, LedgerError
from geo.ledger import chain, head_file
from geo.ledger.copies import CopyFolder
from geo.ledger.models import NO_EVENTS, Event, Head, LedgerFault, RecordChange
from geo.ledger.named_copies import find_missing_copies

EVENTS = "events.jsonl"
_LOCK = ".ledger.lock"
_CUT_OFF = "cut-off"
_NEW = 0o666
_PATIENCE = 30  # seconds until a change is not kept because somebody else writes
Stamp = tuple[int, int, int]  # inode, size and time of the last change


class FolderLedger:
    """A ledger in a folder that is made with the first event; safe for threads and processes."""

    def __init__(self, path: Path | str, *, shared: bool = True) -> None:
        self.shared = shared
        self._path = Path(path).expanduser().absolute()
        self._copies = CopyFolder(self._path / "files")
        self._reading = threading.Lock()
        self._events: list[Event] = []
        self._fault: LedgerFault | None = None
        self._read_to = 0  # bytes of sound events
        self._seen: tuple[Stamp | None, Stamp | None] = (None, None)  # of the events, of the head

    def head(self) -> Head:
        """Return the last sound event."""
        self._refresh()
        last = self._events[-1] if self._events else None
        return Head(last.number, last.hash) if last else NO_EVENTS

    def read(self, after: int = 0) -> tuple[Event, ...]:
        """Return the events after a number, up to the first one that is not sound."""
        self._refresh()
        return tuple(self._events[after:])

    def fault(self) -> LedgerFault | None:
        """Return why reading ended before the end."""
        return self._fault

    def append(
        self, by: str, why: str, changes: Sequence[RecordChange], *, expected: Head | None = None
    ) -> Event:
        """Add one event; see `Ledger.append`."""
        if self._events:
            self._refresh()  # before a folder is made in place of one that is gone
        with self._write_lock():
            self._refresh()
            if fault := self._fault:
                msg = f"Nothing is written to the ledger, because it is damaged. {fault}"
                raise LedgerDamagedError(msg)
            if expected is not None and self.head() != expected:
                msg = f"The ledger was changed meanwhile: event {self.head().number} is new."
                raise LedgerChangedError(f"{msg} Look at it, then try again.")
            last = self._events[-1] if self._events else None
            event, line = chain.make_event(last, by, why, changes, datetime.now(UTC))
            self._write(line + b"\n", Head(event.number, event.hash))
            self._refresh()
        return event

    def verify(self) -> tuple[LedgerFault, ...]:
        """Check every event from the file itself, the kept head and every copy."""
        try:
            before = head_file.read_head(self._path)
            content = self._read_from(0)
            prepared = head_file.read_prepared_head(self._path)  # before the head that replaces it
            after = head_file.read_head(self._path)
        except head_file.BadHeadError as error:
            fault = LedgerFault(0, "tampered", str(error), "Restore it from a copy.")
            return (fault, *self._copies.find_faults())
        lines, rest = _split_lines(content)
        events, broken = chain.read_chain(lines)
        found = [] if broken is None else [broken]
        for written in (before, after):
            lost = None if broken else chain.find_lost_events(written, events, prepared)
            if lost and (lost.kind == "lost" or written is after) and lost not in found:
                found.append(lost)
        if rest and not found:
            why = "writing it was interrupted. It was never confirmed, and it is not counted."
            remedy = f"The next change moves what is left of it to {_CUT_OFF}/."
            found.append(LedgerFault(len(events) + 1, "cut off", why, remedy))
        missing = find_missing_copies(events, self._copies.has)
        return (*found, *self._copies.find_faults(), *missing)

    def keep_copy(self, data: bytes, media_type: str) -> str:
        """Keep a copy of a source in files/, named by its SHA-256."""
        return self._copies.keep(data, media_type)

    def read_copy(self, sha256: str) -> tuple[bytes, str] | None:
        """Return a kept copy and its media type, or None."""
        return self._copies.read(sha256)

    def _refresh(self) -> None:
        """Read what was added to the file; all of it if the file was replaced or changed."""
        with self._reading:
            seen = self._look(EVENTS), self._look(head_file.HEAD)
            if seen == self._seen:
                return
            if seen[0] is None and self._events and self.shared:
                raise self._gone_error()
            other = self._is_other_file(seen[0])
            known, start = ([], 0) if other else (self._events, self._read_to)
            written = self._read_head()  # before the events: a writer may be faster
            content = self._read_from(start)
            lines, rest = _split_lines(content)
            events, self._fault = chain.read_chain(lines, known[-1] if known else None)
            self._events = known + events  # readers may hold the old list
            self._seen, self._read_to = seen, start
            if self._fault is None:
                self._read_to += len(content) - len(rest)
                self._fault = self._find_lost(written)

    def _is_other_file(self, found: Stamp | None) -> bool:
        """Whether the events were replaced, are fewer, or were changed in their place."""
        known = self._seen[0]
        if found is None or known is None or found[0] != known[0] or self._fault:
            return True
        return found[1] < self._read_to or (found[1] == known[1] and found[2] != known[2])

    def _look(self, name: str) -> Stamp | None:
        try:
            status = os.stat(self._path / name)  # noqa: PTH116 - asked with every request
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._reading_error(error) from error
        return status.st_ino, status.st_size, status.st_mtime_ns

    def _read_from(self, offset: int) -> bytes:
        try:
            with (self._path / EVENTS).open("rb") as file:
                file.seek(offset)
                return file.read()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._reading_error(error) from error

    def _reading_error(self, error: OSError) -> LedgerError:
        msg = f"The ledger's file {EVENTS} cannot be read ({error.strerror})."
        return LedgerAwayError(f"{msg} Let the dashboard's account read it.")

    def _gone_error(self) -> LedgerError:
        msg = (
            f"The ledger's folder was moved or emptied: its {len(self._events):,} events are gone."
        )
        return LedgerAwayError(
            f"{msg} Put it back where LEDGER_URL says. To begin a new one, restart the dashboard."
        )

    def _read_head(self) -> Head | LedgerFault:
        try:
            return head_file.read_head(self._path)
        except head_file.BadHeadError as error:
            return LedgerFault(0, "tampered", str(error), "Restore it from a copy.")

    def _find_lost(self, written: Head | LedgerFault) -> LedgerFault | None:
        if isinstance(written, LedgerFault):
            return written
        lost = chain.find_lost_events(written, self._events)
        if lost is None or len(self._events) <= written.number:
            return lost
        # A writer is between the two files or was killed there, or others wrote meanwhile.
        prepared, later = head_file.read_prepared_head(self._path), self._read_head()
        if isinstance(later, Head) and later.number > written.number:
            last = self._events[-1]
            written = later if later.number <= last.number else Head(last.number, last.hash)
        return chain.find_lost_events(written, self._events, prepared)

    @contextmanager
    def _write_lock(self) -> Iterator[None]:
        """Let one writer at a time in, among all threads and processes of the machine."""
        from filelock import FileLock, Timeout

        try:
            self._path.mkdir(mode=0o777 if self.shared else 0o700, parents=True, exist_ok=True)
            lock = FileLock(self._path / _LOCK).acquire(timeout=_PATIENCE)
        except Timeout as error:
            msg = f"The change is not kept: another program has been writing for {_PATIENCE} s."
            raise LedgerAwayError(f"{msg} Try again; if it stays so, end that program.") from error
        except OSError as error:
            raise _writing_error(error) from error
        with lock:
            yield

    def _write(self, line: bytes, head: Head) -> None:
        """Add a line and replace the head; on a failure the file is as long as before."""
        try:
            self._confirm_last()
            beside = head_file.prepare_head(self._path, head)
            handle = self._open_events()
            try:
                if os.write(handle, line) != len(line):
                    raise OSError(0, "the disk is full")
                os.fsync(handle)
                head_file.place_head(beside)
            except OSError:
                os.ftruncate(handle, self._read_to)
                raise
            finally:
                os.close(handle)
        except OSError as error:
            raise _writing_error(error) from error

    def _confirm_last(self) -> None:
        """Put the head of the last event in place, if its writer was killed before that."""
        last = self._events[-1] if self._events else None
        if last and head_file.read_head(self._path).number < last.number:
            head = Head(last.number, last.hash)
            head_file.place_head(head_file.prepare_head(self._path, head))

    def _open_events(self) -> int:
        """Open the events for one more line; move away what a killed writer left."""
        handle = os.open(self._path / EVENTS, os.O_RDWR | os.O_APPEND | os.O_CREAT, _NEW)
        try:
            self._move_cut_off(handle)
        except OSError:
            os.close(handle)
            raise
        return handle

    def _move_cut_off(self, handle: int) -> None:
        """Move what a killed writer left at the end of the file into a file of its own."""
        size = os.fstat(handle).st_size
        if size <= self._read_to:
            return
        rest = os.pread(handle, size - self._read_to, self._read_to)
        folder = self._path / _CUT_OFF
        folder.mkdir(exist_ok=True)
        name = f"{len(self._events) + 1}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        (folder / name).write_bytes(rest)
        os.ftruncate(handle, self._read_to)


def _split_lines(content: bytes) -> tuple[list[bytes], bytes]:
    """Return the whole lines, and what follows the last line break."""
    *lines, rest = content.split(b"\n")
    return lines, rest


def _writing_error(error: OSError) -> LedgerError:
    return LedgerError(
        f"The change cannot be written ({error.strerror or error}); the ledger is as before. Make "
        "room on the disk, or let the dashboard's account write to the ledger's folder."
    )
