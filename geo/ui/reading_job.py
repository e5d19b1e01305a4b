"""Read a file of somebody else in a thread of its own, as often a minute as a browser may."""

from collections.abc import Callable
from typing import TypeVar

from geo.errors import LimitError
from geo.export.background_job import Job
from geo.server.rate_limit import upload_limiter
from geo.ui.browser_session import session_key

Result = TypeVar("Result")


def start_reading(read: Callable[[], Result], *, title: str) -> Job[Result]:
    """Start to read a file; the job ends with a LimitError if this browser had too many read."""
    limiter = upload_limiter()
    wait = limiter.acquire(session_key())

    def work(progress: object) -> Result:
        if wait:
            msg = f"You had files read {limiter.most} times within a minute."
            raise LimitError(f"{msg} Try again in {wait:.0f} s.")
        return read()

    return Job(work, title=title)
