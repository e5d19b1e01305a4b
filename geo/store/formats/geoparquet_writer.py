"""Writes a frame, or chunks of one, as GeoParquet: EPSG:4326, with a covering bbox."""

import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj.exceptions
import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo.errors import StoreError
from geo.store.bulk.duplicates import find_duplicate
from geo.store.bulk.external_sort import reorder_rows, temporary_folder
from geo.store.bulk.row_stream import RowChunk, RowStream
from geo.store.bulk.wkb_column import compute_centres
from geo.store.core.api import NamedColumns, find_missing_column
from geo.store.core.errors import FileFaultError, explain_type_errors
from geo.store.core.normalise import WGS84, to_wgs84
from geo.store.formats.parquet import SIDES

ROW_GROUP = 16_384  # rows: the least that is read of a column
SORTED_FROM = 20_000  # rows: larger layers are sorted along a Hilbert curve
_HILBERT_BATCH = 2**18  # rows


def plan_write(
    name: str, rows: GeoDataFrame | RowStream, named: NamedColumns
) -> Callable[[Path], None]:
    """Check the rows of a layer, and return a function that writes them to a path.

    The file is the same for a frame and for chunks of it. A layer with a column ``bbox`` has no
    covering boxes. A large layer (SORTED_FROM) is sorted along a Hilbert curve, so that nearby
    rows are in few row groups.

    Raises
    ------
    StoreError
        When it is not a GeoDataFrame with one named CRS, one geometry column and different
        column names, a named column is missing, an id is missing or not unique, or a column's
        values have no common type. The returned function raises the last of these, too.
    """
    if isinstance(rows, RowStream):
        return _prepare_stream(rows, named)
    return partial(_write_frame, name, _prepare_frame(name, rows, named))


def _prepare_frame(name: str, frame: GeoDataFrame, named: NamedColumns) -> GeoDataFrame:
    """Return the frame to store: EPSG:4326, geometry column ``geometry``, no index."""
    why = _explain_unfit(frame)
    if why:
        raise StoreError(f"Layer {name!r} cannot be written: {why}")
    try:
        places = to_wgs84(frame.geometry)
    except (FileFaultError, pyproj.exceptions.ProjError) as error:
        msg = (
            f"Layer {name!r} cannot be written: its coordinate reference system (CRS) is "
            "not named or cannot be turned into EPSG:4326. Name it with frame.set_crs(...)."
        )
        raise StoreError(msg) from error
    data = pd.DataFrame(frame.drop(columns=frame.geometry.name)).reset_index(drop=True)
    _check_named_columns(name, list(data.columns), named)
    if id_column := named.get("id"):
        _check_ids(name, data[id_column])
    return GeoDataFrame(data, geometry=places.reset_index(drop=True))


def _explain_unfit(frame: GeoDataFrame) -> str | None:
    """Return why a frame cannot be a layer, and a remedy; None when it can."""
    if not isinstance(frame, GeoDataFrame) or frame.active_geometry_name is None:
        return "it is no GeoDataFrame with a geometry column. Make one with its places and CRS."
    if not all(isinstance(one, str) for one in frame.columns):
        return "a column's name is not text. Rename it."
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        return f"two columns are named {twice[0]!r}. Give each column its own name."
    others = [n for n in frame.columns[frame.dtypes == "geometry"] if n != frame.geometry.name]
    if others:
        return f"it has a second geometry column, {others[0]!r}. Keep one, or write two layers."
    if "geometry" in frame.columns and frame.geometry.name != "geometry":
        return "its column 'geometry' does not hold its places. Rename that column."
    return None


def _check_named_columns(name: str, columns: list[str], named: NamedColumns) -> None:
    missing = find_missing_column(named, columns)
    if missing is not None:
        msg = (
            f"Layer {name!r} cannot be written: the frame has no column {missing!r}. "
            f"Choose among: {', '.join(columns) or 'none'}."
        )
        raise StoreError(msg)


def _check_ids(name: str, ids: pd.Series) -> None:
    missing, twice = ids.isna(), ids.duplicated()
    if missing.any():
        at = int(np.flatnonzero(missing)[0])
        msg = f"Layer {name!r} cannot be written: row {at} has no {ids.name!r}. Give it an id."
        raise StoreError(msg)
    if twice.any():
        raise _duplicate_id_error(name, ids[twice].iloc[0])


def _duplicate_id_error(name: str, value: object) -> StoreError:
    return StoreError(
        f"Layer {name!r} cannot be written: the id {str(value)!r} stands in more than one row. "
        "Give each row its own id."
    )


def compute_hilbert_order(points: np.ndarray) -> np.ndarray:
    """Return the positions of rows along a curve over all of them; rows without a point last.

    ``points`` is (rows, 2), x first; NaN where a row has none.
    """
    distances = np.full(len(points), np.iinfo(np.uint64).max, dtype=np.uint64)
    placed = np.flatnonzero(~np.isnan(points[:, 0]))
    if len(placed):
        bounds = (*np.nanmin(points, axis=0), *np.nanmax(points, axis=0))
        for start in range(0, len(placed), _HILBERT_BATCH):
            some = placed[start : start + _HILBERT_BATCH]
            series = GeoSeries(shapely.points(points[some]))
            distances[some] = series.hilbert_distance(total_bounds=bounds).to_numpy()
    return np.argsort(distances, kind="stable")


