"""What each column of a claim file is for, and what each word means, for people who fill it in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geo.claim_files.columns import (
    DATA_VERSION,
    MODELS,
    RECORD_VERSION,
    TABLE_KINDS,
    WITHDRAW,
    FileColumn,
    TableKind,
    list_columns,
)
from geo.claim_files.filling import is_needed
from geo.claim_files.words import SOURCE_SET, list_words
from geo.evidence import Evidence
from geo.evidence.word_meanings import MEANINGS

_ID = "A new row may leave it empty; a row of an export keeps it."
_LIST = "Several: with a semicolon between them."
_NOTES: Mapping[TableKind, Mapping[str, str]] = {
    "claims": {
        "id": f"The name of the report. {_ID}",
        "source": "The publication that says it: its id, or its name where only one has that name.",
        "place": "The place that it is about. Empty: the source names none that can be drawn.",
        "subject": "The thing in a few words. Empty: the first of the systems.",
        "says": "What the source says, as one sentence.",
        "evidence": "What the source shows or cites for it.",
        "attributed_to": "Whom the source names for it. Empty: not named.",
        "observed_from": "The first day on which it was so, as YYYY-MM-DD.",
        "observed_to": "The last day. Empty with a first day: that one day.",
        "date_class": "How the two days are meant. Empty: it follows from them.",
        "location_class": "How exactly the source gives the place. Empty: somewhere within it.",
        "certainty": "How well it is supported.",
        "stance": "What it points to.",
        "count_min": "The number that the source gives, at least. Empty: none is given.",
        "count_max": "The number at most; of an exact one the same.",
        "state": "In which state the thing is, such as “being dismantled”.",
        "note": "A remark for readers.",
        "systems": f"The systems that it names. {_LIST}",
        "origins": f"The image, post or statement that it rests on. {_LIST} Empty: not named.",
        "locator": "Where in the source it is, such as “paragraph 4” or “0:41”.",
        "distance": "How far from a point, as JSON: centre, distance_m, tolerance_m, bearings.",
        "image": "A kept picture, as JSON with sha256, credit, alt, licence and may_publish.",
    },
    "sources": {
        "id": f"The name of the source. {_ID}",
        "publisher": "Who published it.",
        "title": "Its title.",
        "url": "Its address, from http.",
        "url_note": "Why it has no address; only where it has none.",
        "reported_on": "The day on which it was published, as YYYY-MM-DD.",
        "reported_on_precision": "How exactly that is known. Empty: it follows from the date.",
        "reported_on_words": "The date in words where no day is known, such as “May 2024”.",
        "kind": "The kind of source. Empty: that of its set.",
        "set": "The set of sources that it belongs to. Empty: the first one.",
        "archive_url": "The address of an archived copy.",
        "accessed_on": "The day on which it was read.",
        "copy_sha256": "SHA-256 of a kept copy, as “source keep” prints it.",
        "missing": "Why a field is empty, as “url: withheld; archive_url: unknown”.",
    },
    "places": {
        "id": f"The name of the place in other tables. {_ID}",
        "name": "Its full name.",
        "short_name": "Its name in tables. Empty: the full name.",
        "lon": "Longitude of its point in degrees east, as 35.9487.",
        "lat": "Latitude of its point in degrees north, as 35.4011.",
        "geometry": "How it is drawn, as JSON. Empty: a circle around its point.",
        "map_label": "Its label on the map. Empty: the name in tables.",
        "label_side": "On which side of the symbol the label stands. Empty: right.",
        "phrase": "As it follows a number of reports, such as “at sea”. Empty: “at” its name.",
        "name_ar": "Its name in Arabic.",
        "icao": "Its ICAO code.",
        "iata": "Its IATA code.",
        "elevation_ft": "Its elevation in feet.",
        "location_class": "How exactly the place is known. Empty: vicinity.",
        "drawn_note": "What the drawn outline is, in words. Empty: said of the circle.",
        "geometry_note": "A remark about the outline.",
        "label_lon": "Longitude of the label. Empty: that of the point.",
        "label_lat": "Latitude of the label. Empty: that of the point.",
        "source": "Where its position is from.",
        "licence": "The licence of that.",
        "facility": "A mapped facility, as JSON.",
        "other_names": f"Other names under which it is found. {_LIST}",
    },
    "origins": {
        "id": f"The name of the origin in other tables. {_ID}",
        "name": "What it is called, such as “Agency, 3 May 2024”.",
        "noun": "What it is in one word, such as image, post or statement.",
    },
    "systems": {
        "name": "The name as reports write it.",
        "family": "The wider system that it is a part or a kind of.",
        "spellings": f"Other ways of writing it. {_LIST}",
    },
}
_ADDED = {
    WITHDRAW: "To withdraw the report of this row: the reason, in words. Else empty.",
    RECORD_VERSION: "Written by the export: finds out whether somebody changed the record since.",
    DATA_VERSION: "Written by the export: the data version that it is from.",
}
_KINDS = {
    "text": "text",
    "word": "one of the words below",
    "day": "day, YYYY-MM-DD",
    "whole": "whole number",
    "number": "number",
    "list": "list",
    "pairs": "pairs of name and value",
    "json": "JSON",
}


@dataclass(frozen=True)
class GuideRow:
    """One line of the guide: a field, or a word of the field before."""

    table: str
    field: str
    word: str
    needed: str
    note: str


def describe_field(kind: TableKind, name: str, evidence: Evidence) -> str:
    """Return what a column is for, in a sentence or two; empty if nothing is known of it."""
    note = _NOTES[kind].get(name) or _ADDED.get(name) or MODELS[kind].model_fields[name].description
    vocabulary = evidence.vocabulary_by_id.get(name)
    return note or (f"{vocabulary.title}. Empty: not rated." if vocabulary else "")


def find_words(column: FileColumn, evidence: Evidence) -> tuple[str, ...]:
    """Return the words of a column; none if it takes any text."""
    return list_words(evidence).get(column.name, column.words)


def describe_word(field: str, word: str, evidence: Evidence) -> str:
    """Return what a word of a field means; empty if nothing is written of it."""
    vocabulary = next((one for one in evidence.vocabularies if one.id == field), None)
    term = vocabulary.find(word) if vocabulary else None
    if term is not None:
        return f"{term.named}: {term.meaning}"
    chosen = evidence.case.find_set(word) if field == SOURCE_SET else None
    if chosen is not None:
        return chosen.label
    return MEANINGS.get(field, {}).get(word, "")


def list_guide(evidence: Evidence) -> Iterator[GuideRow]:
    """Yield the lines of the guide: each field of each table, and its words."""
    for kind in TABLE_KINDS:
        for column in list_columns(kind):
            needed = "needed" if is_needed(kind, column) else ""
            note = describe_field(kind, column.name, evidence)
            words = find_words(column, evidence) if column.kind in ("word", "text") else ()
            shape = "one of the words below" if words else _KINDS[column.kind]
            yield GuideRow(kind, column.name, "", needed, f"{note} ({shape})".strip())
            for word in words:
                yield GuideRow(
                    kind, column.name, word, "", describe_word(column.name, word, evidence)
                )
        if kind == "claims":
            yield GuideRow(kind, WITHDRAW, "", "", _ADDED[WITHDRAW])
