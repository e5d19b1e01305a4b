"""One click from a count, a conflict or an id to its reports; the page is not loaded again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import geopandas as gpd
import pytest
from playwright.sync_api import Page, expect

from geo.store import FolderStore, LayerSpec
from tests.support.app_server import (
    MAP,
    Server,
    expected_selection,
    read_painted,
    serve_app,
    wait_for_map,
)

KHMEIMIM = expected_selection("khmeimim", "")


@pytest.fixture(scope="module")
def layered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the dashboard with a small layer of synthetic points."""
    folder = tmp_path_factory.mktemp("layers")
    names = [f"Synthetic post {number}" for number in (1, 2, 3)]
    frame = gpd.GeoDataFrame(
        {"post": names},
        geometry=gpd.points_from_xy([35.95, 36.5, 34.6], [35.41, 34.2, 34.2]),
        crs=4326,
    )
    FolderStore(folder).write("watch", frame, LayerSpec(title="Watch", label_column="post"))
    with serve_app(log=folder / "log.txt", STORE_URL=str(folder)) as server:
        yield server


def _mark(page: Page) -> None:
    """Leave a mark that is lost when the page, or the map's frame, is loaded again."""
    page.evaluate("window.same = true")
    for frame in page.frames[1:]:
        frame.evaluate("window.same = true")


def _is_same(page: Page, *, frames: bool = True) -> bool:
    return page.evaluate("window.same") and (
        not frames or all(frame.evaluate("window.same === true") for frame in page.frames[1:])
    )


def test_origin_link_shows_every_report_of_the_image_and_keeps_the_map(app: Server, page: Page):
    page.goto(app.link("overview", "claim=nyt-01"))
    wait_for_map(page, expected_selection("overview", "").token)
    _mark(page)
    panel = page.locator(".panel")
    expect(panel).to_contain_text("Maxar, 13 December 2024")
    panel.get_by_text("19 reports rest on this image").click()
    shared = expected_selection("overview", "sources=all&origin=maxar-2024-12-13")
    assert shared.shown == 19
    assert read_painted(wait_for_map(page, shared.token))["ids"] == list(shared.ids)
    assert _is_same(page)
    page.go_back()
    wait_for_map(page, expected_selection("overview", "").token)
    assert _is_same(page)


def test_question_of_the_summary_opens_at_its_place_on_conflicts(app: Server, page: Page):
    page.goto(app.link("overview", "sources=all"))
    wait_for_map(page, expected_selection("overview", "sources=all").token)
    _mark(page)
    page.locator(".panel .questions").get_by_text("How many Il-76").click()
    heading = page.locator("#question-il-76-count")
    expect(heading).to_be_in_viewport()
    expect(heading).to_have_text("How many Il-76 were at Khmeimim on 13 December?")
    assert page.url.endswith("#question-il-76-count")
    assert _is_same(page, frames=False)


def test_question_link_of_a_new_page_opens_at_its_place(app: Server, page: Page):
    page.goto(app.link("conflicts", "sources=all") + "#question-il-76-count")
    expect(page.locator("#question-il-76-count")).to_be_in_viewport()


def test_line_of_a_place_opens_the_report_that_it_is_about(app: Server, page: Page):
    page.goto(app.link("khmeimim"))
    frame = wait_for_map(page, KHMEIMIM.token)
    _mark(page)
    line = frame.locator(".fan-line", has=frame.get_by_text("S-400", exact=True)).first
    claim = line.get_attribute("data-claim")
    line.click()
    rows = KHMEIMIM.rows
    says = rows.loc[rows["id"] == claim, "says"].item()
    expect(page.locator(".panel .claim .says").filter(has_text=says).first).to_be_visible()
    assert _is_same(page)


def test_card_is_copied_as_a_sentence_and_cited(app: Server, page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(app.link("evidence", "claim=nyt-03"))
    page.get_by_text("Cite or copy this report").click()
    part = page.locator(".citing > div", has=page.get_by_text("Sentence", exact=True))
    part.get_by_text("Copy", exact=True).click()
    expect(part.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Components of an S-400 air-defence unit have been moved near")
    assert "reported by The New York Times" in copied
    assert copied.endswith(f"{app.url}/evidence?sources=all&claim=nyt-03")
    expect(page.locator(".citing")).to_contain_text("@misc{nyt-03,")


@pytest.mark.parametrize(
    ("path", "query", "link", "claim"),
    [
        ("conflicts", "", "Open report nyt-01", "nyt-01"),
        ("compare", "", "s400-22", "s400-22"),
        ("evidence", "sources=all", "ext-08a", "ext-08a"),
    ],
)
def test_id_opens_its_card(app: Server, page: Page, path: str, query: str, link: str, claim: str):
    page.goto(app.link(path, query))
    found = page.locator("a.view-link").get_by_text(link, exact=True)
    if path != "conflicts":
        found = page.locator("a.view-link", has_text=link)
    found.first.wait_for()
    _mark(page)
    found.first.click()
    expect(page.locator(".panel .claim.whole .facts").first).to_contain_text(claim)
    assert "/evidence?" in page.url
    assert _is_same(page, frames=False)


def test_points_of_a_layer_are_named_and_above_the_names_of_places(layered: Server, page: Page):
    page.goto(layered.link("overview", "layer=watch"))
    frame = page.frame_locator(MAP)
    expect(frame.locator(".own-point")).to_have_count(3)
    expect(frame.locator(".own-point").first).to_have_text("Synthetic post 1")
    boxes = frame.locator(".town-name").evaluate_all(  # at one moment: fonts move them
        "nodes => nodes.map(node => node.getBoundingClientRect().toJSON())"
    )
    for one, other in combinations(boxes, 2):
        beside = one["right"] <= other["left"] or other["right"] <= one["left"]
        assert beside or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]
    levels = {
        name: int(frame.locator(f".leaflet-{name}-pane").evaluate("node => node.style.zIndex"))
        for name in ("points", "sites", "names")
    }
    assert levels["points"] > levels["sites"] > levels["names"]
    assert frame.locator(".leaflet-points-pane canvas").count() == 1
