"""Evidence records: sources, claims, places and conflicts, with their validation rules.

The tables made from it are in `geo.evidence.layer_tables` and `geo.evidence.coverage`.
"""

from geo.evidence.json_records import RecordFault
from geo.evidence.loading import Evidence, builtin_evidence, check_evidence, load_evidence
from geo.evidence.models import (
    CERTAINTIES,
    DATE_CLASSES,
    EVIDENCE_KINDS,
    LOCATION_CLASSES,
    SOURCE_SETS,
    STANCES,
    Claim,
    Conflict,
    Place,
    Route,
    Source,
)

__all__ = [
    "CERTAINTIES",
    "DATE_CLASSES",
    "EVIDENCE_KINDS",
    "LOCATION_CLASSES",
    "SOURCE_SETS",
    "STANCES",
    "Claim",
    "Conflict",
    "Evidence",
    "Place",
    "RecordFault",
    "Route",
    "Source",
    "builtin_evidence",
    "check_evidence",
    "load_evidence",
]
