"""Read CSV, TSV and other delimited text; each row keeps its line number."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import (
    make_column_names,
    parse_text_column,
    report_renamed_columns,
)
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.limits import MB
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import format_count, printable, quote_names
from geo.ingest.detect.coordinate_formats import is_geometry_text
from geo.ingest.detect.coordinate_pairs import split_pair
from geo.ingest.readers.encoding import decode_text

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE = 30
_DECIMAL = re.compile(r"(?<![\d,])-?\d{1,7},\d+(?![\d,])")
_MAX_RESTARTS, _MAX_REREAD = 50, 1_000_000  # times, lines
_REMEDY = "Give each row as many cells as the header has; put cells with the delimiter in quotes."


@dataclass
class DelimitedRows:
    """The header and rows of a delimited text file, split into cells."""

    header: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def read_delimited(body: bytes, log: Diagnostics) -> list[RawTable]:
    """Return the table of a text file with any delimiter; in TSV a tab, unless another fits."""
    lines = list(io.StringIO(decode_text(body, log), newline=""))
    start = next((n for n, line in enumerate(lines) if line.strip(" \t\r\n,;|")), None)
    if start is None:
        raise FileRejectedError(
            "The file is empty: it has no header and no row.", "Export it again."
        )
    first = lines[start].strip()
    hint = first[4:5] if first.lower().startswith("sep=") and len(first) == 5 else ""
    start += bool(hint)
    tabs = log.detected.format == "TSV"
    delimiter = log.options.delimiter or hint or detect_delimiter(lines[start:], tabs)
    if len(delimiter) != 1 or delimiter in '\r\n"':
        why = f"{printable(delimiter, 20)!r} is not a delimiter."
        raise FileRejectedError(why, "Choose one character: , ; tab or |.")
    if not log.options.delimiter and _is_one_column(lines[start:], delimiter):
        delimiter = next(one for one in "\t|;\x1f" if one not in "".join(lines[start:][:_SAMPLE]))
    sheet = _split_rows(lines, _find_header(lines, start, delimiter, log), delimiter, log)
    names = make_column_names(sheet.header)
    if not sheet.cells and not log.rejected_lines:
        why = f"The file has a header ({quote_names(names)}) and no rows."
        raise FileRejectedError(why, "Export it again.")
    data = _build_columns(sheet, names, log)
    log.inform(
        f"Cells are separated by {_NAMES.get(delimiter, repr(delimiter))}; rows are counted "
        "from 1 below the header, lines from the top of the file."
    )
    log.delimiter = delimiter
    return [RawTable("", data, np.array(sheet.rows), lines=np.array(sheet.lines))]


def detect_delimiter(lines: list[str], tabs: bool) -> str:
    """Return the delimiter that splits the first lines most evenly, into the most cells.

    The comma is last, because it is also in texts and numbers.
    """
    best, most = ("\t" if tabs else ","), (False, 0.0, 0)
    sample = "".join(lines[:_SAMPLE])[:MB]
    for one in ("\t", *_NAMES) if tabs else reversed(_NAMES):
        widths = _count_cells(sample, one)
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        if usual > 1:
            score = (widths[0] == usual, round(widths.count(usual) / len(widths), 1), usual)
            even = len(set(widths)) == 1
            if one == "," and most[0] and most[1] == 1 and even and _are_decimal(lines[1:]):
                continue
            if score > most:
                best, most = one, score
    return best


def _are_decimal(rows: list[str]) -> bool:
    """Return whether each comma of the first rows is a decimal sign, as in 35,41;35,95."""
    return all(len(_DECIMAL.findall(row)) == row.count(",") for row in rows[:_SAMPLE])


def _is_one_column(lines: list[str], delimiter: str) -> bool:
    """Return whether the delimiter is only inside of coordinates, as in 35,41 35,95 or WKT."""
    first, *others = [line.strip() for line in lines[:_SAMPLE] if line.strip()]
    if all(map(_is_whole_geometry, others)) and (others or _is_whole_geometry(first)):
        return delimiter not in first or _is_whole_geometry(first)
    return delimiter not in first and bool(others) and all(map(split_pair, others))


def _is_whole_geometry(line: str) -> bool:
    text = line.strip('"')
    return text.endswith(")") and is_geometry_text(text)


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
    for first, cells, after in _iterate_rows(lines[: start + _SAMPLE], start, delimiter):
        if sum(bool(cell.strip()) for cell in cells) > 1 and not _is_remark(lines, first, after):
            if first > start:
                count = format_count(first - start, "line")
                title = quote_names([lines[start].strip()])
                log.inform(f"{count} above the header left out, from line {start + 1}: {title}.")
            return first
    return start


def _is_remark(lines: list[str], first: int, after: int) -> bool:
    """Return whether a line begins with # and the header, which has no digits, is below it.

    A header may begin with # too, but there is a row below that.
    """
    below = next((line for line in lines[after:] if line.strip()), "")
    is_header = bool(below) and not any(map(str.isdigit, below))
    return lines[first].lstrip().startswith("#") and (below.startswith("#") or is_header)


def _split_rows(lines: list[str], start: int, delimiter: str, log: Diagnostics) -> DelimitedRows:
    """Split lines into rows; reject a row with too few or too many cells.

    An unclosed quotation mark would swallow all rows after it: if a row over several lines does
    not fit the header, only its first line is rejected and the others are split again.
    """
    csv.field_size_limit(2**31 - 1)
    sheet = DelimitedRows()
    restarts = reread = number = 0
    while start < len(lines):
        for first, cells, after in _iterate_rows(lines, start, delimiter):
            start = after
            if not any(cells):  # spreadsheets export such rows
                continue
            if not sheet.header:
                log.limits.check_columns(len(cells), subject="The header")
                is_row = any(map(is_geometry_text, cells))
                sheet.header = [""] * len(cells) if is_row else cells
                if not is_row:
                    continue
            number += 1
            log.limits.check_rows(number)
            if len(cells) > len(sheet.header) and not any(cells[len(sheet.header) :]):
                cells = cells[: len(sheet.header)]  # a delimiter at the end of each row
            if len(cells) == len(sheet.header):
                sheet.cells.append(cells)
                sheet.rows.append(number)
                sheet.lines.append(first + 1)
                continue
            why = f"It has {len(cells):,} cells where the header has {len(sheet.header):,}."
            several = after - first > 1
            if several:
                why += " A quotation mark that opens in it may not be closed."
            log.reject_line(number, delimiter.join(cells), why, _REMEDY, first + 1)
            if several and restarts < _MAX_RESTARTS and reread < _MAX_REREAD:
                restarts, reread = restarts + 1, reread + after - first
                start = first + 1
                break
    return sheet


def _iterate_rows(
    lines: list[str], start: int, delimiter: str
) -> Iterator[tuple[int, list[str], int]]:
    """Yield (first line, cells, line after) of each row, lines from 0."""
    reader = csv.reader(lines[start:], delimiter=delimiter)
    before = start
    try:
        for cells in reader:
            after = start + reader.line_num
            yield before, cells, after
            before = after
    except csv.Error as error:
        line = start + reader.line_num
        why = f"The file cannot be split into cells at line {line} ({error})."
        raise FileRejectedError(why, "Export it as CSV again.") from error


def _build_columns(sheet: DelimitedRows, names: list[str], log: Diagnostics) -> pd.DataFrame:
    """Return the cells as columns; a column without name and values is left out."""
    parts = zip(*sheet.cells, strict=True) if sheet.cells else ([] for _ in names)
    columns, titles = {}, []
    for name, title, cells in zip(names, sheet.header, parts, strict=True):
        if title.strip() or any(cells):
            columns[name] = parse_text_column(list(cells))
            titles.append(title)
    report_renamed_columns(titles, list(columns), log)
    return pd.DataFrame(columns, index=pd.RangeIndex(len(sheet.cells)))
