"""Origins of evidence, such as one satellite image; a claim may name only known ones."""

from collections.abc import Iterator
from difflib import get_close_matches

from geo.evidence.json_records import RecordFault, RecordTable
from geo.evidence.models import Claim
from geo.evidence.record import Id, Record, Text


class Origin(Record):
    """An origin of evidence, as in "19 reports rest on this image": `noun` is the last word."""

    id: Id
    name: Text
    noun: Text


def find_origin_faults(
    origins: RecordTable[Origin], *claims: RecordTable[Claim]
) -> Iterator[RecordFault]:
    """Yield a fault for each origin that a claim names and that has no record."""
    known = set(origins.ids)
    if origins.lost or origins.absent:  # unreadable, or any name may stand
        return
    for table in claims:
        for claim in table.records:
            for origin in claim.origins:
                if origin not in known and not origin.startswith("unnamed:"):
                    why = "no such origin of evidence in origins.json"
                    near = get_close_matches(origin, sorted(known), 1)
                    remedy = f"write {near[0]!r} or " if near else ""
                    remedy += "add it there, or write unnamed: and the id of the claim"
                    yield RecordFault(table.file, claim.id, "origins", why, repr(origin), remedy)
