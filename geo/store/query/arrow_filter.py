"""A query as an Arrow expression: what a Parquet file can leave out before rows are decoded.

An expression may keep more rows than the query asks for, never fewer; the mask in memory
(`query.row_filter`) has the last word. What cannot be said in it is left to the mask.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import and_
from typing import Any

from geo.store.core.api import Box, LayerInfo, Query, is_finite_box


def build_predicate(
    query: Query, info: LayerInfo, types: Mapping[str, Any], covering: str | None
) -> Any | None:
    """An expression that is true for every row that the query keeps; None: nothing goes down.

    Parameters
    ----------
    query, info
        What is asked, and the layer's id and time columns.
    types
        Column name -> Arrow type.
    covering
        Name of the struct column (xmin, ymin, xmax, ymax) in EPSG:4326, if there is one.
    """
    parts = [_window(query, info, types), _ids(query, info, types), _box(query.bbox, covering)]
    parts += [_among(name, allowed, types.get(name)) for name, allowed in query.allowed]
    parts = [part for part in parts if part is not None]
    return reduce(and_, parts) if parts else None


def list_filter_columns(query: Query, info: LayerInfo) -> tuple[str, ...]:
    """Names of the columns that an expression for a query may look at, but for the covering."""
    names = [name for name, _ in query.allowed]
    names += info.time_columns or () if query.windowed else ()
    names += [info.id_column] if query.ids is not None and info.id_column else []
    return tuple(dict.fromkeys(names))


def _box(box: Box | None, covering: str | None) -> Any | None:
    if box is None or covering is None or not is_finite_box(box):
        return None
    import pyarrow.compute as pc

    xmin, ymin, xmax, ymax = box
    return (
        (pc.field((covering, "xmin")) <= xmax)
        & (pc.field((covering, "xmax")) >= xmin)
        & (pc.field((covering, "ymin")) <= ymax)
        & (pc.field((covering, "ymax")) >= ymin)
    )


def _window(query: Query, info: LayerInfo, types: Mapping[str, Any]) -> Any | None:
    """Overlap of the row's days with the window, loosened where an end is missing."""
    if info.time_columns is None or not query.windowed:
        return None
    import pyarrow.compute as pc

    first, last = info.time_columns
    parts = []
    if query.date_to is not None and query.date_to < date.max:
        parts.append(
            _compare(first, types.get(first), query.date_to + timedelta(days=1), after=True)
        )
    if query.date_from is not None:
        parts.append(_compare(last, types.get(last), query.date_from, after=False))
    parts = [part for part in parts if part is not None]
    if not query.undated and first == last:
        parts.append(~pc.field(first).is_null())
    return reduce(and_, parts) if parts else None


def _compare(name: str, arrow: Any, day: date, *, after: bool) -> Any | None:
    """``name < day`` or ``name >= day``, or missing; None for a type that it cannot be said of."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        if pa.types.is_date(arrow):
            limit = pa.scalar(day, arrow)
        elif pa.types.is_timestamp(arrow):
            zone = UTC if arrow.tz else None
            limit = pa.scalar(datetime.combine(day, time.min, zone), arrow)
        else:
            return None
    except (pa.ArrowInvalid, OverflowError):  # a day that the column's unit cannot hold
        return None
    field = pc.field(name)
    return (field < limit if after else field >= limit) | field.is_null()


def _ids(query: Query, info: LayerInfo, types: Mapping[str, Any]) -> Any | None:
    """The id column among the ids. Not said: row positions, and "#3", the id of an empty cell."""
    name = info.id_column
    if query.ids is None or name is None or any(one.startswith("#") for one in query.ids):
        return None
    import pyarrow as pa

    if pa.types.is_integer(types[name]):
        whole = tuple(int(one) for one in query.ids if one.removeprefix("-").isdecimal())
        return _among(name, whole, types[name])
    return _among(name, query.ids, types[name])


def _among(name: str, allowed: tuple[object, ...], arrow: Any) -> Any | None:
    """Text among texts, or whole numbers among whole numbers; else None."""
    import pyarrow as pa
    import pyarrow.compute as pc

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
