"""Figures of this process for Prometheus: answers, page runs, sessions, caches.

What is counted is told by a few fixed words: never an address, a layer, a file or a person. What
happens is noted in a queue, and counted when it is asked for: prometheus_client is imported then,
not while a first page waits.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.server import json_logging, streamlit_bridge
from geo.server.page_shell import page_paths
from geo.server.request_guard import route_path

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

PREFIXES = ("/features", "/tiles", "/map", "/briefing", "/health", "/ready", "/metrics", "/static",
            "/media", "/component", "/_stcore/upload_file", "/_stcore")  # fmt: skip
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
MOST_WAITING = 1_000  # notes that are counted together, if nobody asks before


class _Note(NamedTuple):
    """One thing that happened: a name of `_registry`, its label values, and seconds or None."""

    name: str
    labels: tuple[str, ...]
    seconds: float | None = None


_waiting: deque[_Note] = deque()
_counting = threading.Lock()


def route_label(path: str) -> str:
    """Return the word under which an address is counted: one of a few, whatever the path is."""
    for prefix in PREFIXES:
        if path == prefix or path.startswith(f"{prefix}/"):
            return prefix
    return "page" if path in page_paths() else "other"


def record_page_run(page: str, seconds: float) -> None:
    """Count a run of a page of ours.

    Parameters
    ----------
    page : str
        Its path, one of `geo.page_registry.PAGES`.
    seconds : float
    """
    _note(_Note("pages", (page,), seconds))


def record_page_error(page: str) -> None:
    """Count a page that could not be shown."""
    _note(_Note("page_errors", (page,)))


def _note(note: _Note) -> None:
    _waiting.append(note)
    if len(_waiting) >= MOST_WAITING:
        _count()


class RequestMetrics:
    """ASGI middleware that notes each answer: its route, status and seconds, and nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500
        begun = time.perf_counter()

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, seen)
        finally:
            taken, route = time.perf_counter() - begun, route_label(route_path(scope))
            _note(_Note("requests", (route,), taken))
            if status >= 400:
                _note(_Note("request_errors", (route, str(status))))
            json_logging.log_request(route, status, taken)


def get_metrics(_: Request) -> Response:
    """Answer GET /metrics in Prometheus' own text form."""
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

    return Response(
        generate_latest(_count()),
        headers={"Cache-Control": "no-store"},
        media_type=CONTENT_TYPE_LATEST,
    )


def _count() -> CollectorRegistry:
    """Count what was noted; return where it is counted."""
    with _counting:
        registry, meters = _registry()
        while _waiting:
            name, labels, seconds = _waiting.popleft()
            meter = meters[name].labels(*labels)
            meter.inc() if seconds is None else meter.observe(seconds)
    return registry


@lru_cache(maxsize=1)
def _registry() -> tuple[CollectorRegistry, dict[str, Any]]:
    from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
    from prometheus_client import disable_created_metrics as without_times_of_creation

    without_times_of_creation()
    registry = CollectorRegistry()
    more: dict[str, Any] = {"namespace": "briefing_map", "registry": registry}
    meters = {
        "requests": Histogram(
            "request_seconds",
            "Seconds from a request to the end of its answer.",
            ["route"],
            buckets=BUCKETS,
            **more,
        ),
        "request_errors": Counter(
            "request_errors", "Answers with a status of 400 or more.", ["route", "status"], **more
        ),
        "pages": Histogram(
            "page_seconds", "Seconds of a run of a page.", ["page"], buckets=BUCKETS, **more
        ),
        "page_errors": Counter(
            "page_errors", "Runs of a page that could not show it.", ["page"], **more
        ),
    }
    ProcessCollector(registry=registry)
    registry.register(_Now())
    return registry, meters


class _Now:
    """What is read when it is asked for: sessions, and what the caches say of themselves."""

    def collect(self) -> Iterator[Metric]:
        """Yield the figures as they are."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        name = "briefing_map_sessions"
        yield GaugeMetricFamily(
            name, "Browsers' pages open now.", streamlit_bridge.count_sessions()
        )
        words = {"hits": "Answers from a cache.", "misses": "Answers that had to be made."}
        asked = {
            what: CounterMetricFamily(f"briefing_map_cache_{what}", text, labels=["cache"])
            for what, text in words.items()
        }
        held = GaugeMetricFamily("briefing_map_cache_entries", "Answers held.", labels=["cache"])
        for cache, hits, misses, entries in _caches():
            asked["hits"].add_metric([cache], hits)
            asked["misses"].add_metric([cache], misses)
            if entries is not None:
                held.add_metric([cache], entries)
        yield from (*asked.values(), held)


def _caches() -> Iterable[tuple[str, int, int, int | None]]:
    """Return name, hits, misses and entries of each cache of several answers in loaded modules."""
    from geo.store.query.layer_cache import LruCache, count_lookups

    found: list[tuple[str, int, int, int | None]] = [("store.layers", *count_lookups(), None)]
    for name, module in sorted(sys.modules.items()):
        if not name.startswith("geo."):
            continue
        for word, value in list(vars(module).items()):
            own = isinstance(value, LruCache) or getattr(value, "__module__", "") == name
            if own and hasattr(value, "cache_info") and not isinstance(value, type):
                hits, misses, most, entries = value.cache_info()
                if most is None or most > 1:
                    label = f"{name.removeprefix('geo.')}.{word.lstrip('_')}"
                    found.append((label, hits, misses, entries))
    return found
