"""Values as they came, in columns of the narrowest kind that loses nothing."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.ingest.base.model import FileRejectedError
from geo.store.core.normalise import freeze_objects
from geo.text.slugs import make_unique

_INT64 = 2**63
_EXACT_FLOAT = 2**53
_WHOLE = r"^-?(?:0|[1-9][0-9]{0,17})$"
_DECIMAL = r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?$"
_LONG = r"^-?[0-9.]{17,}$"


def series_of(values: Sequence[Any]) -> pd.Series:
    """Return Python values as a column: whole numbers stay whole although some are missing.

    Values of several kinds stay what they are, in a column of objects; lists become tuples and
    nested objects JSON text.
    """
    kinds = {type(value) for value in values if value is not None}
    if not kinds or kinds == {str}:
        return pd.Series(list(values), dtype="str")
    if kinds == {bool}:
        return pd.Series(list(values), dtype="boolean")
    if kinds == {int} and all(-_INT64 <= v < _INT64 for v in values if v is not None):
        return pd.Series(list(values), dtype="Int64")
    if kinds <= {int, float} and all(_exact(value) for value in values):
        return pd.Series([math.nan if v is None else float(v) for v in values], dtype="float64")
    if kinds == {dt.datetime}:
        naive = all(v is None or v.tzinfo is None for v in values)
        if naive and all(v is None or 1 <= v.year <= 9999 for v in values):
            return pd.Series(pd.to_datetime(list(values), errors="coerce")).dt.as_unit("us")
    if kinds & {dt.date, dt.datetime, dt.time, dt.timedelta}:
        values = [
            v.isoformat()
            if isinstance(v, (dt.date, dt.time))
            else str(v)
            if isinstance(v, dt.timedelta)
            else v
            for v in values
        ]
        return series_of(values)
    return freeze_objects(pd.Series(list(values), dtype=object))


def series_of_texts(cells: Sequence[str]) -> pd.Series:
    """Return cells of a text file as a column; an empty cell is None.

    A column becomes one of numbers only when every cell is written as that number would be:
    007 and +963 stay text, and so do numbers with more digits than a float holds.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        column = pa.array(cells, pa.string())
    except (pa.ArrowException, UnicodeError):
        return pd.Series([cell or None for cell in cells], dtype="str")
    column = pc.if_else(pc.equal(column, ""), None, column)
    given = column.drop_null()
    if len(given):
        if pc.all(pc.match_substring_regex(given, _WHOLE)).as_py():
            return pd.Series(column.cast(pa.int64()).to_pandas(types_mapper=_nullable))
        plain = pc.all(pc.match_substring_regex(given, _DECIMAL)).as_py()
        if plain and not pc.any(pc.match_substring_regex(given, _LONG)).as_py():
            return pd.Series(column.cast(pa.float64()).to_pandas())
    return pd.Series(column.to_pandas(), dtype="str")


def frame_of(records: Sequence[dict[str, Any]], most: int) -> pd.DataFrame:
    """Return dictionaries as a table; columns in the order in which their names first come.

    Raises
    ------
    RefusedError
        When there are more than ``most`` different names: before there is a table of them.
    """
    names = list(dict.fromkeys(name for record in records for name in record))
    if len(names) > most:
        why = f"Its rows have {len(names):,} different columns; the limit is {most:,}."
        raise FileRejectedError(why, "Keep the columns that are needed.")
    index = pd.RangeIndex(len(records))
    columns = {name: series_of([record.get(name) for record in records]) for name in names}
    return pd.DataFrame(columns, index=index)


def whole_again(column: pd.Series) -> pd.Series:
    """Return whole numbers that came as floats, because some are missing, as whole numbers."""
    if not pd.api.types.is_float_dtype(column.dtype):
        return column
    given = column.dropna()
    if not np.isfinite(given).all() or (given % 1 != 0).any() or (given.abs() > _EXACT_FLOAT).any():
        return column
    return column.astype("Int64")


def plain_names(names: Iterable[object], taken: Iterable[str] = ()) -> list[str]:
    """Return column names, each once: the second "a" becomes "a_2", an empty one "column_3"."""
    texts = ("" if name is None else str(name) for name in names)
    plain = (text if text.strip() else f"column_{n}" for n, text in enumerate(texts, 1))
    return make_unique(plain, (str(name) for name in taken))


def blank(column: pd.Series) -> np.ndarray:
    """One bool a row: nothing stands there, or only white space."""
    missing = column.isna().to_numpy(dtype=bool)
    if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
        empty = [isinstance(cell, str) and not cell.strip() for cell in column.tolist()]
        missing = missing | np.array(empty, dtype=bool)
    return missing


def texts(column: pd.Series) -> list[str]:
    """Return every cell as stripped text, "" for nothing."""
    gone = column.isna().to_numpy(dtype=bool)
    return ["" if no else str(cell).strip() for cell, no in zip(column.tolist(), gone, strict=True)]


def _nullable(kind: Any) -> Any:
    return pd.Int64Dtype()


def _exact(value: Any) -> bool:
    return not isinstance(value, int) or abs(value) <= _EXACT_FLOAT
