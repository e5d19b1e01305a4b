"""Convert cells of any type to seven column types that every file format can hold.

NUL, control characters and lone surrogates truncate a text or make a file unreadable, so each
becomes U+FFFD.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
import pandas as pd

from geo.text.slugs import make_unique

Cell = str | int | float | dt.date | list[str] | None
Kind = Literal["text", "integer", "number", "boolean", "date", "datetime", "list"]

_BROKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MAX_DEPTH = 20
_INT64 = 2**63
_EXACT_FLOAT = 2**53


@dataclass(frozen=True)
class Column:
    """A column of plain cells: None for a missing value, else one Python type for all.

    text: str; integer: int (64 bits); number: float, infinities included; boolean: bool;
    date: datetime.date; datetime: datetime.datetime, all with a time zone or all without;
    list: list of str.
    """

    name: str
    kind: Kind
    cells: Sequence[Cell]


def clean_text(text: str) -> str:
    """Replace each character that breaks a file by U+FFFD."""
    return _BROKEN.sub("\ufffd", text)


def to_column(name: str, values: pd.Series) -> Column:
    """Convert a column of any dtype to plain cells; `name` is its name in the file.

    Numbers that a float holds exactly stay numbers (Decimal included), others become text;
    bytes become hexadecimal digits, nested values JSON text; a column of mixed types becomes text.
    Whole numbers of which some are missing, which a store returns as floats, are integers.
    """
    if isinstance(values.dtype, pd.StringDtype):
        texts = [clean_text(cell) if isinstance(cell, str) else None for cell in values.tolist()]
        return Column(name, "text", texts)
    cells = [_to_plain(cell) for cell in values.tolist()]
    if _are_integers_with_gaps(cells):
        cells = [int(cell) if isinstance(cell, float) else None for cell in cells]
    kind = _find_kind(cells)
    return Column(name, kind, [None if c is None else _to_cell(kind, c) for c in cells])


def as_text(cell: object) -> str:
    """Return a plain cell as text: dates and times in ISO 8601, nested values as JSON."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    if isinstance(cell, (list, dict, bool)):
        return json.dumps(cell, ensure_ascii=False, default=as_text)
    return str(cell)


def is_infinite(cell: object) -> bool:
    """Return whether a cell is an infinite number."""
    return isinstance(cell, float) and math.isinf(cell)


def _are_integers_with_gaps(cells: Sequence[object]) -> bool:
    given = [cell for cell in cells if cell is not None]
    return 0 < len(given) < len(cells) and all(
        isinstance(cell, float) and cell.is_integer() and abs(cell) <= _EXACT_FLOAT
        for cell in given
    )


def _find_kind(cells: Sequence[object]) -> Kind:
    given = [cell for cell in cells if cell is not None]
    types = {type(cell) for cell in given}
    if types == {bool}:
        return "boolean"
    if types == {int} and all(-_INT64 <= c < _INT64 for c in given if isinstance(c, int)):
        return "integer"
    if types and types <= {int, float}:
        integers = (cell for cell in given if isinstance(cell, int))
        return "number" if all(abs(cell) <= _EXACT_FLOAT for cell in integers) else "text"
    if types and types <= {dt.date, dt.datetime}:
        return _find_date_kind(given)
    lists = [cell for cell in given if isinstance(cell, list)]
    if types == {list} and all(isinstance(one, str) for cell in lists for one in cell):
        return "list"
    return "text"


def _find_date_kind(given: Sequence[object]) -> Kind:
    times = [cell for cell in given if isinstance(cell, dt.datetime)]
    zoned = {time.tzinfo is not None for time in times}
    if not any(zoned) and all(time.time() == dt.time() for time in times):
        return "date"
    return "datetime" if len(times) == len(given) and len(zoned) == 1 else "text"


def _to_cell(kind: Kind, cell: object) -> Cell:
    if kind == "date" and isinstance(cell, dt.datetime):
        return cell.date()
    if kind == "number" and isinstance(cell, (int, float)):
        return float(cell)
    if kind != "text" and isinstance(cell, (int, float, dt.date, list)):
        return cell
    return as_text(cell)


def _to_plain(cell: object, depth: int = 0) -> object:
    """Return a cell as one of Python's own values; None for every kind of missing value."""
    if isinstance(cell, np.datetime64):
        cell = pd.Timestamp(cell)
    elif isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, str):
        return clean_text(cell)
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, float):
        return None if math.isnan(cell) else float(cell)
    if isinstance(cell, pd.Timestamp):
        return cell.to_pydatetime(warn=False)
    if isinstance(cell, (bool, int, dt.date, dt.time)):
        return cell
    if isinstance(cell, Decimal):
        return _convert_decimal(cell)
    if isinstance(cell, (bytes, bytearray, memoryview)):
        return bytes(cell).hex()
    return _convert_nested(cell, depth)


def _convert_decimal(cell: Decimal) -> float | str | None:
    if cell.is_nan():
        return None
    number = float(cell)
    exact = number == cell or Decimal(repr(number)) == cell
    return number if exact else str(cell)


def _convert_nested(cell: object, depth: int) -> object:
    if isinstance(cell, (np.ndarray, list, tuple, set, frozenset, Mapping)) and depth > _MAX_DEPTH:
        return "…"

    def convert(value: object) -> object:
        plain = _to_plain(value, depth + 1)
        return str(plain) if is_infinite(plain) else plain

    if isinstance(cell, Mapping):
        return {clean_text(str(key)): convert(value) for key, value in cell.items()}
    if isinstance(cell, np.ndarray):
        return _to_plain(cell.tolist(), depth)
    if isinstance(cell, (set, frozenset)):
        cell = sorted(cell, key=str)
    if isinstance(cell, (list, tuple)):
        return [convert(value) for value in cell]
    return clean_text(str(cell))


def unique_names(names: Iterable[object], taken: Iterable[str] = ()) -> list[str]:
    """Return names that differ, ignoring case, from each other and from those taken.

    A repeated name gets a number: Name, name_2. An empty one becomes "column". White space and
    broken characters in a name become single spaces.
    """
    plain = (" ".join(_BROKEN.sub(" ", str(name)).split()) or "column" for name in names)
    return make_unique(plain, taken, ignore_case=True)
