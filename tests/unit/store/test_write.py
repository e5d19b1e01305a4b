"""Writing layers: atomic and safe with parallel writers."""

import errno
import json
import multiprocessing
import os

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from geo.errors import LayerExistsError, LayerNotFoundError, StoreError
from geo.store import FolderStore, LayerSpec, Query
from geo.store.formats import geoparquet_writer
from tests.support.sample_layers import ODD_TEXT, as_gpkg, sample


def test_written_rows_and_metadata_round_trip(opened):
    info = opened().write(
        "claims",
        sample().rename_geometry("place"),
        LayerSpec(
            title="Claims {{7*7}}",
            id_column="id",
            time_columns=("observed_to", "observed_to"),
            label_column="system",
            attribution="© someone",
        ),
    )
    assert (info.title, info.label_column, info.attribution) == (
        "Claims {{7*7}}",
        "system",
        "© someone",
    )
    assert info.time_columns == ("observed_to", "observed_to")
    found = opened().read("claims", Query(where={"system": (ODD_TEXT,)}))
    assert list(found["system"]) == [ODD_TEXT]
    assert found.geometry.iloc[0] == shapely.Point(0, 0)


def test_written_file_has_row_groups_and_a_bbox_column(tmp_path):
    frame = gpd.GeoDataFrame(
        {"n": range(120_000)},
        geometry=gpd.points_from_xy([36.0] * 120_000, [35.0] * 120_000),
        crs=4326,
    )
    store = FolderStore(tmp_path, small_bytes=0)
    store.write("many", frame)
    about = pq.read_metadata(tmp_path / "many.parquet")
    rows = [about.row_group(n).num_rows for n in range(about.num_row_groups)]
    assert rows == [geoparquet_writer.ROW_GROUP] * 7 + [120_000 - 7 * geoparquet_writer.ROW_GROUP]
    assert "bbox" in about.schema.to_arrow_schema().names
    assert list(store.read("many", Query(ids=("60000",)))["n"]) == [60_000]


def test_projected_frame_is_stored_in_wgs84(opened):
    info = opened().write("x", sample().iloc[[0]].to_crs("EPSG:32636"))
    assert info.extent == pytest.approx((35.95, 35.41, 35.95, 35.41))
    found = opened().read("x")
    assert found.crs == "EPSG:4326"
    assert found.geometry.iloc[0].distance(shapely.Point(35.95, 35.41)) < 1e-8


def test_write_does_not_change_the_frame(opened):
    frame = sample()
    opened().write("x", frame)
    pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(sample()))


@pytest.mark.parametrize(
    "name", ["", "Upper", "../x", "a b", ".x", "-x", "x.parquet", "é", "x" * 101, None]
)
def test_invalid_layer_name_is_rejected(name, opened, points):
    with pytest.raises(StoreError, match="cannot name a layer"):
        opened().write(name, points)


def without_crs(frame):
    return frame.set_crs(None, allow_override=True)


REFUSED = {
    "no CRS": (without_crs, {}, "set_crs"),
    "no geometry": (lambda f: pd.DataFrame(f.drop(columns="geometry")), {}, "GeoDataFrame"),
    "no such id": (lambda f: f, {"id_column": "nr"}, "'nr'.*id, n"),
    "same id twice": (lambda f: f.assign(id="a"), {"id_column": "id"}, "'a' stands in more"),
    "no id": (lambda f: f.assign(id=["a", None, "c"]), {"id_column": "id"}, "row 1 has no 'id'"),
    "same name twice": (
        lambda f: pd.concat([f, f[["n"]]], axis=1),
        {},
        "two columns are named 'n'",
    ),
    "two places": (lambda f: f.assign(other=f.geometry), {}, "second geometry column, 'other'"),
    "mixed values": (lambda f: f.assign(n=[1, "x", 2.5]), {}, "values of one kind"),
    "half a character": (
        lambda f: f.assign(n=pd.Series(["\ud800"] * 3, dtype=object)),
        {},
        "cannot be",
    ),
}


@pytest.mark.parametrize(("change", "options", "words"), REFUSED.values(), ids=REFUSED)
def test_unsupported_frame_is_rejected_and_leaves_no_file(
    change, options, words, opened, tmp_path, points
):
    with pytest.raises(StoreError, match=words):
        opened().write("x", change(points), LayerSpec(**options))
    assert opened().layers() == ()
    assert [path.name for path in tmp_path.iterdir() if path.name != ".store.lock"] == []


def test_writing_as_new_does_not_replace_an_existing_layer(opened, points):
    opened().write("x", points, LayerSpec(title="old"))
    with pytest.raises(LayerExistsError, match="'x' already"):
        opened().write("x", points.iloc[:1], LayerSpec(title="new"), new=True)
    assert (opened().layer("x").title, len(opened().read("x"))) == ("old", 3)


def test_empty_column_name_disables_detection(opened, points):
    frame = points.assign(name="a", day=pd.Timestamp("2024-12-12"))
    guessed = opened().write("x", frame)
    assert (guessed.id_column, guessed.time_columns, guessed.label_column) == (
        "id",
        ("day", "day"),
        "name",
    )
    said = opened().write("x", frame, LayerSpec(id_column="", time_columns=(), label_column=""))
    assert (said.id_column, said.time_columns, said.label_column) == (None, None, None)
    assert list(opened().read("x", Query(ids=("1",)))["n"]) == [2]


