"""A frame of playback in the browser has the rows, counts and words of the server's Selection."""

import datetime as dt
import json
from dataclasses import replace

import geopandas as gpd
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geo.builtin_layers import EvidenceStore
from geo.evidence import builtin_evidence
from geo.mapping.features import encode_view_features
from geo.mapping.playback_data import encode_playback
from geo.playback import Playback, find_played_days, list_windows
from geo.selection import select
from geo.store import LayerSpec, open_store
from geo.store.overlay import OverlayStore
from geo.summary import build_subtitle, build_title, count_reports, name_table
from geo.text.direction import lead_with
from geo.view import FILTER_PARAMETERS, View, to_query
from tests.support.random_views import builtin_views, windows
from tests.unit.frontend.test_parity import in_node

FRAMES = """
    const { FrameSource } = await load("frame_source.js");
    give(data.map(({ q, claims, layers, heading, windows, painted }) => {
        const view = { q, layers: Object.keys(layers) };
        const parts = { view, claims, layers: new Map(Object.entries(layers)), heading };
        const source = new FrameSource(parts);
        return windows.map((one) => {
            const frame = source.frame(one, painted);
            const { days, spans, undated, legend } = frame.claims;
            const shown = Object.fromEntries([...frame.masks].map(([name, mask]) => (
                [name, layers[name].features.filter((_, at) => mask[at]).map(({ id }) => id)])));
            return { ids: frame.ids, days, spans, undated, legend, words: frame.words, shown };
        });
    }));
"""
WINDOWS = """
    const { daysToPlay, listWindows } = await load("player.js");
    give(data.map(({ view, extent, days }) => {
        const played = daysToPlay(view, extent, days);
        return [played, played && listWindows(...played, days)];
    }));
"""
DAYS = st.dates(dt.date(2024, 11, 25), dt.date(2025, 2, 10))


def expect_frame(view: View, store, heading: str) -> dict:
    """Return what the server says of a view, in the form of `FRAMES`."""
    selection = select(view, store)
    claims = json.loads(encode_view_features("claims", view, store))
    return {
        "ids": list(selection.ids),
        "days": claims["days"],
        "spans": claims["spans"],
        "undated": claims["undated"],
        "legend": claims["legend"],
        "words": {
            "title": build_title(selection, heading),
            "subtitle": build_subtitle(selection),
            "counted": count_reports(selection),
            "table": name_table(selection),
            "reports": selection.report_count,
            "explained": claims["explained"],
        },
        "shown": {
            name: [
                one["id"] for one in json.loads(encode_view_features(name, view, store))["features"]
            ]
            for name in view.layers
        },
    }


def assert_frames_agree(views: list[View], days: list[list], store, heading: str = "") -> None:
    """Assert that browser and server agree for each view, on each of its windows."""
    asked, expected = [], []
    for view, chosen in zip(views, days, strict=True):
        anyday = replace(view, date_from=None, date_to=None)
        asked.append(
            {
                "q": to_query(view, only=FILTER_PARAMETERS),
                "claims": json.loads(encode_playback(view, store)),
                "layers": {
                    name: json.loads(encode_view_features(name, anyday, store))
                    for name in view.layers
                },
                "heading": lead_with(heading),
                "windows": [[str(day) for day in window] for window in chosen],
                "painted": [],
            }
        )
        expected.append(
            [
                expect_frame(replace(view, date_from=start, date_to=end), store, heading)
                for start, end in chosen
            ]
        )
    found = in_node(FRAMES, asked)
    for view, mine, theirs in zip(views, found, expected, strict=True):
        for one, other in zip(mine, theirs, strict=True):
            assert one == other, view


closed = st.tuples(DAYS, st.integers(0, 40)).map(
    lambda one: (one[0], one[0] + dt.timedelta(one[1]))
)
some_windows = st.lists(closed, min_size=4, max_size=6)


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_browser_frames_are_the_servers_selections(data):
    store = EvidenceStore(builtin_evidence())
    views = data.draw(st.lists(builtin_views(), min_size=10, max_size=14))
    days = [data.draw(some_windows) for _ in views]
    assert_frames_agree(views, days, store, data.draw(st.sampled_from(["", "Tartus", "طرطوس"])))


def test_a_layers_rows_follow_the_window_and_its_choice_of_undated_ones(tmp_path):
    store = OverlayStore(open_store(str(tmp_path)), EvidenceStore(builtin_evidence()))
    days = [None, "2024-12-03", "2024-12-05", "2024-12-09T23:30:00Z", "9999-12-31"]
    pairs = [(first, last) for first in days for last in days]
    frame = gpd.GeoDataFrame(
        {
            "name": [f"row {n}" for n in range(len(pairs))],
            "first": [first for first, _ in pairs],
            "last": [last for _, last in pairs],
        },
        geometry=[Point(36 + n / 100, 35) for n in range(len(pairs))],
        crs="EPSG:4326",
    )
    spec = LayerSpec("Rows “of” {all}", time_columns=("first", "last"), label_column="name")
    store.write("rows", frame, spec)
    store.write("plain", frame[["name", "geometry"]], LayerSpec("No days", label_column="name"))
    layers = ("rows", "plain")
    views = [
        View(sources="all", layers=layers, undated=True),
        View(layers=layers, dated_only=layers, places=("nowhere",)),
        View(sources="all", layers=layers, dated_only=("rows",), q="row"),
    ]
    day = dt.date(2024, 12, 4)
    chosen = [
        (day, day),
        (day, dt.date(2024, 12, 9)),
        (dt.date(2024, 12, 10), dt.date(2024, 12, 10)),
        (dt.date(2025, 6, 1), dt.date(2025, 6, 3)),
    ]
    assert_frames_agree(views, [chosen] * len(views), store)


@settings(max_examples=4, deadline=None)
@given(
    st.lists(
        st.tuples(windows(DAYS), st.none() | closed, st.sampled_from([1, 3, 7, 31])),
        min_size=60,
        max_size=90,
    )
)
def test_browser_plays_the_days_that_the_server_says(cases):
    def write(window) -> list | None:
        return window and [day and str(day) for day in window]

    asked = [
        {
            "view": dict(zip(("from", "to"), write(view), strict=True)),
            "extent": write(extent),
            "days": n,
        }
        for view, extent, n in cases
    ]
    expected = []
    for view, extent, days in cases:
        played = find_played_days(Playback(days=days), view, extent)
        listed = played and [write(one) for one in list_windows(*played, days)]
        expected.append([write(played), listed])
    assert in_node(WINDOWS, asked) == expected
