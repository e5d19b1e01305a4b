"""Which rows a date window keeps.

A row covers the days [from, to], both included. So does a window, either side of which may be
open. A row matches when the two overlap. The rest of the rule:

- ``from`` missing and ``to`` given ("by D"): the row counts on D only, since nothing is known of
  the days before;
- ``from`` given and ``to`` missing: likewise on ``from`` only;
- both missing: undated; kept or not as ``Query.undated`` says, and always kept without a window;
- ``from`` after ``to`` (a fault in the data): only a window that holds both days keeps the row;
- a time of day does not matter: windows are whole days, cut in the layer's time zone
  (`LayerInfo.time_zone`); a value without a zone, such as a plain date, is never moved;
- text counts when it begins with a full ISO day (2024-05-03); anything else, such as 2024-05 or
  "early May", is undated.
"""

from datetime import date
from typing import TypeAlias

import numpy as np
import pandas as pd

from geo.store.core.api import Query

Days: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.datetime64]]"

_ISO_DAY = r"\d{4}-\d{2}-\d{2}(?:[T ].*)?"
_ZONE = r".*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)"


def parse_datetimes(column: pd.Series, zone: str) -> pd.Series:
    """Return a column as datetimes; NaT where a value does not begin with a full ISO day.

    The result is in ``zone`` if any value names a time zone, else it has no zone. A value without
    one is local time there.
    """
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.tz_convert(zone)
    if pd.api.types.is_datetime64_dtype(column.dtype):
        return column
    text = column.astype("str").str.strip()
    text = text.where(text.str.fullmatch(_ISO_DAY).fillna(False).astype(bool))
    parsed = pd.to_datetime(text, format="ISO8601", errors="coerce", utc=True)
    zoned = text.str.slice(10).str.fullmatch(_ZONE).fillna(False).astype(bool)
    plain = parsed.dt.tz_localize(None)
    if not zoned.any():
        return plain
    local = parsed.dt.tz_convert(zone)
    return local if zoned[text.notna()].all() else local.where(zoned, localise(plain, zone))


def localise(column: pd.Series, zone: str) -> pd.Series:
    """Return datetimes without a zone as local times; one that a clock change skips, just after."""
    first = np.ones(len(column), dtype=bool)  # of two instants with the same local time
    return column.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")


def parse_if_all_datetimes(column: pd.Series, zone: str = "UTC") -> pd.Series | None:
    """Return the column as datetimes if it has values and all of them are dates, else None."""
    parsed = parse_datetimes(column, zone)
    given = column.notna()
    return parsed if given.any() and parsed.notna().equals(given) else None


def to_local(column: pd.Series, zone: str) -> pd.Series:
    """Return a column as local times in a zone, but without it (`parse_datetimes`)."""
    parsed = parse_datetimes(column, zone)
    return parsed.dt.tz_localize(None) if parsed.dt.tz is not None else parsed


def to_days(column: pd.Series, zone: str) -> Days:
    """Return the day of each value in a time zone, ``datetime64[D]``; NaT if none."""
    days: Days = to_local(column, zone).to_numpy().astype("datetime64[D]")
    return days


def compute_day_ranges(
    frame: pd.DataFrame, columns: tuple[str, str] | None, zone: str
) -> tuple[Days, Days]:
    """Return the first and last day on which each row counts; NaT in both arrays if undated."""
    if columns is None:
        nothing = np.full(len(frame), "NaT", dtype="datetime64[D]")
        return nothing, nothing
    first = to_days(frame[columns[0]], zone)
    last = first if columns[0] == columns[1] else to_days(frame[columns[1]], zone)
    return np.where(np.isnat(first), last, first), np.where(np.isnat(last), first, last)


def match_window(first: Days, last: Days, query: Query) -> np.ndarray:
    """Return one bool a row: whether its days overlap the query's window."""
    keep = np.ones(len(first), dtype=bool)
    if not query.windowed:
        return keep
    if query.date_from is not None:
        keep &= last >= np.datetime64(query.date_from, "D")  # False for NaT
    if query.date_to is not None:
        keep &= first <= np.datetime64(query.date_to, "D")
    return keep | np.isnat(first) if query.undated else keep


def find_first_and_last_day(first: Days, last: Days) -> tuple[date | None, date | None]:
    """Return the earliest and the latest day of all rows; None if every row is undated."""
    dated = ~np.isnat(first)
    if not dated.any():
        return None, None
    low = np.minimum(first[dated], last[dated]).min()
    high = np.maximum(first[dated], last[dated]).max()
    return _to_date(low), _to_date(high)


def _to_date(day: np.datetime64) -> date | None:
    """Return a Python date, or None for a year outside 1 to 9999."""
    value = day.item()
    return value if isinstance(value, date) else None
