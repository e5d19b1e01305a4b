"""The offline HTML briefing, opened from disk, shows every slide without any request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from geo.app_context import context
from geo.export.html.offline_html import write_handout
from tests.support.hostile_briefing import EVIL, write_hostile_briefing
from tests.support.layout_boxes import find_layout_faults, measure_boxes
from tests.support.stage import WORDS, deck, find_text_differences

SLIDES = deck().slides
SETTLED = """([key, token]) => document.querySelector(".stage")?.dataset.scene === key
  && window.paintedSelection?.token === token && document.fonts.status === "loaded"
  && !document.body.classList.contains("flying")"""


class Reader:
    """A browser page without network that records requests and errors."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.faults: list[str] = []
        page.on("request", self._asked)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.asked.append(request.url)

    def settled(self, slide) -> None:  # type: ignore[no-untyped-def]
        token = slide.selection.token
        self.page.wait_for_function(SETTLED, arg=[slide.key, token], timeout=20_000)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def reader(browser: Browser, scheme: str) -> Iterator[Reader]:
    made = browser.new_context(
        viewport={"width": 1280, "height": 720},
        color_scheme=scheme,
        reduced_motion="reduce",
        offline=True,
        bypass_csp=False,
    )
    yield Reader(made.new_page())
    made.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hand out") / "briefing.html"
    path.write_bytes(write_handout(deck(), context().store))
    return path


def test_file_shows_every_slide_without_requests(file: Path, reader: Reader, scheme: str):
    page = reader.page
    page.goto(file.as_uri())
    faults = []
    for position, slide in enumerate(SLIDES):
        reader.settled(slide)
        assert page.evaluate("window.paintedSelection.ids") == list(slide.selection.ids)
        faults += find_text_differences(page.evaluate(WORDS), slide, position, len(SLIDES))
        faults += find_layout_faults(measure_boxes(page.main_frame))
        page.keyboard.press("ArrowRight")
    assert not faults, "\n".join(faults)
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    page.keyboard.press("Home")
    reader.settled(SLIDES[0])
    page.keyboard.press("s")
    expect(page.locator(".stage-notes")).to_contain_text(SLIDES[0].notes.split("\n")[0])
    page.keyboard.press("s")
    expect(page.locator(".stage-notes")).to_have_count(0)
    page.locator(".badge").first.hover()
    expect(page.locator(".map-tip")).to_be_visible()
    assert reader.asked == [file.as_uri()]
    assert not reader.faults


def test_map_pans_and_zooms_and_a_reload_keeps_the_scene(file: Path, reader: Reader):
    page = reader.page
    page.goto(file.as_uri())
    reader.settled(SLIDES[0])
    before = page.evaluate("(({ map }) => [map.getZoom(), map.getCenter().lat])(briefingMap.state)")
    page.mouse.move(500, 420)
    page.mouse.wheel(0, -400)
    page.wait_for_function("zoom => briefingMap.state.map.getZoom() > zoom", arg=before[0])
    page.mouse.down()
    page.mouse.move(560, 480, steps=4)
    page.mouse.up()
    page.wait_for_function("lat => briefingMap.state.map.getCenter().lat !== lat", arg=before[1])
    page.keyboard.press("End")
    reader.settled(SLIDES[-1])
    page.reload()
    reader.settled(SLIDES[-1])
    assert not reader.faults


def test_hostile_briefing_is_shown_literally_and_not_executed(tmp_path: Path, reader: Reader):
    made, store = write_hostile_briefing(tmp_path)
    path = tmp_path / "evil.html"
    path.write_bytes(write_handout(made, store))
    page = reader.page
    page.goto(path.as_uri())
    for slide in made.slides:
        reader.settled(slide)
        assert "nyt-01" in slide.selection.ids
        assert page.locator("h1").text_content() == slide.headline
        assert "<img" in slide.headline
        page.keyboard.press("s")
        page.locator(".badge").first.hover()
        expect(page.locator(".map-tip").first).to_be_visible()
        assert page.evaluate("typeof window.hacked") == "undefined"
        foreign = page.locator("img:not(.leaflet-relief-pane *), .stage b b, .stage script")
        assert foreign.count() == 0
        page.keyboard.press("s")
        page.keyboard.press("n")
    page.keyboard.press("Home")
    reader.settled(made.slides[0])
    expect(page.locator(".fan-line b").filter(has_text="{{7*7}}")).to_have_text(EVIL)
    assert reader.asked == [path.as_uri()]
    assert not reader.faults


def test_forced_theme_overrides_the_readers_colour_scheme(tmp_path: Path, reader: Reader):
    path = tmp_path / "dark.html"
    path.write_bytes(write_handout(deck(), context().store, theme="dark"))
    reader.page.goto(path.as_uri())
    reader.settled(SLIDES[0])
    assert reader.page.evaluate("document.documentElement.dataset.theme") == "dark"
