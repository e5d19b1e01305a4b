"""A layer's rows on their way into the database: one new table, filled by COPY."""

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
    """Let this transaction write: as the loading role where there is one, with time to do so."""
    if can_act_as(connection, LOADERS):
        connection.execute(sa.text(f"SET LOCAL ROLE {LOADERS}"))
    connection.execute(sa.text("SET LOCAL statement_timeout = 0"))


@dataclass(frozen=True)
class LoadPlan:
    """A layer that can be loaded: its rows, their columns in the table, their order there."""

    parts: RowStream
    columns: tuple[StoredColumn, ...]
    order: np.ndarray


def plan_load(info: LayerInfo, parts: RowStream) -> LoadPlan:
    """Look through a layer that is to be loaded.

    Parameters
    ----------
    info, parts
        The rows as a store hands them out.

    Raises
    ------
    StoreError
        When a column's values have no form in the database.
    """
    plainer: set[str] = set()
    days = [np.empty(0, dtype="datetime64[D]")]
    for part in parts:
        table = parts.table(part)
        plainer |= {one for one in table.column_names if not fits_native_type(table.column(one))}
        days.append(np.fmin(*_span(info, part)))
    order = np.argsort(np.concatenate(days), kind="stable")  # the last are those without one
    return LoadPlan(parts, plan_columns(info.name, parts.types, plainer), order)


def load_rows(connection: sa.Connection, info: LayerInfo, found: LoadPlan) -> TableEntry:
    """Fill a new table with a layer's rows, and index it. The catalogue does not name it yet.

    Parameters
    ----------
    connection
        In a transaction that may write (:func:`as_loader`).
    info, found
        The layer (:func:`ready`).
    """
    columns = found.columns
    table = _new_table(connection, columns)
    digest = hashlib.blake2b(repr(encode_columns(columns)).encode(), digest_size=8)
    size = 0
    copying = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv)").format(
        sql.Identifier(SCHEMA, table.name), sql.SQL(", ").join(map(sql.Identifier, _order(columns)))
    )
    driver: Any = connection.connection.driver_connection
    with temporary_folder() as folder, driver.cursor() as cursor, cursor.copy(copying) as copy:
        for chunk in _chunks(info, found, folder):
            copy.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    _index(connection, table, info, columns)
    return TableEntry(info, table, columns, size, digest.hexdigest())


def _order(columns: tuple[StoredColumn, ...]) -> list[str]:
    return ["position", "date_from", "date_to", "geometry", *(one.column for one in columns)]


def _new_table(connection: sa.Connection, columns: tuple[StoredColumn, ...]) -> sa.Table:
    name = f"layer_{connection.scalar(number)}"
    table = layer_table(name, [one.as_column() for one in columns])
    connection.execute(CreateTable(table))
    if has_role(connection, READERS):
        whole = connection.dialect.identifier_preparer.format_table(table)
        connection.execute(sa.text(f"GRANT SELECT ON {whole} TO {READERS}"))
    return table


def _index(
    connection: sa.Connection, table: sa.Table, info: LayerInfo, columns: tuple[StoredColumn, ...]
) -> None:
    if info.id_column is not None:
        ids = next(one for one in columns if one.name == info.id_column)
        # A hash takes texts of any length; a tree takes 2,700 bytes.
        sa.Index(f"{table.name}_ids", table.c[ids.column], postgresql_using="hash")
    for index in table.indexes:
        index.create(connection)
    whole = connection.dialect.identifier_preparer.format_table(table)
    connection.execute(sa.text(f"ANALYZE {whole}"))


def _chunks(info: LayerInfo, found: LoadPlan, folder: Path) -> Iterator[bytes]:
    """CSV of the rows by their first day; the last are those without one."""
    tables = (_table(info, found, part) for part in found.parts)
    for table in reorder_rows(tables, found.order, folder, found.parts.rows):
        sink = io.BytesIO()
        pa_csv.write_csv(table, sink, pa_csv.WriteOptions(include_header=False))
        yield sink.getvalue()


def _table(info: LayerInfo, found: LoadPlan, part: RowChunk) -> pa.Table:
    """Rows in types whose CSV is what PostgreSQL reads."""
    columns = [pa.array(part.data.index), *map(pa.array, _span(info, part))]
    columns.append(part.places.as_ewkb(SRID))
    attributes = found.parts.table(part).columns
    columns += [
        to_copy(one.form, some) for one, some in zip(found.columns, attributes, strict=True)
    ]
    return pa.table(columns, [*map(str, range(len(columns)))])


def _span(info: LayerInfo, part: RowChunk) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of each row, clipped to what the database has; NaT stays NaT."""
    first, last = date_window.compute_day_ranges(part.data, info.time_columns)
    return np.clip(first, _FIRST, _LAST), np.clip(last, _FIRST, _LAST)
