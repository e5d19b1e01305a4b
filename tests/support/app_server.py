"""Start Streamlit processes for browser tests and benchmarks, and wait for a painted map."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame, Page, expect

from geo.app_context import context
from geo.page_registry import find_page, list_pages
from geo.selection import Selection, select
from geo.settings import ROOT
from geo.store.core.api import LayerStore
from geo.view import from_query
from tests.support.app_elements import clear_caches

sys.path.append(str(ROOT / "tools"))
from ensure_programs import CHROMIUM, find_chromium

DASHBOARD = "dashboard.py"
# The last one redirects requests to other hosts to a closed port.
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--proxy-server=http://127.0.0.1:9",
)
MAP = "iframe[src*='component/streamlit_folium']"
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
PATIENCE = 30  # seconds until a process must answer
SOON = 2_000  # milliseconds for one attempt that is retried
MAP_PAGES = tuple(page.path for page in list_pages() if page.frame)
PAINTED = f"""token => [...document.querySelectorAll("{MAP}")].some(
    frame => frame.contentWindow?.paintedSelection?.token === token)"""


def browser_launch_args(ready: Mapping) -> dict:
    """Return launch arguments for the system's Chromium, or for Playwright's own without one."""
    path = find_chromium()
    if path is None and os.environ.get("CI"):
        msg = f"No Chromium on this machine; install one of {', '.join(CHROMIUM)}."
        raise RuntimeError(msg)
    found = {"executable_path": path} if path else {}
    return {**ready, **found, "args": [*ready.get("args", ()), *QUIET]}


@dataclass
class Server:
    """A running Streamlit process."""

    url: str
    process: subprocess.Popen
    started: float  # time.perf_counter() just before the process was started

    def link(self, path: str = "", query: str = "") -> str:
        """Return the URL of a page; the first page has an empty path."""
        path = "" if path == list_pages()[0].path else path
        return f"{self.url}/{path}" + (f"?{query}" if query else "")

    def stop(self) -> None:
        """Terminate the process, and wait for its exit."""
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    """Return a free TCP port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def _ended(process: subprocess.Popen, *, within: float) -> bool:
    try:
        process.wait(timeout=within)
    except subprocess.TimeoutExpired:
        return False
    return True


def wait_until_answers(
    url: str, process: subprocess.Popen, log: Path, *, within: float = PATIENCE
) -> None:
    """Wait until a URL answers with 200.

    Parameters
    ----------
    url : str
    process : subprocess.Popen
        The server; raises RuntimeError with the end of its log if it exits or is late.
    log : pathlib.Path
        The process's log file.
    within : float
        Seconds.
    """
    started = time.perf_counter()
    while not _answers(url):
        late = time.perf_counter() - started > within
        if late or _ended(process, within=0.01):
            msg = f"No answer at {url} after {within} s:\n{log.read_text()[-2000:]}"
            raise RuntimeError(msg)


@contextmanager
def serve_app(
    script: str = DASHBOARD,
    *,
    log: Path,
    port: int | None = None,
    patient: bool = True,
    **environment: str,
) -> Iterator[Server]:
    """Run `streamlit run script` from the repository's root inside the block.

    Parameters
    ----------
    script : str
        Relative to the repository's root.
    log : pathlib.Path
        The process's log file.
    port : int
        The TCP port; None picks a free one.
    patient : bool
        Whether to wait until it answers.
    **environment : str
        Environment variables to add.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", f"--server.port={port}", script]
    clean = {name: text for name, text in os.environ.items() if name != "STORE_URL"}
    with log.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env={**clean, **environment}, stdout=out, stderr=subprocess.STDOUT
        )
    server = Server(f"http://127.0.0.1:{port}", process, started)
    try:
        if patient:
            wait_until_answers(f"{server.url}/_stcore/health", process, log)
        yield server
    finally:
        server.stop()


@lru_cache(maxsize=4)
def read_layers(url: str = "") -> LayerStore:
    """Return the layers that an app with this STORE_URL, and without a ledger, reads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORE_URL", url)
        patch.setenv("LEDGER_URL", "")
        clear_caches()
        store = context().store
    clear_caches()
    return store


def expected_selection(page: str = "overview", query: str = "", *, store: str = "") -> Selection:
    """Return the selection that a page's map should show for a link."""
    view, notices = from_query(query, page=page)
    assert not notices, notices
    return select(view.narrow_to_places(find_page(page).places), read_layers(store))


def wait_for_map(page: Page, token: str) -> Frame:
    """Wait until a map on the page has painted the selection with this token; return its frame.

    An outdated run may still paint its own selection before the last run ends.
    """

    def found() -> Frame:
        page.wait_for_function(PAINTED, arg=token, timeout=20_000)
        expect(page.locator(IDLE)).to_be_attached()
        for frame in page.frames:
            if (
                "component/streamlit_folium" in frame.url
                and read_painted(frame).get("token") == token
            ):
                return frame
        msg = f"The frame that painted {token} is gone."
        raise AssertionError(msg)

    return retry(found)


def read_painted(frame: Frame) -> dict:
    """Return the painted selection's token and, up to a limit, its ids."""
    return frame.evaluate("window.paintedSelection || {}")


def retry(attempt: Callable[[], Any], *, within: float = PATIENCE) -> Any:
    """Repeat an attempt until it succeeds or times out."""
    end = time.monotonic() + within
    while True:
        try:
            return attempt()
        except (AssertionError, PlaywrightError):
            if time.monotonic() > end:
                raise


def choose_option(page: Page, label: str, option: str) -> None:
    """Choose an option of a select box by typing.

    Types again if the list closes because the sidebar scrolls or an earlier run redraws it.
    """
    box = page.get_by_role("combobox", name=label)
    listed = page.get_by_role("option", name=option, exact=True)
    chips = page.get_by_test_id("stMultiSelect").filter(has=box).get_by_title(option, exact=True)
    expect(box).to_be_visible()

    def typed() -> None:
        expect(page.locator(IDLE)).to_be_attached()
        if chips.count():  # Enter would deselect it
            return
        box.evaluate("box => box.scrollIntoView({ block: 'center' })")
        box.click(timeout=SOON)
        box.fill("", timeout=SOON)
        box.fill(option, timeout=SOON)
        expect(listed).to_be_visible(timeout=SOON)
        for _ in range(page.get_by_role("option").count()):  # "select all" may come first
            if listed.get_attribute("data-focused", timeout=SOON):
                break
            box.press("ArrowDown")
        expect(listed).to_have_attribute("data-focused", "true", timeout=SOON)
        box.press("Enter")
        box.press("Escape")  # a multiselect's list stays open; leftover text is cleared
        expect(listed).to_have_count(0, timeout=SOON)
        if box.input_value() != option:
            expect(chips).to_be_visible(timeout=SOON)

    retry(typed)


class WebsocketTraffic:
    """Counts the bytes that a page receives by WebSocket; create it before opening the page."""

    def __init__(self, page: Page) -> None:
        self.received = 0
        page.on("websocket", lambda socket: socket.on("framereceived", self._add))

    def _add(self, payload: str | bytes) -> None:
        self.received += len(payload if isinstance(payload, bytes) else payload.encode())
