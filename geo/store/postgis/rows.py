"""Rows out of the database: as tidy frames, and some columns of them some rows at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo.store.bulk.batches import Batch
from geo.store.core import normalise
from geo.store.postgis import column_codec, sql_filter

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geo.store.postgis.catalogue_monitor import TableEntry

BATCH = 20_000  # rows that are asked for at once; as many are sorted in the server's memory


def fetch_frame(engine: sa.Engine, entry: TableEntry, statement: sa.Select) -> GeoDataFrame:
    """Return what :func:`geo.store.postgis.sql_filter.statement` asks for, tidy."""
    fetched = _fetched(engine, statement)
    positions, places, *values = _turned(fetched, 2 + len(entry.columns))
    table = _table(entry.columns, values)
    data = table.to_pandas(date_as_object=False, ignore_metadata=True)
    data.index = pd.Index(np.array(positions, dtype="int64"))
    with np.errstate(invalid="ignore"):  # a coordinate that is NaN
        shapes = shapely.from_wkb(np.array(places, dtype=object))
    raw = GeoDataFrame(data, geometry=GeoSeries(shapes, index=data.index, crs=normalise.WGS84))
    return normalise.normalise(raw, entry.info.id_column, entry.info.time_columns)


def fetch_batch(
    engine: sa.Engine, entry: TableEntry, columns: Sequence[str], start: int, *, places: bool
) -> Batch:
    """Return these columns of the rows from a position on, `BATCH` of them.

    Each is a question of its own: no connection is kept while the rows are worked on, and the
    wait for an answer does not grow with the layer.
    """
    by_name = {one.name: one for one in entry.columns}
    wanted = [by_name[name] for name in columns]
    part = sql_filter.select_range(entry, wanted, start, start + BATCH, places=places)
    _, shapes, *values = _turned(_fetched(engine, part), 2 + len(wanted))
    return Batch(_table(wanted, values), pa.array(shapes, pa.binary()) if places else None)


def _fetched(engine: sa.Engine, statement: sa.Select) -> list[tuple]:
    with engine.connect() as connection:
        connection = connection.execution_options(postgresql_readonly=True)
        cursor: Any = connection.execute(statement).cursor
        return cursor.fetchall()  # plain tuples: nothing of them needs SQLAlchemy


def _turned(rows: list[tuple], width: int) -> list[tuple]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _table(columns: Sequence[column_codec.StoredColumn], values: list[tuple]) -> pa.Table:
    arrays = [column_codec.from_driver(*one) for one in zip(columns, values, strict=True)]
    return pa.table(arrays, [one.name for one in columns])
