"""What lies under the map: bars, days that are not known exactly, coverage, and the legend."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.app_server import Server, expected_selection, wait_for_map
from tests.support.walker import walk

PHONE = (390, 844)
LOW = [(1280, 500), (683, 384), PHONE]
# Of each dash line: height, the parts of its width that are drawn, and its distance from the axis.
TAILS = """nodes => nodes.map((node) => {
  const [tail, stack] = [node, node.parentElement].map((one) => one.getBoundingClientRect());
  return [tail.height, stack.height, stack.bottom - tail.bottom, tail.width / stack.width];
})"""
# Of each cell that has a report: its column and its mark, left to right.
CELLS = """rows => rows.map((row) => [...row.children].map((cell) => {
  const [mark, column] = [cell.firstElementChild, cell].map((one) => one.getBoundingClientRect());
  const style = getComputedStyle(cell.firstElementChild);
  return { kind: cell.className.split(" ")[1], left: mark.left - column.left,
    right: column.right - mark.right, round: style.borderTopLeftRadius,
    ends: [style.borderLeftWidth, style.borderRightWidth] };
}))"""
# Of each day: the height of its bars in per cent of the highest, and its number.
BARS = """nodes => nodes.map((day) => [...day.querySelectorAll(".bar, .number")]
  .map((part) => part.style.height || part.textContent))"""
LEGEND_EDGES = """node => {
  const frame = frameElement.getBoundingClientRect();
  const { top, bottom } = node.getBoundingClientRect();
  return [frame.top + top, frame.top + bottom];
}"""


def test_bars_after_a_filter_are_those_of_a_fresh_page(app: Server, open_page: Callable[..., Page]):
    page = open_page()
    page.goto(app.link("overview", "sources=all&certainty=observed"))
    wait_for_map(page, expected_selection("overview", "sources=all&certainty=observed").token)
    # many days have the counts of the view before, beside another highest day
    for query in (
        "certainty=likely",
        "evidence=satellite+imagery",
        "from=2024-12-05&to=2024-12-20",
    ):
        token = expected_selection("overview", f"sources=all&{query}").token
        walk(page, app, "overview", f"sources=all&{query}")
        changed = wait_for_map(page, token).locator(".day").evaluate_all(BARS)
        fresh = open_page()
        fresh.goto(app.link("overview", f"sources=all&{query}"))
        assert changed == wait_for_map(fresh, token).locator(".day").evaluate_all(BARS)


@pytest.mark.parametrize("query", ["", "sources=all"])
def test_days_before_a_by_day_are_low_dashes_over_whole_days(app: Server, page: Page, query: str):
    page.goto(app.link("", query))
    frame = wait_for_map(page, expected_selection("overview", query).token)
    tails = frame.locator(".stack .tail").evaluate_all(TAILS)
    assert tails
    for height, whole, above_axis, days in tails:
        assert height <= 3
        assert height < 0.1 * whole
        assert above_axis <= 1
        assert days == pytest.approx(round(days), abs=0.05)


def test_coverage_of_two_months_is_legible_on_a_telephone(
    app: Server, open_page: Callable[..., Page]
):
    page = open_page(size=PHONE)
    page.goto(app.link("", "sources=all"))
    frame = wait_for_map(page, expected_selection("overview", "sources=all").token)
    expect(frame.locator(".cells").first).to_be_attached()
    for row in frame.locator(".cells").evaluate_all(CELLS):
        kinds = [cell["kind"] for cell in row]
        for at, cell in enumerate(row):
            if cell["kind"] == "none":
                continue
            assert cell["round"] == "0px"
            assert cell["left"] == pytest.approx(0, abs=0.1)
            assert cell["right"] == pytest.approx(0, abs=0.1)
            if cell["kind"] == "reported":  # a run of days is one hollow bar, closed at its ends
                beside = [kinds[at - 1] if at else "", kinds[at + 1] if at + 1 < len(row) else ""]
                closed = [width != "0px" for width in cell["ends"]]
                assert closed == [one != "reported" for one in beside]


def test_coverage_of_a_few_days_keeps_its_circles(app: Server, page: Page):
    page.goto(app.link("khmeimim"))
    frame = wait_for_map(page, expected_selection("khmeimim").token)
    for row in frame.locator(".cells").evaluate_all(CELLS):
        assert {cell["round"] for cell in row if cell["kind"] == "reported"} <= {"50%"}


@pytest.mark.parametrize("size", LOW)
def test_a_legend_opened_by_keyboard_in_a_low_window_is_in_sight(
    app: Server, open_page: Callable[..., Page], size: tuple[int, int]
):
    page = open_page(size=size)
    page.goto(app.link("", "sources=all"))
    frame = wait_for_map(page, expected_selection("overview", "sources=all").token)
    head = frame.locator(".legend-head")
    expect(head).to_have_attribute("aria-expanded", "false")
    head.focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-expanded", "true")
    expect(head).to_be_focused()
    top, bottom = frame.locator(".legend").evaluate(LEGEND_EDGES)
    assert top >= 0
    assert bottom <= size[1] + 1
