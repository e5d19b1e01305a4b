"""Answers that are the same for everybody say so, so that a cache in front can keep them.

An address of /features or /tiles that names the data version as it is now means one answer, for
whoever has no layers of their own. Any other answer keeps what its route says: private.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.app_context import context, session_layers
from geo.errors import GeoError
from geo.server.request_guard import needs_sign_in, route_path
from geo.server.responses import NO_STORE
from geo.server.session_cookie import parse_session_key

PLACES = ("/features/", "/tiles/")
A_WHILE = "public, max-age=600"


class PublicCache:
    """ASGI middleware that lets caches keep what depends on the address alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; say of its answer whether it is everybody's."""
        asked = scope["type"] == "http" and route_path(scope).startswith(PLACES)
        if not asked or not await run_in_threadpool(_for_all, scope):
            await self.app(scope, receive, send)
            return

        async def completed(message: Message) -> None:
            # Asked once more: what was answered while the data changed may be of either version.
            if message["type"] == "http.response.start" and message["status"] in (200, 304):
                headers = MutableHeaders(scope=message)
                whole = headers.get("Cache-Control") != NO_STORE
                if whole and await run_in_threadpool(_for_all, scope):
                    headers["Cache-Control"] = A_WHILE
            await send(message)

        await self.app(scope, receive, completed)


def _for_all(scope: Scope) -> bool:
    """Whether the answer is one for all: no sign-in, no own layers, the data of this moment."""
    if needs_sign_in(scope):
        return False
    key = parse_session_key(Headers(scope=scope).get("cookie"))
    named = parse_qs(scope["query_string"].decode("latin-1")).get("v", [])
    try:
        if key is not None and session_layers().has(key):
            return False
        return named == [context().store.version()]
    except GeoError:
        return False
