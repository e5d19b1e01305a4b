"""Referential integrity: ids are unique, and every record that is named exists."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from geo.evidence.base_geography import Airfield, Town
from geo.evidence.case import Case, SourceSet
from geo.evidence.distance_faults import find_distance_faults
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
from geo.evidence.swapped_points import find_swapped_points
from geo.evidence.system_names import System, find_system_faults
from geo.evidence.vocabularies import Vocabulary, find_rating_faults

_AFTER_PREFIX = re.compile(r"\d{2,}[a-z]?")


@dataclass(frozen=True)
class Tables:
    """The tables of the evidence files; `claims` has one for each file of claims, in order."""

    case: RecordTable[Case]
    sources: RecordTable[Source]
    claims: tuple[RecordTable[Claim], ...]
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
        for table in vars(self).values():
            yield from table if isinstance(table, tuple) else (table,)

    @property
    def claim_ids(self) -> list[str]:
        """The ids of all claims, also of faulty ones."""
        return [name for table in self.claims for name in table.ids]

    @property
    def has_lost_claims(self) -> bool:
        """Whether a file of claims could not be read."""
        return any(table.lost for table in self.claims)


def find_cross_faults(tables: Tables) -> list[RecordFault]:
    """Return a fault for each duplicate id and for each reference to a missing record.

    A faulty record still counts as existing, so that one fault is not reported twice.
    """
    return [
        *_find_duplicate_ids(tables),
        *_check_sources(tables),
        *(fault for table in tables.claims for fault in _check_claims(table, tables)),
        *_check_prefixes(tables),
        *_check_conflicts(tables),
        *_check_places(tables),
        *_check_case(tables),
        *find_swapped_points(tables.case, tables.places, tables.routes, tables.towns),
        *find_system_faults(tables.systems, *tables.claims),
        *find_origin_faults(tables.origins, *tables.claims),
        *find_rating_faults(tables.vocabularies, tables.sources, *tables.claims),
    ]


def _find_duplicate_ids(tables: Tables) -> Iterator[RecordFault]:
    why, remedy = "the id is used more than once", "give each record an id of its own"
    for table in tables:
        holds_claims = any(table is one for one in tables.claims)
        counts = Counter(tables.claim_ids if holds_claims else table.ids)
        for name in dict.fromkeys(table.ids):
            if counts[name] > 1:
                field = "name" if table in (tables.towns, tables.systems) else "id"
                yield RecordFault(table.file, name, field, why, repr(name), remedy)


def _suggest(names: Iterable[str]) -> str:
    return "use one of " + ", ".join(sorted(set(names)))


def _list_sets(tables: Tables) -> dict[str, SourceSet]:
    """Return the sets of sources by id; none if case.json has a fault."""
    return {one.id: one for case in tables.case.records for one in case.source_sets}


def _check_sources(tables: Tables) -> Iterator[RecordFault]:
    sets, file = _list_sets(tables), tables.sources.file
    for source in tables.sources.records if sets else ():
        chosen = sets.get(source.set)
        if chosen is None:
            why, remedy = "no such set of sources in case.json", _suggest(sets)
            yield RecordFault(file, source.id, "set", why, repr(source.set), remedy)
        elif chosen.kind is not None and source.kind != chosen.kind:
            why = f"a source of the set {chosen.id!r} is of the kind {chosen.kind!r}"
            remedy = f"write {chosen.kind!r} or change the set"
            yield RecordFault(file, source.id, "kind", why, repr(source.kind), remedy)


def _check_claims(table: RecordTable[Claim], tables: Tables) -> Iterator[RecordFault]:
    places = {place.id: place for place in tables.places.records}
    for claim in table.records:
        if claim.source not in tables.sources.ids and not tables.sources.lost:
            why, remedy = "no such source in sources.json", "add the source or correct its id"
            yield RecordFault(table.file, claim.id, "source", why, repr(claim.source), remedy)
        if claim.place is None or tables.places.lost:
            continue
        if claim.place not in tables.places.ids:
            why, remedy = "no such place in places.json", _suggest(tables.places.ids) + ", or null"
            yield RecordFault(table.file, claim.id, "place", why, repr(claim.place), remedy)
        place = places.get(claim.place)
        if claim.location_class == "exact" and place is not None and place.lon is None:
            why, remedy = "an exact location needs a place with a point", "use a wider class"
            yield RecordFault(table.file, claim.id, "location_class", why, "'exact'", remedy)
    yield from find_distance_faults(table, tables.places)


def _check_prefixes(tables: Tables) -> Iterator[RecordFault]:
    """Check the ids of claims against the prefix of the set that their source is of."""
    prefixes = {one.id: one.id_prefix for one in _list_sets(tables).values() if one.id_prefix}
    set_of = {source.id: source.set for source in tables.sources.records}
    ids = set(tables.claim_ids)
    for table in tables.claims if prefixes else ():
        for claim in table.records:
            if claim.source in set_of:
                own = prefixes.get(set_of[claim.source], "")
                for why, remedy in _explain_id(claim.id, own, prefixes, ids):
                    yield RecordFault(table.file, claim.id, "id", why, repr(claim.id), remedy)


def _explain_id(
    name: str, own: str, prefixes: dict[str, str], ids: set[str]
) -> Iterator[tuple[str, str]]:
    other = next((p for p in prefixes.values() if p != own and name.startswith(p)), None)
    rest = name.removeprefix(own)
    if own and not (name.startswith(own) and _AFTER_PREFIX.fullmatch(rest)):
        why = f"an id of this set of sources is {own} and two digits"
        yield why, "keep the prefix of the report, with a letter for each of its statements"
    elif own and rest[-1].isalpha() and name[:-1] in ids:
        why = f"the report is present both whole ({name[:-1]}) and split"
        yield why, "keep the whole report or its pieces"
    elif not own and other:
        why = f"{other} is the prefix of another set of sources"
        yield why, "name a source of that set, or choose another id"


def _check_conflicts(tables: Tables) -> Iterator[RecordFault]:
    file, known, sets = tables.conflicts.file, set(tables.claim_ids), _list_sets(tables)
    for conflict in tables.conflicts.records:
        if sets and conflict.set not in sets:
            why, remedy = "no such set of sources in case.json", _suggest(sets)
            yield RecordFault(file, conflict.id, "set", why, repr(conflict.set), remedy)
        for member in () if tables.has_lost_claims else conflict.claims:
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
        lost = tables.routes.lost
        if isinstance(recipe, RouteLine) and recipe.leg not in tables.routes.ids and not lost:
            why, remedy = "no such route in routes.json", _suggest(tables.routes.ids)
            yield RecordFault(file, place.id, "geometry.leg", why, repr(recipe.leg), remedy)
        if isinstance(recipe, Hull) and tables.airfield.absent:
            why, remedy = "there is no airfield.json to draw it from", "use another recipe"
            yield RecordFault(file, place.id, "geometry", why, "'hull'", remedy)
        for airfield in tables.airfield.records if isinstance(recipe, Hull) else ():
            if airfield.place != place.id:
                why = f"airfield.json describes {airfield.place!r}, not this place"
                yield RecordFault(file, place.id, "geometry", why, "'hull'", "use another recipe")
    for airfield in tables.airfield.records:
        if airfield.place not in tables.places.ids and not tables.places.lost:
            why, remedy = "no such place in places.json", _suggest(tables.places.ids)
            yield RecordFault(tables.airfield.file, "", "place", why, repr(airfield.place), remedy)


def _check_case(tables: Tables) -> Iterator[RecordFault]:
    """Check what case.json names: places, towns, reports, range rings and runways."""
    points = {place.id for place in tables.places.records if place.lon is not None}
    points |= set(tables.places.ids) - {place.id for place in tables.places.records}
    for case in tables.case.records:
        file, title = tables.case.file, case.title
        lost, free_towns = tables.places.lost, tables.towns.absent or tables.towns.lost
        if case.rings and case.rings.centre not in points and not lost:
            why, remedy = "the centre is no place with a point", _suggest(points)
            yield RecordFault(file, title, "rings.centre", why, repr(case.rings.centre), remedy)
        for number, page in enumerate(case.pages):
            not_shown = () if tables.has_lost_claims else page.not_shown
            known = (
                ("places", () if lost else page.places, tables.places.ids, "place in places.json"),
                ("not_shown", not_shown, tables.claim_ids, "report in the files of claims"),
                ("towns", () if free_towns else page.towns, tables.towns.ids, "town"),
            )
            for field, names, ids, what in known:
                for name in (one for one in names if one not in ids):
                    where, remedy = f"pages.{number}.{field}", "correct it or take it out"
                    yield RecordFault(file, title, where, f"no such {what}", repr(name), remedy)
            if page.rings and not case.rings:
                why, remedy = "the case has no range rings", "describe them, or write false"
                yield RecordFault(file, title, f"pages.{number}.rings", why, "true", remedy)
