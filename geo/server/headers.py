"""Security headers: what a page may load and from where, said on every answer."""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.server.document import streamlit_page


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
    "font-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)
# The frame of streamlit-folium runs what the server sends it, through eval.
FRAME_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' data: https://*.openstreetmap.org https://*.basemaps.cartocdn.com "
    "https://server.arcgisonline.com; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)


class SecurityHeaders:
    """ASGI middleware that adds the headers to each HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the head of the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        policy = FRAME_POLICY if path.startswith("/component/") else PAGE_POLICY

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", policy)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
            await send(message)

        await self.app(scope, receive, completed)
