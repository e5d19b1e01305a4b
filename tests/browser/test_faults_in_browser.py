"""A served dashboard under faults: it keeps running, reports them and isolates sessions."""

import http.client
import json
import os
import random
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from geo.server.routes import routes
from geo.server.session_cookie import COOKIE
from tests.support.app_server import IDLE, Server, serve_app
from tests.support.concurrent_users import run_concurrent_users, table
from tests.support.layer_files import feature, write_layer
from tests.support.signed_cookie import auth_section, sign_in_cookies
from tests.support.websocket_client import WebsocketClient


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Server]:
    """Serve a dashboard with a shared store and a folder for session layers."""
    store = folder / "store"
    store.mkdir()
    write_layer(store, [feature({"name": "Synthetic alpha"})])
    said = {"STORE_URL": str(store), "OWN_FOLDER": str(folder / "own"), "SHARE_UPLOADS": "1"}
    with serve_app(log=folder / "log.txt", **said) as server:
        yield server
        assert server.process.poll() is None
    assert "Traceback" not in (folder / "log.txt").read_text()


def send_raw(server: Server, request: bytes) -> tuple[int, bytes]:
    """Send raw bytes; return status and body, or status 0 for a closed connection."""
    host, port = urlsplit(server.url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(request)
        answer = http.client.HTTPResponse(line, method=request.split(b" ")[0].decode())
        try:
            answer.begin()
            return answer.status, answer.read()
        except (http.client.HTTPException, ConnectionError):
            return 0, b""


def get_json(server: Server, path: str) -> tuple[int, dict]:
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    status, body = send_raw(server, request.encode())
    return status, json.loads(body)


MALFORMED = [
    b"%00",
    b"%ff%fe",
    b"..%2f",
    b"%2e%2e/",
    b"{{7*7}}",
    b"${1}",
    b"'--",
    b"<script>",
    b"&",
    b"=",
    b"?",
    b";",
    b"%",
    b"%zz",
    b"\\",
    b"//",
    b"nan",
    b"1e999",
    b"-0",
    b"\xd8\xa7",
    b"%0d%0a",
    b"*",
    b"from=",
    b"at=nan,inf,9",
    b"layer=own-x",
    b"q=" + b"a" * 900,
    b"p=1,2",
    b"lat=",
    b"v=%00",
    b"claim=../../x",
    b"%F0%9F%92%A3",
    b"[0]",
    b"~",
    b"own",
    b"claims",
    b"\x7f",
]


def malformed_requests(count: int) -> Iterator[bytes]:
    """Yield malformed requests to every route, the same ones in every run."""
    dice = random.Random(5)
    heads = [one.path.split("{")[0].encode() for one in routes()]
    methods = [b"GET"] * 8 + [b"HEAD", b"POST", b"PUT", b"BREW", b"OPTIONS"]
    extra = [
        b"",
        b"Cookie: briefing_map_own=\xff\r\n",
        b"Cookie: ;;=;\r\n",
        b"Range: bytes=9-1\r\n",
        b"If-None-Match: \xff\r\n",
        b"Accept-Encoding: gzip;q=x\r\n",
        b"Content-Length: 0\r\n",
        b"X-Forwarded-Proto: x\r\n",
        b"If-Modified-Since: never\r\n",
    ]
    for number in range(count):
        path = heads[number % len(heads)] + b"".join(dice.choices(MALFORMED, k=dice.randrange(4)))
        query = b"&".join(dice.choices(MALFORMED, k=dice.randrange(4)))
        host = dice.choice([b"localhost"] * 9 + [b"evil.example", b"", b"\xff"])
        yield (
            dice.choice(methods)
            + b" "
            + path
            + b"?"
            + query
            + b" HTTP/1.1\r\nHost: "
            + host
            + b"\r\n"
            + dice.choice(extra)
            + b"Connection: close\r\n\r\n"
        )


def test_malformed_requests_break_no_route(served, folder):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: (one, *send_raw(served, one)), malformed_requests(500)))
    for request, status, body in answers:
        starting = status == 503 and b" /ready" in request  # while it starts
        assert 200 <= status < 500 or starting, request
        assert b"Traceback" not in body, request
        assert str(folder).encode() not in body, request
    assert get_json(served, "/health") == (200, {"status": "ok"})


