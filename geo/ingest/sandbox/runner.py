"""Run a worker for one upload, enforce time and memory limits, and return its result."""

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

from geo.ingest.base.limits import SPLIT_OR_TRIM, Limits
from geo.ingest.base.model import FileRejectedError, ImportOptions, ImportResult
from geo.ingest.base.safe_text import format_size, printable
from geo.ingest.sandbox import isolation
from geo.ingest.sandbox.worker import BODY, DONE, FAILURE, JOB, TOO_LARGE

_LOG = logging.getLogger(__name__)
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from geo.ingest.sandbox.worker import main; sys.exit(main())"
)
_POLL_SECONDS = 0.05
_MAX_NAME = 500


def read_upload(
    body: bytes, name: str, options: ImportOptions | None = None, limits: Limits | None = None
) -> ImportResult:
    """Import an untrusted file in a sandboxed worker process.

    Any file gives a result, within ``limits.seconds`` of a worker being free: a file that crashes
    the worker is rejected with a message. No other file is read and no address is fetched.

    Parameters
    ----------
    name
        Its name as given. Its extension counts; it is never used as a path.
    options
        Settings that override what is detected, and the chosen repairs.
    limits
        Those of the settings if None.
    """
    limits = limits or Limits.from_settings()
    options = options or ImportOptions()
    too_large = check_file_size(len(body), name, limits)
    if too_large is not None:
        return too_large
    with (
        worker_slots(limits.workers),
        tempfile.TemporaryDirectory(prefix="geo-upload-", ignore_cleanup_errors=True) as created,
    ):
        folder = Path(created).resolve()
        try:
            return _run_job(body, name, options, limits, folder)
        except FileRejectedError as error:
            return reject_file(name, error, limits)
        except OSError as error:
            why = f"The disk is full or failed ({error.strerror or type(error).__name__})."
            remedy = "Free disk space, then try again."
            return reject_file(name, FileRejectedError(why, remedy), limits)


def check_file_size(size: int, name: str, limits: Limits) -> ImportResult | None:
    """Return a rejection if a file has more bytes than the limit, else None."""
    if size <= limits.file_bytes:
        return None
    limit = format_size(limits.file_bytes)
    why = f"The file has {format_size(size)}; the limit is {limit}."
    return reject_file(name, FileRejectedError(why, SPLIT_OR_TRIM), limits)


def reject_file(name: str, error: FileRejectedError, limits: Limits) -> ImportResult:
    """Return the result for a file that is rejected as a whole."""
    from geo.ingest.base.diagnostics import Diagnostics
    from geo.ingest.pipeline import build_rejected

    log = Diagnostics(printable(name, 120), limits)
    log.add_message("error", str(error))
    return build_rejected(name, log)


@lru_cache(maxsize=8)
def worker_slots(workers: int) -> threading.BoundedSemaphore:
    """Return the semaphore that limits the workers of this process."""
    return threading.BoundedSemaphore(workers)


def _run_job(
    body: bytes, name: str, options: ImportOptions, limits: Limits, folder: Path
) -> ImportResult:
    from geo.ingest.sandbox import result_codec

    (folder / BODY).write_bytes(body)
    job = {"name": name[-_MAX_NAME:], "options": asdict(options), "limits": asdict(limits)}
    (folder / JOB).write_text(json.dumps(job), encoding="utf-8")
    exit_code = run_worker(folder, limits)
    if exit_code == DONE:
        try:
            result = result_codec.read_result(folder, limits.unpacked_bytes)
        except Exception as error:  # the file may have taken over the worker
            _LOG.warning("A worker's result could not be read: %s", type(error).__name__)
        else:
            return replace(result, name=name)
    raise worker_error(exit_code, folder, limits)


def run_worker(folder: Path, limits: Limits) -> int:
    """Run a worker; return its exit code, or raise FileRejectedError if it exceeds a limit."""
    command = [sys.executable, "-I", "-B", "-c", _START, json.dumps(_module_paths())]
    worker = subprocess.Popen(
        command,
        cwd=folder,
        env=isolation.worker_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + limits.seconds
    try:
        while True:
            with suppress(subprocess.TimeoutExpired):
                return worker.wait(_POLL_SECONDS)
            if time.monotonic() > end:
                raise _too_slow_error(limits.seconds)
            if _resident_bytes(worker.pid) > limits.memory_bytes:
                raise _too_large_error(limits)
    finally:
        if worker.poll() is None:
            with suppress(OSError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.kill()
            worker.wait()


def _module_paths() -> list[str]:
    """Return absolute module paths for a worker, which runs in another folder.

    They are taken from a copy of ``sys.path``: Streamlit changes the list on other threads, and
    an entry missed meanwhile could be the standard library. While a page runs, Streamlit adds the
    folder of its script, whose modules would hide those of the standard library (``html``).
    """
    from geo.settings import ROOT

    paths = [Path(path).resolve() for path in list(sys.path) if path]
    found = [str(path) for path in paths if path.exists() and ROOT / "geo" not in path.parents]
    return list(dict.fromkeys([str(ROOT), *found]))


def _resident_bytes(pid: int) -> int:
    """Return the resident memory of a process in bytes, 0 if it is unknown."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _too_slow_error(seconds: int) -> FileRejectedError:
    why = f"Reading it took longer than {seconds} seconds, and was stopped."
    return FileRejectedError(why, SPLIT_OR_TRIM)


def _too_large_error(limits: Limits) -> FileRejectedError:
    limit = format_size(limits.memory_bytes)
    why = f"Reading it takes more memory than {limit}, and was stopped."
    return FileRejectedError(why, SPLIT_OR_TRIM)


def worker_error(exit_code: int, folder: Path, limits: Limits) -> FileRejectedError:
    """Return the error for a worker that exited without a result."""
    if exit_code == -getattr(signal, "SIGXCPU", 24):
        return _too_slow_error(limits.cpu_seconds)
    if exit_code == TOO_LARGE:
        return _too_large_error(limits)
    if exit_code == -getattr(signal, "SIGKILL", 9):  # out of memory, or killed by the operator
        why = "The system or its operator stopped the reader; most often because memory ran out."
        remedy = f"Try again. If it happens again: {SPLIT_OR_TRIM.lower()}"
        return FileRejectedError(why, remedy)
    if exit_code == -signal.SIGABRT:  # C++ and Rust libraries abort when memory runs out
        limit = format_size(limits.memory_bytes)
        why = f"The reader crashed on this file, or needed more memory than {limit}."
        return FileRejectedError(why, SPLIT_OR_TRIM)
    cause = ""
    with suppress(OSError, ValueError):
        failed = json.loads((folder / FAILURE).read_text("utf-8"))
        cause = f"{failed.get('error')} at {failed.get('where')}"
    _LOG.warning("A worker exited with %s. %s", exit_code, printable(cause, 100))
    why = "The reader crashed on this file and was stopped; no row is accepted."
    return FileRejectedError(why, "Export it again, or in another format.")
