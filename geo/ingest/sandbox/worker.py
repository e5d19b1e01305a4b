"""The process that reads one file of somebody else, and ends.

``job.json`` in the current folder says what to read and how; the answer goes beside it. Nothing
is printed: what a worker has to say is in the answer, and how it ended in its exit code.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

JOB, BODY = "job.json", "upload"
DONE, TOO_LARGE, FAILED = 0, 3, 4
_ROOM = 2**27


def main() -> int:
    """Read the file of the job; return the exit code."""
    from geo.ingest.sandbox import isolation

    folder = Path.cwd()
    gc.disable()  # the process ends before there is a cycle worth the search
    try:
        job = json.loads(Path(JOB).read_text("utf-8"))
        limits = job["limits"]
        isolation.limit(
            limits["memory_bytes"],
            limits["cpu_seconds"],
            max(limits["file_bytes"], limits["unpacked_bytes"]) + _ROOM,
        )
        isolation.disable_network()
        isolation.apply_landlock(folder)
        isolation.watch(folder)
        return _read(job, folder)
    except MemoryError:
        return TOO_LARGE
    except Exception as error:  # whatever a reader does with a file that nobody has seen before
        return _failed(error, folder)


def _read(job: dict, folder: Path) -> int:
    from geo.ingest.base.limits import Limits
    from geo.ingest.base.model import ImportOptions
    from geo.ingest.pipeline import read_here
    from geo.ingest.sandbox import result_codec

    body = (folder / BODY).read_bytes()
    reading = read_here(
        body, job["name"], ImportOptions.from_dict(job["choices"]), Limits(**job["limits"])
    )
    result_codec.write(reading, folder)
    return DONE


def _failed(error: Exception, folder: Path) -> int:
    """Leave the kind of an error for the caller's log; its text may be the file's."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else ""
    said = {"error": type(error).__name__, "where": place}
    (folder / "failed.json").write_text(json.dumps(said), encoding="utf-8")
    return TOO_LARGE if isinstance(error.__cause__, MemoryError) else FAILED


if __name__ == "__main__":
    sys.exit(main())
