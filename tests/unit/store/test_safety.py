"""Hostile files: they point elsewhere, unpack to too much or crash the reader."""

import json
import sqlite3
import subprocess
import sys

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geo.errors import LayerUnreadableError
from geo.store import FolderStore, Query
from geo.store.core.errors import FileFaultError
from geo.store.folder import parquet_probe
from geo.store.formats.geopackage import list_tables
from tests.support.sample_layers import (
    ODD_TEXT,
    WRITERS,
    as_fatal_parquet,
    as_geojson,
    as_gpkg,
    as_parquet,
)

GUARD = "import sys; sys.path.insert(0, '.');"


def in_fresh_python(code: str) -> str:
    run = [sys.executable, "-c", GUARD + code]
    return subprocess.run(
        run, capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()


def test_importing_the_store_loads_no_gdal_dataset_or_database():
    heavy = (
        "[m for m in ('pyogrio', 'pyarrow.dataset', 'pyarrow.parquet', 'sqlalchemy', 'psycopg') "
        "if m in sys.modules]"
    )
    assert in_fresh_python(f"import geo.store; print({heavy})") == "[]"


def test_gdal_registers_only_the_needed_drivers():
    code = (
        "from geo.store.formats import gdal_drivers; gdal_drivers.import_pyogrio(); "
        "print(gdal_drivers.is_limited(), gdal_drivers.import_pyogrio().list_drivers())"
    )
    out = in_fresh_python(code)
    assert out.startswith("True")
    assert eval(out.removeprefix("True ")).keys() == {"ESRI Shapefile", "GPKG"}  # noqa: S307


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "parquet", "GPKG"])
def test_disguised_virtual_file_reads_no_other_file(suffix, tmp_path, points):
    secret = tmp_path / "elsewhere"
    secret.mkdir()
    as_geojson(points.assign(word="SECRET"), secret / "secret.geojson")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / f"x.{suffix}").write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret}/secret.geojson'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    store = FolderStore(folder)
    (fault,) = store.faults()
    assert "its content is XML" in fault.why
    with pytest.raises(LayerUnreadableError) as refused:
        store.read("x")
    assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}},
        {"type": "name", "properties": {"name": "/etc/passwd"}},
        {"type": "name", "properties": {"name": "+init=file:/etc/passwd"}},
        "EPSG:4326",
    ],
)
def test_geojson_crs_that_is_no_code_is_rejected(crs, tmp_path, points):
    path = as_geojson(points, tmp_path / "x.geojson")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"crs": crs}))
    (fault,) = FolderStore(tmp_path).faults()
    assert "never followed" in fault.why


def test_names_and_values_that_look_like_code_are_unchanged(suffix, tmp_path):
    texts = [ODD_TEXT, "{{7*7}}", "العربية", "🚁", "![](http://127.0.0.1/)", "'; DROP TABLE x; --"]
    frame = gpd.GeoDataFrame(
        {"{{7*7}}": texts, "n": range(6)}, geometry=[shapely.Point(36, 35)] * 6, crs=4326
    )
    WRITERS[suffix](frame, tmp_path / f"خريطة {{{{7*7}}}}.{suffix}")
    for small in (0, 2**23):
        store = FolderStore(tmp_path, small_bytes=small)
        (info,) = store.layers()
        assert info.name == "7-7"
        assert info.title == "خريطة {{7*7}}"
        assert list(store.read("7-7")["{{7*7}}"]) == texts
        for text in texts:
            found = store.read("7-7", Query(where={"{{7*7}}": (text,)}))
            assert list(found["{{7*7}}"]) == [text]


def test_layer_title_without_ascii_letters_gets_a_name(tmp_path, points):
    as_geojson(points, tmp_path / "خريطة.geojson")
    (info,) = FolderStore(tmp_path).layers()
    assert info.name.startswith("layer-")
    assert info.title == "خريطة"


def test_geojson_lone_surrogate_becomes_a_replacement_character(tmp_path):
    feature = '{"type":"Feature","properties":{"t":"a\\ud800b \\ud83d\\ude81"},"geometry":null}'
    (tmp_path / "x.geojson").write_text(feature)
    assert list(FolderStore(tmp_path).read("x")["t"]) == ["a\ufffdb 🚁"]


