"""Operating a PostGIS store: accounts, upgrades, copies, timeouts and outages."""

from contextlib import closing

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from geo.builtin_layers import EvidenceStore, open_with_builtin
from geo.cli.main import main
from geo.errors import LayerUnreadableError, StoreAwayError, StoreError
from geo.evidence import builtin_evidence
from geo.store import FolderStore, LayerSpec, OverlayStore, open_store, row_ids
from geo.store.copy import copy_layers
from geo.store.postgis import engine, provision
from geo.store.postgis.schema import HEAD, LOADERS, READERS, metadata
from geo.store.postgis.store import PostgisStore
from tests.support.odd_values import assert_same_rows, layer_metadata, odd
from tests.support.postgres_server import Postgres, wait_for
from tests.support.sample_layers import QUICK, as_geojson, as_gpkg, sample

LAYERS = "assets/case/basemap"


@pytest.fixture
def store(quick):
    return quick


def test_query_timeout_is_reported_and_the_store_stays_up(url, points):
    with closing(PostgisStore(url, small_bytes=0)) as writer:
        writer.write("x", points)
    waits = engine.DatabaseTimeouts(answer=0.3)
    with closing(PostgisStore(url, small_bytes=0, timeouts=waits)) as store:
        store.layers()
        with writer._engine.begin() as connection:
            table = store._get_entry("x").table
            connection.execute(text(f"LOCK {table.schema}.{table.name} IN ACCESS EXCLUSIVE MODE"))
            with pytest.raises(LayerUnreadableError, match=r"'x' \(database\).*(too long|took)"):
                store.read("x")
            assert store.faults() == ()
        assert len(store.read("x")) == 3
        writer.close()


def test_reader_and_loader_accounts_have_no_further_rights(postgres, url, points):
    for account, role in (("app", READERS), ("crew", LOADERS)):
        postgres.run(f"CREATE ROLE {account} LOGIN IN ROLE {role}")
    app, crew = (url.replace("tester@", f"{name}@") for name in ("app", "crew"))
    with (
        closing(PostgisStore(crew, timeouts=QUICK)) as loading,
        closing(PostgisStore(app, timeouts=QUICK)) as reading,
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
        with closing(PostgisStore(url, timeouts=QUICK)) as owner:
            owner.write("x", points.iloc[:2])
        loading.write("x", points.iloc[:1])  # overwrites another account's layer
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


def test_upgrade_creates_the_schema_and_can_be_repeated(postgres):
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
    postgres.run(
        "UPDATE briefing_map.alembic_version SET version_num = '9999'",
        url.split("/")[3].partition("?")[0],
    )
    with closing(PostgisStore(url)) as late, pytest.raises(StoreError, match="9999"):
        late.layers()
    with pytest.raises(StoreError, match="9999, which this program does not know"):
        provision.upgrade_database(url)


def test_upgrade_without_role_or_extension_rights_names_the_remedy(postgres):
    postgres.run("CREATE ROLE plain LOGIN")
    url = postgres.empty()
    name = url.split("/")[3].partition("?")[0]
    postgres.run(f"ALTER DATABASE {name} OWNER TO plain")
    plain = url.replace("tester@", "plain@")
    with pytest.raises(StoreError, match="administrator run CREATE EXTENSION"):
        provision.upgrade_database(plain)
    postgres.run("CREATE EXTENSION postgis", name)
    for role in (READERS, LOADERS):  # hide the roles, which are server-wide
        postgres.run(f"ALTER ROLE {role} RENAME TO {role}_away")
    try:
        assert "An administrator gets the roles" in " ".join(provision.upgrade_database(plain))
    finally:
        for role in (READERS, LOADERS):
            postgres.run(f"ALTER ROLE {role}_away RENAME TO {role}")
    assert "The roles are ready" in " ".join(provision.upgrade_database(plain))
    with closing(PostgisStore(plain)) as store, closing(PostgisStore(url)) as admin:
        store.write("x", sample())
        assert len(store.read("x")) == 8
        admin.write("x", sample())
        store.write("x", sample().iloc[:1])  # cannot drop the old table, which `admin` owns
        assert len(admin.read("x")) == 1


def test_folder_to_database_and_back_loses_nothing(postgres, tmp_path):
    there, back = tmp_path / "there", tmp_path / "back"
    there.mkdir()
    folder = FolderStore(there)
    folder.write(
        "odd", odd().assign(name="x"), LayerSpec(title="Odd", label_column="", attribution="© me")
    )
    as_gpkg(sample(), there / "b.gpkg")
    as_geojson(sample().drop(columns=["id", "tags"]), there / "a.geojson")
    folder.write("n", sample(), LayerSpec(id_column="", time_columns=("observed_to",) * 2))
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
            assert list(map(layer_metadata, other.layers())) == list(
                map(layer_metadata, folder.layers())
            )
            for info in folder.layers():
                found, expected = other.read(info.name), folder.read(info.name)
                assert_same_rows(found, expected)
                assert list(row_ids(found, info)) == list(row_ids(expected, info))


def test_builtin_layers_can_be_copied_into_the_database(postgres):
    url = postgres.fresh()
    shipped = EvidenceStore(builtin_evidence())
    with closing(PostgisStore(url)) as store:
        assert all(one.info for one in copy_layers(shipped, store))
        for info in shipped.layers():
            assert_same_rows(store.read(info.name), shipped.read(info.name))
        assert isinstance(open_with_builtin(url), OverlayStore)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "geo", "--to", "/nowhere/at/all"], "no layer folder"),
        (
            ["import", LAYERS, "--to", "postgresql://me:hunter2@/x?host=/nowhere"],
            "answer",
        ),
        (["export-layers", "x", "--from", "postgresql://me:hunter2@/x?host=/nowhere"], "answer"),
        (["store-upgrade", "postgresql://me:hunter2@/x?host=/nowhere"], "does not answer"),
        (["store-upgrade", LAYERS], "Only a database"),
        (
            ["import", LAYERS, "--to", LAYERS, "--layer", "nothing"],
            "'nothing'",
        ),
    ],
)
def test_commands_report_errors_without_the_password(arguments, words):
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1
    assert words in done.stderr
    assert "hunter2" not in done.output


