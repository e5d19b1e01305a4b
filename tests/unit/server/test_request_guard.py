"""Rejected requests: foreign hosts, long URLs, other methods, large files, no sign-in."""

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton

from geo import streamlit_bridge
from geo.server.page_shell import page_paths
from geo.server.request_guard import MAX_ADDRESS_BYTES
from geo.server.routes import middleware, routes
from geo.server.session_cookie import COOKIE, parse_session_key
from geo.session_keys import new_key
from geo.settings import ROOT, settings
from tests.support.asgi_client import get
from tests.support.signed_cookie import SITE, auth_section, sign_in_cookies

READER = {"email": "reader@example.org", "name": "A synthetic reader"}
# readable without a sign-in: no data, only static files and the page with the button
OPEN = (
    "/map/map.js",
    "/map/page.js",
    "/map/base.json",
    "/map/map.css",
    "/map/base/relief.webp",
    "/map/base/none.png",
    "/map/theme/app.css",
    "/map/nothing",
    "/health",
    "/ready",
    "/overview",
    "/",
)
CLOSED = (
    f"/copies/{'0' * 64}",
    "/copies/x/y",
    "/features/claims",
    "/features/claims/playback",
    "/features/x/y",
    "/features/nowhere",
    "/tiles/x/1/0/0.png",
    "/features/x/within?box=1,1,2,2",
    "/features/x/near?spot=1,1,5",
    "/tiles/x",
    "/map/grid?lat=35&lon=36",
    "/map/measure?p=35,36&p=34,36",
    "/map/version",
    "/briefing/notes",
    "/briefing/notes.js",
    "/briefing/notes.css",
    "/metrics",
)


def broken(_):
    raise RuntimeError("secret of the inside")


@pytest.fixture
def app(fresh_context):
    fresh_context()
    upload = Route("/_stcore/upload_file/{rest:path}", lambda _: Response(), methods=["PUT"])
    more = [Route("/broken", broken), upload, Route("/x", lambda _: HTMLResponse("<p>"))]
    return Starlette(routes=[*routes(), *more], middleware=middleware)


@pytest.fixture
def hosts(monkeypatch):
    """Set another list of allowed hosts."""
    before = config.get_option("server.allowedHosts")
    yield lambda *names: config.set_option("server.allowedHosts", list(names))
    config.set_option("server.allowedHosts", before)


@pytest.fixture
def auth(monkeypatch):
    """Configure a sign-in."""
    monkeypatch.setattr(secrets_singleton, "_secrets", {"auth": auth_section()})


def cookie(values: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in values.items())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST."])
def test_local_host_names_are_served(app, host):
    assert get(app, "/health", host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8501",
        "127.0.0.1@evil",
        "",
        "localhost:99999",
        "localhost/x",
        "0.0.0.0",
        "[::1",
        "a" * 5000,
        "<script>",
        "\xff",
    ],
)
@pytest.mark.parametrize("path", ["/features/claims", "/", "/_stcore/health"])
def test_foreign_host_is_rejected_on_every_path(app, path, host):
    answer = get(app, path, host=host)
    assert (answer.status, answer.kind) == (400, "application/json")
    assert "does not answer to" in answer.json["error"]
    assert len(answer.body) < 700
    assert "set-cookie" not in answer.headers


def test_allowed_hosts_option_adds_other_names(app, hosts):
    assert get(app, "/health", host="map.example.org").status == 400
    hosts("map.example.org", "*.example.net")
    for host in ("map.example.org", "map.example.org:443", "a.example.net"):
        assert get(app, "/health", host=host).status == 200
    assert get(app, "/health", host="localhost").status == 400
    hosts()  # as in Streamlit, an empty list allows any host
    assert get(app, "/health", host="any.example").status == 200


def test_default_configuration_allows_only_local_hosts():
    import tomllib

    shipped = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["server"]
    assert shipped["allowedHosts"] == ["localhost", "127.0.0.1", "::1"]
    assert shipped["address"] == "127.0.0.1"
    assert "maxUploadSize" not in shipped  # it follows UPLOAD_FILE_MB


