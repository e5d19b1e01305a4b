"""No element overflows, overlaps or leaves the map on a projector, laptop or phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations

import pytest
from playwright.sync_api import Frame, Page, Route, expect

from geo.page_registry import list_pages
from geo.ui.claims_table import LEDGER_WIDTHS
from geo.ui.page_sections import LEDGER_ROW
from tests.support.app_server import IDLE, MAP_PAGES, Server, expected_selection, wait_for_map

SIZES = {"projector": (1920, 1080), "laptop": (1366, 768), "telephone": (390, 844)}
SLACK = 2  # pixels by which text boxes may overlap
Box = tuple[str, float, float, float, float]

# The boxes of visible texts and symbols on the map: [text, left, top, right, bottom].
BOXES = """css => {
  const map = document.querySelector(".leaflet-container").getBoundingClientRect();
  return [...document.querySelectorAll(css)].map((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = (node.matches("[class$=name]") ? range : node).getBoundingClientRect();
    return [node.textContent || node.className, box.left - map.left, box.top - map.top,
            box.right - map.left, box.bottom - map.top];
  }).filter(([, left, top, right, bottom]) =>
    right > left && right > 0 && left < map.width && bottom > 0 && top < map.height);
}"""
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
TOO_WIDE = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  return [["page", document.documentElement.scrollWidth, innerWidth],
          ["main part", main.scrollWidth, main.clientWidth]];
}"""


def _overlap(one: Box, other: Box) -> bool:
    return (
        min(one[3], other[3]) - max(one[1], other[1]) > SLACK
        and min(one[4], other[4]) - max(one[2], other[2]) > SLACK
    )


def _map_faults(frame: Frame) -> list[str]:
    names = frame.evaluate(BOXES, ".site-name, .town-name")
    badges = frame.evaluate(BOXES, ".badge")
    sites = frame.evaluate(BOXES, ".site-name")
    buttons = frame.evaluate(BOXES, ".leaflet-bar")
    legend = frame.evaluate(BOXES, ".legend")
    width, height = frame.evaluate("(() => { const { x, y } = map.getSize(); return [x, y]; })()")
    faults = [
        f"{one[0]!r} overlaps {other[0]!r}"
        for one, other in combinations(names, 2)
        if _overlap(one, other)
    ]
    faults += [
        f"the legend covers badge {badge[0]!r}"
        for badge in badges
        for box in legend
        if _overlap(badge, box)
    ]
    faults += [
        f"badge {text!r} is partly off the map"
        for text, left, top, right, bottom in badges
        if left < 0 or top < 0 or right > width or bottom > height
    ]
    faults += [
        f"{text!r} runs off the map"
        for text, left, _, right, _ in sites
        if left < 0 or right > width
    ]
    faults += [
        f"the map's buttons cover {name[0]!r}"
        for name in sites
        for button in buttons
        if _overlap(name, button)
    ]
    seen = len(badges)
    drawn = frame.locator(".badge").count()
    faults += [f"{drawn - seen} badges are off the map"] if seen < drawn else []
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
    faults = []
    for spec in [spec for spec in list_pages() if not spec.fullscreen]:
        page.goto(app.link(spec.path))
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


def test_compare_maps_have_no_layout_faults(app: Server, open_page: Callable[..., Page]):
    faults = []
    for size in SIZES:
        page = open_page(size=SIZES[size])
        page.goto(app.link("compare", "from=2024-12-13&to=2024-12-13&compare=2024-12-12"))
        for day in ("2024-12-12", "2024-12-13"):
            frame = wait_for_map(page, expected_selection("compare", f"from={day}&to={day}").token)
            faults += [f"{size}, {day}: {fault}" for fault in _map_faults(frame)]
            tall = frame.locator(".timeline-all").evaluate_all(
                "all => all.map(n => n.offsetHeight)"
            )
            faults += [f"{size}, {day}: a button of two lines" for height in tall if height > 26]
    assert not faults, "\n".join(faults)


def test_table_headers_break_no_word_on_a_phone(app: Server, open_page: Callable[..., Page]):
    page = open_page(size=SIZES["telephone"])
    for path in ("compare", "evidence", "about"):
        page.goto(app.link(path))
        cells = page.locator(".reading th")
        expect(cells.first).to_be_visible()
        expect(page.locator(IDLE)).to_be_attached()
        assert cells.evaluate_all(BROKEN) == [], path
        assert all(cells.all_inner_texts()), path


def test_place_names_keep_their_side_when_fonts_load_late(page: Page, app: Server):
    fonts: list[Route] = []
    page.set_viewport_size({"width": 1600, "height": 900})
    page.route("**/map/fonts/*", lambda route: fonts.append(route))
    page.goto(app.link())
    frame = wait_for_map(page, expected_selection().token)
    while fonts:
        fonts.pop().continue_()
    page.unroute("**/map/fonts/*")
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
