"""The features JSON for the browser: every feature of the view, unchanged and valid."""

import json
import math
import re

import pytest
from geopandas import GeoDataFrame
from hypothesis import given, settings
from shapely import LineString, MultiPoint, Point, Polygon

from geo.errors import LayerNotFoundError
from geo.mapping.features import encode_view_features
from geo.mapping.symbols import STANCE
from geo.selection import select
from geo.store import OverlayStore, open_store
from geo.view import View
from tests.support.layer_files import feature
from tests.support.random_views import builtin_views

OWN = View(layers=("own",))
HOSTILE = (
    "{{7*7}}",
    "{% raw %}",
    "{# x #}",
    "${1}",
    "`${alert(1)}`",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "'\"",
    "C:\\users\\new",
    "\\u003cb\\u003e",
    "a\u2028b\u2029c",
    "&lt;b&gt;&#123;",
    "![](http://example.org/x.png)",
    "طرطوس 🚁",
)


def answer(name: str, view: View, store, **options) -> dict:
    """Return the response's JSON, parsed as strictly as by a browser (no NaN)."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    body = encode_view_features(name, view, store, **options).decode("utf-8")
    return json.loads(body, parse_constant=refuse)


@settings(max_examples=80)
@given(builtin_views())
def test_features_are_the_selected_claims_with_their_counts(builtin_store, view):
    sent, chosen = answer("claims", view, builtin_store), select(view, builtin_store)
    assert sent["type"] == "FeatureCollection"
    assert [one["id"] for one in sent["features"]] == list(chosen.ids)
    expected = (chosen.token, chosen.shown, chosen.total)
    assert (sent["token"], sent["shown"], sent["total"]) == expected


@settings(max_examples=80)
@given(builtin_views())
def test_histogram_and_undated_counts_sum_to_the_shown_claims(builtin_store, view):
    sent, chosen = answer("claims", view, builtin_store), select(view, builtin_store)
    apart = chosen.days.background + chosen.days.undated
    bars = sum(shown for _, shown, _ in sent["days"])
    lines = sum(shown for *_, shown, _ in sent["spans"])
    assert bars + lines + apart == sent["shown"]
    assert sum(int(n) for n in re.findall(r"(?:: |· )(\d+)", sent["explained"])) == sent["shown"]
    assert all(shown >= 0 and rest >= 0 for *_, shown, rest in sent["days"] + sent["spans"])
    assert [day for day, _, _ in sent["days"]] == sorted({day for day, _, _ in sent["days"]})


@settings(max_examples=80)
@given(builtin_views())
def test_legend_counts_each_shown_claim_once_in_each_group(builtin_store, view):
    sent = answer("claims", view, builtin_store)
    for group in ("place", "stance", "certainty"):
        counted = sum(one["count"] for one in sent["legend"] if one["group"] == group)
        assert counted == sent["shown"], group
    rows = select(view, builtin_store).rows
    stances = {one["key"]: one["count"] for one in sent["legend"] if one["group"] == "stance"}
    assert stances == {s: n for s in STANCE if (n := int((rows["stance"] == s).sum()))}


def test_claim_without_a_drawable_place_has_no_geometry(builtin_store):
    sent = answer("claims", View(sources="all"), builtin_store)
    nowhere = {one["id"] for one in sent["features"] if one["geometry"] is None}
    rows = select(View(sources="all"), builtin_store).rows
    assert nowhere == set(rows.loc[rows["location_class"] == "none", "id"])
    assert "nyt-09" in nowhere


@pytest.mark.parametrize("name", ["places", "routes", "rings"])
def test_builtin_layers_ignore_the_filters(builtin_store, name):
    everything = builtin_store.read(name)
    sent = answer(name, View(q="zeppelin"), builtin_store)
    assert [one["id"] for one in sent["features"]] == list(everything["id"])
    assert all(one["geometry"] for one in sent["features"])


def test_unknown_layer_error_names_the_layer(builtin_store):
    with pytest.raises(LayerNotFoundError, match="'nowhere'"):
        encode_view_features("nowhere", View(), builtin_store)


def test_layer_outside_the_view_is_not_found(layer_store):
    with pytest.raises(LayerNotFoundError, match="layer=own"):
        encode_view_features("own", View(), layer_store(feature({"name": "a"})))


def test_layer_above_the_vector_limit_gives_only_counts(layer_store):
    store = layer_store(*(feature({"name": str(n)}) for n in range(5)))
    sent = answer("own", OWN, store, vector_limit=4)
    assert (sent["features"], sent["too_many"], sent["shown"]) == ([], 5, 5)
    assert len(answer("own", OWN, store, vector_limit=5)["features"]) == 5


def test_further_layer_shows_in_the_legend_with_its_count(layer_store):
    store = layer_store(feature({"name": "a"}), feature({"name": "b"}))
    legend = answer("claims", OWN, store)["legend"]
    (entry,) = [one for one in legend if one["group"] == "layer"]
    assert (entry["key"], entry["count"]) == ("own", 2)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_layer_text_is_sent_unchanged(layer_store, text):
    store = layer_store(feature({"id": text, "name": text, text: text}))
    (sent,) = answer("own", OWN, store)["features"]
    assert (sent["id"], sent["properties"]["label"]) == (text, text)
    raw = encode_view_features("own", OWN, store).decode()
    assert json.dumps(text, ensure_ascii=False) in raw


def test_row_without_a_label_keeps_the_others_valid(layer_store):
    store = layer_store(feature({"name": "a"}), feature({"name": None}))
    first, second = answer("own", OWN, store)["features"]
    assert first["properties"]["label"] == "a"
    assert second["properties"]["label"] in ("", None)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_point_without_finite_coordinates_has_no_geometry(layer_store, bad):
    store = layer_store(feature({"name": "a"}, at=(bad, 35.4)), feature({"name": "b"}))
    lost, kept = answer("own", OWN, store)["features"]
    assert lost["geometry"] is None
    assert kept["geometry"]["coordinates"] == [35.95, 35.41]


@pytest.mark.parametrize(
    "shape",
    [
        MultiPoint([(36, 35), (math.nan, 35)]),
        MultiPoint([(36, 35), (math.inf, 35)]),
        LineString([(36, 35), (36, math.nan)]),
        Polygon([(0, 0), (9, 0), (9, 9)], [[(1, 1), (math.nan, 2), (2, 2)]]),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_shape_with_one_invalid_vertex_has_no_geometry(tmp_path, builtin_store, shape):
    frame = GeoDataFrame({"name": ["a", "b"]}, geometry=[shape, Point(36, 35)], crs="EPSG:4326")
    frame.to_parquet(tmp_path / "own.parquet")
    store = OverlayStore(open_store(str(tmp_path)), builtin_store)
    bad, good = answer("own", OWN, store)["features"]
    assert bad["geometry"] is None
    assert good["geometry"]["coordinates"] == [36, 35]


def test_rows_with_one_id_become_two_different_features(layer_store):
    rows = [feature({"k": "a", "name": "x"}), feature({"k": "a", "name": "y"}, at=(36, 34))]
    sent = answer("own", OWN, layer_store(*rows, catalogue={"id": "k"}))["features"]
    assert [one["properties"]["label"] for one in sent] == ["x", "y"]


def dated(start: object, end: object = None) -> dict:
    return feature({"name": "a", "observed_from": start, "observed_to": end})


@pytest.mark.parametrize(
    ("rows", "whens"),
    [
        ([("2024-12-12", "2024-12-12")], ["2024-12-12"]),
        ([("2024-12-12", "2024-12-14")], ["2024-12-12 – 2024-12-14"]),
        ([(None, "2024-12-14"), ("2024-12-12", None)], ["2024-12-14", "2024-12-12"]),
        ([(None, None), ("2024-12-12", None)], ["", "2024-12-12"]),
        # a month must not become its first day
        ([("2024-12", None), ("2024-12-12", None)], ["", "2024-12-12"]),
        ([("early December", None), ("2024-12-12T10:00:00Z", None)], ["", "2024-12-12"]),
        (
            [
                ("unknown", None),
                ("2024-12-12T10:00:00+02:00", None),
                ("2024-12-12T10:00:00Z", None),
            ],
            ["", "2024-12-12", "2024-12-12"],
        ),
        ([(2024, None), (2025, None)], ["", ""]),
    ],
)
def test_layer_dates_are_sent_as_the_filter_parses_them(layer_store, rows, whens):
    sent = answer("own", OWN, layer_store(*(dated(*row) for row in rows)))["features"]
    assert [one["properties"]["when"] for one in sent] == whens


def test_layer_with_dates_until_9999_keeps_the_histogram_small(layer_store):
    store = layer_store(dated("2024-12-12", "9999-12-31"))
    body = encode_view_features("claims", OWN, store)
    assert len(body) < 200_000
