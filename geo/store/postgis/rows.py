"""Fetches rows from the database: as normalised frames, or as batches of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo.store.core import normalise
from geo.store.core.api import Batch
from geo.store.postgis import sql_filter
from geo.store.postgis.column_codec import StoredColumn, from_driver

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geo.store.postgis.catalogue_monitor import TableEntry

BATCH = 20_000  # rows of one query; the server sorts as many in memory


def fetch_frame(engine: sa.Engine, entry: TableEntry, statement: sa.Select[Any]) -> GeoDataFrame:
    """Return the rows of :func:`geo.store.postgis.sql_filter.build_select`, normalised."""
    positions, places, table = _fetch(engine, entry.columns, statement)
    data = table.to_pandas(date_as_object=False, ignore_metadata=True)
    data.index = pd.Index(np.array(positions, dtype="int64"))
    with np.errstate(invalid="ignore"):  # a coordinate that is NaN
        shapes = shapely.from_wkb(np.array(places, dtype=object))
    raw = GeoDataFrame(data, geometry=GeoSeries(shapes, index=data.index, crs=normalise.WGS84))
    info = entry.info
    return normalise.normalise(raw, info.id_column, info.time_columns, info.time_zone)


def fetch_batch(
    engine: sa.Engine, entry: TableEntry, columns: Sequence[str], start: int, *, places: bool
) -> Batch:
    """Return these columns of `BATCH` rows from a position on.

    Each batch is a separate query: no connection is held while the rows are processed, and the
    time of a query does not grow with the layer.
    """
    by_name = {one.name: one for one in entry.columns}
    wanted = [by_name[name] for name in columns]
    position = entry.table.c.position
    part = sql_filter.select_columns(entry, wanted, places=places)
    inside = (position >= start) & (position < start + BATCH)
    _, shapes, table = _fetch(engine, wanted, part.where(inside))
    return Batch(table, pa.array(shapes, pa.binary()) if places else None)


def _fetch(
    engine: sa.Engine, columns: Sequence[StoredColumn], statement: sa.Select[Any]
) -> tuple[Sequence[object], Sequence[object], pa.Table]:
    """Return the positions, the geometries as WKB, and the columns of the rows."""
    with engine.connect() as connection:
        connection = connection.execution_options(postgresql_readonly=True)
        cursor: Any = connection.execute(statement).cursor
        rows = cursor.fetchall()  # faster than SQLAlchemy's rows
    positions, places, *values = zip(*rows, strict=True) if rows else [()] * (2 + len(columns))
    arrays = [from_driver(*one) for one in zip(columns, values, strict=True)]
    return positions, places, pa.table(arrays, [one.name for one in columns])
