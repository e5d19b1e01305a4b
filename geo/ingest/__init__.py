"""Import of uploaded files: read in a sandboxed worker, checked row by row, reported in words.

``read_upload`` is the entry point. A file cannot make it read another file, use the network or
crash the caller (FIELD-NOTES 3).
"""

from geo.ingest.base.limits import Limits
from geo.ingest.base.model import Detected, ImportOptions, ImportResult, Message
from geo.ingest.report import report_csv
from geo.ingest.sandbox.runner import read_upload

__all__ = [
    "Detected",
    "ImportOptions",
    "ImportResult",
    "Limits",
    "Message",
    "read_upload",
    "report_csv",
]
