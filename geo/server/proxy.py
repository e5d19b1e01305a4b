"""nginx in front of several app processes, with the configuration of deploy/.

It imports the standard library only: tools/ensure_programs.py runs before anything is installed.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

TEMPLATE = Path(__file__).parents[2] / "deploy" / "nginx.conf.template"
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")  # not on everybody's PATH


def find_nginx() -> str | None:
    """Return the path of an installed nginx, or None."""
    return shutil.which("nginx") or shutil.which("nginx", path=os.pathsep.join(FOLDERS))


def list_upstreams(hosts: Iterable[str]) -> str:
    """Return the lines of nginx that name the processes, from hosts with their ports.

    A process that does not answer is left out for five seconds.
    """
    return "\n        ".join(f"server {host} max_fails=1 fail_timeout=5s;" for host in hosts)


def render_configuration(values: Mapping[str, str]) -> str:
    """Return the configuration; raise KeyError for a variable without a value."""
    return VARIABLE.sub(lambda found: values[found[1]], TEMPLATE.read_text("utf-8"))


def write_configuration(folder: Path, port: int, apps: Iterable[str], base: str = "") -> Path:
    """Write a configuration for this machine alone, and return its path.

    Parameters
    ----------
    folder : pathlib.Path
        For nginx's own files; its workers, which may use another account, must reach it.
    port : int
        Where nginx listens, on loopback.
    apps : iterable of str
        Hosts with ports.
    base : str
        The path below which the apps run, such as "/ops/map"; empty for none.
    """
    types = folder / "types"
    types.write_text("types { }\n")  # each answer of an app names its own type
    values = {
        "LISTEN": f"127.0.0.1:{port}",
        "SERVER_NAMES": "_",
        "PREFIX": "",
        "BASE": base,
        "RUN": str(folder),
        "ACCESS_LOG": os.devnull,
        "MIME_TYPES": str(types),
        "APPS": list_upstreams(apps),
    }
    path = folder / "nginx.conf"
    path.write_text(render_configuration(values))
    return path
