"""Security headers: what a page may load and from where, said on every answer.

An answer to a request that broke is made here too: Starlette makes its own outside of all
middleware, where it would have no headers.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.server.page_shell import streamlit_page
from geo.server.request_guard import error_response, route_path

log = logging.getLogger(__name__)


def _inline_scripts() -> str:
    """Return the hashes of the inline scripts that Streamlit's own page holds."""
    bodies = re.findall(r"<script>(.*?)</script>", streamlit_page(), flags=re.DOTALL)
    hashes = (base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies)
    return "".join(f" 'sha256-{value}'" for value in hashes)


# Streamlit's own pages, measured (FIELD-NOTES 1). Online tiles are loaded in the map's frame only.
PAGE_POLICY = (
    f"default-src 'self'; script-src 'self'{_inline_scripts()}; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
# The frame of streamlit-folium runs what the server sends it, through eval.
FRAME_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' data: https://*.openstreetmap.org https://*.basemaps.cartocdn.com "
    "https://server.arcgisonline.com; object-src 'none'; base-uri 'self'; "
    "form-action 'none'; frame-ancestors 'self'"
)
# Pages tell other sites nothing. Those who lend map tiles want to know which site asks for them.
PAGE_REFERRER, FRAME_REFERRER = "same-origin", "strict-origin-when-cross-origin"
# Of what Streamlit's component frames are offered, nothing is used but the clipboard.
FEATURES = ", ".join(
    f"{name}=()"
    for name in ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")
)
COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": FEATURES,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BROKEN = "Something went wrong here; the server's log has the details. Other addresses go on."


class SecurityHeaders:
    """ASGI middleware that adds the headers to each HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the head of the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        frame = route_path(scope).startswith("/component/")
        policy, referrer = (FRAME_POLICY, FRAME_REFERRER) if frame else (PAGE_POLICY, PAGE_REFERRER)
        begun = False

        async def completed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", policy)
                headers.setdefault("Referrer-Policy", referrer)
                for name, value in COMMON_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, completed)
        except ClientDisconnect:  # nobody is there to hear an answer
            log.info("%s %s: the client vanished", scope["method"], scope["path"][:200])
        except Exception:
            log.exception("%s %s", scope["method"], scope["path"][:200])
            if begun:
                raise
            await error_response(500, BROKEN)(scope, receive, completed)
