"""A query as SQL: what the server can leave out. Every value is a bound parameter.

As with `query.arrow_filter`, a condition may keep more rows than the query asks for, never
fewer: the mask in memory (:mod:`geo.store.query.row_filter`) has the last word.
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

_WHOLE = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
_EXACT = 2**53  # beyond it not every whole number is a float
_MOST_DAYS = 100


def build_select(entry: TableEntry, query: Query | None) -> sa.Select:
    """Return the statement that reads a layer's rows: position, place (WKB), columns, in order."""
    table = entry.table
    place = sa.func.ST_AsBinary(table.c.geometry, type_=sa.LargeBinary)
    wanted = [table.c[one.column] for one in entry.columns]
    chosen = sa.select(table.c.position, place, *wanted).order_by(table.c.position)
    return chosen if query is None else chosen.where(*build_conditions(entry, query))


def select_range(
    entry: TableEntry, columns: Sequence[StoredColumn], start: int, end: int, *, places: bool
) -> sa.Select:
    """Return the statement that reads some columns of neighbouring rows, and maybe their places."""
    table = entry.table
    place = sa.func.ST_AsBinary(table.c.geometry, type_=sa.LargeBinary) if places else sa.null()
    wanted = [table.c[one.column] for one in columns]
    inside = (table.c.position >= start) & (table.c.position < end)
    return sa.select(table.c.position, place, *wanted).where(inside).order_by(table.c.position)


def select_positions(entry: TableEntry, positions: Sequence[int]) -> sa.Select:
    """Return the statement that reads the rows at these positions, as `statement` does."""
    return build_select(entry, None).where(_any(entry.table.c.position, positions, sa.BigInteger))


def build_conditions(entry: TableEntry, query: Query) -> list[Any]:
    """Return what must hold of a row; all of it, and nothing that the query does not ask."""
    by_name = {one.name: one for one in entry.columns}
    found = [*_window(entry, query), *_box(entry, query), _ids(entry, query, by_name)]
    found += [
        _among(entry.table.c[by_name[name].column], by_name[name], allowed)
        for name, allowed in query.allowed
    ]
    return [one for one in found if one is not None]


def _window(entry: TableEntry, query: Query) -> list[Any]:
    if not query.windowed:
        return []
    table = entry.table
    if entry.info.time_columns is None:
        return [] if query.undated else [sa.false()]
    days = Range(query.date_from, query.date_to, bounds="[]")
    touched = table.c.period.overlaps(sa.bindparam(None, days, DATERANGE))
    return [touched] if query.undated else [touched, table.c.date_from.is_not(None)]


def _box(entry: TableEntry, query: Query) -> list[Any]:
    if query.bbox is None:
        return []
    place = entry.table.c.geometry
    if not is_finite_box(query.bbox):
        return [place.is_not(None)]
    return [place.intersects(sa.func.ST_MakeEnvelope(*query.bbox, SRID))]  # && of their boxes


def _ids(entry: TableEntry, query: Query, by_name: dict[str, StoredColumn]) -> Any | None:
    if query.ids is None:
        return None
    if entry.info.id_column is None:
        numbers = [int(one) for one in query.ids if one.isascii() and one.isdecimal()]
        return _any(entry.table.c.position, [n for n in numbers if n < 2**63], sa.BigInteger)
    column = by_name[entry.info.id_column]
    return _among(entry.table.c[column.column], column, query.ids)


def _among(column: sa.Column, told: StoredColumn, allowed: tuple[object, ...]) -> Any | None:
    """The value is among the allowed ones; None where SQL cannot say it as the mask does."""
    wanted = [one for one in allowed if one is not None]
    if is_.is_string(told.arrow) or is_.is_large_string(told.arrow):
        keep = _texts(column, told, wanted)
    elif told.form == "text[]":
        keep = column.overlap(sa.bindparam(None, _plain(wanted), ARRAY(sa.Text)))
    elif told.form in _WHOLE:
        keep = _whole(column, _WHOLE[told.form], wanted)
    elif told.form == "double":
        keep = _fractions(column, wanted)
    elif told.form == "boolean":
        fits = all(isinstance(one, bool) for one in wanted)
        keep = _any(column, wanted, sa.Boolean) if fits else None
    elif told.form in {"timestamp", "timestamptz"}:
        keep = _on_days(column, told.form, wanted)
    else:
        keep = None
    if keep is None:
        return None
    return sa.or_(keep, column.is_(None)) if len(wanted) < len(allowed) else keep


def _texts(column: sa.Column, told: StoredColumn, wanted: Sequence[object]) -> Any:
    if told.form == "json":
        words = [one.isoformat() if isinstance(one, date) else one for one in wanted]
        return _any(column, [to_json(one) for one in words if isinstance(one, str)], sa.Text)
    return _any(column, _plain(wanted), sa.Text)


def _plain(wanted: Sequence[object]) -> list[str]:
    """The texts among the values, a date as its ISO text; PostgreSQL has none with a NUL."""
    words = [one.isoformat() if isinstance(one, date) else one for one in wanted]
    return [one for one in words if isinstance(one, str) and "\x00" not in one]


def _whole(column: sa.Column, limit: int, wanted: Sequence[object]) -> Any | None:
    numbers = [one for one in wanted if not isinstance(one, (str, date))]
    if not all(type(one) is int for one in numbers):
        return None
    fitting = [one for one in numbers if -limit <= one < limit]  # type: ignore[operator]
    return _any(column, fitting, sa.BigInteger)


def _fractions(column: sa.Column, wanted: Sequence[object]) -> Any | None:
    numbers: list[Any] = [one for one in wanted if not isinstance(one, (str, date))]
    if not all(type(one) in {int, float} for one in numbers):
        return None
    if not all(abs(one) < _EXACT or math.isinf(one) for one in numbers):  # NaN is neither
        return None
    return _any(column, [float(one) for one in numbers], sa.Double)


def _on_days(column: sa.Column, form: str, wanted: Sequence[object]) -> Any | None:
    """Any time on these days, in UTC; moments are left to the mask."""
    try:
        days = [
            one if isinstance(one, date) else date.fromisoformat(str(one))
            for one in wanted
            if isinstance(one, date) or len(str(one)) == 10
        ]
        moments = len(days) < len(wanted) or any(isinstance(day, datetime) for day in days)
        if moments or len(days) > _MOST_DAYS:
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


def _any(column: sa.Column, values: Sequence[Any], kind: Any) -> Any:
    """Column = ANY(values): one parameter, however many values there are."""
    return column == sa.any_(sa.bindparam(None, list(values), ARRAY(kind)))
