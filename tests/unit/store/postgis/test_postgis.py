"""PostGIS only: values without a database type, indexes and parallel writers.

test_contract.py and test_write.py cover what all stores share.
"""

import datetime as dt
import decimal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import text

from geo.errors import LayerUnreadableError, StoreError
from geo.store import FolderStore, LayerSpec, Query
from geo.store.postgis import sql_filter
from geo.store.postgis.store import PostgisStore
from tests.support.odd_values import assert_same_rows, layer_metadata, odd
from tests.support.postgres_server import Explained, wait_for
from tests.support.sample_layers import ODD_TEXT, sample


@pytest.fixture
def store(quick):
    return quick


def test_values_round_trip_as_in_a_folder(store, tmp_path):
    folder = FolderStore(tmp_path)
    there, here = folder.write("odd", odd()), store.write("odd", odd())
    assert layer_metadata(here) == layer_metadata(there)
    expected = folder.read("odd")
    assert_same_rows(store.read("odd"), expected)
    assert expected["bigger"].tolist() == [2**64 - 1, 0, 2**63]
    assert expected["nul"].tolist()[0] == "a\x00b"
    for name in expected.columns.drop("geometry"):
        for value in expected[name]:
            if value is None or value != value or isinstance(value, (tuple, bytes)):
                continue
            query = Query(where={name: (value, None)})
            assert list(store.read("odd", query).index) == list(folder.read("odd", query).index)


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        (lambda f: f.assign(n=[[decimal.Decimal(1)], None, []]), {}, r"no form for: 'n' \(.*dec"),
        (lambda f: f.rename(columns={"n": "a\x00"}), {}, "a NUL in its name"),
        (lambda f: f, {"title": "a\x00"}, "its title has a NUL"),
        (
            lambda f: pd.concat([f, *(f["n"].rename(f"n{n}") for n in range(1700))], axis=1),
            {},
            "more columns than a table may have",
        ),
    ],
)
def test_unsupported_values_are_rejected_and_leave_no_table(
    change, options, words, store, points, postgres, url
):
    with pytest.raises(StoreError, match=words):
        store.write("x", change(points), LayerSpec(**options))
    assert store.layers() == ()
    assert tables(postgres, url) == []


def tables(postgres, url) -> list[str]:
    """Return the names of all layer tables, in the catalogue or not."""
    command = r"SELECT relname FROM pg_class WHERE relname ~ '^layer_\d+$' ORDER BY oid"
    return [name for (name,) in postgres.run(command, url.split("/")[3].partition("?")[0])]


def plan(store, name, query, *, whole=True) -> str:
    """Return the server's query plan, without sequential scans if `whole`."""
    with store._engine.connect() as connection:
        if whole:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = connection.execute(Explained(sql_filter.build_select(store._get_entry(name), query)))
        return "\n".join(rows.scalars())


def test_box_day_and_id_filters_use_the_indexes(store):
    days = pd.date_range("2024-12-01", periods=30).repeat(100)
    frame = gpd.GeoDataFrame(
        {"id": [f"p{n}" for n in range(3000)], "day": days, "kind": ["a", "b"] * 1500},
        geometry=gpd.points_from_xy([35 + n % 100 / 50 for n in range(3000)], [35.0] * 3000),
        crs="EPSG:4326",
    )
    table = store.write("x", frame) and store._get_entry("x").table.name
    window = {"date_from": dt.date(2024, 12, 3), "date_to": dt.date(2024, 12, 4), "undated": False}
    both = Query(**window, bbox=(35, 34, 35.05, 36))
    assert f"{table}_place" in plan(store, "x", both)
    assert f"{table}_ids" in plan(store, "x", Query(ids=("p7", "p8")))
    assert f"{table}_days" in plan(store, "x", Query(**window))
    with store._engine.connect() as connection:
        query = Query(**window, bbox=(35, 34, 35.05, 36), where={"kind": ("a",)})
        rows = connection.execute(sql_filter.build_select(store._get_entry("x"), query)).fetchall()
    assert len(rows) == len(store.read("x", query)) == 4


def test_sql_in_values_and_names_is_not_executed(store, points):
    evil = "'; DROP SCHEMA briefing_map CASCADE; --"
    store.write("x", points.assign(**{evil: [evil, ODD_TEXT, "%(a)s"]}), LayerSpec(title=evil))
    for value in (evil, ODD_TEXT, "%(a)s"):
        assert len(store.read("x", Query(where={evil: (value,)}))) == 1
    assert store.read("x", Query(ids=(evil,))).empty
    assert store.layer("x").title == evil


def test_versions_agree_between_processes_and_databases(store, url, postgres, points):
    store.write("x", points)
    with closing(PostgisStore(url)) as other, closing(PostgisStore(postgres.fresh())) as copy:
        assert other.version() == store.version()
        copy.write("x", points)
        assert copy.version() == store.version()
        before = other.version()
        store.describe("x", title="New", label_column=None)
        assert store.version() != before
        wait_for(lambda: other.version() == store.version())


def write_some(url: str, writer: int) -> None:
    """Write five layers and, after each, one layer that both writers share."""
    frame = gpd.GeoDataFrame({"n": [writer] * 50}, geometry=[shapely.Point(36, 35)] * 50, crs=4326)
    with closing(PostgisStore(url)) as store:
        for number in range(5):
            store.write(f"w{writer}-{number}", frame, LayerSpec(title=f"{writer} {number}"))
            store.write("shared", frame)


