"""The map's camera: in the address, in the copied link, and kept whatever else changes."""

from __future__ import annotations

import io
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Frame, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.support.app_server import (
    IDLE,
    MAP,
    Server,
    choose_option,
    expected_selection,
    read_painted,
    retry,
    wait_for_map,
)

LOOKS = "[map.getCenter().lat, map.getCenter().lng, map.getZoom()]"
SIZES = """[map.getSize().x - map.getContainer().clientWidth,
    map.getSize().y - map.getContainer().clientHeight]"""
SHARE = "Link, picture, slide, data and sources"
COPIED = ".st-key-link_panel code"


class SentCameras:
    """The messages with a camera that maps send to the server; made before the page is opened."""

    def __init__(self, page: Page) -> None:
        self.seen: list[str] = []
        page.on("websocket", lambda socket: socket.on("framesent", self._add))

    def _add(self, payload: str | bytes) -> None:
        text = str(BackMsg.FromString(payload)) if isinstance(payload, bytes) else ""
        if "camera" in text:
            self.seen.append(text)


def open_map(page: Page, app: Server, path: str = "overview", query: str = "") -> Frame:
    page.goto(app.link(path, query))
    return wait_for_map(page, expected_selection(path, query).token)


def count_steps(page: Page) -> int:
    """Count the steps of the browser's history; what a page is told of it can be old."""
    return len(page.context.new_cdp_session(page).send("Page.getNavigationHistory")["entries"])


def move_map(page: Page, frame: Frame) -> list[float]:
    """Pan by a drag and zoom by the wheel; return the camera once it is in the address."""
    before = frame.evaluate(LOOKS)
    page.locator(MAP).first.evaluate("map => map.scrollIntoView({ block: 'center' })")
    box = page.locator(MAP).first.bounding_box()
    x, y = box["x"] + 0.45 * box["width"], box["y"] + 0.45 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 90, y + 40, steps=6)
    page.mouse.up()
    page.mouse.wheel(0, -240)

    def moved() -> list[float]:
        camera = frame.evaluate(LOOKS)
        assert camera[2] > before[2] + 0.5
        assert read_camera(page.url) == pytest.approx(camera, abs=1e-4)
        return camera

    return retry(moved)


def read_camera(link: str) -> list[float]:
    [at] = parse_qs(urlsplit(link).query).get("at", [""])
    return [float(one) for one in at.split(",") if one]


def expect_camera(page: Page, frame: Frame, camera: list[float]) -> None:
    def kept() -> None:
        assert frame.evaluate(LOOKS) == pytest.approx(camera, abs=1e-4)
        assert read_camera(page.url) == pytest.approx(camera, abs=1e-4)

    retry(kept)


def copied_link(page: Page, camera: list[float]) -> str:
    """Return the link of the share panel, once it has the camera."""

    def read() -> str:
        link = page.locator(COPIED).inner_text(timeout=2_000)
        assert read_camera(link) == pytest.approx(camera, abs=1e-4)
        return link

    return retry(read)


def test_camera_survives_each_kind_of_change_and_a_reload(app: Server, page: Page):
    frame = open_map(page, app)
    camera = move_map(page, frame)
    query = "sources=all"
    page.get_by_text("Both", exact=True).click()
    wait_for_map(page, expected_selection("overview", query).token)
    expect_camera(page, frame, camera)
    choose_option(page, "At least this certain", "Likely")
    query += "&certainty=likely"
    wait_for_map(page, expected_selection("overview", query).token)
    expect_camera(page, frame, camera)
    page.get_by_label("Search the words").fill("radar")
    page.get_by_label("Search the words").press("Enter")
    wait_for_map(page, expected_selection("overview", f"{query}&q=radar").token)
    expect_camera(page, frame, camera)
    page.get_by_role("button", name="Take all filters off").click()
    wait_for_map(page, expected_selection("overview", "sources=all").token)
    expect_camera(page, frame, camera)
    page.go_back()
    wait_for_map(page, expected_selection("overview", f"{query}&q=radar").token)
    expect_camera(page, frame, camera)
    page.reload()
    frame = wait_for_map(page, expected_selection("overview", f"{query}&q=radar").token)
    expect_camera(page, frame, camera)


