"""A folder whose files are replaced, broken, removed or unusual."""

import json
import os
import threading
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import LayerNotFoundError, LayerUnreadableError, StoreError
from geo.store import FolderStore, Query
from tests.support.sample_layers import WRITERS, as_geojson, as_gpkg, as_parquet, sample

OLD = (1_700_000_000, 1_700_000_000)


def test_replaced_file_is_picked_up_while_running(suffix, tmp_path, points):
    path = WRITERS[suffix](points, tmp_path / f"x.{suffix}")
    store = FolderStore(tmp_path)
    before, all_before = store.layer("x"), store.version()
    assert len(store.read("x")) == 3

    (tmp_path / "beside").mkdir()
    WRITERS[suffix](points.iloc[:2], tmp_path / "beside" / path.name).replace(path)

    assert store.layer("x").rows == 2
    assert len(store.read("x")) == 2
    assert store.layer("x").version != before.version
    assert store.version() != all_before


def test_touched_file_keeps_its_version(tmp_path, points):
    path = as_parquet(points, tmp_path / "x.parquet")
    store = FolderStore(tmp_path)
    before = store.layer("x").version
    os.utime(path, OLD)
    assert store.layer("x").version == before


def test_version_is_the_same_for_a_copy_of_the_folder(tmp_path, points):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    file = as_parquet(points, tmp_path / "one" / "x.parquet")
    (tmp_path / "two" / "x.parquet").write_bytes(file.read_bytes())
    assert FolderStore(tmp_path / "one").version() == FolderStore(tmp_path / "two").version()


def test_truncated_file_is_a_fault_and_other_layers_stay_readable(suffix, tmp_path, points):
    path = WRITERS[suffix](points, tmp_path / f"Half File.{suffix}")
    as_parquet(points, tmp_path / "good.parquet")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    store = FolderStore(tmp_path)

    (fault,) = store.faults()
    assert (fault.name, fault.file) == ("half-file", path.name)
    assert fault.why
    assert fault.remedy
    assert str(tmp_path) not in fault.why + fault.remedy
    with pytest.raises(LayerUnreadableError, match=rf"{path.name}.*again"):
        store.read("half-file")
    assert [info.name for info in store.layers()] == ["good"]
    assert len(store.read("good")) == 3


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"PAR1" + b"\xff" * 100 + b"PAR1", b"garbage" * 99]
)
def test_file_with_garbage_is_a_fault_in_every_format(suffix, content, tmp_path):
    (tmp_path / f"x.{suffix}").write_bytes(content)
    (tmp_path / "y.gpkg").write_bytes(b"SQLite format 3\x00" + b"\x01" * 5000)
    store = FolderStore(tmp_path)
    assert {fault.name for fault in store.faults()} == {"x", "y"}
    assert store.layers() == ()


def test_file_being_overwritten_shows_its_last_good_copy(tmp_path, points):
    path = as_geojson(points, tmp_path / "x.geojson")
    store = FolderStore(tmp_path, settle_seconds=1000)
    good = store.layer("x")
    path.write_bytes(path.read_bytes()[:40])

    assert len(store.read("x")) == 3
    assert store.layer("x") == good
    assert [fault.name for fault in store.faults()] == ["x"]

    os.utime(path, OLD)  # long past the settling time
    assert store.layers() == ()
    with pytest.raises(LayerUnreadableError):
        store.read("x")


def test_file_replaced_between_scan_and_read_is_read_again(tmp_path, points, monkeypatch):
    from geo.store.folder import store as folder_module

    path = as_parquet(points, tmp_path / "x.parquet")
    store = FolderStore(tmp_path, small_bytes=0)
    store.layers()
    real, calls = folder_module.read_rows, []

    def interrupted(*args):
        calls.append(args)
        if len(calls) == 1:
            as_parquet(points.iloc[:1], path)
            raise OSError("torn")
        return real(*args)

    monkeypatch.setattr(folder_module, "read_rows", interrupted)
    assert len(store.read("x")) == 1
    assert len(calls) == 2


def test_repeated_read_failure_is_listed_as_a_fault(tmp_path, points, monkeypatch):
    from geo.store.folder import store as folder_module

    as_parquet(points, tmp_path / "x.parquet")
    store = FolderStore(tmp_path, small_bytes=0)
    with monkeypatch.context() as patch:
        patch.setattr(folder_module, "read_rows", lambda *_: 1 / 0)
        with pytest.raises(LayerUnreadableError, match=r"x\.parquet"):
            store.read("x")
    assert [fault.name for fault in store.faults()] == ["x"]
    store.read("x")
    assert store.faults() == ()


def test_hidden_temporary_and_other_files_are_ignored(tmp_path, points):
    for name in (".hidden.parquet", ".store-1234", "x.parquet.tmp", "notes.txt", "x.gpkg-wal"):
        (tmp_path / name).write_text("no")
    store = FolderStore(tmp_path)
    assert store.layers() == store.faults() == ()


