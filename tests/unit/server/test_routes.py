"""The app's own routes: features, map files, health and errors."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urljoin

import pytest
from starlette.applications import Starlette

from geo.errors import StoreError
from geo.mapping.basemap_files import encode_base_file, list_base_files
from geo.mapping.frontend_assets import (
    FONTS,
    build_map_script,
    build_map_style_sheet,
    share_fonts,
)
from geo.mapping.symbols import SIGNS
from geo.mapping.theme import STROKES, THEMES
from geo.page_registry import list_pages
from geo.selection import select
from geo.server import shared_files
from geo.server.health import warm_up_done
from geo.server.routes import middleware, routes
from geo.server.shared_files import SHARED_FILES
from geo.settings import cache_per_case
from geo.streamlit_bridge import index_html
from geo.view import View, from_query
from tests.support.asgi_client import get
from tests.support.layer_files import feature, write_layer

TWELFTH = "from=2024-12-12&to=2024-12-12"
# URLs in Leaflet's comments, its attribution link and XML namespaces: never fetched
NOT_FETCHED = {"https://leafletjs.com", "http://www.w3.org", "https://bugzilla.mozilla.org"}


@pytest.fixture
def app(fresh_context):
    fresh_context()
    return Starlette(routes=routes(), middleware=middleware)


@pytest.mark.parametrize("query", ["", TWELFTH, "sources=all&q=%D8%B7%D8%B1%D8%B7%D9%88%D8%B3"])
def test_features_response_equals_the_selection_of_the_view(app, fresh_context, query):
    answer = get(app, f"/features/claims?{query}")
    chosen = select(from_query(query)[0], fresh_context().store)
    assert (answer.status, answer.kind) == (200, "application/geo+json")
    assert [one["id"] for one in answer.json["features"]] == list(chosen.ids)
    assert answer.json["token"] == chosen.token


@pytest.mark.parametrize("layer", ["claims", "places", "routes", "rings"])
def test_features_of_each_builtin_layer_are_served(app, layer):
    assert get(app, f"/features/{layer}").json["features"]


def test_features_with_a_matching_etag_are_a_304(app):
    first = get(app, f"/features/claims?{TWELFTH}")
    again = get(app, f"/features/claims?{TWELFTH}", if_none_match=first.headers["etag"])
    other = get(app, "/features/claims", if_none_match=first.headers["etag"])
    assert (again.status, again.sent) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.status == 200


def test_features_are_compressed_if_the_browser_accepts_gzip(app):
    plain = get(app, "/features/claims")
    packed = get(app, "/features/claims", accept_encoding="gzip")
    assert packed.packed
    assert not plain.packed
    assert packed.body == plain.body
    assert len(packed.sent) < len(plain.sent) / 2


@pytest.mark.parametrize(
    "path",
    [
        "/features/nowhere",
        "/features/nowhere?layer=nowhere",
        "/features/x/y",
        "/features/",
        "/features/claims/",
        "/map/nothing",
        "/map/",
        "/map/map.exe",
        "/map/fonts/sans.woff2",
        "/map/base/none.json",
        "/map/theme/none.css",
    ],
)
def test_missing_path_is_a_404_and_no_html_page(app, path):
    answer = get(app, path)
    assert answer.status == 404
    assert answer.kind != "text/html"


@pytest.mark.parametrize("path", ["/features/nowhere", "/features/x/y", "/map/nothing"])
def test_json_404_names_the_missing_path(app, path):
    answer = get(app, path)
    assert answer.kind == "application/json"
    assert path.rsplit("/", 1)[-1] in answer.json["error"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("from=soon", "soon"),
        ("certainty=sure", "sure"),
        ("colour=red", "colour"),
        ("from=2024-12-13&to=2024-12-12", "2024-12-13"),
        ("at=1", "at"),
        ("&".join(["system=a"] * 1000), "too many"),
    ],
)
def test_features_with_an_invalid_query_are_a_400(app, query, named):
    answer = get(app, f"/features/claims?{query}")
    assert answer.status == 400
    assert named in answer.json["error"]


@pytest.mark.parametrize("query", ["%", "%ff%fe", "q=%ED%A0%80", "=", "&&&", "q=%00", "\x7f"])
def test_features_with_malformed_bytes_are_a_200_or_400(app, query):
    assert get(app, f"/features/claims?{query}").status in (200, 400)


def test_features_of_an_empty_selection_are_an_empty_collection(app):
    for query in ("q=zeppelin", "from=2030-01-01", "from=2030-01-01&q=radar"):
        answer = get(app, f"/features/claims?{query}")
        assert (answer.status, answer.json["features"], answer.json["shown"]) == (200, [], 0)


def test_broken_layer_is_an_error_and_listed_by_ready(tmp_path, fresh_context):
    (tmp_path / "broken.geojson").write_text("{")
    write_layer(tmp_path, [feature({"name": "a"})])
    fresh_context(tmp_path)
    app = Starlette(routes=routes(), middleware=middleware)
    broken = get(app, "/features/broken?layer=broken")
    assert broken.status in (404, 503)
    assert "broken" in broken.json["error"]
    assert str(tmp_path) not in broken.json["error"]
    assert get(app, "/features/own?layer=own").json["shown"] == 1
    warm_up_done.set()
    assert get(app, "/ready").json == {"status": "ready", "unreadable_layers": ["broken"]}


def test_operator_claims_without_the_columns_are_a_503(tmp_path, fresh_context):
    write_layer(tmp_path, [feature({"name": "a"})], name="claims")
    fresh_context(tmp_path)
    app = Starlette(routes=routes(), middleware=middleware)
    for query in ("", "sources=all"):
        answer = get(app, f"/features/claims?{query}")
        assert answer.status == 503
        assert "claims" in answer.json["error"]


def test_ready_follows_the_end_of_the_warm_up(app):
    warm_up_done.clear()
    before = get(app, "/ready")
    assert (before.status, before.headers["retry-after"]) == (503, "1")
    assert "starting" in before.json["error"]
    warm_up_done.set()
    after = get(app, "/ready")
    assert (after.status, after.json) == (200, {"status": "ready", "unreadable_layers": []})


def test_ready_is_a_503_while_the_store_is_unreadable(tmp_path, fresh_context):
    folder = tmp_path / "layers"
    folder.mkdir()
    write_layer(folder, [feature({"name": "a"})])
    fresh_context(folder)
    app = Starlette(routes=routes(), middleware=middleware)
    warm_up_done.set()
    assert get(app, "/ready").status == 200
    folder.rename(tmp_path / "away")
    away = get(app, "/ready")
    assert away.status == 503
    assert "cannot be" in away.json["error"]
    assert str(tmp_path) not in away.json["error"]
    assert get(app, "/health").status == 200
    (tmp_path / "away").rename(folder)
    assert get(app, "/ready").status == 200


def test_ready_is_a_503_if_every_operator_layer_is_unreadable(tmp_path, fresh_context):
    (tmp_path / "broken.geojson").write_text("{")
    fresh_context(tmp_path)
    warm_up_done.set()
    answer = get(Starlette(routes=routes(), middleware=middleware), "/ready")
    assert answer.status == 503
    assert "No layer of STORE_URL" in answer.json["error"]


@pytest.mark.parametrize(
    "url", ["/nowhere-at-all", "postgresql://user:secret@127.0.0.1:9/db?host=/nowhere-at-all"]
)
def test_unopenable_store_is_healthy_but_not_ready(fresh_context, url):
    with pytest.raises(StoreError):
        fresh_context(url).store.layers()
    warm_up_done.set()
    app = Starlette(routes=routes(), middleware=middleware)
    assert get(app, "/health").json == {"status": "ok"}
    answer = get(app, "/ready")
    assert answer.status == 503
    assert "secret" not in answer.json["error"]


def test_map_script_and_style_have_the_icons_and_palette_of_slides(app):
    script, style = (
        get(app, "/map/map.js").body.decode(),
        get(app, "/map/map.css").body.decode(),
    )
    for sign in (*SIGNS["evidence"].values(), *SIGNS["stance"].values()):
        assert sign in script
    for theme in THEMES.values():
        for name, colour in theme.items():
            assert f"--{name}: {colour};" in style
    for name in STROKES:
        assert f"path.{name} {{" in style


@pytest.mark.parametrize("sheet", ["/map/map.css", "/briefing/notes.css"])
def test_fonts_are_files_that_the_page_has_too(app, sheet):
    fonts = re.findall(r'url\("([^"]*woff2)"\)', get(app, sheet).body.decode())
    assert len(fonts) >= 2
    for address in fonts:
        answer = get(app, urljoin(sheet, address))
        assert (answer.status, answer.kind) == (200, "font/woff2")
        assert answer.sent[:4] == b"wOF2"


def test_style_sheet_keeps_an_address_for_a_font_that_streamlit_has_not(monkeypatch):
    monkeypatch.setitem(FONTS, "sans.woff2", "Comic*.woff2")
    style = share_fonts(build_map_style_sheet())
    assert 'url("fonts/sans.woff2")' in style
    assert "Italic" in style


@pytest.mark.parametrize(("kind", "mime"), [("js", "text/javascript"), ("css", "text/css")])
def test_map_script_and_style_are_complete_and_cacheable(app, kind, mime):
    answer = get(app, f"/map/map.{kind}")
    assert (answer.status, answer.kind) == (200, mime)
    assert b"leaflet" in answer.body.lower()
    again = get(app, f"/map/map.{kind}", if_none_match=answer.headers["etag"])
    assert (again.status, again.sent) == (304, b"")


@pytest.mark.parametrize("kind", ["js", "css"])
def test_map_script_and_style_use_no_other_host(kind):
    text = {"js": build_map_script, "css": build_map_style_sheet}[kind]()
    assert set(re.findall(r"https?://[\w.-]+", text)) <= NOT_FETCHED
    fetched = re.findall(r"url\(\s*[\"']?([^\"')]*)", text)
    fetched += re.findall(r"@import\s+[\"']?([^\"';]*)", text)
    fetched += re.findall(r"\bsrc\s*=\s*[\"']([^\"']+)", text)
    assert not [link for link in fetched if link.startswith("//") or ":" in link.split("#")[0]]


@pytest.mark.parametrize(
    "path",
    [
        "/map/base/../evidence/claims.json",
        "/map/base/%2e%2e/evidence/claims.json",
        "/map/base/..%2fevidence%2fclaims.json",
        "/map/base/%2fetc%2fpasswd",
        "/map/base//etc/passwd",
        "/map/theme/../../pyproject.toml",
        "/map/fonts/..%2f..%2findex.html",
        "/map/base/..%5cevidence%5cclaims.json",
        "/map/base/%00",
        "/features/..%2f..%2fetc%2fpasswd",
    ],
)
def test_path_traversal_is_a_404(app, path):
    assert get(app, path).status == 404


def test_pictures_of_the_relief_are_served_with_an_etag(app):
    answer = get(app, "/map/base/relief.webp", accept_encoding="gzip")
    assert (answer.status, answer.kind) == (200, "image/webp")
    assert answer.body.startswith(b"RIFF")
    assert "content-encoding" not in answer.headers
    tag = answer.headers["etag"]
    assert get(app, "/map/base/relief.webp", if_none_match=tag).status == 304
    for name in ("none.webp", "relief.png", "..%2fplaces.webp"):
        assert get(app, f"/map/base/{name}").status == 404


def test_base_map_is_one_answer_with_revalidation(app):
    answer = get(app, "/map/base.json", accept_encoding="gzip")
    assert (answer.status, answer.kind) == (200, "application/json")
    assert list(answer.json) == list(list_base_files())
    for name, file in answer.json.items():
        assert file == json.loads(encode_base_file(name)), name
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.sent) < len(answer.body) / 2
    plain = get(app, "/map/base.json")
    assert plain.sent == answer.body
    assert get(app, "/map/base.json", if_none_match=answer.headers["etag"]).status == 304
    assert get(app, "/map/theme/app.css").kind == "text/css"


def test_one_base_map_is_made_for_all_who_ask_at_once(app, monkeypatch):
    made = []
    content = partial(made.append, "base.json")
    kind, encode = SHARED_FILES["base.json"]
    monkeypatch.setitem(SHARED_FILES, "base.json", (kind, lambda: content() or encode()))
    monkeypatch.setattr(shared_files, "_pack", cache_per_case(shared_files._pack.__wrapped__))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: get(app, "/map/base.json").body, range(4)))
    assert len(set(found)) == 1
    assert made == ["base.json"]


@pytest.mark.parametrize(
    "path",
    [
        "/features/claims",
        "/features/nowhere",
        "/map/map.js",
        "/map/nothing",
        "/map/base.json",
        "/health",
        "/ready",
        "/metrics",
    ],
)
def test_every_route_sends_the_security_headers(app, path):
    headers = get(app, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "'unsafe-eval'" not in policy
    assert "https:" not in policy


def test_map_frame_has_its_own_content_security_policy(app):
    policy = get(app, "/component/streamlit_folium.st_folium/index.html").headers[
        "content-security-policy"
    ]
    assert "'unsafe-eval'" in policy
    assert "object-src 'none'" in policy


def test_similar_paths_do_not_get_the_map_frame_policy(app):
    for path in ("/overview/component/x", "/features/component/x", "/map/component/x"):
        assert "'unsafe-eval'" not in get(app, path).headers["content-security-policy"]


def test_features_need_no_cookie_or_session(app):
    first, second = (get(app, "/features/claims?system=S-400").body for _ in range(2))
    assert first == second
    assert View(systems=("S-400",)) == from_query("system=S-400")[0]


@pytest.mark.parametrize("path", ["/", *(f"/{page.path}" for page in list_pages()[1:])])
def test_page_document_links_the_style_sheet_in_its_head(app, path):
    answer = get(app, path, accept_encoding="gzip")
    assert (answer.status, answer.kind) == (200, "text/html")
    head = answer.body.decode().split("</head>")[0]
    assert '<link rel="stylesheet" href="./map/theme/app.css">' in head
    assert index_html().split("</head>")[0].rstrip() in head
    again = get(app, path, if_none_match=answer.headers["etag"])
    assert (again.status, again.sent) == (304, b"")


def test_server_starts_with_a_faulty_case_and_says_what_is_wrong(monkeypatch, tmp_path):
    (tmp_path / "case.json").write_text('{"case": {"pages": 3}}', encoding="utf-8")
    monkeypatch.setenv("CASE", str(tmp_path))
    broken = Starlette(routes=routes(), middleware=middleware)
    for path in ("/features/claims", "/map/base/none.geojson", "/overview"):
        assert get(broken, path).status in (503, 404)
    assert "case.json, record 1, pages" in get(broken, "/features/claims").json["error"]
    assert get(broken, "/evidence").status == 200
