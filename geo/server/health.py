"""Health checks: /health says that the process runs, /ready that it can show pages."""

from __future__ import annotations

import logging
import threading

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from geo.app_context import context
from geo.errors import GeoError, StoreError
from geo.server.responses import error_response

log = logging.getLogger(__name__)
STARTING = "The server is starting: it loads its libraries and layers. Ask again in a moment."
warm_up_done = threading.Event()
"""Set when the warm-up has ended, with or without an error; /ready then checks for itself."""
_NO_STORE = {"Cache-Control": "no-store"}


def get_health(_: Request) -> Response:
    """Answer 200 while the process serves requests, whatever the state of its store."""
    return JSONResponse({"status": "ok"}, headers=_NO_STORE)


def get_readiness(_: Request) -> Response:
    """Answer 200 if pages can be shown, else 503 with the reason."""
    if not warm_up_done.is_set():
        return error_response(503, STARTING, {"Retry-After": "1", **_NO_STORE})
    try:
        unreadable = _find_unreadable_layers()
    except GeoError as error:
        log.warning("not ready: %s", error)
        return error_response(503, str(error), {"Retry-After": "5", **_NO_STORE})
    return JSONResponse({"status": "ready", "unreadable_layers": unreadable}, headers=_NO_STORE)


def _find_unreadable_layers() -> list[str]:
    """Return the names of layers that cannot be read; raise `GeoError` if pages cannot be shown."""
    from geo.selection import BUILTIN_LAYERS, select
    from geo.view import View

    store = context().store
    select(View(), store)
    faults = store.faults()
    readable = [info.name for info in store.layers() if info.name not in BUILTIN_LAYERS]
    if faults and not readable and context().settings.store_url:
        first = faults[0]
        msg = f"No layer of STORE_URL can be read just now, as {first.name!r}. {first.why}"
        raise StoreError(f"{msg} {first.remedy}")
    return [fault.name for fault in faults]
