"""Prometheus metrics: fixed labels, correct values, no personal data."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families as families
from starlette.applications import Starlette
from starlette.routing import Route
from streamlit.runtime.secrets import secrets_singleton

from geo.mapping import lazy_folium
from geo.server.metrics import (
    MAX_QUEUED,
    PREFIXES,
    record_page_error,
    record_page_run,
    route_label,
)
from geo.server.routes import middleware, routes
from geo.server.session_cookie import COOKIE
from tests.support.asgi_client import get
from tests.support.signed_cookie import auth_section


def broken(_):
    raise RuntimeError("secret of the inside")


@pytest.fixture
def app(fresh_context):
    fresh_context()
    return Starlette(routes=[*routes(), Route("/broken", broken)], middleware=middleware)


def figures(app) -> dict[tuple, float]:
    answer = get(app, "/metrics")
    assert (answer.status, answer.kind) == (200, "text/plain")
    return {
        (one.name, *sorted(one.labels.items())): one.value
        for family in families(answer.body.decode())
        for one in family.samples
    }


def grown(app, doing) -> dict[tuple, float]:
    before = figures(app)
    doing()
    after = figures(app)
    return {
        key: value - before.get(key, 0)
        for key, value in after.items()
        if value != before.get(key, 0)
    }


def test_requests_and_seconds_are_counted_by_route(app):
    more = grown(app, lambda: [get(app, f"/features/{name}") for name in ("claims", "places")])
    name = "briefing_map_request_seconds"
    assert more[f"{name}_count", ("route", "/features")] == 2
    assert more[f"{name}_bucket", ("le", "+Inf"), ("route", "/features")] == 2
    assert 0 < more[f"{name}_sum", ("route", "/features")] < 60


@pytest.mark.parametrize(
    ("address", "route", "status"),
    [
        ("/features/nowhere", "/features", "404"),
        ("/broken", "other", "500"),
        ("/map/nothing", "/map", "404"),
    ],
)
def test_errors_are_counted_by_route_and_status(app, address, route, status):
    more = grown(app, lambda: get(app, address))
    key = ("briefing_map_request_errors_total", ("route", route), ("status", status))
    assert more[key] == 1


def test_metrics_reject_and_count_a_foreign_host(app):
    assert get(app, "/metrics", host="elsewhere.example").status == 400
    more = grown(app, lambda: get(app, "/metrics", host="elsewhere.example"))
    key = ("briefing_map_request_errors_total", ("route", "/metrics"), ("status", "400"))
    assert more[key] == 1


def test_metrics_need_a_sign_in_unless_metrics_open_is_set(app, fresh_context, monkeypatch):
    monkeypatch.setattr(secrets_singleton, "_secrets", {"auth": auth_section()})
    assert get(app, "/metrics").status == 401
    fresh_context(METRICS_OPEN="1")
    assert get(app, "/metrics").status == 200
    assert get(app, "/features/claims").status == 401


def test_page_runs_and_errors_are_counted_by_page(app):
    def happened():
        record_page_run("tartus", 0.2)
        record_page_error("tartus")

    more = grown(app, happened)
    assert more["briefing_map_page_seconds_sum", ("page", "tartus")] == pytest.approx(0.2)
    assert more["briefing_map_page_errors_total", ("page", "tartus")] == 1


def test_cache_metrics_count_hits_misses_and_entries(app):
    once = grown(app, lambda: get(app, "/features/claims?q=a-word-never-searched"))
    again = grown(app, lambda: get(app, "/features/claims?q=a-word-never-searched"))
    cache = ("cache", "selection.selections")
    assert once["briefing_map_cache_misses_total", cache] >= 1
    assert again["briefing_map_cache_hits_total", cache] >= 1
    assert ("briefing_map_cache_misses_total", cache) not in again
    assert figures(app)["briefing_map_cache_entries", cache] >= 1


def test_metrics_make_nothing_that_is_imported_later(app, monkeypatch):
    made = []
    proxy = lazy_folium._Later(lambda: made.append("made"))  # as folium.requests while it loads
    monkeypatch.setattr(lazy_folium, "_requests", proxy)
    figures(app)
    assert not made


def test_labels_come_from_a_fixed_set(app):
    secret = "wordofaperson"
    for address in (
        f"/{secret}",
        f"/features/{secret}?q={secret}",
        f"/_stcore/x/{secret}",
        f"/media/{secret}.csv",
        f"/features{secret}",
    ):
        get(app, address, cookie=f"{COOKIE}={secret}")
    text = get(app, "/metrics").body.decode()
    assert secret not in text
    assert set(re.findall(r'route="([^"]*)"', text)) <= {*PREFIXES, "page", "other"}


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "page"),
        ("/tartus", "page"),
        ("/features/claims", "/features"),
        ("/featuresque", "other"),
        ("/tiles/ais/3/4/2.png", "/tiles"),
        ("/_stcore/health", "/_stcore"),
        ("/_stcore/upload_file/a/b", "/_stcore/upload_file"),
        ("", "other"),
    ],
)
def test_route_label_is_a_known_path_prefix(path, route):
    assert route_label(path) == route


def test_queued_metrics_are_not_lost_without_scrapes(app):
    def happened():
        for _ in range(3 * MAX_QUEUED):
            record_page_run("overview", 0.001)

    more = grown(app, happened)
    assert more["briefing_map_page_seconds_count", ("page", "overview")] == 3 * MAX_QUEUED
