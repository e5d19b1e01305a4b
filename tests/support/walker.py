"""Open views in a page that is open already, as a step of the browser's history: no page load.

A load costs seconds of processor time, a step a fraction of one. Tests whose subject is not the
load itself share a page in this way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.app_server import IDLE, Server
from tests.support.page_watch import PageWatch

EVERYTHING = "sources=articles"  # a step to an address without a query would keep the view
STEP = """address => {
  history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
}"""
SOME_PART = "[data-testid=stMain] [data-testid=stElementContainer]"
SHORT = 200  # bytes; the message that a run has ended is below
_SOCKETS: WeakKeyDictionary[Page, WebSocket] = WeakKeyDictionary()


def follow(page: Page) -> None:
    """Keep the connection of a page that is not loaded yet, so that `walk` can wait for its run."""
    page.on("websocket", lambda socket: _SOCKETS.__setitem__(page, socket))


def _is_end_of_run(payload: str | bytes) -> bool:
    if isinstance(payload, str) or len(payload) > SHORT:
        return False
    return ForwardMsg.FromString(payload).WhichOneof("type") == "script_finished"


def walk(page: Page, server: Server, path: str, query: str = "") -> None:
    """Show a view in an open page; returns when the script has run for it."""
    expect(page.locator(SOME_PART).first).to_be_attached()
    expect(page.locator(IDLE)).to_be_attached()
    with _SOCKETS[page].expect_event("framereceived", _is_end_of_run, timeout=20_000):
        page.evaluate(STEP, server.link(path, query or EVERYTHING))
    expect(page.locator(IDLE)).to_be_attached()


@dataclass
class Walker:
    """Pages that stay open over several tests, one for each server and colour scheme."""

    visitors: Callable[..., BrowserContext]
    watch: PageWatch = field(default_factory=PageWatch)
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)

    def page(self, server: Server, path: str = "overview", query: str = "", **looks: str) -> Page:
        """Return the page, loaded with this view if it is not open."""
        key = server.url, looks.get("scheme", "light")
        if key not in self.pages:
            page = self.pages[key] = self.visitors(**looks).new_page()
            self.watch.attach(page)
            follow(page)
            page.goto(server.link(path, query))
        return self.pages[key]

    def open(
        self,
        server: Server,
        path: str = "overview",
        query: str = "",
        *,
        size: tuple[int, int] = (1366, 768),
        scheme: str = "light",
    ) -> Page:
        """Return the page with a view and a size; only the first call loads it."""
        known = (server.url, scheme) in self.pages
        page = self.page(server, path, query, scheme=scheme)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if known:
            walk(page, server, path, query)
        return page

    def forget(self) -> None:
        """Close all pages, as after a failure: the next view is loaded."""
        for page in self.pages.values():
            page.close()
        self.pages.clear()
