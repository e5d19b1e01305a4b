"""What no browser of ours asks for is refused at the door, in words: see SECURITY.md."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.errors import GeoError
from geo.server import streamlit_bridge
from geo.settings import settings

log = logging.getLogger(__name__)
MAX_ADDRESS_BYTES = (
    16_000  # bytes of path and query; the longest link that a page writes is shorter
)
STREAMLITS = "/_stcore/"
UPLOADS = f"{STREAMLITS}upload_file/"
MB = 1_000_000
_WANTED = "sign_in_wanted"  # of a request
SIGN_IN = "Sign in first: open the first page of this site, then ask again."


def error_response(status: int, why: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer that says in words why there is no other."""
    body = json.dumps({"error": why})
    return PlainTextResponse(body, status, headers, media_type="application/json")


def route_path(scope: Scope) -> str:
    """Return the path as the routes see it, without what a proxy puts before it."""
    return scope["path"].removeprefix(scope.get("root_path", ""))


class RequestGuard:
    """ASGI middleware that refuses foreign hosts, long addresses, other methods, large files."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._arriving = 0  # bytes of files that are on their way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on."""
        if scope["type"] != "http":  # Streamlit looks at the host of its websocket itself
            await self.app(scope, receive, send)
            return
        upload = scope["method"] == "PUT" and route_path(scope).startswith(UPLOADS)
        refused = _unfit(scope) or (self._no_room(scope) if upload else None)
        if refused is not None:
            await refused(scope, receive, send)
        elif upload:
            await self._take(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _no_room(self, scope: Scope) -> Response | None:
        if not _known(scope):
            return error_response(401, SIGN_IN)
        try:
            chosen = settings()
        except GeoError as error:
            return error_response(503, str(error))
        size = _announced(scope)
        if size > chosen.upload_file_mb * 2**20 + 2**16:  # Streamlit counts so; the page is exact
            why = f"The file has {size / MB:,.0f} MB; the limit is {chosen.upload_file_mb:,} MB."
            return error_response(
                413, f"{why} Split it, or keep the rows and columns that are needed."
            )
        if streamlit_bridge.uploaded_bytes() + self._arriving + size > chosen.upload_held_mb * MB:
            log.warning("an upload was refused: UPLOAD_HELD_MB is reached")
            why = "The server holds as many files as it may just now. Try again in a minute."
            return error_response(503, why, {"Retry-After": "60"})
        return None

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a file on, and count it as long as it is on its way."""
        size = _announced(scope)
        self._arriving += size
        try:
            await self.app(scope, receive, send)
        finally:
            self._arriving -= size


class RequireSignIn:
    """ASGI middleware for a route that, where a sign-in is set up, only the signed-in see."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401."""
        if _known(scope):
            await self.app(scope, receive, _private(send) if needs_sign_in(scope) else send)
        else:
            await error_response(401, SIGN_IN, {"Cache-Control": "no-store"})(scope, receive, send)


class RequireOperator(RequireSignIn):
    """ASGI middleware for what operators ask: as `SignedIn`, unless METRICS_OPEN opens it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401."""
        try:
            opened = settings().metrics_open
        except GeoError:
            opened = False
        await (self.app if opened else super().__call__)(scope, receive, send)


def _private(send: Send) -> Send:
    """Keep an answer that only the signed-in may see out of caches that others ask."""

    async def completed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "public" in headers.get("Cache-Control", ""):
                headers["Cache-Control"] = "private, no-cache"
        await send(message)

    return completed


def needs_sign_in(scope: Scope) -> bool:
    """Whether a sign-in is set up; Streamlit, which looks for files each time, is asked once."""
    if _WANTED not in scope:
        scope[_WANTED] = streamlit_bridge.is_sign_in_configured()
    return scope[_WANTED]


def _known(scope: Scope) -> bool:
    return not needs_sign_in(scope) or streamlit_bridge.is_signed_in(HTTPConnection(scope).cookies)


def _unfit(scope: Scope) -> Response | None:
    """Return the refusal of a request that is none of ours, whatever it asks for."""
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
    if scope["method"] not in ("GET", "HEAD") and not route_path(scope).startswith(STREAMLITS):
        why = f"{scope['method'][:20]} is not answered here; ask with GET."
        return error_response(405, why, {"Allow": "GET, HEAD"})
    return None


def _announced(scope: Scope) -> int:
    """Return the size of a request's body as it is announced, or the largest that is taken."""
    told = Headers(scope=scope).get("content-length", "")
    if told.isascii() and told.isdigit() and len(told) < 20:
        return int(told)
    return settings().upload_file_mb * 2**20
