"""Read a workbook or delimited text as plain cells, each with the row that its reader sees.

For files whose columns are known by name, such as claims: nothing is detected but encoding and
delimiter, and no cell is converted.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.limits import Limits
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable
from geo.ingest.readers.delimited_text import detect_delimiter
from geo.ingest.readers.detect_format import detect_format
from geo.ingest.readers.encoding import decode_text
from geo.ingest.readers.zip_archive import ZipArchive

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([1-9]\d{0,6})["']""")
_IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)<")
_NO_RESULT = "the formula has no stored result"


@dataclass(frozen=True)
class BadCell:
    """A cell whose content cannot be had: a spreadsheet error, a formula without a result."""

    text: str
    why: str


Cell: TypeAlias = str | int | float | bool | dt.date | dt.time | BadCell | None


@dataclass(frozen=True)
class CellRow:
    """The cells of one row, and its number as a spreadsheet shows it, from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class CellTable:
    """The rows of a sheet or text file that have a cell with content, the header included."""

    name: str
    rows: tuple[CellRow, ...]


@dataclass(frozen=True)
class CellFile:
    """All tables of a file, and what people should know about it."""

    tables: tuple[CellTable, ...]
    notes: tuple[str, ...] = ()


def read_cell_tables(body: bytes, name: str, limits: Limits) -> CellFile:
    """Return the cells of an XLSX, CSV or TSV file; raise FileRejectedError if it has none."""
    format = detect_format(name, body)
    if format.name == "XLSX":
        return _read_workbook(body, limits)
    if format.name in ("CSV", "TSV"):
        return _read_text(body, format.name == "TSV", Diagnostics(name, limits))
    why = f"A file of the kind {format.name} has no rows of this kind."
    raise FileRejectedError(why, "Choose an .xlsx, .csv or .json file.")


def _read_text(body: bytes, tabs: bool, log: Diagnostics) -> CellFile:
    lines = list(io.StringIO(decode_text(body, log), newline=""))
    first = next((n for n, line in enumerate(lines) if line.strip(" \t\r\n,;|")), None)
    if first is None:
        raise FileRejectedError("The file is empty.", "Export it again.")
    hint = re.fullmatch(r"sep=(.)\s*", lines[first], re.IGNORECASE)
    skipped = first + 1 if hint else 0
    delimiter = hint[1] if hint else detect_delimiter(lines[first:], tabs)
    csv.field_size_limit(2**31 - 1)
    rows: list[CellRow] = []
    try:
        for number, cells in enumerate(csv.reader(lines[skipped:], delimiter=delimiter), skipped):
            log.limits.check_columns(len(cells), subject=f"Row {number + 1}")
            if any(cells):
                rows.append(CellRow(number + 1, tuple(cell or None for cell in cells)))
                log.limits.check_rows(len(rows))
    except csv.Error as error:
        why = f"The file cannot be split into cells ({printable(error, 80)})."
        raise FileRejectedError(why, "Export it as CSV again.") from error
    return CellFile((CellTable("", tuple(rows)),), tuple(one.text for one in log.messages))


def _read_workbook(body: bytes, limits: Limits) -> CellFile:
    from python_calamine import CalamineError, CalamineWorkbook

    archive = ZipArchive(body, limits)
    if "[Content_Types].xml" not in archive.names(".xml"):
        why = "The name says XLSX, but the content is another kind of ZIP archive."
        raise FileRejectedError(why, "Save it as .xlsx from a spreadsheet.")
    parts = {one: archive.read(one) for one in archive.names(".xml", ".rels")}
    for one, content in parts.items():
        if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
            why = f"{printable(one, 60)!r} in it declares entities, as an XML attack does."
            raise FileRejectedError(why, "Save it as .xlsx again.")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        tables, where = [], _find_parts(parts)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            subject = f"The sheet {printable(name, 60)!r}"
            limits.check_columns(sheet.width, subject=subject)
            limits.check_rows(sheet.height, subject=subject)
            grid = [list(map(_convert, row)) for row in sheet.to_python(skip_empty_area=False)]
            _mark_bad_cells(grid, parts.get(where.get(name, ""), b""))
            tables.append(CellTable(name, tuple(_list_rows(grid))))
    except (CalamineError, ValueError, OSError) as error:
        why = f"The workbook is damaged ({printable(error, 80)})."
        raise FileRejectedError(why, "Save it as .xlsx again.") from error
    return CellFile(tuple(tables), tuple(_describe_extras(archive)))


def _convert(cell: Cell | dt.timedelta) -> Cell:
    return str(cell) if isinstance(cell, dt.timedelta) else cell


def _list_rows(grid: list[list[Cell]]) -> Iterator[CellRow]:
    for number, cells in enumerate(grid, 1):
        row = tuple(None if cell == "" else cell for cell in cells)
        if any(cell is not None for cell in row):
            yield CellRow(number, row)


def _describe_extras(archive: ZipArchive) -> Iterator[str]:
    names = [one.filename.lower() for one in archive.entries]
    if any(name.endswith("vbaproject.bin") for name in names):
        yield "The workbook has macros; they are not run."
    if any("externallinks/" in name for name in names):
        yield "The workbook refers to other files; they are not opened, stored results are used."


def _find_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the file of each sheet by the sheet's name, as workbook.xml and its links say."""
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        links = fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<x/>"))
        sheets = fromstring(parts.get("xl/workbook.xml", b"<x/>"))
    except (ParseError, ValueError):
        return {}
    targets = {one.get("Id"): str(one.get("Target")) for one in links}
    found = {}
    for one in sheets.iter():
        link = next((v for k, v in one.attrib.items() if k.endswith("}id")), None)
        if one.tag.endswith("}sheet") and link in targets:
            target = targets[link]
            inside = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            found[str(one.get("name"))] = inside
    return found


def _mark_bad_cells(grid: list[list[Cell]], sheet: bytes) -> None:
    """Put a BadCell where a sheet has an error or a formula without a result.

    calamine returns an empty text for both, as if the cell were empty.
    """
    for attributes, content in _CELL.findall(sheet):
        is_error = _IS_ERROR.search(attributes)
        if not is_error and not _FORMULA.search(content):
            continue
        at = _REFERENCE.search(attributes)
        row, column = (int(at[2]) - 1, _column_number(at[1])) if at else (-1, -1)
        if not (0 <= row < len(grid) and column < len(grid[row])) or grid[row][column] != "":
            continue
        value = _VALUE.search(content)
        if is_error:
            text = value[1].decode("utf-8", "replace") if value else "#ERROR"
            grid[row][column] = BadCell(text, "the cell has a spreadsheet error")
        elif not value:
            grid[row][column] = BadCell("a formula", _NO_RESULT)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
