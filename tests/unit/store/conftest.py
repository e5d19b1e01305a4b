"""Stores of each kind on one sample layer."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
from geopandas import GeoDataFrame

from geo.store import FolderStore, LayerStore
from geo.store.postgis.store import PostgisStore
from tests.support.postgres_server import Postgres
from tests.support.sample_layers import QUICK, WRITERS, sample


@pytest.fixture(params=list(WRITERS))
def suffix(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def layer_database(postgres: Postgres) -> str:
    """The URL of one database, shared by tests that restore or clear it."""
    return postgres.fresh()


def cleared(url: str) -> PostgisStore:
    """Open the database and remove all its layers."""
    store = PostgisStore(url)
    for info in store.layers():
        store.remove(info.name)
    return store


@pytest.fixture
def url(layer_database: str) -> str:
    """The URL of an upgraded database without layers."""
    cleared(layer_database).close()
    return layer_database


@pytest.fixture
def quick(url: str) -> Iterator[PostgisStore]:
    """A database store that caches no rows and rereads the catalogue at every call."""
    with closing(PostgisStore(url, small_bytes=0, timeouts=QUICK)) as store:
        yield store


@pytest.fixture(scope="session")
def loaded(postgres: Postgres) -> Iterator[Callable[[GeoDataFrame, str, int], LayerStore]]:
    """Open a database with one layer; created once per session, for read-only tests."""
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
    """Create a store with one layer, either cached in memory or read from the file each time."""
    small = 2**23 if request.param == "held" else 0

    def made(frame: GeoDataFrame, name: str) -> LayerStore:
        if kind == "postgis":
            return request.getfixturevalue("loaded")(frame, name, small)
        WRITERS[kind](frame, tmp_path / f"{name}.{kind}")
        # `ours` skips the probe process (0.2 s a file); test_safety covers it.
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
    """Open a new writable store on the same data at each call; it starts empty."""
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
