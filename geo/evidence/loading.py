"""Load and validate the evidence of one folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from geo.errors import EvidenceError
from geo.evidence.base_geography import Airfield, Town
from geo.evidence.case import Case, describe_faults, read_case
from geo.evidence.integrity import Tables, find_cross_faults
from geo.evidence.json_records import RecordFault, RecordTable, read_records
from geo.evidence.models import Claim, Conflict, Place, Route, Source
from geo.evidence.origins import Origin
from geo.evidence.record import Record
from geo.evidence.system_names import System, SystemNames
from geo.evidence.vocabularies import (
    Vocabulary,
    VocabularyTable,
    complete_vocabularies,
    list_searched_terms,
    read_vocabularies,
)
from geo.settings import case_folder
from geo.text.text_search import SearchNames

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Evidence:
    """All evidence records of a folder, validated.

    ``claims`` holds the claims of all files claims*.json, in the order of their names. A case may
    have no routes, airfield, towns, conflicts, systems and origins. Coordinates are EPSG:4326,
    longitude before latitude.
    """

    case: Case
    sources: tuple[Source, ...]
    claims: tuple[Claim, ...]
    places: tuple[Place, ...]
    conflicts: tuple[Conflict, ...] = ()
    routes: tuple[Route, ...] = ()
    airfield: Airfield | None = None
    towns: tuple[Town, ...] = ()
    systems: tuple[System, ...] = ()
    origins: tuple[Origin, ...] = ()
    review: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The state of each claim that is not published: "draft" or "in review", by its id."""
    vocabularies: tuple[Vocabulary, ...] = ()
    free_names: tuple[str, ...] = ()
    """Tables that the case has no file of, so that claims may write any name: systems, origins."""
    changed_at: datetime | None = None
    """When the last change was made that these records hold; None: they are the case's own."""

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
    def known_systems(self) -> tuple[str, ...]:
        """Names of systems to choose from: those of records, and of claims if these are free."""
        named = (name for claim in self.claims for name in claim.systems)
        used = sorted(set(named)) if "systems" in self.free_names else ()
        return tuple(dict.fromkeys((*(one.name for one in self.systems), *used)))

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
    """Return the name of an origin of evidence for readers, such as "Agency, 3 May 2024"."""
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
        raise EvidenceError(describe_faults(faults, folder))
    return Evidence(
        case=tables.case.records[0],
        sources=tuple(tables.sources.records),
        claims=tuple(claim for table in tables.claims for claim in table.records),
        places=tuple(tables.places.records),
        conflicts=tuple(tables.conflicts.records),
        routes=tuple(tables.routes.records),
        airfield=next(iter(tables.airfield.records), None),
        towns=tuple(tables.towns.records),
        systems=tuple(tables.systems.records),
        origins=tuple(tables.origins.records),
        vocabularies=complete_vocabularies(tables.vocabularies),
        free_names=tuple(name for name in ("systems", "origins") if getattr(tables, name).absent),
    )


def builtin_evidence() -> Evidence:
    """Return the evidence of the case, read once a process; see `load_evidence`."""
    return _load_once(case_folder())


@lru_cache(maxsize=4)
def _load_once(folder: Path) -> Evidence:
    return load_evidence(folder)


def check_evidence(folder: Path) -> list[RecordFault]:
    """Return every fault of every evidence file of one folder."""
    return _list_faults(_read_tables(Path(folder)))


def _read_tables(folder: Path) -> Tables:
    def read(key: str, model: type[R]) -> RecordTable[R]:
        return read_records(folder / f"{key}.json", key, model, optional=True)

    return Tables(
        case=read_case(folder),
        sources=read_records(folder / "sources.json", "sources", Source),
        claims=tuple(read_records(one, "claims", Claim) for one in _list_claim_files(folder)),
        places=read_records(folder / "places.json", "places", Place),
        conflicts=read("conflicts", Conflict),
        routes=read("routes", Route),
        airfield=read("airfield", Airfield),
        towns=read("towns", Town),
        systems=read("systems", System),
        origins=read("origins", Origin),
        vocabularies=read_vocabularies(folder),
    )


def _list_claim_files(folder: Path) -> list[Path]:
    """Return the files claims*.json by name; claims.json if there is none, which is a fault."""
    found = sorted(folder.glob("claims*.json"), key=lambda path: path.stem)
    return found or [folder / "claims.json"]


def _list_faults(tables: Tables) -> list[RecordFault]:
    found = [fault for table in tables for fault in table.faults]
    airfield = tables.airfield
    if len(airfield.records) != 1 and not airfield.faults and not airfield.absent:
        why = "the file describes exactly one airfield"
        value, remedy = f"{len(airfield.records)} found", 'write {"airfield": {...}}'
        found.append(RecordFault(airfield.file, "", "airfield", why, value, remedy))
    return found + find_cross_faults(tables)
