"""Catalogue entries, detected column roles, overlays and opening by URL."""

import json
import subprocess
import sys

import pytest

from geo.errors import LayerNotFoundError, LayerUnreadableError, StoreError
from geo.store import FolderStore, LayerSpec, OverlayStore, Query, open_store
from tests.support.sample_layers import as_geojson, as_gpkg, as_parquet, sample


def write_catalogue(folder, *layers):
    (folder / "catalogue.json").write_text(json.dumps({"layers": layers}))


def test_layers_follow_catalogue_order_then_names(tmp_path, points):
    for name in "abcd":
        as_parquet(points, tmp_path / f"{name}.parquet")
    write_catalogue(
        tmp_path,
        {"name": "d", "file": "d.parquet"},
        {"name": "second", "title": "B!", "file": "b.parquet", "attribution": "me", "label": "n"},
    )
    store = FolderStore(tmp_path)
    assert [info.name for info in store.layers()] == ["d", "second", "a", "c"]
    info = store.layer("second")
    assert (info.title, info.attribution, info.label_column) == ("B!", "me", "n")


def test_changed_catalogue_is_reread(tmp_path, points):
    as_parquet(points, tmp_path / "a.parquet")
    store = FolderStore(tmp_path)
    before = store.layer("a")
    write_catalogue(tmp_path, {"name": "a", "file": "a.parquet", "id": None})
    assert before.id_column == "id"
    assert store.layer("a").id_column is None
    assert store.layer("a").version != before.version
    assert list(store.read("a", Query(ids=("1",)))["id"]) == ["b"]
    (tmp_path / "catalogue.json").unlink()
    assert store.layer("a") == before


@pytest.mark.parametrize("text", ['{"layers": [\n\n  oops]}', "[]", '{"layers": 3}', "\ud800"])
def test_broken_catalogue_is_a_fault_and_files_are_still_listed(text, tmp_path, points):
    as_parquet(points, tmp_path / "a.parquet")
    (tmp_path / "catalogue.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    store = FolderStore(tmp_path)
    (fault,) = store.faults()
    assert fault.file == "catalogue.json"
    assert "line 3" in fault.why or "oops" not in text
    assert [info.name for info in store.layers()] == ["a"]


BAD = {
    "no name": ({"file": "a.parquet"}, "cannot name a layer"),
    "no file": ({"name": "x"}, "not the name of a file"),
    "a path": ({"name": "x", "file": "../a.parquet"}, "not the name of a file"),
    "missing": ({"name": "x", "file": "z.parquet"}, "no such layer file"),
    "no such column": ({"name": "x", "file": "a.parquet", "id": "nr"}, "column 'nr'"),
    "one time": ({"name": "x", "file": "a.parquet", "time": ["n"]}, "not [from, to]"),
    "number for a title": ({"name": "x", "file": "a.parquet", "title": 3}, "'title' is not text"),
    "no object": ("x", "not an object"),
    "name twice": ({"name": "good", "file": "a.parquet"}, "given twice"),
}


@pytest.mark.parametrize(("entry", "words"), BAD.values(), ids=BAD)
def test_bad_catalogue_entry_does_not_hide_good_ones(entry, words, tmp_path, points):
    as_parquet(points, tmp_path / "a.parquet")
    as_parquet(points, tmp_path / "b.parquet")
    write_catalogue(tmp_path, {"name": "good", "file": "b.parquet"}, entry)
    store = FolderStore(tmp_path)
    (fault,) = store.faults()
    assert words in fault.why
    assert store.layer("good").rows == 3


def test_each_table_of_a_geopackage_is_a_layer(tmp_path, points):
    as_gpkg(points, tmp_path / "two.gpkg", "First Layer")
    as_gpkg(points.iloc[:1], tmp_path / "two.gpkg", 'it\'s "2"')
    as_gpkg(points, tmp_path / "one.gpkg", "whatever")
    store = FolderStore(tmp_path)
    rows = {info.name: len(store.read(info.name)) for info in store.layers()}
    assert rows == {"one": 3, "two-first-layer": 3, "two-it-s-2": 1}
    assert list(store.read("two-it-s-2", Query(ids=("a",)))["n"]) == [1]


def test_catalogue_entry_selects_one_table_of_a_geopackage(tmp_path, points):
    as_gpkg(points, tmp_path / "two.gpkg", "a")
    as_gpkg(points.iloc[:1], tmp_path / "two.gpkg", "b")
    write_catalogue(
        tmp_path,
        {"name": "mine", "file": "two.gpkg", "layer": "b"},
        {"name": "x", "file": "two.gpkg"},
    )
    store = FolderStore(tmp_path)
    assert [(info.name, info.rows) for info in store.layers()] == [("mine", 1), ("two-a", 3)]
    assert "'a', 'b'" in store.faults()[0].why


def test_geopackage_row_positions_ignore_gaps_in_fids(tmp_path, points):
    import sqlite3

    path = as_gpkg(points.drop(columns="id"), tmp_path / "x.gpkg")
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER IF EXISTS rtree_x_geom_delete")
        database.execute("DELETE FROM x WHERE n = 1")
    database.close()
    for small in (0, 2**23):
        store = FolderStore(tmp_path, small_bytes=small)
        assert list(store.read("x", Query(where={"n": (3,)})).index) == [1]


EDITOR = """
import sqlite3, sys
editor = sqlite3.connect(sys.argv[1])
editor.execute("PRAGMA journal_mode = WAL")
for (name,) in editor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
    if name.startswith("rtree_x"):  # they call SQL functions of GDAL
        editor.execute(f'DROP TRIGGER "{name}"')
print("open", flush=True)
for line in sys.stdin:
    editor.execute("UPDATE x SET n = ? WHERE n = 2", (int(line),))
    editor.commit()
    print("done", flush=True)
"""


def test_geopackage_changes_in_another_programs_wal_are_read(tmp_path, points):
    path = as_gpkg(points, tmp_path / "x.gpkg")
    run = [sys.executable, "-c", EDITOR, str(path)]
    with subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as editor:
        assert editor.stdout.readline() == "open\n"
        store = FolderStore(tmp_path)
        assert list(store.read("x")["n"]) == [1, 2, 3]
        print(99, file=editor.stdin, flush=True)
        assert editor.stdout.readline() == "done\n"
        assert list(store.read("x")["n"]) == [1, 99, 3]
        assert store.faults() == ()
        editor.stdin.close()


def test_second_file_with_the_same_layer_name_is_a_fault(tmp_path, points):
    as_parquet(points, tmp_path / "x.parquet")
    as_geojson(points, tmp_path / "x.geojson")
    store = FolderStore(tmp_path)
    assert [info.name for info in store.layers()] == ["x"]
    assert "which 'x.geojson' has already" in store.faults()[0].why


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda f: f, ("id", ("observed_from", "observed_to"), None)),
        (lambda f: f.drop(columns="observed_to"), ("id", ("observed_from",) * 2, None)),
        (lambda f: f.drop(columns=["observed_from", "observed_to"]), ("id", None, None)),
        (lambda f: f.rename(columns={"id": "ID"}), (None, ("observed_from", "observed_to"), None)),
        (lambda f: f.assign(id="same"), (None, ("observed_from", "observed_to"), None)),
        (
            lambda f: f.assign(title="t", label="l"),
            ("id", ("observed_from", "observed_to"), "label"),
        ),
        (
            lambda f: f.rename(columns={"observed_from": "a", "observed_to": "b"}),
            ("id", None, None),
        ),
    ],
)
def test_column_roles_are_detected_alike_in_every_format(change, expected, suffix, tmp_path):
    from tests.support.sample_layers import WRITERS

    WRITERS[suffix](change(sample()), tmp_path / f"x.{suffix}")
    for small in (0, 2**23):
        info = FolderStore(tmp_path, small_bytes=small).layer("x")
        assert (info.id_column, info.time_columns, info.label_column) == expected