def test_copied_link_shows_the_same_picture_in_a_fresh_browser(
    app: Server, page: Page, open_page: Callable, browser: Browser
):
    frame = open_map(page, app, "tartus", "sources=all")
    page.get_by_text(SHARE).click()
    expect(page.locator(COPIED)).to_be_attached()
    camera = move_map(page, frame)
    link = copied_link(page, camera)
    ids, picture = read_painted(frame)["ids"], picture_of(page)
    visitor = browser.new_context(viewport=page.viewport_size)
    other = visitor.new_page()
    other.goto(link)
    token = expected_selection("tartus", "sources=all").token
    fresh = wait_for_map(other, token)
    assert fresh.evaluate(LOOKS) == pytest.approx(camera, abs=1e-4)
    assert read_painted(fresh)["ids"] == ids
    assert differing(picture, picture_of(other)) < 0.002
    visitor.close()


def picture_of(page: Page) -> np.ndarray:
    page.mouse.move(5, 5)
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    expect(page.locator(IDLE)).to_be_attached()
    shot = page.locator(MAP).first.screenshot(animations="disabled")
    return np.asarray(Image.open(io.BytesIO(shot)).convert("L"), dtype=int)


def differing(one: np.ndarray, other: np.ndarray) -> float:
    """Share of pixels that differ by more than the edge of a letter."""
    assert one.shape == other.shape
    return float((np.abs(one - other) > 48).mean())


def test_share_panel_opened_after_a_move_has_the_camera(app: Server, page: Page):
    """A picture, a slide and a scene are made from the camera that the page has received."""
    frame = open_map(page, app)
    camera = move_map(page, frame)
    page.get_by_text(SHARE).click()
    copied_link(page, camera)
    copied_link(page, move_map(page, frame))


def test_whole_area_again_takes_the_camera_out_of_the_link(app: Server, page: Page):
    frame = open_map(page, app)
    home = frame.evaluate(LOOKS)
    move_map(page, frame)
    frame.get_by_role("button", name="Show the whole area again").click()

    def at_home() -> None:
        assert frame.evaluate(LOOKS) == pytest.approx(home, abs=0.3)
        assert "at=" not in page.url
        assert "screen=" not in page.url

    retry(at_home)
    page.get_by_text("Both", exact=True).click()
    wait_for_map(page, expected_selection("overview", "sources=all").token)
    assert "at=" not in page.url


def test_camera_stays_with_its_page(app: Server, page: Page):
    frame = open_map(page, app)
    camera = move_map(page, frame)
    page.get_by_test_id("stTopNavLink").get_by_text("Tartus", exact=True).click()
    wait_for_map(page, expected_selection("tartus").token)
    assert "at=" not in page.url
    page.go_back()
    expect_camera(page, wait_for_map(page, expected_selection("overview").token), camera)


def test_page_left_at_once_after_a_move_is_one_step_back_with_its_camera(app: Server, page: Page):
    """The address alone has the camera; the server never had it."""
    frame = open_map(page, app, query="sources=all")
    steps = count_steps(page)
    camera = move_map(page, frame)
    link = page.get_by_test_id("stTopNavLink").get_by_text("Tartus", exact=True)
    link.evaluate("link => link.click()")  # at once, without waiting for the page to rest
    wait_for_map(page, expected_selection("tartus", "sources=all").token)
    assert count_steps(page) == steps + 1
    page.go_back()
    token = expected_selection("overview", "sources=all").token
    expect_camera(page, wait_for_map(page, token), camera)


def test_moving_the_map_redraws_and_sends_nothing_without_the_link_panel(app: Server, page: Page):
    """A message of the map could meet a click on the page, and undo what that has done."""
    sent = SentCameras(page)
    page.clock.install()
    frame = open_map(page, app)
    page.evaluate("""() => { window.changed = 0; new MutationObserver(
        (all) => { changed += all.length; }).observe(document.querySelector("[data-testid=stMain]"),
        {childList: true, subtree: true}); }""")
    move_map(page, frame)
    page.clock.fast_forward(10_000)
    expect(page.locator(IDLE)).to_be_attached()
    assert page.evaluate("changed") == 0
    assert sent.seen == []
    page.get_by_text(SHARE).click()
    copied_link(page, frame.evaluate(LOOKS))
    assert sent.seen


