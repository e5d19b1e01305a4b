"""Fill in the empty fields of a new row that follow from others, so that nobody types them."""

from collections.abc import Callable, Collection, Mapping

from geo.claim_files.columns import FileColumn, TableKind
from geo.evidence import Evidence
from geo.ledger.models import Fields

UNNAMED = "unnamed:"
NOT_NAMED = "not named"
_CIRCLE_M = {"exact": 100.0}
_WIDER_CIRCLE_M = 1_000.0
_POINT = frozenset({"lon", "lat"})
_FOLLOWS: dict[TableKind, dict[str, frozenset[str]]] = {
    "claims": {
        **dict.fromkeys(
            ("date_class", "observed_from", "observed_to"),
            frozenset({"date_class", "observed_from", "observed_to"}),
        ),
        "location_class": frozenset({"place"}),
        "place": frozenset({"location_class"}),
        "subject": frozenset({"systems"}),
    },
    "sources": {
        "reported_on_precision": frozenset({"reported_on"}),
        "reported_on_words": frozenset({"reported_on", "reported_on_precision"}),
        "kind": frozenset({"set"}),
    },
    "places": {
        **dict.fromkeys(("geometry", "label_lon", "label_lat"), _POINT),
        "drawn_note": _POINT | {"geometry"},
    },
}
"""Fields that are filled in, and those from which they follow."""
_FILLED: dict[TableKind, frozenset[str]] = {
    "claims": frozenset(
        {"id", "subject", "attributed_to", "date_class", "location_class", "origins"}
    ),
    "sources": frozenset({"id", "reported_on_precision", "kind", "set"}),
    "places": frozenset(
        {
            *("id", "short_name", "map_label", "label_side", "phrase", "location_class"),
            *("geometry", "drawn_note", "label_lon", "label_lat", "source", "licence"),
        }
    ),
    "origins": frozenset({"id"}),
    "systems": frozenset(),
}
_DATE_CLASSES = {(True, True): "range", (False, True): "by", (False, False): "undated"}


def fill_in(
    kind: TableKind, fields: Fields, evidence: Evidence, made: Mapping[str, Fields]
) -> tuple[str, ...]:
    """Fill in empty fields of a new record in place; return the names of those that were filled.

    `made` has the places of the same file by their ids. A field with a fault is not among the
    fields, and nothing follows from it.
    """
    before = dict(fields)
    _FILLERS.get(kind, _leave)(fields, evidence, made)
    return tuple(name for name, value in fields.items() if before.get(name) != value)


def is_needed(kind: TableKind, column: FileColumn) -> bool:
    """Return whether a person must fill in a column of a new row."""
    empty = column.optional or column.kind in ("list", "pairs")
    return not empty and column.name not in _FILLED[kind]


def find_unfilled(kind: TableKind, fields: Fields, bad: Collection[str]) -> set[str]:
    """Return empty fields that would follow from fields with a fault; these are no faults."""
    return {
        name
        for name, before in _FOLLOWS.get(kind, {}).items()
        if fields.get(name) in (None, []) and not before.isdisjoint(bad)
    }


def _leave(fields: Fields, evidence: Evidence, made: Mapping[str, Fields]) -> None:
    return None


def _set(fields: Fields, name: str, value: object) -> None:
    if name in fields and fields[name] in (None, []) and value is not None:
        fields[name] = value


def _fill_claim(fields: Fields, evidence: Evidence, made: Mapping[str, Fields]) -> None:
    _fill_dates(fields)
    if {"place", "location_class"} <= fields.keys():
        _set(fields, "location_class", _find_location_class(fields["place"], evidence, made))
    distance = fields.get("distance")
    if isinstance(distance, dict) and not distance.get("centre"):
        fields["distance"] = {**distance, "centre": fields.get("place")}
    _set(fields, "attributed_to", NOT_NAMED)
    systems = fields.get("systems") or []
    _set(fields, "subject", systems[0] if systems else None)
    _set(fields, "origins", [f"{UNNAMED}{fields.get('id')}"])


def _fill_dates(fields: Fields) -> None:
    names = ("date_class", "observed_from", "observed_to")
    if not {*names} <= fields.keys():
        return
    word, first, last = (fields[name] for name in names)
    if first and not last and word in (None, "day"):
        last = first
    elif last and not first and word == "day":
        first = last
    if word is None:
        same = first is not None and first == last
        word = "day" if same else _DATE_CLASSES.get((first is not None, last is not None))
    fields.update(zip(names, (word, first, last), strict=True))


def _find_location_class(
    place: object, evidence: Evidence, made: Mapping[str, Fields]
) -> str | None:
    """Return how exactly a source names a place: no closer than its locality, if it is silent."""
    if place is None:
        return "none"
    known = evidence.place_by_id.get(str(place))
    found = known.location_class if known else made.get(str(place), {}).get("location_class")
    return "locality" if found == "exact" else found


def _fill_source(fields: Fields, evidence: Evidence, made: Mapping[str, Fields]) -> None:
    day, words = fields.get("reported_on"), fields.get("reported_on_words")
    if "reported_on" in fields:
        _set(fields, "reported_on_precision", "day" if day else "month" if words else "unknown")
    if fields.get("reported_on_precision") == "unknown":
        _set(fields, "reported_on_words", "the date of publication is not known")
    sets = evidence.case.source_sets
    first = sets[0].id if sets else None
    _set(fields, "set", next((one.id for one in sets if one.default), first))
    chosen = evidence.case.find_set(str(fields.get("set")))
    kinds = (one.kind for one in evidence.sources if chosen and one.set == chosen.id)
    _set(fields, "kind", (chosen.kind if chosen else None) or next(kinds, None))


def _fill_place(fields: Fields, evidence: Evidence, made: Mapping[str, Fields]) -> None:
    name = fields.get("name")
    if name:
        _set(fields, "short_name", name)
        _set(fields, "map_label", fields.get("short_name"))
        _set(fields, "phrase", f"at {fields.get('short_name') or name}")
    _set(fields, "label_side", "right")
    _set(fields, "location_class", "vicinity")
    lon, lat = fields.get("lon"), fields.get("lat")
    if lon is not None and lat is not None:
        radius = _CIRCLE_M.get(str(fields.get("location_class")), _WIDER_CIRCLE_M)
        _set(fields, "geometry", {"kind": "circle", "radius_m": radius})
        _set(fields, "label_lon", lon)
        _set(fields, "label_lat", lat)
    recipe = fields.get("geometry")
    if isinstance(recipe, dict) and recipe.get("kind") == "circle":
        note = f"circle of {recipe.get('radius_m'):,} m around the point, approximate; not surveyed"
        _set(fields, "drawn_note", note)
    _set(fields, "source", "entered with reports; see their sources")
    _set(fields, "licence", "own drawing")


_FILLERS: dict[TableKind, Callable[[Fields, Evidence, Mapping[str, Fields]], None]] = {
    "claims": _fill_claim,
    "sources": _fill_source,
    "places": _fill_place,
}
