"""Run nginx with the configuration of deploy/, replacing only its ${...} variables."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from geo.settings import ROOT
from tests.support.app_server import free_port, wait_until_answers

sys.path.append(str(ROOT / "tools"))
from ensure_programs import MISSING, find_nginx

TEMPLATE = ROOT / "deploy" / "nginx.conf.template"
NAMED = re.compile(r"\$\{([A-Z0-9_]+)\}")
PATIENCE = 10  # seconds


def render_configuration(values: dict[str, str]) -> str:
    """Return the configuration; raise KeyError for a variable without a value."""
    return NAMED.sub(lambda found: values[found[1]], TEMPLATE.read_text("utf-8"))


@contextmanager
def run_proxy(
    apps: Sequence[str], folder: Path, prefix: str = "", *, base: str = ""
) -> Iterator[str]:
    """Run nginx in front of three apps inside the block; yield its URL.

    Parameters
    ----------
    apps : sequence of str
        Three URLs such as http://127.0.0.1:8501.
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
        **{f"APP_{number}": urlsplit(app).netloc for number, app in enumerate(apps, 1)},
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
