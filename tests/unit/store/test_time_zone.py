"""Days of every store are cut in the layer's time zone, which the catalogue keeps."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import StoreError
from geo.evidence.case import builtin_case
from geo.store import FolderStore, LayerSpec, Query
from geo.store.bulk.index_builder import load_index
from geo.store.copy import copy_layers
from geo.store.core.time_zone import case_time_zone, check_time_zone
from tests.support.postgres_server import Postgres

CASE = "Asia/Damascus"
TIMES = ["2024-12-11T22:30Z", "2024-12-12T01:30Z", "2024-12-12T20:59Z", "2024-12-12T21:00Z", None]
DAY_12 = {
    "Asia/Damascus": [0, 1, 2],  # UTC+3
    "UTC": [1, 2, 3],
    "America/New_York": [2, 3],  # UTC-5
    "Asia/Kathmandu": [0, 1],  # UTC+5:45
    "Pacific/Kiritimati": [0, 1],  # UTC+14
}


def watches(times: list[str | None] = TIMES) -> gpd.GeoDataFrame:
    """Synthetic rows, each with an instant."""
    when = pd.to_datetime(pd.Series(times, dtype=object), utc=True, format="ISO8601").astype(
        "datetime64[us, UTC]"
    )
    at = gpd.points_from_xy([35.0 + n / 10 for n in range(len(times))], [35.0] * len(times))
    return gpd.GeoDataFrame({"n": range(len(times)), "when": when}, geometry=at, crs="EPSG:4326")


def on(day: date, *, undated: bool = False) -> Query:
    return Query(day, day, undated)


def test_zone_of_the_case_is_data_beside_the_evidence():
    assert builtin_case().time_zone == CASE
    assert case_time_zone() == CASE


def test_every_format_cuts_days_in_the_zone_of_the_case_unless_told_otherwise(stored):
    store = stored(watches(), "watches")
    found = store.read("watches", on(date(2024, 12, 12)))

    info = store.layer("watches")
    assert info.time_zone == CASE
    assert list(found["n"]) == DAY_12[CASE]
    assert (info.date_from, info.date_to) == (date(2024, 12, 12), date(2024, 12, 13))
    assert str(found["when"].dt.tz) == CASE
    assert str(found["when"].iloc[0]) == "2024-12-12 01:30:00+03:00"


@pytest.mark.parametrize("zone", DAY_12)
def test_a_written_layer_keeps_its_zone(opened, zone):
    opened().write("watches", watches(), LayerSpec(time_zone=zone))
    opened().describe("watches", title="Watches", label_column=None)
    store = opened()

    assert store.layer("watches").time_zone == zone
    assert list(store.read("watches", on(date(2024, 12, 12)))["n"]) == DAY_12[zone]
    by_day = Query(where={"when": (date(2024, 12, 12),)})
    assert list(store.read("watches", by_day)["n"]) == DAY_12[zone]


@pytest.mark.parametrize("zone", DAY_12)
@pytest.mark.parametrize("undated", [False, True])
def test_large_layers_and_copies_cut_the_same_days(tmp_path, quick, zone, undated):
    (tmp_path / "one").mkdir()
    large = FolderStore(tmp_path / "one", small_bytes=0)
    large.write("watches", watches(), LayerSpec(time_zone=zone))
    (copied,) = copy_layers(large, quick, chunk_rows=2)
    expected = DAY_12[zone] + [4] * undated
    query = on(date(2024, 12, 12), undated=undated)

    for store in (large, quick):
        assert list(store.read("watches", query)["n"]) == expected
        found = [*load_index(store, "watches").find_rows(query)]
        assert [n for part in found for n in part] == expected
        assert list(store.read("watches", query)["n"]) == expected  # by the index
    assert quick.layer(copied.name).time_zone == zone


ZONES = st.sampled_from(["UTC", CASE, "Asia/Beirut", "America/St_Johns", "Pacific/Apia"])
INSTANTS = st.datetimes(datetime(2010, 1, 1), datetime(2023, 1, 1))


@settings(max_examples=40, deadline=None)
@given(st.lists(INSTANTS, min_size=1, max_size=8), ZONES, st.integers(0, 2), st.integers(0, 2))
def test_days_are_those_of_the_clock_on_the_wall(tmp_path_factory, times, zone, before, after):
    folder = tmp_path_factory.mktemp("walls")
    instants = [time.replace(tzinfo=UTC) for time in times]
    frame = watches([one.isoformat() for one in instants])
    FolderStore(folder, ours=True).write("x", frame, LayerSpec(time_zone=zone))
    days = [one.astimezone(ZoneInfo(zone)).date() for one in instants]
    first, last = days[0] - timedelta(before), days[0] + timedelta(after)
    expected = [n for n, day in enumerate(days) if first <= day <= last]

    for small in (0, 2**23):
        store = FolderStore(folder, small_bytes=small, ours=True)
        assert list(store.read("x", Query(first, last, undated=False))["n"]) == expected
        assert store.layer("x").date_from == min(days)


def test_plain_dates_and_naive_times_stay_on_their_day_in_every_zone(opened):
    frame = watches()[["n", "geometry"]].head(2)
    frame["from"] = pd.to_datetime(["2024-12-12", "2024-12-12"])
    frame["to"] = pd.to_datetime(["2024-12-12", "2024-12-12 23:59"], format="mixed")
    for zone in DAY_12:
        spec = LayerSpec(time_columns=("from", "to"), time_zone=zone)
        opened().write("plain", frame, spec)
        store = opened()
        assert list(store.read("plain", on(date(2024, 12, 12)))["n"]) == [0, 1]
        assert store.read("plain")["to"].dt.tz is None
        for other in (date(2024, 12, 11), date(2024, 12, 13)):
            assert store.read("plain", on(other)).empty


@pytest.mark.parametrize("zone", ["Damascus", "Asia/damascus ", "UTC+3", "../UTC", "Asia", "/etc"])
def test_a_wrong_zone_is_refused_by_name(opened, zone):
    with pytest.raises(StoreError, match=r"is no time zone\. Choose an IANA name"):
        opened().write("x", watches(), LayerSpec(time_zone=zone))
    assert opened().layers() == ()
    with pytest.raises(StoreError, match="is no time zone"):
        check_time_zone(zone)


def test_catalogue_of_a_folder_names_the_zone_of_a_file(tmp_path):
    watches().to_parquet(tmp_path / "x.parquet")
    versions = set()
    for zone, rows in DAY_12.items():
        entry = {"name": "x", "file": "x.parquet", "time_zone": zone}
        (tmp_path / "catalogue.json").write_text(json.dumps({"layers": [entry]}))
        store = FolderStore(tmp_path)
        assert list(store.read("x", on(date(2024, 12, 12)))["n"]) == rows
        versions.add(store.layer("x").version)
    assert len(versions) == len(DAY_12)
    entry["time_zone"] = "Syria"
    (tmp_path / "catalogue.json").write_text(json.dumps({"layers": [entry]}))
    (fault,) = FolderStore(tmp_path).faults()
    assert "'Syria' is no time zone" in fault.why


def test_layers_of_an_older_database_keep_the_days_that_were_cut_in_utc(postgres: Postgres):
    from contextlib import closing

    from geo.store.postgis.provision import upgrade_database
    from geo.store.postgis.schema import HEAD
    from geo.store.postgis.store import PostgisStore

    url = postgres.fresh()
    name = url.split("/")[3].partition("?")[0]
    with closing(PostgisStore(url, small_bytes=0)) as store:
        store.write("old", watches(), LayerSpec(time_zone="UTC"))
    postgres.run("ALTER TABLE briefing_map.layers DROP COLUMN time_zone", name)
    for table in ("ledger_events", "ledger_head", "ledger_copies"):
        postgres.run(f"DROP TABLE briefing_map.{table}", name)
    for function in ("ledger_keep", "ledger_follow"):
        postgres.run(f"DROP FUNCTION briefing_map.{function}", name)
    postgres.run("UPDATE briefing_map.alembic_version SET version_num = '0001'", name)
    with closing(PostgisStore(url)) as store, pytest.raises(StoreError, match="store-upgrade"):
        store.layers()

    assert f"of version {HEAD} now; before: 0001" in upgrade_database(url)[0]
    with closing(PostgisStore(url, small_bytes=0)) as store:
        assert store.layer("old").time_zone == "UTC"
        assert list(store.read("old", on(date(2024, 12, 12)))["n"]) == DAY_12["UTC"]
        store.write("old", watches())
        assert store.layer("old").time_zone == CASE
        assert list(store.read("old", on(date(2024, 12, 12)))["n"]) == DAY_12[CASE]
