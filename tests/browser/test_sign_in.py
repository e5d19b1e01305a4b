"""End-to-end sign-in with a local OIDC provider; pages and routes reject everyone else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.app_server import IDLE, Server, free_port, retry, serve_app
from tests.support.oidc_provider import CLIENT, PERSON, SECRET, Provider, run_provider
from tests.support.page_watch import PageWatch

CLOSED = (
    "/features/claims",
    "/map/grid",
    "/map/measure",
    "/briefing/notes",
)
OPEN = ("/health", "/map/map.js")


@contextmanager
def _served(tmp_path: Path, provider: Provider) -> Iterator[Server]:
    """Serve a dashboard on a known port, because its secrets name the redirect URI."""
    port = free_port()
    section = {
        "redirect_uri": f"http://127.0.0.1:{port}/oauth2callback",
        "cookie_secret": "a secret of these tests alone",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "server_metadata_url": f"{provider.url}/.well-known/openid-configuration",
    }
    path = tmp_path / "secrets.toml"
    lines = (f"{name} = {json.dumps(text)}\n" for name, text in section.items())
    path.write_text("[auth]\n" + "".join(lines))
    said = {
        "STREAMLIT_SECRETS_FILES": str(path),
        "OWN_FOLDER": str(tmp_path / "own"),
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    with serve_app(log=tmp_path / "log.txt", port=port, **said) as server:
        yield server


@pytest.fixture
def provider() -> Iterator[Provider]:
    with run_provider() as one:
        yield one


@pytest.fixture
def served(tmp_path: Path, provider: Provider) -> Iterator[Server]:
    with _served(tmp_path, provider) as server:
        yield server


@pytest.fixture
def visitor(browser: Browser, watch: PageWatch) -> Iterator[Page]:
    made = browser.new_context()
    page = made.new_page()
    watch.attach(page)
    yield page
    made.close()
    assert not watch.problems, "\n".join(watch.problems)


def _answers(page: Page, server: Server, paths: tuple[str, ...]) -> list[int]:
    return [page.request.get(f"{server.url}{path}").status for path in paths]


def _ask_to_enter(page: Page, server: Server) -> None:
    page.goto(server.link("tartus"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Agree")).to_be_visible()


def test_signing_in_grants_access_and_signing_out_ends_it(served: Server, visitor: Page):
    page = visitor
    _all_refused(page, served)
    assert _answers(page, served, OPEN) == [200] * len(OPEN)
    _ask_to_enter(page, served)
    page.get_by_role("link", name="Agree").click()
    expect(page.get_by_text(PERSON["email"])).to_be_attached()
    expect(page.locator("iframe").first).to_be_attached()
    assert 401 not in (told := _answers(page, served, CLOSED)), told
    assert told[0] == 200
    page.goto(served.link("layers"))
    expect(page.locator(IDLE)).to_be_attached()
    page.locator("input[type=file]").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"name,lat,lon\nmade,35.4,35.9\n"}
    )
    expect(page.get_by_text("The file can be accepted.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    retry(
        lambda: _all_refused(page, served)
    )  # the page changes shortly before the cookie is deleted


def _all_refused(page: Page, server: Server) -> None:
    assert _answers(page, server, CLOSED) == [401] * len(CLOSED)


def test_refused_consent_grants_no_access(served: Server, visitor: Page):
    _ask_to_enter(visitor, served)
    visitor.get_by_role("link", name="Refuse").click()
    expect(visitor.get_by_role("button", name="Sign in")).to_be_visible()
    _all_refused(visitor, served)


def test_token_signed_with_another_key_is_rejected(
    served: Server, provider: Provider, visitor: Page
):
    provider.forged = True
    _ask_to_enter(visitor, served)
    visitor.get_by_role("link", name="Agree").click()
    expect(visitor.get_by_role("button", name="Sign in")).to_be_visible()
    expect(visitor.locator(IDLE)).to_be_attached()
    expect(visitor.get_by_text(PERSON["email"])).to_have_count(0)
    _all_refused(visitor, served)
