"""Prometheus metrics of this process: requests, page runs, sessions, caches.

Labels are a few fixed words, never an address, a layer, a file or a person. Events wait in a
queue until /metrics is read, so that no first page waits for the import of prometheus_client.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from geo import streamlit_bridge
from geo.server import json_logging
from geo.server.asgi import HttpMiddleware, on_response, route_path
from geo.server.page_shell import page_paths
from geo.server.request_guard import OUR_PATHS

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram
    from prometheus_client.metrics_core import Metric

PREFIXES = (*OUR_PATHS, *streamlit_bridge.RESERVED_PATHS)
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
MAX_QUEUED = 1_000  # events that are counted together, if /metrics is not read before


# A name of `_create_meters`, its label values, and seconds or None.
_queue: deque[tuple[str, tuple[str, ...], float | None]] = deque()
_counting = threading.Lock()


def route_label(path: str) -> str:
    """Return the label of an address: one of PREFIXES, "page" or "other"."""
    for prefix in PREFIXES:
        if path == prefix or path.startswith(f"{prefix}/"):
            return prefix
    return "page" if path in page_paths() else "other"


def record_page_run(page: str, seconds: float) -> None:
    """Count a run of a page of `geo.page_registry.list_pages`, named by its path."""
    _enqueue("pages", (page,), seconds)


def record_page_error(page: str) -> None:
    """Count a page that could not be shown."""
    _enqueue("page_errors", (page,))


def _enqueue(name: str, labels: tuple[str, ...], seconds: float | None = None) -> None:
    _queue.append((name, labels, seconds))
    if len(_queue) >= MAX_QUEUED:
        _count_queue()


class RequestMetrics(HttpMiddleware):
    """ASGI middleware that records route label, status and seconds of each response."""

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 500
        start = time.perf_counter()

        def record_status(code: int, _: MutableHeaders) -> None:
            nonlocal status
            status = code

        try:
            await self.app(scope, receive, on_response(send, record_status))
        finally:
            seconds, route = time.perf_counter() - start, route_label(route_path(scope))
            _enqueue("requests", (route,), seconds)
            if status >= 400:
                _enqueue("request_errors", (route, str(status)))
            json_logging.log_request(route, status, seconds)


def get_metrics(_: Request) -> Response:
    """Answer GET /metrics in Prometheus' text format."""
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

    body = generate_latest(_count_queue())
    return Response(body, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _count_queue() -> CollectorRegistry:
    """Count the queued events; return the registry."""
    with _counting:
        registry, histograms, counters = _create_meters()
        while _queue:
            name, labels, seconds = _queue.popleft()
            if seconds is None:
                counters[name].labels(*labels).inc()
            else:
                histograms[name].labels(*labels).observe(seconds)
    return registry


@lru_cache(maxsize=1)
def _create_meters() -> tuple[CollectorRegistry, dict[str, Histogram], dict[str, Counter]]:
    import prometheus_client as prom

    prom.disable_created_metrics()
    registry = prom.CollectorRegistry()
    histogram = partial(
        prom.Histogram, namespace="briefing_map", buckets=BUCKETS, registry=registry
    )
    counter = partial(prom.Counter, namespace="briefing_map", registry=registry)

    requests = "Seconds from a request to the end of its answer."
    histograms = {
        "requests": histogram("request_seconds", requests, ["route"]),
        "pages": histogram("page_seconds", "Seconds of a run of a page.", ["page"]),
    }
    errors = "Answers with a status of 400 or more."
    counters = {
        "request_errors": counter("request_errors", errors, ["route", "status"]),
        "page_errors": counter("page_errors", "Runs of a page that could not show it.", ["page"]),
    }
    prom.ProcessCollector(registry=registry)
    registry.register(_CurrentCollector())
    return registry, histograms, counters


class _CurrentCollector:
    """Collects current values: open sessions and the statistics of the caches."""

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        sessions = streamlit_bridge.count_sessions()
        yield GaugeMetricFamily("briefing_map_sessions", "Browsers' pages open now.", sessions)
        name, labels = "briefing_map_cache", ["cache"]
        hits = CounterMetricFamily(f"{name}_hits", "Answers from a cache.", labels=labels)
        made = "Answers that had to be made."
        misses = CounterMetricFamily(f"{name}_misses", made, labels=labels)
        entries = GaugeMetricFamily(f"{name}_entries", "Answers held.", labels=labels)
        for cache, hit, missed, held in _list_caches():
            hits.add_metric([cache], hit)
            misses.add_metric([cache], missed)
            if held is not None:
                entries.add_metric([cache], held)
        yield from (hits, misses, entries)


def _list_caches() -> Iterable[tuple[str, int, int, int | None]]:
    """Return name, hits, misses and entries of each cache that can hold more than one entry."""
    from geo.lru_cache import LruCache
    from geo.store.query.layer_cache import count_lookups

    found: list[tuple[str, int, int, int | None]] = [("store.layers", *count_lookups(), None)]
    for module_name, module in sorted(sys.modules.items()):
        if not module_name.startswith("geo."):
            continue
        for name, value in list(vars(module).items()):
            # a function's cache counts in the module that defines it, not where it is imported
            here = isinstance(value, LruCache) or getattr(value, "__module__", "") == module_name
            # asked of the type: a proxy of something imported later would import it to answer
            if here and hasattr(type(value), "cache_info"):
                hits, misses, most, entries = value.cache_info()
                if most is None or most > 1:
                    label = f"{module_name.removeprefix('geo.')}.{name.lstrip('_')}"
                    found.append((label, hits, misses, entries))
    return found
