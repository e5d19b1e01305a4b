"""Read one row: its cells, what follows from them, the rules, and what it changes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from geo.claim_files.cells import show_cell
from geo.claim_files.checking import check_fields, to_fields
from geo.claim_files.columns import (
    RECORD_VERSION,
    WITHDRAW,
    FileColumn,
    TableKind,
    key_field,
    list_columns,
)
from geo.claim_files.comparing import Compared
from geo.claim_files.filling import fill_in, find_unfilled
from geo.claim_files.models import (
    CellError,
    CellFault,
    FieldDifference,
    FileRow,
    RawRow,
    RowStatus,
)
from geo.claim_files.parsing import CellParser
from geo.claim_files.record_book import RecordBook
from geo.evidence.provenance import fill_missing
from geo.ingest.base.safe_text import printable
from geo.ledger.models import Fields
from geo.text.slugs import slugify

_NO_REASONS = frozenset({"yes", "y", "x", "true", "1", "1.0", "ja", "oui"})
_NO = frozenset({"no", "n", "false", "0", "0.0"})


@dataclass
class _Read:
    """The values of a row by field, and the faults of the cells that have none."""

    row: RawRow
    values: Fields = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    unnamed: bool = False
    """Whether the id would be made from fields that are empty or have a fault."""

    def add_fault(self, name: str, why: str, remedy: str, value: str | None = None) -> None:
        shown = printable(show_cell(self.row.cells.get(name)) if value is None else value, 80)
        self.faults.append(CellFault(self.row.table, self.row.number, name, shown, why, remedy))

    @property
    def bad(self) -> set[str]:
        return {fault.field for fault in self.faults}


class RowReader:
    """Reads the rows of one file; rows of a table are announced before they are read."""

    def __init__(
        self, book: RecordBook, parser: CellParser, new_claim_id: Callable[[str, str | None], str]
    ) -> None:
        self._book = book
        self._parser = parser
        self._new_claim_id = new_claim_id
        self._made: dict[str, Fields] = {}
        self._sets: dict[str, str] = {}
        self._used: set[str] = set()
        self._ids: dict[tuple[TableKind, str, int], str] = {}
        self.unknown_versions = 0

    def announce(self, row: RawRow) -> None:
        """Make the record of a row known to the rows that refer to it, also if it has faults."""
        name = str(row.cells.get(key_field(row.kind)) or "").strip() or self._make_id(row)
        self._ids[row.kind, row.table, row.number] = name
        self._used.add(name)
        if name and name not in self._parser.known[row.kind].ids:
            others = [row.cells.get(one) for one in ("name", "short_name", "publisher", "title")]
            texts = [str(one) for one in others if isinstance(one, str)]
            self._parser.known[row.kind].add(name, texts)

    def read(self, row: RawRow, twice: str = "") -> FileRow:
        """Return what a row does. `twice` is the row that has the same id before it."""
        key = key_field(row.kind)
        record = str(row.cells.get(key) or "").strip()
        now = self._book.find(row.kind, record) if record else None
        read = _Read(row)
        if twice:
            read.add_fault(key, f"the id is also in {twice}", "keep one of the two rows")
        elif record and now is None:
            self._check_new_id(read, key, record)
        reason = self._read_withdrawal(read, now)
        if reason and not read.faults:
            return FileRow(row.kind, row.table, row.number, record, "withdrawn", reason=reason)
        if now is not None:
            return self._read_known(read, record, now)
        return self._read_new(read, record)

    def _check_new_id(self, read: _Read, key: str, record: str) -> None:
        """Add a fault if the id of a new record was used before, or only differs in its case."""
        kind = read.row.kind
        if self._book.is_known(kind, record):
            why = "a record of this id was withdrawn, or is the draft of another person"
            read.add_fault(key, why, "leave the cell empty for a new one")
        elif other := self._book.find_other_case(kind, record):
            read.add_fault(key, "no such id", f"did you mean {other!r}? Else choose another id")

    def _read_withdrawal(self, read: _Read, now: Fields | None) -> str:
        """Return the reason to withdraw the record of a row; empty if it stays."""
        cell = read.row.cells.get(WITHDRAW)
        text = "" if cell is None else str(cell).strip()
        if text.casefold() in _NO | {""}:
            return ""
        if text.casefold() in _NO_REASONS:
            read.add_fault(WITHDRAW, "no reason", "write why it is withdrawn, in words")
        elif now is None and not read.faults:
            why = "a record that is not there cannot be withdrawn"
            read.add_fault(WITHDRAW, why, "correct the id, or empty this cell")
        return text

    def _read_known(self, read: _Read, record: str, now: Fields) -> FileRow:
        row = read.row
        version = str(row.cells.get(RECORD_VERSION) or "").strip()
        base = self._book.find_version(row.kind, record, version)
        if version and base is None:
            self.unknown_versions += 1
        base = base or now
        compared = Compared(base, now)
        for column in list_columns(row.kind):
            if column.name not in row.cells:
                continue
            if compared.keeps(row.cells[column.name], column):
                read.values[column.name] = base.get(column.name)
            else:
                self._parse(read, column)
        values = {name: one for name, one in read.values.items() if name not in read.bad}
        differences = compared.list_differences(row.kind, values)
        if not differences and not read.faults:
            return FileRow(row.kind, row.table, row.number, record, "unchanged")
        merged = compared.merge(row.kind, values)
        if row.kind == "sources":
            merged = fill_missing(merged)
        status: RowStatus = "conflict" if any(d.contradicts for d in differences) else "changed"
        return self._finish(read, record, merged, status, differences=differences)

    def _read_new(self, read: _Read, record: str) -> FileRow:
        row = read.row
        for column in list_columns(row.kind):
            self._parse(read, column)
        values = {name: one for name, one in read.values.items() if name not in read.bad}
        key = key_field(row.kind)
        if not record and key not in read.bad:
            record = self._ids[row.kind, row.table, row.number]
            if row.kind == "claims" and values.get("source"):
                record = self._make_claim_id(str(values["source"]))
            if record:
                values[key] = record
        if not record:
            read.unnamed = row.kind != "systems"
        self._used.add(record)
        filled = fill_in(row.kind, values, self._book.evidence, self._made)
        if row.kind == "sources":
            values = fill_missing(values)
            self._sets[record] = str(values.get("set") or "")
        if row.kind == "places":
            self._made[record] = values
        return self._finish(read, record, values, "new", filled=filled)

    def _parse(self, read: _Read, column: FileColumn) -> None:
        try:
            read.values[column.name] = self._parser.parse(read.row.cells.get(column.name), column)
        except CellError as error:
            read.add_fault(column.name, error.why, error.remedy, error.value)

    def _finish(
        self,
        read: _Read,
        record: str,
        fields: Fields,
        status: RowStatus,
        *,
        differences: tuple[FieldDifference, ...] = (),
        filled: tuple[str, ...] = (),
    ) -> FileRow:
        row = read.row
        bad = read.bad | find_unfilled(row.kind, fields, read.bad)
        given = {name: one for name, one in fields.items() if name not in bad}
        checked, found = check_fields(row.kind, given, bad, row.table, row.number)
        if read.unnamed and len(found) + len(read.faults) > 1:
            found = [fault for fault in found if fault.field != key_field(row.kind)]
        faults = (*read.faults, *found)
        result = FileRow(row.kind, row.table, row.number, record, "faulty", faults=faults)
        if checked is None or faults:
            return result
        kept = to_fields(checked)
        if status != "new":  # values are compared as the model writes them
            differences = tuple(one for one in differences if kept[one.field] != one.now)
            if not differences:
                return replace(result, status="unchanged")
        return replace(
            result,
            status=status,
            fields=kept,
            differences=differences,
            filled=filled,
        )

    def _make_id(self, row: RawRow) -> str:
        """Return an id for a record without one, made of its name; claims have theirs later."""
        place = row.cells.get("short_name") or row.cells.get("name") or ""
        source = row.cells.get("publisher") or row.cells.get("title") or ""
        words = {
            "sources": f"{source} {row.cells.get('reported_on') or ''}",
            "places": str(place),
            "origins": str(row.cells.get("name") or ""),
        }
        stem = slugify(words.get(row.kind, "").removesuffix("00:00:00").strip(), longest=48)
        taken = {*self._parser.known[row.kind].ids, *self._used}
        at = 1
        made = stem
        while made and (made in taken or self._book.is_known(row.kind, made)):
            at += 1
            made = f"{stem}-{at}"
        return made

    def _make_claim_id(self, source: str) -> str:
        """Return the next id of a source that no claim and no row before has."""
        made = self._new_claim_id(source, self._sets.get(source))
        stem, _, number = made.rpartition("-")
        at = int(number) if number.isdigit() else 1
        while made in self._used or self._book.is_known("claims", made):
            at += 1
            made = f"{stem}-{at:02d}"
        return made
