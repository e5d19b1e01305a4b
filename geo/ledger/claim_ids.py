"""New ids of claims: the next number of their source, and never one that was used before."""

import re
from collections.abc import Iterable

from geo.evidence import Evidence

_NUMBERED = re.compile(r"(.+-)(\d+)[a-z]?")


def make_claim_id(
    evidence: Evidence, used: Iterable[str], source: str, source_set: str | None = None
) -> str:
    """Return a new id for a claim of a source.

    `used` are the ids of all claims there ever were, `source_set` the set of a source that the
    evidence does not have yet.
    """
    used = set(used)
    stem = _find_stem(evidence, source, source_set)
    numbers = [
        int(match[2]) for name in used if (match := _NUMBERED.fullmatch(name)) and match[1] == stem
    ]
    return f"{stem}{max(numbers, default=0) + 1:02d}"


def _find_stem(evidence: Evidence, source: str, source_set: str | None) -> str:
    found = evidence.source_by_id.get(source)
    named = found.set if found else source_set
    chosen = evidence.case.find_set(named) if named else None
    if chosen and chosen.id_prefix:
        return chosen.id_prefix
    for claim in evidence.claims:
        if claim.source == source and (match := _NUMBERED.fullmatch(claim.id)):
            return match[1]
    return f"{source}-"
