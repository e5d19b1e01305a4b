"""The base of our ASGI middleware: HTTP requests only, and the head of a response."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.streamlit_bridge import base_path


class HttpMiddleware:
    """ASGI middleware that handles HTTP requests and passes on any other connection."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request; Streamlit checks its websocket itself."""
        await (self._handle if scope["type"] == "http" else self.app)(scope, receive, send)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise NotImplementedError


def on_response(send: Send, change: Callable[[int, MutableHeaders], None]) -> Send:
    """Return a `send` that calls ``change`` with the status and the headers of the response."""

    async def send_changed(message: Message) -> None:
        if message["type"] == "http.response.start":
            change(message["status"], MutableHeaders(scope=message))
        await send(message)

    return send_changed


def route_path(scope: Scope) -> str:
    """Return the path below the root path and `server.baseUrlPath`; unchanged if it is outside."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    base = base_path()
    return path.removeprefix(base) if path.startswith(f"{base}/") else path


def is_outside(scope: Scope) -> bool:
    """Return whether `server.baseUrlPath` is set and the path is neither it nor below it."""
    path, base = scope["path"].removeprefix(scope.get("root_path", "")), base_path()
    return not f"{path}/".startswith(f"{base}/")
