"""The worker process: import the file of one job in the sandbox, write the result, and exit.

``job.json`` in the current folder names the file and the options; the result is written beside
it. Nothing is printed.
"""

import gc
import json
from pathlib import Path
from typing import Any

JOB, BODY, FAILURE = "job.json", "upload", "failed.json"
CELLS = "cells"  # the task of a job that reads cells, not a layer
DONE, TOO_LARGE, FAILED = 0, 3, 4
_SPARE_BYTES = 2**27


def main() -> int:
    """Run the job in the sandbox; return the exit code."""
    from geo.ingest.sandbox import isolation

    folder = Path.cwd()
    gc.disable()  # the process is short-lived
    try:
        job = json.loads(Path(JOB).read_text("utf-8"))
        limits = job["limits"]
        isolation.set_resource_limits(
            limits["memory_bytes"],
            limits["cpu_seconds"],
            max(limits["file_bytes"], limits["unpacked_bytes"]) + _SPARE_BYTES,
        )
        isolation.disable_network()
        isolation.apply_landlock(folder)
        isolation.install_audit_hook(folder)
        return _run_job(job, folder)
    except MemoryError:
        return TOO_LARGE
    except Exception as error:  # an unknown file may cause any error
        return _write_failure(error, folder)


def _run_job(job: dict[str, Any], folder: Path) -> int:
    from geo.ingest.base.limits import Limits

    body = (folder / BODY).read_bytes()
    if job.get("task") == CELLS:
        from geo.ingest.sandbox.cell_codec import write_cells

        write_cells(body, job["name"], Limits(**job["limits"]), folder)
        return DONE
    from geo.ingest.base.model import ImportOptions
    from geo.ingest.pipeline import run_pipeline
    from geo.ingest.sandbox import result_codec

    options = ImportOptions.from_dict(job["options"])
    result = run_pipeline(body, job["name"], options, Limits(**job["limits"]))
    result_codec.write_result(result, folder)
    return DONE


def _write_failure(error: Exception, folder: Path) -> int:
    """Write the type of an error for the caller's log; its text may come from the file."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else ""
    failure = {"error": type(error).__name__, "where": place}
    (folder / FAILURE).write_text(json.dumps(failure), encoding="utf-8")
    return TOO_LARGE if isinstance(error.__cause__, MemoryError) else FAILED
