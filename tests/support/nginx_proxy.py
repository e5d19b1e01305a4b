"""Run nginx with the configuration of deploy/, replacing only its ${...} variables."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from geo.server.proxy import find_nginx, list_upstreams, render_configuration
from geo.settings import ROOT
from tests.support.app_server import free_port, wait_until_answers

sys.path.append(str(ROOT / "tools"))
from ensure_programs import MISSING

PATIENCE = 10  # seconds


@contextmanager
def run_proxy(
    apps: Sequence[str], folder: Path, prefix: str = "", *, base: str = ""
) -> Iterator[str]:
    """Run nginx in front of apps inside the block; yield its URL.

    Parameters
    ----------
    apps : sequence of str
        URLs such as http://127.0.0.1:8501.
    folder : pathlib.Path
        A folder for its files.
    prefix : str
        A path prefix that nginx removes, such as "/syria".
    base : str
        A path prefix that nginx keeps, such as "/ops/map".
    """
    port = free_port()
    settings = {
        "LISTEN": f"127.0.0.1:{port}",
        "SERVER_NAMES": "127.0.0.1",
        "PREFIX": prefix,
        "BASE": base,
        "RUN": str(folder),
        "ACCESS_LOG": str(folder / "access.log"),
        "MIME_TYPES": "/etc/nginx/mime.types",
        "APPS": list_upstreams(urlsplit(app).netloc for app in apps),
    }
    url = f"http://127.0.0.1:{port}{prefix}{base}"
    with run_nginx(render_configuration(settings), folder, f"{url}/health"):
        yield url


@contextmanager
def run_nginx(configuration: str, folder: Path, health: str) -> Iterator[None]:
    """Run nginx inside the block; it answers `health` with 200."""
    program = find_nginx()
    if program is None:
        raise RuntimeError(MISSING["nginx"])
    written = folder / "nginx.conf"
    written.write_text(configuration)
    # as root, nginx's workers use another account, which cannot read the test's folder
    how = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    command = [program, "-e", "stderr", "-c", written, "-g", how]
    with (folder / "error.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until_answers(health, process, folder / "error.log", within=PATIENCE)
        yield
    finally:
        process.terminate()
        process.wait()
