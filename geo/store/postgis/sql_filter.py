"""Builds the SQL of a query. Every value is a bound parameter.

As in `query.arrow_filter`, a condition may keep more rows than the query, never fewer;
:mod:`geo.store.query.row_filter` then filters exactly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from pyarrow import types as is_
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, Range

from geo.store.core.api import Query, is_finite_box
from geo.store.postgis.column_codec import StoredColumn, to_json
from geo.store.postgis.schema import SRID

if TYPE_CHECKING:
    from geo.store.postgis.catalogue_monitor import TableEntry

    Condition = sa.ColumnElement[bool]
    Column = sa.Column[object]
    Select = sa.Select[tuple[object, ...]]

_INTEGERS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
_EXACT = 2**53  # above it not every integer is a float
_MOST_DAYS = 100


def build_select(entry: TableEntry, query: Query | None) -> Select:
    """Return the statement that reads a layer's rows: position, WKB, columns, in order."""
    table = entry.table
    place = sa.func.ST_AsBinary(table.c.geometry, type_=sa.LargeBinary)
    wanted = [table.c[one.column] for one in entry.columns]
    chosen = sa.select(table.c.position, place, *wanted).order_by(table.c.position)
    return chosen if query is None else chosen.where(*build_conditions(entry, query))


def select_range(
    entry: TableEntry, columns: Sequence[StoredColumn], start: int, end: int, *, places: bool
) -> Select:
    """Return the statement that reads columns of consecutive rows, with or without WKB."""
    table = entry.table
    place = sa.func.ST_AsBinary(table.c.geometry, type_=sa.LargeBinary) if places else sa.null()
    wanted = [table.c[one.column] for one in columns]
    inside = (table.c.position >= start) & (table.c.position < end)
    return sa.select(table.c.position, place, *wanted).where(inside).order_by(table.c.position)


def select_positions(entry: TableEntry, positions: Sequence[int]) -> Select:
    """Return the statement that reads the rows at these positions, like `build_select`."""
    return build_select(entry, None).where(
        _equals_any(entry.table.c.position, positions, sa.BigInteger)
    )


def build_conditions(entry: TableEntry, query: Query) -> list[Condition]:
    """Return the conditions that a row of the query must meet."""
    by_name = {one.name: one for one in entry.columns}
    found = [
        *_match_window(entry, query),
        *_match_box(entry, query),
        _match_ids(entry, query, by_name),
    ]
    found += [
        _match_values(entry.table.c[by_name[name].column], by_name[name], allowed)
        for name, allowed in query.allowed
    ]
    return [one for one in found if one is not None]


def _match_window(entry: TableEntry, query: Query) -> list[Condition]:
    if not query.windowed:
        return []
    table = entry.table
    if entry.info.time_columns is None:
        return [] if query.undated else [sa.false()]
    days = Range(query.date_from, query.date_to, bounds="[]")
    touched = table.c.period.overlaps(sa.bindparam(None, days, DATERANGE))
    return [touched] if query.undated else [touched, table.c.date_from.is_not(None)]


def _match_box(entry: TableEntry, query: Query) -> list[Condition]:
    if query.bbox is None:
        return []
    place = entry.table.c.geometry
    if not is_finite_box(query.bbox):
        return [place.is_not(None)]
    return [place.intersects(sa.func.ST_MakeEnvelope(*query.bbox, SRID))]  # && of their boxes


def _match_ids(
    entry: TableEntry, query: Query, by_name: dict[str, StoredColumn]
) -> Condition | None:
    if query.ids is None:
        return None
    if entry.info.id_column is None:
        numbers = [int(one) for one in query.ids if one.isascii() and one.isdecimal()]
        return _equals_any(entry.table.c.position, [n for n in numbers if n < 2**63], sa.BigInteger)
    column = by_name[entry.info.id_column]
    return _match_values(entry.table.c[column.column], column, query.ids)


def _match_values(
    column: Column, stored: StoredColumn, allowed: tuple[object, ...]
) -> Condition | None:
    """Match the allowed values; None if SQL does not match exactly as `row_filter` does."""
    wanted = [one for one in allowed if one is not None]
    keep: Condition | None = None
    if is_.is_string(stored.arrow) or is_.is_large_string(stored.arrow):
        keep = _match_texts(column, stored, wanted)
    elif stored.form == "text[]":
        keep = column.overlap(sa.bindparam(None, _list_texts(wanted), ARRAY(sa.Text)))
    elif stored.form in _INTEGERS:
        keep = _match_integers(column, _INTEGERS[stored.form], wanted)
    elif stored.form == "double":
        keep = _match_floats(column, wanted)
    elif stored.form == "boolean":
        fits = all(isinstance(one, bool) for one in wanted)
        keep = _equals_any(column, wanted, sa.Boolean) if fits else None
    elif stored.form in {"timestamp", "timestamptz"}:
        keep = _match_days(column, stored.form, wanted)
    if keep is None:
        return None
    return sa.or_(keep, column.is_(None)) if len(wanted) < len(allowed) else keep


def _match_texts(column: Column, stored: StoredColumn, wanted: Sequence[object]) -> Condition:
    if stored.form == "json":
        words = [one.isoformat() if isinstance(one, date) else one for one in wanted]
        return _equals_any(column, [to_json(one) for one in words if isinstance(one, str)], sa.Text)
    return _equals_any(column, _list_texts(wanted), sa.Text)


def _list_texts(wanted: Sequence[object]) -> list[str]:
    """Return the texts, and dates as ISO text; without NUL, which PostgreSQL cannot store."""
    words = [one.isoformat() if isinstance(one, date) else one for one in wanted]
    return [one for one in words if isinstance(one, str) and "\x00" not in one]


def _match_integers(column: Column, limit: int, wanted: Sequence[object]) -> Condition | None:
    numbers = [one for one in wanted if not isinstance(one, (str, date))]
    if not all(type(one) is int for one in numbers):
        return None
    fitting = [one for one in numbers if isinstance(one, int) and -limit <= one < limit]
    return _equals_any(column, fitting, sa.BigInteger)


def _match_floats(column: Column, wanted: Sequence[object]) -> Condition | None:
    numbers: list[Any] = [one for one in wanted if not isinstance(one, (str, date))]
    if not all(type(one) in {int, float} for one in numbers):
        return None
    if not all(abs(one) < _EXACT or math.isinf(one) for one in numbers):  # NaN is neither
        return None
    return _equals_any(column, [float(one) for one in numbers], sa.Double)


def _match_days(column: Column, form: str, wanted: Sequence[object]) -> Condition | None:
    """Match any time on these days, in UTC; None for exact times."""
    try:
        days = [
            one if isinstance(one, date) else date.fromisoformat(str(one))
            for one in wanted
            if isinstance(one, date) or len(str(one)) == 10
        ]
        exact = len(days) < len(wanted) or any(isinstance(day, datetime) for day in days)
        if exact or len(days) > _MOST_DAYS:
            return None
        kind = sa.TIMESTAMP(timezone=form == "timestamptz")
        spans = [(str(day), str(day + timedelta(1))) for day in days]
    except (ValueError, OverflowError):
        return None
    return sa.or_(
        sa.false(),
        *(
            sa.and_(column >= sa.cast(first, kind), column < sa.cast(after, kind))
            for first, after in spans
        ),
    )


def _equals_any(
    column: Column, values: Sequence[object], kind: type[sa.types.TypeEngine[Any]]
) -> Condition:
    """Build column = ANY(values): one parameter for all values."""
    return column == sa.any_(sa.bindparam(None, list(values), ARRAY(kind)))
