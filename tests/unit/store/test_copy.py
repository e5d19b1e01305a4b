"""Layers copied in chunks equal layers copied whole."""

import datetime as dt
import decimal
import errno
import json
import re
from contextlib import closing
from pathlib import Path
from pkgutil import resolve_name

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo.store import FolderStore, LayerSpec
from geo.store.bulk import duplicates, external_sort
from geo.store.copy import copy_layers
from geo.store.core import normalise
from geo.store.formats import geoparquet_writer
from geo.store.postgis.store import PostgisStore
from tests.support.odd_values import assert_same_rows, layer_metadata, odd

D, T = decimal.Decimal, dt.datetime
COLUMNS = {
    "whole": (pa.int64(), [1, -(2**63), 2**63 - 1, 0]),
    "tiny": (pa.uint8(), [0, 255]),
    "huge": (pa.uint64(), [0, 2**64 - 1, 7]),
    "single": (pa.float32(), [0.1, float("inf"), float("nan")]),
    "share": (pa.float64(), [0.5, -0.0, float("nan"), 1e300]),
    "yes": (pa.bool_(), [True, False]),
    "text": (pa.string(), ["", "طرطوس", "a\x00b", "2024-12-12", '"\\', "#3"]),
    "days": (pa.string(), ["2024-12-12", "2024-12-13", "0001-01-01"]),
    "zoned": (pa.string(), ["2024-12-12", "2024-12-13T01:00:00+02:00"]),
    "not all days": (pa.string(), ["2024-12-12", "2024-12-13", "early December"]),
    "fine": (pa.string(), ["2024-12-12T00:00:00.123456789", "2024-12-12", "3000-01-01"]),
    "kinds": (pa.dictionary(pa.int8(), pa.string()), ["radar", "ship"]),
    "when": (pa.timestamp("us"), [T(2024, 12, 12), T(1, 1, 1), T(2024, 12, 12, 1, 2, 3, 4)]),
    "in zone": (pa.timestamp("ms", "Asia/Damascus"), [T(2024, 12, 12), T(2024, 6, 1)]),
    "date": (pa.date32(), [dt.date(2024, 12, 12), dt.date(2024, 12, 1)]),
    "clock": (pa.time64("us"), [dt.time(23, 59), dt.time(0)]),
    "took": (pa.duration("s"), [dt.timedelta(1), dt.timedelta(seconds=-3)]),
    "exact": (pa.decimal128(20, 2), [D("1.20"), D("-99999999999999999.99"), D("0.00")]),
    "bytes": (pa.binary(), [b"", b"\x00\xff"]),
    "words": (pa.list_(pa.string()), [["a", 'q"{}'], [], [None], ["a\x00"]]),
    "numbers": (pa.list_(pa.int64()), [[1, 2], [], [3, None], [2**62]]),
    "shares": (pa.list_(pa.float64()), [[0.5], [], [None, 1.0]]),
    "nested": (pa.list_(pa.list_(pa.int64())), [[[1], []], [], [None], [[2, None]]]),
    "object": (pa.struct({"a": pa.int64()}), [{"a": 1}, {"a": None}]),
    "objects": (pa.list_(pa.struct({"a": pa.int64()})), [[{"a": 1}], []]),
    "nothing": (pa.null(), []),
    "bbox": (pa.large_string(), ["a", "b"]),
}
PLACES = [
    shapely.Point(36, 35),
    shapely.Point(35, 36),
    shapely.Point(36.5, 34),
    shapely.Point(35.5, 34),
    None,
    shapely.Point(),
    shapely.Point(36, 35, 7),
    shapely.Point(float("inf"), 35),
    shapely.LineString([(36, 35), (37, 34)]),
    shapely.box(35, 34, 36, 35),
    shapely.MultiPoint([(36, 35), (35, 34)]),
    shapely.from_wkt("GEOMETRYCOLLECTION Z (POINT Z (36 35 7), LINESTRING Z (1 2 3, 4 5 6))"),
    shapely.from_wkt("LINESTRING (36 35, NaN 34)"),
]


@st.composite
def tables(draw) -> tuple[pa.Table, list, dict]:
    """Generate columns of any type with runs of nulls, geometries and column roles."""
    names = draw(st.lists(st.sampled_from(list(COLUMNS)), max_size=4, unique=True))
    rows = draw(st.integers(9, 24))
    columns = {}
    for name in names:
        kind, values = COLUMNS[name]
        of = (
            st.sampled_from([*values, None])
            if draw(st.booleans()) or not values
            else (st.sampled_from(values))
        )
        column = draw(st.lists(of, min_size=rows, max_size=rows))
        first, last = sorted(draw(st.tuples(*[st.integers(0, rows)] * 2)))
        if draw(st.booleans()):
            column[first:last] = [None] * (last - first)
        columns[name] = pa.array(column, kind)
    some = PLACES[:4] if draw(st.booleans()) else PLACES
    places = draw(st.lists(st.sampled_from(some), min_size=rows, max_size=rows))
    role = st.sampled_from([None, *names])
    return pa.table(columns), places, {"id": draw(role), "time": draw(role)}


