"""One served dashboard for all browser tests, and a watch over what a browser does with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.support.app_server import Server, serving

SIZE = (1366, 768)
ELSEWHERE = re.compile(r"^(?!(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:)")
# Streamlit asks a page's own address for these two before it asks the root, which answers.
STREAMLITS_OWN = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")

expect.set_options(timeout=20_000)


@dataclass
class Watch:
    """What a page did that it should not: asked elsewhere, failed, broke a policy.

    What is asked for elsewhere never gets there: see `tests.support.app_server.QUIET`.
    """

    outside: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    allowed: re.Pattern | None = None  # addresses that this test lets a page ask for, in vain

    def over(self, page: Page) -> None:
        """Watch a page that was just made."""
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("console", self._console)

    def _asked(self, url: str) -> None:
        if ELSEWHERE.match(url):
            self.outside.append(url)

    def _console(self, message: ConsoleMessage) -> None:
        text, url = message.text, message.location.get("url", "")
        policy = "Content Security Policy" in text
        if message.type != "error" and not policy and not text.startswith("map:"):
            return
        if STREAMLITS_OWN.search(url) or (self.allowed and self.allowed.search(url)):
            return
        self.faults.append(f"{message.type}: {text} ({url})")

    @property
    def complaints(self) -> list[str]:
        """Everything that the test did not allow."""
        asked = [url for url in self.outside if not (self.allowed and self.allowed.search(url))]
        return [*(f"asked elsewhere: {url}" for url in asked), *self.faults]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture(scope="session")
def visitors(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Browser contexts by size and colour scheme. Each keeps its cache for the whole session."""
    known: dict[tuple, BrowserContext] = {}

    def visitor(size: tuple[int, int] = SIZE, scheme: str = "light") -> BrowserContext:
        if (size, scheme) not in known:
            viewport = {"width": size[0], "height": size[1]}
            known[size, scheme] = browser.new_context(viewport=viewport, color_scheme=scheme)
        return known[size, scheme]

    yield visitor
    for context in known.values():
        context.close()


@pytest.fixture
def open_page(visitors: Callable[..., BrowserContext], watch: Watch) -> Iterator[Callable]:
    """Open watched pages; what they did is judged when the test is over."""
    pages: list[Page] = []

    def make(**looks: object) -> Page:
        page = visitors(**looks).new_page()
        watch.over(page)
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.close()
    assert not watch.complaints, "\n".join(watch.complaints)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard on its shipped data."""
    with serving(log=tmp_path_factory.mktemp("app") / "log.txt") as server:
        yield server
