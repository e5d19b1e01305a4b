"""Record a page's requests to other hosts, script errors and policy violations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page

ELSEWHERE = re.compile(r"^(?!(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:)")
# Streamlit first requests these two below the page's path, then at the root.
STREAMLITS_OWN = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")


@dataclass
class PageWatch:
    """Unwanted events of a page: requests to other hosts, errors, policy violations.

    Requests to other hosts never leave the machine: see `tests.support.app_server.QUIET`.
    """

    outside: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    allowed: re.Pattern | None = (
        None  # URLs that this test allows the page to request, without success
    )

    def attach(self, page: Page) -> None:
        """Watch a new page."""
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
    def problems(self) -> list[str]:
        """All events that the test did not allow."""
        asked = [url for url in self.outside if not (self.allowed and self.allowed.search(url))]
        return [*(f"asked elsewhere: {url}" for url in asked), *self.faults]
