"""100 viewers for five minutes, each with a change every 10 s, compared with one viewer.

LOAD_SESSIONS and LOAD_SECONDS set its size; three times as many viewers are served by one process
for each core, behind nginx. It asserts only that no change failed.
"""

import os
from pathlib import Path

import pytest

from tests.support.app_server import serve_app
from tests.support.deployment import serve_processes
from tests.support.load_driver import LoadResult, measure_viewers, seconds

pytestmark = pytest.mark.bench

SESSIONS = int(os.environ.get("LOAD_SESSIONS", "100"))
LASTING = float(os.environ.get("LOAD_SECONDS", "300"))


def test_hundred_viewers_filter_and_change_pages_without_faults(tmp_path: Path):
    log = tmp_path / "log.txt"
    with serve_app(log=log) as server:
        load = measure_viewers(server.url, server.process.pid, sessions=SESSIONS, lasting=LASTING)
    check(load, log, SESSIONS)


def test_three_hundred_viewers_are_served_by_all_cores(tmp_path: Path):
    log, sessions = tmp_path / "log.txt", 3 * SESSIONS
    with serve_processes(log, os.cpu_count() or 2) as (url, process):
        load = measure_viewers(url, process.pid, sessions=sessions, lasting=LASTING)
    check(load, log, sessions)


def check(load: LoadResult, log: Path, sessions: int) -> None:
    """Print the results, and check that no change failed."""
    print(f"\n\n{told(load, sessions)}\n")
    assert not load.faults, load.faults[:5]
    assert "Traceback" not in log.read_text()
    assert len(load.together) >= sessions, "some viewers made no change"


def told(load: LoadResult, sessions: int) -> str:
    """Return the results as text."""
    lines = [
        f"{sessions} viewers for {LASTING:.0f} s, a change every 10 s each: "
        f"{len(load.together)} changes of {sessions * LASTING / 10:.0f} due, "
        f"{len(load.faults)} faults"
    ]
    for kind in ("filter", "page", ""):
        (few50, few95), (p50, p95) = seconds(load.alone, kind), seconds(load.together, kind)
        lines.append(
            f"  {kind or 'both':6} alone p50 {few50:.3f} s p95 {few95:.3f} s | together p50 "
            f"{p50:.3f} s p95 {p95:.3f} s | p95 {p95 / few95:.1f} times alone (at most 5)"
        )
    memory = load.megabytes
    sizes = ", ".join(f"{when} {size:,.0f} MB" for when, size in memory.items())
    lines.append(f"  memory of the server: {sizes}")
    each = (memory["end"] - memory["one viewer"]) / max(sessions - 1, 1)
    grown = memory["end"] - memory["middle"]
    lines.append(f"  a session {each:.1f} MB (at most 10); from middle to end {grown:+.0f} MB")
    lines.append(
        f"  the server used {load.busy / load.lasted:.2f} of {os.cpu_count()} cores, "
        f"{1000 * load.busy / len(load.together):.0f} ms of processor time a change, "
        f"{1000 * load.arriving:.0f} ms a first page"
    )
    return "\n".join(lines)
