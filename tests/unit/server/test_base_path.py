"""`server.baseUrlPath`: our routes, guard, cookie and readiness below it."""

import pytest
from starlette.applications import Starlette
from streamlit import config

from geo.server.health import warm_up_done
from geo.server.routes import middleware, routes
from tests.support.asgi_client import get


@pytest.fixture
def below(fresh_context, monkeypatch):
    """Return a function that makes the app below a path, as Streamlit's option names it."""
    fresh_context()
    warm_up_done.set()

    def make(path: str, *, later: str | None = None) -> Starlette:
        monkeypatch.setitem(config._config_options, "server.baseUrlPath", _option(path))
        app = Starlette(routes=routes(), middleware=middleware)
        if later is not None:
            monkeypatch.setitem(config._config_options, "server.baseUrlPath", _option(later))
        return app

    config.get_option("server.baseUrlPath")  # the options are read at first use
    return make


def _option(path: str) -> config.ConfigOption:
    option = config.ConfigOption("server.baseUrlPath")
    option.set_value(path, "test")
    return option


@pytest.mark.parametrize(
    "written", ["ops/map", "/ops/map", "ops/map/", "/ops/map/", "x", "a/b/c/d"]
)
def test_routes_answer_below_the_path_however_it_is_written(below, written):
    app, base = below(written), f"/{written.strip('/')}"
    assert get(app, f"{base}/features/claims").kind == "application/geo+json"
    assert get(app, f"{base}/map/theme/app.css").kind == "text/css"
    assert get(app, f"{base}/evidence").kind == "text/html"
    assert get(app, f"{base}/tiles/claims/6/37/25.jpg").status == 404
    for address in (f"{base}/ready", "/ready"):
        assert get(app, address).json["path"] == f"{base}/"


@pytest.mark.parametrize(
    "address",
    ["/", "/evidence", "/features/claims", "/map/map.js", "/ops", "/ops/", "/ops/mapx/health"],
)
def test_address_outside_of_the_path_is_a_404_that_names_it(below, address):
    answer = get(below("ops/map"), address)
    assert (answer.status, answer.kind) == (404, "application/json")
    assert "/ops/map/" in answer.json["error"]


@pytest.mark.parametrize(
    "address",
    ["/ops/map/ready", "/ops/map/health", "/x/features/claims", "/a/b/c", "/nowhere/map/"],
)
def test_address_below_an_unknown_path_is_a_404_and_no_page(below, address):
    answer = get(below(""), address)
    assert (answer.status, answer.kind) == (404, "application/json")
    assert "server.baseUrlPath" in answer.json["error"]


def test_path_without_a_slash_redirects_to_the_first_page(below):
    answer = get(below("ops/map"), "/ops/map?from=2024-12-12")
    assert (answer.status, answer.headers["location"]) == (302, "./map/?from=2024-12-12")


def test_readiness_names_routes_that_do_not_answer_below_the_path(below):
    """The routes were made for the root; Streamlit then serves its page below the path."""
    answer = get(below("", later="ops/map"), "/ready")
    assert answer.status == 503
    assert "'/ops/map'" in answer.json["error"]
    assert "/ops/map/features/places" in answer.json["error"]
    assert get(below("ops/map", later=""), "/ready").status == 503


def test_upload_below_the_path_passes_the_guard(below):
    app = below("ops/map")  # no upload route here, so what passes is a 404 of the router
    assert get(app, "/ops/map/_stcore/upload_file/a/b", method="PUT").kind == "text/plain"
    assert get(app, "/ops/map/evidence", method="PUT").status == 405


@pytest.mark.parametrize(("path", "cookie"), [("", "Path=/;"), ("ops/map", "Path=/ops/map;")])
def test_session_cookie_is_of_the_path(below, path, cookie):
    page = get(below(path), f"/{path}/".replace("//", "/"), accept="text/html")
    assert cookie in page.headers["set-cookie"]
