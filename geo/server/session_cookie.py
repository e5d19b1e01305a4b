"""The cookie that tells browsers apart: it opens a browser's own layers, and says nothing else."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.session_keys import is_key, new_key

COOKIE = "briefing_map_own"


def parse_session_key(header: str | None) -> str | None:
    """Return the key that a Cookie header holds, or None."""
    try:
        found = SimpleCookie(header or "").get(COOKIE)
    except CookieError:
        return None
    return found.value if found is not None and is_key(found.value) else None


class SessionCookie:
    """ASGI middleware that gives a browser without a key one, with the page that it loads.

    The cookie is of this browser session, cannot be read by scripts, and is not sent with what
    other sites ask for.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the head of a page."""
        if scope["type"] != "http" or parse_session_key(Headers(scope=scope).get("cookie")):
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        forwarded = asked.get("x-forwarded-proto", "").partition(",")[0].strip()
        secure = "https" in (scope.get("scheme"), forwarded)
        if "text/html" in asked.get("accept", ""):
            # "Nothing new" would bring no cookie to a browser that kept the page and not the key.
            scope = {**scope, "headers": [*scope["headers"]]}
            for name in ("if-none-match", "if-modified-since"):
                del MutableHeaders(scope=scope)[name]

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    cookie = f"{COOKIE}={new_key()}; Path=/; HttpOnly; SameSite=Lax"
                    headers.append("Set-Cookie", f"{cookie}; Secure" if secure else cookie)
                    headers["Cache-Control"] = "private, no-store"  # one browser's, no proxy's
            await send(message)

        await self.app(scope, receive, completed)
