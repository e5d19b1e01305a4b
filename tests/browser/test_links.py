"""The link holds the view: pages keep it, and opening it restores the view."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from geo.summary import count_reports
from tests.support.app_server import (
    MAP_PAGES,
    PAINTED,
    Server,
    expected_selection,
    read_painted,
    wait_for_map,
)

FILTERED = "from=2024-12-12&to=2024-12-13&sources=all&certainty=likely"


def _expect_painted(page: Page, path: str, query: str) -> None:
    expected = expected_selection(path, query)
    assert read_painted(wait_for_map(page, expected.token))["ids"] == list(expected.ids)
    expect(page.locator(".counted")).to_have_text(count_reports(expected))


def _expect_filters(page: Page) -> None:
    sidebar = page.locator("[data-testid=stSidebar]")
    expect(sidebar.get_by_role("radio", name="Both")).to_be_checked()
    expect(page.get_by_role("slider", name="Days — start")).to_have_attribute(
        "aria-valuetext", "12 Dec"
    )
    expect(sidebar.get_by_role("combobox", name="At least this certain")).to_have_value("Likely")


def _go_to(page: Page, title: str) -> None:
    page.get_by_test_id("stTopNavLink").get_by_text(title, exact=True).click()


def test_filters_are_kept_across_map_pages(app: Server, page: Page):
    page.goto(app.link("overview", FILTERED))
    _expect_painted(page, "overview", FILTERED)
    for path in [*MAP_PAGES[1:], MAP_PAGES[0]]:
        _go_to(page, path.capitalize())
        _expect_painted(page, path, FILTERED)
        _expect_filters(page)


def test_filters_are_kept_across_a_page_without_a_map(app: Server, page: Page):
    page.goto(app.link("overview", FILTERED))
    _expect_painted(page, "overview", FILTERED)
    _go_to(page, "Evidence")
    expect(page.locator(".counted")).to_have_text(
        count_reports(expected_selection("evidence", FILTERED))
    )
    _go_to(page, "About")
    expect(page.locator("[data-testid=stMain]")).to_contain_text("How well a thing is known")
    _go_to(page, "Khmeimim")
    _expect_painted(page, "khmeimim", FILTERED)
    _expect_filters(page)


def test_reload_and_a_second_browser_show_the_same_view(
    app: Server, page: Page, open_page: Callable
):
    page.goto(app.link("tartus"))
    _expect_painted(page, "tartus", "")
    page.get_by_text("Both", exact=True).click()
    _expect_painted(page, "tartus", "sources=all")
    page.get_by_role("slider", name="Days — end").press("ArrowLeft")
    _expect_slid(page)
    link = page.url
    ids = read_painted(page.frames[-1])["ids"]
    page.reload()
    assert _expect_slid(page) == ids
    other = open_page()
    other.goto(link)
    assert _expect_slid(other) == ids


def _expect_slid(page: Page) -> list[str]:
    query = "from=2024-12-03&to=2025-01-28&sources=all"
    _expect_painted(page, "tartus", query)
    return list(expected_selection("tartus", query).ids)


def test_back_and_forward_restore_each_filter(app: Server, page: Page):
    page.goto(app.link())
    _expect_painted(page, "overview", "")
    page.get_by_role("slider", name="Days — start").press("ArrowRight")
    _expect_painted(page, "overview", "from=2024-12-09&to=2024-12-13")
    page.get_by_text("Both", exact=True).click()
    _expect_painted(page, "overview", "from=2024-12-09&to=2024-12-13&sources=all")
    page.go_back()
    _expect_painted(page, "overview", "from=2024-12-09&to=2024-12-13")
    page.go_back()
    _expect_painted(page, "overview", "")
    page.go_forward()
    _expect_painted(page, "overview", "from=2024-12-09&to=2024-12-13")


@pytest.mark.parametrize("hurry", ["at once", "as soon as it is painted"])
def test_two_quick_back_steps_restore_the_second_view(app: Server, page: Page, hurry: str):
    """The browser still sends the widget state of the previous view."""
    earlier = "from=2024-12-09&to=2024-12-13"
    page.goto(app.link())
    _expect_painted(page, "overview", "")
    page.get_by_role("slider", name="Days — start").press("ArrowRight")
    _expect_painted(page, "overview", earlier)
    page.get_by_text("Both", exact=True).click()
    _expect_painted(page, "overview", f"{earlier}&sources=all")
    page.evaluate("history.back()")
    if hurry != "at once":
        page.wait_for_function(PAINTED, arg=expected_selection("overview", earlier).token)
    page.evaluate("history.back()")
    _expect_painted(page, "overview", "")
    expect(page.get_by_role("radio", name="The two articles")).to_be_checked()
    expect(page.get_by_role("slider", name="Days — start")).to_have_attribute(
        "aria-valuetext", "8 Dec"
    )
    _expect_painted(page, "overview", "")


def test_back_restores_the_previous_page_and_its_filters(app: Server, page: Page):
    page.goto(app.link("khmeimim", FILTERED))
    _expect_painted(page, "khmeimim", FILTERED)
    _go_to(page, "Tartus")
    _expect_painted(page, "tartus", FILTERED)
    page.go_back()
    _expect_painted(page, "khmeimim", FILTERED)
    _expect_filters(page)


@pytest.mark.parametrize("place", ["khmeimim", "tartus"])
def test_link_to_a_place_opens_its_claims(app: Server, page: Page, place: str):
    page.goto(app.link("overview", f"claim={place}"))
    frame = wait_for_map(page, expected_selection("overview").token)
    expect(frame.locator(".site.open")).to_have_attribute("data-place", place)
    expect(page.locator(".st-key-panel article.claim")).to_have_count(
        expected_selection("overview").by_place[place]
    )


def test_link_restores_the_map_camera(app: Server, page: Page):
    page.goto(app.link("overview", "at=34.9,36.1,9.5"))
    frame = wait_for_map(page, expected_selection("overview").token)
    looks = frame.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
    assert looks == pytest.approx([34.9, 36.1, 9.5], abs=0.01)
