"""The panel describes what is hovered or selected on the map or in the table."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from geo.evidence import load_evidence
from geo.settings import ASSETS
from geo.ui.page_sections import LEDGER_ROW
from tests.support.app_server import Server, expected_selection, wait_for_map

CONFLICTS = {one.id: one for one in load_evidence(ASSETS / "case").conflicts}
HEADER, CHECKBOX = 36, 16  # pixels: of Streamlit's table, the middle of its checkbox column
# A point on a painted dash of the line; the gaps do not react to the pointer.
ON_A_DASH = """line => {
  for (let part = 0.1; part < 0.9; part += 0.01) {
    const at = line.getPointAtLength(part * line.getTotalLength());
    const { x, y } = new DOMPoint(at.x, at.y).matrixTransform(line.getScreenCTM());
    if (document.elementFromPoint(x, y) === line) return [x, y];
  }
}"""


def _open(page: Page, app: Server, path: str, query: str = "") -> Frame:
    page.goto(app.link(path, query))
    return wait_for_map(page, expected_selection(path, query).token)


def _panel(page: Page) -> Locator:
    return page.locator(".st-key-panel .panel")


def _badge(frame: Frame, place: str) -> Locator:
    return frame.locator(f"[data-place='{place}'] .badge")


@pytest.mark.parametrize("place", ["khmeimim", "tartus", "tartus-offshore", "convoy-damascus-homs"])
def test_badge_click_opens_the_claims_of_its_place(app: Server, page: Page, place: str):
    frame = _open(page, app, "overview")
    _badge(frame, place).click()
    rows = expected_selection("overview").rows
    rows = rows[rows["place"] == place]
    panel = _panel(page)
    expect(panel.get_by_role("heading").first).to_have_text(rows["place_name"].iloc[0])
    assert panel.locator("article.claim .says").all_inner_texts() == list(rows["says"])
    expect(frame.locator(".site.open")).to_have_attribute("data-place", place)


def test_claim_line_click_opens_the_whole_claim(app: Server, page: Page):
    frame = _open(page, app, "khmeimim")
    rows = expected_selection("khmeimim").rows.set_index("id")
    lines = frame.locator(".fan-line:not(:has(.fan-reports))").all()  # of a single report each
    listed = [node.get_attribute("data-claim") for node in lines]
    claim = next(name for name in listed if len(rows.loc[name, "conflicts"]))
    frame.locator(f".fan-line[data-claim='{claim}']").first.click()
    row = rows.loc[claim]
    card = _panel(page).locator("article.claim.whole")
    expect(card.locator(".says")).to_have_text(row["says"])
    for part in (row["reported"], row["attributed_to"], row["evidence"], claim):
        expect(card).to_contain_text(part)
    for name in row["conflicts"]:
        expect(card.locator(".conflicts")).to_contain_text(CONFLICTS[name].question)
    expect(frame.locator(".fan-line.chosen")).to_have_attribute("data-claim", claim)
    expect(page).to_have_url(re.compile(rf"[?&]claim={claim}(&|$)"))


def test_back_to_the_summary_closes_the_claim(app: Server, page: Page):
    claim = expected_selection("khmeimim").ids[0]
    frame = _open(page, app, "khmeimim", f"claim={claim}")
    expect(_panel(page).locator("article.claim.whole")).to_be_visible()
    page.get_by_role("button", name="Back to the summary").click()
    expect(_panel(page)).to_contain_text("Latest, in words")
    expect(page.get_by_role("button", name="Back to the summary")).to_have_count(0)
    expect(frame.locator(".fan-line.chosen, .site.open")).to_have_count(0)


def test_table_row_is_marked_on_the_map_and_shown_in_the_panel(app: Server, page: Page):
    query = "system=Su-24&system=Su-34&system=Ka-52"
    frame = _open(page, app, "khmeimim", query)
    page.get_by_text(re.compile("^Table: ")).click()
    for position, row in enumerate(
        expected_selection("khmeimim", query).rows.head(2).to_dict("records")
    ):
        _choose_row(page, position)
        expect(_panel(page).locator("article.claim.whole .says")).to_have_text(row["says"])
        expect(frame.locator(".site.open")).to_have_attribute("data-place", row["place"])
        expect(frame.locator(".fan-line.chosen")).to_have_attribute("data-claim", row["id"])


def test_evidence_row_is_shown_in_the_panel(app: Server, page: Page):
    page.goto(app.link("evidence", "q=radar"))
    _choose_row(page, 1)
    says = expected_selection("evidence", "q=radar").rows["says"].iloc[1]
    expect(_panel(page).locator("article.claim.whole .says")).to_have_text(says)


def _choose_row(page: Page, position: int) -> None:
    table = page.locator("[data-testid=stDataFrame] .dvn-scroller")
    table.scroll_into_view_if_needed()
    table.click(position={"x": CHECKBOX, "y": HEADER + LEDGER_ROW * (position + 0.5)})


def test_badge_hover_names_place_and_number_of_reports(app: Server, page: Page):
    frame = _open(page, app, "overview")
    shown = expected_selection("overview")
    _badge(frame, "tartus").hover()
    tip = frame.locator(".map-tip.floating")
    expect(tip.locator("strong")).to_have_text("Tartus naval base")
    expect(tip).to_contain_text(f"{shown.by_place['tartus']} reports")
    page.mouse.move(5, 5)
    expect(tip).to_have_count(0)


def test_route_hover_says_that_the_road_is_inferred(app: Server, page: Page):
    frame = _open(page, app, "convoys")
    spot = frame.locator("path.route").first.evaluate(ON_A_DASH)
    box = frame.frame_element().bounding_box()
    assert box
    page.mouse.move(box["x"] + spot[0], box["y"] + spot[1], steps=3)
    expect(frame.locator(".leaflet-tooltip")).to_contain_text("the road between is inferred")


@pytest.mark.parametrize(
    ("path", "query"),
    [("overview", ""), ("overview", "from=2024-12-12&to=2024-12-12&sources=all"), ("tartus", "")],
)
def test_legend_adds_up_to_the_claims_shown(app: Server, page: Page, path: str, query: str):
    frame = _open(page, app, path, query)
    head = frame.locator(".legend-head")
    if head.get_attribute("aria-expanded") == "false":
        head.click()
    shown = expected_selection(path, query)
    stances = frame.locator(".legend-stance .legend-count").all_inner_texts()
    places = frame.locator(".legend-place .legend-count").all_inner_texts()
    certain = frame.locator(".certainty-row .swatch").evaluate_all("all => all.map(n => n.title)")
    for counts in (stances, places, [text.rsplit(": ", 1)[1] for text in certain]):
        assert sum(int(count) for count in counts) == shown.shown
    badges = frame.locator(".badge-count").all_text_contents()
    assert sum(map(int, badges)) == int(shown.rows.geometry.notna().sum())


def test_a_line_that_joins_reports_opens_exactly_these(app: Server, page: Page):
    page.goto(app.link("tartus", "sources=all"))
    frame = wait_for_map(page, expected_selection("tartus", "sources=all").token)
    line = frame.locator(".fan-line:has(.fan-reports)").first  # it may be below what has room
    count = int((line.locator(".fan-reports").text_content() or "").split()[0])
    system = line.locator("b").text_content()
    line.evaluate("node => node.click()")
    cards = page.locator(".st-key-panel article.claim")
    expect(cards).to_have_count(count)
    rows = expected_selection("tartus", "sources=all").rows
    about = sum(system in systems for systems in rows["systems"])
    assert 1 < count <= about
    expect(frame.locator(".fan-line.chosen")).to_have_count(1)
