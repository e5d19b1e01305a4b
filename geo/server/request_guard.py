"""Reject requests that the app never sends: foreign hosts, long addresses, large files.

SECURITY.md lists the limits.
"""

from __future__ import annotations

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from geo import streamlit_bridge
from geo.errors import GeoError
from geo.server.asgi import HttpMiddleware, is_outside, on_response, route_path
from geo.server.responses import error_response
from geo.settings import settings
from geo.streamlit_bridge import INTERNAL_PATH, UPLOAD_PATH

log = logging.getLogger(__name__)
MAX_ADDRESS_BYTES = 16_000  # of path and query; the longest link of a page is shorter
MB = 1_000_000
STATUS_PATHS = ("/health", "/ready", "/metrics")  # also at the root, for checks of one process
OUR_PATHS = ("/copies", "/features", "/tiles", "/map", "/briefing", *STATUS_PATHS)
KNOWN_PATHS = (*OUR_PATHS, *streamlit_bridge.RESERVED_PATHS, *streamlit_bridge.SIGN_IN_PATHS)
_NEEDS_SIGN_IN = "needs_sign_in"  # a key of the scope
SIGN_IN = "Sign in first: open the first page of this site, then ask again."


class RequestGuard(HttpMiddleware):
    """ASGI middleware that rejects foreign hosts, long addresses, other methods, large files."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._arriving = 0  # bytes of the uploads that are being received

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        upload = scope["method"] == "PUT" and route_path(scope).startswith(UPLOAD_PATH)
        rejection = _reject_request(scope) or (self._reject_upload(scope) if upload else None)
        if rejection is not None:
            await rejection(scope, receive, send)
        elif upload:
            size = _content_length(scope)
            self._arriving += size
            try:
                await self.app(scope, receive, send)
            finally:
                self._arriving -= size
        else:
            await self.app(scope, receive, send)

    def _reject_upload(self, scope: Scope) -> Response | None:
        if not _may_enter(scope):
            return error_response(401, SIGN_IN)
        try:
            chosen = settings()
        except GeoError as error:
            return error_response(503, str(error))
        size = _content_length(scope)
        # Streamlit's megabyte has 2**20 bytes; the page checks the exact size.
        if size > chosen.upload_file_mb * 2**20 + 2**16:
            why = f"The file has {size / MB:,.0f} MB; the limit is {chosen.upload_file_mb:,} MB."
            remedy = "Split it, or keep the rows and columns that are needed."
            return error_response(413, f"{why} {remedy}")
        if streamlit_bridge.uploaded_bytes() + self._arriving + size > chosen.upload_held_mb * MB:
            log.warning("an upload was rejected: UPLOAD_HELD_MB is reached")
            why = "The server holds as many files as it may just now. Try again in a minute."
            return error_response(503, why, {"Retry-After": "60"})
        return None


class RequireSignIn(HttpMiddleware):
    """ASGI middleware for a route that needs a sign-in, if one is configured."""

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _may_enter(scope):
            await self.app(scope, receive, _send_private(send) if needs_sign_in(scope) else send)
        else:
            await error_response(401, SIGN_IN, {"Cache-Control": "no-store"})(scope, receive, send)


class RequireOperator(RequireSignIn):
    """ASGI middleware for a route of operators: `RequireSignIn`, unless METRICS_OPEN is set."""

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            opened = settings().metrics_open
        except GeoError:
            opened = False
        await (self.app if opened else super()._handle)(scope, receive, send)


def _send_private(send: Send) -> Send:
    """Keep shared caches from storing a response that needs a sign-in."""

    def make_private(_: int, headers: MutableHeaders) -> None:
        if "public" in headers.get("Cache-Control", ""):
            headers["Cache-Control"] = "private, no-cache"

    return on_response(send, make_private)


def needs_sign_in(scope: Scope) -> bool:
    """Return whether a sign-in is configured; looked up once a request, since it reads files."""
    if _NEEDS_SIGN_IN not in scope:
        scope[_NEEDS_SIGN_IN] = streamlit_bridge.is_sign_in_configured()
    return scope[_NEEDS_SIGN_IN]


def _may_enter(scope: Scope) -> bool:
    return not needs_sign_in(scope) or streamlit_bridge.is_signed_in(HTTPConnection(scope).cookies)


def _reject_request(scope: Scope) -> Response | None:
    """Return the response to a request that the app never sends; None for any other."""
    host = Headers(scope=scope).get("host")
    if not streamlit_bridge.is_host_allowed(host):
        named = f"the name {host[:100]!r}" if host else "a request that names no host"
        why = f"This server does not answer to {named}. Its operator can name more (SECURITY.md)."
        return error_response(400, why)
    raw = scope.get("raw_path") or scope["path"].encode()
    length = len(raw) + len(scope["query_string"])
    if length > MAX_ADDRESS_BYTES:
        why = f"The address has {length:,} bytes; the limit is {MAX_ADDRESS_BYTES:,}."
        return error_response(414, why)
    if scope["method"] not in ("GET", "HEAD") and not route_path(scope).startswith(INTERNAL_PATH):
        why = f"{scope['method'][:20]} is not answered here; ask with GET."
        return error_response(405, why, {"Allow": "GET, HEAD"})
    if why := _explain_misplaced(scope):
        return error_response(404, why)
    return None


def _explain_misplaced(scope: Scope) -> str:
    """Return why nothing of the app can be at a path; empty if something may be.

    Streamlit would answer 200 with its page, so that a wrong path prefix looks healthy.
    """
    path, base = route_path(scope), streamlit_bridge.base_path()
    known = path.startswith(tuple(f"{one}/" for one in KNOWN_PATHS))
    if is_outside(scope) and path not in STATUS_PATHS:
        return (
            f"Nothing is served at {path[:200]!r}: server.baseUrlPath puts this app below {base}/. "
            "A proxy in front of it must keep that prefix in the address."
        )
    if known or path == base or "/" not in path.strip("/"):
        return ""
    return (
        f"Nothing is served at {path[:200]!r}. If this app is to be below a path, start it with "
        "--server.baseUrlPath, or let the proxy take the prefix out of the address."
    )


def _content_length(scope: Scope) -> int:
    """Return the Content-Length in bytes, or the upload limit if it is missing or no number."""
    text = Headers(scope=scope).get("content-length", "")
    if text.isascii() and text.isdigit() and len(text) < 20:
        return int(text)
    return settings().upload_file_mb * 2**20
