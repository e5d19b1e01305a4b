"""Key presses and start-up, compared with baselines; no duration is asserted."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.bench.measuring import (
    AT_REST,
    LONG,
    MAP_CLOCK,
    PATHS,
    PATHS_CLOCK,
    SIZE,
    TEXT_CLOCK,
    Table,
    add_pydeck,
    opened,
    points,
    ready,
    write_points,
)
from tests.support.app_server import MAP, expected_selection, serve_app, wait_for_map

pytestmark = pytest.mark.bench

PRESSES = 24
PLAIN_PRESSES = 5
STARTS = 3
ANY_MAP = f"""() => [...document.querySelectorAll("{MAP}")].some(
    frame => frame.contentWindow?.paintedSelection)"""
ANY_TEXT = "() => document.querySelector('[data-testid=stText]')?.textContent.startsWith('Hello')"
EMPTY, HELLO, PLAIN = (
    f"tests/bench/{name}.py" for name in ("empty_page", "hello_page", "plain_app")
)


def _walk(first_key: str, other_key: str, steps: int) -> list[str]:
    """Return keys that move back and forth, with the given number of steps each way."""
    there_and_back = [first_key] * steps + [other_key] * steps
    return (there_and_back * PRESSES)[:PRESSES]


@pytest.mark.parametrize(
    ("query", "thumb", "keys", "what"),
    [
        ("", "start", _walk("ArrowRight", "ArrowLeft", 5), "two articles"),
        ("sources=all", "end", ["ArrowLeft"] * PRESSES, "both sources, each window new"),
    ],
    ids=["articles", "all"],
)
def test_key_press_with_builtin_data(
    browser: Browser, tmp_path: Path, table: Table, query: str, thumb: str, keys: list, what: str
):
    with (
        serve_app(log=tmp_path / "app.txt") as app,
        serve_app(EMPTY, log=tmp_path / "empty.txt") as empty,
    ):
        ours = opened(browser, app.link("overview", query))
        wait_for_map(ours.page, expected_selection("overview", query).token)
        ready(ours.page, MAP_CLOCK)
        theirs = opened(browser, empty.link())
        ready(theirs.page, TEXT_CLOCK)
        for key in keys:
            ours.press(f"Days — {thumb}", key)
            theirs.press("Days — end", "ArrowLeft")
        ours.page.close()
        theirs.page.close()
    beside, aim = "empty rerun", "at most 1.3"
    table.add(f"key press to painted map, {what}", ours.done, beside, theirs.done, aim)
    table.add("  the same, by animation frames", ours.seen, beside, theirs.seen, aim)
    table.bytes("  websocket, a press", ours.received, "at most 8 KB")


def test_key_press_with_ten_thousand_points(browser: Browser, tmp_path: Path, table: Table):
    file = write_points(tmp_path)
    query = "layer=points"
    days = points()["day"].dt.day
    with (
        serve_app(log=tmp_path / "app.txt", STORE_URL=str(tmp_path)) as app,
        serve_app(PLAIN, log=tmp_path / "plain.txt", POINTS=str(file)) as plain,
        serve_app(EMPTY, log=tmp_path / "empty.txt") as empty,
    ):
        nothing = opened(browser, empty.link())
        ready(nothing.page, TEXT_CLOCK)
        for _ in range(PLAIN_PRESSES + 1):
            nothing.press("Days — end", "ArrowLeft")
        nothing.page.close()
        ours = opened(browser, app.link("overview", query))
        wait_for_map(ours.page, expected_selection("overview", query, store=str(tmp_path)).token)
        ready(ours.page, MAP_CLOCK)
        theirs = opened(browser, plain.link())
        theirs.page.wait_for_function(PATHS, arg=len(days), timeout=LONG)
        for gone in range(1, PLAIN_PRESSES + 1):
            ready(theirs.page, "() => {}")
            theirs.page.evaluate(PATHS_CLOCK, int((days > gone).sum()))
            theirs.press("Days — start", "ArrowRight", needs="() => clock.seen")
            ours.page.evaluate(AT_REST)
            ours.press("Days — start", "ArrowRight")
        ours.page.close()
        theirs.page.close()
    what, aim = "key press to painted map, 10,000 points", "at least 10 times faster"
    table.add(what, ours.done, "empty rerun", nothing.done, "at most 1.5")
    table.add(what, ours.seen, "plain streamlit-folium", theirs.seen, aim)
    table.bytes("  websocket, a press", ours.received, "at most 8 KB")
    table.bytes("  websocket, a press of the plain page", theirs.received, "")
    left = [int((days > gone).sum()) for gone in range(PLAIN_PRESSES + 1)]
    add_pydeck(table, browser, ours.seen, file, left)


def _start(browser: Browser, script: str, log: Path, painted: str) -> float:
    with serve_app(script, log=log) as server:
        page = browser.new_page(viewport=SIZE)
        page.goto(server.link(), wait_until="commit")
        page.wait_for_function(painted, timeout=LONG)
        taken = time.perf_counter() - server.started
        page.close()
    return taken


def test_start_to_first_painted_map(browser: Browser, tmp_path: Path, table: Table):
    ours, theirs = [], []
    for _ in range(STARTS):
        ours.append(_start(browser, "dashboard.py", tmp_path / "app.txt", ANY_MAP))
        theirs.append(_start(browser, HELLO, tmp_path / "hello.txt", ANY_TEXT))
    table.add("process start to first painted map", ours, "hello world", theirs, "at most 2")