def test_geojson_rows_with_bad_geometries_are_kept(tmp_path):
    bad = [
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Polygon", "coordinates": [[[0, 0]]]},
        {"type": "Nothing", "coordinates": []},
        {"type": "Point"},
        [1],
        {"type": "Point", "coordinates": [36, 35]},
    ]
    features = [
        {"type": "Feature", "id": n, "properties": None, "geometry": g} for n, g in enumerate(bad)
    ]
    (tmp_path / "x.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    store = FolderStore(tmp_path)
    found = store.read("x")
    assert list(found["id"]) == ["0", "1", "2", "3", "4", "5"]
    assert found.geometry.notna().sum() == 1
    assert store.layer("x").geometry == "point"


def test_geopackage_view_with_infinite_rows_is_not_opened(tmp_path, points):
    path = as_gpkg(points, tmp_path / "x.gpkg", "good")
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE VIEW endless AS WITH RECURSIVE c(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n AS fid, NULL AS geom FROM c"
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, srs_id) "
            "VALUES ('endless', 'features', 4326)"
        )
        database.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POINT', 4326, 0, 0)"
        )
    database.close()
    code = (
        "from geo.store import FolderStore, Query;"
        f"s = FolderStore({str(tmp_path)!r});"
        "print([i.name for i in s.layers()], [f.name for f in s.faults()], len(s.read('x-good')))"
    )
    assert in_fresh_python(code) == "['x-good'] ['x-endless'] 3"


def test_geopackage_view_in_place_of_a_system_table_is_rejected(tmp_path, points):
    path = as_gpkg(points, tmp_path / "x.gpkg")
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIEW gpkg_metadata AS SELECT 1")
    database.close()
    assert "a view where" in FolderStore(tmp_path).faults()[0].why


def test_geopackage_name_that_gdal_reads_as_archive_is_rejected(tmp_path, points):
    as_gpkg(points, tmp_path / "x.gpkg").rename(tmp_path / "a.zip!x.gpkg")
    assert "archive" in FolderStore(tmp_path).faults()[0].why


def test_geopackage_with_damaged_text_is_a_fault(tmp_path, points):
    path = as_gpkg(points, tmp_path / "Half gone.gpkg", "points")
    body = path.read_bytes().replace(b'TABLE "points"', b'TABLX "points"')
    path.write_bytes(body.replace(b"tablepointspoints", b"table\xff\xfeintspoints"))
    (fault,) = FolderStore(tmp_path).faults()
    assert fault.name == "half-gone"
    assert "damaged" in fault.why
    with pytest.raises(FileFaultError, match="damaged"):
        list_tables(path)


def test_plain_sqlite_file_is_no_geopackage(tmp_path):
    with sqlite3.connect(tmp_path / "x.gpkg") as database:
        database.execute("CREATE TABLE t (a)")
    database.close()
    assert "not a GeoPackage" in FolderStore(tmp_path).faults()[0].why


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"n": pa.array([0] * 3_000_000)}),
        pa.table({"t": pa.array(["x" * 50_000] * 1_000)}),
        pa.table({"t": pa.array([["y" * 50_000]] * 1_000)}),
    ],
    ids=["numbers", "one text", "lists of one text"],
)
def test_parquet_that_unpacks_to_too_much_is_rejected(table, tmp_path):
    pq.write_table(table, tmp_path / "x.parquet", compression="zstd")
    assert (tmp_path / "x.parquet").stat().st_size < 100_000
    store = FolderStore(tmp_path, max_bytes=20_000_000)
    (fault,) = store.faults()
    assert "too large to open" in fault.why
    assert FolderStore(tmp_path, max_bytes=10**9).faults() == ()


MANY_COLUMNS = pa.table({f"n{number}": pa.array([number] * 160_000) for number in range(30)})


def test_parquet_limit_applies_to_each_column_of_a_row_group(tmp_path):
    pq.write_table(MANY_COLUMNS, tmp_path / "x.parquet", row_group_size=10_000)
    pq.write_table(MANY_COLUMNS, tmp_path / "whole.parquet")
    faults = {fault.name for fault in FolderStore(tmp_path, max_bytes=20_000_000).faults()}
    assert faults == {"whole"}
    assert FolderStore(tmp_path, max_bytes=1_000_000).layers() == ()


def test_file_over_the_size_limit_is_rejected(suffix, tmp_path, points):
    WRITERS[suffix](points, tmp_path / f"x.{suffix}")
    (fault,) = FolderStore(tmp_path, max_bytes=10).faults()
    assert "limit" in fault.why


def test_parquet_without_crs_or_with_duplicate_columns_is_a_fault(tmp_path, points):
    as_parquet(points.set_crs(None, allow_override=True), tmp_path / "x.parquet")
    pq.write_table(pa.table([pa.array([1]), pa.array([2])], ["a", "a"]), tmp_path / "y.parquet")
    faults = {fault.name: fault.why for fault in FolderStore(tmp_path).faults()}
    assert "CRS" in faults["x"]
    assert "two columns named 'a'" in faults["y"]


