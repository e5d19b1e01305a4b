"""Filters change the map's features without remounting the frame or moving the camera."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Frame, Page, expect

from geo.summary import count_reports
from tests.support.app_server import (
    MAP,
    Server,
    WebsocketTraffic,
    choose_option,
    expected_selection,
    read_painted,
    wait_for_map,
)
from tests.support.walker import Walker, walk

SLIDER_BYTES = 12_000  # with the panel, whose links each hold the view
LAST_DAYS = "from=2024-12-12&to=2024-12-13"
CAMERA = "(() => { const {lat, lng} = map.getCenter(); return [lat, lng, map.getZoom()]; })()"


@pytest.fixture
def shared(walker: Walker, app: Server) -> Page:
    """The page that these tests share; `_open` shows a view in it."""
    return walker.page(app)


def _open(page: Page, app: Server, path: str = "overview", query: str = "") -> Frame:
    walk(page, app, path, query)
    return _mark(page, path, query)


def _mark(page: Page, path: str, query: str = "") -> Frame:
    frame = wait_for_map(page, expected_selection(path, query).token)
    frame.evaluate("window.marker = 'the same window'")
    page.locator(MAP).evaluate("frame => { frame.marker = 'the same element'; }")
    return frame


def _drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def _pan(page: Page, frame: Frame) -> list[float]:
    """Drag the map and zoom in; return the camera afterwards."""
    before = frame.evaluate(CAMERA)
    box = page.locator(MAP).bounding_box()
    assert box
    x, y = box["x"] + 0.45 * box["width"], box["y"] + 0.6 * box["height"]
    _drag(page, (x, y), (x + 60, y - 40))
    frame.get_by_role("button", name="Closer").click()
    frame.wait_for_function("zoom => map.getZoom() === zoom + 0.5", arg=before[2])
    frame.wait_for_function("!map._animatingZoom && !map._panAnim?._inProgress")
    after = frame.evaluate(CAMERA)
    assert after[:2] != before[:2]
    return after


def _expect_same_map(page: Page, camera: list[float], path: str, query: str) -> None:
    """Expect the link's selection in the marked frame, with the given camera."""
    expected = expected_selection(path, query)
    frame = wait_for_map(page, expected.token)
    assert read_painted(frame)["ids"] == list(expected.ids)
    expect(page.locator(".counted")).to_have_text(count_reports(expected))
    assert frame.evaluate("window.marker") == "the same window"
    assert page.locator(MAP).evaluate("frame => frame.marker") == "the same element"
    assert frame.evaluate(CAMERA) == pytest.approx(camera, abs=1e-9)


def _thumb(page: Page, which: str):
    return page.get_by_role("slider", name=f"Days — {which}")


@pytest.mark.parametrize("path", ["overview", "khmeimim", "tartus"])
def test_slider_keys_filter_without_moving_the_map(app: Server, shared: Page, path: str):
    frame = _open(shared, app, path)
    camera = _pan(shared, frame)
    for day, presses in ((10, 2), (12, 2)):
        _thumb(shared, "start").focus()
        for _ in range(presses):
            shared.keyboard.press("ArrowRight")
        _expect_same_map(shared, camera, path, f"from=2024-12-{day}&to=2024-12-13")
    _thumb(shared, "end").press("ArrowLeft")
    _expect_same_map(shared, camera, path, "from=2024-12-12&to=2024-12-12")


def test_day_buttons_step_through_single_days(app: Server, shared: Page):
    query = "from=2024-12-11&to=2024-12-11"
    camera = _pan(shared, _open(shared, app, "overview", query))
    shared.get_by_role("button", name="Day after").click()
    _expect_same_map(shared, camera, "overview", "from=2024-12-12&to=2024-12-12")
    shared.get_by_role("button", name="Day after").click()
    _expect_same_map(shared, camera, "overview", "from=2024-12-13&to=2024-12-13")
    shared.get_by_role("button", name="Day before").click()
    _expect_same_map(shared, camera, "overview", "from=2024-12-12&to=2024-12-12")


def test_histogram_drag_sets_the_days_and_all_days_clears_them(app: Server, shared: Page):
    frame = _open(shared, app)
    camera = _pan(shared, frame)
    middles = []
    for day in ("2024-12-12", "2024-12-13"):
        box = frame.locator(f"[data-day='{day}']").bounding_box()
        assert box
        middles.append((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    _drag(shared, middles[1], middles[0])
    _expect_same_map(shared, camera, "overview", LAST_DAYS)
    expect(_thumb(shared, "start")).to_have_attribute("aria-valuetext", "12 Dec")
    frame.get_by_role("button", name="All days").click()
    _expect_same_map(shared, camera, "overview", "")


def test_histogram_keys_set_one_day_and_a_range(app: Server, shared: Page):
    frame = _open(shared, app, "khmeimim")
    camera = frame.evaluate(CAMERA)
    frame.locator(".day").first.focus()
    for _ in range(4):
        shared.keyboard.press("ArrowRight")
    shared.keyboard.press("Enter")
    _expect_same_map(shared, camera, "khmeimim", "from=2024-12-12&to=2024-12-12")
    expect(frame.locator("[data-day='2024-12-12']")).to_be_focused()
    shared.keyboard.press("Shift+ArrowRight")
    shared.keyboard.press("Enter")
    _expect_same_map(shared, camera, "khmeimim", LAST_DAYS)


@pytest.mark.parametrize(
    ("change", "query"),
    [
        (lambda page: page.get_by_text("Both", exact=True).click(), {"sources": "all"}),
        (lambda page: choose_option(page, "Systems", "Su-24"), {"system": "Su-24"}),
        (
            lambda page: choose_option(page, "At least this certain", "Observed"),
            {"certainty": "observed"},
        ),
        (lambda page: _search(page, "radar"), {"q": "radar"}),
    ],
    ids=["sources", "system", "certainty", "words"],
)
def test_sidebar_filter_keeps_the_same_map(app: Server, shared: Page, change, query: dict):
    camera = _pan(shared, _open(shared, app))
    change(shared)
    _expect_same_map(shared, camera, "overview", urlencode(query))


def _search(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="Search the words").fill(words)
    page.keyboard.press("Enter")


def test_clearing_all_filters_keeps_the_same_map(app: Server, shared: Page):
    camera = _pan(shared, _open(shared, app, "overview", "system=Su-24&from=2024-12-12"))
    shared.get_by_role("button", name="Take all filters off").click()
    _expect_same_map(shared, camera, "overview", "")


@pytest.mark.parametrize("path", ["overview", "khmeimim"])
def test_slider_press_transfers_few_bytes(app: Server, page: Page, path: str):
    traffic = WebsocketTraffic(page)
    page.goto(app.link(path))
    _mark(page, path)
    presses = {}
    for day in range(9, 14):
        before = traffic.received
        _thumb(page, "start").press("ArrowRight")
        wait_for_map(page, expected_selection(path, f"from=2024-12-{day:02}&to=2024-12-13").token)
        presses[f"{day - 1} to {day} December"] = traffic.received - before
    assert min(presses.values()) > 0
    over = {press: count for press, count in presses.items() if count > SLIDER_BYTES}
    assert not over, f"presses that transfer more than {SLIDER_BYTES} bytes: {over}"
