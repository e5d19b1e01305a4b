"""Columns from values and text cells: the narrowest dtype that loses nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.limits import Limits
from geo.ingest.base.safe_text import quote_names
from geo.store.core.normalise import freeze_objects
from geo.text.slugs import make_unique

_INT64 = 2**63
EXACT_FLOAT = 2**53
_TIME_TYPES = {dt.date, dt.datetime, dt.time, dt.timedelta, pd.Timestamp, pd.Timedelta}
_WHOLE = r"^-?(?:0|[1-9][0-9]{0,17})$"
_DECIMAL = r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?$"
_LONG = r"^-?[0-9.]{17,}$"


def build_column(values: Sequence[object]) -> pd.Series:
    """Return Python values as a column; integers stay integers although some are missing.

    Values of mixed types give a column of objects, with lists as tuples and dicts as JSON text.
    """
    kinds = {type(value) for value in values if value is not None}
    integers = [value for value in values if isinstance(value, int)]
    if not kinds or kinds == {str}:
        return pd.Series(list(values), dtype="str")
    if kinds == {bool}:
        return pd.Series(list(values), dtype="boolean")
    if kinds == {int} and all(-_INT64 <= value < _INT64 for value in integers):
        return pd.Series(list(values), dtype="Int64")
    if kinds <= {int, float} and all(abs(value) <= EXACT_FLOAT for value in integers):
        return pd.Series(list(values), dtype="float64")
    if kinds <= {dt.datetime, pd.Timestamp}:
        moments = [value for value in values if isinstance(value, dt.datetime)]
        if all(value.tzinfo is None and 1 <= value.year <= 9999 for value in moments):
            return pd.Series(pd.to_datetime(list(values), errors="coerce")).dt.as_unit("us")
    if kinds & _TIME_TYPES:
        return build_column([_format_time(value) for value in values])
    return freeze_objects(pd.Series(list(values), dtype=object))


def _format_time(value: object) -> object:
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value) if isinstance(value, dt.timedelta) else value


def parse_text_column(cells: Sequence[str]) -> pd.Series:
    """Return cells of a text file as a column; an empty cell is None.

    A column becomes numeric only if formatting each number gives the cell again: 007 and +963
    stay text, and so do numbers with more digits than a float holds.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        column = pa.array(cells, pa.string())
    except (pa.ArrowException, UnicodeError):
        return pd.Series([cell or None for cell in cells], dtype="str")
    column = pc.if_else(pc.equal(column, ""), None, column)
    given = column.drop_null()

    def matches(pattern: str) -> pa.BooleanArray:
        return pc.match_substring_regex(given, pattern)

    if len(given) and pc.all(matches(_WHOLE)).as_py():
        return pd.Series(column.cast(pa.int64()).to_pandas(types_mapper=lambda _: pd.Int64Dtype()))
    decimal = pc.and_not(pc.all(matches(_DECIMAL)), pc.any(matches(_LONG))).as_py()
    if len(given) and decimal:
        return pd.Series(column.cast(pa.float64()).to_pandas())
    return pd.Series(column.to_pandas(), dtype="str")


def build_frame(records: Sequence[Mapping[str, object]], limits: Limits) -> pd.DataFrame:
    """Return records as a table; raise FileRejectedError first if it has too many columns."""
    names = list(dict.fromkeys(name for record in records for name in record))
    limits.check_columns(len(names), "different columns")
    columns = {name: build_column([record.get(name) for record in records]) for name in names}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(records)))


def to_nullable(column: pd.Series) -> pd.Series:
    """Return a column whose dtype also holds empty cells: booleans and integers stay such.

    Integers above 64 bits become objects; datetimes are in microseconds, in UTC if zoned.
    """
    kind = column.dtype.kind if not isinstance(column.dtype, pd.CategoricalDtype) else "c"
    if kind == "c":
        return to_nullable(column.astype(column.cat.categories.dtype))
    if kind == "b":
        return column.astype("boolean")
    if kind == "u" and column.notna().any() and int(column.max()) >= _INT64:
        return build_column([None if cell is pd.NA else int(cell) for cell in column])
    if kind in "iu":
        return column.astype("Int64")
    if kind == "f":
        return column.astype("float64")
    if kind == "m":
        return build_column([None if cell is pd.NaT else str(cell) for cell in column])
    if kind == "M":
        zoned = isinstance(column.dtype, pd.DatetimeTZDtype)
        return (column.dt.tz_convert("UTC") if zoned else column).dt.as_unit("us")
    return column.astype("str") if isinstance(column.dtype, pd.StringDtype) else column


def restore_integers(column: pd.Series) -> pd.Series:
    """Return integers that were read as floats, because some are missing, as integers."""
    if not pd.api.types.is_float_dtype(column.dtype):
        return column
    given = column.dropna()
    if not np.isfinite(given).all() or (given % 1 != 0).any() or (given.abs() > EXACT_FLOAT).any():
        return column
    return column.astype("Int64")


def make_column_names(names: Iterable[object], taken: Iterable[str] = ()) -> list[str]:
    """Return unique column names: the second "a" becomes "a_2", an empty one "column_3"."""
    texts = ("" if name is None else str(name) for name in names)
    given = (text if text.strip() else f"column_{n}" for n, text in enumerate(texts, 1))
    return make_unique(given, taken)


def report_renamed_columns(
    titles: Sequence[str], names: Sequence[str], log: Diagnostics, subject: str = ""
) -> None:
    """Report columns that have no name in the file, or the name of an earlier one."""
    pairs = [(title.strip() and title, name) for title, name in zip(titles, names, strict=True)]
    if nameless := [name for title, name in pairs if not title]:
        log.inform(f"{subject}Columns without a name were named {quote_names(nameless)}.")
    for title, name in pairs:
        if title and title != name:
            again = f"{quote_names([title])} is the name of more than one column"
            log.warn(f"{subject}{again}; another is read as {quote_names([name])}.")


def find_blank_cells(column: pd.Series) -> np.ndarray:
    """Return a mask, one bool a row: the cell is missing, empty or white space."""
    if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
        return np.array([not cell for cell in cells_as_text(column)], dtype=bool)
    return column.isna().to_numpy(dtype=bool)


def cells_as_text(column: pd.Series) -> list[str]:
    """Return every cell as stripped text, "" for a missing one."""
    gone = column.isna().to_numpy(dtype=bool)
    return ["" if no else str(cell).strip() for cell, no in zip(column.tolist(), gone, strict=True)]
