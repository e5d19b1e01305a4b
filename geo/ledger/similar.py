"""Which claims say much the same: same source, place and subject, on days in common."""

from datetime import date

from geo.evidence import Claim, Evidence


def find_similar(evidence: Evidence, claim: Claim) -> tuple[Claim, ...]:
    """Return the other claims of the same source, place and subject whose days overlap."""
    subject = claim.subject.casefold()
    return tuple(
        other
        for other in evidence.claims
        if other.id != claim.id
        and (other.source, other.place) == (claim.source, claim.place)
        and other.subject.casefold() == subject
        and _do_days_overlap(other, claim)
    )


def _do_days_overlap(one: Claim, other: Claim) -> bool:
    undated = "undated"
    if undated in (one.date_class, other.date_class):
        return one.date_class == other.date_class
    return (one.observed_from or date.min) <= (other.observed_to or date.max) and (
        other.observed_from or date.min
    ) <= (one.observed_to or date.max)