def test_compare_keeps_camera_and_both_windows_in_its_link(
    app: Server, page: Page, browser: Browser
):
    page.goto(app.link("compare"))
    days = ("from=2024-12-12&to=2024-12-12", "from=2024-12-13&to=2024-12-13")
    left, right = (expected_selection("compare", one).token for one in days)
    frame = wait_for_map(page, left)
    wait_for_map(page, right)
    page.get_by_text(SHARE).click()
    expect(page.locator(COPIED)).to_be_attached()
    camera = move_map(page, frame)
    link = copied_link(page, camera)
    sent = parse_qs(urlsplit(link).query)
    named = {name: sent[name] for name in ("from", "to", "compare", "compare_to")}
    twelfth, thirteenth = ["2024-12-12"], ["2024-12-13"]
    assert named == {
        "from": thirteenth, "to": thirteenth, "compare": twelfth, "compare_to": twelfth,
    }  # fmt: skip
    visitor = browser.new_context(viewport=page.viewport_size)
    other = visitor.new_page()
    other.goto(link)
    for token in (left, right):
        assert wait_for_map(other, token).evaluate(LOOKS) == pytest.approx(camera, abs=1e-4)
    visitor.close()


def test_compare_shows_the_whole_area_again_and_what_is_clicked_on_one_map(app: Server, page: Page):
    """Maps that write one address would answer each other until the browser gives up."""
    page.goto(app.link("compare"))
    days = "from=2024-12-12&to=2024-12-12"
    frame = wait_for_map(page, expected_selection("compare", days).token)
    home = frame.evaluate(LOOKS)
    move_map(page, frame)
    frame.get_by_role("button", name="Show the whole area again").click()

    def at_home() -> None:
        assert frame.evaluate(LOOKS) == pytest.approx(home, abs=0.3)
        assert "at=" not in page.url

    retry(at_home)
    frame.locator(".badge").first.click()
    page.get_by_text("Both", exact=True).click()
    days = "from=2025-01-27&to=2025-01-27&sources=all"  # the last two days of both sources
    wait_for_map(page, expected_selection("compare", days).token)


def test_maps_of_compare_show_the_same_area_at_every_size(app: Server, page: Page):
    page.goto(app.link("compare"))
    days = ("from=2024-12-12&to=2024-12-12", "from=2024-12-13&to=2024-12-13")
    left, right = (wait_for_map(page, expected_selection("compare", one).token) for one in days)

    def same() -> None:
        assert left.evaluate(LOOKS) == pytest.approx(right.evaluate(LOOKS), abs=1e-4)
        for frame in (left, right):  # each has noticed its size
            assert frame.evaluate(SIZES) == [0, 0]

    retry(same)
    for width, height in ((1366, 768), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        retry(same)
    camera = move_map(page, right)
    page.set_viewport_size({"width": 1500, "height": 900})
    retry(same)
    assert left.evaluate(LOOKS) == pytest.approx(camera, abs=1e-4)


def test_page_with_its_link_is_sent_a_new_camera_and_none_at_rest(app: Server, page: Page):
    """Two locked maps send what the address has; else each would answer the other for ever."""
    sent = SentCameras(page)
    page.clock.install()
    page.goto(app.link("compare"))
    days = "from=2024-12-12&to=2024-12-12"
    frame = wait_for_map(page, expected_selection("compare", days).token)
    page.get_by_text(SHARE).click()
    copied_link(page, move_map(page, frame))
    frame.get_by_role("button", name="Show the whole area again").click()
    retry(lambda: expect(page.locator(COPIED)).not_to_contain_text("at="))
    count = len(sent.seen)
    for _ in range(3):
        page.clock.fast_forward(5_000)
        expect(page.locator(IDLE)).to_be_attached()
    assert len(sent.seen) == count


def test_compare_sets_each_window_on_the_page(app: Server, page: Page):
    page.goto(app.link("compare"))
    left, right = "from=2024-12-11&to=2024-12-12", "from=2024-12-13&to=2024-12-13"
    wait_for_map(page, expected_selection("compare", right).token)
    expect(page.get_by_test_id("stSidebar").get_by_role("slider")).to_have_count(0)
    page.get_by_role("slider", name="Days on the left — start").press("ArrowLeft")
    wait_for_map(page, expected_selection("compare", left).token)
    page.get_by_role("slider", name="Days on the right — start").press("ArrowLeft")
    right = "from=2024-12-12&to=2024-12-13"
    for query in (left, right):
        wait_for_map(page, expected_selection("compare", query).token)
    assert "compare=2024-12-11&compare_to=2024-12-12" in page.url
    expect(page.get_by_role("heading", level=1)).to_contain_text("11–12 December")