def _write_frame(name: str, frame: GeoDataFrame, path: Path) -> None:
    if len(frame) >= SORTED_FROM:
        order = compute_hilbert_order(compute_centres(frame.geometry.to_numpy()))
        frame = frame.iloc[order].reset_index(drop=True)
    with explain_type_errors(name):
        frame.to_parquet(
            path,
            index=False,
            compression="zstd",
            write_covering_bbox="bbox" not in frame.columns,
            row_group_size=ROW_GROUP,
        )
    _check_row_count(path, len(frame))


def _check_row_count(path: Path, wanted: int) -> None:
    """Raise OSError unless a file that was just written has this number of rows."""
    import pyarrow.parquet as pq

    found = pq.read_metadata(path).num_rows
    if found != wanted:
        msg = f"it has {found} rows when read back, not {wanted}"
        raise OSError(msg)


def _prepare_stream(stream: RowStream, named: NamedColumns) -> Callable[[Path], None]:
    """Check a stream as `_prepare_frame` does a frame, and find its order and schema."""
    _check_named_columns(stream.name, stream.types.names, named)
    if id_column := named.get("id"):
        twice = find_duplicate(lambda: stream.column(id_column))
        if twice is not None:
            raise _duplicate_id_error(stream.name, twice)
    centres = np.empty((stream.count, 2))
    sides = np.array([np.inf, np.inf, -np.inf, -np.inf])
    samples: dict[tuple[int, bool], shapely.Geometry] = {}
    start = 0
    for places in stream.places():
        some = places.centres
        centres[start : start + len(some)] = some
        start += len(some)
        samples |= places.samples
        bounds = places.bounds
        sides[:2] = np.fmin(sides[:2], np.fmin.reduce(bounds[:, :2], initial=np.inf))
        sides[2:] = np.fmax(sides[2:], np.fmax.reduce(bounds[:, 2:], initial=-np.inf))
    large = len(centres) >= SORTED_FROM
    order = compute_hilbert_order(centres) if large else np.arange(len(centres))
    return partial(_write_stream, stream, order, _make_schema(stream, sides, [*samples.values()]))


def _make_schema(
    stream: RowStream, sides: np.ndarray, samples: list[shapely.Geometry]
) -> pa.Schema:
    """Return the schema that geopandas gives a file of these columns and geometries."""
    import pyarrow.parquet as pq

    sample = GeoDataFrame(geometry=samples, crs=WGS84)
    buffer = io.BytesIO()
    sample.to_parquet(buffer, index=False, write_covering_bbox="bbox" not in stream.types.names)
    buffer.seek(0)
    schema = pq.read_schema(buffer)
    pandas, geo = (json.loads(schema.metadata[name]) for name in (b"pandas", b"geo"))
    pandas["columns"] = [*stream.pandas_metadata, *pandas["columns"]]
    column = geo["columns"]["geometry"]
    covering = column.pop("covering", None)
    column.pop("bbox", None)
    if np.isfinite(sides).all():
        column["bbox"] = sides.tolist()
    if covering:
        column["covering"] = covering
    metadata = {b"pandas": json.dumps(pandas), b"geo": json.dumps(geo)}
    return pa.schema([*stream.types, *schema], metadata=metadata)


def _write_stream(stream: RowStream, order: np.ndarray, schema: pa.Schema, path: Path) -> None:
    """Write a stream: byte for byte the file that `_write_frame` writes."""
    import pyarrow.parquet as pq

    with (
        temporary_folder() as folder,
        explain_type_errors(stream.name),
        pq.ParquetWriter(path, schema, compression="zstd") as file,
    ):
        waiting = schema.empty_table()
        tables = (_to_file_table(stream, chunk, schema) for chunk in stream)
        for table in reorder_rows(tables, order, folder, stream.rows):
            waiting = pa.concat_tables([waiting, table]).combine_chunks()
            full = len(waiting) - len(waiting) % ROW_GROUP
            if full:
                file.write_table(waiting.slice(0, full), row_group_size=ROW_GROUP)
            waiting = waiting.slice(full)
        if len(waiting):
            file.write_table(waiting)
    _check_row_count(path, stream.count)


def _to_file_table(stream: RowStream, chunk: RowChunk, schema: pa.Schema) -> pa.Table:
    """Return one chunk with all columns of the file."""
    columns = [*stream.to_table(chunk).columns, chunk.places.to_wkb()]
    if len(schema) > len(columns):
        sides = [pa.array(side, from_pandas=True) for side in chunk.places.bounds.T]  # NaN: null
        columns.append(pa.StructArray.from_arrays(sides, list(SIDES)))
    return pa.Table.from_arrays(columns, schema=schema)
