"""The session cookie: a random key that gives a browser its session layers."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Receive, Scope, Send

from geo.server.asgi import HttpMiddleware, on_response
from geo.session_keys import is_key, new_key
from geo.streamlit_bridge import base_path

COOKIE = "briefing_map_own"


def parse_session_key(header: str | None) -> str | None:
    """Return the session key in a Cookie header; None if it has no valid one."""
    try:
        found = SimpleCookie(header or "").get(COOKIE)
    except CookieError:
        return None
    return found.value if found is not None and is_key(found.value) else None


class SessionCookie(HttpMiddleware):
    """ASGI middleware that sets a session cookie with the page, in a browser that has none.

    It is a session cookie, HttpOnly and SameSite=Lax, and Secure over HTTPS.
    """

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_headers = Headers(scope=scope)
        if parse_session_key(request_headers.get("cookie")):
            await self.app(scope, receive, send)
            return
        forwarded = request_headers.get("x-forwarded-proto", "").partition(",")[0].strip()
        secure = "https" in (scope.get("scheme"), forwarded)
        if "text/html" in request_headers.get("accept", ""):
            # A 304 sets no cookie in a browser that cached the page and lost the cookie.
            scope = {**scope, "headers": [*scope["headers"]]}
            for name in ("if-none-match", "if-modified-since"):
                del MutableHeaders(scope=scope)[name]

        path = base_path() or "/"

        def set_cookie(_: int, headers: MutableHeaders) -> None:
            if headers.get("content-type", "").startswith("text/html"):
                cookie = f"{COOKIE}={new_key()}; Path={path}; HttpOnly; SameSite=Lax"
                headers.append("Set-Cookie", f"{cookie}; Secure" if secure else cookie)
                headers["Cache-Control"] = "private, no-store"  # the key is one browser's

        await self.app(scope, receive, on_response(send, set_cookie))
