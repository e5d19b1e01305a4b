"""A layer some rows at a time as the file that a store writes: what `writing` does with a frame."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from geopandas import GeoDataFrame

from geo.store.bulk.duplicates import find_duplicate
from geo.store.bulk.external_sort import reorder_rows, temporary_folder
from geo.store.bulk.hilbert import compute_hilbert_order
from geo.store.bulk.row_stream import RowChunk, RowStream
from geo.store.core.errors import explain_type_errors
from geo.store.core.normalise import WGS84
from geo.store.formats import geoparquet_writer
from geo.store.formats.parquet import SIDES

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class WritePlan:
    """A layer that can be written: its rows, their order in the file, the file's header."""

    parts: RowStream
    order: np.ndarray | None
    header: pa.Schema


def written(
    name: str, rows: GeoDataFrame | RowStream, said: Mapping[str, Any]
) -> Callable[[Path], None]:
    """Check a frame, or parts, and return what writes the file (see `storable`)."""
    if isinstance(rows, RowStream):
        return partial(write_parquet, storable(rows, said))
    return partial(
        geoparquet_writer.write_parquet, name, geoparquet_writer.storable(name, rows, said)
    )


def storable(parts: RowStream, said: Mapping[str, Any]) -> WritePlan:
    """Look through a layer that is to be written; what is refused is what `writing` refuses.

    Parameters
    ----------
    parts
    said
        The columns that the writer names, as in :class:`geo.store.folder.catalogue.Item`.

    Raises
    ------
    StoreError
        When a column that is named is not there, an id stands in two rows, or values are not of
        one kind.
    """
    name, columns = parts.name, parts.types.names
    geoparquet_writer.check_said(name, columns, said)
    if (own := said.get("id")) is not None:
        twice = find_duplicate(lambda: parts.column(own))
        if twice is not None:
            raise geoparquet_writer.same_id(name, twice)
    middles = np.empty((parts.count, 2))
    sides = np.array([np.inf, np.inf, -np.inf, -np.inf])
    kinds: dict[tuple[int, bool], Any] = {}
    start = 0
    for places in parts.places():
        some = places.middles
        middles[start : start + len(some)] = some
        start += len(some)
        kinds |= places.kinds
        bounds = places.bounds
        sides[:2] = np.fmin(sides[:2], np.fmin.reduce(bounds[:, :2], initial=np.inf))
        sides[2:] = np.fmax(sides[2:], np.fmax.reduce(bounds[:, 2:], initial=-np.inf))
    order = (
        compute_hilbert_order(middles) if len(middles) >= geoparquet_writer.SORTED_FROM else None
    )
    return WritePlan(parts, order, _header(parts, sides, kinds))


def write_parquet(ready: WritePlan, path: Path) -> None:
    """Write it, byte for byte the file of `geoparquet_writer.write_parquet`.

    Raises
    ------
    StoreError
        When values are not of one kind, or there is no room for temporary files.
    OSError
        When the disk does not take it.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts = ready.parts
    order = np.arange(parts.count) if ready.order is None else ready.order
    with (
        temporary_folder() as folder,
        explain_type_errors(parts.name),
        pq.ParquetWriter(path, ready.header, compression="zstd") as file,
    ):
        waiting = ready.header.empty_table()
        tables = (_table(parts, part, ready.header) for part in parts)
        for table in reorder_rows(tables, order, folder, parts.rows):
            waiting = pa.concat_tables([waiting, table]).combine_chunks()
            full = len(waiting) - len(waiting) % geoparquet_writer.ROW_GROUP
            if full:
                file.write_table(waiting.slice(0, full), row_group_size=geoparquet_writer.ROW_GROUP)
            waiting = waiting.slice(full)
        if len(waiting):
            file.write_table(waiting)
    geoparquet_writer.check_rows(path, parts.count)


def _header(parts: RowStream, sides: np.ndarray, kinds: dict[tuple[int, bool], Any]) -> pa.Schema:
    """The schema that geopandas gives a file of these columns and geometries."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    like = GeoDataFrame(geometry=list(kinds.values()), crs=WGS84)
    buffer = io.BytesIO()
    covered = "bbox" not in parts.types.names
    like.to_parquet(buffer, index=False, write_covering_bbox=covered)
    buffer.seek(0)
    schema = pq.read_schema(buffer)
    pandas, geo = (json.loads(schema.metadata[name]) for name in (b"pandas", b"geo"))
    pandas["columns"] = [*parts.said, *pandas["columns"]]
    place = geo["columns"]["geometry"]
    covering = place.pop("covering", None)
    place.pop("bbox", None)
    if np.isfinite(sides).all():
        place["bbox"] = sides.tolist()
    if covering:
        place["covering"] = covering
    said = {b"pandas": json.dumps(pandas), b"geo": json.dumps(geo)}
    return pa.schema([*parts.types, *schema], metadata=said)


def _table(parts: RowStream, part: RowChunk, header: pa.Schema) -> pa.Table:
    """One part as it lies in the file."""
    import pyarrow as pa

    columns = [*parts.table(part).columns, part.places.as_wkb()]
    if len(header) > len(columns):
        sides = [pa.array(side, from_pandas=True) for side in part.places.bounds.T]  # NaN: null
        columns.append(pa.StructArray.from_arrays(sides, list(SIDES)))
    return pa.Table.from_arrays(columns, schema=header)