def test_database_outage_is_a_fault_per_layer_and_recovers(postgres, url, points):
    with closing(PostgisStore(url, timeouts=QUICK)) as store:
        store.write("x", points)
        store.write("y", points)
        before, rows = store.version(), store.read("x")
        postgres.stop()
        try:
            assert store.layers() == ()
            assert [(fault.name, fault.file) for fault in store.faults()] == [
                ("x", "database"),
                ("y", "database"),
            ]
            assert "does not answer" in store.faults()[0].why
            for name in ("x", "y"):  # cached rows count as outdated during an outage
                with pytest.raises(LayerUnreadableError, match=f"'{name}'.*does not answer"):
                    store.read(name)
            with pytest.raises(StoreError, match=r"'x' is not written.*does not answer"):
                store.write("x", points)
            assert store.version() != before
            with closing(PostgisStore(url, timeouts=QUICK)) as late:
                for ask in (late.layers, late.version, late.faults, lambda: late.read("x")):
                    with pytest.raises(StoreAwayError, match="does not answer"):
                        ask()
        finally:
            postgres.start()
        wait_for(lambda: store.version() == before)
        assert store.faults() == ()
        assert_same_rows(store.read("x"), rows)


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.read("x"),
        lambda store: store.read_positions("x", np.array([0])),
        lambda store: next(store.read_batches("x", ["n"], places=True)),
    ],
    ids=["whole", "some rows", "some columns"],
)
def test_database_outage_during_a_read_is_reported(postgres, store, points, ask):
    store.write("x", points)
    held = store._monitor.get_state()
    postgres.stop()
    try:
        store._monitor._state, store._monitor._until = held, float("inf")  # as if just refreshed
        with pytest.raises(LayerUnreadableError, match="does not answer"):
            ask(store)
        assert [fault.name for fault in store.faults()] == ["x"]
    finally:
        postgres.start()
    wait_for(lambda: store.faults() == ())
    assert len(store.read("x")) == 3


def test_missing_libraries_error_names_the_remedy(monkeypatch):
    monkeypatch.setattr("geo.store.postgis._NEEDED", ("sqlalchemy", "no_such_library"))
    with pytest.raises(StoreError, match=r"needs no_such_library.*\[postgis\]"):
        open_store("postgresql://me@/x")


def test_busy_connections_are_reported_and_no_outage(url, points):
    waits = engine.DatabaseTimeouts(connections=1, free=0.05, look=0)
    with closing(PostgisStore(url, small_bytes=0, timeouts=waits)) as store:
        store.write("x", points)
        with store._engine.connect():
            assert [info.name for info in store.layers()] == ["x"]
            with pytest.raises(LayerUnreadableError, match=r"All connections.*are busy"):
                store.read("x")
        assert store.faults() == ()
        assert len(store.read("x")) == 3


def test_missing_postgres_fails_the_tests_and_names_the_remedy(monkeypatch):
    monkeypatch.setattr("tests.support.postgres_server.find_postgres", lambda: None)
    with pytest.raises(RuntimeError, match=r"apt-get install.*postgis"):
        Postgres()
