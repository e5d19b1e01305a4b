"""Referential integrity: ids are unique, and every record that is named exists."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from geo.evidence.base_geography import Airfield, Town
from geo.evidence.json_records import RecordFault, RecordTable
from geo.evidence.models import (
    Claim,
    Conflict,
    Hull,
    Place,
    Route,
    RouteLine,
    Sector,
    Source,
)
from geo.evidence.origins import Origin, find_origin_faults
from geo.evidence.record import Record
from geo.evidence.system_names import System, find_system_faults
from geo.evidence.vocabularies import Vocabulary, find_rating_faults

_WIDER_ID = re.compile(r"ext-\d{2}[a-z]?")


@dataclass(frozen=True)
class Tables:
    """The tables of the evidence files."""

    sources: RecordTable[Source]
    claims: RecordTable[Claim]
    wider: RecordTable[Claim]
    places: RecordTable[Place]
    conflicts: RecordTable[Conflict]
    routes: RecordTable[Route]
    airfield: RecordTable[Airfield]
    towns: RecordTable[Town]
    systems: RecordTable[System]
    origins: RecordTable[Origin]
    vocabularies: RecordTable[Vocabulary]

    def __iter__(self) -> Iterator[RecordTable[Record]]:
        """Yield each table, in the order of the fields."""
        yield from vars(self).values()


def find_cross_faults(tables: Tables) -> list[RecordFault]:
    """Return a fault for each duplicate id and for each reference to a missing record.

    A faulty record still counts as existing, so that one fault is not reported twice.
    """
    return [
        *_find_duplicate_ids(tables),
        *_check_claims(tables.claims, "articles", tables),
        *_check_claims(tables.wider, "wider", tables),
        *_check_wider_ids(tables),
        *_check_conflicts(tables),
        *_check_places(tables),
        *find_system_faults(tables.systems, tables.claims, tables.wider),
        *find_origin_faults(tables.origins, tables.claims, tables.wider),
        *find_rating_faults(tables.vocabularies, tables.sources, tables.claims, tables.wider),
    ]


def _find_duplicate_ids(tables: Tables) -> Iterator[RecordFault]:
    why, remedy = "the id is used more than once", "give each record an id of its own"
    claims = tables.claims.ids + tables.wider.ids
    for table in tables:
        holds_claims = table is tables.claims or table is tables.wider
        counts = Counter(claims if holds_claims else table.ids)
        for name in dict.fromkeys(table.ids):
            if counts[name] > 1:
                field = "name" if table in (tables.towns, tables.systems) else "id"
                yield RecordFault(table.file, name, field, why, repr(name), remedy)


def _suggest(names: Iterable[str]) -> str:
    return "use one of " + ", ".join(sorted(set(names)))


def _check_claims(
    table: RecordTable[Claim], source_set: str, tables: Tables
) -> Iterator[RecordFault]:
    sets = {source.id: source.set for source in tables.sources.records}
    places = {place.id: place for place in tables.places.records}
    for claim in table.records:
        if claim.source not in tables.sources.ids:
            why, remedy = "no such source in sources.json", "add the source or correct its id"
            yield RecordFault(table.file, claim.id, "source", why, repr(claim.source), remedy)
        elif sets.get(claim.source, source_set) != source_set:
            why = f"a claim of this file has a source of the set {source_set!r}"
            remedy = "move the claim to the other file or name another source"
            yield RecordFault(table.file, claim.id, "source", why, repr(claim.source), remedy)
        if claim.place is None:
            continue
        if claim.place not in tables.places.ids:
            why, remedy = "no such place in places.json", _suggest(tables.places.ids) + ", or null"
            yield RecordFault(table.file, claim.id, "place", why, repr(claim.place), remedy)
        place = places.get(claim.place)
        if claim.location_class == "exact" and place is not None and place.lon is None:
            why, remedy = "an exact location needs a place with a point", "use a wider class"
            yield RecordFault(table.file, claim.id, "location_class", why, "'exact'", remedy)


def _check_wider_ids(tables: Tables) -> Iterator[RecordFault]:
    wider = tables.wider
    for name in dict.fromkeys(wider.ids):
        if not _WIDER_ID.fullmatch(name):
            why = "an id of wider reporting is ext- and two digits"
            remedy = "keep the prefix of the report, with a letter for each of its statements"
            yield RecordFault(wider.file, name, "id", why, repr(name), remedy)
        elif len(name) > len("ext-00") and name[:-1] in wider.ids:
            why = f"the report is present both whole ({name[:-1]}) and split"
            remedy = "keep the whole report or its pieces"
            yield RecordFault(wider.file, name, "id", why, repr(name), remedy)
    for name in dict.fromkeys(tables.claims.ids):
        if _WIDER_ID.fullmatch(name):
            why, remedy = "ext- is the prefix of wider reporting", "move it to wider.json"
            yield RecordFault(tables.claims.file, name, "id", why, repr(name), remedy)


def _check_conflicts(tables: Tables) -> Iterator[RecordFault]:
    file, known = tables.conflicts.file, {*tables.claims.ids, *tables.wider.ids}
    for conflict in tables.conflicts.records:
        for member in conflict.claims:
            if member not in known:
                why, remedy = "no such claim", "correct the id or take it out"
                yield RecordFault(file, conflict.id, "claims", why, repr(member), remedy)


def _check_places(tables: Tables) -> Iterator[RecordFault]:
    file = tables.places.file
    points = {place.id for place in tables.places.records if place.lon is not None}
    broken = set(tables.places.ids) - {place.id for place in tables.places.records}
    for place in tables.places.records:
        recipe = place.geometry
        if isinstance(recipe, Sector) and recipe.centre not in points | broken:
            why, remedy = "the centre is no place with a point", _suggest(points)
            yield RecordFault(file, place.id, "geometry.centre", why, repr(recipe.centre), remedy)
        if isinstance(recipe, RouteLine) and recipe.leg not in tables.routes.ids:
            why, remedy = "no such route in routes.json", _suggest(tables.routes.ids)
            yield RecordFault(file, place.id, "geometry.leg", why, repr(recipe.leg), remedy)
        for airfield in tables.airfield.records if isinstance(recipe, Hull) else ():
            if airfield.place != place.id:
                why = f"airfield.json describes {airfield.place!r}, not this place"
                yield RecordFault(file, place.id, "geometry", why, "'hull'", "use another recipe")
    for airfield in tables.airfield.records:
        if airfield.place not in tables.places.ids:
            why, remedy = "no such place in places.json", _suggest(tables.places.ids)
            yield RecordFault(tables.airfield.file, "", "place", why, repr(airfield.place), remedy)
