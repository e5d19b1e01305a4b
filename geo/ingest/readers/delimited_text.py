"""CSV, TSV and the like: rows of text, each with the line on which it begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import plain_names, series_of_texts
from geo.ingest.base.diagnostics import Diagnostics, RawTable, counted, listed
from geo.ingest.base.limits import MB
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.safe_text import printable
from geo.ingest.readers.encoding import decoded

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_LOOKED_AT = 30
_RESTARTS, _READ_AGAIN = 50, 1_000_000  # times, lines
_REMEDY = "Give each row as many cells as the header has; put cells with the delimiter in quotes."


@dataclass
class Sheet:
    """The rows of a text file as they were cut into cells."""

    head: list[str]
    nameless: set[str] = field(default_factory=set)
    """Names that were made up, since the header has none there."""
    again: list[str] = field(default_factory=list)
    """Names that were changed, since they came before."""
    cells: list[list[str]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class TextFile:
    """A table and how it was read."""

    table: RawTable
    encoding: str
    delimiter: str


def read_text(body: bytes, log: Diagnostics, choices: ImportOptions, tabs: bool) -> TextFile:
    """Read a delimited text file.

    Raises
    ------
    RefusedError
        When there is no header, no row, or too much of something.
    """
    text = decoded(body, log, choices.encoding)
    lines = list(io.StringIO(text.text, newline=""))
    start = next((n for n, line in enumerate(lines) if line.strip(" \t\r\n,;|")), None)
    if start is None:
        raise FileRejectedError(
            "The file is empty: it has no header and no row.", "Export it again."
        )
    said = lines[start].strip()
    hint = said[4:5] if said.lower().startswith("sep=") and len(said) == 5 else ""
    start += bool(hint)
    delimiter = choices.delimiter or hint or _delimiter(lines[start:], tabs)
    if len(delimiter) != 1 or delimiter in '\r\n"':
        why = f"{printable(delimiter, 20)!r} cannot part cells."
        raise FileRejectedError(why, "Choose one character: , ; tab or |.")
    sheet = _cut(lines, _titles(lines, start, delimiter, log), delimiter, log)
    if not sheet.cells and not log.lost:
        head = listed(sheet.head)
        raise FileRejectedError(f"The file has a header ({head}) and no rows.", "Export it again.")
    table = RawTable("", _columns(sheet, log), np.array(sheet.rows), lines=np.array(sheet.lines))
    log.add_message(
        "info",
        f"Cells are parted by {_NAMES.get(delimiter, repr(delimiter))}; rows are "
        "counted from 1 below the header, lines from the top of the file.",
    )
    return TextFile(table, text.encoding, delimiter)


def _delimiter(lines: list[str], tabs: bool) -> str:
    """Return the character that cuts the first lines into the most cells, all of one number."""
    best, most = ("\t" if tabs else ","), (False, 0.0, 0)
    sample = "".join(lines[:_LOOKED_AT])[:MB]
    for one in ("\t", *DELIMITERS) if tabs else DELIMITERS:
        widths = _widths(sample, one)
        usual = max(set(widths), key=lambda wide: (widths.count(wide), wide), default=0)
        if usual > 1:
            score = (widths[0] == usual, round(widths.count(usual) / len(widths), 1), usual)
            if score > most:
                best, most = one, score
    return best


def _widths(sample: str, delimiter: str) -> list[int]:
    try:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        return [len(row) for row in rows if row]
    except csv.Error:
        return []


def _titles(lines: list[str], start: int, delimiter: str, log: Diagnostics) -> int:
    """Return the line of the header: titles and remarks above it have one cell at most."""
    if max(_widths("".join(lines[start : start + _LOOKED_AT])[:MB], delimiter), default=0) < 2:
        return start
    for first, cells, _ in _rows(lines[: start + _LOOKED_AT], start, delimiter):
        if sum(bool(cell.strip()) for cell in cells) > 1:
            if first > start:
                told = f"{counted(first - start, 'line')} above the header left out, from line "
                log.add_message("warning", f"{told}{start + 1}: {listed([lines[start].strip()])}.")
            return first
    return start


def _cut(lines: list[str], start: int, delimiter: str, log: Diagnostics) -> Sheet:
    """Cut lines into rows; a row with too few or too many cells is set aside.

    A quotation mark that is never closed would swallow all that follows: when a row over several
    lines does not fit the header, its first line is set aside and the rest read anew.
    """
    csv.field_size_limit(2**31 - 1)
    sheet: Sheet | None = None
    restarts = again = number = 0
    while start < len(lines):
        for first, cells, after in _rows(lines, start, delimiter):
            if not any(cells):  # spreadsheets leave such rows behind
                start = after
                continue
            if sheet is None:
                sheet = _headed(cells, log)
                start = after
                continue
            number += 1
            if number > log.limits.rows:
                why = f"The file has more than {log.limits.rows:,} rows, which is the limit."
                raise FileRejectedError(why, "Split it, or keep the rows that are needed.")
            if len(cells) == len(sheet.head):
                sheet.cells.append(cells)
                sheet.rows.append(number)
                sheet.lines.append(first + 1)
                start = after
                continue
            swallowed = after - first > 1 and restarts < _RESTARTS and again < _READ_AGAIN
            _lose(log, number, first + 1, cells, len(sheet.head), delimiter, after - first > 1)
            start = first + 1 if swallowed else after
            if swallowed:
                restarts, again = restarts + 1, again + after - first
                break
    return sheet or Sheet([])


def _rows(lines: list[str], start: int, delimiter: str) -> Iterator[tuple[int, list[str], int]]:
    """Return (first line, cells, line after) of each row, lines from 0."""
    reader = csv.reader(lines[start:], delimiter=delimiter)
    before = start
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            why = f"The file cannot be cut into cells at line {start + reader.line_num} ({error})."
            raise FileRejectedError(why, "Export it as CSV again.") from error
        after = start + reader.line_num
        yield before, cells, after
        before = after


def _headed(cells: list[str], log: Diagnostics) -> Sheet:
    if len(cells) > log.limits.columns:
        why = f"The header has {len(cells):,} columns; the limit is {log.limits.columns:,}."
        raise FileRejectedError(why, "Keep the columns that are needed.")
    nameless = {
        name for name, cell in zip(plain_names(cells), cells, strict=True) if not cell.strip()
    }
    return Sheet(plain_names(cells), nameless, _again(cells))


def _lose(
    log: Diagnostics,
    number: int,
    line: int,
    cells: list[str],
    wide: int,
    delimiter: str,
    several: bool,
) -> None:
    why = f"It has {len(cells):,} cells where the header has {wide:,}."
    if several:
        why += " A quotation mark that opens in it may not be closed."
    log.reject_line("", number, delimiter.join(cells), why, _REMEDY, line)


def _again(cells: list[str]) -> list[str]:
    pairs = zip(plain_names(cells), cells, strict=True)
    return [new for new, old in pairs if new != old and old.strip()]


def _columns(sheet: Sheet, log: Diagnostics) -> pd.DataFrame:
    """Return the cells as columns; one without a name and without a cell is left out."""
    parts = zip(*sheet.cells, strict=True) if sheet.cells else ([] for _ in sheet.head)
    columns = {}
    renamed = list(sheet.again)
    for name, cells in zip(sheet.head, parts, strict=True):
        if name in sheet.nameless:
            if not any(cells):
                continue
            renamed.append(name)
        columns[name] = series_of_texts(list(cells))
    if renamed:
        log.add_message(
            "warning",
            f"Columns without a name, or with one that came before, were named {listed(renamed)}.",
        )
    return pd.DataFrame(columns, index=pd.RangeIndex(len(sheet.cells)))
