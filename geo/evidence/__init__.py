"""Evidence records: sources, claims, places and conflicts, with their validation rules."""

from geo.evidence.case_meridian import find_case_meridian
from geo.evidence.json_records import RecordFault
from geo.evidence.loading import Evidence, builtin_evidence, check_evidence, load_evidence
from geo.evidence.models import Claim, Conflict, Source

__all__ = [
    "Claim",
    "Conflict",
    "Evidence",
    "RecordFault",
    "Source",
    "builtin_evidence",
    "check_evidence",
    "find_case_meridian",
    "load_evidence",
]
