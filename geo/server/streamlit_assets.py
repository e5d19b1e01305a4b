"""Serve Streamlit's hashed scripts, styles and fonts from memory.

Starlette reads a file in four steps on other threads. While another thread computes, as the
warm-up does, each step waits up to 5 ms for the interpreter, and a first page asks for a hundred
files. Their names hold a hash of the content, so no answer is ever stale.
"""

from __future__ import annotations

import mimetypes
from functools import lru_cache

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from geo.server.asgi import HttpMiddleware, route_path
from geo.streamlit_bridge import HASHED_ASSET, static_file

_HEADERS = {"Cache-Control": "public, immutable, max-age=31536000"}


class StreamlitAssets(HttpMiddleware):
    """ASGI middleware that answers requests for files whose name changes with their content."""

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = HASHED_ASSET.fullmatch(route_path(scope)) if scope["method"] == "GET" else None
        response = _file_response(found[1]) if found else None
        await (response or self.app)(scope, receive, send)


@lru_cache(maxsize=512)
def _file_response(name: str) -> Response | None:
    path = static_file(name)
    if path is None:
        return None
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(path.read_bytes(), media_type=media_type, headers=_HEADERS)
