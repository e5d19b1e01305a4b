"""Check the rows of a file together: what they refer to, and the rules between records."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import cast

from geo.claim_files.columns import TableKind, list_columns
from geo.claim_files.models import CellFault, FileRow, RowStatus
from geo.ledger.desk import Desk
from geo.ledger.records import Records

KEPT: tuple[RowStatus, ...] = ("new", "changed", "conflict")
"""The rows that have a record to keep."""
_ADD = "correct that row first"


def add_cross_faults(rows: Iterable[FileRow], desk: Desk) -> tuple[FileRow, ...]:
    """Return the rows with the faults that only show when all records are there."""
    rows = _mark_dependent(tuple(rows))
    kept = [row for row in rows if row.status in KEPT]
    if not kept:
        return rows
    at = {(row.kind, row.record): row for row in kept}
    faults: dict[int, list[CellFault]] = {}
    for fault in desk.check(make_records(kept)):
        row = at.get((cast(TableKind, fault.file), fault.record))
        if row is not None:
            found = CellFault(
                row.table, row.number, fault.field, fault.value, fault.why, fault.remedy
            )
            faults.setdefault(id(row), []).append(found)
    return tuple(_with_faults(row, faults.get(id(row), ())) for row in rows)


def make_records(rows: Iterable[FileRow]) -> Records:
    """Return the records that rows keep."""
    tables: dict[TableKind, list[dict[str, object]]] = {}
    for row in rows:
        tables.setdefault(row.kind, []).append(row.fields or {})
    return Records(**{kind: tuple(some) for kind, some in tables.items()})


def _mark_dependent(rows: tuple[FileRow, ...]) -> tuple[FileRow, ...]:
    """Mark each row that names a new record which has a fault itself, until none is left."""
    broken = {(row.kind, row.record): row for row in rows if row.status == "faulty" and row.record}
    while True:
        marked = tuple(_with_faults(row, _find_broken(row, broken)) for row in rows)
        more = {
            (new.kind, new.record): new
            for old, new in zip(rows, marked, strict=True)
            if new is not old
        }
        rows = marked
        if not more:
            return rows
        broken |= more


def _find_broken(row: FileRow, broken: dict[tuple[TableKind, str], FileRow]) -> Iterator[CellFault]:
    for column in list_columns(row.kind) if row.status in KEPT and row.fields else ():
        value = (row.fields or {}).get(column.name)
        for name in value if isinstance(value, list) else [value]:
            other = broken.get((column.refers, str(name))) if column.refers else None
            if other is not None and other.record != row.record:
                why = f"it is in row {other.number} of {other.table}, which has a fault"
                yield CellFault(row.table, row.number, column.name, str(name), why, _ADD)


def _with_faults(row: FileRow, faults: Iterable[CellFault]) -> FileRow:
    found = tuple(dict.fromkeys(faults))
    if not found:
        return row
    return replace(row, status="faulty", faults=(*row.faults, *found), fields=None, differences=())
