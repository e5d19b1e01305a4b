"""Warming up: the heavy libraries and the data are read while the browser loads the page."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

log = logging.getLogger(__name__)


def _warm() -> None:
    try:
        from geo.mapping.features import feature_collection
        from geo.server.context import context
        from geo.view import View

        where = context()
        for name in ("claims", "places", "routes", "rings"):
            feature_collection(name, View(), where.store)
        for library in ("folium",):
            importlib.import_module(library)
    except Exception:  # the page says what is wrong, in words; the server stays up
        log.exception("warming up failed")


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Start warming up in the background; serving does not wait for it."""
    threading.Thread(target=_warm, name="warm-up", daemon=True).start()
    yield {}
