"""Synthetic files of every format, built in code; no place or event in them is real."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

import geo.store  # noqa: F401 - first: it limits GDAL's drivers

POINT = {"type": "Point", "coordinates": [35.9487, 35.4011]}
KML_HEAD = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'


def text(*lines: str, encoding: str = "utf-8") -> bytes:
    return ("\n".join(lines) + "\n").encode(encoding)


def feature(geometry: Any = POINT, /, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features} | more).encode()


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def kml(*marks: str, head: str = KML_HEAD) -> bytes:
    return f"{head}<Document>{''.join(marks)}</Document></kml>".encode()


def mark(place: str = "35.9487,35.4011", name: str = "mark", more: str = "") -> str:
    where = f"<Point><coordinates>{place}</coordinates></Point>"
    return f"<Placemark><name>{name}</name>{more}{where}</Placemark>"


def gpx(*parts: str) -> bytes:
    head = '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
    return f"{head}{''.join(parts)}</gpx>".encode()


def zipped(files: Mapping[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def points(
    *places: tuple[float, float], crs: str | None = "EPSG:4326", **columns: Any
) -> gpd.GeoDataFrame:
    shapes = [shapely.Point(*place) for place in places]
    columns = columns or {"name": [f"p{number}" for number in range(len(places))]}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


UTM = ((231000.0, 3921000.0), (235000.0, 3866000.0))
TWO = ((35.9487, 35.4011), (35.87, 34.9))


def gpkg(layers: Mapping[str, gpd.GeoDataFrame] | None = None, *sql: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.gpkg"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # also for layers without a CRS
            for name, frame in (layers or {"things": points(*TWO)}).items():
                frame.to_file(path, layer=name, driver="GPKG")
        with closing(sqlite3.connect(path)) as database:
            for one in sql:
                database.execute(one)
            database.commit()
        return path.read_bytes()


def sqlite_file(*sql: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.db"
        with closing(sqlite3.connect(path)) as database:
            for one in sql:
                database.execute(one)
            database.commit()
        return path.read_bytes()


def shapefile(
    frame: gpd.GeoDataFrame | None = None,
    *,
    encoding: str = "utf-8",
    without: Iterable[str] = (),
    stem: str = "made",
) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{stem}.shp"
        (points(*TWO) if frame is None else frame).to_file(path, encoding=encoding)
        return {
            one.name: one.read_bytes()
            for one in sorted(Path(folder).iterdir())
            if one.suffix not in without
        }


def parquet(frame: pd.DataFrame | None = None) -> bytes:
    out = io.BytesIO()
    (points(*TWO) if frame is None else frame).to_parquet(out)
    return out.getvalue()


def workbook(sheets: Mapping[str, list[list[Any]]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()
