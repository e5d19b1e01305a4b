"""Write GeoParquet and GeoPackage files from one Arrow table."""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.export.data.cell_types import Column, as_text, unique_names
from geo.export.data.table import CRS
from geo.store.formats import gdal_drivers

if TYPE_CHECKING:
    import pyarrow

    from geo.export.data.table import ExportTable

ROW_GROUP = 50_000
ABOUT = "about"
# Replaces the time of writing, so that the same rows give the same bytes.
_NO_TIME = "1970-01-01T00:00:00.000Z"


def to_parquet(table: ExportTable) -> bytes:
    """Return the rows as GeoParquet 1.1: WKB in a column "geometry", EPSG:4326.

    Lists are lists of text. Link, data version, CRS, time zone and note are key-value
    metadata of the file, beside GeoParquet's own "geo". Times with a zone are instants; their
    type names the zone of the layer.
    """
    import pyarrow.parquet as pq
    from pyproj import CRS as PROJ_CRS

    zone = table.about.get("time_zone", "UTC")
    rows = _to_arrow(table.rename_columns(("geometry",)), "geometry", zone)
    about: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": _list_geometry_types(table.shapes),
        "crs": PROJ_CRS.from_user_input(CRS).to_json_dict(),
    }
    if not shapely.is_missing(table.shapes).all():
        about["bbox"] = shapely.total_bounds(table.shapes).tolist()
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": about}}
    metadata = table.about | {"geo": json.dumps(geo)}
    out = io.BytesIO()
    pq.write_table(
        rows.replace_schema_metadata(metadata), out, compression="zstd", row_group_size=ROW_GROUP
    )
    return out.getvalue()


def to_gpkg(table: ExportTable) -> bytes:
    """Return the rows as a GeoPackage, written in memory.

    The first layer is the rows, in their order; the table "about" holds link, data version,
    CRS and note as (key, value). Columns keep their names; the feature id and the geometry get
    others ("fid", or "fid_2" if a column has that name). Lists are JSON. Times with a zone
    are in UTC, the only one that a GeoPackage has; those without are ISO text.
    """
    names = [column.name for column in table.columns]
    fid, geom = unique_names(("fid", "geom"), names)
    layer = table.name if table.name != ABOUT else f"{table.name}_layer"
    readable = replace(table, columns=tuple(map(_naive_times_as_text, table.columns)))
    out = io.BytesIO()
    gdal_drivers.import_pyogrio().write_arrow(
        _to_arrow(readable, geom, "UTC"),
        out,
        driver="GPKG",
        layer=layer,
        geometry_name=geom,
        geometry_type="Unknown",
        crs=CRS,
        layer_options={"FID": fid, "GEOMETRY_NAME": geom, "IDENTIFIER": layer},
    )
    return _add_about(out.getvalue(), table.about)


def _naive_times_as_text(column: Column) -> Column:
    if column.kind != "datetime" or _has_time_zone(column):
        return column
    return Column(column.name, "text", [None if c is None else as_text(c) for c in column.cells])


def _has_time_zone(column: Column) -> bool:
    return any(cell.tzinfo for cell in column.cells if isinstance(cell, dt.datetime))


def _add_about(file: bytes, about: dict[str, str]) -> bytes:
    """Return a GeoPackage with the table "about", and without the time of writing."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(file)
        database.execute(
            f"CREATE TABLE {ABOUT} (id INTEGER PRIMARY KEY NOT NULL, key TEXT NOT NULL UNIQUE, "
            "value TEXT NOT NULL)"
        )
        database.executemany(f"INSERT INTO {ABOUT} (key, value) VALUES (?, ?)", about.items())
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description) "
            f"VALUES ('{ABOUT}', 'attributes', '{ABOUT}', 'What this file holds')"
        )
        database.execute("UPDATE gpkg_contents SET last_change = ?", (_NO_TIME,))
        database.commit()
        return _reset_change_counter(database.serialize())


def _reset_change_counter(file: bytes) -> bytes:
    """Return a SQLite file whose change counter is 1.

    The number of GDAL's commits depends on its clock, and SQLite counts commits in the header:
    big-endian, bytes 24-27, repeated in 92-95 as the version that the header is valid for
    (https://www.sqlite.org/fileformat2.html, 1.3.7 and 1.3.18).
    """
    one = (1).to_bytes(4, "big")
    return file[:24] + one + file[28:92] + one + file[96:]


def _to_arrow(table: ExportTable, geometry: str, zone: str) -> pyarrow.Table:
    import pyarrow as pa

    arrays = [pa.array(column.cells, _arrow_type(column, zone)) for column in table.columns]
    shapes = shapely.to_wkb(table.shapes, flavor="iso").tolist()
    names = [column.name for column in table.columns]
    return pa.Table.from_arrays([*arrays, pa.array(shapes, pa.binary())], [*names, geometry])


def _arrow_type(column: Column, zone: str) -> pyarrow.DataType:
    import pyarrow as pa

    if column.kind == "datetime":
        return pa.timestamp("us", tz=zone if _has_time_zone(column) else None)
    return {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "list": pa.list_(pa.string()),
    }[column.kind]


def _list_geometry_types(shapes: np.ndarray) -> list[str]:
    """Return the geometry types as GeoParquet names them, such as "Polygon" and "Point Z"."""
    kinds = 2 * shapely.get_type_id(shapes) + shapely.has_z(shapes)
    firsts = shapes[np.unique(kinds, return_index=True)[1]]
    names = (
        f"{one.geom_type} Z" if one.has_z else one.geom_type for one in firsts if one is not None
    )
    return sorted({name.replace("LinearRing", "LineString") for name in names})
