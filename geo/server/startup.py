"""Start-up: load heavy libraries and data in the background, apply the settings."""

from __future__ import annotations

import asyncio
import gc
import importlib
import inspect
import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.errors import GeoError
from geo.server.batched_io import gather_writes, wake_once
from geo.server.first_page import begin_imports, end_imports, end_page, wait_for_page
from geo.server.health import warm_up_done
from geo.server.page_shell import styled_index
from geo.server.shared_files import BASE_MAP, pack_shared_file
from geo.server.tcp_nodelay import enable_tcp_nodelay
from geo.streamlit_bridge import (
    disable_forced_gc,
    disable_ip_lookup,
    local_url,
    reuse_theme_messages,
)

if TYPE_CHECKING:
    from geo.app_context import Context

log = logging.getLogger(__name__)
GC_THRESHOLDS = (10_000, 10, 10)  # Python's are 700, 10, 10; a change makes 1,300 objects
# What the first page runs, by name: these rooms are above this one.
FIRST_PAGE = (
    *("geo.ui.app", "geo.ui.known_as_of", "geo.ui.map_page", "geo.ui.navigation"),
    *("geo.ui.person", "geo.ui.sidebar", "geo.ui.sign_in", "geo.ui.store_status"),
    "geo.store.session_layers",
)
SHORT_TURN = 0.0005  # seconds that a thread holds the interpreter while another one waits


def freeze_objects() -> None:
    """Freeze loaded objects so that the garbage collector skips them, and enable it.

    With geopandas, pandas and pyarrow loaded, a full collection held the interpreter for about
    110 ms. `lifespan` disables the collector, which took 0.1 s of 1.2 s of imports.
    """
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.enable()


@lru_cache(maxsize=1)
def freeze_objects_once() -> None:
    """Freeze objects after the first page's run, and let the warm-up go on."""
    freeze_objects()
    end_page()


def _import_first_page() -> None:
    """Import it in one thread; with short turns, so that the server answers meanwhile.

    The browser loads Streamlit's frontend during these imports. Two threads that import the same
    libraries at once would wait for each other module by module.
    """
    turn = sys.getswitchinterval()
    sys.setswitchinterval(SHORT_TURN)
    try:
        for name in FIRST_PAGE:
            importlib.import_module(name)
        inspect.getmodule(sys._getframe())  # looks at every module once, which takes 60 ms
    finally:
        sys.setswitchinterval(turn)
        end_imports()


def _warm_up() -> None:
    try:
        _import_first_page()

        from geo.app_context import context
        from geo.mapping.features import encode_view_features
        from geo.view import View

        where = context()
        wait_for_page()
        for name in ("claims", "places", "routes", "rings"):
            encode_view_features(name, View(), where.store)
        pack_shared_file(BASE_MAP)
        freeze_objects()
        _warm_up_tiles(where)
    except GeoError as error:  # each page says it; the server stays up
        log.error("warming up failed: %s", error)
    except Exception:
        log.exception("warming up failed")
    freeze_objects()
    warm_up_done.set()


def _warm_up_tiles(where: Context) -> None:
    """Compile the tile renderer and load the columns of large layers, if there are any."""
    large = [info for info in where.store.layers() if info.rows > where.settings.vector_limit]
    if large:
        from geo.large_layer import TILED_GEOMETRIES
        from geo.mapping.density_tiles import compile_datashader
        from geo.store.bulk.index_builder import load_index

        compile_datashader()
        for info in large:
            if info.geometry in TILED_GEOMETRIES:
                load_index(where.store, info.name)


def warm_up_for_rows(rows: int) -> None:
    """Compile the tile renderer in the background if so many rows make a large layer."""
    from geo.mapping.density_tiles import compile_datashader
    from geo.settings import settings

    if rows > settings().vector_limit:
        threading.Thread(target=compile_datashader, name="warm-up-density", daemon=True).start()


def _apply_settings() -> None:
    from geo.errors import GeoError
    from geo.server.json_logging import enable_json_logs
    from geo.settings import settings
    from geo.streamlit_bridge import set_upload_limit

    try:
        if settings().log_format == "json":
            enable_json_logs()
        elif (url := local_url()) is not None:
            print(f"\nThe map is at {url} (Ctrl+C ends it).\n", flush=True)
        set_upload_limit(settings().upload_file_mb)
    except GeoError as error:  # each page reports it
        log.warning("settings: %s", error)


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[dict[str, object]]:
    """Configure the process and start the warm-up in the background; serving does not wait."""
    gc.disable()
    enable_tcp_nodelay()
    wake_once(asyncio.get_running_loop())
    gather_writes()
    disable_forced_gc()
    disable_ip_lookup()
    reuse_theme_messages()
    _apply_settings()
    styled_index()  # at once, before the imports compete with it
    begin_imports()
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    yield {}
