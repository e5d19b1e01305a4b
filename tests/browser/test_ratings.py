"""Ratings on the map of a case with invented ratings: legend, list of a place, tooltip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from geo.builtin_layers import EvidenceStore
from geo.evidence import load_evidence
from geo.selection import Selection, select
from geo.view import View
from tests.support.app_server import Server, serve_app, wait_for_map
from tests.support.rated_case import write_rated_case


@pytest.fixture(scope="module")
def rated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Callable]]:
    """Serve a case with invented ratings; the function selects its reports."""
    folder = write_rated_case(tmp_path_factory.mktemp("rated") / "case")
    store = EvidenceStore(load_evidence(folder))

    def choose(**filters: tuple[str, ...]) -> Selection:
        return select(View(places=("khmeimim",), **filters), store)

    with serve_app(log=folder.parent / "log.txt", CASE=str(folder)) as server:
        yield server, choose


def test_map_shows_ratings_in_legend_list_and_tooltip(page: Page, rated: tuple[Server, Callable]):
    app, choose = rated
    chosen = choose()
    page.goto(app.link("khmeimim"))
    frame = wait_for_map(page, chosen.token)
    frame.locator(".legend-head").click()  # it is folded beside a list
    expect(frame.locator(".legend-rating").first).to_be_visible()
    rows = frame.locator(".legend-rating").all_inner_texts()
    credible = chosen.rows["credibility"].notna().sum()
    assert f"Credibility of the report: “1” … “6”\n{credible}" in rows
    assert rows[-1].startswith("Not rated\n")
    lines = frame.locator(".fan-line:has(.rating-code)")
    expect(lines.first).to_be_visible()
    ids = [line.get_attribute("data-claim") for line in lines.all()]
    assert ids
    known = chosen.rows.set_index("id")[["reliability", "credibility"]].fillna("").sum(axis=1)
    assert lines.locator(".rating-code").all_inner_texts() == [known[name] for name in ids]
    frame.locator("[data-place='khmeimim'] .badge").hover()
    tip = frame.locator(".map-tip .tip-line")
    for title, column in (("Likelihood", "likelihood"), ("Confidence", "confidence")):
        line = tip.filter(has_text=f"{title}: ")
        expect(line).to_contain_text(f"{chosen.rows[column].isna().sum()} not rated")
    expect(tip.filter(has_text="Rating: ")).to_contain_text("B2 (")


def test_choosing_a_rating_repaints_the_map(page: Page, rated: tuple[Server, Callable]):
    app, choose = rated
    page.goto(app.link("khmeimim"))
    wait_for_map(page, choose().token)
    page.get_by_test_id("stSidebar").get_by_text("Ratings", exact=True).click()
    credibility = page.get_by_role("combobox", name="Credibility of the report")
    wanted = page.get_by_role("option", name="2, probably true")
    for _ in range(20):  # a list closes while the part around it still opens
        credibility.click()
        with suppress(PlaywrightTimeoutError):
            wanted.click(timeout=1_000)
            break
    frame = wait_for_map(page, choose(credibility=("2",)).token)
    frame.locator(".legend-head").click()
    expect(frame.locator(".legend")).to_contain_text("2 probably true")
