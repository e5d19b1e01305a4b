"""Encode cells as one JSON file, which the worker writes and its caller reads."""

import datetime as dt
import json
import os
import stat
from pathlib import Path

from geo.ingest.base.limits import Limits
from geo.ingest.base.model import FileRejectedError
from geo.ingest.readers.cell_tables import (
    BadCell,
    Cell,
    CellFile,
    CellRow,
    CellTable,
    read_cell_tables,
)

_RESULT = "cells.json"


def write_cells(body: bytes, name: str, limits: Limits, folder: Path) -> None:
    """Read a file and write its cells, or why it is rejected, into the folder."""
    try:
        found = read_cell_tables(body, name, limits)
    except FileRejectedError as error:
        answer: dict[str, object] = {"why": error.why, "remedy": error.remedy}
    else:
        tables = [
            [one.name, [[row.number, [_encode(cell) for cell in row.cells]] for row in one.rows]]
            for one in found.tables
        ]
        answer = {"tables": tables, "notes": found.notes}
    (folder / _RESULT).write_text(json.dumps(answer), encoding="utf-8")


def read_cells(folder: Path, max_bytes: int) -> CellFile:
    """Return the cells that a worker wrote; raise FileRejectedError if it rejected the file.

    Raises an exception of any other type if the result is not as a worker writes it.
    """
    handle = os.open(folder / _RESULT, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size > max_bytes:
            msg = "A worker's result is not a regular file, or too large."
            raise ValueError(msg)
        answer = json.loads(file.read(max_bytes))
    if "why" in answer:
        raise FileRejectedError(str(answer["why"]), str(answer["remedy"]))
    tables = [
        CellTable(
            str(name),
            tuple(CellRow(int(number), tuple(map(_decode, cells))) for number, cells in rows),
        )
        for name, rows in answer["tables"]
    ]
    return CellFile(tuple(tables), tuple(map(str, answer["notes"])))


def _encode(cell: Cell) -> object:
    if isinstance(cell, dt.datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"date": cell.isoformat()}
    if isinstance(cell, dt.time):
        return {"text": cell.isoformat()}
    if isinstance(cell, BadCell):
        return {"bad": [cell.text, cell.why]}
    if cell is None or isinstance(cell, (str, int, float)):
        return cell
    return {"text": str(cell)}


def _decode(cell: object) -> Cell:
    if isinstance(cell, dict):
        [(kind, value)] = cell.items()
        if kind == "datetime":
            return dt.datetime.fromisoformat(value)
        if kind == "date":
            return dt.date.fromisoformat(value)
        return BadCell(str(value[0]), str(value[1])) if kind == "bad" else str(value)
    if cell is None or isinstance(cell, (str, int, float)):
        return cell
    msg = "A worker's result has a cell of an unknown kind."
    raise ValueError(msg)
