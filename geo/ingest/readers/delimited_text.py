"""Read CSV, TSV and other delimited text; each row keeps its line number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import make_column_names, parse_text_column
from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.file_content import FileContent
from geo.ingest.base.limits import MB
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.raw_table import RawTable
from geo.ingest.base.safe_text import format_count, printable, quote_names
from geo.ingest.readers.encoding import decode_text

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE = 30
_MAX_RESTARTS, _MAX_REREAD = 50, 1_000_000  # times, lines
_REMEDY = "Give each row as many cells as the header has; put cells with the delimiter in quotes."


@dataclass
class DelimitedRows:
    """The header and rows of a delimited text file, split into cells."""

    header: list[str]
    unnamed: set[str] = field(default_factory=set)
    """Generated names of columns whose header cell is empty."""
    renamed: list[str] = field(default_factory=list)
    """New names of columns whose name occurred before."""
    cells: list[list[str]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def read_csv(body: bytes, log: Diagnostics, options: ImportOptions) -> FileContent:
    """Read a text file with any delimiter; see :func:`read_tsv` for one with tabs."""
    return _read_delimited(body, log, options, tabs=False)


def read_tsv(body: bytes, log: Diagnostics, options: ImportOptions) -> FileContent:
    """Read a text file whose delimiter is a tab unless another fits better."""
    return _read_delimited(body, log, options, tabs=True)


def _read_delimited(
    body: bytes, log: Diagnostics, options: ImportOptions, tabs: bool
) -> FileContent:
    """Return the table of a delimited text file.

    Raises
    ------
    FileRejectedError
        If there is no header or no row, or a limit is exceeded.
    """
    text, encoding = decode_text(body, log, options.encoding)
    lines = list(io.StringIO(text, newline=""))
    start = next((n for n, line in enumerate(lines) if line.strip(" \t\r\n,;|")), None)
    if start is None:
        raise FileRejectedError(
            "The file is empty: it has no header and no row.", "Export it again."
        )
    first = lines[start].strip()
    hint = first[4:5] if first.lower().startswith("sep=") and len(first) == 5 else ""
    start += bool(hint)
    delimiter = options.delimiter or hint or _detect_delimiter(lines[start:], tabs)
    if len(delimiter) != 1 or delimiter in '\r\n"':
        why = f"{printable(delimiter, 20)!r} is not a delimiter."
        raise FileRejectedError(why, "Choose one character: , ; tab or |.")
    sheet = _split_rows(lines, _find_header(lines, start, delimiter, log), delimiter, log)
    if not sheet.cells and not log.rejected_lines:
        header = quote_names(sheet.header)
        raise FileRejectedError(
            f"The file has a header ({header}) and no rows.", "Export it again."
        )
    data, numbers = _build_columns(sheet, log), np.array(sheet.rows)
    text = f"Cells are separated by {_NAMES.get(delimiter, repr(delimiter))}; rows are counted "
    text += "from 1 below the header, lines from the top of the file."
    log.add_message("info", text)
    table = RawTable("", data, numbers, lines=np.array(sheet.lines))
    return FileContent([table], encoding=encoding, delimiter=delimiter)


def _detect_delimiter(lines: list[str], tabs: bool) -> str:
    """Return the delimiter that splits the first lines most evenly, into the most cells."""
    best, most = ("\t" if tabs else ","), (False, 0.0, 0)
    sample = "".join(lines[:_SAMPLE])[:MB]
    for one in ("\t", *DELIMITERS) if tabs else DELIMITERS:
        widths = _count_cells(sample, one)
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        if usual > 1:
            score = (widths[0] == usual, round(widths.count(usual) / len(widths), 1), usual)
            if score > most:
                best, most = one, score
    return best


def _count_cells(sample: str, delimiter: str) -> list[int]:
    try:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        return [len(row) for row in rows if row]
    except csv.Error:
        return []


def _find_header(lines: list[str], start: int, delimiter: str, log: Diagnostics) -> int:
    """Return the line of the header: the first with two cells, below titles and remarks."""
    if max(_count_cells("".join(lines[start : start + _SAMPLE])[:MB], delimiter), default=0) < 2:
        return start
    for first, cells, _ in _iterate_rows(lines[: start + _SAMPLE], start, delimiter):
        if sum(bool(cell.strip()) for cell in cells) > 1:
            if first > start:
                count = format_count(first - start, "line")
                title = quote_names([lines[start].strip()])
                text = f"{count} above the header left out, from line {start + 1}: {title}."
                log.add_message("warning", text)
            return first
    return start


def _split_rows(lines: list[str], start: int, delimiter: str, log: Diagnostics) -> DelimitedRows:
    """Split lines into rows; reject a row with too few or too many cells.

    An unclosed quotation mark would swallow all rows after it: if a row over several lines does
    not fit the header, only its first line is rejected and the others are split again.
    """
    csv.field_size_limit(2**31 - 1)
    sheet: DelimitedRows | None = None
    restarts = reread = number = 0
    while start < len(lines):
        for first, cells, after in _iterate_rows(lines, start, delimiter):
            start = after
            if not any(cells):  # spreadsheets export such rows
                continue
            if sheet is None:
                sheet = _parse_header(cells, log)
                continue
            number += 1
            log.limits.check_rows(number)
            if len(cells) == len(sheet.header):
                sheet.cells.append(cells)
                sheet.rows.append(number)
                sheet.lines.append(first + 1)
                continue
            why = f"It has {len(cells):,} cells where the header has {len(sheet.header):,}."
            several = after - first > 1
            if several:
                why += " A quotation mark that opens in it may not be closed."
            log.reject_line("", number, delimiter.join(cells), why, _REMEDY, first + 1)
            if several and restarts < _MAX_RESTARTS and reread < _MAX_REREAD:
                restarts, reread = restarts + 1, reread + after - first
                start = first + 1
                break
    return sheet or DelimitedRows([])


def _iterate_rows(
    lines: list[str], start: int, delimiter: str
) -> Iterator[tuple[int, list[str], int]]:
    """Yield (first line, cells, line after) of each row, lines from 0."""
    reader = csv.reader(lines[start:], delimiter=delimiter)
    before = start
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            why = (
                f"The file cannot be split into cells at line {start + reader.line_num} ({error})."
            )
            raise FileRejectedError(why, "Export it as CSV again.") from error
        after = start + reader.line_num
        yield before, cells, after
        before = after


def _parse_header(cells: list[str], log: Diagnostics) -> DelimitedRows:
    log.limits.check_columns(len(cells), subject="The header")
    names = make_column_names(cells)
    pairs = list(zip(names, cells, strict=True))
    unnamed = {name for name, cell in pairs if not cell.strip()}
    return DelimitedRows(
        names, unnamed, [name for name, cell in pairs if name != cell and cell.strip()]
    )


def _build_columns(sheet: DelimitedRows, log: Diagnostics) -> pd.DataFrame:
    """Return the cells as columns; a column without name and values is left out."""
    parts = zip(*sheet.cells, strict=True) if sheet.cells else ([] for _ in sheet.header)
    columns = {}
    renamed = list(sheet.renamed)
    for name, cells in zip(sheet.header, parts, strict=True):
        if name in sheet.unnamed:
            if not any(cells):
                continue
            renamed.append(name)
        columns[name] = parse_text_column(list(cells))
    if renamed:
        log.add_message(
            "warning",
            f"Columns without a name, or with a repeated one, were named {quote_names(renamed)}.",
        )
    return pd.DataFrame(columns, index=pd.RangeIndex(len(sheet.cells)))
