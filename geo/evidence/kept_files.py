"""What a record says of kept files: an image beside a claim, reasons for what is missing."""

from typing import Literal, get_args

from pydantic import StrictBool

from geo.evidence import rules
from geo.evidence.record import Record, Sha256, Text

MissingReason = Literal["unknown", "not applicable", "withheld"]
ProvenanceField = Literal["url", "archive_url", "accessed_on", "copy_sha256"]

MISSING_REASONS: tuple[str, ...] = get_args(MissingReason)
PROVENANCE_FIELDS: tuple[ProvenanceField, ...] = get_args(ProvenanceField)


class ClaimImage(Record):
    """An image beside a claim: a kept file by its SHA-256, who made it, and what it shows.

    Exports have it only where `may_publish` is true, which needs a licence.
    """

    RULES = rules.IMAGE_RULES

    sha256: Sha256
    credit: Text
    alt: Text
    licence: Text | None
    may_publish: StrictBool
