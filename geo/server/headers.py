"""Add security headers to every response: what a page may load and from where.

The 500 response is made here too, since Starlette makes its own outside of all middleware, where
it would get no headers.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from functools import lru_cache

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from geo.server.asgi import HttpMiddleware, on_response, route_path
from geo.server.responses import error_response
from geo.streamlit_bridge import COMPONENT_PATH, index_html

log = logging.getLogger(__name__)


def _inline_script_hashes() -> str:
    """Return the CSP sources of the inline scripts in Streamlit's index.html."""
    bodies = re.findall(r"<script>(.*?)</script>", index_html(), flags=re.DOTALL)
    hashes = (base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies)
    return "".join(f" 'sha256-{value}'" for value in hashes)


# What Streamlit's pages need (measured). Online tiles load in the map's frame only.
PAGE_POLICY = (
    f"default-src 'self'; script-src 'self'{_inline_script_hashes()}; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
# streamlit-folium's frame runs the script that the server sends through eval.
_FRAME_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' data: {tiles}; object-src 'none'; base-uri 'self'; "
    "form-action 'none'; frame-ancestors 'self'"
)
# Pages send no referrer to other sites; tile servers require the site that asks.
PAGE_REFERRER, FRAME_REFERRER = "same-origin", "strict-origin-when-cross-origin"
# Streamlit allows its component frames these features; we use only the clipboard.
DISABLED_FEATURES = ", ".join(
    f"{name}=()"
    for name in ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")
)
COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": DISABLED_FEATURES,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SERVER_ERROR = "Something went wrong here; the server's log has the details. Other addresses go on."


@lru_cache(maxsize=1)
def build_frame_policy() -> str:
    """Return the policy of the map's frame, which admits the tile servers that may be chosen."""
    from geo.mapping.basemaps import list_tile_origins

    return _FRAME_POLICY.format(tiles=" ".join(list_tile_origins()))


class SecurityHeaders(HttpMiddleware):
    """ASGI middleware that adds the headers to each HTTP response."""

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        frame = route_path(scope).startswith(COMPONENT_PATH)
        policy, referrer = (
            (build_frame_policy(), FRAME_REFERRER) if frame else (PAGE_POLICY, PAGE_REFERRER)
        )
        started = False

        def add_headers(_: int, headers: MutableHeaders) -> None:
            nonlocal started
            started = True
            added = {"Content-Security-Policy": policy, "Referrer-Policy": referrer}
            for name, value in (added | COMMON_HEADERS).items():
                headers.setdefault(name, value)

        send = on_response(send, add_headers)
        try:
            await self.app(scope, receive, send)
        except ClientDisconnect:  # nobody to answer
            log.info("%s %s: the client disconnected", scope["method"], scope["path"][:200])
        except Exception:
            log.exception("%s %s", scope["method"], scope["path"][:200])
            if started:
                raise
            await error_response(500, SERVER_ERROR)(scope, receive, send)
