"""Files that people bring: read in a process of their own, checked row by row, told in words.

``read_upload`` is what a page calls. Nothing that a file holds can read another file, reach the
network or stop the caller (FIELD-NOTES 3).
"""

from geo.ingest.base.limits import Limits
from geo.ingest.base.model import (
    NOTATIONS,
    SHAPES,
    Detected,
    FileRejectedError,
    ImportOptions,
    ImportResult,
    Message,
    RejectedRow,
    Repair,
)
from geo.ingest.report import report_csv
from geo.ingest.sandbox.runner import read_upload

__all__ = [
    "NOTATIONS",
    "SHAPES",
    "Detected",
    "FileRejectedError",
    "ImportOptions",
    "ImportResult",
    "Limits",
    "Message",
    "RejectedRow",
    "Repair",
    "read_upload",
    "report_csv",
]
