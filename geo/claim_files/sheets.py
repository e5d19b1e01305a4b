"""Find the tables of records among the sheets of a file, and split them into rows."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from geo.claim_files.columns import (
    ADDED,
    RECORD_VERSION,
    TABLE_KINDS,
    TableKind,
    list_columns,
)
from geo.claim_files.models import CellFault, RawRow
from geo.evidence.layer_tables import CLAIM_COLUMNS
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.readers.cell_tables import Cell, CellFile, CellRow, CellTable

ABOUT = "About this file"
FIELDS = "Fields and words"
LISTS = "Lists"
_OWN_SHEETS = frozenset({ABOUT, FIELDS, LISTS})
_SEARCHED = 20  # rows above a header
_FEWEST = 2  # known columns of a header
DERIVED = frozenset(
    {
        *CLAIM_COLUMNS,
        *("geometry", "lat", "lon", "wkt", "crs", "link", "time_zone", "side", "in_view"),
    }
)
"""Columns of `data --format csv`; from those that are no field of a claim nothing is read."""
_ALIASES = {
    "what": "subject",
    "what is reported": "says",
    "statement": "says",
    "report": "says",
    "from": "observed_from",
    "to": "observed_to",
    "systems named": "systems",
    "points to": "stance",
    "reported by": "source",
    "count": "count_min",
    "remark": "note",
}


def fold(text: str) -> str:
    """Return a word without case, and with single blanks for blanks, hyphens and underscores."""
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()


class SheetReader:
    """Turns cell tables into rows of records, and collects what cannot be used."""

    def __init__(self) -> None:
        self.rows: list[RawRow] = []
        self.faults: list[CellFault] = []
        self.notes: list[str] = []
        self.exported: dict[str, tuple[str, ...]] = {}

    def read(self, file: CellFile) -> None:
        """Read every table of a file."""
        self.notes += file.notes
        found = False
        for table in file.tables:
            if table.name == ABOUT:
                self._read_about(table)
            elif table.name not in _OWN_SHEETS and table.rows:
                found |= self._read_table(table)
        if not found and not self.faults:
            why = "no table of claims, sources, places, origins or systems is in the file"
            columns = quote_names([one.name for one in list_columns("claims")][:5])
            remedy = f"begin from the template; the first row names the columns, such as {columns}"
            self.faults.append(CellFault("", 0, "", "", why, remedy))

    def _read_about(self, table: CellTable) -> None:
        for row in table.rows:
            name, *values = (str(cell) for cell in row.cells if cell is not None)
            if name.startswith("exported "):
                ids = " ".join(values).split()
                kind = name.removeprefix("exported ")
                self.exported[kind] = (*self.exported.get(kind, ()), *ids)

    def _read_table(self, table: CellTable) -> bool:
        header = _find_header(table)
        if header is None:
            name = printable(table.name, 60)
            if fold(table.name) in TABLE_KINDS:
                why, remedy = "no row names the columns", "name them in the row above the others"
                self._add_fault(name, table.rows[0].number, "", "", why, remedy)
            elif name:
                self.notes.append(f"The sheet “{name}” has no known columns and is left out.")
            return False
        kind, at = header
        names = self._name_columns(kind, table.name, table.rows[at])
        for row in table.rows[at + 1 :]:
            self._add_row(kind, table.name or kind, row, names)
        return True

    def _name_columns(self, kind: TableKind, name: str, header: CellRow) -> list[str | None]:
        """Return the field of each column; None for one from which nothing is read."""
        known = {fold(one): one for one in _column_names(kind)}
        names: list[str | None] = []
        for cell in header.cells:
            title = "" if cell is None else str(cell)
            folded = fold(title)
            field = known.get(folded) or _find_alias(folded, kind)
            if field is not None and field in names:
                why, remedy = "the column is there twice", "keep one of them"
                self._add_fault(name or kind, header.number, field, title, why, remedy)
            elif field is None and folded and folded.replace(" ", "_") not in DERIVED:
                near = get_close_matches(folded, list(known), 1, 0.75)
                remedy = f"did you mean {known[near[0]]!r}?" if near else "remove the column"
                why = f"no such column of {kind}"
                self._add_fault(name or kind, header.number, title, title, why, remedy)
            names.append(field)
        return names

    def _add_row(
        self, kind: TableKind, table: str, row: CellRow, names: Sequence[str | None]
    ) -> None:
        spare = [cell for cell in row.cells[len(names) :] if cell is not None]
        if spare:
            why = f"the row has {len(row.cells)} cells where the header has {len(names)}"
            remedy = "put a text with the delimiter in it in quotes; close every quotation mark"
            self._add_fault(table, row.number, "", str(spare[0]), why, remedy)
            return
        padded = (*row.cells, *[None] * (len(names) - len(row.cells)))
        cells = {
            name: _empty_as_none(cell)
            for name, cell in zip(names, padded, strict=True)
            if name is not None
        }
        if any(cell is not None for name, cell in cells.items() if name not in ADDED):
            self.rows.append(RawRow(kind, table, row.number, cells))

    def _add_fault(
        self, table: str, row: int, field: str, value: str, why: str, remedy: str
    ) -> None:
        value = printable(value, 80)
        self.faults.append(CellFault(table, row, printable(field, 60), value, why, remedy))


def _empty_as_none(cell: Cell) -> Cell:
    return None if isinstance(cell, str) and not cell.strip() else cell


def _column_names(kind: TableKind) -> tuple[str, ...]:
    return (*(one.name for one in list_columns(kind)), *ADDED)


def _find_alias(folded: str, kind: TableKind) -> str | None:
    found = _ALIASES.get(folded)
    return found if kind == "claims" else None


def _find_header(table: CellTable) -> tuple[TableKind, int] | None:
    """Return the kind of a table and the position of its header, None if it has none.

    The sheet's name decides between kinds whose columns are alike.
    """
    named = fold(table.name)
    best: tuple[int, TableKind, int] | None = None
    for at, row in enumerate(table.rows[:_SEARCHED]):
        titles = {fold(str(cell)) for cell in row.cells if isinstance(cell, str)}
        for kind, score in _score(titles):
            bonus = 100 if named in (kind, kind.removesuffix("s")) else 0
            if score >= _FEWEST and (best is None or score + bonus > best[0]):
                best = score + bonus, kind, at
        if best is not None:
            return best[1], best[2]
    return None


def _score(titles: set[str]) -> Iterator[tuple[TableKind, int]]:
    for kind in TABLE_KINDS:
        names = {fold(name) for name in _column_names(kind) if name != RECORD_VERSION}
        aliases = {one for one in titles if _find_alias(one, kind)}
        yield kind, len(titles & names | aliases)
