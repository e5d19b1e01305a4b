"""Streamlit's assets: preloaded files exist and are served as by Streamlit."""

import re

import pytest
from starlette.applications import Starlette
from starlette.staticfiles import StaticFiles

from geo.server.routes import middleware, routes
from geo.streamlit_bridge import static_folder
from tests.support.asgi_client import get


@pytest.fixture
def app(fresh_context):
    fresh_context()
    made = Starlette(routes=routes(), middleware=middleware)
    made.mount("/", StaticFiles(directory=static_folder()))  # as Streamlit does
    return made


def links(app, kind):
    head = get(app, "/").body.decode().split("</head>")[0]
    return re.findall(rf'<link rel="{kind}" (?:crossorigin )?href="\.(/[^"]+)"', head)


def test_preloaded_files_exist_once_and_are_immutable(app):
    modules = links(app, "modulepreload")
    assert len(modules) == len(set(modules))
    for part in ("Html", "Slider", "ComponentInstance", "Multiselect"):
        assert any(f"/{part}." in path for path in modules)
    for path in modules:
        answer = get(app, path)
        assert (answer.status, answer.kind) == (200, "text/javascript")
        assert answer.sent == (static_folder() / path[1:]).read_bytes()
        assert "immutable" in answer.headers["cache-control"]
    assert links(app, "prefetch") == ["/map/map.js", "/map/map.css", "/map/base.json"]
    assert {get(app, path).status for path in links(app, "prefetch")} == {200}


def test_imports_of_preloaded_modules_are_preloaded(app):
    modules = {path.rpartition("/")[2] for path in links(app, "modulepreload")}
    for name in modules:
        text = (static_folder() / "static" / "js" / name).read_text("utf-8")
        assert set(re.findall(r'(?:from|import)"\./([\w.-]+\.js)"', text)) <= {
            *modules,
            *re.findall(r"js/([\w.-]+\.js)", get(app, "/").body.decode()),
        }


@pytest.mark.parametrize(
    "path",
    [
        "/static/js/Html.AAAAAAAA.js",
        "/static/js/../../index.AAAAAAAA.js",
        "/static/index.html",
        "/static/js/%00.AAAAAAAA.js",
    ],
)
def test_unknown_asset_paths_are_left_to_streamlit(app, path):
    assert get(app, path).status == 404


def test_assets_have_the_security_headers(app):
    answer = get(app, links(app, "modulepreload")[0])
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
