"""Names in Arabic reach the locator and tooltips, each in a line of its own direction."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.app_server import Server, expected_selection, wait_for_map

ARABIC = "سوريا"


@pytest.mark.parametrize(
    ("names", "country"), [("ar", [ARABIC]), ("both", ["Syria", ARABIC]), ("en", ["Syria"])]
)
def test_locator_and_tooltip_have_the_names_of_the_link(
    app: Server, page: Page, names: str, country: list[str]
):
    query = f"names={names}"
    page.goto(app.link("tartus", query))
    frame = wait_for_map(page, expected_selection("tartus", query).token)
    expect(frame.locator(".locator .locator-name")).to_have_text(country)
    frame.locator(".site[data-place='tartus'] .badge").focus()
    title = frame.locator(".map-tip.floating strong")
    expect(title).to_be_visible()
    expect(title.locator("[dir=rtl][lang=ar]")).to_have_count(0 if names == "en" else 1)
    assert ("Tartus" in title.inner_text()) == (names != "ar")
