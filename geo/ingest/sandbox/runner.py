"""The caller's side: start a worker, wait, and say in words what became of it."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path

from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.limits import MB, Limits
from geo.ingest.base.model import FileRejectedError, ImportOptions, ImportResult
from geo.ingest.base.safe_text import printable
from geo.ingest.sandbox import isolation
from geo.ingest.sandbox.worker import BODY, DONE, JOB, TOO_LARGE

_LOG = logging.getLogger(__name__)
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from geo.ingest.sandbox.worker import main; sys.exit(main())"
)
_LOOK = 0.05
_NAME = 500
_SMALLER = "Split it, or keep the rows and columns that are needed."


def read_upload(
    body: bytes, name: str, choices: ImportOptions | None = None, limits: Limits | None = None
) -> ImportResult:
    """Read a file of somebody else in a process of its own.

    Whatever the file is, a Reading comes back, in ``limits.seconds`` and a little at most from
    when a worker is free: a file that breaks the reader is rejected in words.

    Parameters
    ----------
    body
        The whole file.
    name
        Its name as it was given. Its suffix counts; it is never used as a path.
    choices
        What a person said instead of the guesses, and the repairs that they want.
    limits
        Of this reading; those of the settings when None.

    Returns
    -------
    Reading
        Frame in EPSG:4326, x = longitude. Nothing outside of the file was read, and no address
        was fetched.
    """
    limits = limits or Limits.from_settings()
    choices = choices or ImportOptions()
    refused = too_large(len(body), name, limits)
    if refused is not None:
        return refused
    with (
        _room(limits.workers),
        tempfile.TemporaryDirectory(prefix="geo-upload-", ignore_cleanup_errors=True) as made,
    ):
        folder = Path(made).resolve()
        try:
            return _read(body, name, choices, limits, folder)
        except FileRejectedError as error:
            return refusal(name, error, limits)
        except OSError as error:
            why = f"There is no room to read the file ({error.strerror or type(error).__name__})."
            return refusal(
                name, FileRejectedError(why, "Make room on the disk, then try again."), limits
            )


def too_large(size: int, name: str, limits: Limits) -> ImportResult | None:
    """Return the refusal of a file of that many bytes, None when it is small enough."""
    if size <= limits.file_bytes:
        return None
    why = f"The file has {size / MB:,.0f} MB; the limit is {limits.file_bytes / MB:,.0f} MB."
    return refusal(name, FileRejectedError(why, _SMALLER), limits)


def refusal(name: str, error: FileRejectedError, limits: Limits) -> ImportResult:
    """Return the reading of a file that is refused as a whole."""
    from geo.ingest.pipeline import rejected

    log = Diagnostics(printable(name, 120), limits)
    log.add_message("error", str(error))
    return rejected(name, log)


@lru_cache(maxsize=8)
def _room(workers: int) -> threading.BoundedSemaphore:
    """Return what lets only so many workers run at once in this process."""
    return threading.BoundedSemaphore(workers)


def _read(
    body: bytes, name: str, choices: ImportOptions, limits: Limits, folder: Path
) -> ImportResult:
    from geo.ingest.sandbox import result_codec

    (folder / BODY).write_bytes(body)
    job = {"name": name[-_NAME:], "choices": choices.as_dict(), "limits": asdict(limits)}
    (folder / JOB).write_text(json.dumps(job), encoding="utf-8")
    ended, why = _run(folder, limits)
    if why is None and ended == DONE:
        try:
            reading = result_codec.read(folder, limits.unpacked_bytes)
        except Exception as error:  # whatever a worker left that a file took over
            _LOG.warning("A worker's answer could not be read: %s", type(error).__name__)
        else:
            return replace(reading, name=name)
    raise why or _verdict(ended, folder, limits)


def _run(folder: Path, limits: Limits) -> tuple[int, FileRejectedError | None]:
    """Run a worker; return its exit code, and why it was stopped if it was."""
    command = [sys.executable, "-I", "-B", "-c", _START, json.dumps(_paths())]
    worker = subprocess.Popen(
        command,
        cwd=folder,
        env=isolation.environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        start_new_session=True,
    )
    end = time.monotonic() + limits.seconds
    try:
        while True:
            with suppress(subprocess.TimeoutExpired):
                return worker.wait(_LOOK), None
            if time.monotonic() > end:
                return -1, _slow(limits.seconds)
            if _memory(worker.pid) > limits.memory_bytes:
                return -1, _large(limits)
    finally:
        if worker.poll() is None:
            with suppress(OSError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.kill()
            worker.wait()


def _paths() -> list[str]:
    """Return where Python finds modules, whole: a worker stands in another folder.

    Of a copy: a page that starts meanwhile puts its folder in and takes it out, and a list that
    shrinks while it is walked hides an entry. A worker without the standard library ends at once.
    """
    from geo.settings import ROOT

    places = list(sys.path)
    found = [str(Path(place).resolve()) for place in places if place and Path(place).exists()]
    return list(dict.fromkeys([str(ROOT), *found]))


def _memory(pid: int) -> int:
    """Return the memory of a process in bytes, 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _slow(seconds: int) -> FileRejectedError:
    return FileRejectedError(
        f"Reading it took longer than {seconds} seconds, and was stopped.", _SMALLER
    )


def _large(limits: Limits) -> FileRejectedError:
    most = f"{limits.memory_bytes / MB:,.0f} MB"
    return FileRejectedError(
        f"Reading it takes more memory than {most}, and was stopped.", _SMALLER
    )


def _verdict(ended: int, folder: Path, limits: Limits) -> FileRejectedError:
    """Return what to say of a worker that ended without an answer."""
    if ended == -getattr(signal, "SIGXCPU", 24):
        return _slow(limits.cpu_seconds)
    if ended == TOO_LARGE:
        return _large(limits)
    if ended == -getattr(signal, "SIGKILL", 9):  # the system had no memory left, or somebody did it
        why = "The system or its operator stopped the reader; most often because memory ran out."
        return FileRejectedError(why, f"Try again. If it happens again: {_SMALLER.lower()}")
    if ended == -signal.SIGABRT:  # C++ and Rust: when memory ends, and when they are confused
        why = "The reader broke on this file, or needed more memory than "
        return FileRejectedError(
            f"{why}{limits.memory_bytes / MB:,.0f} MB; it was stopped.", _SMALLER
        )
    said = ""
    with suppress(OSError, ValueError):
        failed = json.loads((folder / "failed.json").read_text("utf-8"))
        said = f"{failed.get('error')} at {failed.get('where')}"
    _LOG.warning("A worker ended with %s. %s", ended, printable(said, 100))
    why = "The reader broke on this file and was stopped; nothing of it is taken."
    return FileRejectedError(why, "Export it again, or in another format.")
