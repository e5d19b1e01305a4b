"""XLSX: every sheet that holds rows."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import plain_names, series_of
from geo.ingest.base.diagnostics import Diagnostics, RawTable, listed
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable
from geo.ingest.readers.zip_archive import Archive

_EXACT_FLOAT = 2**53


def read_workbook(body: bytes, log: Diagnostics) -> list[RawTable]:
    """Return the sheets of a workbook; the first row with two cells is the header.

    Raises
    ------
    RefusedError
        When it is no workbook, or one with no row.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    archive = Archive(body, log.limits)
    if "[Content_Types].xml" not in archive.names(".xml"):
        why = "The name says XLSX, but the content is another kind of ZIP archive."
        raise FileRejectedError(why, "Give it the name that fits: .zip or .kmz.")
    for name in archive.names(".xml", ".rels"):
        if b"<!ENTITY" in archive.read(name):
            part = printable(name, 60)
            why = f"{part!r} in it declares entities: that is how files attack readers."
            raise FileRejectedError(why, "Save it as .xlsx again.")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        found = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
        tables = [_table(name, sheet, log) for name, sheet in found]
    except (CalamineError, ValueError, OSError) as error:
        why = f"The workbook is damaged ({printable(error, 80)})."
        raise FileRejectedError(why, "Save it as .xlsx again.") from error
    full = [table for table in tables if table is not None]
    if not full:
        headed = " beside a header" if any(sheet.height for _, sheet in found) else ""
        raise FileRejectedError(f"The workbook holds no rows{headed}.", "Choose another file.")
    return full


def _table(name: str, sheet: Any, log: Diagnostics) -> RawTable | None:
    if sheet.height > log.limits.rows + 1_000:
        why = f"The sheet {printable(name, 60)!r} has {sheet.height:,} rows; the limit is "
        raise FileRejectedError(f"{why}{log.limits.rows:,}.", "Split it.")
    if sheet.width > log.limits.columns:
        why = f"The sheet {printable(name, 60)!r} has {sheet.width:,} columns; the limit is "
        raise FileRejectedError(
            f"{why}{log.limits.columns:,}.", "Keep the columns that are needed."
        )
    rows = sheet.to_python(skip_empty_area=False)
    first = _header(name, rows, log)
    if first is None:
        return None
    head = plain_names(str(cell) for cell in rows[first])
    kept = [n for n, row in enumerate(rows) if n > first and any(cell != "" for cell in row)]
    if not kept:
        return None
    used = [
        n
        for n, name_ in enumerate(rows[first])
        if name_ != "" or any(rows[at][n] != "" for at in kept)
    ]
    nameless = [head[n] for n in used if rows[first][n] == ""]
    if nameless:
        log.add_message("warning", f"Columns without a name were named {listed(nameless)}.")
    data = {head[n]: series_of(_whole([rows[at][n] for at in kept])) for n in used}
    numbers = np.array(kept) - first
    frame = pd.DataFrame(data, index=pd.RangeIndex(len(kept)))
    return RawTable(name, frame, numbers, lines=np.array(kept) + 1)


def _header(name: str, rows: list[list[Any]], log: Diagnostics) -> int | None:
    """Return the first row that holds something, or that holds two things if there is one."""
    filled = [(n, sum(cell != "" for cell in row)) for n, row in enumerate(rows)]
    filled = [(n, size) for n, size in filled if size]
    if not filled:
        return None
    first = next((n for n, size in filled if size > 1), filled[0][0])
    if first > filled[0][0]:
        title = next(cell for cell in rows[filled[0][0]] if cell != "")
        log.add_message(
            "warning",
            f"{listed([name])}: the header was taken from row {first + 1} of the sheet; what "
            f"stands above it, such as {listed([title])}, is left out.",
        )
    return first


def _whole(cells: list[Any]) -> list[Any]:
    """Return cells with None for nothing; numbers, all floats in a workbook, whole if all are."""
    plain = [None if cell == "" else cell for cell in cells]
    plain = [_day(cell) if isinstance(cell, dt.date) else cell for cell in plain]
    numbers = [cell for cell in plain if isinstance(cell, float)]
    if all(cell.is_integer() and abs(cell) < _EXACT_FLOAT for cell in numbers):
        return [int(cell) if isinstance(cell, float) else cell for cell in plain]
    return plain


def _day(cell: dt.date) -> dt.datetime:
    return cell if isinstance(cell, dt.datetime) else dt.datetime(cell.year, cell.month, cell.day)
