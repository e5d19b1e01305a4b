"""Load and validate the evidence of one folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from geo.errors import EvidenceError
from geo.evidence.base_geography import Airfield, Town
from geo.evidence.integrity import Tables, find_cross_faults
from geo.evidence.json_records import RecordFault, read_records
from geo.evidence.models import Claim, Conflict, Place, Route, Source
from geo.evidence.origins import Origin
from geo.evidence.system_names import System, SystemNames
from geo.evidence.vocabularies import (
    Vocabulary,
    VocabularyTable,
    complete_vocabularies,
    list_searched_terms,
    read_vocabularies,
)
from geo.settings import ASSETS
from geo.text.text_search import SearchNames

EVIDENCE_FOLDER = ASSETS / "case"


@dataclass(frozen=True)
class Evidence:
    """All evidence records of a folder, validated.

    ``claims`` holds the claims of the articles, then those of wider reporting, in file order.
    Coordinates are EPSG:4326, longitude before latitude.
    """

    sources: tuple[Source, ...]
    claims: tuple[Claim, ...]
    places: tuple[Place, ...]
    conflicts: tuple[Conflict, ...]
    routes: tuple[Route, ...]
    airfield: Airfield
    towns: tuple[Town, ...]
    systems: tuple[System, ...] = ()
    origins: tuple[Origin, ...] = ()
    review: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The state of each claim that is not published: "draft" or "in review", by its id."""
    vocabularies: tuple[Vocabulary, ...] = ()

    @cached_property
    def source_by_id(self) -> dict[str, Source]:
        """Each source by its id."""
        return {source.id: source for source in self.sources}

    @cached_property
    def place_by_id(self) -> dict[str, Place]:
        """Each place by its id."""
        return {place.id: place for place in self.places}

    @cached_property
    def origin_by_id(self) -> dict[str, Origin]:
        """Each origin of evidence by its id."""
        return {origin.id: origin for origin in self.origins}

    @cached_property
    def vocabulary_by_id(self) -> VocabularyTable:
        """Each vocabulary by the rating that it is for."""
        return {vocabulary.id: vocabulary for vocabulary in self.vocabularies}

    @cached_property
    def system_names(self) -> SystemNames:
        """Families and spellings of the systems."""
        return SystemNames(self.systems)

    @cached_property
    def search_names(self) -> SearchNames:
        """What a text search folds: spellings of systems and places, names of origins."""
        places = [(one.short_name, *one.other_names) for one in self.places if one.other_names]
        origins = {one.id: one.name for one in self.origins}
        names = self.system_names.make_search_names(places, origins)
        return replace(names, cells=list_searched_terms(self.vocabularies))

    def find_conflicts(self, claim_id: str) -> tuple[Conflict, ...]:
        """Return the conflicts that one claim takes part in, in record order (often none)."""
        return tuple(conflict for conflict in self.conflicts if claim_id in conflict.claims)


def format_origin(evidence: Evidence, name: str) -> str:
    """Return the name of an origin of evidence for readers, such as "Maxar, 13 December 2024"."""
    origin = evidence.origin_by_id.get(name)
    unnamed = name.removeprefix("unnamed:")
    return origin.name if origin else name if unnamed == name else f"not named, in {unnamed}"


def load_evidence(folder: Path) -> Evidence:
    """Load and check the evidence files of one folder.

    An EvidenceError names every fault of every file, one a line.
    """
    tables = _read_tables(Path(folder))
    faults = _list_faults(tables)
    if faults:
        things = "thing is" if len(faults) == 1 else "things are"
        lines = "\n".join(str(fault) for fault in faults)
        msg = f"{len(faults)} {things} wrong with the evidence in {str(folder)!r}:\n{lines}"
        raise EvidenceError(msg)
    return Evidence(
        sources=tuple(tables.sources.records),
        claims=(*tables.claims.records, *tables.wider.records),
        places=tuple(tables.places.records),
        conflicts=tuple(tables.conflicts.records),
        routes=tuple(tables.routes.records),
        airfield=tables.airfield.records[0],
        towns=tuple(tables.towns.records),
        systems=tuple(tables.systems.records),
        origins=tuple(tables.origins.records),
        vocabularies=complete_vocabularies(tables.vocabularies),
    )


@lru_cache(maxsize=1)
def builtin_evidence() -> Evidence:
    """Load the built-in evidence, once a process; see `load_evidence`."""
    return load_evidence(EVIDENCE_FOLDER)


def check_evidence(folder: Path) -> list[RecordFault]:
    """Return every fault of every evidence file of one folder."""
    return _list_faults(_read_tables(Path(folder)))


def _read_tables(folder: Path) -> Tables:
    return Tables(
        sources=read_records(folder / "sources.json", "sources", Source),
        claims=read_records(folder / "claims.json", "claims", Claim),
        wider=read_records(folder / "wider.json", "claims", Claim),
        places=read_records(folder / "places.json", "places", Place),
        conflicts=read_records(folder / "conflicts.json", "conflicts", Conflict),
        routes=read_records(folder / "routes.json", "routes", Route),
        airfield=read_records(folder / "airfield.json", "airfield", Airfield),
        towns=read_records(folder / "towns.json", "towns", Town),
        systems=read_records(folder / "systems.json", "systems", System),
        origins=read_records(folder / "origins.json", "origins", Origin),
        vocabularies=read_vocabularies(folder),
    )


def _list_faults(tables: Tables) -> list[RecordFault]:
    found = [fault for table in tables for fault in table.faults]
    airfield = tables.airfield
    if len(airfield.records) != 1 and not airfield.faults:
        why = "the file describes exactly one airfield"
        value, remedy = f"{len(airfield.records)} found", 'write {"airfield": {...}}'
        found.append(RecordFault(airfield.file, "", "airfield", why, value, remedy))
    return found + find_cross_faults(tables)
