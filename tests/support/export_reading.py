"""Write files of claims and layers, and read them back."""

import datetime as dt
import io
import json
import os
import sqlite3
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from xml.etree import ElementTree

import geopandas
import pandas as pd
import pyarrow.parquet as pq
import shapely

from geo.export.data.data_file import export_data, export_layer
from geo.export.formats import FORMATS
from geo.store import LayerInfo
from geo.view_layers import LayerRows

LINK = "http://127.0.0.1:8501/overview?from=2024-12-12&place=khmeimim&q=a%26b"
VERSION = "data-1"
KML = "{http://www.opengis.net/kml/2.2}"
SPATIAL = [fmt for fmt in FORMATS if fmt != "csv"]


def export_bytes(selection, fmt, *, geometry=None):
    return export_data(selection, fmt, link=LINK, version=VERSION, geometry=geometry)


def export_layer_bytes(frame, fmt, *, csv_geometry=None, **about):
    names = {"id_column": None, "label_column": None} | about
    info = LayerInfo(
        name="uploaded",
        title="Uploaded",
        geometry="mixed",
        extent=None,
        date_from=None,
        date_to=None,
        rows=len(frame),
        version="1",
        time_columns=None,
        attribution="",
        **names,
    )
    rows = LayerRows(info, frame)
    return export_layer(rows, info, fmt, link=LINK, version=VERSION, geometry=csv_geometry)


def layer(columns, shapes=None):
    """Return a frame with one point per row, or with the given shapes."""
    count = len(next(iter(columns.values())))
    points = [shapely.Point(35 + i / 8, 34.5) for i in range(count)] if shapes is None else shapes
    return geopandas.GeoDataFrame(pd.DataFrame(columns), geometry=points, crs="EPSG:4326")


def read(file, fmt):
    """Read a file with geopandas, or a CSV with pandas and all cells as text."""
    if fmt == "csv":
        return pd.read_csv(io.BytesIO(file), dtype=str, keep_default_na=False)
    if fmt == "parquet":
        return geopandas.read_parquet(io.BytesIO(file))
    if fmt == "gpkg":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file.gpkg"
            path.write_bytes(file)
            first = geopandas.list_layers(path)["name"].iloc[0]
            return geopandas.read_file(path, layer=first)
    return _any_gdal().submit(geopandas.read_file, io.BytesIO(file)).result()


@lru_cache(maxsize=1)
def _any_gdal():
    """Start a process in which GDAL has all its drivers; the dashboard registers two."""
    return ProcessPoolExecutor(
        1, get_context("spawn"), initializer=os.unsetenv, initargs=("GDAL_SKIP",)
    )


def ids_in(file, fmt):
    if fmt == "geojson":  # GDAL reports no columns for an empty file
        return [one["properties"]["id"] for one in json.loads(file)["features"]]
    return read(file, fmt)["id"].tolist()


def read_metadata(file, fmt):
    """Return the metadata of a file, link and data version included."""
    if fmt == "geojson":
        return {key: value for key, value in json.loads(file).items() if isinstance(value, str)}
    if fmt == "parquet":
        said = pq.read_schema(io.BytesIO(file)).metadata
        return {key.decode(): value.decode() for key, value in said.items()}
    if fmt == "kml":
        data = ElementTree.fromstring(file).findall(f"{KML}Document/{KML}ExtendedData/{KML}Data")
        return {one.get("name"): one.findtext(f"{KML}value") for one in data}
    return dict(query_gpkg(file, "SELECT key, value FROM about"))


def query_gpkg(file, sql):
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(file)
        return database.execute(sql).fetchall()


def placemarks(file):
    """Return the values of each placemark of a KML file, by name."""
    return [
        {data.get("name"): data.findtext(f"{KML}value") for data in one.iter(f"{KML}Data")}
        for one in ElementTree.fromstring(file).iter(f"{KML}Placemark")
    ]


def normalise_cell(cell):
    """Return a cell of any format in comparable form: days as ISO text, lists joined."""
    if cell is pd.NaT:
        return ""
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    if isinstance(cell, str):
        return cell
    if hasattr(cell, "__iter__"):
        return "; ".join(cell)
    return "" if pd.isna(cell) else f"{cell:g}"