def test_parquet_row_with_broken_geometry_bytes_is_kept(tmp_path, points):
    as_parquet(points, tmp_path / "x.parquet")
    table = pq.read_table(tmp_path / "x.parquet")
    place = table.schema.get_field_index("geometry")
    blobs = pa.array([b"\x01broken", *table.column(place).to_pylist()[1:]])
    pq.write_table(table.set_column(place, "geometry", blobs), tmp_path / "x.parquet")
    found = FolderStore(tmp_path).read("x")
    assert list(found.geometry.isna()) == [True, False, False]


def test_parquet_with_native_points_and_categories_is_read(tmp_path, points):
    points["n"] = points["n"].astype(str).astype("category")
    points.to_parquet(tmp_path / "x.parquet", geometry_encoding="geoarrow")
    for small in (0, 2**23):
        store = FolderStore(tmp_path, small_bytes=small)
        found = store.read("x", Query(bbox=(35.95, 35, 36.05, 36), where={"n": ("2",)}))
        assert list(found["id"]) == ["b"]


def test_parquet_without_geometry_is_a_table(tmp_path):
    pq.write_table(pa.table({"id": [1, 2], "when": ["a", "b"]}), tmp_path / "x.parquet")
    store = FolderStore(tmp_path)
    assert (store.layer("x").geometry, store.layer("x").extent) == ("none", None)
    assert list(store.read("x", Query(ids=("2",)))["id"]) == ["2"]


def test_parquet_footers_that_crash_the_reader_are_faults(tmp_path, points):
    """Runs in a subprocess: without the probe, the reader would crash pytest."""
    for name in ("b", "d"):
        as_fatal_parquet(tmp_path / f"{name}.parquet")
    for name in ("a", "c", "e"):
        as_parquet(points, tmp_path / f"{name}.parquet")
    code = (
        "from geo.store import FolderStore;"
        f"s = FolderStore({str(tmp_path)!r});"
        "print([i.name for i in s.layers()], [(f.name, f.file) for f in s.faults()],"
        " 'left closed' in s.faults()[0].remedy, len(s.read('e')))"
    )
    faults = "[('b', 'b.parquet'), ('d', 'd.parquet')]"
    assert in_fresh_python(code) == f"['a', 'c', 'e'] {faults} True 3"


def test_parquet_that_replaces_a_good_file_is_probed(tmp_path, points):
    path = as_parquet(points, tmp_path / "x.parquet")
    store = FolderStore(tmp_path, settle_seconds=0)
    assert len(store.read("x")) == 3
    (tmp_path / "beside").mkdir()
    as_fatal_parquet(tmp_path / "beside" / "y").replace(path)
    with pytest.raises(LayerUnreadableError, match=r"Layer 'x' \(x.parquet\).*footer"):
        store.read("x")
    as_parquet(points, tmp_path / "beside" / "y").replace(path)
    assert len(store.read("x")) == 3


def test_own_and_already_probed_files_are_not_probed(tmp_path, points, monkeypatch):
    as_parquet(points, tmp_path / "x.parquet")
    store = FolderStore(tmp_path)
    store.layers()
    monkeypatch.setattr(parquet_probe, "_count_survived", None)
    store.write("y", points)
    (tmp_path / "catalogue.json").unlink()
    assert [info.name for info in store.layers()] == ["x", "y"]
    (tmp_path / "z.parquet").write_bytes(b"PAR1 half a file")
    assert [fault.name for fault in store.faults()] == ["z"]
    assert len(FolderStore(tmp_path, ours=True).layers()) == 2


def test_file_on_which_the_probe_hangs_is_a_fault(tmp_path, points, monkeypatch):
    as_parquet(points, tmp_path / "x.parquet")
    monkeypatch.setattr(parquet_probe, "_SECONDS", 1)
    hang = tmp_path / "hang.py"
    hang.write_text("import os, threading; os.write(1, b'.'); threading.Event().wait()")
    monkeypatch.setattr(parquet_probe, "_CHILD", hang)
    assert [fault.name for fault in FolderStore(tmp_path).faults()] == ["x"]


def test_probe_result_of_an_existing_file_is_not_evicted(tmp_path, points, monkeypatch):
    as_fatal_parquet(tmp_path / "x.parquet")
    store = FolderStore(tmp_path)
    monkeypatch.setattr(parquet_probe, "_REMEMBERED", 0)
    assert [fault.name for fault in store.faults()] == ["x"]
    as_parquet(points, tmp_path / "y.parquet")
    assert [fault.name for fault in store.faults()] == ["x"]
    assert [info.name for info in store.layers()] == ["y"]
