"""Clocks that run in the page, synthetic points and the printed table of results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import geopandas as gpd
import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from geo.store import LayerSpec, open_store
from tests.support.app_server import IDLE, MAP, WebsocketTraffic, serve_app

POINTS = 10_000
FIRST, LAST = dt.date(2024, 12, 1), dt.date(2024, 12, 30)
LONG = 120_000  # milliseconds
PYDECK = "tests/bench/pydeck_app.py"
SIZE = {"width": 1366, "height": 768}

# Each clock starts at the key event: `set` is when the page's own script finished, `seen` is
# the first animation frame with the new state.
_CLOCK = """
  window.clock = {};
  const loop = () => changed() ? (clock.seen = performance.now()) : requestAnimationFrame(loop);
  window.addEventListener("keydown", () => {
    window.clock = { key: performance.now() };
    before = state();
    requestAnimationFrame(loop);
  }, { capture: true });
"""
MAP_CLOCK = f"""() => {{
  const frame = document.querySelector("{MAP}").contentWindow;
  let painted = frame.paintedSelection;
  let before = null;
  const state = () => painted.token;
  const changed = () => painted.token !== before;
  Object.defineProperty(frame, "paintedSelection", {{
    get: () => painted,
    set: (next) => {{ painted = next; window.clock.set ??= performance.now(); }},
  }});
  {_CLOCK}
}}"""
TEXT_CLOCK = f"""() => {{
  let before = null;
  const state = () => document.querySelector("[data-testid=stText]").textContent;
  const changed = () => state() !== before;
  new MutationObserver(() => {{ if (changed()) window.clock.set ??= performance.now(); }})
    .observe(document.body, {{ childList: true, characterData: true, subtree: true }});
  {_CLOCK}
}}"""
# Wait until the map has received nothing for half a second: its prefetching is done.
AT_REST = f"""() => new Promise((done) => {{
  const {{ performance: told }} = document.querySelector("{MAP}").contentWindow;
  told.setResourceTimingBufferSize(10000);
  let [count, since] = [-1, 0];
  const look = (now) => {{
    const come = told.getEntriesByType("resource").length;
    if (come !== count) [count, since] = [come, now];
    if (now - since > 500) done(); else requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}})"""
# Install before each press: records when the first tile of the next view is on the map.
FIRST_TILE = f"""() => {{
  const {{ contentDocument: map }} = document.querySelector("{MAP}");
  const drawn = () => [...map.querySelectorAll("img.leaflet-tile-loaded")].map((tile) => tile.src);
  const before = new Set(drawn());
  const look = () => drawn().some((address) => !before.has(address))
    ? (window.clock.first = performance.now()) : requestAnimationFrame(look);
  requestAnimationFrame(look);
}}"""
# The plain page mounts a new frame per press: it is done once all expected paths are there.
PATHS = f"""wanted => document.querySelector("{MAP}")?.contentDocument
  ?.querySelectorAll("path.leaflet-interactive").length === wanted"""
_UNTIL = """wanted => {
  const drawn = %s;
  window.clock = {};
  const loop = () => drawn(wanted) ? (clock.seen = performance.now()) : requestAnimationFrame(loop);
  window.addEventListener("keydown", () => {
    window.clock = { key: performance.now() };
    requestAnimationFrame(loop);
  }, { capture: true, once: true });
}"""
PATHS_CLOCK = _UNTIL % PATHS
# pydeck is done when a draw call of that many points has ended; reading a pixel waits for it.
DECK_HOOK = """
for (const name of ["drawArraysInstanced", "drawElementsInstanced"]) {
  const draw = WebGL2RenderingContext.prototype[name];
  WebGL2RenderingContext.prototype[name] = function (...told) {
    draw.apply(this, told);
    this.readPixels(0, 0, 1, 1, this.RGBA, this.UNSIGNED_BYTE, new Uint8Array(4));
    window.drawn = told.at(-1);
  };
}
"""
DECK = "wanted => window.drawn === wanted"
DECK_CLOCK = _UNTIL % DECK


@dataclass
class Presses:
    """Measurements of one page's key presses: seconds until done, and bytes received."""

    page: Page
    traffic: WebsocketTraffic
    done: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)

    def press(self, slider: str, key: str, *, needs: str = "() => clock.set && clock.seen") -> None:
        """Press a key on a slider thumb, and wait until the page is idle."""
        before = self.traffic.received
        self.page.get_by_role("slider", name=slider).focus()
        self.page.keyboard.press(key)
        self.page.wait_for_function(needs, timeout=LONG)
        self.page.locator(IDLE).wait_for(state="attached")
        clock = self.page.evaluate("clock")
        self.done.append((clock.get("set", clock["seen"]) - clock["key"]) / 1000)
        self.seen.append((clock["seen"] - clock["key"]) / 1000)
        self.received.append(self.traffic.received - before)


@dataclass
class Table:
    """Results beside their baselines."""

    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(
        self, what: str, ours: Sequence[float], other: str, theirs: Sequence[float], aim: str
    ) -> None:
        """Add median seconds and their ratio; a faster result gives the inverse ratio."""
        a, b = median(ours), median(theirs)
        ratio = f"{b / a:.1f} times faster" if "faster" in aim else f"{a / b:.2f}"
        self.rows.append((what, f"{a:.3f} s", other, f"{b:.3f} s", ratio, aim, str(len(ours))))

    def bytes(self, what: str, received: list[int], aim: str) -> None:
        """Add the median and the largest number of bytes."""
        largest = f"largest {max(received):,}"
        self.rows.append(
            (what, f"{median(received):,.0f} B", largest, "", "", aim, str(len(received)))
        )

    def told(self, what: str, value: str, aim: str, beside: str = "", other: str = "") -> None:
        """Add one result that is no duration, with an optional comparison."""
        self.rows.append((what, value, beside, other, "", aim, ""))

    def __str__(self) -> str:
        head = ("measured", "dashboard", "beside", "", "ratio", "aim", "n")
        rows = [head, *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def opened(browser: Browser, link: str, *, script: str = "") -> Presses:
    """Open a page to measure its key presses; `script` runs before the page's own scripts."""
    page = browser.new_page(viewport=SIZE)
    if script:
        page.add_init_script(script)
    traffic = WebsocketTraffic(page)
    page.goto(link)
    return Presses(page, traffic)


def ready(page: Page, clock: str) -> None:
    """Wait until a page is idle, then install a clock in it."""
    page.get_by_role("slider").first.wait_for()
    page.locator(IDLE).wait_for(state="attached")
    page.evaluate(clock)


def add_pydeck(
    table: Table, browser: Browser, ours: list[float], file: Path, left: Sequence[int]
) -> None:
    """Measure pydeck in the same task as our page, and add the result or its error.

    Parameters
    ----------
    ours : list of float
        Seconds of our key presses.
    file : pathlib.Path
        Of the points; the process writes beside it.
    left : sequence of int
        How many points there are, and how many are left after each key press.
    """
    with serve_app(PYDECK, log=file.with_suffix(".pydeck.txt"), POINTS=str(file)) as server:
        theirs = opened(browser, server.link(), script=DECK_HOOK)
        theirs.page.set_default_timeout(LONG)
        try:
            theirs.page.wait_for_function(DECK, arg=left[0], timeout=LONG)
            for wanted in left[1:]:
                ready(theirs.page, "() => {}")
                theirs.page.evaluate(DECK_CLOCK, wanted)
                theirs.press("Days — start", "ArrowRight", needs="() => clock.seen")
        except PlaywrightError as error:
            told = _why(theirs, error)
            table.told("  the same beside pydeck", f"{median(ours):.3f} s", "", "pydeck", told)
        else:
            table.add("  the same beside pydeck", ours, "pydeck", theirs.seen, "faster")
            table.bytes("  websocket, a press of the pydeck page", theirs.received, "")
        theirs.page.close()


def _why(theirs: Presses, error: PlaywrightError) -> str:
    """Return the page's error message, or else the browser's."""
    try:
        told = theirs.page.get_by_test_id("stException").inner_text(timeout=1_000)
    except PlaywrightError:
        told = str(error)
    so_far = f"{len(theirs.seen)} presses, {theirs.traffic.received / 1e6:,.0f} MB received"
    return f"not possible: {' '.join(told.split())[:80]} ({so_far})"


def points(count: int = POINTS) -> gpd.GeoDataFrame:
    """Return points over western Syria, EPSG:4326, equally many on each day."""
    random = np.random.default_rng(20241208)
    days = pd.date_range(FIRST, LAST).to_numpy()
    places = gpd.points_from_xy(random.uniform(35, 37, count), random.uniform(33.6, 35.6, count))
    numbers = np.arange(count)
    return gpd.GeoDataFrame(
        {
            "id": [f"point-{number}" for number in numbers],
            "name": [f"Point {number}" for number in numbers],
            "day": days[numbers % len(days)],
            "kind": np.array(["radar", "lorry", "ship"])[numbers % 3],
        },
        geometry=places,
        crs="EPSG:4326",
    )


def write_points(folder: Path, count: int = POINTS) -> Path:
    """Write the points as the layer "points" of a store; return its file."""
    open_store(str(folder)).write(
        "points",
        points(count),
        LayerSpec(title="Points", id_column="id", time_columns=("day", "day"), label_column="name"),
    )
    return folder / "points.parquet"
