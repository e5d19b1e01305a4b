"""Playback: map, counts, words and bars move together in the browser, and the server agrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from geo.store import LayerSpec, open_store
from geo.summary import build_subtitle, build_title, count_reports, name_table
from tests.support.app_server import (
    Server,
    expected_selection,
    read_painted,
    serve_app,
    wait_for_map,
)

ALL = "sources=all"
DAYS = "sources=all&from=2024-12-10&to=2024-12-15"
# Keeps what each frame of playback showed, at the moment when it was painted.
WATCH = """() => {
    const page = window.parent.document;
    const text = (css) => page.querySelector(css)?.textContent;
    window.shown = [];
    let frame;
    const all = (css) => [...document.querySelectorAll(css)];
    Object.defineProperty(window, "playedFrame", { get: () => frame, set: (next) => {
        frame = next;
        requestAnimationFrame(() => window.shown.push({
            ...next, title: text(".headline h1"), subtitle: text(".headline .subtitle"),
            counted: text(".headline .counted"), table: text(".st-key-table_open summary p"),
            rule: document.querySelector(".timeline-rule").textContent,
            bars: all(".day .number").reduce((sum, one) => sum + Number(one.textContent), 0),
            badges: all(".badge").map((one) => one.getAttribute("aria-label")).sort(),
            inside: all(".day.in").map((one) => one.dataset.day),
        }));
    } });
}"""


# Counts the numbers of symbols that are made from now on.
COUNT_SYMBOLS = """() => {
    window.made = 0;
    const make = document.createElementNS.bind(document);
    document.createElementNS = (space, name) => {
        window.made += name === "text" ? 1 : 0;
        return make(space, name);
    };
}"""
# Resolves when twenty idle moments made none.
NONE_IS_MADE = """() => new Promise((done) => {
    let [before, same] = [-1, 0];
    const look = () => {
        [before, same] = window.made === before ? [before, same + 1] : [window.made, 0];
        if (same > 20) done(); else requestIdleCallback(look);
    };
    look();
})"""


def open_map(page: Page, app: Server, query: str = ALL, path: str = "overview") -> Frame:
    page.goto(app.link(path, query))
    frame = wait_for_map(page, expected_selection(path, query).token)
    frame.evaluate(WATCH)
    return frame


def toggle(frame: Frame) -> Locator:
    return frame.locator(".play-toggle")


def make_ready(frame: Frame, seconds: str = "0.25") -> None:
    """Choose the speed, and wait for the rows of all days."""
    with frame.page.expect_response(lambda answer: "claims/playback" in answer.url):
        frame.locator(".timeline-rule").hover()
    frame.get_by_label("Time of a step").select_option(seconds)
    frame.page.wait_for_url(lambda url: "play=" in url)


def wait_for_frames(frame: Frame, count: int) -> list[dict]:
    frame.wait_for_function("count => window.shown.length >= count", arg=count)
    return frame.evaluate("window.shown")


def assert_settled(page: Page, frame: Frame, path: str = "overview") -> None:
    """Assert that the page has come to the days of the last frame, and agrees with it."""
    last = frame.evaluate("window.playedFrame")
    expected = expected_selection(path, f"{ALL}&from={last['from']}&to={last['to']}")
    wait_for_map(page, expected.token)
    assert read_painted(frame)["ids"] == list(expected.ids) == last["ids"]
    expect(page.locator(".counted")).to_have_text(count_reports(expected))
    expect(frame.get_by_role("button", name="All days")).to_be_visible()
    assert page.locator("body[data-playing]").count() == 0


def test_everything_moves_together_without_a_request_and_the_server_agrees(app: Server, page: Page):
    frame = open_map(page, app, DAYS)
    make_ready(frame)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    toggle(frame).click()
    shown = wait_for_frames(frame, 4)
    assert asked == []
    toggle(frame).click()
    for one in shown:
        query = f"{ALL}&from={one['from']}&to={one['to']}"
        selection = expected_selection("overview", query)
        assert one["ids"] == list(selection.ids)
        assert one["title"] == build_title(selection)
        assert one["subtitle"] == build_subtitle(selection)
        assert one["counted"] == count_reports(selection)
        assert one["table"] == name_table(selection)
        assert one["bars"] == selection.days.on_days
        assert one["inside"] == [one["from"]]
        counts = [int(name.split(": ")[1].split()[0]) for name in one["badges"]]
        assert sum(counts) == sum(n for place, n in selection.by_place.items() if place)
    assert [one["from"] for one in shown[:4]] == [f"2024-12-{day}" for day in (10, 11, 12, 13)]
    assert_settled(page, frame)
    expect(toggle(frame)).to_have_attribute("aria-pressed", "false")


def test_symbols_are_made_before_it_plays_and_only_put_on_the_map_then(app: Server, page: Page):
    frame = open_map(page, app, DAYS)
    frame.evaluate(COUNT_SYMBOLS)
    make_ready(frame)
    frame.evaluate(NONE_IS_MADE)
    assert frame.evaluate("window.made") >= 6  # on six days there are reports
    toggle(frame).click()
    wait_for_frames(
        frame, 1
    )  # before the first one, names are laid clear of the symbols of all days
    frame.evaluate("window.made = 0")
    shown = wait_for_frames(frame, 5)
    assert all(one["badges"] for one in shown)
    assert frame.evaluate("window.made") == 0
    toggle(frame).click()
    assert_settled(page, frame)


def test_it_ends_at_the_last_of_the_chosen_days_or_goes_round(app: Server, page: Page):
    frame = open_map(page, app, "sources=all&from=2024-12-12&to=2024-12-14")
    make_ready(frame)
    toggle(frame).click()
    shown = wait_for_frames(frame, 3)
    assert [one["from"][-2:] for one in shown] == ["12", "13", "14"]
    assert_settled(page, frame)
    frame.get_by_label("loop").check()
    page.wait_for_url(lambda url: "loop" in url)
    toggle(frame).click()
    shown = wait_for_frames(frame, 7)
    assert [one["from"][-2:] for one in shown[3:7]] == ["12", "13", "14", "12"]
    toggle(frame).click()
    assert_settled(page, frame)


def test_a_drag_repaints_while_it_is_dragged(app: Server, page: Page):
    frame = open_map(page, app)
    make_ready(frame)
    token = read_painted(frame)["token"]
    places = [frame.locator(f"[data-day='2024-12-{day}']").bounding_box() for day in (10, 12, 13)]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in places]
    page.mouse.move(*middles[0])
    page.mouse.down()
    for at, day in zip(middles[1:], ("2024-12-12", "2024-12-13"), strict=True):
        page.mouse.move(*at)
        frame.wait_for_function("day => window.playedFrame?.to === day", arg=day)
    shown = frame.evaluate("window.playedFrame")
    assert (shown["from"], shown["to"]) == ("2024-12-10", "2024-12-13")
    assert read_painted(frame)["token"] == token  # the server was not asked yet
    expected = expected_selection("overview", f"{ALL}&from=2024-12-10&to=2024-12-13")
    assert page.locator(".counted").inner_text() == count_reports(expected)
    page.mouse.up()
    assert_settled(page, frame)


def test_escape_gives_the_days_back_that_were_shown(app: Server, page: Page):
    frame = open_map(page, app)
    make_ready(frame)
    before = page.locator(".headline").inner_text()
    frame.locator(".day").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    frame.wait_for_function("window.playedFrame?.to")
    assert page.locator(".headline").inner_text() != before
    page.keyboard.press("Escape")
    expect(page.locator("body[data-playing]")).to_have_count(0)
    assert page.locator(".headline").inner_text() == before
    shown = expected_selection("overview", ALL)
    numbers = frame.locator(".day .number").all_text_contents()
    assert sum(int(text or 0) for text in numbers) == shown.days.on_days


def test_keys_play_and_step_and_fields_keep_theirs(app: Server, page: Page):
    frame = open_map(page, app)
    make_ready(frame)
    frame.locator(".leaflet-container").focus()
    centre = frame.evaluate("String(briefingMap.state.map.getCenter())")
    page.keyboard.press("Space")
    wait_for_frames(frame, 2)
    page.keyboard.press("Space")
    assert_settled(page, frame)
    at = dt.date.fromisoformat(frame.evaluate("window.playedFrame.from"))
    frame.locator(".leaflet-container").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    frame.wait_for_function("day => window.playedFrame.from === day", arg=str(at + dt.timedelta(1)))
    assert frame.evaluate("String(briefingMap.state.map.getCenter())") == centre
    assert_settled(page, frame)
    count = frame.evaluate("window.shown.length")
    search = page.get_by_role("textbox").first
    search.focus()
    page.keyboard.press("Space")
    assert frame.evaluate("window.shown.length") == count


def test_empty_days_say_that_this_is_no_sign_of_absence(app: Server, page: Page):
    frame = open_map(page, app, "sources=all&from=2024-12-20&to=2024-12-23")
    make_ready(frame)
    toggle(frame).click()
    for one in wait_for_frames(frame, 4):
        if not one["ids"]:
            assert "no sign of absence" in one["subtitle"]
            assert not one["badges"]
    assert_settled(page, frame)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """Serve the dashboard with a layer of 10,000 dated points."""
    folder = tmp_path_factory.mktemp("many")
    chance = np.random.default_rng(1)
    n = 10_000
    days = pd.Timestamp("2024-12-03") + pd.to_timedelta(chance.integers(0, 20, n), unit="D")
    points = gpd.points_from_xy(chance.uniform(35.2, 37, n), chance.uniform(33.5, 36, n))
    rows = {"day": days, "name": [f"point {i}" for i in range(n)]}
    frame = gpd.GeoDataFrame(rows, geometry=points, crs="EPSG:4326")
    spec = LayerSpec("Many points", time_columns=("day", "day"), label_column="name")
    (folder / "store").mkdir()
    open_store(str(folder / "store")).write("many", frame, spec)
    with serve_app(log=folder / "log.txt", STORE_URL=str(folder / "store")) as server:
        yield server, str(folder / "store")


def test_a_layer_of_10000_points_follows(many: tuple[Server, str], page: Page):
    server, url = many
    page.goto(server.link("overview", f"{ALL}&layer=many"))
    token = expected_selection("overview", f"{ALL}&layer=many", store=url).token
    frame = wait_for_map(page, token)
    frame.evaluate(WATCH)
    toggle(frame).click()
    frame.wait_for_function("window.shown.length >= 2")
    toggle(frame).click()
    last = frame.evaluate("window.playedFrame")
    query = f"{ALL}&from={last['from']}&to={last['to']}&layer=many"
    expected = expected_selection("overview", query, store=url)
    wait_for_map(page, expected.token)
    assert last["ids"] == read_painted(frame)["ids"]
    assert len(last["ids"]) == expected.shown + expected.layers[0].shown


def test_reduced_motion_plays_the_same_frames_without_a_fade(app: Server, page: Page):
    page.emulate_media(reduced_motion="reduce")
    frame = open_map(page, app, "sources=all&from=2024-12-12&to=2024-12-14")
    make_ready(frame)
    toggle(frame).click()
    wait_for_frames(frame, 3)
    moving = frame.evaluate("document.getAnimations().length")
    assert moving == 0
    assert_settled(page, frame)
