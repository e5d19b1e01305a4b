"""Records that people give, and the check of them against the evidence that is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from geo.errors import LedgerError
from geo.evidence import Evidence, RecordFault
from geo.evidence.integrity import Tables, find_cross_faults
from geo.evidence.json_records import RecordTable, add_record
from geo.evidence.models import Place
from geo.evidence.record import Record
from geo.ledger.entries import MODELS
from geo.ledger.models import Fields, RecordKind
from geo.text.text_search import fold_name

Given = Fields | Record
FILES: dict[RecordKind, str] = {
    "source": "sources",
    "place": "places",
    "origin": "origins",
    "system": "systems",
    "claim": "claims",
    "conflict": "conflicts",
}
"""The table of each kind, in an order in which no record names a later one."""


class RecordsRefusedError(LedgerError):
    """Records that cannot be kept, because of the faults; none of them is kept."""

    def __init__(self, faults: Sequence[RecordFault]) -> None:
        self.faults = tuple(faults)
        things = "thing is" if len(faults) == 1 else "things are"
        lines = "\n".join(map(str, faults))
        super().__init__(f"{len(faults)} {things} wrong, and nothing is kept:\n{lines}")


@dataclass(frozen=True)
class Records:
    """Records of one act, as models or as their fields."""

    claims: tuple[Given, ...] = ()
    sources: tuple[Given, ...] = ()
    places: tuple[Given, ...] = ()
    origins: tuple[Given, ...] = ()
    systems: tuple[Given, ...] = ()
    conflicts: tuple[Given, ...] = ()

    def list_fields(self) -> Iterator[tuple[RecordKind, Fields]]:
        """Yield kind and fields of each record, those that others name first."""
        for kind, name in FILES.items():
            for given in getattr(self, name):
                yield kind, _to_fields(given)

    def with_claims(self, claims: Sequence[Given]) -> Records:
        """Return the same records with other claims."""
        return replace(self, claims=tuple(claims))


def _to_fields(given: Given) -> Fields:
    return given.model_dump(mode="json") if isinstance(given, Record) else dict(given)


@dataclass(frozen=True)
class CheckedRecords:
    """Valid records in the order of `Records.list_fields`, and every fault."""

    fields: tuple[tuple[RecordKind, Fields], ...]
    faults: tuple[RecordFault, ...]


def check_records(evidence: Evidence, records: Records) -> CheckedRecords:
    """Check records by the rules of evidence files, as if they were added to the evidence."""
    tables = {kind: RecordTable[Record](name) for kind, name in FILES.items()}
    for kind, fields in records.list_fields():
        table = tables[kind]
        add_record(fields, len(table.ids) + 1, MODELS[kind], table)
    found = [fault for table in tables.values() for fault in table.faults]
    before = set(find_cross_faults(_make_tables(evidence, {})))
    after = find_cross_faults(_make_tables(evidence, tables))
    unused = [fault for fault in after if fault.file == "systems" and fault.field == "name"]
    found += [one for one in after if one not in before and one not in unused]
    found += _find_same_names(evidence.places, tables["place"].records)
    valid = [
        (kind, record.model_dump(mode="json"))
        for kind, table in tables.items()
        for record in table.records
    ]
    return CheckedRecords(tuple(valid), tuple(found))


def _find_same_names(there: Sequence[Record], given: Sequence[Record]) -> Iterator[RecordFault]:
    """Yield a fault for each place whose name, new to it, is that of another place."""
    places = {_name(one): cast(Place, one) for one in (*there, *given)}
    before = {_name(one): cast(Place, one).name for one in there}
    for place in (places[_name(one)] for one in given):
        folded = fold_name(place.name)
        same = [one.id for one in places.values() if fold_name(one.name) == folded]
        others = [name for name in same if name != place.id]
        if folded and others and before.get(place.id) != place.name:
            why = f"a place of this name is there already ({others[0]})"
            remedy = "choose that place, or give this one a name of its own"
            yield RecordFault(FILES["place"], place.id, "name", why, place.name, remedy)


def find_faults_without(evidence: Evidence, places: Collection[str]) -> list[RecordFault]:
    """Return what would be wrong with the case and its other places without some of them."""
    left = tuple(place for place in evidence.places if place.id not in places)
    before = set(find_cross_faults(_make_tables(evidence, {})))
    after = find_cross_faults(_make_tables(replace(evidence, places=left), {}))
    return [fault for fault in after if fault not in before and fault.file != FILES["claim"]]


def _make_tables(evidence: Evidence, new: Mapping[RecordKind, RecordTable[Record]]) -> Tables:
    """Return the tables of the evidence in which new records replace those of the same id."""

    def merge(kind: RecordKind, there: Sequence[Record]) -> RecordTable[Any]:
        added = new.get(kind, RecordTable[Record](FILES[kind]))
        names = set(added.ids)
        kept = [one for one in there if _name(one) not in names]
        ids = [*map(_name, kept), *added.ids]
        return RecordTable(added.file, [*kept, *added.records], ids, list(added.faults))

    def table(name: str, records: Sequence[Record]) -> RecordTable[Any]:
        return RecordTable(name, list(records), [_name(one) for one in records])

    def free(merged: RecordTable[Any], name: str) -> RecordTable[Any]:
        return replace(merged, absent=name in evidence.free_names)

    airfield = (evidence.airfield,) if evidence.airfield else ()
    return Tables(
        case=RecordTable("case", [evidence.case]),
        sources=merge("source", evidence.sources),
        claims=(merge("claim", evidence.claims),),
        places=merge("place", evidence.places),
        conflicts=merge("conflict", evidence.conflicts),
        routes=table("routes", evidence.routes),
        airfield=replace(table("airfield", airfield), absent=not airfield),
        towns=replace(table("towns", evidence.towns), absent=not evidence.towns),
        systems=free(merge("system", evidence.systems), "systems"),
        origins=free(merge("origin", evidence.origins), "origins"),
        vocabularies=table("vocabularies", evidence.vocabularies),
    )


def _name(record: Record) -> str:
    return cast(str, getattr(record, "id", None) or getattr(record, "name", ""))
