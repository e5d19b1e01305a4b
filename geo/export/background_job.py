"""Run a long task in a background thread, with progress and cancellation."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from geo.errors import CancelledError, GeoError
from geo.export.deck import Progress

log = logging.getLogger(__name__)
Result = TypeVar("Result")
STOPPED = "It was stopped; nothing was saved."


class Job(Generic[Result]):
    """A task in its own thread, which starts at once and ends with the process.

    All attributes may be read from any thread.

    Parameters
    ----------
    work : callable
        Takes a progress function of (steps done, total steps), which it must call regularly, and
        returns the result.
    title : str
        Name in the log.

    Attributes
    ----------
    result : optional
        What `work` returned; None while running, after a failure and after cancellation.
    error : str
        The error message; empty while running and after success.
    cancelled : bool
        Whether the task ended by cancellation.
    """

    def __init__(self, work: Callable[[Progress], Result], *, title: str = "work") -> None:
        self.title = title
        self._work = work
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._steps = (0, 0)
        self.result: Result | None = None
        self.error = ""
        self.cancelled = False
        threading.Thread(target=self._run, name=f"job: {title}", daemon=True).start()

    @property
    def done(self) -> int:
        """Number of completed steps."""
        return self._steps[0]

    @property
    def of(self) -> int:
        """Total number of steps; 0 until the first progress call."""
        return self._steps[1]

    @property
    def share(self) -> float:
        """Completed fraction, 0 to 1."""
        done, of = self._steps
        return min(max(done / of, 0.0), 1.0) if of > 0 else 0.0

    @property
    def finished(self) -> bool:
        """Whether the task has ended: completed, failed or cancelled."""
        return self._ended.is_set()

    def cancel(self) -> None:
        """Request cancellation: the next progress call raises. No effect after the end."""
        with self._lock:
            if not self.finished:
                self._stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end, at most `seconds`; return whether the task has ended."""
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
                f"It failed with an unexpected error ({type(fault).__name__}); nothing was saved. "
                "Try again; the server's log has the details."
            )
        with self._lock:
            self.cancelled = self._stop.is_set()
            self.result = None if self.cancelled else result
            self.error = STOPPED if self.cancelled else error
            self._ended.set()
