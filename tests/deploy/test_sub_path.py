"""The whole app below a path: with `server.baseUrlPath`, or a proxy that removes a prefix."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from geo.server.session_cookie import COOKIE
from tests.support.app_server import MAP, Server, expected_selection, retry, serve_app, wait_for_map
from tests.support.deployment import get_without_cookie
from tests.support.nginx_proxy import run_proxy
from tests.support.page_watch import PageWatch
from tests.support.stage import NAME, deck
from tests.support.websocket_client import WebsocketClient

PATH = "/ops/map"
TWELFTH = "sources=all&from=2024-12-12&to=2024-12-12"
CSV = b"id,name,lat,lon\n1,Synthetic own,35.4,35.9\n"
expect.set_options(timeout=30_000)
SHARE = "Link, picture, slide, data and sources"


@dataclass
class Site:
    """An app behind nginx: ``url`` ends with the path; ``kept`` if nginx does not remove it."""

    app: Server
    url: str
    kept: bool


@pytest.fixture(scope="module", params=["kept", "removed"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder, kept = tmp_path_factory.mktemp("path"), request.param == "kept"
    base = PATH if kept else ""
    with serve_app(
        log=folder / "app.txt", patient=False, STREAMLIT_SERVER_BASE_URL_PATH=base
    ) as app:
        retry(lambda: _ready(app), within=60)
        (folder / "nginx").mkdir()
        prefix = "" if kept else PATH
        with run_proxy([app.url] * 3, folder / "nginx", prefix, base=base) as url:
            yield Site(app, url, kept)


def _ready(app: Server) -> None:
    try:
        assert get_without_cookie(app.url, "/ready")[0] == 200
    except OSError as error:
        raise AssertionError from error


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html"),
        ("/evidence", "text/html"),
        ("/health", "application/json"),
        ("/features/claims", "application/geo+json"),
        ("/map/map.js", "text/javascript"),
        ("/map/theme/app.css", "text/css"),
        ("/map/grid?lat=35.4&lon=35.9", "application/json"),
        ("/briefing/notes", "text/html"),
    ],
)
def test_each_route_answers_below_the_path(site: Site, address: str, kind: str):
    status, headers, body = get_without_cookie(site.url, address)
    assert (status, headers["Content-Type"].split(";")[0]) == (200, kind), body[:200]


@pytest.mark.parametrize("address", ["/metrics", "/_stcore/metrics", "/ready", "/features/none"])
def test_hidden_and_unknown_addresses_are_a_404_below_the_path(site: Site, address: str):
    assert get_without_cookie(site.url, address)[0] == 404


def test_redirects_stay_below_the_path(site: Site):
    status, headers, _ = get_without_cookie(site.url, "/overview?from=2024-12-12")
    assert (status, headers["Location"]) == (302, "./?from=2024-12-12")
    if site.kept:
        status, headers, _ = get_without_cookie(site.app.url, f"{PATH}?from=2024-12-12")
        assert (status, headers["Location"]) == (302, "./map/?from=2024-12-12")


def test_a_proxy_that_removes_what_the_app_expects_is_told_so(site: Site):
    """Streamlit alone answers 200 with its page to each of these."""
    wrong = ("/features/claims", "/evidence", "/", "/map/map.js") if site.kept else ()
    for address in (*wrong, "/other/health", "/other/path/ready", f"{PATH}/x/features/claims"):
        status, headers, body = get_without_cookie(site.app.url, address)
        assert (status, headers["Content-Type"]) == (404, "application/json"), address
        assert "baseUrlPath" in json.loads(body)["error"]
    if site.kept:  # a check of the process itself needs no path
        below = [get_without_cookie(site.app.url, f"{one}/ready")[2] for one in ("", PATH)]
        assert [json.loads(body)["path"] for body in below] == [f"{PATH}/"] * 2


def test_upload_and_session_work_below_the_path(site: Site):
    with WebsocketClient(site.url, "layers") as owner:
        name = owner.upload_and_accept("mine.csv", CSV)
        assert b"Synthetic own" in owner.ask(f"/features/{name}?layer={name}").body
    set_cookie = get_without_cookie(site.url, "/", Accept="text/html")[1]["Set-Cookie"]
    assert f"Path={PATH if site.kept else '/'};" in set_cookie
    assert COOKIE in set_cookie


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    watch, window = PageWatch(), browser.new_context(viewport={"width": 1366, "height": 768})
    # Streamlit looks for its server at each level of the address, from the longest
    watch.allowed = re.compile(r"/_stcore/(health|host-config)$")
    one = window.new_page()
    one.emulate_media(reduced_motion="reduce")
    watch.attach(one)
    yield one
    window.close()
    assert not watch.problems, "\n".join(watch.problems)


def test_browser_shows_map_style_and_link_below_the_path(site: Site, page: Page, browser: Browser):
    page.goto(f"{site.url}/?{TWELFTH}")
    token = expected_selection("overview", TWELFTH).token
    wait_for_map(page, token)
    assert page.evaluate("[...document.styleSheets].some(s => s.href?.includes('/theme/app.css'))")
    page.get_by_text(SHARE).click()
    link = page.get_by_test_id("stCode").first
    expect(link).to_contain_text(f"{site.url}/?")
    other = browser.new_page()
    other.goto(link.inner_text().strip())
    wait_for_map(other, token)
    other.close()
    page.get_by_role("link", name="Tartus").first.click()
    wait_for_map(page, expected_selection("tartus", TWELFTH).token)
    assert page.url.startswith(f"{site.url}/tartus")


def test_browser_uploads_and_presents_below_the_path(site: Site, page: Page):
    page.goto(f"{site.url}/layers")
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": CSV}
    )
    expect(page.get_by_text("1 row", exact=False).first).to_be_visible(timeout=60_000)
    page.goto(f"{site.url}/present?scene={NAME}")
    stage = page.frame_locator(MAP)
    expect(stage.locator("h1").first).to_contain_text(deck().slides[0].headline[:20])
    stage.get_by_role("button", name="Open this view").or_(
        stage.get_by_role("link", name="Open this view")
    ).first.click()
    expect(page).to_have_url(re.compile(rf"^{site.url}/\?"))
