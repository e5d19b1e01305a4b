"""Where a source can be read again: its address, archive, day of access and kept copy, in words."""

from collections.abc import Collection, Mapping
from typing import Any

from geo.evidence.kept_files import PROVENANCE_FIELDS, ProvenanceField
from geo.evidence.loading import Evidence
from geo.evidence.models import Source
from geo.text.formatting import format_day

LABELS: Mapping[ProvenanceField, str] = {
    "url": "Address",
    "archive_url": "Archived at",
    "accessed_on": "Read on",
    "copy_sha256": "Kept copy",
}
"""Each part of a source's provenance as readers see it."""
_NAMES: Mapping[str, str] = {
    "url": "address",
    "archive_url": "archive address",
    "accessed_on": "day of access",
    "copy_sha256": "kept copy",
}


def fill_missing(fields: Mapping[str, Any], reason: str = "unknown") -> dict[str, Any]:
    """Return the fields of a source with a reason for each part of its provenance that is None.

    Reasons that are given stay; one for a part that is given is removed.
    """
    given = dict(fields.get("missing") or {})
    absent = [name for name in PROVENANCE_FIELDS if fields.get(name) is None]
    return {**fields, "missing": {name: given.get(name, reason) for name in absent}}


def list_provenance(source: Source) -> dict[str, str]:
    """Return each part of a source's provenance by its label: its value, or why there is none."""
    return {LABELS[name]: _describe(source, name) for name in PROVENANCE_FIELDS}


def _describe(source: Source, name: ProvenanceField) -> str:
    if name == "accessed_on" and source.accessed_on is not None:
        return format_day(source.accessed_on)
    value = getattr(source, name)
    if value is not None:
        return f"SHA-256 {value}" if name == "copy_sha256" else str(value)
    reason = source.missing.get(name, "unknown")
    return f"{reason}: {source.url_note}" if name == "url" and source.url_note else reason


def format_missing(source: Source) -> str | None:
    """Return what is missing as one text: "url: unknown; archive_url: withheld"; None for none."""
    given = [(name, source.missing.get(name)) for name in PROVENANCE_FIELDS]
    return "; ".join(f"{name}: {reason}" for name, reason in given if reason) or None


def explain_missing(missing: str, skip: Collection[str] = ()) -> tuple[str, ...]:
    """Return a sentence for each reason in the text of `format_missing`.

    Such as "Unknown: archive address, kept copy."; fields in `skip` are left out.
    """
    reasons: dict[str, list[str]] = {}
    for part in missing.split("; "):
        name, _, reason = part.partition(": ")
        if name in _NAMES and name not in skip:
            reasons.setdefault(reason, []).append(_NAMES[name])
    return tuple(f"{reason.capitalize()}: {', '.join(names)}." for reason, names in reasons.items())


def list_copies(evidence: Evidence) -> dict[str, str]:
    """Return the SHA-256 of each kept file that a source or a claim names, with its record's id."""
    copies = {one.copy_sha256: one.id for one in evidence.sources if one.copy_sha256}
    images = {one.image.sha256: one.id for one in evidence.claims if one.image}
    return copies | images
