"""Processor time of the browser's main thread for each frame of playback, from its own trace."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import quantiles

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Frame, Page

from geo.store import LayerSpec, open_store
from tests.bench.measuring import AT_REST, POINTS, SIZE, Table
from tests.support.app_server import MAP, serve_app

pytestmark = pytest.mark.bench

SECONDS = 6  # of playback, four frames a second
FRAME = "played-frame"
ANY_MAP = f"""() => document.querySelector("{MAP}")?.contentWindow?.paintedSelection"""
MARK = f"""() => {{
    let frame;
    Object.defineProperty(window, "playedFrame", {{ get: () => frame, set: (next) => {{
        frame = next;
        performance.mark("{FRAME}");
    }} }});
}}"""


def record(page: Page, frame: Frame) -> list[dict]:
    """Return the events of the browser's trace while days are played."""
    events: list[dict] = []
    ended: list[bool] = []
    session = page.context.new_cdp_session(page)
    session.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    wanted = {"includedCategories": ["toplevel", "blink.user_timing"]}
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": wanted})
    frame.locator(".play-toggle").click()
    page.wait_for_timeout(SECONDS * 1000)
    frame.locator(".play-toggle").click()
    session.send("Tracing.end")
    late = time.monotonic() + 30
    while not ended and time.monotonic() < late:
        page.wait_for_timeout(50)
    return events


def measure_frames(events: list[dict]) -> list[float]:
    """Return the milliseconds of the main thread's tasks from each frame to the next."""
    marks = [one for one in events if one["name"] == FRAME]
    thread = marks[0]["pid"], marks[0]["tid"]
    tasks = [
        one
        for one in events
        if one["name"].endswith("RunTask") and "tdur" in one and (one["pid"], one["tid"]) == thread
    ]
    starts = [one["ts"] for one in marks]
    spent = np.zeros(len(starts))
    for task in tasks:
        # A task that ends after a mark has set it: it is of that frame.
        number = int(np.searchsorted(starts, task["ts"] + task["dur"])) - 1
        if number >= 0:
            spent[number] += task["tdur"] / 1000
    return spent[1:-1].tolist()  # the first one prepares, the last one tells the page


def play(browser: Browser, link: str) -> list[float]:
    page = browser.new_context(viewport=SIZE).new_page()
    page.goto(link)
    page.wait_for_function(ANY_MAP)
    frame = next(one for one in page.frames if "component/streamlit_folium" in one.url)
    frame.locator(".timeline-rule").hover()
    frame.get_by_label("Time of a step").select_option("0.25")
    page.evaluate(AT_REST)
    frame.evaluate(MARK)
    found = measure_frames(record(page, frame))
    page.context.close()
    return found


@pytest.mark.parametrize(("layer", "most"), [("", 16), ("many", 33)])
def test_main_thread_time_of_a_frame(
    browser: Browser, table: Table, tmp_path: Path, layer: str, most: int
):
    store = tmp_path / "store"
    store.mkdir()
    if layer:
        chance = np.random.default_rng(1)
        days = pd.Timestamp("2024-12-03") + pd.to_timedelta(chance.integers(0, 55, POINTS), "D")
        at = chance.uniform(34.8, 37, POINTS), chance.uniform(33.5, 36, POINTS)
        rows = gpd.GeoDataFrame({"day": days}, geometry=gpd.points_from_xy(*at), crs="EPSG:4326")
        spec = LayerSpec("Points", time_columns=("day", "day"))
        open_store(str(store)).write(layer, rows, spec)
    with serve_app(log=tmp_path / "log.txt", STORE_URL=str(store)) as server:
        query = "sources=all" + (f"&layer={layer}" if layer else "")
        spent = play(browser, server.link("overview", query))
    assert len(spent) > 10
    middle, late = quantiles(spent, n=20)[9], quantiles(spent, n=20)[18]
    what = f"a frame of playback, {POINTS:,} points" if layer else "a frame of playback"
    table.told(what, f"{middle:.1f} ms, p95 {late:.1f} ms", f"at most {most} ms")
