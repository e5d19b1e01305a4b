"""Each page is shown, also as the first request of a new process."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.evidence import load_evidence
from geo.settings import ASSETS
from geo.summary import count_reports
from tests.support.app_server import (
    IDLE,
    MAP,
    MAP_PAGES,
    Server,
    expected_selection,
    read_painted,
    retry,
    serve_app,
    wait_for_map,
)
from tests.support.walker import Walker

ONE_DAY = "from=2024-12-12&to=2024-12-12"
CAMERA = """(({ map }) => [map.getCenter().lat, map.getCenter().lng, map.getZoom()])(
    briefingMap.state)"""
FAILED = re.compile("Something went wrong|cannot be shown|could not load")


def _shows(page: Page, path: str, query: str) -> None:
    expected = expected_selection(path, query)
    expect(page.locator(".counted")).to_have_text(count_reports(expected))
    expect(page.locator("[data-testid=stSidebar]")).to_contain_text(expected.report_count)
    if path in MAP_PAGES:
        frame = wait_for_map(page, expected.token)
        assert read_painted(frame)["ids"] == list(expected.ids)
        expect(frame.locator(".badge, .site-dot").filter(visible=True).first).to_be_visible()


@pytest.mark.parametrize("path", [*MAP_PAGES, "evidence"])
def test_page_is_shown_as_the_first_request_of_a_new_process(page: Page, tmp_path: Path, path: str):
    with serve_app(log=tmp_path / "log.txt") as server:
        page.goto(server.link(path, ONE_DAY))
        _shows(page, path, ONE_DAY)
        expect(page.get_by_text(FAILED)).to_have_count(0)
        page.goto("about:blank")  # before the server ends


@pytest.mark.parametrize("path", MAP_PAGES)
def test_page_shows_everything_without_filters(app: Server, walker: Walker, path: str):
    page = walker.open(app, path)
    _shows(page, path, "")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_evidence_page_lists_every_claim(app: Server, walker: Walker):
    page = walker.open(app, "evidence", "sources=all")
    _shows(page, "evidence", "sources=all")
    expect(page.locator("[data-testid=stDataFrame] canvas").first).to_be_visible()
    expect(page.locator(MAP)).to_have_count(0)


def test_compare_page_shows_both_maps(app: Server, page: Page):
    page.goto(app.link("compare", "from=2024-12-13&to=2024-12-13&compare=2024-12-12"))
    for days in ("from=2024-12-12&to=2024-12-12", "from=2024-12-13&to=2024-12-13"):
        expected = expected_selection("compare", days)
        assert read_painted(wait_for_map(page, expected.token))["ids"] == list(expected.ids)
    expect(page.locator(MAP)).to_have_count(2)


def test_compare_maps_move_together(app: Server, page: Page):
    page.goto(app.link("compare", "from=2024-12-13&to=2024-12-13&compare=2024-12-12"))
    left, right = (
        wait_for_map(page, expected_selection("compare", f"from={day}&to={day}").token)
        for day in ("2024-12-12", "2024-12-13")
    )
    start = left.evaluate(CAMERA)

    def same_camera() -> None:
        assert left.evaluate(CAMERA) == pytest.approx(right.evaluate(CAMERA), abs=1e-4)

    for frame in (left, right):
        before = frame.evaluate(CAMERA)
        frame.locator(".leaflet-control-zoom-in").click()
        frame.wait_for_function(f"zoom => {CAMERA}[2] > zoom", arg=before[2])
        retry(same_camera)
    assert left.evaluate(CAMERA)[2] > start[2]


def test_conflicts_page_shows_each_question(app: Server, walker: Walker):
    page = walker.open(app, "conflicts", "sources=all")
    main = page.locator("[data-testid=stMain]")
    for conflict in load_evidence(ASSETS / "case").conflicts:
        expect(main).to_contain_text(conflict.question)


def test_about_page_names_sources_and_licences(app: Server, walker: Walker):
    page = walker.open(app, "about")
    expect(page.locator(IDLE)).to_be_attached()
    main = page.locator("[data-testid=stMain]")
    for words in ("The two articles", "Wider reporting", "How well a thing is known", "licences"):
        expect(main).to_contain_text(words)


def test_overview_is_found_under_its_own_path(app: Server, page: Page):
    query = f"{ONE_DAY}&sources=all"
    page.goto(f"{app.url}/overview?{query}")
    wait_for_map(page, expected_selection("overview", query).token)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_unknown_parts_of_a_link_are_reported_and_the_rest_is_shown(app: Server, page: Page):
    page.goto(app.link("tartus", f"{ONE_DAY}&system=submarine-of-nobody&certainty=sure"))
    wait_for_map(page, expected_selection("tartus", ONE_DAY).token)
    expect(page.get_by_text("submarine-of-nobody")).to_be_visible()
    expect(page.get_by_text("Something in the link could not be used.").first).to_be_visible()


def test_empty_selection_is_reported_and_can_be_cleared(app: Server, page: Page):
    page.goto(app.link("overview", "q=nowordlikethis"))
    frame = wait_for_map(page, expected_selection("overview", "q=nowordlikethis").token)
    assert read_painted(frame)["ids"] == []
    expect(page.get_by_text("No report matches all of these filters.")).to_be_visible()
    page.get_by_role("button", name="Show everything again").click()
    everything = expected_selection("overview")
    assert read_painted(wait_for_map(page, everything.token))["ids"] == list(everything.ids)
