"""The words of the report form: labels of fields, and what each word of a vocabulary means."""

from collections.abc import Mapping

from geo.evidence.models import CERTAINTIES, EVIDENCE_KINDS, STANCES
from geo.mapping.symbols import CERTAINTY, LOCATION, STANCE

DATE_CLASSES: Mapping[str, str] = {
    "day": "On one day: the source gives it",
    "range": "Some time within days: the source gives the first and the last",
    "by": "By a day: it had happened no later than this",
    "undated": "No date: the source gives none",
}
PRECISIONS: Mapping[str, str] = {
    "day": "The day is known",
    "month": "Only the month is known",
    "unknown": "Not known",
}
EXACTNESS: Mapping[str, str] = {
    "exact": "Exact spot: the source gives it",
    "vicinity": "Vicinity: near here, within the radius",
}
_CERTAINTY: Mapping[str, str] = {
    "observed": "an image, a video or tracking shows it",
    "likely": "the source calls it likely",
    "apparent": "the source says that it appears so",
    "stated": "the source states it, and not how it knows",
    "claimed": "somebody whom the source cites says so",
    "unconfirmed": "the source says that it is not confirmed",
    "unknown": "the source says that it is not known",
}
_STANCE: Mapping[str, str] = {
    "leaving": "forces or equipment leave, or are made ready to",
    "staying": "they stay, or go on as before",
    "undecided": "the source says that it is open, or negotiated",
    "neutral": "the source says neither",
}
_EVIDENCE: Mapping[str, str] = {
    "satellite imagery": "a satellite image of a day",
    "verified video": "a video that the source has verified",
    "drone footage": "film from a drone",
    "ship tracking": "positions that ships send",
    "flight tracking": "positions that aircraft send",
    "photo": "a photo, not verified by the source",
    "video": "a video, not verified by the source",
    "official statement": "a government, an army or its office says so",
    "social post": "a post of a person or a channel",
    "expert": "somebody who knows the subject says so",
    "unconfirmed report": "hearsay that the source passes on as such",
    "article's own reading": "the source says it in its own words",
    "background": "what was so before, for understanding",
}


def describe_certainty(word: str) -> str:
    """Return a word of the certainty scale with its meaning."""
    return f"{CERTAINTY[word][0]}: {_CERTAINTY[word]}"


def describe_stance(word: str) -> str:
    """Return a stance with its meaning."""
    return f"{STANCE[word].label}: {_STANCE[word]}"


def describe_evidence(word: str) -> str:
    """Return a kind of evidence with its meaning."""
    return f"{word[:1].upper()}{word[1:]}: {_EVIDENCE[word]}"


def describe_location(word: str) -> str:
    """Return a location class with its meaning."""
    label = {"route-inferred": "route"}.get(word, word)
    return f"{word[:1].upper()}{word[1:]}: {LOCATION[label][1]}"


FIELDS: Mapping[str, str] = {
    "source": "Source",
    "publisher": "Publisher",
    "title": "Title",
    "url": "Address",
    "url_note": "Why it has no address",
    "reported_on": "Published on",
    "reported_on_precision": "How exactly",
    "reported_on_words": "When, in words",
    "set": "Source set",
    "kind": "Source set",
    "subject": "About",
    "says": "What is reported",
    "place": "Place",
    "place_name": "Name of the new place",
    "place_point": "Position",
    "radius_m": "Radius",
    "geometry.circle.radius_m": "Radius",
    "location_class": "How exactly the place is known",
    "date_class": "When",
    "observed_from": "First day",
    "observed_to": "Day",
    "systems": "Systems",
    "count_min": "At least",
    "count_max": "At most",
    "certainty": "Certainty",
    "stance": "Points to",
    "evidence": "Evidence",
    "attributed_to": "Attributed to",
    "origins": "Rests on",
    "locator": "Where in the source",
    "state": "State",
    "note": "Note",
    "review": "State",
}
"""Names of fields of the records, for people."""


def name_field(field: str) -> str:
    """Return a field's name for people; one without such a name as it is."""
    return FIELDS.get(field, field.replace("_", " "))


def list_undescribed() -> set[str]:
    """Return the words of the vocabularies that have no meaning here; none, which a test checks."""
    known = {*_CERTAINTY, *_STANCE, *_EVIDENCE}
    return {*CERTAINTIES, *STANCES, *EVIDENCE_KINDS} - known
