"""Read GeoPackage with the store's reader, under a fixed file name."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj.exceptions
import shapely
from geopandas import GeoDataFrame

from geo.ingest.base.column_types import build_column, restore_integers
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable, quote_names
from geo.store.core.errors import FileFaultError
from geo.store.formats import gdal_drivers, geopackage
from geo.store.formats.geopackage import GeopackageReader

_GPKG = Path("layer.gpkg")


def read_geopackage(body: bytes, log: Diagnostics) -> list[RawTable]:
    """Return the tables of a GeoPackage that have geometries, else those without.

    Views are not read: a view can hide another query, or one that never ends.
    """
    _GPKG.write_bytes(body)
    names, views = geopackage.list_tables(_GPKG)
    if views:
        log.warn(f"The views or virtual tables {quote_names(views)} are not read; only tables are.")
    wanted = [name for name in names if log.options.layer in (None, name)]
    spatial, plain = _open_layers(wanted, log)
    readers = spatial | plain
    log.limits.check_rows(sum(reader.rows for reader in readers.values()))
    log.limits.check_columns(max((len(reader.columns) for reader in readers.values()), default=0))
    tables = []
    for name, reader in (spatial or plain).items():
        try:
            table = _build_table(name, reader.read_frame(), reader, log)
            _report_undecoded_gpkg(table, log)
            tables.append(table)
        except _read_errors() as error:
            log.warn(f"The layer {quote_names([name])} cannot be read: {printable(error, 120)}.")
    if plain and spatial:
        log.inform(f"Tables without geometries are left out: {quote_names(plain)}.")
    if not tables:
        raise FileRejectedError("It has no layer that can be read.", "Export its tables again.")
    log.layers = tuple(names)
    return [table for table in tables if len(table.data)] or tables[:1]


def _open_layers(
    names: Sequence[str], log: Diagnostics
) -> tuple[dict[str, GeopackageReader], dict[str, GeopackageReader]]:
    """Return readers of layers with and without geometries; report those that fail to open."""
    spatial: dict[str, GeopackageReader] = {}
    plain: dict[str, GeopackageReader] = {}
    faults = []
    for name in names:
        try:
            reader = GeopackageReader(_GPKG, name)
            (plain if reader.read_header() == ("none", None) else spatial)[name] = reader
        except _read_errors() as error:
            faults.append(f"{quote_names([name])} ({printable(error, 100)})")
    if faults:
        log.warn(f"Layers that cannot be read: {'; '.join(faults)}.")
    return spatial, plain


def _build_table(
    name: str, frame: GeoDataFrame, reader: GeopackageReader, log: Diagnostics
) -> RawTable:
    """Return a layer's rows; columns of bytes are left out."""
    columns, binary = {}, []
    for title, column in frame.drop(columns=frame.geometry.name).items():
        if column.dtype == object:
            if any(isinstance(one, bytes) for one in column):
                binary.append(title)
                continue
            column = build_column(column.tolist())
        if reader.columns.get(str(title)) == "integer":
            column = restore_integers(column)
            if column.dtype.kind == "f":  # too large for the floats that pyogrio made of them
                column = build_column(_query(name, _quote(title)))
        columns[str(title)] = column
    report_binary(binary, log)
    data = pd.DataFrame(columns, index=frame.index).reset_index(drop=True)
    if len(data) != reader.rows:
        file = quote_names([name])
        log.warn(f"Only {len(data):,} of {reader.rows:,} rows of {file} can be read.")
    shapes = np.array(frame.geometry.to_numpy(), dtype=object)
    return RawTable(name, data, np.arange(1, len(data) + 1), shapes, frame.crs)


def report_binary(names: Sequence[object], log: Diagnostics) -> None:
    """Report columns of bytes that are left out."""
    if names:
        log.inform(f"Columns of binary values are left out: {quote_names(names)}.")


def _report_undecoded_gpkg(table: RawTable, log: Diagnostics) -> None:
    """Reject rows of a GeoPackage whose geometry is not null but cannot be decoded."""
    column = gdal_drivers.import_pyogrio().read_info(_GPKG, layer=table.name)["geometry_name"]
    if not column or not shapely.is_missing(table.geometries).any():
        return
    is_null = np.array(_query(table.name, f"{_quote(column)} IS NULL"), dtype=bool)
    if len(is_null) == len(table.data):
        reject_undecoded(table, is_null, log)


def _quote(name: object) -> str:
    return '"' + str(name).replace('"', '""') + '"'


def _query(table: str, expression: str) -> list[object]:
    """Return the value of an SQL expression for each row of a table, in file order."""
    with closing(sqlite3.connect(f"file:{_GPKG}?mode=ro", uri=True)) as database:
        sql = f"SELECT {expression} FROM {_quote(table)} ORDER BY rowid"
        return [row[0] for row in database.execute(sql)]


def reject_undecoded(table: RawTable, is_null: np.ndarray, log: Diagnostics) -> None:
    """Reject rows whose geometry is not null but cannot be decoded."""
    broken = shapely.is_missing(table.geometries) & ~is_null
    remedy = "Repair it in a GIS, or leave it out."
    table.reject_geometries(log, broken, "The geometry cannot be decoded.", remedy)


def _read_errors() -> tuple[type[Exception], ...]:
    """Return what reading a damaged layer may raise; pyogrio is imported here, not before."""
    gdal_drivers.import_pyogrio()
    from pyogrio.errors import DataLayerError, DataSourceError

    own = (DataSourceError, DataLayerError, FileFaultError)
    return (*own, ValueError, TypeError, sqlite3.Error, pyproj.exceptions.CRSError)
