"""Warming up: the heavy libraries and the data are read while the browser loads the page."""

from __future__ import annotations

import gc
import importlib
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geo.server.health import warm_up_done
from geo.server.streamlit_bridge import disable_forced_gc, disable_ip_lookup, local_url
from geo.server.tcp_nodelay import enable_tcp_nodelay

if TYPE_CHECKING:
    from geo.app_context import Context

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def freeze_objects_once() -> None:
    """Settle what the first page has imported; later calls do nothing."""
    freeze_objects()


def freeze_objects() -> None:
    """Take everything that is loaded by now out of the garbage collector's rounds.

    With geopandas, pandas and pyarrow loaded a full collection held the interpreter for some
    110 ms; of what never becomes garbage nothing need be looked at. Streamlit's own collection
    after every run of a page is switched off.
    Until here the collector rests: of 1.2 s of imports it took 0.1 s, and found next to nothing.
    """
    gc.freeze()
    gc.enable()


def _warm() -> None:
    try:
        for library in ("geo.mapping.features", "geo.mapping.folium_map"):
            importlib.import_module(library)

        from geo.app_context import context
        from geo.mapping.features import encode_view_features
        from geo.view import View

        where = context()
        for name in ("claims", "places", "routes", "rings"):
            encode_view_features(name, View(), where.store)
        freeze_objects()
        _warm_density(where)
    except Exception:  # the page says what is wrong, in words; the server stays up
        log.exception("warming up failed")
    freeze_objects()
    warm_up_done.set()


def _warm_density(where: Context) -> None:
    """Make ready for layers that are too big for vectors, where there is one."""
    big = [info for info in where.store.layers() if info.rows > where.settings.vector_limit]
    if big:
        from geo.large_layer import TILED_GEOMETRIES
        from geo.mapping.density_tiles import compile_datashader
        from geo.store.bulk.batches import columns

        compile_datashader()
        for info in big:
            if info.geometry in TILED_GEOMETRIES:
                columns(where.store, info.name)


def warm_up_for_rows(rows: int) -> None:
    """Begin to make ready for a layer of so many rows, which is soon drawn, in the background."""
    from geo.mapping.density_tiles import compile_datashader
    from geo.settings import settings

    if rows > settings().vector_limit:
        threading.Thread(target=compile_datashader, name="warm-up-density", daemon=True).start()


def _obey_settings() -> None:
    from geo.errors import GeoError
    from geo.server.json_logging import enable_json_logs
    from geo.server.streamlit_bridge import set_upload_limit
    from geo.settings import settings

    try:
        if settings().log_format == "json":
            enable_json_logs()
        elif (url := local_url()) is not None:
            print(f"\nThe map is at {url} (Ctrl+C ends it).\n", flush=True)
        set_upload_limit(settings().upload_file_mb)
    except GeoError as error:  # every page says it
        log.warning("settings: %s", error)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:
    """Start warming up in the background; serving does not wait for it."""
    gc.disable()
    enable_tcp_nodelay()
    disable_forced_gc()
    disable_ip_lookup()
    _obey_settings()
    threading.Thread(target=_warm, name="warm-up", daemon=True).start()
    yield {}
