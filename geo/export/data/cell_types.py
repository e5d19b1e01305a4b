"""Cells of any kind as plain ones: seven kinds of column that every file format can hold.

Text is cleaned on the way: NUL, control characters and half characters (lone surrogates) cut a
text short, or make a file that cannot be read (FIELD-NOTES 3), so each becomes U+FFFD.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pandas as pd

from geo.text.slugs import make_unique

Kind = Literal["text", "integer", "number", "flag", "day", "moment", "list"]

_BROKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DEEPEST = 20
_INT64 = 2**63
_EXACT_FLOAT = 2**53


@dataclass(frozen=True)
class Column:
    """A column of plain cells: None where there is nothing, else one Python type for all.

    text: str; integer: int (64 bits); number: float, infinities included; flag: bool;
    day: datetime.date; moment: datetime.datetime, all with a time zone or all without;
    list: list of str.
    """

    name: str
    kind: Kind
    cells: list[Any]


def clean_text(text: str) -> str:
    """Return text without characters that break a file: each becomes U+FFFD."""
    return _BROKEN.sub("\ufffd", text)


def to_column(name: str, values: pd.Series) -> Column:
    """Return a column of a frame as plain cells.

    Numbers that a float holds exactly stay numbers (Decimal included), others become text;
    bytes are written as hexadecimal digits, nested values as JSON text; a column that mixes
    kinds becomes text.

    Parameters
    ----------
    name : str
        Its name in the file.
    values : pandas.Series
        Of any dtype.
    """
    if isinstance(values.dtype, pd.StringDtype):
        texts = [clean_text(cell) if isinstance(cell, str) else None for cell in values.tolist()]
        return Column(name, "text", texts)
    cells = [_plain(cell) for cell in values.tolist()]
    kind = _kind(cells)
    return Column(name, kind, [None if c is None else _as(kind, c) for c in cells])


def as_text(cell: Any) -> str:
    """Return a plain cell as text: days and moments in ISO 8601, nested values as JSON."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    if isinstance(cell, (list, dict, bool)):
        return json.dumps(cell, ensure_ascii=False, default=as_text)
    return str(cell)


def is_infinite(cell: Any) -> bool:
    """Whether a cell is an infinite number."""
    return isinstance(cell, float) and math.isinf(cell)


def _kind(cells: Sequence[Any]) -> Kind:
    found = {type(cell) for cell in cells if cell is not None}
    if found == {bool}:
        return "flag"
    if found == {int} and all(-_INT64 <= c < _INT64 for c in cells if c is not None):
        return "integer"
    if found and found <= {int, float} and all(_exact(cell) for cell in cells):
        return "number"
    if found and found <= {dt.date, dt.datetime}:
        return _kind_of_dates(cells)
    if found == {list} and all(isinstance(one, str) for c in cells if c for one in c):
        return "list"
    return "text"


def _kind_of_dates(cells: Sequence[Any]) -> Kind:
    moments = [cell for cell in cells if isinstance(cell, dt.datetime)]
    zones = {moment.tzinfo is not None for moment in moments}
    if not any(zones) and all(moment.time() == dt.time() for moment in moments):
        return "day"
    whole = len(moments) == sum(cell is not None for cell in cells)
    return "moment" if whole and len(zones) == 1 else "text"


def _exact(cell: Any) -> bool:
    return not isinstance(cell, int) or abs(cell) <= _EXACT_FLOAT


def _as(kind: Kind, cell: Any) -> Any:
    if kind == "text":
        return as_text(cell)
    if kind == "number":
        return float(cell)
    return cell.date() if kind == "day" and isinstance(cell, dt.datetime) else cell


def _plain(cell: Any, depth: int = 0) -> Any:
    """Return a cell as one of Python's own values; None for every kind of nothing."""
    if isinstance(cell, np.datetime64):
        cell = pd.Timestamp(cell)
    elif isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, str):
        return clean_text(cell)
    if cell is None or cell is pd.NA or cell is pd.NaT or isinstance(cell, (bool, int)):
        return None if cell is pd.NA or cell is pd.NaT else cell
    if isinstance(cell, float):
        return None if math.isnan(cell) else float(cell)
    if isinstance(cell, pd.Timestamp):
        return cell.to_pydatetime(warn=False)
    if isinstance(cell, (dt.date, dt.time)):
        return cell
    if isinstance(cell, Decimal):
        return _decimal(cell)
    if isinstance(cell, (bytes, bytearray, memoryview)):
        return bytes(cell).hex()
    return _nested(cell, depth)


def _decimal(cell: Decimal) -> float | str | None:
    if cell.is_nan():
        return None
    number = float(cell)
    exact = number == cell or Decimal(repr(number)) == cell
    return number if exact else str(cell)


def _nested(cell: Any, depth: int) -> Any:
    if isinstance(cell, (np.ndarray, list, tuple, set, frozenset, Mapping)) and depth > _DEEPEST:
        return "…"
    if isinstance(cell, Mapping):
        return {clean_text(str(key)): _inner(value, depth) for key, value in cell.items()}
    if isinstance(cell, np.ndarray):
        return _plain(cell.tolist(), depth)
    if isinstance(cell, (set, frozenset)):
        cell = sorted(cell, key=str)
    if isinstance(cell, (list, tuple)):
        return [_inner(value, depth) for value in cell]
    return clean_text(str(cell))


def _inner(value: Any, depth: int) -> Any:
    plain = _plain(value, depth + 1)
    return str(plain) if is_infinite(plain) else plain


def unique_names(names: Iterable[object], taken: Iterable[str] = ()) -> list[str]:
    """Return names that differ whatever their case, from each other and from those taken.

    A name that comes again gets a number: Name, name_2. An empty one becomes "column".
    White space and broken characters in a name become single spaces.
    """
    plain = (" ".join(_BROKEN.sub(" ", str(name)).split()) or "column" for name in names)
    return make_unique(plain, taken, ignore_case=True)
