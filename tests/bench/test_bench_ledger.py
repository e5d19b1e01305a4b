"""A ledger of 5,000 events with 2,000 reports: its check, pages and filters, beside no ledger."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser

from geo.evidence import builtin_evidence
from geo.ledger import Event, FolderLedger, Head, LedgerState, RecordChange
from geo.ledger.chain import make_event
from geo.ledger.head_file import place_head, prepare_head
from tests.bench.measuring import Table
from tests.support.app_server import IDLE, MAP, Server, serve_app

pytestmark = pytest.mark.bench

EVENTS, CLAIMS, TRIES = 5_000, 2_000, 7
TOKEN = f"""() => document.querySelector("{MAP}")?.contentWindow?.paintedSelection?.token"""
QUIET = f"""() => {{
    const clock = document.querySelector("{MAP}").contentWindow.performance;
    const ends = clock.getEntriesByType("resource").map((one) => one.responseEnd);
    return clock.now() - Math.max(...ends) > 1000;
}}"""
CHANGED = f"token => ![undefined, token].includes(({TOKEN})())"


def fill(path: Path) -> None:
    """Write synthetic events: each report is drafted and published, and some are corrected."""
    evidence, chance = builtin_evidence(), random.Random(1)
    known = [claim.model_dump(mode="json") for claim in evidence.claims]
    claims = []
    for number in range(CLAIMS - len(known)):
        name = f"synthetic-{number:05d}"
        claims.append(chance.choice(known) | {"id": name, "origins": [f"unnamed:{name}"]})
    last: Event | None = None
    lines, number = [], 0
    while len(lines) < EVENTS:
        old = claims[number % len(claims)]
        new = old | ({"note": f"correction {number}"} if number >= len(claims) else {})
        claims[number % len(claims)] = new
        before = None if number < len(claims) else old
        for by, acts in (("Author", ("draft", "submit")), ("Reviewer", ("publish",))):
            fields: dict[str, Any] = {"kind": "claim", "record": new["id"], "old": before}
            changes = [
                RecordChange(**fields, action=act, new=None if act == "submit" else new)
                for act in acts
            ]
            last, line = make_event(last, by, "synthetic", changes, datetime.now(UTC))
            lines.append(line + b"\n")
        number += 1
    path.mkdir()
    (path / "events.jsonl").write_bytes(b"".join(lines))
    assert last is not None
    place_head(prepare_head(path, Head(last.number, last.hash)))


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "events"
    fill(path)
    return path


def clock(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def test_check_and_fold(ledger: Path, table: Table):
    opened = FolderLedger(ledger)
    assert len(opened.read()) == EVENTS
    state = LedgerState.start(builtin_evidence()).apply_all(opened.read())
    assert len(state.evidence().claims) == CLAIMS
    figures = {
        "verify": lambda: FolderLedger(ledger).verify(),
        "read": lambda: FolderLedger(ledger).read(),
        "fold all events": lambda: LedgerState.start(builtin_evidence()).apply_all(opened.read()),
        "fold one more event": lambda: state.apply(opened.read()[-1]),
    }
    for name, act in figures.items():
        seconds = median(clock(act) for _ in range(3))
        aim = "under 2 s" if name == "verify" else ""
        table.told(f"5,000 events: {name}", f"{seconds * 1000:,.1f} ms", aim)


def open_and_filter(browser: Browser, app: Server, link: str) -> tuple[float, float]:
    """Return seconds until the map is painted, and until it is painted anew after a filter."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    start = time.perf_counter()
    page.goto(app.link("overview", link))
    page.wait_for_function(CHANGED, arg="", polling=20)
    page.wait_for_selector(IDLE)
    opened = time.perf_counter() - start
    page.wait_for_function(QUIET, polling=100)  # somebody looks first; the next days are fetched
    before = page.evaluate(TOKEN)
    start = time.perf_counter()
    page.get_by_role("button", name="Day before").click()
    page.wait_for_function(CHANGED, arg=before, polling=20)
    page.wait_for_selector(IDLE)
    filtered = time.perf_counter() - start
    page.close()
    return opened, filtered


@pytest.mark.parametrize("link", ["", "sources=all"])
def test_page_and_filter(browser: Browser, ledger: Path, tmp_path: Path, table: Table, link: str):
    with ExitStack() as both:
        apps = {
            "no ledger": both.enter_context(serve_app(log=tmp_path / "one.txt")),
            "ledger": both.enter_context(
                serve_app(log=tmp_path / "two.txt", LEDGER_URL=str(ledger))
            ),
        }
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in apps}
        for _ in range(TRIES + 1):  # in turn, so that a busy machine slows both
            for name, app in apps.items():
                times[name].append(open_and_filter(browser, app, link))
    for position, what in enumerate(("page", "filter")):
        alone, ours = ([pair[position] for pair in times[name][1:]] for name in apps)
        table.add(f"{what} {link}".strip(), ours, "no ledger", alone, "at most 1.3")
