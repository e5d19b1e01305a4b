"""Send a request directly to an ASGI app, with the path unchanged."""

import asyncio
import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message


@dataclass
class Answer:
    """A response: status, headers with lower-case names, and the raw body."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    sent: bytes = b""

    @property
    def body(self) -> bytes:
        return gzip.decompress(self.sent) if self.packed else self.sent

    @property
    def packed(self) -> bool:
        return self.headers.get("content-encoding") == "gzip"

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").split(";")[0]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def get(app: ASGIApp, address: str, *, method: str = "GET", **headers: str) -> Answer:
    """Send a request for a path and query such as /features/claims?from=2024-12-12."""
    path, _, query = address.partition("?")
    answer = Answer()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [
            (name.replace("_", "-").encode(), value.encode())
            for name, value in {"host": "localhost", **headers}.items()
        ],
    }

    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        return next(asked, None) or await asyncio.Future()  # then no further messages

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode().lower(): v.decode() for k, v in message["headers"]}
        else:
            answer.sent += message.get("body", b"")

    # In a thread of its own: after browser tests, this thread already has an event loop.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, app(scope, receive, send)).result()
    return answer
