"""No page overflows on a projector, laptop or phone; for its maps see test_no_overlaps.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Frame, Page, Route, expect

from geo.page_registry import list_pages
from geo.ui.claims_table import LEDGER_WIDTHS
from geo.ui.page_sections import LEDGER_ROW
from tests.support.app_server import (
    IDLE,
    MAP_PAGES,
    Server,
    expected_selection,
    retry,
    wait_for_map,
)
from tests.support.map_boxes import find_overlaps, measure_map
from tests.support.walker import walk

SIZES = {
    "projector": (1920, 1080),
    "laptop": (1366, 768),
    "low": (1280, 720),
    "telephone": (390, 844),
}

# Frames that show text without the stylesheet, or wider than the window.
UNREADY = """
  window.unready = [];
  const look = () => {
    const main = document.querySelector("[data-testid=stMain]");
    if (main && main.querySelector("h1, h2, table")) {
      const bare = !getComputedStyle(main).getPropertyValue("--quiet");
      if (bare) window.unready.push("without looks");
      if (main.scrollWidth > main.clientWidth + 1) window.unready.push(`${main.scrollWidth} wide`);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""
# Words broken over more than one line.
BROKEN = """cells => cells.flatMap((cell) => {
  const text = cell.firstChild;
  return [...text.data.matchAll(/[\\w]+/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map(([word]) => word);
})"""
# Where the symbols, names and lists of a map are.
PLACED = """() => [...document.querySelectorAll(".badge, .site-name, .fan, .timeline")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }))
  .map((node) => node.getBoundingClientRect()).filter(({ bottom }) => bottom > 0)
  .map(({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" "))"""
TOO_WIDE = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  return [["page", document.documentElement.scrollWidth, innerWidth],
          ["main part", main.scrollWidth, main.clientWidth]];
}"""


def _map_faults(frame: Frame) -> list[str]:
    """Return what lies on what on a map, broken names, or that it is wider than its frame."""
    faults = find_overlaps(measure_map(frame))
    names = frame.locator(".site-name:visible")
    faults += [f"{word} is broken over two lines" for word in names.evaluate_all(BROKEN)]
    wide = frame.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return faults + (
        [f"the map's frame is {wide[0]} wide of {wide[1]}"] if wide[0] > wide[1] else []
    )


def _page_faults(page: Page) -> list[str]:
    return [
        f"{what} is {width} wide of {room}"
        for what, width, room in page.evaluate(TOO_WIDE)
        if width > room + 1
    ]


@pytest.mark.parametrize(
    ("size", "scheme"),
    [("projector", "dark"), ("laptop", "light"), ("telephone", "light")],
)
def test_pages_have_no_layout_faults(
    app: Server, open_page: Callable[..., Page], size: str, scheme: str
):
    page = open_page(size=SIZES[size], scheme=scheme)
    page.goto(app.link())
    faults = []
    for spec in [spec for spec in list_pages() if not spec.fullscreen]:
        walk(page, app, spec.path)
        if spec.path in MAP_PAGES:
            frame = wait_for_map(page, expected_selection(spec.path).token)
            faults += [f"{spec.path}: {fault}" for fault in _map_faults(frame)]
        expect(page.locator(IDLE)).to_be_attached()
        expect(
            page.locator("[data-testid=stMain] h1, [data-testid=stMain] h2").first
        ).to_be_visible()
        faults += [f"{spec.path}: {fault}" for fault in _page_faults(page)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", ["evidence", "compare", "about"])
def test_page_is_styled_from_the_first_frame(
    app: Server, open_page: Callable[..., Page], path: str
):
    page = open_page(size=SIZES["telephone"])
    page.add_init_script(UNREADY)
    page.goto(app.link(path))
    expect(page.locator(".reading table").first).to_be_visible()
    expect(page.locator(IDLE)).to_be_attached()
    assert page.evaluate("[...new Set(window.unready)]") == []


def _check_same_height(frames: list[Frame]) -> None:
    first, second = (frame.evaluate("briefingMap.state.map.getSize().y") for frame in frames)
    assert first == second


def test_compare_maps_have_no_layout_faults(app: Server, open_page: Callable[..., Page]):
    faults = []
    for size in SIZES:
        page = open_page(size=SIZES[size])
        page.goto(app.link("compare", "from=2024-12-13&to=2024-12-13&compare=2024-12-12"))
        frames = []
        for day in ("2024-12-12", "2024-12-13"):
            frame = wait_for_map(page, expected_selection("compare", f"from={day}&to={day}").token)
            faults += [f"{size}, {day}: {fault}" for fault in _map_faults(frame)]
            tall = frame.locator(".timeline-all").evaluate_all(
                "all => all.map(n => n.offsetHeight)"
            )
            faults += [f"{size}, {day}: a button of two lines" for height in tall if height > 26]
            frames.append(frame)
        if size != "telephone":
            retry(partial(_check_same_height, frames))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("size", ["projector", "laptop", "low"])
def test_list_of_two_lines_says_them_whole(app: Server, open_page: Callable[..., Page], size: str):
    page = open_page(size=SIZES[size])
    page.goto(app.link("tartus"))
    frame = wait_for_map(page, expected_selection("tartus").token)
    states = frame.locator(".fan-line:visible .fan-state")
    expect(states).to_have_count(2)
    assert states.evaluate_all("all => all.filter(n => n.scrollWidth > n.clientWidth).length") == 0


@pytest.mark.parametrize(("before", "after"), [("projector", "laptop"), ("laptop", "projector")])
def test_map_in_another_window_is_as_if_opened_there(
    app: Server, open_page: Callable[..., Page], before: str, after: str
):
    def open_map(size: str) -> tuple[Page, Frame]:
        page = open_page(size=SIZES[size])
        page.goto(app.link("tartus"))
        return page, wait_for_map(page, expected_selection("tartus").token)

    _, wanted = open_map(after)
    page, frame = open_map(before)
    assert frame.evaluate(PLACED) != wanted.evaluate(PLACED)
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[after], strict=True)))

    def agree() -> None:
        assert frame.evaluate(PLACED) == wanted.evaluate(PLACED)

    retry(agree)


def test_table_headers_break_no_word_on_a_phone(app: Server, open_page: Callable[..., Page]):
    page = open_page(size=SIZES["telephone"])
    page.goto(app.link("about"))
    for path in ("compare", "evidence", "about"):
        walk(page, app, path)
        cells = page.locator(".reading th")
        expect(cells.first).to_be_visible()
        expect(page.locator(IDLE)).to_be_attached()
        assert cells.evaluate_all(BROKEN) == [], path
        assert all(cells.all_inner_texts()), path


def test_place_names_keep_their_side_when_fonts_load_late(page: Page, app: Server):
    fonts: list[Route] = []
    page.set_viewport_size({"width": 1600, "height": 900})
    page.route("**/static/media/*Sans*", lambda route: fonts.append(route))
    page.goto(app.link(), wait_until="commit")  # the page loads its own text font from there too
    frame = wait_for_map(page, expected_selection().token)
    while fonts:
        fonts.pop().continue_()
    page.unroute("**/static/media/*Sans*")
    frame.wait_for_function("() => document.fonts.status === 'loaded'")
    expect(frame.locator(".site", has_text="Holding area")).to_have_class(re.compile("side-left"))


def test_ledger_shows_who_reports_without_scrolling_on_a_laptop(app: Server, open_page: Callable):
    page = open_page(size=SIZES["laptop"])
    page.goto(app.link("evidence", "sources=all"))
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    table = page.get_by_test_id("stDataFrame").first
    table.wait_for()
    box = table.bounding_box()
    checkbox = 38
    assert box["x"] + box["width"] <= SIZES["laptop"][0]
    assert checkbox + sum(LEDGER_WIDTHS.values()) <= box["width"]
    rem = page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert 4 * rem < LEDGER_ROW  # below that height Streamlit cuts a statement after one line
