"""The report form in a browser: a click on its map sets the place, a new report is on the map."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_accessibility import _faults as find_faults
from tests.support.app_server import IDLE, Server, serve_app

NAME = "Your name, which stands at what you add or review"
ADD = re.compile("Add a report|Go on with your report")
SENTENCE = "A synthetic convoy of a browser test stands at a bend of the road."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the dashboard with a shared ledger that people change under a name they type."""
    folder = tmp_path_factory.mktemp("desk")
    setting = {
        "LEDGER_URL": str(folder / "ledger"),
        "OWN_FOLDER": str(folder / "own"),
        "EDIT_WITHOUT_SIGN_IN": "1",
    }
    with serve_app(log=folder / "log.txt", **setting) as server:
        yield server


def _form(page: Page) -> Locator:
    return page.locator(".st-key-report_form")


def _choose(page: Page, label: str, typed: str) -> None:
    expect(page.locator(IDLE)).to_be_visible()
    box = _form(page).get_by_role("combobox", name=label, exact=True)
    box.fill(typed)
    page.get_by_role("option").filter(has_text=typed).first.click()
    expect(box).to_have_value(re.compile(re.escape(typed)))


def _write(page: Page, label: str, text: str) -> None:
    expect(page.locator(IDLE)).to_be_visible()
    field = _form(page).get_by_label(label, exact=True)
    field.fill(text)
    field.blur()


def _open_form(page: Page, desk: Server) -> None:
    """Open the form under a name, which is asked once in a browser."""
    page.goto(desk.link("evidence"))
    name, add = page.get_by_label(NAME), page.get_by_role("button", name=ADD)
    expect(name.or_(add).or_(_form(page)).first).to_be_visible()
    if name.is_visible():
        name.fill("A. Author")
        page.get_by_role("button", name="Use this name").click()
        expect(add.or_(_form(page)).first).to_be_visible()
    if add.is_visible():
        add.click()
    expect(_form(page)).to_be_visible()


def test_report_with_a_new_place_goes_from_the_form_to_the_map(desk: Server, page: Page):
    _open_form(page, desk)
    _choose(page, "Source", "The New York Times")
    _write(page, "What is reported, as one sentence in your own words", SENTENCE)
    _write(page, "About, if no system", "convoy")
    expect(page.locator(IDLE)).to_be_visible()
    day = _form(page).get_by_test_id("stDateInput").locator("input").first
    day.fill("2024-12-13")
    day.press("Enter")
    _choose(page, "Place", "Add a new place")
    _write(page, "Name of the place", "Bend of the test")
    chart = page.frame_locator(".st-key-report_map iframe").locator(".leaflet-container")
    chart.click(position={"x": 180, "y": 120})
    position = _form(page).get_by_label("Position", exact=True)
    expect(position.last).to_have_value(re.compile(r"^3\d\.\d{5}, 3\d\.\d{5}$"))
    expect(chart).to_have_attribute("data-spot", re.compile(r"^3\d\.\d+,3\d\.\d+$"))
    _choose(page, "Evidence", "Photo")
    preview = _form(page).locator("article.claim")
    expect(preview).to_contain_text(f"{SENTENCE[:-1]} (Bend of the test, 13 December 2024)")
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.get_by_text("is kept as a draft, which only you see")).to_be_visible()
    page.goto(desk.link("overview"))
    site = page.frame_locator("iframe[src*='component/streamlit_folium']").locator(
        "[data-place='bend-of-the-test']"
    )
    expect(site.locator(".draft-mark")).to_have_text("draft")
    site.locator(".badge").click()
    expect(page.locator(".st-key-panel .draft-mark").first).to_have_text("draft")


def test_typed_position_moves_the_mark_and_a_reload_keeps_the_form(desk: Server, page: Page):
    _open_form(page, desk)
    _choose(page, "Place", "Add a new place")
    _write(page, "Position", "35°24'04\"N 35°56'55\"E")
    chart = page.frame_locator(".st-key-report_map iframe").locator(".leaflet-container")
    expect(chart).to_have_attribute("data-spot", "35.40111,35.94861")
    page.reload()
    expect(_form(page).get_by_label("Position", exact=True)).to_have_value(
        "35°24'04\"N 35°56'55\"E"
    )


def test_another_place_has_its_own_usual_class(desk: Server, page: Page):
    _open_form(page, desk)
    exactly = _form(page).get_by_role("combobox", name="How exactly the source gives it")
    for place, usual in (("Convoy route", "Vicinity"), ("Khmeimim air base", "Locality")):
        _choose(page, "Place", place)
        expect(exactly).to_have_value(re.compile(usual))
    page.reload()
    expect(exactly).to_have_value(re.compile("Locality"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_form_has_no_serious_accessibility_fault(
    desk: Server, open_page: Callable[..., Page], scheme: str
):
    page = open_page(scheme=scheme)
    _open_form(page, desk)
    page.get_by_role("button", name="Send to review").first.click()
    expect(page.locator(".form-faults")).to_be_visible()
    expect(page.locator(IDLE)).to_be_attached()
    faults = find_faults(page, "form")
    assert not faults, "\n".join(faults)
