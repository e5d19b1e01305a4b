"""What changed between two states of the evidence, report by report, in words.

A report that is withdrawn says nothing of the thing that it was about: only the report is gone.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from geo.evidence.loading import Evidence, format_origin
from geo.evidence.models import Claim, Source
from geo.text import formatting

ADDED, CHANGED, WITHDRAWN = "added since", "changed since", "withdrawn since"
KINDS = (ADDED, CHANGED, WITHDRAWN)
NOT_THE_THING = "A withdrawn report says nothing of the thing that it was about."
_NONE = "none"
Reader = Callable[[Claim, Evidence], str]


@dataclass(frozen=True)
class ReportChange:
    """One report that two states of the evidence have differently.

    `kind` is one of KINDS, `says` what the report says (in the later state that has it), and
    `phrases` name each difference of a changed one, such as "Certainty: likely (was stated)".
    """

    claim: str
    kind: str
    says: str
    reported: str
    phrases: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is different, a sentence for each; of a report added or withdrawn, what it says."""
        if self.kind == CHANGED:
            return " ".join(f"{phrase}." for phrase in self.phrases)
        return f"“{self.says.rstrip('. ')}”, {self.reported}"


def list_record_changes(
    before: Evidence, after: Evidence, ids: Iterable[str]
) -> tuple[ReportChange, ...]:
    """Return which of some claims were added, changed or withdrawn between two states."""
    if before is after:
        return ()
    old = {one.id: one for one in before.claims}
    new = {one.id: one for one in after.claims}
    found = []
    for name in dict.fromkeys(ids):
        first, last = old.get(name), new.get(name)
        if first and last:
            if first == last and before.source_by_id[first.source] is after.source_by_id.get(
                last.source
            ):
                continue
            phrases = tuple(_describe_differences(first, before, last, after))
            if phrases:
                found.append(_describe(CHANGED, last, after, phrases))
        elif last:
            found.append(_describe(ADDED, last, after))
        elif first:
            found.append(_describe(WITHDRAWN, first, before))
    return tuple(sorted(found, key=lambda one: KINDS.index(one.kind)))


def count_record_changes(changes: Iterable[ReportChange]) -> dict[str, int]:
    """Return the number of changes of each kind that there is, in the order of KINDS."""
    counts = Counter(one.kind for one in changes)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def _describe(
    kind: str, claim: Claim, evidence: Evidence, phrases: tuple[str, ...] = ()
) -> ReportChange:
    source = evidence.source_by_id[claim.source]
    return ReportChange(claim.id, kind, claim.says, source.reported, phrases)


def _describe_differences(
    first: Claim, before: Evidence, last: Claim, after: Evidence
) -> Iterable[str]:
    """Yield each part of a claim, and of its source, that reads differently."""
    of_claim = ((label, read(first, before), read(last, after)) for label, read in _PARTS.items())
    sources = before.source_by_id[first.source], after.source_by_id[last.source]
    of_source = ((label, *map(read, sources)) for label, read in _SOURCE_PARTS.items())
    for label, was, now in chain(of_claim, of_source):
        if was != now:
            yield f"{label}: {now or _NONE} (was {was or _NONE})"


def _quote(text: str) -> str:
    return f"“{text}”"


def _format_when(claim: Claim, _: Evidence) -> str:
    return formatting.format_when(dict(claim))


def _name_place(claim: Claim, evidence: Evidence) -> str:
    return evidence.place_by_id[claim.place].name if claim.place else ""


def _name_source(claim: Claim, evidence: Evidence) -> str:
    return evidence.source_by_id[claim.source].named


def _name_origins(claim: Claim, evidence: Evidence) -> str:
    return "; ".join(format_origin(evidence, one) for one in claim.origins)


def _read_rating(name: str) -> Reader:
    def read(claim: Claim, evidence: Evidence) -> str:
        value = getattr(claim, name)
        term = evidence.vocabulary_by_id[name].find(value) if value else None
        return term.named if term else value or ""

    return read


def _read_field(name: str) -> Reader:
    return lambda claim, _: getattr(claim, name) or ""


def _describe_image(claim: Claim, _: Evidence) -> str:
    return f"{claim.image.alt} ({claim.image.credit})" if claim.image else ""


def _describe_distance(claim: Claim, evidence: Evidence) -> str:
    if claim.distance is None:
        return ""
    centre = claim.distance.centre
    place = evidence.place_by_id.get(centre) if isinstance(centre, str) else centre
    return claim.distance.describe(place.name if place else str(centre))


_PARTS: dict[str, Reader] = {
    "What is reported": lambda claim, _: _quote(claim.says),
    "When": _format_when,
    "Place": _name_place,
    "How well the place is known": _read_field("location_class"),
    "Distance": _describe_distance,
    "About": _read_field("subject"),
    "Systems": lambda claim, _: ", ".join(claim.systems),
    "Number": lambda claim, _: formatting.format_count(claim.count_min, claim.count_max),
    "Evidence": _read_field("evidence"),
    "Certainty": _read_field("certainty"),
    "Points to": _read_field("stance"),
    "State": _read_field("state"),
    "Attributed to": _read_field("attributed_to"),
    "Source": _name_source,
    "Where in the source": _read_field("locator"),
    "Rests on": _name_origins,
    "Note": _read_field("note"),
    "Credibility": _read_rating("credibility"),
    "Likelihood": _read_rating("likelihood"),
    "Confidence": _read_rating("confidence"),
    "Image": _describe_image,
}
"""Each part of a claim that people read, and how it reads."""


def _format_day(day: date | None) -> str:
    return formatting.format_day(day) if day else ""


_SOURCE_PARTS: dict[str, Callable[[Source], str]] = {
    "Reported on": lambda source: source.when,
    "Title of the source": lambda source: source.title or "",
    "Address of the source": lambda source: source.url or "",
    "Archived at": lambda source: source.archive_url or "",
    "Read on": lambda source: _format_day(source.accessed_on),
    "Reliability of the source": lambda source: source.reliability or "",
}
