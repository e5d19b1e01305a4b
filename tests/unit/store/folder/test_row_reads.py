"""Large files stay open and decoded rows are cached, with the same query results."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.store import FolderStore, LayerSpec, Query
from geo.store.bulk.index_builder import load_index
from geo.store.folder import row_reads

ROWS = 400
DAYS = [date(2024, 12, 1) + timedelta(days) for days in range(10)]


def synthetic(seed: int = 1) -> GeoDataFrame:
    """Points, lines and areas, some out of bounds, some missing; EPSG:4326."""
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(-185, 185, ROWS), random.uniform(-90, 90, ROWS)
    places = shapely.points(lon, lat)
    places[::3] = shapely.buffer(places[::3], 2)
    places[1::3] = shapely.boundary(shapely.buffer(places[1::3], 3, quad_segs=2))
    places[::50] = None
    days = pd.Series(random.choice(DAYS, ROWS), dtype="datetime64[us]").where(
        random.random(ROWS) < 0.8
    )
    data = {"key": [f"{seed}-{number}" for number in range(ROWS)], "day": days}
    return GeoDataFrame(data, geometry=places, crs=4326)


def written(folder: Path, frame: GeoDataFrame) -> FolderStore:
    FolderStore(folder).write(
        "many", frame, LayerSpec(id_column="key", time_columns=("day", "day"))
    )
    return FolderStore(folder, small_bytes=0)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[FolderStore, FolderStore]:
    """A store without a spatial index and one with it, on the same file."""
    folder = tmp_path_factory.mktemp("many")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.store.formats.geoparquet_writer.ROW_GROUP", 50)
        plain = written(folder, synthetic())
    known = FolderStore(folder, small_bytes=0)
    load_index(known, "many")
    return plain, known


sides = st.tuples(st.floats(-200, 200), st.floats(-95, 95), st.floats(0, 90), st.floats(0, 60))
boxes = st.none() | sides.map(lambda at: (at[0], at[1], at[0] + at[2], at[1] + at[3]))
ends = st.none() | st.sampled_from(DAYS)


@settings(max_examples=150)
@given(boxes, ends, ends, st.booleans())
def test_queries_give_the_same_rows_with_the_spatial_index(pair, box, one, other, undated):
    low, high = (one, other) if None in (one, other) else sorted([one, other])
    query = Query(low, high, undated, bbox=box)
    plain, known = (store.read("many", query) for store in pair)
    pd.testing.assert_frame_equal(known, plain)


def test_repeated_query_decodes_no_row_group_again(tmp_path):
    store = written(tmp_path, synthetic())
    query = Query(DAYS[2], DAYS[4], undated=False, bbox=(-60, -60, 60, 60))
    load_index(store, "many")
    first = store.read("many", query)
    before = row_reads._groups.cache_info()
    assert len(store.read("many", query)) == len(first) > 10
    assert row_reads._groups.cache_info()[1] == before[1]  # no row group is decoded again


def test_replaced_file_is_reread(tmp_path):
    store = written(tmp_path, synthetic())
    query = Query(bbox=(-60, -60, 60, 60))
    for seed in (1, 2, 3):
        FolderStore(tmp_path).write("many", synthetic(seed), LayerSpec(id_column="key"))
        load_index(store, "many")
        for _ in "ab":
            found = store.read("many", query)
            assert len(found) > 10
            assert found["key"].str.startswith(f"{seed}-").all()


def test_removed_layer_leaves_no_open_file_and_no_index(tmp_path):
    store = written(tmp_path, synthetic())
    load_index(store, "many")
    assert len(store.read("many", Query(bbox=(-60, -60, 60, 60)))) > 10
    here = str(tmp_path)
    assert any(here in str(path) for path in opened_files())
    kept = weakref.ref(load_index(store, "many"))
    store.remove("many")
    assert store.layers() == ()
    gc.collect()
    assert kept() is None
    assert not any(here in str(path) for path in opened_files())


def opened_files() -> list[Path]:
    """Return the paths of this process's open files (Linux)."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.append(link.readlink())
    return found


def test_parallel_queries_on_one_file_agree(pair):
    queries = [Query(day, None, bbox=(-x, -60, x, 60)) for day in DAYS for x in (30, 60, 90)]
    right = [list(pair[0].read("many", query)["key"]) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        for store in pair:
            found = pool.map(lambda query, store=store: store.read("many", query), queries * 3)
            assert [list(one["key"]) for one in found] == right * 3
