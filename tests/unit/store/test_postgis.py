"""What only a database can do: values that it has no type for, writers, roles, an end and a return.

What it does as every store does is in test_contract.py and test_write.py.
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
from click.testing import CliRunner
from sqlalchemy import text

from geo.cli import main
from geo.errors import LayerUnreadableError, StoreAwayError, StoreError
from geo.settings import ASSETS
from geo.shipped import open_with_shipped
from geo.store import FolderStore, OverlayStore, Query, open_store, row_ids
from geo.store.copying import copy_layers
from geo.store.postgis import connecting, filters, upgrading
from geo.store.postgis.schema import HEAD, LOADERS, READERS, metadata
from geo.store.postgis.store import PostgisStore
from tests.postgres import Explained, wait_for
from tests.unit.store.conftest import ODD_TEXT, as_geojson, as_gpkg, cleared, sample

QUICK = connecting.Waits(look=0, again=0.05)
LONG = "x" * 63


@pytest.fixture
def url(layer_database):
    cleared(layer_database).close()
    return layer_database


@pytest.fixture
def store(url):
    with closing(PostgisStore(url, small_bytes=0, waits=QUICK)) as made:
        yield made


def odd() -> gpd.GeoDataFrame:
    """Three rows of values that a database or a driver likes to change."""
    day = dt.datetime
    values = {
        "العربية": ["طرطوس", "a\n\\.\nb", ""],
        "nul": ["a\x00b", None, '"\\'],
        "big": np.array([2**63 - 1, -(2**63), 0], dtype="int64"),
        "bigger": np.array([2**64 - 1, 0, 2**63], dtype="uint64"),
        "small": np.array([-128, 127, 0], dtype="int8"),
        "single": np.array([0.1, float("inf"), None], dtype="float32"),
        "fraction": [0.1 + 0.2, float("-inf"), None],
        "yes": [True, False, True],
        "perhaps": [True, None, False],
        "exact": [decimal.Decimal("1.20"), None, decimal.Decimal("-99999999999999999.99")],
        "bytes": [b"\x00\xff", None, b""],
        "clock": [dt.time(23, 59, 59, 999_999), None, dt.time(0)],
        "took": pd.to_timedelta(["1 days 00:00:00.000001", None, "-3s"]),
        "when": pd.Series(
            [day(2024, 12, 12, 1, 2, 3, 4), None, day(1, 1, 1)], dtype="datetime64[us]"
        ),
        "far": pd.Series([day(1, 1, 1), None, day(2, 1, 1)], dtype="datetime64[us]")
        + pd.Timedelta(4_000_000, "D").as_unit("us"),
        "zoned": pd.to_datetime(["2024-12-12", None, "2024-06-01"]).tz_localize("Asia/Damascus"),
        "words": [["a,b", 'q"{}', "NULL"], [], None],
        "words and nul": [["a\x00"], None, ["b", None]],
        "numbers": [[1, 2**62], None, []],
        "shares": [[0.1, float("inf")], None, []],
        "nested": [[[1], []], None, [[2, 3]]],
        "rows": [{"a": 1}, None, {"a": 2}],
        "empty": [None, None, None],
        "geometry_": ["a", "b", "c"],
        "position": [7, 8, 9],
        "period": ["a", "b", "c"],
        "xmin": [1, 2, 3],
        "c0": [1, 2, 3],
        "Name": [1, 2, 3],
        "name": ["a", "b", "c"],
        "": [1, 2, 3],
        'a%(b)s:c"; --': ["x", "y", "z"],
        f"{LONG}1": ["a", "b", "c"],
        f"{LONG}2": ["d", "e", "f"],
    }
    places = [
        shapely.from_wkt("GEOMETRYCOLLECTION Z (POINT Z (36 35 7), LINESTRING Z (1 2 3, 4 5 6))"),
        shapely.from_wkt("LINESTRING (36 35, NaN 34)"),
        shapely.Polygon(),
    ]
    return gpd.GeoDataFrame(values, geometry=places, crs="EPSG:4326")


def same(found, expected) -> None:
    """The same rows in the same order, of the same types, with the same places to the last bit."""
    assert list(found.columns) == list(expected.columns)
    assert found.crs == expected.crs
    pd.testing.assert_frame_equal(
        pd.DataFrame(found.drop(columns="geometry")),
        pd.DataFrame(expected.drop(columns="geometry")),
        check_exact=True,
    )
    assert list(shapely.to_wkb(found.geometry)) == list(shapely.to_wkb(expected.geometry))


def said(info) -> tuple:
    """What is said of a layer, without its version."""
    return tuple(value for name, value in vars(info).items() if name != "version")


def test_every_value_a_folder_keeps_comes_back_unchanged(store, tmp_path):
    folder = FolderStore(tmp_path)
    there, here = folder.write("odd", odd()), store.write("odd", odd())
    assert said(here) == said(there)
    expected = folder.read("odd")
    same(store.read("odd"), expected)
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
        (lambda f: pd.concat([f, *(f["n"].rename(f"n{n}") for n in range(1700))], axis=1), {},
         "more columns than a table may have"),
    ],
)  # fmt: skip
def test_what_the_database_cannot_keep_is_refused_in_words_and_leaves_nothing(
    change, options, words, store, points, postgres, url
):
    with pytest.raises(StoreError, match=words):
        store.write("x", change(points), **options)
    assert store.layers() == ()
    assert tables(postgres, url) == []


def tables(postgres, url) -> list[str]:
    """The tables of layers that the database has, named in the catalogue or not."""
    command = r"SELECT relname FROM pg_class WHERE relname ~ '^layer_\d+$' ORDER BY oid"
    return [name for (name,) in postgres.run(command, url.split("/")[3].partition("?")[0])]


def plan(store, name, query, *, whole=True) -> str:
    """How the server answers, with the sequential scan switched off where the layer is small."""
    with store._engine.connect() as connection:
        if whole:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = connection.execute(Explained(filters.statement(store._entry(name), query)))
        return "\n".join(rows.scalars())


def test_box_days_and_ids_are_found_by_the_indexes_and_filtered_in_the_server(store):
    days = pd.date_range("2024-12-01", periods=30).repeat(100)
    frame = gpd.GeoDataFrame(
        {"id": [f"p{n}" for n in range(3000)], "day": days, "kind": ["a", "b"] * 1500},
        geometry=gpd.points_from_xy([35 + n % 100 / 50 for n in range(3000)], [35.0] * 3000),
        crs="EPSG:4326",
    )
    table = store.write("x", frame) and store._entry("x").table.name
    window = {"date_from": dt.date(2024, 12, 3), "date_to": dt.date(2024, 12, 4), "undated": False}
    both = Query(**window, bbox=(35, 34, 35.05, 36))
    assert f"{table}_place" in plan(store, "x", both)
    assert f"{table}_ids" in plan(store, "x", Query(ids=("p7", "p8")))
    assert f"{table}_days" in plan(store, "x", Query(**window))
    with store._engine.connect() as connection:
        query = Query(**window, bbox=(35, 34, 35.05, 36), where={"kind": ("a",)})
        rows = connection.execute(filters.statement(store._entry("x"), query)).fetchall()
    assert len(rows) == len(store.read("x", query)) == 4


def test_value_that_looks_like_sql_is_a_value(store, points):
    evil = "'; DROP SCHEMA briefing_map CASCADE; --"
    store.write("x", points.assign(**{evil: [evil, ODD_TEXT, "%(a)s"]}), title=evil)
    for value in (evil, ODD_TEXT, "%(a)s"):
        assert len(store.read("x", Query(where={evil: (value,)}))) == 1
    assert store.read("x", Query(ids=(evil,))).empty
    assert store.layer("x").title == evil


def test_versions_are_alike_in_every_process_and_database(store, url, postgres, points):
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
    """Five layers of its own, and each time one that both writers write."""
    frame = gpd.GeoDataFrame({"n": [writer] * 50}, geometry=[shapely.Point(36, 35)] * 50, crs=4326)
    with closing(PostgisStore(url)) as store:
        for number in range(5):
            store.write(f"w{writer}-{number}", frame, title=f"{writer} {number}")
            store.write("shared", frame)


def test_two_writers_lose_nothing_and_a_reader_sees_old_or_new_whole(store, url, postgres):
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
    store.write("last", sample())  # what a reader held, and no sweep could take, goes by the next
    assert len(tables(postgres, url)) == len(names) + 1


def test_write_that_breaks_off_leaves_the_old_layer(store, url, points, postgres, monkeypatch):
    store.write("x", points)
    before = store.version()
    chunks = "geo.store.postgis.loading._chunks"
    with monkeypatch.context() as patch:
        patch.setattr(chunks, lambda *_: iter([b"0,,,,a,1\n", b"half a row"]))
        with pytest.raises(StoreError, match=r"'x' is not written.*refused"):
            store.write("x", points.iloc[:1])
    assert store.version() == before
    assert len(store.read("x")) == 3
    assert len(tables(postgres, url)) == 1


def test_answer_that_takes_too_long_is_told_and_the_store_is_still_there(url, points):
    with closing(PostgisStore(url, small_bytes=0)) as writer:
        writer.write("x", points)
    waits = connecting.Waits(answer=0.3)
    with closing(PostgisStore(url, small_bytes=0, waits=waits)) as store:
        store.layers()
        with writer._engine.begin() as connection:
            table = store._entry("x").table
            connection.execute(text(f"LOCK {table.schema}.{table.name} IN ACCESS EXCLUSIVE MODE"))
            with pytest.raises(LayerUnreadableError, match=r"'x' \(database\).*(too long|took)"):
                store.read("x")
            assert store.faults() == ()
        assert len(store.read("x")) == 3
        writer.close()


def test_reader_reads_and_loader_loads_and_neither_does_more(postgres, url, points):
    for account, role in (("app", READERS), ("crew", LOADERS)):
        postgres.run(f"CREATE ROLE {account} LOGIN IN ROLE {role}")
    app, crew = (url.replace("tester@", f"{name}@") for name in ("app", "crew"))
    with (
        closing(PostgisStore(crew, waits=QUICK)) as loading,
        closing(PostgisStore(app, waits=QUICK)) as reading,
    ):
        loading.write("x", points)
        assert len(reading.read("x")) == 3
        for attempt in (
            lambda: reading.write("y", points),
            lambda: reading.remove("x"),
            lambda: reading.describe("x", title="Mine", label_column=None),
        ):
            with pytest.raises(StoreError, match=r"not allowed.*loading account"):
                attempt()
        with closing(PostgisStore(url, waits=QUICK)) as owner:
            owner.write("x", points.iloc[:2])
        loading.write("x", points.iloc[:1])  # of another account's making, and still writable
        assert len(reading.read("x")) == 1
        with (
            reading._engine.connect() as connection,
            pytest.raises(Exception, match=r"denied|must be owner"),
        ):
            connection.execute(text("DELETE FROM briefing_map.layers"))
        with (
            loading._engine.connect() as connection,
            pytest.raises(Exception, match=r"denied|must be owner"),
        ):
            connection.execute(text("DROP TABLE briefing_map.state"))


def test_upgrade_makes_the_tables_that_the_program_works_with_and_can_be_run_again(postgres):
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    url = postgres.empty()
    with closing(PostgisStore(url)) as early, pytest.raises(StoreError, match="store-upgrade"):
        early.layers()
    first, again = (CliRunner().invoke(main, ["store-upgrade", url]) for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert f"of version {HEAD} now; before: none" in first.output
    assert f"GRANT {READERS} TO" in again.output
    config = Config()
    config.set_main_option("script_location", "geo/store/postgis/migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD
    with closing(PostgisStore(url)) as store:
        assert store.layers() == ()
        with store._engine.connect() as connection:
            options = {
                "version_table_schema": metadata.schema,
                "include_schemas": True,
                "include_name": lambda name, kind, _: kind != "schema" or name == metadata.schema,
            }
            found = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(found, metadata) == []
    postgres.run("UPDATE briefing_map.alembic_version SET version_num = '9999'",
                 url.split("/")[3].partition("?")[0])  # fmt: skip
    with closing(PostgisStore(url)) as late, pytest.raises(StoreError, match="9999"):
        late.layers()
    with pytest.raises(StoreError, match="9999, which this program does not know"):
        upgrading.upgrade(url)


def test_upgrade_by_an_account_that_may_not_make_roles_or_extensions_says_who_must(postgres):
    postgres.run("CREATE ROLE plain LOGIN")
    url = postgres.empty()
    name = url.split("/")[3].partition("?")[0]
    postgres.run(f"ALTER DATABASE {name} OWNER TO plain")
    plain = url.replace("tester@", "plain@")
    with pytest.raises(StoreError, match="administrator run CREATE EXTENSION"):
        upgrading.upgrade(plain)
    postgres.run("CREATE EXTENSION postgis", name)
    for role in (READERS, LOADERS):  # roles are the whole server's: as if nobody had made them yet
        postgres.run(f"ALTER ROLE {role} RENAME TO {role}_away")
    try:
        assert "An administrator gets the roles" in " ".join(upgrading.upgrade(plain))
    finally:
        for role in (READERS, LOADERS):
            postgres.run(f"ALTER ROLE {role}_away RENAME TO {role}")
    assert "The roles are ready" in " ".join(upgrading.upgrade(plain))
    with closing(PostgisStore(plain)) as store, closing(PostgisStore(url)) as admin:
        store.write("x", sample())
        assert len(store.read("x")) == 8
        admin.write("x", sample())
        store.write("x", sample().iloc[:1])  # the old rows, which are not its own, stay for a while
        assert len(admin.read("x")) == 1


def test_folder_goes_into_the_database_and_back_without_loss(postgres, tmp_path):
    there, back = tmp_path / "there", tmp_path / "back"
    there.mkdir()
    folder = FolderStore(there)
    folder.write("odd", odd().assign(name="x"), title="Odd", label_column="", attribution="© me")
    as_gpkg(sample(), there / "b.gpkg")
    as_geojson(sample().drop(columns=["id", "tags"]), there / "a.geojson")
    folder.write("n", sample(), id_column="", time_columns=("observed_to",) * 2)
    folder.describe("n", title="N", label_column="system", colour="#4a7c59")
    (there / "broken.geojson").write_text("{")
    url = postgres.fresh()
    done = CliRunner().invoke(main, ["import", str(there), "--to", url])
    assert done.exit_code == 1
    assert "broken is not copied: Its JSON breaks" in done.stderr
    again = CliRunner().invoke(main, ["export-layers", str(back), "--from", url])
    assert (again.exit_code, again.stderr) == (0, ""), again.output
    with closing(PostgisStore(url)) as store:
        for other in (store, FolderStore(back)):
            assert list(map(said, other.layers())) == list(map(said, folder.layers()))
            for info in folder.layers():
                found, expected = other.read(info.name), folder.read(info.name)
                same(found, expected)
                assert list(row_ids(found, info)) == list(row_ids(expected, info))


def test_shipped_layers_go_into_the_database_and_the_page_reads_them_there(postgres):
    url = postgres.fresh()
    shipped = open_store(str(ASSETS / "layers"))
    with closing(PostgisStore(url)) as store:
        assert all(one.info for one in copy_layers(shipped, store))
        for info in shipped.layers():
            same(store.read(info.name), shipped.read(info.name))
        assert isinstance(open_with_shipped(url), OverlayStore)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "geo", "--to", "/nowhere/at/all"], "no layer folder"),
        (["import", "assets/layers", "--to", "postgresql://me:hunter2@/x?host=/nowhere"], "answer"),
        (["export-layers", "x", "--from", "postgresql://me:hunter2@/x?host=/nowhere"], "answer"),
        (["store-upgrade", "postgresql://me:hunter2@/x?host=/nowhere"], "does not answer"),
        (["store-upgrade", "assets/layers"], "Only a database"),
        (["import", "assets/layers", "--to", "assets/layers", "--layer", "nothing"], "'nothing'"),
    ],
)
def test_commands_say_in_words_what_went_wrong(arguments, words):
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1
    assert words in done.stderr
    assert "hunter2" not in done.output


def test_database_that_goes_away_is_told_by_layer_and_comes_back_by_itself(postgres, url, points):
    with closing(PostgisStore(url, waits=QUICK)) as store:
        store.write("x", points)
        store.write("y", points)
        before, rows = store.version(), store.read("x")
        postgres.stop()
        try:
            assert store.layers() == ()
            assert [(fault.name, fault.file) for fault in store.faults()] == [
                ("x", "database"), ("y", "database"),
            ]  # fmt: skip
            assert "does not answer" in store.faults()[0].why
            for name in ("x", "y"):  # in memory or not: it may have changed meanwhile
                with pytest.raises(LayerUnreadableError, match=f"'{name}'.*does not answer"):
                    store.read(name)
            with pytest.raises(StoreError, match=r"'x' is not written.*does not answer"):
                store.write("x", points)
            assert store.version() != before
            with closing(PostgisStore(url, waits=QUICK)) as late:
                for ask in (late.layers, late.version, late.faults, lambda: late.read("x")):
                    with pytest.raises(StoreAwayError, match="does not answer"):
                        ask()
        finally:
            postgres.start()
        wait_for(lambda: store.version() == before)
        assert store.faults() == ()
        same(store.read("x"), rows)


def test_database_that_goes_away_in_the_middle_of_an_answer_is_told(postgres, store, points):
    store.write("x", points)
    held = store._watch.now()
    postgres.stop()
    try:
        store._watch._known, store._watch._until = held, float("inf")  # asked a moment ago
        with pytest.raises(LayerUnreadableError, match="does not answer"):
            store.read("x")
        assert [fault.name for fault in store.faults()] == ["x"]
    finally:
        postgres.start()
    wait_for(lambda: store.faults() == ())
    assert len(store.read("x")) == 3


def test_missing_libraries_are_named_with_the_remedy(monkeypatch):
    monkeypatch.setattr("geo.store.postgis._NEEDED", ("sqlalchemy", "no_such_library"))
    with pytest.raises(StoreError, match=r"needs no_such_library.*\[postgis\]"):
        open_store("postgresql://me@/x")
