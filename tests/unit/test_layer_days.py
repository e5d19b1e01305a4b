"""Further layers on chosen days: undated rows stay, and each layer says its own days."""

import datetime as dt
import json

import geopandas as gpd
import pandas as pd
import pytest

from geo.export.data.data_file import export_layer
from geo.mapping.features import encode_features
from geo.mapping.legend import build_legend
from geo.selection import select
from geo.store import LayerSpec
from geo.summary import build_subtitle
from geo.text.formatting import format_period, format_zone
from geo.view import View, from_query, to_query
from geo.view_layers import LayerRows

DAY = dt.date(2024, 12, 12)
WINDOW = "from=2024-12-12&to=2024-12-12"
LIMITS = {"small": "20000", "large": "2"}
"""VECTOR_LIMIT: "large" makes each layer a large layer."""


def frame(*days: str | None, utc: bool = False) -> gpd.GeoDataFrame:
    """Synthetic points, each with a day or none."""
    at = gpd.points_from_xy([35 + n / 10 for n in range(len(days))], [35.0] * len(days))
    when = pd.to_datetime(pd.Series(days, dtype=object), utc=utc, format="ISO8601")
    return gpd.GeoDataFrame(
        {"name": [f"p{n}" for n in range(len(days))], "when": when}, geometry=at, crs="EPSG:4326"
    )


@pytest.fixture(params=[("small", "folder"), ("large", "folder"), ("large", "postgis")], ids=str)
def opened(request, tmp_path, fresh_context):
    """Write layers into a store of each kind, and open it as the app does."""
    limit, kind = request.param
    url = str(tmp_path) if kind == "folder" else request.getfixturevalue("postgres").fresh()

    def made(**layers: gpd.GeoDataFrame):
        context = fresh_context(url, VECTOR_LIMIT=LIMITS[limit])
        for name, rows in layers.items():
            context.store.write(name, rows, LayerSpec(title=name.title()))
        return context.store

    return made


def look(store, query: str):
    """Return the layers of a link by name, and their legend labels."""
    chosen = select(from_query(query)[0], store)
    labels = {one["key"]: one["label"] for one in build_legend(chosen) if one["group"] == "layer"}
    return {rows.name: rows for rows in chosen.layers}, labels


def test_layer_without_dates_stays_on_every_day_until_it_is_left_out(opened):
    store = opened(bases=frame("2024-12-12", "2024-12-13", None).drop(columns="when"))
    everything, labels = look(store, "layer=bases")
    assert (everything["bases"].shown, everything["bases"].undated) == (3, 0)
    assert labels["bases"].startswith("Bases · no dates")

    on_day, labels = look(store, f"layer=bases&{WINDOW}")
    assert (on_day["bases"].shown, on_day["bases"].undated) == (3, 3)
    assert list(on_day["bases"].frame["name"]) == ["p0", "p1", "p2"]
    assert labels["bases"].startswith("Bases · no dates: shown on all days")

    left_out, labels = look(store, f"layer=bases&{WINDOW}&dated_only=bases")
    assert (left_out["bases"].shown, left_out["bases"].undated) == (0, 3)
    assert labels["bases"].startswith("Bases · no dates: left out")


def test_each_layer_has_its_own_switch_for_undated_rows(opened):
    rows = frame("2024-12-12", None, "2024-12-13", None)
    store = opened(one=rows, two=rows)
    query = f"layer=one&layer=two&{WINDOW}&dated_only=two"
    found, _ = look(store, query)
    assert list(found["one"].frame["name"]) == ["p0", "p1", "p3"]
    assert list(found["two"].frame["name"]) == ["p0"]
    assert [rows.undated for rows in found.values()] == [2, 2]
    found, _ = look(store, f"{query}&q=p3")
    assert [(rows.shown, rows.undated) for rows in found.values()] == [(1, 1), (0, 1)]
    found, _ = look(store, query.replace(WINDOW, ""))
    assert [rows.shown for rows in found.values()] == [4, 4]


def test_switch_of_the_reports_does_not_change_the_layers(opened):
    store = opened(one=frame("2024-12-12", None, "2024-12-13"))
    shown = {
        (undated, more): look(store, f"layer=one&{WINDOW}&undated={undated}{more}")[0]["one"].shown
        for undated in (0, 1)
        for more in ("", "&dated_only=one")
    }
    assert shown == {(0, ""): 2, (1, ""): 2, (0, "&dated_only=one"): 1, (1, "&dated_only=one"): 1}


def test_map_file_and_table_hold_the_same_undated_rows(opened):
    store = opened(one=frame("2024-12-12", None, "2024-12-13"))
    for more, expected in (("", ["p0", "p1"]), ("&dated_only=one", ["p0"])):
        chosen = select(from_query(f"layer=one&{WINDOW}{more}")[0], store)
        (rows,) = chosen.layers
        assert list(rows.head(10)["name"]) == expected
        sent = json.loads(encode_features("one", chosen, store))
        assert sent["shown"] == len(expected)
        info = store.layer("one")
        file = json.loads(export_layer(rows, info, "geojson", link="", version=""))
        assert [one["properties"]["name"] for one in file["features"]] == expected


def test_a_switch_without_its_layer_is_dropped_from_the_view():
    view = View(layers=("a", "b"), dated_only=("c", "b", "b"))
    assert view.dated_only == ("b",)
    assert to_query(view) == "layer=a&layer=b&dated_only=b"
    assert from_query("dated_only=c&layer=a")[0] == View(layers=("a",))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["1991-01-17", "1991-12-28"], "1991"),
        (["1991-01-17", "1991-05-02"], "January – May 1991"),
        (["2024-12-03", "2024-12-17"], "3–17 December 2024"),
        (["2024-12-12"], "12 December 2024"),
        (["2024-12-20", "2025-01-05"], "20 December 2024 – 5 January 2025"),
        (["1975-04-01", "2024-12-31"], "1975–2024"),
        ([None], "no dates"),
        (["1991-01-17", None], "17 January 1991"),
    ],
)
def test_legend_says_the_days_of_the_layer_and_not_those_of_the_reports(opened, days, words):
    store = opened(own=frame(*days, None))
    _, labels = look(store, "layer=own")
    assert labels["own"].removesuffix(" (seen from near only)") == f"Own · {words}"


