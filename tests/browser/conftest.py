"""One served dashboard for all browser tests, and a watch over what a browser does with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route, expect

from tests.serving import Server, serving

SIZE = {"width": 1366, "height": 768}
ELSEWHERE = re.compile(r"^(?!(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:|chrome)")
# Streamlit asks a page's own address for these two before it asks the root, which answers.
STREAMLITS_OWN = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")

expect.set_options(timeout=20_000)


@dataclass
class Watch:
    """What a browser context did that it should not: asked elsewhere, failed, broke a policy."""

    outside: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    allowed: re.Pattern | None = None  # addresses that this test lets a page ask for, in vain

    def over(self, context: BrowserContext) -> None:
        """Stop each request that leaves the machine, and note it."""
        context.route(ELSEWHERE, self._stop)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("console", self._console)
        context.on("page", self._sockets)

    def _stop(self, route: Route) -> None:
        self.outside.append(route.request.url)
        route.abort()

    def _sockets(self, page: Page) -> None:
        page.on(
            "websocket",
            lambda socket: self.outside.append(socket.url) if ELSEWHERE.match(socket.url) else None,
        )

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


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], watch: Watch
) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser contexts that are watched; what they did is judged when the test is over."""

    def make(**options: object) -> BrowserContext:
        context = new_context(**{"viewport": SIZE, **options})
        watch.over(context)
        return context

    yield make
    assert not watch.complaints, "\n".join(watch.complaints)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard on its shipped data."""
    with serving(log=tmp_path_factory.mktemp("app") / "log.txt") as server:
        yield server