@pytest.mark.parametrize("path", ["/features/claims", "/map/map.js", "/", "/nowhere", "/x/"])
def test_url_over_the_limit_is_a_414(app, path):
    answer = get(app, f"{path}?q={'a' * MAX_ADDRESS_BYTES}")
    assert answer.status == 414
    assert f"{MAX_ADDRESS_BYTES:,}" in answer.json["error"]
    assert get(app, f"{path}{'a' * MAX_ADDRESS_BYTES}").status == 414


def test_long_link_of_a_page_is_accepted(app):
    query = "&".join(f"system={'x' * 40}{number}" for number in range(60))
    assert get(app, f"/features/claims?{query}").status in (200, 400)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X" * 99])
@pytest.mark.parametrize("path", ["/features/claims", "/map/grid", "/health", "/", "/map/base/x"])
def test_other_methods_are_rejected(app, path, method):
    answer = get(app, path, method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert method[:20] in answer.json["error"]


def test_head_is_accepted_like_get(app):
    assert get(app, "/health", method="HEAD").status == 200


UPLOAD = "/_stcore/upload_file/session/file"


def test_upload_over_the_limit_is_rejected_before_it_is_read(app):
    limit = settings().upload_file_mb * 2**20
    assert get(app, UPLOAD, method="PUT", content_length=str(limit)).status == 200
    answer = get(app, UPLOAD, method="PUT", content_length=str(limit + 2**17))
    assert answer.status == 413
    assert f"{settings().upload_file_mb} MB" in answer.json["error"]


def test_upload_is_a_503_while_the_server_holds_too_many_bytes(app, monkeypatch):
    held = settings().upload_held_mb * 1_000_000
    monkeypatch.setattr(streamlit_bridge, "uploaded_bytes", lambda: held - 1_000)
    assert get(app, UPLOAD, method="PUT", content_length="900").status == 200
    answer = get(app, UPLOAD, method="PUT", content_length="1001")
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    assert "Try again" in answer.json["error"]
    for unknown in ({}, {"content_length": "-1"}, {"content_length": "٣"}, {"content_length": "x"}):
        assert get(app, UPLOAD, method="PUT", **unknown).status == 503


def test_upload_limit_sets_the_option_of_streamlit():
    before = config.get_option("server.maxUploadSize")
    try:
        streamlit_bridge.set_upload_limit(7)
        assert config.get_option("server.maxUploadSize") == 7
    finally:
        config.set_option("server.maxUploadSize", before)


@pytest.mark.parametrize(
    "address",
    [
        "/features/claims",
        "/features/nowhere",
        "/features/claims?from=soon",
        "/map/map.js",
        "/map/nothing",
        "/map/base.json",
        "/health",
        "/",
        "/overview",
        "/briefing/notes",
        "/broken",
        "/x",
        "/not-there",
        "/map/grid",
        f"/?{'a' * MAX_ADDRESS_BYTES}",
    ],
)
@pytest.mark.parametrize("asked", [{}, {"host": "evil.example"}, {"method": "POST"}])
def test_every_response_has_the_security_headers(app, address, asked):
    headers = get(app, address, **asked).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    assert "frame-ancestors" in policy
    assert "'unsafe-eval'" not in policy
    assert "server" not in headers
    assert "x-powered-by" not in headers


def test_broken_route_is_a_500_without_internals(app):
    answer = get(app, "/broken")
    assert (answer.status, answer.kind) == (500, "application/json")
    assert "secret" not in answer.body.decode()
    assert "Traceback" not in answer.body.decode()


def test_map_frame_sends_tile_servers_only_the_origin(app):
    headers = get(app, "/component/streamlit_folium.st_folium/index.html").headers
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"


@pytest.mark.parametrize(
    ("asked", "secure"),
    [
        ({}, False),
        ({"x_forwarded_proto": "http"}, False),
        ({"x_forwarded_proto": "https"}, True),
        ({"x_forwarded_proto": "https, http"}, True),
    ],
)
def test_session_cookie_has_all_flags_and_is_not_cacheable(app, asked, secure):
    answer = get(app, "/", accept="text/html", **asked)
    given, *flags = answer.headers["set-cookie"].split("; ")
    assert parse_session_key(given)
    assert set(flags) == {"Path=/", "HttpOnly", "SameSite=Lax", *(["Secure"] if secure else [])}
    assert answer.headers["cache-control"] == "private, no-store"


def test_cached_page_without_a_cookie_gets_a_new_cookie(app):
    tag = get(app, "/").headers["etag"]
    without = get(app, "/", accept="text/html", if_none_match=tag)
    assert (without.status, "set-cookie" in without.headers) == (200, True)
    known = cookie({COOKIE: new_key()})
    answer = get(app, "/", accept="text/html", if_none_match=tag, cookie=known)
    assert (answer.status, "set-cookie" in answer.headers) == (304, False)


def test_every_route_is_listed_as_open_or_closed():
    shown = [
        one.path
        for one in routes()
        if isinstance(one, Route | Mount) and one.path not in page_paths()
    ]
    asked = [address.partition("?")[0] for address in (*OPEN, *CLOSED)]
    for path in shown:
        head = path.split("{")[0]
        assert any(one.startswith(head) for one in asked), f"{path}: add it to OPEN or CLOSED"


@pytest.mark.parametrize("address", CLOSED)
def test_closed_route_is_a_401_until_sign_in(app, auth, address):
    answer = get(app, address)
    assert (answer.status, answer.kind) == (401, "application/json")
    assert "Sign in" in answer.json["error"]
    assert "public" not in answer.headers["cache-control"]
    inside = get(app, address, cookie=cookie(sign_in_cookies(READER)))
    assert inside.status in (200, 404)
    assert "public" not in inside.headers.get("cache-control", "")


@pytest.mark.parametrize("address", OPEN)
def test_open_route_needs_no_sign_in(app, auth, address):
    assert get(app, address).status != 401


@pytest.mark.parametrize("address", CLOSED)
def test_closed_route_is_open_if_no_sign_in_is_configured(app, address):
    assert get(app, address).status in (200, 404)


def altered(values: dict[str, str]) -> dict[str, str]:
    name = "_streamlit_user"
    return {**values, name: values[name][:-2] + ("AA" if values[name][-2:] != "AA" else "BB")}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"_streamlit_user": ""},
        {"_streamlit_user": "x.y.z"},
        {"_streamlit_user": "ÿ"},
        altered(sign_in_cookies(READER)),
        sign_in_cookies(READER, "http://evil.example"),
        sign_in_cookies(READER, section={**auth_section(), "cookie_secret": "another one"}),
        {
            **sign_in_cookies(READER),
            "_streamlit_user": sign_in_cookies(READER)["_streamlit_user_tokens"],
        },
        sign_in_cookies({**READER, "is_logged_in": False, "n": 1}, "http://127.0.0.1:8502"),
    ],
    ids=range(9),
)
def test_invalid_sign_in_cookie_is_rejected(app, auth, values):
    sent = cookie(values).encode().decode("latin-1")
    assert get(app, "/features/claims", cookie=sent).status == 401