def test_legend_says_that_a_layer_has_nothing_on_the_chosen_days(opened):
    store = opened(own=frame("1991-01-17", "1991-01-18", "1991-01-19"))
    found, labels = look(store, f"layer=own&{WINDOW}")
    assert found["own"].shown == 0
    assert labels["own"] == "Own · 17–19 January 1991, none in this view"


@pytest.mark.parametrize(
    ("zone", "name", "day", "iso"),
    [
        (None, "Damascus time", "12 December 2024", "2024-12-12T01:30:00+03:00"),
        ("Europe/Kyiv", "Kyiv time", "12 December 2024", "2024-12-12T00:30:00+02:00"),
        ("UTC", "UTC", "11 December 2024", "2024-12-11T22:30:00+00:00"),
        ("America/New_York", "New York time", "11 December 2024", "2024-12-11T17:30:00-05:00"),
    ],
)
def test_legend_and_files_name_the_zone_of_times(tmp_path, fresh_context, zone, name, day, iso):
    store = fresh_context(str(tmp_path)).store
    spec = LayerSpec(title="Night watch", time_zone=zone)
    store.write("own", frame("2024-12-11T22:30Z", utc=True), spec)
    found, labels = look(store, "layer=own")
    info = store.layer("own")
    assert labels["own"] == f"Night watch · {day}, {name}"

    def write(fmt: str) -> bytes:
        return export_layer(found["own"], info, fmt, link="", version="")

    sent = json.loads(write("geojson"))
    assert sent["features"][0]["properties"]["when"] == iso
    assert sent["time_zone"] == info.time_zone
    assert f"Days are cut in {info.time_zone}" in sent["note"]
    head, row = write("csv").decode("utf-8-sig").splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=False))
    assert cells["when"] == iso
    assert row.endswith(info.time_zone)
    (tmp_path / "x").mkdir()
    path = tmp_path / "x" / "own.parquet"
    path.write_bytes(write("parquet"))
    (again,) = gpd.read_parquet(path)["when"]
    assert again.isoformat() == iso
    path = tmp_path / "x" / "own.gpkg"
    path.write_bytes(write("gpkg"))
    (again,) = gpd.read_file(path, layer="own")["when"]
    assert again.isoformat() == "2024-12-11T22:30:00+00:00"
    assert iso.encode() in write("kml")


@pytest.mark.parametrize("day", ["2024-12-11T23:30", "2024-12-12T01:30"])
def test_local_times_stay_as_written_and_their_zone_is_named(opened, day):
    store = opened(watch=frame(day, None, None))
    found, labels = look(store, "layer=watch")
    assert labels["watch"].startswith(f"Watch · {int(day[8:10])} December 2024, Damascus time")
    assert found["watch"].zone_note == "times in Asia/Damascus"
    file = export_layer(found["watch"], store.layer("watch"), "geojson", link="", version="")
    sent = json.loads(file)
    assert sent["features"][0]["properties"]["when"] == f"{day}:00"
    assert sent["time_zone"] == "Asia/Damascus"


def test_legend_of_a_layer_that_is_gone_is_still_built(opened):
    store = opened(watch=frame("2024-12-11T22:30Z", None, None, utc=True))
    chosen = select(from_query("layer=watch")[0], store)
    store.remove("watch")
    labels = [one["label"] for one in build_legend(chosen) if one["group"] == "layer"]
    assert labels[0].startswith("Watch · 12 December 2024")


def test_files_of_plain_dates_name_no_zone(tmp_path, fresh_context):
    store = fresh_context(str(tmp_path)).store
    store.write("own", frame("2024-12-11"))
    found, labels = look(store, "layer=own")
    assert isinstance(found["own"], LayerRows)
    assert labels["own"] == "own · 11 December 2024"
    sent = json.loads(
        export_layer(found["own"], store.layer("own"), "geojson", link="", version="")
    )
    assert sent["features"][0]["properties"]["when"] == "2024-12-11"
    assert "time_zone" not in sent
    assert "Days are cut" not in sent["note"]


def test_a_period_without_a_known_end_and_a_zone_without_a_place():
    assert format_period(dt.date(2024, 12, 3), dt.date(9999, 12, 31)) == "since 3 December 2024"
    assert format_period(dt.date(9999, 12, 31), dt.date(9999, 12, 31)) == "undated"
    assert format_zone("America/Argentina/Buenos_Aires") == "Buenos Aires time"
    assert format_zone("UTC") == "UTC"


def test_headline_without_a_report_says_which_layers_are_drawn(tmp_path, fresh_context):
    store = fresh_context(str(tmp_path)).store
    for name in ("one", "two"):
        spec = LayerSpec(title=f"Synthetic {name}")
        store.write(name, frame("1991-01-17", None), spec)

    def say(query: str) -> str:
        chosen = select(from_query(query)[0], store)
        assert not chosen.shown
        return build_subtitle(chosen)

    assert say("q=p1&layer=one").endswith("The map shows 1 row of “Synthetic one”.")
    assert say("q=synthetic-nothing&layer=one") == say("q=synthetic-nothing")
    assert say("from=1991-01-17&to=1991-01-17&layer=one&layer=two").endswith(
        "That is no sign of absence. The map shows 4 rows of 2 further layers."
    )
