"""An online base map is requested only while it is selected."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.app_server import Server, choose_option, expected_selection, wait_for_map
from tests.support.page_watch import PageWatch

DRAWN = "Drawn map (works offline)"
BASES = [
    ("OpenStreetMap (online)", r"^https://([a-c]\.)?tile\.openstreetmap\.org/"),
    ("Esri grey (online)", r"^https://server\.arcgisonline\.com/.*Gray"),
    ("Esri imagery (online)", r"^https://server\.arcgisonline\.com/"),
]


@pytest.mark.parametrize(("title", "address"), BASES)
def test_online_base_map_is_requested_only_while_selected(
    app: Server, page: Page, watch: PageWatch, title: str, address: str
):
    page.goto(app.link())
    frame = wait_for_map(page, expected_selection("overview").token)
    page.get_by_text("Places and base map").click()
    expect(page.get_by_role("combobox", name="Base map")).to_have_value(DRAWN)
    assert watch.outside == []

    watch.allowed = re.compile(address)
    with page.expect_request(watch.allowed):
        choose_option(page, "Base map", title)
    # No request leaves the machine here: the map says so, and the drawn map stays.
    notice = frame.locator(".tile-notice")
    expect(notice).to_contain_text(title.removesuffix(" (online)"))
    expect(notice).to_contain_text("The drawn map is in its place. Choose")
    expect(frame.locator(".leaflet-container:not(.online)")).to_be_visible()
    expect(frame.locator("path.land:not([d='M0 0'])").first).to_be_visible()
    assert all(watch.allowed.search(url) for url in watch.outside)

    # Without its tiles, the reports are still drawn and follow the filters.
    expect(frame.locator("[data-place='khmeimim'] .badge")).to_be_visible()
    page.get_by_role("slider", name="Days — start").press("ArrowRight")
    wait_for_map(page, expected_selection("overview", "from=2024-12-09&to=2024-12-13").token)

    choose_option(page, "Base map", DRAWN)
    expect(notice).to_be_hidden()
    asked = len(watch.outside)
    assert asked
    frame.get_by_role("button", name="Closer").click()
    page.get_by_role("slider", name="Days — start").press("ArrowRight")
    wait_for_map(page, expected_selection("overview", "from=2024-12-10&to=2024-12-13").token)
    assert len(watch.outside) == asked
