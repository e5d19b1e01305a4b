"""`serve --processes N` runs several app processes behind one nginx, and keeps them running."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo.cli.main import main
from tests.support.app_server import retry
from tests.support.deployment import (
    SESSIONS,
    filter_by_system,
    get_without_cookie,
    read_count,
    reconnect,
    serve_processes,
    start_command,
)
from tests.support.load_driver import process_tree
from tests.support.websocket_client import WebsocketClient

PATIENCE = 60  # seconds
VISITORS = 8


def find_apps(process: subprocess.Popen) -> dict[int, str]:
    """Return the app processes by process id, with their own URLs."""
    found = {}
    for one in process_tree(process.pid)[1:]:
        words = Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ")
        if port := re.search(r"geo serve --port (\d+)", words):
            found[one] = f"http://127.0.0.1:{port[1]}"
    return found


def test_viewers_are_shared_out_and_survive_the_end_of_a_process(tmp_path: Path):
    log = tmp_path / "log.txt"
    with serve_processes(log, 2) as (url, process):
        apps = find_apps(process)
        assert len(apps) == 2
        visitors = [WebsocketClient(url, "overview", "sources=all") for _ in range(VISITORS)]
        for visitor in visitors:
            filter_by_system(visitor, "S-400")
        before = [read_count(visitor) for visitor in visitors]
        sessions = [
            int(SESSIONS.search(get_without_cookie(app, "/metrics")[2].decode())[1])
            for app in apps.values()
        ]
        assert sum(sessions) == VISITORS
        assert min(sessions) > 0, "one process has all viewers"
        os.kill(next(iter(apps)), signal.SIGKILL)
        for visitor in visitors:
            reconnect(visitor)
        assert [read_count(visitor) for visitor in visitors] == before

        def replaced() -> None:
            assert len(find_apps(process).keys() - {next(iter(apps))}) == 2

        retry(replaced, within=PATIENCE)
        for visitor in visitors:
            visitor.close()
        left = process_tree(process.pid)[1:]
    assert process.returncode == 0
    assert not [one for one in left if Path(f"/proc/{one}").exists()], "processes were left behind"
    assert "Traceback" not in log.read_text()


def test_processes_run_below_a_path(tmp_path: Path):
    environment = {"STREAMLIT_SERVER_BASE_URL_PATH": "ops/map"}
    with (
        serve_processes(tmp_path / "log.txt", 2, **environment) as (url, _),
        WebsocketClient(url, "overview") as visitor,
    ):
        assert "reports" in read_count(visitor)


def test_a_machine_without_nginx_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("geo.server.proxy.FOLDERS", (str(tmp_path),))
    done = CliRunner().invoke(main, ["serve", "--processes=2"])
    assert (done.exit_code, "apt-get install nginx" in done.output) == (1, True)


def test_a_port_in_use_is_told(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start_command(
            tmp_path / "log.txt", "--processes=2", f"--port={taken.getsockname()[1]}"
        )
        code = process.wait(PATIENCE)
    said = (tmp_path / "log.txt").read_text()
    assert (code, "Choose another one with --port" in said) == (1, True), said
    assert "Traceback" not in said