def test_symlinks_out_of_the_folder_are_not_followed(tmp_path, points):
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    as_parquet(points, outside / "secret.parquet")
    as_parquet(points, inside / "own.parquet")
    (outside / "catalogue.json").write_text('{"layers": []}')
    (inside / "out.parquet").symlink_to(outside / "secret.parquet")
    (inside / "dead.parquet").symlink_to(outside / "nothing")
    (inside / "loop.geojson").symlink_to("loop.geojson")
    (inside / "within.parquet").symlink_to("own.parquet")
    (inside / "catalogue.json").symlink_to(outside / "catalogue.json")

    store = FolderStore(inside)

    assert [info.name for info in store.layers()] == ["own", "within"]
    assert {fault.file for fault in store.faults()} == {
        "out.parquet",
        "dead.parquet",
        "loop.geojson",
        "catalogue.json",
    }
    with pytest.raises(LayerUnreadableError, match="outside"):
        store.read("out")


def test_folder_or_pipe_with_a_layer_file_name_is_a_fault(tmp_path):
    (tmp_path / "x.parquet").mkdir()
    os.mkfifo(tmp_path / "y.geojson")
    faults = FolderStore(tmp_path).faults()
    assert {fault.why for fault in faults} == {"It is not a plain file."}


def test_file_in_another_crs_is_reprojected(suffix, tmp_path):
    frame = sample().iloc[[0, 5]]
    utm = frame.to_crs("EPSG:32636")
    path = WRITERS[suffix](utm, tmp_path / f"x.{suffix}")
    if suffix == "geojson":
        document = json.loads(path.read_text())
        document["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32636"}}
        path.write_text(json.dumps(document))
    for small in (0, 2**23):
        store = FolderStore(tmp_path, small_bytes=small)
        found = store.read("x", Query(bbox=(35.9, 35.4, 36.0, 35.5)))
        assert list(found["id"]) == ["c0"]
        assert found.crs == "EPSG:4326"
        place = found.geometry.iloc[0]
        assert (place.x, place.y) == pytest.approx((35.95, 35.41), abs=1e-7)
        assert store.layer("x").extent == pytest.approx((35.87, 34.91, 35.95, 35.41), abs=1e-6)


def test_read_empty_layer(suffix, tmp_path, points):
    WRITERS[suffix](points.iloc[:0], tmp_path / f"x.{suffix}")
    for small in (0, 2**23):
        store = FolderStore(tmp_path, small_bytes=small)
        info = store.layer("x")
        assert (info.rows, info.extent, info.date_from, info.geometry) in {
            (0, None, None, "none"),
            (0, None, None, "point"),  # formats whose header declares the geometry type
        }
        assert store.read("x", Query(bbox=(0, 0, 1, 1), date_from=date(2024, 1, 1))).empty


def test_rows_with_nan_infinite_or_invalid_geometry_are_kept(suffix, tmp_path):
    nan, inf = float("nan"), float("inf")
    with np.errstate(invalid="ignore"):
        shapes = [
            shapely.Point(nan, 1),
            shapely.Point(inf, 1),
            shapely.Point(35.9, 35.4),
            shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]),
            shapely.LineString([(0, 0), (nan, 2), (1, 1)]),
        ]
    frame = gpd.GeoDataFrame({"n": range(5), "v": [nan, inf, 1, 2, 3]}, geometry=shapes, crs=4326)
    WRITERS[suffix](frame, tmp_path / f"x.{suffix}")
    for small in (0, 2**23):
        store = FolderStore(tmp_path, small_bytes=small)
        assert list(store.read("x")["n"]) == [0, 1, 2, 3, 4]
        assert list(store.read("x", Query(bbox=(-90, -90, 90, 90)))["n"]) == [2, 3]
        assert store.layer("x").extent == (0, 0, 35.9, 35.4)


def test_threads_read_whole_layers_while_the_file_is_replaced(tmp_path, points):
    frame = pd.concat([points] * 50, ignore_index=True)
    store = FolderStore(tmp_path)
    store.write("x", frame)
    bad, done = [], threading.Event()

    def reader() -> None:
        while not done.is_set():
            try:
                if len(store.read("x")) not in {150, 75}:
                    bad.append("torn")
            except Exception as error:
                bad.append(error)

    threads = [threading.Thread(target=reader) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(20):
        store.write("x", frame.iloc[:75] if turn % 2 else frame)
    done.set()
    for thread in threads:
        thread.join()
    assert bad == []


def test_remove_deletes_the_file_and_its_catalogue_entry(tmp_path, points):
    store = FolderStore(tmp_path)
    store.write("x", points)
    store.write("y", points)
    store.remove("x")
    assert [info.name for info in store.layers()] == ["y"]
    assert not (tmp_path / "x.parquet").exists()
    assert "x.parquet" not in (tmp_path / "catalogue.json").read_text()
    with pytest.raises(LayerNotFoundError, match="'x'"):
        store.remove("x")


def test_removing_one_of_several_tables_of_a_file_is_rejected(tmp_path, points):
    for layer in ("a", "b"):
        as_gpkg(points, tmp_path / "two.gpkg", layer)
    store = FolderStore(tmp_path)
    with pytest.raises(StoreError, match=r"one of several in 'two\.gpkg'"):
        store.remove("two-a")


def test_missing_folder_error_names_the_remedy(tmp_path):
    with pytest.raises(StoreError, match="mkdir"):
        FolderStore(tmp_path / "none")
