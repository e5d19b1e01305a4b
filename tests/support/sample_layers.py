"""A sample layer with every date class and unusual text, and a writer for each format."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo.store.formats import gdal_drivers
from geo.store.postgis.engine import DatabaseTimeouts

QUICK = DatabaseTimeouts(look=0, again=0.05)
ODD_TEXT = '{{7*7}} ${1} <img src=x onerror=alert(1)> C:\\users \'or\' "1"="1'


def sample() -> GeoDataFrame:
    """Return eight rows in western Syria with every date class and unusual text."""
    days = pd.to_datetime
    return GeoDataFrame(
        {
            "id": [f"c{n}" for n in range(8)],
            "observed_from": days(
                [
                    "2024-12-12",
                    "2024-12-10",
                    None,
                    "2024-12-15",
                    None,
                    "2024-12-13",
                    "2024-12-01",
                    None,
                ]
            ),
            "observed_to": days(
                [
                    "2024-12-12",
                    "2024-12-14",
                    "2024-12-11",
                    None,
                    None,
                    "2024-12-13",
                    "2024-12-31",
                    None,
                ]
            ),
            "system": ["Su-24", "S-400", "it's", "الطائرة", "🚁 Mi-8", "Su-24", None, ODD_TEXT],
            "count": [1, 2, 3, 4, 5, 6, 7, 8],
            "share": [0.5, None, 1.5, 2.0, None, 3.0, 4.0, 5.0],
            'a "quoted" name': ["x", "y", "x", "y", "x", "y", "x", "y"],
            "tags": [["air", "jet"], ["sam"], [], None, ["air"], ["jet"], ["air", "sam"], ["x'y"]],
        },
        geometry=[
            shapely.Point(35.95, 35.41),
            shapely.Point(35.96, 35.40),
            shapely.LineString([(36.0, 33.5), (36.7, 34.7)]),
            shapely.box(35.8, 34.8, 35.9, 34.9),
            None,
            shapely.Point(35.87, 34.91),
            shapely.Polygon([(36.0, 35.0), (37.0, 35.0), (37.0, 36.0)]),
            shapely.Point(0.0, 0.0),
        ],
        crs="EPSG:4326",
    )


def as_parquet(frame: GeoDataFrame, path: Path) -> Path:
    frame.to_parquet(path, write_covering_bbox=True, row_group_size=3)
    return path


def as_gpkg(frame: GeoDataFrame, path: Path, layer: str | None = None) -> Path:
    """Write a GeoPackage; lists become JSON columns, as GDAL writes them."""
    layer = layer or path.stem
    frame, lists = frame.copy(), []
    for name in frame.columns.drop(frame.geometry.name):
        if any(isinstance(value, list) for value in frame[name]):
            lists.append(name)
            frame[name] = [None if v is None else json.dumps(v) for v in frame[name]]
    gdal_drivers.import_pyogrio().write_dataframe(
        frame, path, layer=layer, driver="GPKG", append=path.exists()
    )
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT, column_name TEXT, "
            "name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT)"
        )
        for name in lists:
            row = (layer, name, "application/json")
            sql = (
                "INSERT INTO gpkg_data_columns (table_name, column_name, mime_type) VALUES (?,?,?)"
            )
            database.execute(sql, row)
    database.close()
    return path


def as_geojson(frame: GeoDataFrame, path: Path) -> Path:
    features = []
    for row in frame.to_dict("records"):
        place = row.pop(frame.geometry.name)
        properties = {
            name: value.isoformat() if isinstance(value, pd.Timestamp) else value
            for name, value in row.items()
            if isinstance(value, list) or not pd.isna(value)
        }
        geometry = None if place is None else shapely.geometry.mapping(place)
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return path


WRITERS: dict[str, Callable[[GeoDataFrame, Path], Path]] = {
    "parquet": as_parquet,
    "gpkg": as_gpkg,
    "geojson": as_geojson,
}


def as_fatal_parquet(path: Path) -> Path:
    """Write a Parquet file whose footer crashes any process that lets pyarrow read it."""
    pd.DataFrame({"lat": [35.4], "lon": [35.9487]}).to_parquet(path)
    body = path.read_bytes()
    footer = len(body) - 8 - int.from_bytes(body[-8:-4], "little")
    at = body.index(b"\x25\x02", footer)  # marks the first column as nullable
    path.write_bytes(body[: at + 1] + b"\x00" + body[at + 2 :])
    return path
