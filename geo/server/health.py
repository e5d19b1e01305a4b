"""Whether the process lives, and whether it can answer: two questions that a proxy asks."""

from __future__ import annotations

import logging
import threading

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from geo.app_context import context
from geo.errors import GeoError, StoreError
from geo.server.request_guard import error_response

log = logging.getLogger(__name__)
STARTING = "The server is starting: it reads its libraries and layers. Ask again in a moment."
warm_up_done = threading.Event()
"""Set when the warm-up is over, whether it went well or not; what went wrong is asked for anew."""
_FRESH = {"Cache-Control": "no-store"}


def get_health(_: Request) -> Response:
    """Answer that the process serves, whatever its store says."""
    return JSONResponse({"status": "ok"}, headers=_FRESH)


def get_readiness(_: Request) -> Response:
    """Answer that pages can be shown; else 503, and why in words."""
    if not warm_up_done.is_set():
        return error_response(503, STARTING, {"Retry-After": "1", **_FRESH})
    try:
        unreadable = _readable()
    except GeoError as error:
        log.warning("not ready: %s", error)
        return error_response(503, str(error), {"Retry-After": "5", **_FRESH})
    return JSONResponse({"status": "ready", "unreadable_layers": unreadable}, headers=_FRESH)


def _readable() -> list[str]:
    """Return the names of layers that cannot be read, where the store can.

    Raises
    ------
    geo.errors.GeoError
        If settings, evidence or store cannot be read, or no layer of the operator's can.
    """
    from geo.selection import BUILTIN_LAYERS, select
    from geo.view import View

    where = context()
    select(View(), where.store)
    faults = where.store.faults()
    own = [info.name for info in where.store.layers() if info.name not in BUILTIN_LAYERS]
    if faults and not own and where.settings.store_url:
        first = faults[0]
        msg = f"No layer of STORE_URL can be read just now, as {first.name!r}. {first.why}"
        raise StoreError(f"{msg} {first.remedy}")
    return [fault.name for fault in faults]