def test_parallel_writers_lose_nothing_and_reads_are_atomic(store, url, postgres):
    write_some(url, 2)
    seen = set()
    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write_some, url, number) for number in range(2)]
        while not all(writer.done() for writer in writers):
            found = store.read("shared")
            assert len(found) == 50
            assert found["n"].nunique() == 1
            seen.add(int(found["n"].iloc[0]))
    assert [writer.exception() for writer in writers] == [None, None]
    assert seen <= {0, 1, 2}
    names = {f"w{writer}-{number}" for writer in range(3) for number in range(5)} | {"shared"}
    assert {info.name for info in store.layers()} == names
    assert store.layer("w1-4").title == "1 4"
    store.write("last", sample())  # drops old tables that readers had locked
    assert len(tables(postgres, url)) == len(names) + 1


def test_interrupted_write_keeps_the_old_layer(store, url, points, postgres, monkeypatch):
    store.write("x", points)
    before = store.version()
    chunks = "geo.store.postgis.bulk_load._encode_chunks"
    with monkeypatch.context() as patch:
        patch.setattr(chunks, lambda *_: iter([b"0,,,,a,1\n", b"half a row"]))
        with pytest.raises(StoreError, match=r"'x' is not written.*refused"):
            store.write("x", points.iloc[:1])
    assert store.version() == before
    assert len(store.read("x")) == 3
    assert len(tables(postgres, url)) == 1


def rich() -> gpd.GeoDataFrame:
    """The sample with a column of each type that the server filters."""
    return sample().assign(
        perhaps=[True, None, False, True, None, False, True, False],
        yes=[True, False] * 4,
        tiny=np.arange(8, dtype="int8"),
        single=np.arange(8, dtype="float32") / 10,
        zoned=pd.date_range("2024-12-11T22:30", periods=8, freq="5h", tz="Asia/Damascus"),
        nul=["a\x00", "b", None, "a", "a\x00", "", "b", "c"],
    )


DAYS = [dt.date.min, *(dt.date(2024, 12, day) for day in (1, 10, 11, 12, 13, 15, 31)), dt.date.max]
JUNK = [
    None,
    True,
    False,
    0,
    1,
    2,
    2.0,
    1.5,
    0.3,
    -1,
    2**53 + 1,
    2**63,
    float("nan"),
    float("inf"),
    "1",
    "a\x00",
    "",
    "Su-24",
    "it's",
    "air",
    "jet",
    "x",
    "y",
    "b",
    "true",
    dt.date(2024, 12, 12),
    dt.datetime(2024, 12, 12),
    dt.date.max,
    "2024-12-13",
    "2024-12-1x",
    b"a",
    ("air",),
]
SIDES = [-1e308, -180.0, 0.0, 35.87, 35.9, 36.0, 36.5, 37.0, 1e308, float("inf")]
QUERIES = strategies.builds(
    lambda days, undated, ids, xs, ys, where: Query(
        *(sorted(days) if days else (None, None)),
        undated,
        ids,
        None if xs is None else (*sorted(xs)[:1], *sorted(ys)[:1], sorted(xs)[1], sorted(ys)[1]),
        where,
    ),
    strategies.none() | strategies.tuples(*[strategies.sampled_from(DAYS)] * 2),
    strategies.booleans(),
    strategies.none() | strategies.lists(strategies.sampled_from(["c0", "c5", "a\x00", "#4", "7"])),
    strategies.none() | strategies.tuples(*[strategies.sampled_from(SIDES)] * 2),
    strategies.tuples(*[strategies.sampled_from(SIDES)] * 2),
    strategies.dictionaries(
        strategies.sampled_from(list(rich().columns.drop("geometry"))),
        strategies.lists(strategies.sampled_from(JUNK), max_size=4),
        max_size=2,
    ),
)


@pytest.fixture(scope="module")
def both(loaded, tmp_path_factory):
    folder = FolderStore(tmp_path_factory.mktemp("rich"))
    folder.write("rich", rich())
    return folder, loaded(rich(), "rich", 0)


def answer(store, query) -> list | type:
    try:
        return list(store.read("rich", query).index)
    except TypeError as error:  # both stores fail on values that pandas cannot compare
        return type(error)


@given(query=QUERIES)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_queries_give_the_same_rows_as_a_folder(both, query):
    folder, database = both
    assert answer(database, query) == answer(folder, query)


def test_read_positions_keeps_the_requested_order(store, points):
    store.write("x", points)
    assert list(store.read_positions("x", np.array([2, 0, 2]))["id"]) == ["c", "a", "c"]


def test_batches_of_a_layer_replaced_meanwhile_are_not_mixed(store, url, points, monkeypatch):
    monkeypatch.setattr("geo.store.postgis.rows.BATCH", 1)
    store.write("x", points)
    parts = store.read_batches("x", ["id"], places=True)
    assert next(parts).data.to_pylist() == [{"id": "a"}]
    with closing(PostgisStore(url)) as other:
        other.write("x", points[::-1])
    with pytest.raises(LayerUnreadableError, match="'x' has just been replaced"):
        list(parts)
    assert [part.data.to_pylist() for part in store.read_batches("x", ["id"], places=False)] == [
        [{"id": name}] for name in "cba"
    ]
    with pytest.raises(StoreError, match="no column 'nothing'"):
        next(store.read_batches("x", ["nothing"], places=False))
