"""Run the deployment of deploy/: three app processes on one store, behind nginx."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import WebSocketException

from geo.settings import ROOT
from tests.support.app_server import (
    Server,
    free_port,
    retry,
    serve_app,
    wait_until_answers,
)
from tests.support.nginx_proxy import run_proxy
from tests.support.websocket_client import WebsocketClient

STARTING = 60  # seconds until several processes must answer
SESSIONS = re.compile(r"^briefing_map_sessions (\d+)", re.MULTILINE)


@dataclass
class Deployment:
    """Three app processes and the nginx in front of them."""

    apps: list[Server]
    url: str
    logs: list[Path] = field(default_factory=list)

    def sessions(self) -> list[int]:
        """Return the number of open pages of each running process."""
        return [
            int(SESSIONS.search(get_without_cookie(app.url, "/metrics")[2].decode())[1])
            if app.process.poll() is None
            else 0
            for app in self.apps
        ]


@contextmanager
def run_deployment(
    folder: Path, store: str, prefix: str = "", *, within: float = STARTING
) -> Iterator[Deployment]:
    """Run three app processes on a store behind nginx inside the block.

    Parameters
    ----------
    folder : pathlib.Path
        For logs, nginx's files and session layers.
    store : str
        STORE_URL.
    prefix : str
        The path prefix, such as "/syria".
    within : float
        Seconds until all must be ready; a store with large layers takes longer.
    """
    settings = {"STORE_URL": store, "OWN_FOLDER": str(folder / "own"), "LOG_FORMAT": "json"}
    logs = [folder / f"app{number}.txt" for number in (1, 2, 3)]
    with ExitStack() as running:
        # all three start at once, then each is waited for
        apps = [
            running.enter_context(serve_app(log=log, patient=False, **settings)) for log in logs
        ]
        for app in apps:
            retry(lambda app=app: _ready(app), within=within)
        (folder / "nginx").mkdir()
        url = running.enter_context(run_proxy([app.url for app in apps], folder / "nginx", prefix))
        yield Deployment(apps, url, logs)


def _ready(app: Server) -> None:
    try:
        status, _, body = get_without_cookie(app.url, "/ready")
    except OSError as error:
        raise AssertionError from error
    assert status == 200, body


def get_without_cookie(
    url: str, address: str, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """GET a path from a server without cookies."""
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    line.request("GET", urlsplit(url).path + address, headers=headers)
    answer = line.getresponse()
    found = answer.status, answer.headers, answer.read()
    line.close()
    return found


def filter_by_system(visitor: WebsocketClient, system: str) -> None:
    """Filter by one system and check that the page shows it."""
    state = WidgetState(id=visitor.find("multiselect", "Systems").id)
    state.string_array_value.data.append(system)
    visitor.rerun(state)
    assert f"system={system}" in visitor.query


def read_count(visitor: WebsocketClient) -> str:
    """Return the count that the page shows, such as "3 of 45 reports"."""
    return re.search(r"[\d,]+ of [\d,]+ reports?", visitor.words)[0]


def reconnect(visitor: WebsocketClient) -> None:
    """Reconnect until it succeeds, as a browser does after its process has ended."""

    def connected() -> None:
        try:
            visitor.connect()
        except (OSError, WebSocketException) as error:
            raise AssertionError from error

    retry(connected)


def start_command(log: Path, *options: str, **environment: str) -> subprocess.Popen:
    """Start `python -m geo serve` with options."""
    command = [sys.executable, "-m", "geo", "serve", *options]
    with log.open("wb") as out:
        return subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=out, stderr=out
        )


@contextmanager
def serve_processes(
    log: Path, count: int, **environment: str
) -> Iterator[tuple[str, subprocess.Popen]]:
    """Serve with several processes inside the block."""
    port = free_port()
    process = start_command(log, f"--port={port}", f"--processes={count}", **environment)
    base = environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
    url = f"http://127.0.0.1:{port}" + (f"/{base}" if base else "")
    try:
        wait_until_answers(f"{url}/health", process, log, within=STARTING)
        yield url, process
    finally:
        process.terminate()
        process.wait(STARTING)
