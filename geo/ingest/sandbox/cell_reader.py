"""Read the cells of an untrusted workbook or text file in the sandboxed worker."""

import json
import logging
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

from geo.ingest.base.limits import MB, SPLIT_OR_TRIM, Limits
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import format_size
from geo.ingest.readers.cell_tables import CellFile
from geo.ingest.sandbox.cell_codec import read_cells
from geo.ingest.sandbox.runner import run_worker, worker_error, worker_slots
from geo.ingest.sandbox.worker import BODY, CELLS, DONE, JOB

_LOG = logging.getLogger(__name__)
_MAX_NAME = 500


def cell_limits() -> Limits:
    """Return the limits of a file of records, far below those of a layer."""
    limits = Limits.from_settings()
    return replace(
        limits,
        file_bytes=min(limits.file_bytes, 20 * MB),
        unpacked_bytes=min(limits.unpacked_bytes, 200 * MB),
        rows=min(limits.rows, 20_000),
        columns=min(limits.columns, 200),
    )


def read_untrusted_cells(body: bytes, name: str, limits: Limits | None = None) -> CellFile:
    """Return the cells of a file, read in a worker without network and other files.

    Raises
    ------
    FileRejectedError
        If the file is too large, damaged, hostile, or of another kind; with what to do.
    """
    limits = limits or cell_limits()
    check_size(body, limits)
    with (
        worker_slots(limits.workers),
        tempfile.TemporaryDirectory(prefix="geo-cells-", ignore_cleanup_errors=True) as created,
    ):
        folder = Path(created).resolve()
        try:
            return _run(body, name, limits, folder)
        except OSError as error:
            why = f"The disk is full or failed ({error.strerror or type(error).__name__})."
            raise FileRejectedError(why, "Free disk space, then try again.") from error


def check_size(body: bytes, limits: Limits) -> None:
    """Raise FileRejectedError if a file has more bytes than the limit."""
    if len(body) > limits.file_bytes:
        limit = format_size(limits.file_bytes)
        why = f"The file has {format_size(len(body))}; the limit is {limit}."
        raise FileRejectedError(why, SPLIT_OR_TRIM)


def _run(body: bytes, name: str, limits: Limits, folder: Path) -> CellFile:
    (folder / BODY).write_bytes(body)
    job = {"task": CELLS, "name": name[-_MAX_NAME:], "limits": asdict(limits)}
    (folder / JOB).write_text(json.dumps(job), encoding="utf-8")
    exit_code = run_worker(folder, limits)
    if exit_code != DONE:
        raise worker_error(exit_code, folder, limits)
    try:
        return read_cells(folder, limits.unpacked_bytes)
    except FileRejectedError:
        raise
    except Exception as error:  # the file may have taken over the worker
        _LOG.warning("A worker's result could not be read: %s", type(error).__name__)
        raise worker_error(exit_code, folder, limits) from error
