"""One frame, written in each format that a folder may hold, and into a database."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame

from geo.store import FolderStore, LayerStore
from geo.store.formats import gdal_drivers
from geo.store.postgis.engine import DatabaseTimeouts
from geo.store.postgis.store import PostgisStore
from tests.support.postgres_server import Postgres

QUICK = DatabaseTimeouts(look=0, again=0.05)
ODD_TEXT = '{{7*7}} ${1} <img src=x onerror=alert(1)> C:\\users \'or\' "1"="1'


def sample() -> GeoDataFrame:
    """Eight rows in western Syria with every kind of date class and awkward text."""
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
    """Lists become JSON columns, as GDAL writes them."""
    layer = layer or path.stem
    frame, lists = frame.copy(), []
    for name in frame.columns.drop(frame.geometry.name):
        if any(isinstance(value, list) for value in frame[name]):
            lists.append(name)
            frame[name] = [None if v is None else json.dumps(v) for v in frame[name]]
    gdal_drivers.load().write_dataframe(
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


@pytest.fixture(params=list(WRITERS))
def suffix(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def layer_database(postgres: Postgres) -> str:
    """The address of one database for tests that leave it as they found it, or clear it first."""
    return postgres.fresh()


def cleared(url: str) -> PostgisStore:
    """A store on a database, without any layer."""
    store = PostgisStore(url)
    for info in store.layers():
        store.remove(info.name)
    return store


@pytest.fixture
def url(layer_database: str) -> str:
    """The address of a database that is ready, and empty."""
    cleared(layer_database).close()
    return layer_database


@pytest.fixture
def quick(url: str) -> Iterator[PostgisStore]:
    """A store on it that holds nothing in memory, and asks anew at every question."""
    with closing(PostgisStore(url, small_bytes=0, waits=QUICK)) as store:
        yield store


@pytest.fixture(scope="session")
def loaded(postgres: Postgres) -> Iterator[Callable[[GeoDataFrame, str, int], LayerStore]]:
    """Open a database that holds one frame; each is made once, for tests that only read it."""
    urls: dict[tuple, str] = {}
    stores: dict[tuple, PostgisStore] = {}

    def load(frame: GeoDataFrame, name: str, small: int) -> LayerStore:
        key = (name, *frame.columns)
        if key not in urls:
            urls[key] = postgres.fresh()
            with closing(PostgisStore(urls[key])) as store:
                store.write(name, frame)
        if (small, *key) not in stores:
            stores[small, *key] = PostgisStore(urls[key], small_bytes=small)
        return stores[small, *key]

    yield load
    for store in stores.values():
        store.close()


@pytest.fixture(params=[*WRITERS, "postgis"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=["held", "from the file"])
def stored(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path
) -> Callable[[GeoDataFrame, str], LayerStore]:
    """Make a store of one layer: once held in memory, once read from where it lies each time."""
    small = 2**23 if request.param == "held" else 0

    def made(frame: GeoDataFrame, name: str) -> LayerStore:
        if kind == "postgis":
            return request.getfixturevalue("loaded")(frame, name, small)
        WRITERS[kind](frame, tmp_path / f"{name}.{kind}")
        # No child tries each file first, which takes 0.2 s: test_safety is about that.
        return FolderStore(tmp_path, small_bytes=small, ours=True)

    return made


@pytest.fixture
def store(stored: Callable[[GeoDataFrame, str], LayerStore]) -> LayerStore:
    """The sample as layer "claims"."""
    return stored(sample(), "claims")


@pytest.fixture(params=["folder", "postgis"])
def opened(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], FolderStore | PostgisStore]]:
    """Open a store that can be written to, each time anew, empty at first."""
    if request.param == "folder":
        yield lambda: FolderStore(tmp_path)
        return
    url = request.getfixturevalue("layer_database")
    made = [cleared(url)]

    def again() -> PostgisStore:
        made.append(PostgisStore(url))
        return made[-1]

    yield again
    for one in made:
        one.close()


@pytest.fixture
def points() -> GeoDataFrame:
    return gpd.GeoDataFrame(
        {"id": ["a", "b", "c"], "n": [1, 2, 3]},
        geometry=gpd.points_from_xy([35.9, 36.0, 36.1], [35.4, 35.5, 35.6]),
        crs="EPSG:4326",
    )


def as_fatal_parquet(path: Path) -> Path:
    """Write a Parquet file whose footer ends any process that lets pyarrow walk through it."""
    pd.DataFrame({"lat": [35.4], "lon": [35.9487]}).to_parquet(path)
    body = path.read_bytes()
    footer = len(body) - 8 - int.from_bytes(body[-8:-4], "little")
    at = body.index(b"\x25\x02", footer)  # says of the first column that cells may be empty
    path.write_bytes(body[: at + 1] + b"\x00" + body[at + 2 :])
    return path
