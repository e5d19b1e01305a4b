"""Clocks that run in the page, synthetic points, and the table that is printed at the end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import geopandas as gpd
import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page

from geo.store import open_store
from tests.serving import IDLE, MAP, Traffic

POINTS = 10_000
FIRST, LAST = dt.date(2024, 12, 1), dt.date(2024, 12, 30)
LONG = 120_000  # milliseconds
SIZE = {"width": 1366, "height": 768}

# Each clock starts with the key event. `set` is when the page's own script had done its work,
# `seen` is when a loop over animation frames first met the new state.
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
# Until nothing more has come to the map for half a second: what it fetches ahead is there.
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
# The plain page mounts a new frame a press: it is done when that has as many paths as it should.
PATHS = f"""wanted => document.querySelector("{MAP}")?.contentDocument
  ?.querySelectorAll("path.leaflet-interactive").length === wanted"""
PATHS_CLOCK = f"""wanted => {{
  const drawn = {PATHS};
  window.clock = {{}};
  const loop = () => drawn(wanted) ? (clock.seen = performance.now()) : requestAnimationFrame(loop);
  window.addEventListener("keydown", () => {{
    window.clock = {{ key: performance.now() }};
    requestAnimationFrame(loop);
  }}, {{ capture: true, once: true }});
}}"""


@dataclass
class Presses:
    """What was measured of one page's key presses: seconds until done, and bytes received."""

    page: Page
    traffic: Traffic
    done: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)

    def press(self, slider: str, key: str, *, needs: str = "() => clock.set && clock.seen") -> None:
        """Press a key on a thumb of the slider, and wait until the page has come to rest."""
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
    """Figures side by side."""

    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, what: str, ours: list[float], other: str, theirs: list[float], aim: str) -> None:
        """Add medians in seconds, and their ratio: the larger one over the smaller where faster."""
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
        """Add one figure that is no time, and what it is beside, if it is beside anything."""
        self.rows.append((what, value, beside, other, "", aim, ""))

    def __str__(self) -> str:
        head = ("measured", "dashboard", "beside", "", "ratio", "aim", "n")
        rows = [head, *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def opened(browser: Browser, link: str) -> Presses:
    """Open a page whose key presses will be measured."""
    page = browser.new_page(viewport=SIZE)
    traffic = Traffic(page)
    page.goto(link)
    return Presses(page, traffic)


def ready(page: Page, clock: str) -> None:
    """Wait until a page has come to rest, then set a clock in it."""
    page.get_by_role("slider").first.wait_for()
    page.locator(IDLE).wait_for(state="attached")
    page.evaluate(clock)


def points(count: int = POINTS) -> gpd.GeoDataFrame:
    """Return points over western Syria, EPSG:4326, as many on each day as on another."""
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
        "points", points(count), title="Points", id_column="id", time_columns=("day", "day"),
        label_column="name",
    )  # fmt: skip
    return folder / "points.parquet"