def test_websocket_of_a_foreign_host_is_closed(served):
    request = (
        b"GET /_stcore/stream HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    assert send_raw(served, request)[0] == 403


def test_layer_broken_and_replaced_while_running_is_reported_and_recovers(served, folder):
    path = folder / "store" / "own.geojson"
    whole = path.read_bytes()
    with WebsocketClient(served.url, "overview", "layer=own") as reader:
        assert len(reader.features("own")) == 1
        path.write_bytes(whole[: len(whole) // 2])
        os.utime(path, (0, 0))  # a recent change would show the last good copy
        status, answer = get_json(served, "/ready")  # the store has no other layer
        assert (status, "No layer of STORE_URL" in answer["error"]) == (503, True)
        assert get_json(served, "/health")[0] == 200
        reader.rerun()
        assert "Something went wrong" not in reader.words
        assert reader.ask("/features/own?layer=own").status in (404, 503)
        assert b"own" in reader.ask("/features/own?layer=own").body
        assert json.loads(reader.ask("/features/claims").body)["shown"] > 0
        path.unlink()
        write_layer(folder / "store", [feature({"name": "Synthetic bravo"})] * 2)
        assert get_json(served, "/ready") == (200, {"status": "ready", "unreadable_layers": []})
        assert len(reader.features("own")) == 2


def test_aborted_upload_leaves_nothing_behind(served):
    with WebsocketClient(served.url) as visitor:
        for number in range(6):
            urls = visitor.urls("mine.csv")
            head, whole = visitor.request(urls.upload_url, "mine.csv", table("x", 100_000))
            host, port = visitor.host.split(":")
            with socket.create_connection((host, int(port))) as line:
                line.sendall(head + whole[: len(whole) * number // 6])
        assert visitor.upload("mine.csv", table("Synthetic alpha")) < 300
        visitor.press("Accept the layer")
        (name,) = visitor.layers
        assert len(visitor.features(name)) == 3


def test_leaving_during_an_import_does_not_block_others(served):
    for _ in range(3):
        with WebsocketClient(served.url) as visitor:
            visitor.upload("mine.csv", table("x", 20_000))
    with WebsocketClient(served.url) as visitor:
        assert visitor.features(visitor.upload_and_accept("mine.csv", table("Synthetic alpha")))


def test_parallel_uploads_are_visible_to_their_own_session_only(served):
    told = run_concurrent_users(served.url, bringing=4, reading=4, rows=5)
    assert (len(told.uploads), len(told.reruns) >= 4) == (4, True)


def test_session_layer_is_invisible_to_another_browser(served: Server, browser: Browser, watch):
    first, second = (browser.new_context() for _ in range(2))
    pages = [context.new_page() for context in (first, second)]
    try:
        for page in pages:
            watch.attach(page)
            page.goto(served.link("layers"))
            expect(page.locator(IDLE)).to_be_attached()
        mine, theirs = pages
        mine.locator("input[type=file]").set_input_files(
            {"name": "mine.csv", "mimeType": "text/csv", "buffer": table("Synthetic alpha")}
        )
        mine.get_by_role("button", name="Accept the layer").click()
        expect(mine.get_by_role("heading", name="Your layers")).to_be_visible()
        name = mine.url.partition("layer=")[2].partition("&")[0]
        assert _labels(mine, name) == ["Synthetic alpha"] * 3
        theirs.reload()
        expect(theirs.locator(IDLE)).to_be_attached()
        expect(theirs.get_by_role("heading", name="Your layers")).to_have_count(0)
        theirs.goto(served.link("overview", f"layer={name}"))
        expect(theirs.get_by_text("only its author's browser holds")).to_be_visible()
        watch.allowed = None
        assert _labels(theirs, name) == []
        jar = {one["name"]: one for one in first.cookies()}
        assert (jar[COOKIE]["httpOnly"], jar[COOKIE]["sameSite"]) == (True, "Lax")
        assert COOKIE not in mine.evaluate("document.cookie")
    finally:
        first.close()
        second.close()
    # Accepting a layer removes its preview, which a map may still request.
    gone = (f"/features/{name}", "features/own-preview")
    wrong = [one for one in watch.problems if not any(address in one for address in gone)]
    assert not wrong, wrong


def _labels(page: Page, layer: str) -> list[str]:
    """Return the labels of a layer as a script on this page receives them."""
    told = page.evaluate(
        "name => fetch(`/features/${name}?layer=${name}`).then(a => a.json())", layer
    )
    return [one["properties"]["label"] for one in told.get("features", [])]


def test_sign_in_button_is_shown_until_the_cookie_is_set(tmp_path: Path, browser: Browser, watch):
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(_toml(auth_section("http://127.0.0.1:{port}")))
    said = {"STREAMLIT_SECRETS_FILES": str(secrets), "OWN_FOLDER": str(tmp_path / "own")}
    with serve_app(log=tmp_path / "log.txt", **said) as server:
        context = browser.new_context()
        page = context.new_page()
        watch.attach(page)
        for link in (server.link(), server.link("present"), server.link("tartus", "clean=1")):
            page.goto(link)
            expect(page.get_by_role("button", name="Sign in")).to_be_visible()
            expect(page.locator("iframe")).to_have_count(0)
            assert "Tartus" not in page.locator("[data-testid=stApp]").inner_text()
        assert page.request.get(f"{server.url}/features/claims").status == 401
        assert page.request.get(f"{server.url}/health").status == 200
        values = sign_in_cookies({"email": "reader@example.org"}, server.url)
        context.add_cookies(
            [{"name": name, "value": value, "url": server.url} for name, value in values.items()]
        )
        page.goto(server.link())
        expect(page.locator("iframe").first).to_be_attached()
        expect(page.get_by_text("reader@example.org")).to_be_attached()
        assert page.request.get(f"{server.url}/features/claims").status == 200
        context.close()
    assert not watch.problems, "\n".join(watch.problems)


def _toml(section: dict[str, str]) -> str:
    return "[auth]\n" + "".join(f"{name} = {json.dumps(text)}\n" for name, text in section.items())
