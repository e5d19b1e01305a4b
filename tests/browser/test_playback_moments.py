"""Playback in other moments: another size, a hidden tab, no days, a layer that is late."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Frame, Page, expect

from geo.store import LayerSpec, open_store
from tests.support.app_server import (
    MAP,
    Server,
    expected_selection,
    read_painted,
    serve_app,
    wait_for_map,
)

ALL = "sources=all"
MANY = 3000
LIMIT = "1000"
ANY_MAP = f"""() => document.querySelector("{MAP}")?.contentWindow?.paintedSelection"""
COUNT = """() => {
    window.painted = 0;
    let frame;
    Object.defineProperty(window, "playedFrame", { get: () => frame, set: (next) => {
        frame = next;
        window.painted += 1;
    } });
}"""
# Pairs of a fixed thing and a symbol that lie on each other.
COVERED = """() => {
    const boxes = (css) => [...document.querySelectorAll(css)]
        .filter((node) => getComputedStyle(node).visibility === "visible")
        .map((node) => [node.className, node.getBoundingClientRect()]);
    const fixed = boxes(".legend, .attribution, .leaflet-bar, .scale-box");
    return boxes(".badge, .site-text, .fan").flatMap(([name, a]) => fixed.filter(([, b]) => (
        a.width && a.left < b.right - 1 && a.right > b.left + 1
        && a.top < b.bottom - 1 && a.bottom > b.top + 1)).map(([other]) => `${name} on ${other}`));
}"""


def open_map(page: Page, server: Server, query: str = ALL, path: str = "overview") -> Frame:
    page.goto(server.link(path, query))
    page.locator(".headline").wait_for()
    page.wait_for_function(ANY_MAP)
    frame = next(one for one in page.frames if "component/streamlit_folium" in one.url)
    frame.evaluate(COUNT)
    return frame


def play(frame: Frame, seconds: str = "0.25") -> None:
    frame.get_by_label("Time of a step").select_option(seconds)
    frame.locator(".play-toggle").click()
    frame.wait_for_function("window.painted >= 2")


def wait_for_more(frame: Frame, count: int = 3) -> None:
    now = frame.evaluate("window.painted")
    frame.wait_for_function("count => window.painted >= count", arg=now + count)


def assert_settled(page: Page, frame: Frame, path: str = "overview") -> None:
    last = frame.evaluate("window.playedFrame")
    expected = expected_selection(path, f"{ALL}&from={last['from']}&to={last['to']}")
    wait_for_map(page, expected.token)
    assert read_painted(frame)["ids"] == list(expected.ids) == last["ids"]


@pytest.mark.parametrize("path", ["overview", "tartus"])
def test_another_size_while_it_plays(app: Server, page: Page, path: str):
    page.set_viewport_size({"width": 1366, "height": 768})
    frame = open_map(page, app, path=path)
    play(frame)
    for width, height in ((1100, 700), (1500, 850)):
        page.set_viewport_size({"width": width, "height": height})
        frame.wait_for_function("width => window.innerWidth <= width", arg=width)
        for _ in range(3):
            wait_for_more(frame, 1)
            assert frame.evaluate(COVERED) == []
    frame.locator(".play-toggle").click()
    assert_settled(page, frame, path)


def test_a_hidden_tab_pauses(app: Server, page: Page):
    frame = open_map(page, app)
    play(frame)
    frame.evaluate("""() => {
        Object.defineProperty(document, "hidden", { get: () => true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(frame.locator(".play-toggle")).to_have_attribute("aria-pressed", "false")
    assert_settled(page, frame)


def test_without_days_the_buttons_say_why(app: Server, page: Page):
    frame = open_map(page, app, "sources=all&q=zzzzqq")
    expect(frame.locator(".play-toggle")).to_be_disabled()
    expect(frame.locator(".playback")).to_have_attribute(
        "title", "Nothing here has a day that could be played."
    )


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the dashboard with a layer that has too many points to be sent."""
    folder = tmp_path_factory.mktemp("late")
    chance = np.random.default_rng(2)
    days = pd.Timestamp("2024-12-03") + pd.to_timedelta(chance.integers(0, 20, MANY), unit="D")
    points = gpd.points_from_xy(chance.uniform(35.2, 37, MANY), chance.uniform(33.5, 36, MANY))
    rows = gpd.GeoDataFrame({"day": days}, geometry=points, crs="EPSG:4326")
    (folder / "store").mkdir()
    spec = LayerSpec("Late points", time_columns=("day", "day"))
    open_store(str(folder / "store")).write("late", rows, spec)
    given = {"STORE_URL": str(folder / "store"), "VECTOR_LIMIT": LIMIT}
    with serve_app(log=folder / "log.txt", **given) as server:
        yield server


def test_a_layer_that_is_late_says_so_until_it_stops(late: Server, page: Page):
    frame = open_map(page, late, f"{ALL}&layer=late&from=2024-12-19&to=2024-12-24")
    play(frame)
    note = frame.locator(".play-note")
    expect(note).to_have_text("Late points: follows when it stops")
    assert "The map shows" not in page.locator(".headline .subtitle").inner_text()
    frame.locator(".play-toggle").click()
    expect(note).to_have_text("")
    expect(page.locator("body[data-playing]")).to_have_count(0)
