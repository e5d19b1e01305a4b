"""A date range and box query on a million rows: PostGIS, a folder and a numpy mask."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.store import FolderStore, LayerSpec, Query
from geo.store.postgis import sql_filter
from geo.store.postgis.store import PostgisStore
from tests.support.postgres_server import Explained, Postgres

pytestmark = pytest.mark.bench

ROWS = 1_000_000
TRIES = 9
WINDOW = {"date_from": dt.date(2024, 12, 12), "date_to": dt.date(2024, 12, 13), "undated": False}
BOX = (35.8, 35.2, 36.2, 35.6)
QUERIES = {
    "2 of 30 days, a box of 1 in 25": Query(**WINDOW, bbox=BOX),
    "2 of 30 days": Query(**WINDOW),
    "the box": Query(bbox=BOX),
    "100 ids": Query(ids=tuple(f"p{number}" for number in range(0, ROWS, ROWS // 100))),
}


def million() -> gpd.GeoDataFrame:
    """Return synthetic points over western Syria, EPSG:4326, unsorted."""
    random = np.random.default_rng(20241208)
    days = np.datetime64("2024-12-01", "us") + random.integers(0, 30, ROWS).astype("timedelta64[D]")
    return gpd.GeoDataFrame(
        {
            "id": np.char.add("p", np.arange(ROWS).astype(str)),
            "day": days,
            "kind": np.array(["radar", "lorry", "ship"])[random.integers(0, 3, ROWS)],
            "speed": random.uniform(0, 90, ROWS),
        },
        geometry=gpd.points_from_xy(random.uniform(35, 37, ROWS), random.uniform(34, 36, ROWS)),
        crs="EPSG:4326",
    )


def mask(frame: gpd.GeoDataFrame) -> Callable[[], np.ndarray]:
    """Filter days and coordinates held in memory as numbers."""
    x, y, day = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy(), frame["day"].to_numpy()
    first, after = np.datetime64("2024-12-12", "us"), np.datetime64("2024-12-14", "us")
    xmin, ymin, xmax, ymax = BOX
    return lambda: np.flatnonzero(
        (day >= first) & (day < after) & (x >= xmin) & (x <= xmax) & (y >= ymin) & (y <= ymax)
    )


def warm(run: Callable[[], object]) -> float:
    """Return the median seconds of runs, without the first."""
    run()
    taken = []
    for _ in range(TRIES):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return median(taken)


def test_select_out_of_a_million_rows(postgres: Postgres, tmp_path: Path):
    frame = million()
    bare = mask(frame)
    folder = FolderStore(tmp_path, small_bytes=0)
    with closing(PostgisStore(postgres.fresh(), small_bytes=0)) as store:
        lines = [f"{'written':34}"]
        for one in (folder, store):
            start = time.perf_counter()
            one.write("many", frame, LayerSpec(id_column="id", time_columns=("day", "day")))
            lines[0] += f"{time.perf_counter() - start:9.1f} s "
        for what, query in QUERIES.items():
            expected = folder.read("many", query)
            found = store.read("many", query)
            pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(expected))
            there, here = (
                warm(lambda one=one, q=query: one.read("many", q)) for one in (folder, store)
            )
            lines.append(f"{what:34}{there:9.3f} s {here:9.3f} s   {len(found):7,} rows")
        both = next(iter(QUERIES.values()))
        with store._engine.connect() as connection:
            asked = Explained(sql_filter.build_select(store._get_entry("many"), both), run=True)
            plan = list(connection.execute(asked).scalars())
    assert any("_place" in line for line in plan)
    print(f"\n\n{ROWS:,} rows, warm             folder (GeoParquet)     PostGIS")
    print("\n".join(lines))
    print(f"{'a bare numpy mask of days and box':34}{warm(bare):9.3f} s   {len(bare()):7,} rows\n")
    print("\n".join(plan), "\n")
