"""Health checks: /health says that the process runs, /ready that it can show pages."""

from __future__ import annotations

import logging
import threading

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from geo.app_context import context
from geo.errors import GeoError, StoreError
from geo.server.responses import error_response
from geo.streamlit_bridge import base_path

log = logging.getLogger(__name__)
STARTING = "The server is starting: it loads its libraries and layers. Ask again in a moment."
warm_up_done = threading.Event()
"""Set when the warm-up has ended, with or without an error; /ready then checks for itself."""
PROBED_PATHS = ("/", "/map/map.js", "/features/places", "/health")  # one of each kind of route
_NO_STORE = {"Cache-Control": "no-store"}


def get_health(_: Request) -> Response:
    """Answer 200 while the process serves requests, whatever the state of its store."""
    return JSONResponse({"status": "ok"}, headers=_NO_STORE)


def get_readiness(request: Request) -> Response:
    """Answer 200 if pages can be shown, else 503 with the reason."""
    expected = [base_path() + path for path in PROBED_PATHS]
    if lost := [path for path in expected if not _is_ours(request, path)]:
        why = f"server.baseUrlPath is {base_path()!r}, but {', '.join(lost)} do not answer there. "
        remedy = "Set it before the app is made: on the command line, or in the environment."
        return error_response(503, why + remedy, {"Retry-After": "5", **_NO_STORE})
    if not warm_up_done.is_set():
        return error_response(503, STARTING, {"Retry-After": "1", **_NO_STORE})
    try:
        unreadable = _find_unreadable_layers()
    except GeoError as error:
        log.warning("not ready: %s", error)
        return error_response(503, str(error), {"Retry-After": "5", **_NO_STORE})
    below = {"path": f"{base_path()}/"} if base_path() else {}
    found = {"status": "ready", "unreadable_layers": unreadable, **below}
    return JSONResponse(found, headers=_NO_STORE)


def _is_ours(request: Request, path: str) -> bool:
    """Return whether a route of this package answers a path, and not Streamlit's page."""
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    found = (one for one in request.app.routes if one.matches(scope)[0] is Match.FULL)
    endpoint = getattr(next(found, None), "endpoint", None)
    return getattr(endpoint, "__module__", "").startswith("geo.")


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