def test_replacing_a_layer_keeps_order_and_colour_but_not_version(opened, points):
    store = opened()
    for name in ("b", "a"):
        store.write(name, points)
    store.describe("b", title="B", label_column="id", colour="#4A7C59")
    before, told = store.version(), store.layer("b").version
    store.write("b", points.iloc[:1], LayerSpec(title="B"))
    assert [info.name for info in opened().layers()] == ["b", "a"]
    assert (opened().layer("b").rows, opened().layer("b").colour) == (1, "#4a7c59")
    assert told != store.layer("b").version == opened().layer("b").version
    assert before != store.version() == opened().version()
    with pytest.raises(StoreError, match="no column 'nr'"):
        store.describe("b", title="B", label_column="nr")
    with pytest.raises(StoreError, match="colour is 'red'"):
        store.describe("b", title="B", label_column=None, colour="red")


def test_remove_deletes_a_layer_and_errors_list_the_others(opened, points):
    for name in ("a", "b"):
        opened().write(name, points)
    opened().remove("a")
    assert [info.name for info in opened().layers()] == ["b"]
    with pytest.raises(LayerNotFoundError, match=r"'a'.*'b'"):
        opened().remove("a")


def disk_is_full(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("call", ["os.replace", "os.fsync", "geopandas.GeoDataFrame.to_parquet"])
def test_failed_write_keeps_the_old_layer_and_leaves_no_temporary_file(
    call, tmp_path, points, monkeypatch
):
    store = FolderStore(tmp_path)
    store.write("x", points, LayerSpec(title="old"))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    with monkeypatch.context() as patch:
        patch.setattr(call, disk_is_full)
        with pytest.raises(StoreError, match=r"No space left.*unchanged"):
            store.write("x", points.iloc[:1], LayerSpec(title="new"))

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert len(FolderStore(tmp_path).read("x")) == 3


def test_partly_written_file_is_removed(tmp_path, points, monkeypatch):
    def half(self, path, **_kwargs):
        path.write_bytes(b"PAR1 half")
        disk_is_full()

    monkeypatch.setattr("geopandas.GeoDataFrame.to_parquet", half)
    with pytest.raises(StoreError):
        FolderStore(tmp_path).write("x", points)
    assert [path.name for path in tmp_path.iterdir()] == [".store.lock"]


def test_write_removes_leftovers_of_a_dead_writer(tmp_path, points):
    (tmp_path / ".store-dead").write_text("half")
    FolderStore(tmp_path).write("x", points)
    assert not (tmp_path / ".store-dead").exists()


def test_written_file_follows_the_umask(tmp_path, points):
    old = os.umask(0o022)
    try:
        FolderStore(tmp_path).write("x", points)
    finally:
        os.umask(old)
    assert oct((tmp_path / "x.parquet").stat().st_mode)[-3:] == "644"


def test_layer_replaces_a_file_of_another_format(tmp_path, points):
    as_gpkg(points, tmp_path / "x.gpkg")
    store = FolderStore(tmp_path)
    store.write("x", points.iloc[:1])
    assert len(store.read("x")) == 1
    assert not (tmp_path / "x.gpkg").exists()
    assert store.faults() == ()


def test_layer_written_over_a_geopackage_table_hides_it(tmp_path, points):
    for layer in ("a", "b"):
        as_gpkg(points, tmp_path / "two.gpkg", layer)
    store = FolderStore(tmp_path)
    store.write("two-a", points.iloc[:1])
    assert [(info.name, info.rows) for info in store.layers()] == [("two-a", 1), ("two-b", 3)]
    assert store.faults() == ()


def test_broken_catalogue_is_not_overwritten(tmp_path, points):
    (tmp_path / "catalogue.json").write_text('{"layers": [\n{"name": }]}')
    with pytest.raises(StoreError, match="line 2"):
        FolderStore(tmp_path).write("x", points)
    assert not (tmp_path / "x.parquet").exists()


def test_write_keeps_catalogue_order_and_unknown_keys(tmp_path, points):
    store = FolderStore(tmp_path)
    for name in ("b", "a"):
        store.write(name, points)
    path = tmp_path / "catalogue.json"
    document = json.loads(path.read_text())
    document["note"] = "mine"
    document["layers"][0]["owner"] = "me"
    path.write_text(json.dumps(document))
    store.write("b", points, LayerSpec(title="B"))
    document = json.loads(path.read_text())
    assert document["note"] == "mine"
    assert [entry["name"] for entry in document["layers"]] == ["b", "a"]
    assert document["layers"][0]["owner"] == "me"
    assert [info.name for info in store.layers()] == ["b", "a"]


def write_some(folder: str, writer: int) -> None:
    """Write 10 layers and update the shared layer 4 times."""
    store = FolderStore(folder)
    frame = gpd.GeoDataFrame({"n": [writer]}, geometry=[shapely.Point(36, 35)], crs=4326)
    for number in range(10):
        store.write(f"w{writer}-{number}", frame, LayerSpec(title=f"{writer} {number}"))
        if number % 3 == 0:
            store.write("shared", frame)


def test_parallel_writers_lose_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_some, args=(str(tmp_path), n)) for n in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0, 0]
    store = FolderStore(tmp_path)
    expected = {f"w{writer}-{number}" for writer in range(2) for number in range(10)} | {"shared"}
    assert {info.name for info in store.layers()} == expected
    entries = json.loads((tmp_path / "catalogue.json").read_text())["layers"]
    assert sorted(entry["name"] for entry in entries) == sorted(expected)
    assert store.layer("w1-7").title == "1 7"
    assert store.faults() == ()
