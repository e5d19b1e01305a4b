"""Only responses that are equal for all users are cacheable by shared caches."""

import geopandas as gpd
import pytest
import shapely
from starlette.applications import Starlette
from streamlit.runtime.secrets import secrets_singleton

from geo.app_context import session_layers
from geo.server.public_cache import PUBLIC
from geo.server.routes import middleware, routes
from geo.server.session_cookie import COOKIE
from geo.session_keys import new_key
from tests.support.asgi_client import get
from tests.support.layer_files import feature, write_layer
from tests.support.signed_cookie import auth_section, sign_in_cookies

FRAME = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(36, 35)], crs=4326)


@pytest.fixture
def shared(tmp_path, fresh_context):
    """Return an app on a folder of layers and its store."""
    (tmp_path / "layers").mkdir()
    write_layer(tmp_path / "layers", [feature({"name": "a"})])
    where = fresh_context(tmp_path / "layers", OWN_FOLDER=str(tmp_path / "own"))
    return Starlette(routes=routes(), middleware=middleware), where.store


def cache_control(answer) -> str:
    return answer.headers["cache-control"]


def test_response_with_the_current_version_is_public(shared):
    app, store = shared
    address = f"/features/claims?v={store.version()}"
    first = get(app, address, cookie=f"{COOKIE}={new_key()}")
    again = get(app, address, if_none_match=first.headers["etag"])
    assert (first.status, cache_control(first)) == (200, PUBLIC)
    assert (again.status, cache_control(again)) == (304, PUBLIC)


@pytest.mark.parametrize("query", ["", "v=0123456789abcdef", "v={v}&v={v}"])
def test_response_without_the_current_version_is_not_public(shared, query):
    app, store = shared
    answer = get(app, f"/features/claims?{query.format(v=store.version())}")
    assert "public" not in cache_control(answer) if answer.status == 200 else answer.status == 400


def test_response_for_a_session_with_layers_is_not_public(shared):
    app, store = shared
    key = new_key()
    session_layers().make(key).write("own-mine", FRAME)
    answer = get(app, f"/features/claims?v={store.version()}", cookie=f"{COOKIE}={key}")
    assert answer.status == 200
    assert "public" not in cache_control(answer)


def test_error_responses_are_not_public(shared):
    app, store = shared
    answer = get(app, f"/features/nowhere?v={store.version()}")
    assert answer.status == 404
    assert "public" not in answer.headers.get("cache-control", "")


def test_response_behind_a_sign_in_is_not_public(shared, monkeypatch):
    app, store = shared
    monkeypatch.setattr(secrets_singleton, "_secrets", {"auth": auth_section()})
    cookies = "; ".join(
        f"{name}={value}" for name, value in sign_in_cookies({"email": "a@b.c"}).items()
    )
    answer = get(app, f"/features/claims?v={store.version()}", cookie=cookies)
    assert answer.status == 200
    assert "public" not in cache_control(answer)


def test_response_computed_during_a_change_is_not_public(shared, tmp_path, monkeypatch):
    app, store = shared
    named = store.version()
    from geo.mapping import features

    right = features.encode_features

    def changed_meanwhile(*args, **more):
        body = right(*args, **more)
        write_layer(tmp_path / "layers", [feature({"name": "b"})], "later")
        return body

    monkeypatch.setattr(features, "encode_features", changed_meanwhile)
    answer = get(app, f"/features/claims?v={named}")
    assert answer.status == 200
    assert "public" not in cache_control(answer)
