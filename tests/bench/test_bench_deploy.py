"""Cost of a response from the app and from nginx's cache; no duration is asserted.

One client uses one connection, so that no time is spent waiting in a queue.
"""

import http.client
import time
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import pytest

from tests.support.app_server import serve_app
from tests.support.load_driver import processor_seconds
from tests.support.nginx_proxy import run_proxy
from tests.support.websocket_client import WebsocketClient

pytestmark = pytest.mark.bench

TIMES = 400


def _asked(url: str, address: str) -> tuple[list[float], list[str], int]:
    """Request one URL repeatedly; return seconds, cache status and bytes."""
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    taken, cached, size = [], [], 0
    for _ in range(TIMES):
        begun = time.perf_counter()
        line.request("GET", address, headers={"Accept-Encoding": "gzip"})
        answer = line.getresponse()
        size = len(answer.read())
        taken.append(time.perf_counter() - begun)
        cached.append(answer.headers.get("X-Cache", ""))
        assert answer.status == 200
    line.close()
    return taken, cached, size


def test_features_from_the_app_and_from_nginx(tmp_path: Path):
    with (
        serve_app(log=tmp_path / "app.txt") as app,
        run_proxy([app.url] * 3, tmp_path) as url,
        WebsocketClient(app.url, "overview", "sources=all") as visitor,
    ):
        told = visitor.shown()
        address = f"/features/claims?{told['q']}&v={told['v']}"
        process = app.process.pid
        before = processor_seconds(process)
        direct, _, size = _asked(app.url, address)
        busy = processor_seconds(process) - before
        _asked(url, address)
        before = processor_seconds(process)
        kept, cached, _ = _asked(url, address)
        behind = processor_seconds(process) - before
    assert set(cached) == {"HIT"}
    print(f"\n\nfeatures of all claims, {size / 1000:.0f} KB packed, one client, {TIMES} times:")
    for name, taken, work in (("app", direct, busy), ("nginx, held", kept, behind)):
        print(
            f"  {name:12} median {1000 * median(taken):.2f} ms, "
            f"{1000 * work / TIMES:.2f} ms of the app's processor time each"
        )
    print()
