"""Large layers: time to draw density tiles, time to select rows, and memory."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser

from geo.store import FolderStore, Query
from geo.store.bulk.index_builder import load_index
from geo.store.bulk.spatial_index import to_window
from tests.bench.large_layers import write_big
from tests.bench.measuring import (
    AT_REST,
    FIRST_TILE,
    LONG,
    MAP_CLOCK,
    PATHS,
    PATHS_CLOCK,
    TEXT_CLOCK,
    Presses,
    Table,
    add_pydeck,
    opened,
    points,
    ready,
    write_points,
)
from tests.support.app_server import expected_selection, serve_app, wait_for_map

pytestmark = pytest.mark.bench

PRESSES, JUMPS, PYDECK_PRESSES = 8, 3, 3
EMPTY, PLAIN = "tests/bench/empty_page.py", "tests/bench/plain_app.py"
BOX, FIRST, LAST = (35.5, 34.5, 36.5, 35.2), dt.date(2024, 12, 10), dt.date(2024, 12, 14)


def memory(pid: int) -> int:
    """Return the peak memory of a process, MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in text.splitlines() if "VmHWM" in line)) // 1000


def test_key_press_with_fifty_thousand_points(browser: Browser, tmp_path: Path, table: Table):
    count = 50_000
    file = write_points(tmp_path, count)
    days = points(count)["day"].dt.day
    with (
        serve_app(log=tmp_path / "app.txt", STORE_URL=str(tmp_path)) as app,
        serve_app(PLAIN, log=tmp_path / "plain.txt", POINTS=str(file)) as plain,
    ):
        ours = opened(browser, app.link("overview", "layer=points"))
        whole = expected_selection("overview", "layer=points", store=str(tmp_path))
        wait_for_map(ours.page, whole.token)
        ready(ours.page, MAP_CLOCK)
        theirs = opened(browser, plain.link())
        theirs.page.wait_for_function(PATHS, arg=count, timeout=LONG)
        ready(theirs.page, "() => {}")
        theirs.page.evaluate(PATHS_CLOCK, int((days > 1).sum()))
        theirs.press("Days — start", "ArrowRight", needs="() => clock.seen")
        for _ in range(PRESSES):
            ours.press("Days — start", "ArrowRight")
        ours.page.close()
        theirs.page.close()
    what, aim = f"key press to painted map, {count:,} points", "at least 20 times faster"
    table.add(what, ours.seen, "plain streamlit-folium", theirs.seen, aim)
    left = [int((days > gone).sum()) for gone in range(PYDECK_PRESSES + 1)]
    add_pydeck(table, browser, ours.seen, file, left)


def _tiled(ours: Presses, slider: str, key: str) -> tuple[float, float]:
    """Press a key; return seconds to the first tile and to all tiles."""
    ours.page.evaluate(FIRST_TILE)
    ours.press(slider, key)
    first = ours.page.evaluate("clock.first - clock.key") / 1000
    ours.page.evaluate(AT_REST)
    return first, ours.done[-1]


