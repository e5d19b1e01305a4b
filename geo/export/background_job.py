"""Long work beside the page: it tells how far it is, and can be stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from geo.errors import CancelledError, GeoError
from geo.export.deck import Progress

log = logging.getLogger(__name__)
Result = TypeVar("Result")
STOPPED = "It was stopped; nothing of it was kept."


class Job(Generic[Result]):
    """One piece of work in a thread of its own; it starts at once.

    The thread ends with the process. All attributes may be read from any thread.

    Parameters
    ----------
    work : callable
        Takes a function of (steps done, of how many) that it must call now and then, and returns
        what it made.
    title : str
        What the log calls it.
    """

    def __init__(self, work: Callable[[Progress], Result], *, title: str = "work") -> None:
        self.title = title
        self._work = work
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._steps = (0, 0)
        self._result: Result | None = None
        self._error = ""
        self._cancelled = False
        threading.Thread(target=self._run, name=f"job: {title}", daemon=True).start()

    @property
    def done(self) -> int:
        """Steps done."""
        return self._steps[0]

    @property
    def of(self) -> int:
        """Of how many steps; 0 until the work has said it."""
        return self._steps[1]

    @property
    def share(self) -> float:
        """Share that is done, 0 to 1."""
        done, of = self._steps
        return min(max(done / of, 0.0), 1.0) if of > 0 else 0.0

    @property
    def finished(self) -> bool:
        """Whether the work has ended: made, failed or stopped."""
        return self._ended.is_set()

    @property
    def result(self) -> Result | None:
        """What was made; None before the end, after a failure and after a stop."""
        return self._result if self.finished else None

    @property
    def error(self) -> str:
        """Why nothing was made, in words; empty while it runs and where it went well."""
        return self._error if self.finished else ""

    @property
    def cancelled(self) -> bool:
        """Whether it ended because it was stopped."""
        return self.finished and self._cancelled

    def cancel(self) -> None:
        """Ask it to stop: its next word of progress ends it. After its end, nothing happens."""
        with self._lock:
            if not self.finished:
                self._stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end, at most so many seconds; return whether it has come."""
        return self._ended.wait(seconds)

    def _progress(self, done: int, of: int) -> None:
        if self._stop.is_set():
            raise CancelledError(STOPPED)
        self._steps = (done, of)

    def _run(self) -> None:
        result, error = None, ""
        try:
            result = self._work(self._progress)
        except GeoError as fault:
            error = str(fault)
        except Exception as fault:
            log.exception("%s failed", self.title)
            error = (
                f"An unexpected fault ended it ({type(fault).__name__}); nothing was kept. "
                "Try again; the server's log has the details."
            )
        with self._lock:
            self._cancelled = self._stop.is_set()
            self._result = None if self._cancelled else result
            self._error = STOPPED if self._cancelled else error
            self._ended.set()
