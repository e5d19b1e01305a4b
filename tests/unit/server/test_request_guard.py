"""Rejected requests: foreign hosts, long addresses, other methods, large files, no sign-in."""

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
# what may be seen without a sign-in: nothing of the data, and the page that shows the button
OPEN = (
    "/map/map.js",
    "/map/fonts/x.woff2",
    "/map/base/coast.geojson",
    "/map/theme/app.css",
    "/map/nothing",
    "/health",
    "/ready",
    "/overview",
    "/",
)
CLOSED = (
    "/features/claims",
    "/features/x/y",
    "/features/nowhere",
    "/tiles/x/1/0/0.png",
    "/features/x/within?box=1,1,2,2",
    "/features/x/near?spot=1,1,5",
    "/tiles/x",
    "/map/grid?lat=35&lon=36",
    "/map/measure?p=35,36&p=34,36",
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
def test_this_machines_own_names_are_served(app, host):
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
def test_foreign_host_is_refused_in_words_on_every_address(app, path, host):
    answer = get(app, path, host=host)
    assert (answer.status, answer.kind) == (400, "application/json")
    assert "does not answer to" in answer.json["error"]
    assert len(answer.body) < 700
    assert "set-cookie" not in answer.headers


def test_operator_serves_under_another_name_by_one_option(app, hosts):
    assert get(app, "/health", host="map.example.org").status == 400
    hosts("map.example.org", "*.example.net")
    for host in ("map.example.org", "map.example.org:443", "a.example.net"):
        assert get(app, "/health", host=host).status == 200
    assert get(app, "/health", host="localhost").status == 400
    hosts()  # as Streamlit does without a list
    assert get(app, "/health", host="any.example").status == 200


def test_shipped_configuration_names_this_machine_alone():
    import tomllib

    shipped = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["server"]
    assert shipped["allowedHosts"] == ["localhost", "127.0.0.1", "::1"]
    assert shipped["address"] == "127.0.0.1"
    assert "maxUploadSize" not in shipped  # it follows UPLOAD_FILE_MB


@pytest.mark.parametrize("path", ["/features/claims", "/map/map.js", "/", "/nowhere", "/x/"])
def test_address_that_is_too_long_is_a_414_with_the_limit(app, path):
    answer = get(app, f"{path}?q={'a' * MAX_ADDRESS_BYTES}")
    assert answer.status == 414
    assert f"{MAX_ADDRESS_BYTES:,}" in answer.json["error"]
    assert get(app, f"{path}{'a' * MAX_ADDRESS_BYTES}").status == 414


def test_long_link_that_a_page_may_write_is_answered(app):
    query = "&".join(f"system={'x' * 40}{number}" for number in range(60))
    assert get(app, f"/features/claims?{query}").status in (200, 400)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X" * 99])
@pytest.mark.parametrize("path", ["/features/claims", "/map/grid", "/health", "/", "/map/base/x"])
def test_other_methods_are_refused_in_words(app, path, method):
    answer = get(app, path, method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert method[:20] in answer.json["error"]


def test_head_is_answered_like_get(app):
    assert get(app, "/health", method="HEAD").status == 200


UPLOAD = "/_stcore/upload_file/session/file"


def test_file_over_the_limit_is_refused_before_it_is_read(app):
    limit = settings().upload_file_mb * 2**20
    assert get(app, UPLOAD, method="PUT", content_length=str(limit)).status == 200
    answer = get(app, UPLOAD, method="PUT", content_length=str(limit + 2**17))
    assert answer.status == 413
    assert f"{settings().upload_file_mb} MB" in answer.json["error"]


def test_files_wait_outside_when_the_server_holds_as_many_as_it_may(app, monkeypatch):
    held = settings().upload_held_mb * 1_000_000
    monkeypatch.setattr(streamlit_bridge, "uploaded_bytes", lambda: held - 1_000)
    assert get(app, UPLOAD, method="PUT", content_length="900").status == 200
    answer = get(app, UPLOAD, method="PUT", content_length="1001")
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    assert "Try again" in answer.json["error"]
    for unknown in ({}, {"content_length": "-1"}, {"content_length": "٣"}, {"content_length": "x"}):
        assert get(app, UPLOAD, method="PUT", **unknown).status == 503


def test_server_takes_files_of_the_size_that_the_settings_name():
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
        "/map/base/coast.geojson",
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
def test_every_kind_of_answer_carries_every_header(app, address, asked):
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


def test_route_that_breaks_says_so_without_a_word_of_the_inside(app):
    answer = get(app, "/broken")
    assert (answer.status, answer.kind) == (500, "application/json")
    assert "secret" not in answer.body.decode()
    assert "Traceback" not in answer.body.decode()


def test_frame_of_the_map_tells_tile_servers_the_site_and_nothing_more(app):
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
def test_cookie_has_every_flag_and_no_cache_may_hand_it_on(app, asked, secure):
    answer = get(app, "/", accept="text/html", **asked)
    given, *flags = answer.headers["set-cookie"].split("; ")
    assert parse_session_key(given)
    assert set(flags) == {"Path=/", "HttpOnly", "SameSite=Lax", *(["Secure"] if secure else [])}
    assert answer.headers["cache-control"] == "private, no-store"


def test_browser_that_kept_the_page_and_not_the_cookie_gets_a_new_one(app):
    tag = get(app, "/").headers["etag"]
    without = get(app, "/", accept="text/html", if_none_match=tag)
    assert (without.status, "set-cookie" in without.headers) == (200, True)
    known = cookie({COOKIE: new_key()})
    answer = get(app, "/", accept="text/html", if_none_match=tag, cookie=known)
    assert (answer.status, "set-cookie" in answer.headers) == (304, False)


def test_every_route_is_known_to_be_open_or_closed():
    shown = [
        one.path
        for one in routes()
        if isinstance(one, Route | Mount) and one.path not in page_paths()
    ]
    asked = [address.partition("?")[0] for address in (*OPEN, *CLOSED)]
    for path in shown:
        head = path.split("{")[0]
        assert any(one.startswith(head) for one in asked), f"{path}: say in OPEN or CLOSED"


@pytest.mark.parametrize("address", CLOSED)
def test_closed_route_is_a_401_in_words_until_somebody_signed_in(app, auth, address):
    answer = get(app, address)
    assert (answer.status, answer.kind) == (401, "application/json")
    assert "Sign in" in answer.json["error"]
    assert "public" not in answer.headers["cache-control"]
    inside = get(app, address, cookie=cookie(sign_in_cookies(READER)))
    assert inside.status in (200, 404)
    assert "public" not in inside.headers.get("cache-control", "")


@pytest.mark.parametrize("address", OPEN)
def test_open_route_asks_for_no_sign_in(app, auth, address):
    assert get(app, address).status != 401


@pytest.mark.parametrize("address", CLOSED)
def test_without_a_sign_in_nothing_asks_for_one(app, address):
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
def test_cookie_that_streamlit_would_not_take_opens_nothing(app, auth, values):
    sent = cookie(values).encode().decode("latin-1")
    assert get(app, "/features/claims", cookie=sent).status == 401


def test_cookie_that_streamlit_split_is_put_together(app, auth):
    values = sign_in_cookies({**READER, "groups": [new_key() for _ in range(300)]})
    assert len(values) > 3
    assert get(app, "/features/claims", cookie=cookie(values)).status == 200
    values.pop("_streamlit_user_1")
    assert get(app, "/features/claims", cookie=cookie(values)).status == 401


def test_file_of_somebody_who_is_not_signed_in_is_not_taken(app, auth):
    assert get(app, UPLOAD, method="PUT", content_length="9").status == 401
    known = cookie(sign_in_cookies(READER))
    assert get(app, UPLOAD, method="PUT", content_length="9", cookie=known).status == 200


@pytest.mark.parametrize("section", [{}, {"cookie_secret": "x"}, {"redirect_uri": ""}])
def test_sign_in_that_is_set_up_badly_lets_nobody_in(app, monkeypatch, section):
    monkeypatch.setattr(secrets_singleton, "_secrets", {"auth": section})
    assert get(app, "/features/claims", cookie=cookie(sign_in_cookies(READER, SITE))).status == 401


def test_secrets_that_cannot_be_read_let_nobody_in(app, monkeypatch, tmp_path):
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
