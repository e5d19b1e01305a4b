"""A scene that holds a playback plays its days by itself, offline and on the stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from geo.app_context import context
from geo.briefing import Briefing, Scene, Statement, write_briefing
from geo.export.deck import build_deck
from geo.export.html.offline_html import write_handout
from geo.export.stage_playback import build_stage_playback
from geo.playback import Playback
from geo.view import View
from tests.support.app_server import Server

SAID = Statement("What was reported, three days at a time.", ("nyt-01",))
DAYS = (dt.date(2024, 12, 9), dt.date(2024, 12, 16))
VIEW = View("overview", *DAYS, sources="all", play=Playback(3, 0.6))
BRIEFING = Briefing(
    "played",
    "Played",
    scenes=(Scene("days", VIEW, SAID), Scene("still", View("tartus", *DAYS), SAID)),
)
RECORD = """() => {
  window.seen = [];
  const look = () => {
    const frame = window.playedFrame;
    if (frame && frame !== window.seen.at(-1)?.frame) {
      const words = document.querySelector(".stage-when").innerText.split("\\n");
      window.seen.push({ frame, words });
    }
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture(scope="module")
def played():
    where = context()
    deck = build_deck(BRIEFING, where.store, where.evidence)
    return deck, build_stage_playback(deck.slides[0], where.store), where


@pytest.fixture(params=["no-preference", "reduce"])
def reader(browser: Browser, played, tmp_path: Path, request) -> Iterator[Page]:  # type: ignore[no-untyped-def]
    deck, _, where = played
    file = tmp_path / "played.html"
    file.write_bytes(write_handout(deck, where.store))
    made = browser.new_context(offline=True, reduced_motion=request.param)
    page = made.new_page()
    page.goto(file.as_uri())
    page.wait_for_function("() => window.paintedSelection")
    page.evaluate(RECORD)
    if request.param == "reduce":  # begins only when asked
        expect(page.locator(".stage-play")).to_have_text("Play")
        assert page.evaluate("window.playedFrame === undefined")
        page.keyboard.press("k")
    yield page
    made.close()


def test_offline_page_plays_each_window_as_the_server_selects_it(reader: Page, played):
    deck, playback, _ = played
    count = len(playback["frames"])
    reader.wait_for_function("count => window.seen.length >= count", arg=count)
    seen = reader.evaluate("window.seen")
    for shown, frame in zip(seen, playback["frames"], strict=True):
        assert shown["frame"]["ids"] == frame["ids"]
        assert [shown["frame"]["from"], shown["frame"]["to"]] == list(frame["days"])
    # after the last window all days are shown again
    expect(reader.locator(".stage-when")).to_contain_text(deck.slides[0].counted)
    expect(reader.locator(".stage-play")).to_have_text("Play")


def test_key_halts_the_days_and_arrows_lead_to_the_next_scene(reader: Page, played):
    _, playback, _ = played
    reader.wait_for_function("() => window.seen.length >= 1")
    reader.keyboard.press("k")
    expect(reader.locator(".stage-play")).to_have_text("Play")
    shown = reader.evaluate("window.playedFrame.from")
    [frame] = [one for one in playback["frames"] if one["days"][0] == shown]
    expect(reader.locator(".stage-when")).to_contain_text(frame["counted"])
    expect(reader.locator(".stage-sources")).to_contain_text("Sources, all days")
    reader.keyboard.press("ArrowRight")
    expect(reader.locator(".stage-count")).to_have_text("2 / 2")
    expect(reader.locator(".stage-play")).to_be_hidden()
    assert reader.evaluate("window.playedFrame.from") == shown


def test_stage_and_notes_window_play_a_loaded_briefing(app: Server, page: Page, tmp_path: Path):
    file = tmp_path / "played.toml"
    file.write_text(write_briefing(BRIEFING))
    page.goto(app.link("briefing"))
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.get_by_role("button", name="Back to the built-in one")).to_be_visible()
    page.get_by_role("button", name="Present from here").click()
    stage = page.frame_locator("iframe[src*=streamlit_folium]")
    expect(stage.locator(".stage-play")).to_have_text("Pause", timeout=30_000)
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value
    expect(notes.get_by_role("button", name="Play the days")).to_be_visible()
    expect(stage.locator(".stage-when")).to_contain_text("9–16 December 2024")
    notes.get_by_role("button", name="Play the days").click()
    expect(stage.locator(".stage-play")).to_have_text("Pause")
    page.bring_to_front()
    page.keyboard.press("ArrowRight")
    expect(stage.locator(".stage-count")).to_have_text("2 / 2")
    expect(notes.get_by_role("button", name="Play the days")).to_be_hidden()
    notes.close()
