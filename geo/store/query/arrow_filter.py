"""Builds the Arrow expression of a query, which filters Parquet rows before they are decoded.

The expression may keep more rows than the query, never fewer; `query.row_filter` then filters
exactly. Conditions that Arrow cannot express are left to that filter.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import and_
from typing import TypeAlias
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from geo.store.core.api import Box, LayerInfo, Query, is_finite_box

Types: TypeAlias = Mapping[str, pa.DataType]
Filter: TypeAlias = pc.Expression | None


def build_predicate(query: Query, info: LayerInfo, types: Types, covering: str | None) -> Filter:
    """Return an expression that is true for every row that the query keeps; None: no filter.

    ``types``: the Arrow type of each column. ``covering``: the name of the covering bbox column
    (xmin, ymin, xmax, ymax; EPSG:4326), if there is one.
    """
    found = [
        *_compare_window(query, info, types),
        _compare_ids(query, info, types),
        _compare_box(query.bbox, covering),
        *(_compare_values(name, allowed, types.get(name)) for name, allowed in query.allowed),
    ]
    parts = [part for part in found if part is not None]
    return reduce(and_, parts) if parts else None


def list_filter_columns(query: Query, info: LayerInfo) -> tuple[str, ...]:
    """Return the columns that the expression of a query may use, without the covering."""
    names = [name for name, _ in query.allowed]
    names += query.find_time_columns(info) or () if query.windowed else ()
    names += [info.id_column] if query.ids is not None and info.id_column else []
    return tuple(dict.fromkeys(names))


def _compare_box(box: Box | None, covering: str | None) -> Filter:
    if box is None or covering is None or not is_finite_box(box):
        return None
    xmin, ymin, xmax, ymax = box
    sides = ("xmin", "ymin", "xmax", "ymax")
    left, low, right, high = (pc.field((covering, side)) for side in sides)
    return (left <= xmax) & (right >= xmin) & (low <= ymax) & (high >= ymin)


def _compare_window(query: Query, info: LayerInfo, types: Types) -> Iterator[Filter]:
    """Compare the row's days with the window; keep rows where a date is missing."""
    columns = query.find_time_columns(info)
    if columns is None or not query.windowed:
        return
    first, last = columns
    if query.date_to is not None and query.date_to < date.max:
        yield _compare_day(first, info, types, query.date_to + timedelta(days=1), after=True)
    if query.date_from is not None:
        yield _compare_day(last, info, types, query.date_from, after=False)
    if not query.undated and first == last:
        yield ~pc.field(first).is_null()


def _compare_day(name: str, info: LayerInfo, types: Types, day: date, *, after: bool) -> Filter:
    """Build ``name < day`` or ``name >= day``, or null; None for a type without days.

    Where a clock change repeats midnight, the one that keeps more rows counts.
    """
    arrow = types.get(name, pa.null())
    try:
        if pa.types.is_date(arrow):
            limit = pa.scalar(day, arrow)
        elif pa.types.is_timestamp(arrow):
            zone = ZoneInfo(info.time_zone) if arrow.tz else None
            midnight = datetime.combine(day, time(fold=after), zone)
            limit = pa.scalar(midnight, arrow)
        else:
            return None
    except (pa.ArrowInvalid, OverflowError):  # a day that the column's unit cannot hold
        return None
    field = pc.field(name)
    return (field < limit if after else field >= limit) | field.is_null()


def _compare_ids(query: Query, info: LayerInfo, types: Types) -> Filter:
    """Compare the id column with the ids; None for row positions and for "#3", a missing id."""
    name = info.id_column
    if query.ids is None or name is None or any(one.startswith("#") for one in query.ids):
        return None
    ids: tuple[object, ...] = query.ids
    if pa.types.is_integer(types[name]):
        ids = tuple(int(one) for one in query.ids if one.removeprefix("-").isdecimal())
    return _compare_values(name, ids, types[name])


def _compare_values(name: str, allowed: tuple[object, ...], arrow: pa.DataType | None) -> Filter:
    """Compare a text column with texts, or an integer column with integers; else None."""
    texts = pa.types.is_string(arrow) or pa.types.is_large_string(arrow)
    wanted = [value for value in allowed if value is not None]
    good: type = str if texts else int
    if not (texts or pa.types.is_integer(arrow)) or not all(type(one) is good for one in wanted):
        return None
    try:
        keep = pc.field(name).isin(pa.array(wanted, arrow))
    except (pa.ArrowInvalid, OverflowError, UnicodeEncodeError):
        return None
    return keep | pc.field(name).is_null() if None in allowed else keep
