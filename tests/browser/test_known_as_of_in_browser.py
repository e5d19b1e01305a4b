"""An earlier state of the reports in a browser: all parts agree, and the present is one click."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geo.app_context import context
from geo.page_registry import find_page
from geo.selection import Selection, select
from geo.view import View, to_query
from tests.support import ledger_days
from tests.support.app_elements import clear_caches
from tests.support.app_server import Server, serve_app, wait_for_map
from tests.support.page_counts import assert_counts_agree
from tests.support.random_views import STATES, pick_builtin_view

SIZE = (1920, 1080)
PAGES = ("overview", "khmeimim", "tartus")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the dashboard with the history of `ledger_days`; this process reads it too."""
    folder = tmp_path_factory.mktemp("history")
    ledger_days.write_history(folder / "ledger")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEDGER_URL", str(folder / "ledger"))
        patch.setenv("STORE_URL", "")
        clear_caches()
        with serve_app(log=folder / "log.txt", LEDGER_URL=str(folder / "ledger")) as server:
            yield server
    clear_caches()


def choose(view: View, path: str) -> Selection:
    return select(view.narrow_to_places(find_page(path).places), context().store)


@pytest.mark.parametrize("seed", range(6))
def test_numbers_of_an_earlier_state_agree(history: Server, open_page, tmp_path: Path, seed: int):
    chance = random.Random(seed)
    path = chance.choice(PAGES)
    view = replace(pick_builtin_view(chance), sources="all", as_of=STATES[seed % 3])
    page = open_page(size=SIZE)
    page.goto(history.link(path, to_query(view)))
    chosen = choose(view, path)
    frame = wait_for_map(page, chosen.token)
    shown = assert_counts_agree(page, frame, tmp_path, f"{path}?{to_query(view)}")
    assert shown == chosen.shown
    assert chosen.as_of in page.locator(".headline").inner_text()


def test_present_is_one_click_and_back_is_one_step(history: Server, open_page):
    then, now = View(sources="all", as_of=STATES[1]), View(sources="all")
    page = open_page(size=SIZE)
    page.goto(history.link("overview", to_query(then)))
    wait_for_map(page, choose(then, "overview").token)
    expect(page.get_by_text("The reports as they stood on 2 March 2025")).to_be_visible()
    page.get_by_role("button", name="Show the present").click()
    wait_for_map(page, choose(now, "overview").token)
    expect(page.get_by_text("The reports as they stood")).to_have_count(0)
    assert "as_of" not in page.url
    page.go_back()
    wait_for_map(page, choose(then, "overview").token)
    expect(page.get_by_text("The reports as they stood on 2 March 2025")).to_be_visible()


def test_days_of_reporting_are_chosen_by_hand(history: Server, open_page):
    page = open_page(size=SIZE)
    page.goto(history.link("overview", "sources=all"))
    wait_for_map(page, choose(View(sources="all"), "overview").token)
    page.get_by_text("it was reported", exact=True).click()
    view = View(sources="all", axis="reported")
    frame = wait_for_map(page, choose(view, "overview").token)
    expect(frame.locator(".timeline-head")).to_contain_text("Reports by day of reporting")
    expect(frame.locator(".coverage")).to_have_count(0)
    frame.locator(".day[data-day='2024-12-13']").focus()
    page.keyboard.press("Enter")
    day = dt.date(2024, 12, 13)
    chosen = choose(replace(view, date_from=day, date_to=day), "overview")
    wait_for_map(page, chosen.token)
    expect(page.locator("h1")).to_have_text("What was reported on 13 December 2024")


def test_an_earlier_state_plays(history: Server, open_page):
    view = View(sources="all", as_of=STATES[1])
    page = open_page(size=SIZE)
    page.goto(history.link("overview", to_query(view)))
    chosen = choose(view, "overview")
    frame = wait_for_map(page, chosen.token)
    frame.locator(".play-toggle").click()
    frame.wait_for_function("window.playedFrame")
    counted = page.locator(".headline .counted")
    expect(counted).to_contain_text(chosen.as_of)
    frame.locator(".play-toggle").click()
    last = frame.evaluate("window.playedFrame")
    start, end = (dt.date.fromisoformat(last[end]) for end in ("from", "to"))
    settled = choose(replace(view, date_from=start, date_to=end), "overview")
    wait_for_map(page, settled.token)
    assert last["ids"] == list(settled.ids)
