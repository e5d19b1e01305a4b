"""Tiles of an operator's server are shown; where none come, a word and the drawn map are."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, Page, expect

from tests.support.app_server import Server, expected_selection, serve_app, wait_for_map
from tests.support.page_watch import PageWatch


def draw_tile() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (256, 256), "#c8d6c0").save(out, "PNG")
    return out.getvalue()


@dataclass
class TileServer:
    """A local server of tiles, which a test lets answer with pictures, with 404, or never."""

    answer: str = "tiles"
    asked: list[str] = field(default_factory=list)
    address: str = ""
    release: threading.Event = field(default_factory=threading.Event)


@pytest.fixture(scope="module")
def tiles() -> Iterator[TileServer]:
    known, picture = TileServer(), draw_tile()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(self.path)
            if known.answer == "nothing":
                known.release.wait(60)
            if known.answer == "404":
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(picture)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    known.address = f"http://127.0.0.1:{server.server_port}"
    yield known
    known.release.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def server(tiles: TileServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    source = {
        "name": "ours",
        "title": "Survey map",
        "url": f"{tiles.address}/{{z}}/{{x}}/{{y}}.png",
        "attribution": "The survey of the test",
    }
    log = tmp_path_factory.mktemp("tiles") / "log.txt"
    with serve_app(log=log, TILE_SOURCES=json.dumps([source])) as served:
        yield served


@pytest.fixture
def open_online(page: Page, server: Server, tiles: TileServer, watch: PageWatch):
    """Open the overview on the operator's tiles, while their server answers in some way."""
    watch.allowed = re.compile(re.escape(tiles.address))

    def opened(answer: str) -> FrameLocator:
        tiles.answer = answer
        tiles.release.clear()
        page.goto(server.link("overview", "base=ours"))
        return wait_for_map(page, expected_selection("overview").token)

    return opened


def test_tiles_of_the_setting_are_shown_with_their_attribution(open_online, tiles):
    frame = open_online("tiles")
    expect(frame.locator(".leaflet-container.online")).to_be_visible()
    expect(frame.locator(".attribution")).to_contain_text("The survey of the test")
    expect(frame.locator(".tile-notice")).to_be_hidden()
    expect(frame.locator("path.land:not([d='M0 0'])").first).to_be_hidden()
    assert tiles.asked


def test_missing_tiles_have_a_word_that_goes_when_they_come(open_online, tiles):
    frame = open_online("404")
    notice = frame.locator(".tile-notice")
    expect(notice).to_contain_text("Survey map cannot be shown: no tiles come from 127.0.0.1")
    expect(notice).to_contain_text("Choose “Drawn map”")
    expect(frame.locator("path.land:not([d='M0 0'])").first).to_be_visible()
    expect(frame.locator(".attribution")).not_to_contain_text("The survey of the test")
    tiles.answer = "tiles"
    frame.get_by_role("button", name="Closer").click()
    expect(frame.locator(".leaflet-container.online")).to_be_visible()
    expect(notice).to_be_hidden()


def test_tiles_that_are_missing_later_have_a_word_too(open_online, tiles):
    frame = open_online("tiles")
    expect(frame.locator(".leaflet-container.online")).to_be_visible()
    tiles.answer = "404"
    frame.get_by_role("button", name="Farther").click()
    expect(frame.locator(".tile-notice")).to_contain_text("Survey map")


def test_server_that_never_answers_is_named_as_slow(open_online, tiles):
    frame = open_online("nothing")
    expect(frame.locator("path.land:not([d='M0 0'])").first).to_be_visible()
    expect(frame.locator(".tile-notice")).to_contain_text("Survey map is slow")
    tiles.answer = "tiles"
    tiles.release.set()
    expect(frame.locator(".leaflet-container.online")).to_be_visible()
    expect(frame.locator(".tile-notice")).to_be_hidden()
