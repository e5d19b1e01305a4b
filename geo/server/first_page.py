"""What goes first in a new process: the imports of the first page, its run, then all else."""

from __future__ import annotations

import threading

PAGE_SECONDS = 1.0  # at most, for the run of a page that waited for the imports
_imports_done, _page_waits, _page_drawn = (threading.Event() for _ in range(3))
_imports_done.set()  # nothing is being imported until the warm-up starts


def begin_imports() -> None:
    """Let pages wait until `end_imports`."""
    _imports_done.clear()


def end_imports() -> None:
    """Let pages run."""
    _imports_done.set()


def end_page() -> None:
    """Say that a page was drawn."""
    _page_drawn.set()


def wait_for_imports() -> None:
    """Wait, in a page's run, while the warm-up imports what the first page runs."""
    _page_waits.set()
    _imports_done.wait()


def wait_for_page() -> None:
    """Wait for the imports, and for the run of a page that waited for them, which goes first.

    The map in it asks for its data 0.3 s later.
    """
    _imports_done.wait()
    if _page_waits.is_set():
        _page_drawn.wait(PAGE_SECONDS)
