"""Check the fields of one row against the model and the rules of its record."""

import re
from collections.abc import Collection
from typing import Any

from geo.claim_files.columns import MODELS, TableKind
from geo.claim_files.models import CellFault
from geo.evidence.json_records import RecordFault, RecordTable, add_record
from geo.evidence.record import Record
from geo.ingest.base.safe_text import printable
from geo.ledger.models import Fields

_OF_AN_EMPTY_CELL = (
    *("input should be a valid", "not a", "the text is empty", "the list is empty"),
    "the field is missing",
)
_BOUND = re.compile(r"input should be (greater|less) than or equal to (\S+)")
_FILL_IN = "fill in the cell"


def check_fields(
    kind: TableKind, fields: Fields, bad: Collection[str], table: str, row: int
) -> tuple[Record | None, list[CellFault]]:
    """Return the record that fields make, or None and every fault.

    `bad` are fields that have a fault already: they are not among the fields, and what is
    missing is not reported again.
    """
    checked: RecordTable[Record] = RecordTable(table)
    model = MODELS[kind]
    optional = {name for name, one in model.model_fields.items() if not one.is_required()}
    given = {n: one for n, one in fields.items() if one is not None or n not in optional}
    add_record(given, row, model, checked)
    faults = [
        _make_fault(fault, given, row)
        for fault in checked.faults
        if fault.field.split(".")[0] not in bad
    ]
    record = checked.records[0] if checked.records and not bad else None
    return record, list(dict.fromkeys(faults))


def _make_fault(fault: RecordFault, fields: Fields, row: int) -> CellFault:
    name = fault.field.split(".")[0]
    empty = fields.get(name) in (None, [], {}, "")
    if empty and fault.why.startswith(_OF_AN_EMPTY_CELL):
        remedy = fault.remedy if fault.remedy.startswith("use ") else _FILL_IN
        return CellFault(fault.file, row, fault.field, "", "the cell is empty", remedy)
    given = fields.get(name)
    value = printable(given, 80) if isinstance(given, str) else fault.value
    value = "" if value == "None" else value
    why, remedy = fault.why, fault.remedy.replace("set it to null", "empty the cell")
    if bound := _BOUND.fullmatch(why):
        size, than = ("too small", "more") if bound[1] == "greater" else ("too large", "less")
        why, remedy = f"the number is {size}", f"write {bound[2]} or {than}"
    return CellFault(fault.file, row, fault.field, value, why, remedy)


def to_fields(record: Record) -> Fields:
    """Return a record as JSON has it."""
    fields: dict[str, Any] = record.model_dump(mode="json")
    return fields
