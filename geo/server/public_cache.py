"""Mark responses that are the same for everybody as public, so that a shared cache keeps them.

A /features or /tiles address that names the current data version has one answer for every browser
without session layers. Any other answer keeps the Cache-Control of its route: private.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from geo.app_context import context, context_for_key
from geo.errors import GeoError
from geo.server.asgi import HttpMiddleware, route_path
from geo.server.request_guard import needs_sign_in
from geo.server.responses import NO_STORE
from geo.server.session_cookie import parse_session_key

CACHED_PATHS = ("/features/", "/tiles/")
PUBLIC = "public, max-age=600"


class PublicCache(HttpMiddleware):
    """ASGI middleware that sets a public Cache-Control where only the address counts."""

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        cached = route_path(scope).startswith(CACHED_PATHS)
        if not cached or not await run_in_threadpool(_is_public, scope):
            await self.app(scope, receive, send)
            return

        async def send_public(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (200, 304):
                headers = MutableHeaders(scope=message)
                whole = headers.get("Cache-Control") != NO_STORE
                # Check again: if the data changed meanwhile, the answer may be of either version.
                if whole and await run_in_threadpool(_is_public, scope):
                    headers["Cache-Control"] = PUBLIC
            await send(message)

        await self.app(scope, receive, send_public)


def _is_public(scope: Scope) -> bool:
    """Return whether there is no sign-in, no layer or draft of one's own, and v is current."""
    if needs_sign_in(scope):
        return False
    key = parse_session_key(Headers(scope=scope).get("cookie"))
    versions = parse_qs(scope["query_string"].decode("latin-1")).get("v", [])
    try:
        store = context().store
        return versions == [store.version()] and context_for_key(key).store is store
    except GeoError:
        return False