def test_split_sign_in_cookie_is_reassembled(app, auth):
    values = sign_in_cookies({**READER, "groups": [new_key() for _ in range(300)]})
    assert len(values) > 3
    assert get(app, "/features/claims", cookie=cookie(values)).status == 200
    values.pop("_streamlit_user_1")
    assert get(app, "/features/claims", cookie=cookie(values)).status == 401


def test_upload_needs_a_sign_in(app, auth):
    assert get(app, UPLOAD, method="PUT", content_length="9").status == 401
    known = cookie(sign_in_cookies(READER))
    assert get(app, UPLOAD, method="PUT", content_length="9", cookie=known).status == 200


@pytest.mark.parametrize("section", [{}, {"cookie_secret": "x"}, {"redirect_uri": ""}])
def test_incomplete_sign_in_configuration_denies_everyone(app, monkeypatch, section):
    monkeypatch.setattr(secrets_singleton, "_secrets", {"auth": section})
    assert get(app, "/features/claims", cookie=cookie(sign_in_cookies(READER, SITE))).status == 401


def test_unreadable_secrets_deny_everyone(app, monkeypatch, tmp_path):
    path = tmp_path / "secrets.toml"
    path.write_text("[auth\n")
    before = config.get_option("secrets.files")
    monkeypatch.setattr(secrets_singleton, "_secrets", None)
    config.set_option("secrets.files", [str(path)])
    try:
        assert get(app, "/features/claims").status == 401
    finally:
        config.set_option("secrets.files", before)
    assert get(app, "/features/claims").status == 200
