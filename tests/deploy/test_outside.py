"""The app contacts no other host at start, and rejects WebSockets from other sites."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support.app_server import serve_app

FOREIGN = "https://foreign.example"


def test_start_sends_no_request_to_another_host(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as door:  # every outgoing request would arrive here
        proxy = f"http://127.0.0.1:{door.getsockname()[1]}"
        with serve_app(
            log=tmp_path / "app.txt",
            http_proxy=proxy,
            https_proxy=proxy,
            no_proxy="127.0.0.1",
            STREAMLIT_SERVER_HEADLESS="true",
            STREAMLIT_SERVER_ADDRESS="0.0.0.0",
            STREAMLIT_SERVER_SHOW_EMAIL_PROMPT="false",
        ) as server:
            stream = f"ws://{urlsplit(server.url).netloc}/_stcore/stream"
            with (
                pytest.raises(InvalidStatus, match="403"),
                connect(stream, origin=FOREIGN, proxy=None, open_timeout=20),
            ):
                pass
        door.setblocking(False)
        with pytest.raises(BlockingIOError):
            door.accept()
