"""Loads a layer's rows into a new table by COPY."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.schema import CreateTable

from geo.store.bulk.external_sort import reorder_rows, temporary_folder
from geo.store.bulk.row_stream import RowChunk, RowStream
from geo.store.core import date_window
from geo.store.core.api import LayerInfo
from geo.store.postgis.catalogue_monitor import TableEntry
from geo.store.postgis.column_codec import (
    StoredColumn,
    encode_columns,
    fits_native_type,
    plan_columns,
    to_copy,
)
from geo.store.postgis.engine import can_act_as, has_role
from geo.store.postgis.schema import LOADERS, READERS, SCHEMA, SRID, layer_table, number

_FIRST, _LAST = np.datetime64(date.min, "D"), np.datetime64(date.max, "D")


def become_loader(connection: sa.Connection) -> None:
    """Let this transaction write: set the loader role if it exists, and no statement timeout."""
    if can_act_as(connection, LOADERS):
        connection.execute(sa.text(f"SET LOCAL ROLE {LOADERS}"))
    connection.execute(sa.text("SET LOCAL statement_timeout = 0"))


@dataclass(frozen=True)
class LoadPlan:
    """A layer that can be loaded: its rows, table columns, and the row order in the table."""

    stream: RowStream
    columns: tuple[StoredColumn, ...]
    order: np.ndarray


def plan_load(info: LayerInfo, stream: RowStream) -> LoadPlan:
    """Choose the column types and the row order for a layer, as another store returns it.

    Raises StoreError when a column's values cannot be stored in the database.
    """
    unfit: set[str] = set()
    days = [np.empty(0, dtype="datetime64[D]")]
    for chunk in stream:
        table = stream.to_table(chunk)
        unfit |= {one for one in table.column_names if not fits_native_type(table.column(one))}
        days.append(np.fmin(*_clip_days(info, chunk)))
    order = np.argsort(np.concatenate(days), kind="stable")  # undated rows last
    return LoadPlan(stream, plan_columns(info.name, stream.types, unfit), order)


def load_rows(connection: sa.Connection, info: LayerInfo, plan: LoadPlan) -> TableEntry:
    """Fill and index a new table with a layer's rows. It is not in the catalogue yet.

    The connection is in a transaction that may write (:func:`become_loader`).
    """
    columns = plan.columns
    table = _create_table(connection, columns)
    digest = hashlib.blake2b(repr(encode_columns(columns)).encode(), digest_size=8)
    size = 0
    names = ["position", "date_from", "date_to", "geometry", *(one.column for one in columns)]
    copying = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv)").format(
        sql.Identifier(SCHEMA, table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    driver: Any = connection.connection.driver_connection
    with temporary_folder() as folder, driver.cursor() as cursor, cursor.copy(copying) as copy:
        for chunk in _encode_chunks(info, plan, folder):
            copy.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    _create_indexes(connection, table, info, columns)
    return TableEntry(info, table, columns, size, digest.hexdigest())


def _create_table(connection: sa.Connection, columns: tuple[StoredColumn, ...]) -> sa.Table:
    name = f"layer_{connection.scalar(number)}"
    table = layer_table(name, [one.as_column() for one in columns])
    connection.execute(CreateTable(table))
    if has_role(connection, READERS):
        whole = connection.dialect.identifier_preparer.format_table(table)
        connection.execute(sa.text(f"GRANT SELECT ON {whole} TO {READERS}"))
    return table


def _create_indexes(
    connection: sa.Connection, table: sa.Table, info: LayerInfo, columns: tuple[StoredColumn, ...]
) -> None:
    if info.id_column is not None:
        ids = next(one for one in columns if one.name == info.id_column)
        # A hash index takes texts of any length; a B-tree at most 2,700 bytes.
        sa.Index(f"{table.name}_ids", table.c[ids.column], postgresql_using="hash")
    for index in table.indexes:
        index.create(connection)
    whole = connection.dialect.identifier_preparer.format_table(table)
    connection.execute(sa.text(f"ANALYZE {whole}"))


def _encode_chunks(info: LayerInfo, plan: LoadPlan, folder: Path) -> Iterator[bytes]:
    """Yield the rows as CSV, sorted by their first day; undated rows last."""
    tables = (_to_csv_table(info, plan, chunk) for chunk in plan.stream)
    for table in reorder_rows(tables, plan.order, folder, plan.stream.rows):
        sink = io.BytesIO()
        pa_csv.write_csv(table, sink, pa_csv.WriteOptions(include_header=False))
        yield sink.getvalue()


def _to_csv_table(info: LayerInfo, plan: LoadPlan, chunk: RowChunk) -> pa.Table:
    """Return rows in types whose CSV PostgreSQL can read."""
    columns = [pa.array(chunk.data.index), *map(pa.array, _clip_days(info, chunk))]
    columns.append(chunk.places.to_ewkb(SRID))
    attributes = plan.stream.to_table(chunk).columns
    columns += [to_copy(one.form, some) for one, some in zip(plan.columns, attributes, strict=True)]
    return pa.table(columns, [*map(str, range(len(columns)))])


def _clip_days(info: LayerInfo, chunk: RowChunk) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and last day of each row, clipped to PostgreSQL's range; NaT stays NaT."""
    first, last = date_window.compute_day_ranges(chunk.data, info.time_columns, info.time_zone)
    return np.clip(first, _FIRST, _LAST), np.clip(last, _FIRST, _LAST)
