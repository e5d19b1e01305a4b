"""Streamlit's own files from memory, while the server is busy with its imports.

Starlette reads a file in four steps on other threads. Each step waits for the interpreter, up to
5 ms, as long as another thread works; a first page asks for a hundred files, and the warm-up is
that other thread. The names hold a hash of what is in them: nothing is ever stale.
"""

from __future__ import annotations

import mimetypes
import re
from functools import lru_cache

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.server.page_shell import streamlit_folder
from geo.server.request_guard import route_path

HASHED = re.compile(r"/static/((?:js|css|media)/[\w.-]+\.[\w-]{8}\.(?:js|css|woff2))", re.ASCII)
_HEADERS = {"Cache-Control": "public, immutable, max-age=31536000"}


class StreamlitAssets:
    """ASGI middleware that answers for files whose name changes with their content."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on: what is no such file is Streamlit's to judge."""
        if scope["type"] == "http" and scope["method"] == "GET":
            found = HASHED.fullmatch(route_path(scope))
            answer = _answer(found[1]) if found else None
            if answer is not None:
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)


@lru_cache(maxsize=512)
def _answer(name: str) -> Response | None:
    """Return the answer with a file of Streamlit's, None where it has none of that name."""
    folder = streamlit_folder()
    path = folder / "static" / name if folder else None
    if path is None or not path.is_file():
        return None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(path.read_bytes(), media_type=kind, headers=_HEADERS)
