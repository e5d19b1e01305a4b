"""Import of uploaded files: read in a sandboxed worker, checked row by row, reported in words.

``read_upload`` is the entry point. A file cannot make it read another file, use the network or
crash the caller (FIELD-NOTES 3).
"""

from geo.ingest.base.limits import Limits
from geo.ingest.base.model import (
    NOTATIONS,
    SCHEMA_NAMES,
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
    "SCHEMA_NAMES",
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
