"""The rows of an export: claims, and the records that they name, cell by cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from geo.claim_files.cells import hash_record, write_cell
from geo.claim_files.columns import (
    DATA_VERSION,
    RECORD_VERSION,
    TABLE_KINDS,
    WITHDRAW,
    TableKind,
    list_columns,
)
from geo.evidence import Evidence
from geo.evidence.record import Record
from geo.ledger.models import Fields

CellValue = str | int | float | date | None


@dataclass(frozen=True)
class RecordTables:
    """Records by table, and what a file says about where they are from.

    `records` has a table of each kind, empty for a template.
    """

    records: dict[TableKind, tuple[Fields, ...]]
    about: dict[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The data version that the records were written from."""
        return self.about.get(DATA_VERSION, "")


def collect_records(
    evidence: Evidence, ids: Iterable[str], *, link: str = "", version: str = ""
) -> RecordTables:
    """Return claims in the order of their ids, with the sources, places, … that they name."""
    by_id = {claim.id: claim for claim in evidence.claims}
    ids = list(ids)
    claims = [by_id[name] for name in ids if name in by_id]
    sources = {claim.source for claim in claims}
    places = {claim.place for claim in claims}
    origins = {name for claim in claims for name in claim.origins}
    systems = {name for claim in claims for name in claim.systems}
    named: dict[TableKind, Sequence[Record]] = {
        "claims": claims,
        "sources": [one for one in evidence.sources if one.id in sources],
        "places": [one for one in evidence.places if one.id in places],
        "origins": [one for one in evidence.origins if one.id in origins],
        "systems": [one for one in evidence.systems if one.name in systems],
    }
    about = {"link": link, DATA_VERSION: version}
    left = [name for name in ids if name not in by_id]
    if left:
        about["left out"] = f"of another version of the evidence: {', '.join(left)}"
    return RecordTables(
        {kind: tuple(one.model_dump(mode="json") for one in some) for kind, some in named.items()},
        {name: value for name, value in about.items() if value},
    )


def empty_tables() -> RecordTables:
    """Return tables without records, for a template."""
    return RecordTables(dict.fromkeys(TABLE_KINDS, ()))


def list_titles(kind: TableKind) -> list[str]:
    """Return the titles of a table's columns; the technical ones are the last two."""
    names = [column.name for column in list_columns(kind)]
    return [*names, *([WITHDRAW] if kind == "claims" else []), RECORD_VERSION, DATA_VERSION]


def write_row(kind: TableKind, fields: Fields, version: str) -> list[CellValue]:
    """Return the cells of one record, in the order of `list_titles`."""
    cells = [write_cell(fields.get(column.name), column) for column in list_columns(kind)]
    spare: list[CellValue] = [None] if kind == "claims" else []
    return [*cells, *spare, hash_record(fields), version or None]
