"""Three app processes behind the nginx of deploy/ give the same answers."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from geopandas import GeoDataFrame
from shapely import Point
from websockets.exceptions import ConnectionClosed

from geo.server.proxy import TEMPLATE, VARIABLE
from geo.server.public_cache import PUBLIC
from geo.server.session_cookie import COOKIE
from geo.settings import ROOT, Settings
from geo.store.postgis.store import PostgisStore
from tests.support.deployment import (
    Deployment,
    filter_by_system,
    get_without_cookie,
    read_count,
    reconnect,
    run_deployment,
)
from tests.support.nginx_proxy import run_proxy
from tests.support.postgres_server import Postgres, wait_for
from tests.support.websocket_client import WebsocketClient

PREFIX = "/syria"
WORD = "wordofaperson"
TWELFTH = "sources=all&from=2024-12-12&to=2024-12-12"
OWN = "/features/own?layer=own"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[Deployment]:
    """Run the deployment under a prefix, on a database shared by the three processes."""
    folder, database = tmp_path_factory.mktemp("deploy"), postgres.fresh()
    rows = GeoDataFrame({"name": ["synthetic"]}, geometry=[Point(35.95, 35.41)], crs="EPSG:4326")
    with closing(PostgisStore(database)) as store:
        store.write("own", rows)
    with run_deployment(folder, database, PREFIX) as running:
        yield running


def test_features_are_byte_identical_from_every_process(site: Deployment):
    version = [get_without_cookie(app.url, "/features/own?layer=own")[2] for app in site.apps]
    assert len(set(version)) == 1
    for address in (f"/features/claims?{TWELFTH}", "/features/own?layer=own", "/features/places"):
        told = [
            get_without_cookie(app.url, address, Accept_Encoding="identity") for app in site.apps
        ]
        assert {status for status, _, _ in told} == {200}
        assert len({body for _, _, body in told}) == 1
        assert len({headers["ETag"] for _, headers, _ in told}) == 1


def test_features_of_a_page_are_cached_by_the_proxy(site: Deployment):
    with WebsocketClient(site.url, "overview", "sources=all") as visitor:
        filter_by_system(visitor, "S-400")
        seen = [_features(visitor) for _ in range(2)]
        other = get_without_cookie(site.url, _address(visitor))
    for answer in seen:
        assert f'"shown":{read_count(visitor).split()[0]},'.encode() in answer.body
    assert [answer.headers["X-Cache"] for answer in seen] == ["MISS", "HIT"]
    assert (other[1]["X-Cache"], other[2]) == ("HIT", seen[0].body)
    assert other[1]["Cache-Control"] == PUBLIC
    told = get_without_cookie(site.url, _address(visitor), **{"If-None-Match": other[1]["ETag"]})
    assert (told[0], told[2]) == (304, b"")


def test_responses_of_a_session_are_never_cached_by_the_proxy(site: Deployment):
    with WebsocketClient(site.url, "layers") as owner:
        name = owner.upload_and_accept(
            f"{WORD}.csv", b"id,name,lat,lon\n1,Synthetic own,35.4,35.9\n"
        )
        for _ in range(3):
            answer = owner.ask(f"/features/{name}?layer={name}&v={_version(site)}")
            assert answer.status == 200
            assert b"Synthetic own" in answer.body
            assert answer.headers["Cache-Control"].startswith("private")
            assert answer.headers["X-Cache"] == "MISS"
        address = f"/features/{name}?layer={name}&v={_version(site)}"
        assert get_without_cookie(site.url, address)[0] in (400, 404)
        page = get_without_cookie(site.url, "/", Accept="text/html")
        assert page[1]["Cache-Control"] == "private, no-store"


def test_database_outage_is_reported_and_shows_no_wrong_data(site: Deployment, postgres: Postgres):
    before, over, seen = get_without_cookie(site.url, OWN)[2], threading.Event(), Counter[str]()
    assert b"synthetic" in before
    with ExitStack() as doors, ThreadPoolExecutor(5) as pool:
        doors.callback(over.set)
        viewers = [
            doors.enter_context(WebsocketClient(site.url, "overview", "layer=own")) for _ in "abcd"
        ]
        counts = {}
        for system in ("S-400", "Ka-52"):
            filter_by_system(viewers[0], system)
            counts[system] = read_count(viewers[0])
        busy = [pool.submit(_filters_until, over, viewer, counts, seen) for viewer in viewers]
        busy.append(pool.submit(_asks_until, over, site.url, before))
        wait_for(lambda: seen["S-400"] >= len(viewers))
        postgres.stop()
        try:
            wait_for(lambda: {get_without_cookie(app.url, OWN)[0] for app in site.apps} == {503})
            with WebsocketClient(site.url, "overview", "layer=own") as new:
                assert "own: The layer database does not answer." in new.words
                assert read_count(new).startswith("45 of 45")
        finally:
            postgres.start()
        wait_for(lambda: {get_without_cookie(app.url, OWN)[2] for app in site.apps} == {before})
        much = seen.total()
        wait_for(lambda: seen.total() > much + len(viewers))
        over.set()
        for one in busy:
            one.result()
        for viewer in viewers:
            viewer.rerun()
            assert "does not answer" not in viewer.words
            assert viewer.layers == ["own"]


def _filters_until(
    over: threading.Event, viewer: WebsocketClient, counts: dict[str, str], seen: Counter[str]
) -> None:
    """Alternate filters; each count must be correct, even during an outage."""
    for system in itertools.cycle(counts):
        filter_by_system(viewer, system)
        assert read_count(viewer) == counts[system]
        seen[system] += 1
        if over.wait(0.1):
            return


def _asks_until(over: threading.Event, url: str, right: bytes) -> None:
    """Request a layer until `over` is set; each response must be correct or a 503."""
    while not over.wait(0.05):
        status, _, body = get_without_cookie(url, OWN)
        assert (status, body) == (200, right) or status == 503, body


def test_viewers_of_a_killed_process_reconnect_to_another(site: Deployment):
    victim, before = site.apps[0], site.sessions()
    with ExitStack() as doors:
        homes: dict[int, WebsocketClient] = {}
        for _ in range(60):  # until the first process and another one have a viewer
            visitor = doors.enter_context(WebsocketClient(site.url, "overview", "sources=all"))
            now = site.sessions()
            homes[next(n for n in range(3) if now[n] > before[n])] = visitor
            before = now
            if 0 in homes and len(homes) > 1:
                break
        mine = homes.pop(0)
        filter_by_system(mine, "S-400")
        shown = read_count(mine)
        sessions = {number: other.session for number, other in homes.items()}

        victim.process.kill()
        victim.process.wait()
        for number, other in homes.items():
            filter_by_system(other, "S-400")
            assert (read_count(other), other.session) == (shown, sessions[number])
        with pytest.raises(ConnectionClosed):
            mine.rerun()
        link, was = mine.query, mine.session
        reconnect(mine)
        assert (mine.query, read_count(mine)) == (link, shown)
        assert mine.session != was
        assert f'"shown":{shown.split()[0]},'.encode() in _features(mine).body
        filter_by_system(mine, "Pantsir")  # the session works on


def test_metrics_and_readiness_are_hidden_by_the_proxy(site: Deployment):
    for path in ("/metrics", "/_stcore/metrics", "/ready"):
        assert get_without_cookie(site.url, path)[0] == 404
    assert get_without_cookie(site.url, "/health")[0] == 200
    assert get_without_cookie(site.url, "/health", Host="example.org")[0] == 400


def test_proxy_without_a_prefix_serves_at_the_root(site: Deployment, tmp_path: Path):
    with (
        run_proxy([app.url for app in site.apps], tmp_path) as url,
        WebsocketClient(url, "overview", TWELFTH) as visitor,
    ):
        assert f'"shown":{read_count(visitor).split()[0]},'.encode() in _features(visitor).body


def test_logs_are_json_without_queries_or_cookies(site: Deployment):
    with WebsocketClient(site.url, "overview", f"q={WORD}") as visitor:
        visitor.features("claims")
    texts = [log.read_text() for log in site.logs]
    lines = [json.loads(line) for text in texts for line in text.splitlines() if line[:1] == "{"]
    told = {line["route"] for line in lines if line["logger"] == "geo.server.requests"}
    assert {"page", "/features", "/ready"} <= told
    for text in (*texts, (site.logs[0].parent / "nginx" / "access.log").read_text()):
        assert WORD not in text
        assert visitor.cookies[COOKIE] not in text
        assert [line for line in text.splitlines() if line[:1] != "{" and line.strip()] == []


def test_compose_sets_every_variable_of_the_proxy_template():
    compose = (ROOT / "deploy" / "compose.yaml").read_text()
    for name in sorted(set(VARIABLE.findall(TEMPLATE.read_text("utf-8")))):
        assert re.search(rf"^ +{name}: ", compose, re.MULTILINE), name
    for name in ("STORE_URL", "OWN_FOLDER", "LOG_FORMAT"):
        assert name.lower() in Settings.model_fields


def _version(site: Deployment) -> str:
    with WebsocketClient(site.url, "overview") as visitor:
        return visitor.shown()["v"]


def _address(visitor: WebsocketClient) -> str:
    told = visitor.shown()
    return f"/features/claims?{told['q']}&v={told['v']}"


def _features(visitor: WebsocketClient) -> http.client.HTTPResponse:
    return visitor.ask(_address(visitor))
