"""The words of the report form: labels of fields, and what each word of a vocabulary means."""

from collections.abc import Mapping

from geo.evidence import word_meanings
from geo.evidence.models import CERTAINTIES, EVIDENCE_KINDS, STANCES
from geo.mapping.symbols import CERTAINTY, LOCATION, STANCE


def _capitalise(meanings: Mapping[str, str]) -> dict[str, str]:
    return {word: f"{meaning[:1].upper()}{meaning[1:]}" for word, meaning in meanings.items()}


DATE_CLASSES = _capitalise(word_meanings.DATE_CLASS)
PRECISIONS = _capitalise(word_meanings.REPORTED_ON_PRECISION)
EXACTNESS: Mapping[str, str] = {
    "exact": "Exact spot: the source gives it",
    "vicinity": "Vicinity: near here, within the radius",
}


def describe_certainty(word: str) -> str:
    """Return a word of the certainty scale with its meaning."""
    return f"{CERTAINTY[word][0]}: {word_meanings.CERTAINTY[word]}"


def describe_stance(word: str) -> str:
    """Return a stance with its meaning."""
    return f"{STANCE[word].label}: {word_meanings.STANCE[word]}"


def describe_evidence(word: str) -> str:
    """Return a kind of evidence with its meaning."""
    return f"{word[:1].upper()}{word[1:]}: {word_meanings.EVIDENCE[word]}"


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
    "name": "Name",
    "place_point": "Position",
    "radius_m": "Radius",
    "geometry.circle.radius_m": "Radius",
    "location_class": "How exactly the place is known",
    "distance": "Distance",
    "distance_winds": "Direction",
    "distance_point": "Measured from",
    "date_class": "When",
    "day": "Day",
    "observed_from": "First day",
    "observed_to": "Last day",
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
    known = {*word_meanings.CERTAINTY, *word_meanings.STANCE, *word_meanings.EVIDENCE}
    return {*CERTAINTIES, *STANCES, *EVIDENCE_KINDS} - known
