"""Installing a Debian package that the tests need, where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess


def install(what: str, *packages: str) -> None:
    """Install packages by apt-get where it is there and this is root; say so first."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Installing {what} …", flush=True)
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    }
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if subprocess.run(command, check=False, stderr=subprocess.DEVNULL, **quiet).returncode:
        subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
        subprocess.run(command, check=False, **quiet)
