"""Synthetic records for tests of the ledger: a source, a place and claims that name them."""

from typing import Any

from geo.ledger import Person

ALL = Person("A. Author", frozenset({"reader", "author", "reviewer"}))
AUTHOR = Person("B. Author", frozenset({"reader", "author"}))
REVIEWER = Person("C. Reviewer", frozenset({"reader", "reviewer"}))
READER = Person("D. Reader", frozenset({"reader"}))

SOURCE: dict[str, Any] = {
    "id": "synthetic-paper",
    "publisher": "Synthetic Paper",
    "title": "A synthetic article",
    "url": "https://example.org/synthetic",
    "url_note": None,
    "reported_on": "2024-12-14",
    "reported_on_precision": "day",
    "reported_on_words": None,
    "kind": "press article",
    "set": "articles",
    "missing": dict.fromkeys(("archive_url", "accessed_on", "copy_sha256"), "unknown"),
}
PLACE: dict[str, Any] = {
    "id": "synthetic-yard",
    "name": "Synthetic yard",
    "short_name": "Yard",
    "map_label": "{short_name}",
    "label_side": "left",
    "phrase": "at the {short_name}",
    "other_names": ["Synthetic depot"],
    "name_ar": None,
    "icao": None,
    "iata": None,
    "lon": 35.5,
    "lat": 34.5,
    "elevation_ft": None,
    "location_class": "vicinity",
    "geometry": {"kind": "bounds", "bounds": [35.4, 34.4, 35.6, 34.6]},
    "drawn_note": "approximate box",
    "geometry_note": None,
    "label_lon": 35.5,
    "label_lat": 34.5,
    "source": "synthetic",
    "licence": "synthetic",
    "facility": None,
}
SYSTEM: dict[str, Any] = {"name": "synthetic crane", "family": None, "spellings": ["Kran"]}
ORIGIN: dict[str, Any] = {"id": "synthetic-photo", "name": "Synthetic photo", "noun": "photo"}
_CLAIM: dict[str, Any] = {
    "source": "nyt-2024-12-13",
    "place": "khmeimim",
    "subject": "crane",
    "says": "A crane stands on the apron.",
    "evidence": "photo",
    "attributed_to": "Synthetic Paper",
    "observed_from": "2024-12-13",
    "observed_to": "2024-12-13",
    "date_class": "day",
    "location_class": "locality",
    "certainty": "observed",
    "stance": "neutral",
    "count_min": 1,
    "count_max": 1,
    "state": None,
    "note": None,
    "systems": [],
}


def make_claim(name: str = "", **others: Any) -> dict[str, Any]:
    """Return the fields of a synthetic claim; without a name the desk gives it one."""
    named = {"id": name, "origins": [f"unnamed:{name}"]} if name else {}
    return {**_CLAIM, **named, **others}


def make_new_claim(**others: Any) -> dict[str, Any]:
    """Return a claim that names a new source, place, origin and system."""
    named = {"source": "synthetic-paper", "place": "synthetic-yard", "origins": ["synthetic-photo"]}
    return make_claim(**{**named, "systems": ["synthetic crane"], **others})
