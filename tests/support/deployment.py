"""Run the deployment of deploy/: three app processes on one store, behind nginx."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import WebSocketException

from tests.support.app_server import PATIENCE, Server, retry, serve_app
from tests.support.nginx_proxy import run_proxy
from tests.support.websocket_client import WebsocketClient

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
    folder: Path, store: str, prefix: str = "", *, within: float = PATIENCE
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