@pytest.mark.parametrize("count", [1_000_000, 10_000_000])
def test_key_press_with_millions_of_points(
    browser: Browser, tmp_path: Path, table: Table, count: int
):
    file = write_big(tmp_path, count)
    with (
        serve_app(EMPTY, log=tmp_path / "empty.txt") as empty,
        serve_app(log=tmp_path / "app.txt", STORE_URL=str(tmp_path)) as app,
    ):
        ours = opened(browser, app.link("overview", "layer=big"))
        ours.page.set_default_timeout(LONG)
        ours.page.wait_for_function(
            "() => [...document.querySelectorAll('iframe')].some("
            "frame => frame.contentWindow?.paintedSelection)",
            timeout=LONG,
        )
        ready(ours.page, MAP_CLOCK)
        theirs = opened(browser, empty.link())
        ready(theirs.page, TEXT_CLOCK)
        for _ in range(PRESSES):  # one at a time: prefetching would slow the other
            theirs.press("Days — end", "ArrowLeft")
        steps = [_tiled(ours, "Days — start", "ArrowRight") for _ in range(PRESSES)]
        jumps = [  # alternate the slider's ends, so that no view has been prefetched
            _tiled(ours, *press)
            for _ in range(JUMPS)
            for press in (("Days — start", "PageUp"), ("Days — end", "PageDown"))
        ]
        ours.page.close()
        theirs.page.close()
        most = memory(app.process.pid)
    aim = "at most 3" if count == 1_000_000 else ""
    for how, seen in (("", steps), (", days not fetched ahead", jumps)):
        first, every = zip(*seen, strict=True)
        what = f"key press to first tile, {count:,} points{how}"
        table.add(what, first, "empty rerun", theirs.done, aim)
        table.add("  to all tiles in sight", every, "empty rerun", theirs.done, "")
    table.bytes("  websocket, a press", ours.received, "at most 8 KB")
    table.told("  most memory of the server", f"{most:,} MB", "under 4,000 MB")
    if count == 1_000_000:
        days = pd.read_parquet(file, columns=["day"])["day"].dt.day
        left = [int((days > gone).sum()) for gone in range(PYDECK_PRESSES + 1)]
        add_pydeck(table, browser, [every for _, every in steps], file, left)


def timed(run: Callable[[], object], times: int = 15) -> list[float]:
    run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return taken


def test_select_from_a_million_rows(tmp_path: Path, table: Table):
    path = write_big(tmp_path, 1_000_000)
    store = FolderStore(tmp_path)
    columns, window = load_index(store, "big"), to_window(BOX)
    query = Query(FIRST, LAST, undated=False, bbox=BOX)
    raw = pq.read_table(path, columns=["bbox", "day"])
    x, y = (raw.column("bbox").combine_chunks().field(side).to_numpy() for side in ("xmin", "ymin"))
    day = raw.column("day").to_numpy().astype("datetime64[D]").astype(np.int32)
    low, high = (
        int((np.datetime64(one) - np.datetime64(0, "D")).astype(int)) for one in (FIRST, LAST)
    )

    def mask() -> np.ndarray:
        return (
            (x >= BOX[0])
            & (x <= BOX[2])
            & (y >= BOX[1])
            & (y <= BOX[3])
            & (day >= low)
            & (day <= high)
        )

    def found() -> np.ndarray:
        return np.concatenate(list(columns.find_rows(query, window)))

    assert len(found()) == mask().sum()
    bare = timed(mask)
    table.add("select of 1,000,000, which rows", timed(found), "numpy mask", bare, "at most 3")
    table.add(
        "  and the rows themselves, read",
        timed(lambda: store.read("big", query)),
        "numpy mask",
        bare,
        "at most 3",
    )
    report_cold(path, table, store, query)


def report_cold(path: Path, table: Table, store: FolderStore, query: Query) -> None:
    """Report how many bytes of the file a query must read and how many it reads."""
    about = pq.ParquetFile(path)
    starts = np.cumsum(
        [0, *(about.metadata.row_group(n).num_rows for n in range(about.num_row_groups))]
    )
    rows = store.read("big", query).index.to_numpy()
    needed = set(np.searchsorted(starts, rows, side="right") - 1)
    copied = path.parent / "copied"
    copytree(path.parent, copied)
    before = read_so_far()
    cold = FolderStore(copied, ours=True)
    cold.layers()
    looked = read_so_far()
    assert len(cold.read("big", query)) == len(rows)
    selected = read_so_far()
    store.read("big", query)
    again = read_so_far()
    table.told(
        "  row groups with a row of the answer",
        f"{len(needed)}",
        "",
        "of all",
        f"{about.num_row_groups}",
    )
    size = f"{path.stat().st_size:,} B"
    for what, count in (
        ("first look at the file, its hash included", looked - before),
        ("a first select, cold", selected - looked),
        ("the select, warm", again - selected),
    ):
        table.told(f"  bytes read by {what}", f"{count:,} B", "", "file", size)


def read_so_far() -> int:
    """Return the bytes that this process has read, cached ones included."""
    text = Path("/proc/self/io").read_text()
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("rchar")))
