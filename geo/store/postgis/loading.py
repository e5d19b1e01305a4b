"""A layer's rows on their way into the database: one new table, filled by COPY."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import shapely
import sqlalchemy as sa
from geopandas import GeoDataFrame
from psycopg import sql
from sqlalchemy.schema import CreateTable

from geo.store import dates
from geo.store.postgis.connecting import has_role, may_be
from geo.store.postgis.forms import Stored, stored, told
from geo.store.postgis.known import Entry
from geo.store.postgis.schema import LOADERS, READERS, SCHEMA, SRID, layer_table, number
from geo.store.protocol import LayerInfo

_CHUNK = 50_000
_FIRST, _LAST = np.datetime64(date.min, "D"), np.datetime64(date.max, "D")


def as_loader(connection: sa.Connection) -> None:
    """Let this transaction write: as the loading role where there is one, with time to do so."""
    if may_be(connection, LOADERS):
        connection.execute(sa.text(f"SET LOCAL ROLE {LOADERS}"))
    connection.execute(sa.text("SET LOCAL statement_timeout = 0"))


def load(connection: sa.Connection, info: LayerInfo, rows: GeoDataFrame) -> Entry:
    """Fill a new table with a layer's rows, and index it. The catalogue does not name it yet.

    Parameters
    ----------
    connection
        In a transaction that may write (:func:`as_loader`).
    info, rows
        The rows as a store hands them out.

    Raises
    ------
    StoreError
        When a column's values have no form in the database.
    """
    columns, ready = stored(info.name, pd.DataFrame(rows.drop(columns="geometry")))
    table = _new_table(connection, columns)
    digest = hashlib.blake2b(repr(told(columns)).encode(), digest_size=8)
    size = 0
    copying = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv)").format(
        sql.Identifier(SCHEMA, table.name), sql.SQL(", ").join(map(sql.Identifier, _order(columns)))
    )
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(copying) as copy:
        for chunk in _chunks(info, rows, ready):
            copy.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    _index(connection, table, info, columns)
    return Entry(info, table, columns, size, digest.hexdigest())


def _order(columns: tuple[Stored, ...]) -> list[str]:
    return ["position", "date_from", "date_to", "geometry", *(one.column for one in columns)]


def _new_table(connection: sa.Connection, columns: tuple[Stored, ...]) -> sa.Table:
    name = f"layer_{connection.scalar(number)}"
    table = layer_table(name, [one.as_column() for one in columns])
    connection.execute(CreateTable(table))
    if has_role(connection, READERS):
        whole = connection.dialect.identifier_preparer.format_table(table)
        connection.execute(sa.text(f"GRANT SELECT ON {whole} TO {READERS}"))
    return table


def _index(
    connection: sa.Connection, table: sa.Table, info: LayerInfo, columns: tuple[Stored, ...]
) -> None:
    if info.id_column is not None:
        ids = next(one for one in columns if one.name == info.id_column)
        # A hash takes texts of any length; a tree takes 2,700 bytes.
        sa.Index(f"{table.name}_ids", table.c[ids.column], postgresql_using="hash")
    for index in table.indexes:
        index.create(connection)
    whole = connection.dialect.identifier_preparer.format_table(table)
    connection.execute(sa.text(f"ANALYZE {whole}"))


def _chunks(info: LayerInfo, rows: GeoDataFrame, ready: pa.Table) -> Iterator[bytes]:
    """CSV of the rows by their first day; the last are those without one."""
    first, last = (
        np.clip(days, _FIRST, _LAST) for days in dates.span(rows, info.time_columns)
    )  # NaT stays NaT
    shapes = rows.geometry.to_numpy()
    order = np.argsort(np.fmin(first, last), kind="stable")
    for start in range(0, len(order), _CHUNK):
        some = order[start : start + _CHUNK]
        places = shapely.to_wkb(
            shapely.set_srid(shapes[some], SRID), hex=True, include_srid=True, flavor="extended"
        )
        part = [pa.array(some), pa.array(first[some]), pa.array(last[some]), pa.array(places)]
        attributes = ready.take(pa.array(some))
        table = pa.table([*part, *attributes.columns], [*map(str, range(4 + len(ready.columns)))])
        sink = io.BytesIO()
        pa_csv.write_csv(table, sink, pa_csv.WriteOptions(include_header=False))
        yield sink.getvalue()