def write_foreign_file(table: pa.Table, places: list, roles: dict, path) -> None:
    """Write a GeoParquet file of another program, with a catalogue."""
    blobs = pa.array(shapely.to_wkb(np.array(places, dtype=object)), pa.binary())
    about = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": [], "crs": None}},
    }
    about["columns"]["geometry"].pop("crs")
    table = pa.table([*table.columns, blobs], [*table.column_names, "geometry"])
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), path / "x.parquet")
    day = roles["time"]
    entry = {
        "name": "x",
        "file": "x.parquet",
        "id": roles["id"],
        "label": None,
        "time": day and [day, day],
    }
    (path / "catalogue.json").write_text(json.dumps({"layers": [entry]}))


def new_folder(path: Path) -> Path:
    """Create and return a folder."""
    path.mkdir()
    return path


def copied(source: FolderStore, path, part: int) -> tuple | str:
    """Return the bytes and metadata of a layer's copy, or the error message."""
    target = FolderStore(new_folder(path), ours=True)
    (one,) = copy_layers(source, target, chunk_rows=part)
    return one.why or (
        (path / "x.parquet").read_bytes(),
        layer_metadata(one.info),
        one.info.version,
    )


@pytest.fixture(scope="module", autouse=True)
def few_rows():
    """Lower the limits so that few rows are sorted and form several row groups."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.store.formats.geoparquet_writer.SORTED_FROM", 12)
        patch.setattr("geo.store.formats.geoparquet_writer.ROW_GROUP", 8)
        yield


@given(table=tables(), part=st.integers(1, 8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(table=(pa.table({}), PLACES, {"id": None, "time": None}), part=5)
@example(
    table=(
        pa.table({"whole": pa.array([None] * 4 + [1, 2] * 6)}),
        PLACES[:4] * 4,
        {"id": None, "time": None},
    ),
    part=4,
)
def test_copy_in_chunks_is_byte_identical_to_a_whole_copy(tmp_path_factory, table, part):
    path = tmp_path_factory.mktemp("parts")
    write_foreign_file(*table, path)
    source = FolderStore(path, ours=True)
    assert copied(source, path / "some", part) == copied(source, path / "all", 100)


def many(rows: int, padding: int = 10) -> gpd.GeoDataFrame:
    """Synthetic rows whose column types differ between chunks."""
    random = np.random.default_rng(20241208)
    late = np.arange(rows) >= rows // 2
    days = pd.Series(pd.date_range("2024-12-01", periods=30)[random.integers(0, 30, rows)])
    rows_of_odd = odd().iloc[random.integers(0, 3, rows)].reset_index(drop=True)
    return rows_of_odd.assign(
        rows=[{"a": "x", "b": [1]} if one else None for one in late],
        id=[f"{number:04}" for number in random.permutation(rows)],
        day=days.where(random.random(rows) < 0.9).dt.strftime("%Y-%m-%d"),
        late=pd.Series(np.arange(rows), dtype="float64").where(late),
        tags=[[1.5] if one else None for one in late],
        sizes=[[0.5] if one else [1, 2] for one in late],
        padding=[random.bytes(padding).hex() for _ in range(rows)],
    ).set_geometry(
        [shapely.Point(*one) for one in random.uniform((35, 34), (37, 36), (rows, 2))], crs=4326
    )


@pytest.fixture
def folder(tmp_path) -> FolderStore:
    """A folder with two layers of values that are hard to copy."""
    store = FolderStore(new_folder(tmp_path / "source"), ours=True)
    store.write("odd", odd(), LayerSpec(title="Odd", attribution="© me"))
    store.write("many", many(100), LayerSpec(id_column="id", time_columns=("day", "day")))
    store.describe("many", title="Many", label_column="Name", colour="#4a7c59")
    return store


@pytest.mark.parametrize("part", [3, 64])
def test_chunked_copy_to_a_database_and_back_loses_nothing(
    folder, postgres, quick, tmp_path, part, monkeypatch
):
    monkeypatch.setattr("geo.store.postgis.rows.BATCH", 5)
    back, expected = (
        FolderStore(new_folder(tmp_path / name), ours=True) for name in ("back", "whole")
    )
    assert [one.why for one in copy_layers(folder, quick, chunk_rows=part)] == ["", ""]
    assert [one.why for one in copy_layers(quick, back, chunk_rows=part)] == ["", ""]
    with closing(PostgisStore(postgres.fresh())) as whole:
        assert [one.why for one in copy_layers(folder, whole)] == ["", ""]
        assert [one.why for one in copy_layers(whole, expected)] == ["", ""]
        assert quick.version() == whole.version()
    for info in folder.layers():
        for other in (quick, back):
            assert layer_metadata(other.layer(info.name)) == layer_metadata(info)
            assert_same_rows(other.read(info.name), folder.read(info.name))
        one, two = (tmp_path / name / f"{info.name}.parquet" for name in ("back", "whole"))
        assert one.read_bytes() == two.read_bytes()


def test_copy_holds_at_most_one_chunk_of_rows(tmp_path, quick, monkeypatch):
    monkeypatch.setattr("geo.store.postgis.rows.BATCH", 150)
    stores = [FolderStore(new_folder(tmp_path / name), small_bytes=0, ours=True) for name in "ab"]
    stores[0].write(
        "many", many(1_500, 6_000), LayerSpec(id_column="id", time_columns=("day", "day"))
    )
    held: list[int] = []

    def columns(data, *roles, real=normalise.normalise_columns):
        held.append(len(data))
        return real(data, *roles)

    def in_order(*arguments, real=external_sort.reorder_rows):
        for table in real(*arguments):
            held.append(len(table))
            yield table

    monkeypatch.setattr(normalise, "normalise_columns", columns)
    for user in ("formats.geoparquet_writer", "postgis.bulk_load"):
        monkeypatch.setattr(f"geo.store.{user}.reorder_rows", in_order)
    for source, target in ((stores[0], quick), (quick, stores[1])):
        held.clear()
        assert [one.why for one in copy_layers(source, target, chunk_rows=200)] == [""]
        assert sum(held) >= 3_000
        assert max(held) <= 200
    assert_same_rows(stores[1].read("many"), stores[0].read("many"))


def breaking(call, at: int):
    """Wrap a function so that call number `at` (from 0) finds the disk full."""
    calls = iter(range(at))

    def broken(*arguments, **options):
        if next(calls, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        return call(*arguments, **options)

    return broken


@pytest.mark.parametrize(
    ("where", "at", "words"),
    [
        ("pyarrow.parquet.ParquetWriter.write_table", 2, r"'many.parquet' cannot.*No space left"),
        ("geo.store.bulk.external_sort._open_writer", 0, "No space left.*TMPDIR"),
        ("geo.store.bulk.external_sort._open_writer", 3, "No space left.*TMPDIR"),
        ("tempfile.TemporaryDirectory", 0, "No space left.*TMPDIR"),
    ],
)
@pytest.mark.parametrize("kind", ["folder", "database"])
def test_interrupted_copy_keeps_the_old_layer(quick, tmp_path, where, at, words, kind, monkeypatch):
    source = FolderStore(new_folder(tmp_path / "source"), ours=True)
    many(100).to_parquet(tmp_path / "source" / "many.parquet")  # not in Hilbert order
    path = new_folder(tmp_path / "target")
    target = FolderStore(path, ours=True) if kind == "folder" else quick
    target.write("many", many(3), LayerSpec(title="Old"))
    before, files = target.version(), set(path.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(where, breaking(resolve_name(where), at))
        (one,) = copy_layers(source, target, chunk_rows=9)
    assert one.info is None
    assert re.search(words, one.why)
    assert target.version() == before
    assert set(path.iterdir()) == files
    assert len(target.read("many")) == 3
    (one,) = copy_layers(source, target, chunk_rows=9)
    assert one.info is not None
    assert len(target.read("many")) == 100


def test_copy_of_a_layer_replaced_meanwhile_is_rejected(folder, tmp_path, monkeypatch):
    target = FolderStore(new_folder(tmp_path / "target"), ours=True)

    def spooled(path, batches, real=external_sort.Spool):
        found = real(path, batches)
        FolderStore(tmp_path / "source", ours=True).write("many", many(50))
        return found

    monkeypatch.setattr("geo.store.copy.Spool", spooled)
    (one,) = copy_layers(folder, target, ["many"], chunk_rows=9)
    assert "'many' has just been replaced" in one.why
    assert target.layers() == ()


@given(st.lists(st.tuples(*[st.floats(-180, 180) | st.sampled_from([0, 36])] * 2), min_size=1))
@settings(deadline=None)
def test_hilbert_order_equals_that_of_geopandas(pairs):
    middles = np.array(pairs, dtype="float64")
    distance = gpd.GeoSeries(shapely.points(middles)).hilbert_distance()
    with_gap = np.insert(middles, 0, np.nan, axis=0)
    expected = [*np.argsort(distance, kind="stable") + 1, 0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geoparquet_writer, "_HILBERT_BATCH", 3)
        assert geoparquet_writer.compute_hilbert_order(with_gap).tolist() == expected


@pytest.mark.parametrize("bits", [64, 2, 0])
@pytest.mark.parametrize(
    ("texts", "twice"),
    [
        ([], None),
        (["a", "b", None, None, "c"], None),
        (["a", "b", "c", "b", "a"], "b"),
        ([f"{number}" for number in range(50)], None),
    ],
)
def test_duplicate_text_is_found_despite_hash_collisions(texts, twice, bits, monkeypatch):
    real = duplicates._hash_texts
    monkeypatch.setattr(duplicates, "_hash_texts", lambda some: real(some) & np.uint64(2**bits - 1))
    column = pd.Series(texts, dtype="str")
    assert (
        duplicates.find_duplicate(lambda: (column[at : at + 2] for at in range(0, 50, 2))) == twice
    )