@pytest.fixture
def two(tmp_path, points):
    """(the operator's folder, the built-in folder, an overlay of both)."""
    stores = []
    for name in ("top", "base"):
        (tmp_path / name).mkdir()
        stores.append(FolderStore(tmp_path / name))
    top, base = stores
    for name in ("claims", "areas"):
        base.write(name, points)
    return top, base, OverlayStore(top, base)


def test_overlay_reads_top_first_and_writes_to_it(two, points):
    top, base, both = two
    before = both.version()
    both.write("claims", points.iloc[:1], LayerSpec(title="mine", attribution="me"))
    both.write("own", points.iloc[:2])

    assert [info.name for info in both.layers()] == ["claims", "areas", "own"]
    assert both.layer("claims").title == "mine"
    assert [len(both.read(name)) for name in ("claims", "areas", "own")] == [1, 3, 2]
    assert len(base.read("claims")) == 3
    assert both.version() != before
    both.remove("claims")
    assert len(both.read("claims")) == 3
    assert [info.name for info in top.layers()] == ["own"]


def test_broken_top_layer_of_an_overlay_does_not_show_the_base_layer(two, tmp_path):
    _, _, both = two
    (tmp_path / "top" / "claims.parquet").write_text("garbage")
    assert [fault.name for fault in both.faults()] == ["claims"]
    assert [info.name for info in both.layers()] == ["areas"]
    for ask in (both.layer, both.read):
        with pytest.raises(LayerUnreadableError):
            ask("claims")


def test_overlay_rejects_removing_builtin_or_missing_layers(two):
    _, _, both = two
    with pytest.raises(StoreError, match="comes with the app"):
        both.remove("claims")
    for ask in (both.remove, both.read, both.layer):
        with pytest.raises(LayerNotFoundError):
            ask("nothing")


def test_open_store_accepts_a_folder_or_its_url(tmp_path, points):
    folder = tmp_path / "my layers"
    folder.mkdir()
    as_parquet(points, folder / "x.parquet")
    for url in (str(folder), folder.as_uri(), f"file://localhost{str(folder).replace(' ', '%20')}"):
        assert [info.name for info in open_store(url).layers()] == ["x"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://user:hunter2@db:port/x", "no address of a database"),
        ("postgresql+psycopg://user:hunter2@db:5x/x", "no address of a database"),
        ("s3://user:hunter2@bucket", "kind that is not known"),
        ("file://server/share", "another machine"),
        ("", "names no store"),
        ("/no/such/folder", "mkdir"),
    ],
)
def test_open_store_errors_name_the_problem_without_the_password(url, words):
    with pytest.raises(StoreError, match=words) as refused:
        open_store(url)
    assert "hunter2" not in str(refused.value)
