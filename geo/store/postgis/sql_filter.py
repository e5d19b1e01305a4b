"""Builds the SQL of a query. Every value is a bound parameter.

As in `query.arrow_filter`, a condition may keep more rows than the query, never fewer;
:mod:`geo.store.query.row_filter` then filters exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, Range

from geo.store.bulk.arrow_types import is_text
from geo.store.core.api import Query, is_finite_box
from geo.store.postgis.column_codec import StoredColumn, to_json
from geo.store.postgis.schema import SRID

if TYPE_CHECKING:
    from geo.store.postgis.catalogue_monitor import TableEntry

    Condition = sa.ColumnElement[bool]
    Column = sa.Column[object]
    Select = sa.Select[tuple[object, ...]]

_LIMITS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63, "double": 2**53}
"""Integers beyond it are not in a column of integers, or are not all different as floats."""
_MOST_DAYS = 100


def build_select(entry: TableEntry, query: Query | None) -> Select:
    """Return the statement that reads a layer's rows: position, WKB, columns, in order."""
    chosen = select_columns(entry, entry.columns)
    return chosen if query is None else chosen.where(*_build_conditions(entry, query))


def select_positions(entry: TableEntry, positions: Sequence[int]) -> Select:
    """Return the statement that reads the rows at these positions, like `build_select`."""
    among = _equals_any(entry.table.c.position, positions, sa.BigInteger)
    return select_columns(entry, entry.columns).where(among)


def select_columns(
    entry: TableEntry, columns: Sequence[StoredColumn], *, places: bool = True
) -> Select:
    """Return the statement that reads columns of all rows in order, with or without WKB."""
    table = entry.table
    place = sa.func.ST_AsBinary(table.c.geometry, type_=sa.LargeBinary) if places else sa.null()
    wanted = [table.c[one.column] for one in columns]
    return sa.select(table.c.position, place, *wanted).order_by(table.c.position)


def _build_conditions(entry: TableEntry, query: Query) -> Iterator[Condition]:
    """Yield the conditions that a row of the query must meet."""
    table, info = entry.table, entry.info
    own = query.find_time_columns(info) == info.time_columns
    if query.windowed and not own:
        pass  # only the layer's own days are indexed
    elif query.windowed and info.time_columns is not None:
        days = Range(query.date_from, query.date_to, bounds="[]")
        yield table.c.period.overlaps(sa.bindparam(None, days, DATERANGE))
        if not query.undated:
            yield table.c.date_from.is_not(None)
    elif query.windowed and not query.undated:
        yield sa.false()
    if query.bbox is not None and is_finite_box(query.bbox):  # && of their boxes
        yield table.c.geometry.intersects(sa.func.ST_MakeEnvelope(*query.bbox, SRID))
    elif query.bbox is not None:
        yield table.c.geometry.is_not(None)
    wanted = list(query.allowed)
    if query.ids is not None and info.id_column is not None:
        wanted.insert(0, (info.id_column, query.ids))
    elif query.ids is not None:
        numbers = [int(one) for one in query.ids if one.isascii() and one.isdecimal()]
        yield _equals_any(table.c.position, [n for n in numbers if n < 2**63], sa.BigInteger)
    by_name = {one.name: one for one in entry.columns}
    for name, allowed in wanted:
        condition = _match_values(
            table.c[by_name[name].column], by_name[name], allowed, info.time_zone
        )
        if condition is not None:
            yield condition


def _match_values(
    column: Column, stored: StoredColumn, allowed: tuple[object, ...], zone: str
) -> Condition | None:
    """Match the allowed values; None if SQL does not match exactly as `row_filter` does."""
    wanted = [one for one in allowed if one is not None]
    keep: Condition | None = None
    if is_text(stored.arrow):
        keep = _equals_any(column, _list_texts(wanted, stored.form), sa.Text)
    elif stored.form == "text[]":
        texts = _list_texts(wanted, stored.form)
        keep = column.overlap(sa.bindparam(None, texts, ARRAY(sa.Text)))
    elif stored.form in _LIMITS:
        keep = _match_numbers(column, stored.form, wanted)
    elif stored.form == "boolean":
        fits = all(isinstance(one, bool) for one in wanted)
        keep = _equals_any(column, wanted, sa.Boolean) if fits else None
    elif stored.form in {"timestamp", "timestamptz"}:
        keep = _match_days(column, stored.form, wanted, zone)
    if keep is None:
        return None
    return sa.or_(keep, column.is_(None)) if len(wanted) < len(allowed) else keep


def _list_texts(wanted: Sequence[object], form: str) -> list[str]:
    """Return texts, and dates as ISO text, in a column's form; PostgreSQL cannot store a NUL."""
    words = [one.isoformat() if isinstance(one, date) else one for one in wanted]
    texts = [one for one in words if isinstance(one, str)]
    if form == "json":
        return [to_json(one) for one in texts]
    return [one for one in texts if "\x00" not in one]


def _match_numbers(column: Column, form: str, wanted: Sequence[object]) -> Condition | None:
    numbers: list[Any] = [one for one in wanted if not isinstance(one, (str, date))]
    limit, kinds = _LIMITS[form], {int, float} if form == "double" else {int}
    if not all(type(one) in kinds for one in numbers):
        return None
    if form != "double":
        fitting = [one for one in numbers if -limit <= one < limit]
        return _equals_any(column, fitting, sa.BigInteger)
    if not all(abs(one) < limit or math.isinf(one) for one in numbers):  # NaN is neither
        return None
    return _equals_any(column, [float(one) for one in numbers], sa.Double)


def _match_days(column: Column, form: str, wanted: Sequence[object], zone: str) -> Condition | None:
    """Match any time on these days, in a zone if the times have one; None for exact times."""
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
        local = ZoneInfo(zone) if form == "timestamptz" else None
        spans = [
            (
                str(datetime.combine(day, time.min, local)),
                str(datetime.combine(day + timedelta(1), time(fold=1), local)),
            )
            for day in days
        ]
    except (ValueError, OverflowError):
        return None
    inside = (
        (column >= sa.cast(one, kind)) & (column < sa.cast(after, kind)) for one, after in spans
    )
    return sa.or_(sa.false(), *inside)


def _equals_any(
    column: Column, values: Sequence[object], kind: type[sa.types.TypeEngine[Any]]
) -> Condition:
    """Build column = ANY(values): one parameter for all values."""
    return column == sa.any_(sa.bindparam(None, list(values), ARRAY(kind)))
