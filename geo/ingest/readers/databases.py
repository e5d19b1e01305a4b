"""GeoPackage and GeoParquet, by the store's own readers, from a name of our own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj.exceptions
import shapely
from geopandas import GeoDataFrame

from geo.ingest.base.column_types import whole_again
from geo.ingest.base.diagnostics import Diagnostics, RawTable, listed
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable
from geo.store.core.errors import FileFaultError
from geo.store.formats import gdal_drivers, geopackage
from geo.store.formats.format_reader import check_magic
from geo.store.formats.geopackage import GeopackageReader
from geo.store.formats.parquet import ParquetReader

_GPKG, _PARQUET = Path("layer.gpkg"), Path("layer.parquet")
_MEND = "Mend it in a GIS, or leave it out."


def read_geopackage(
    body: bytes, log: Diagnostics, layer: str | None
) -> tuple[list[RawTable], list[str]]:
    """Return the tables of a GeoPackage that hold places, and the names of all that hold rows.

    Tables only: a view can hide another query, or one without an end.

    Raises
    ------
    RefusedError
        When it is no GeoPackage, or none of its layers can be read.
    """
    _GPKG.write_bytes(body)
    try:
        good, closed = geopackage.list_tables(_GPKG)
    except FileFaultError as error:
        raise FileRejectedError(error.why, error.remedy) from error
    if closed:
        log.add_message(
            "warning",
            f"The views or virtual tables {listed(closed)} are not read; only tables are.",
        )
    wanted = [name for name in good if layer is None or name == layer]
    readers: dict[str, GeopackageReader] = {}
    plain: list[str] = []
    faults = []
    for name in wanted:
        try:
            reader = GeopackageReader(_GPKG, name)
            if reader.read_header() == ("none", None):
                plain.append(name)
            readers[name] = reader
        except _read_errors() as error:
            faults.append(f"{listed([name])} ({printable(error, 100)})")
    if faults:
        log.add_message("warning", f"Layers that cannot be read: {'; '.join(faults)}.")
    _check(
        sum(reader.rows for reader in readers.values()),
        max((len(reader.columns) for reader in readers.values()), default=0),
        log,
    )
    places = [name for name in readers if name not in plain]
    tables = []
    for name in places or plain:
        try:
            tables.append(_table(name, readers[name].read_frame(), readers[name], log))
        except _read_errors() as error:
            log.add_message(
                "warning", f"The layer {listed([name])} cannot be read: {printable(error, 120)}."
            )
    if plain and places:
        log.add_message("info", f"Tables without places are left out: {listed(plain)}.")
    if not tables:
        raise FileRejectedError("It holds no layer that can be read.", "Export its tables anew.")
    return [table for table in tables if len(table.data)] or tables[:1], good


def read_parquet(body: bytes, log: Diagnostics) -> RawTable:
    """Return the rows of a Parquet file; without GeoParquet's metadata they have no shapes.

    Raises
    ------
    RefusedError
        When it is damaged, or would unpack to too much: its footer is read first.
    """
    import pyarrow as pa

    _PARQUET.write_bytes(body)
    try:
        check_magic(_PARQUET)
        reader = ParquetReader(_PARQUET, log.limits.unpacked_bytes)
        _check(reader.rows, len(reader.columns), log)
        frame = reader.read_frame()
    except FileFaultError as error:
        raise FileRejectedError(error.why, error.remedy) from error
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"The Parquet file is damaged, or not one of GeoParquet ({printable(error, 100)})."
        raise FileRejectedError(why, "Export it again.") from error
    if not len(frame):
        raise FileRejectedError("It holds no rows.", "Export it again.")
    placed = reader.read_header() != ("none", None)
    _say_other_places(log)
    table = _table("", frame, reader, log)
    if not placed:
        table.shapes = None
    else:
        _undecoded(table, log)
    return table


def _say_other_places(log: Diagnostics) -> None:
    """Tell of geometry columns beside the first: only one is read."""
    import pyarrow.parquet as pq

    about = json.loads((pq.read_schema(_PARQUET).metadata or {}).get(b"geo", b"{}"))
    others = [name for name in about.get("columns", {}) if name != about.get("primary_column")]
    if others:
        log.add_message(
            "warning", f"Only the first geometry column is read; {listed(others)} is left out."
        )


def _undecoded(table: RawTable, log: Diagnostics) -> None:
    """Report geometries of a Parquet file that are there but cannot be decoded."""
    import pyarrow.parquet as pq

    missing = np.flatnonzero(shapely.is_missing(table.shapes))
    if not len(missing):
        return
    file = pq.ParquetFile(_PARQUET)
    column = json.loads(file.schema_arrow.metadata[b"geo"])["primary_column"]
    none = file.read(columns=[column]).column(column).is_null().to_numpy()
    _say_undecoded(table, missing[~none[missing]], log)


def _say_undecoded(table: RawTable, broken: np.ndarray, log: Diagnostics) -> None:
    cells = [""] * len(table.data)
    table.set_aside(log, broken, "geometry", cells, "The geometry cannot be decoded.", _MEND)
    table.placeless[broken] = True


def _table(name: str, frame: GeoDataFrame, reader: Any, log: Diagnostics) -> RawTable:
    data = pd.DataFrame(frame.drop(columns=frame.geometry.name)).reset_index(drop=True)
    shapes = np.array(frame.geometry.to_numpy(), dtype=object)
    table = RawTable(
        name, _plain(data, reader.columns), np.arange(1, len(data) + 1), shapes, frame.crs
    )
    if len(data) != reader.rows:
        read = f"{len(data):,} of {reader.rows:,} rows"
        log.add_message("warning", f"Only {read} of {listed([name]) or 'the file'} can be read.")
    if isinstance(reader, GeopackageReader):
        _unread(table, log)
    return table


def _unread(table: RawTable, log: Diagnostics) -> None:
    """Report geometries that are there but are none (a blob that cannot be decoded)."""
    column = gdal_drivers.import_pyogrio().read_info(_GPKG, layer=table.name)["geometry_name"]
    missing = np.flatnonzero(shapely.is_missing(table.shapes))
    if not column or not len(missing):
        return
    quoted = ['"' + str(one).replace('"', '""') + '"' for one in (column, table.name)]
    with closing(sqlite3.connect("file:layer.gpkg?mode=ro", uri=True)) as database:
        sql = f"SELECT {quoted[0]} IS NULL FROM {quoted[1]} ORDER BY rowid"
        none = np.array([bool(row[0]) for row in database.execute(sql)], dtype=bool)
    if len(none) != len(table.data):
        return
    _say_undecoded(table, missing[~none[missing]], log)


def _plain(data: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Return columns without categories and bytes, which no other part understands."""
    columns = {}
    for name in data.columns:
        column = data[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype(column.cat.categories.dtype)
        if column.dtype == object:
            cells = [one.hex() if isinstance(one, bytes) else one for one in column]
            column = pd.Series(cells, index=column.index, dtype=object)
        columns[str(name)] = whole_again(column) if kinds.get(name) == "integer" else column
    return pd.DataFrame(columns, index=data.index)


def _check(rows: int, columns: int, log: Diagnostics) -> None:
    if rows > log.limits.rows:
        why = f"It holds {rows:,} rows; the limit is {log.limits.rows:,}."
        raise FileRejectedError(why, "Split it, or keep the rows that are needed.")
    if columns > log.limits.columns:
        why = f"It has {columns:,} columns; the limit is {log.limits.columns:,}."
        raise FileRejectedError(why, "Keep the columns that are needed.")


def _read_errors() -> tuple[type[Exception], ...]:
    """Return what a damaged layer may raise; pyogrio's own only once it is there."""
    gdal_drivers.import_pyogrio()
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

    own = (DataSourceError, DataLayerError, FeatureError, FieldError)
    more = (FileFaultError, ValueError, TypeError, sqlite3.Error, pyproj.exceptions.CRSError)
    return (*own, *more)
