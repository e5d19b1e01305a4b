"""Read every sheet with rows of an XLSX workbook."""

import datetime as dt
import io
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import (
    EXACT_FLOAT,
    build_column,
    make_column_names,
    report_renamed_columns,
)
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.readers.zip_archive import ZipArchive

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Cell: TypeAlias = str | float | bool | dt.date | dt.time | dt.timedelta
_TITLE_ROWS = 1_000  # titles and header do not count as rows


def read_workbook(body: bytes, log: Diagnostics) -> list[RawTable]:
    """Return every sheet with rows; the first row with two cells is the header."""
    from python_calamine import CalamineError, CalamineWorkbook

    archive = ZipArchive(body, log.limits)
    if "[Content_Types].xml" not in archive.names(".xml"):
        why = "The name says XLSX, but the content is another kind of ZIP archive."
        raise FileRejectedError(why, "Give it the name that fits: .zip or .kmz.")
    for name in archive.names(".xml", ".rels"):
        if b"<!ENTITY" in archive.read(name):
            why = f"{printable(name, 60)!r} in it declares entities, as an XML attack does."
            raise FileRejectedError(why, "Save it as .xlsx again.")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
        tables = [_read_sheet(name, sheet, log) for name, sheet in sheets]
    except (CalamineError, ValueError, OSError) as error:
        why = f"The workbook is damaged ({printable(error, 80)})."
        raise FileRejectedError(why, "Save it as .xlsx again.") from error
    full = [table for table in tables if table is not None]
    if not full:
        header = " beside a header" if any(sheet.height for _, sheet in sheets) else ""
        raise FileRejectedError(f"The workbook has no rows{header}.", "Choose another file.")
    return full


def _read_sheet(name: str, sheet: "CalamineSheet", log: Diagnostics) -> RawTable | None:
    subject = f"The sheet {printable(name, 60)!r}"
    log.limits.check_rows(sheet.height - _TITLE_ROWS, subject=subject)
    log.limits.check_columns(sheet.width, subject=subject)
    rows = sheet.to_python(skip_empty_area=False)
    first = _find_header(name, rows, log)
    kept = [n for n, row in enumerate(rows) if n > first and any(cell != "" for cell in row)]
    if not kept:
        return None
    header = rows[first]
    names = make_column_names(str(cell) for cell in header)
    used = [
        n for n, cell in enumerate(header) if cell != "" or any(rows[at][n] != "" for at in kept)
    ]
    titles = [str(header[n]) for n in used]
    report_renamed_columns(titles, [names[n] for n in used], log, f"{quote_names([name])}: ")
    data = {names[n]: build_column(_convert_cells([rows[at][n] for at in kept])) for n in used}
    frame = pd.DataFrame(data, index=pd.RangeIndex(len(kept)))
    return RawTable(name, frame, np.array(kept) - first, lines=np.array(kept) + 1)


def _find_header(name: str, rows: list[list[Cell]], log: Diagnostics) -> int:
    """Return the first row with two cells, else the first with one."""
    sizes = [sum(cell != "" for cell in row) for row in rows]
    first = next((n for n, size in enumerate(sizes) if size), 0)
    header = next((n for n, size in enumerate(sizes) if size > 1), first)
    if header > first:
        title = quote_names([next(cell for cell in rows[first] if cell != "")])
        log.inform(
            f"{quote_names([name])}: the header is row {header + 1} of the sheet; the rows above "
            f"it, such as {title}, are left out."
        )
    return header


def _convert_cells(cells: list[Cell]) -> list[Cell | None]:
    """Return cells, None if empty; numbers, which are floats in XLSX, as int if all are whole."""
    numbers = [cell for cell in cells if isinstance(cell, float)]
    whole = all(cell.is_integer() and abs(cell) < EXACT_FLOAT for cell in numbers)

    def convert(cell: Cell) -> Cell | None:
        if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
            return dt.datetime(cell.year, cell.month, cell.day)
        if whole and isinstance(cell, float):
            return int(cell)
        return None if cell == "" else cell

    return [convert(cell) for cell in cells]
