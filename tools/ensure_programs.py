"""Find the programs that the tests need; install a missing one with apt-get, where this is root."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from geo.server.proxy import find_nginx

# The headless shell is the same engine without a browser's windows, whose own pages take a second
# of processor time for each visitor of a test.
CHROMIUM = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
MISSING = {
    "Chromium": "Chromium is missing and cannot be installed from here. The browser tests need "
    "it.\n"
    "  Debian, Ubuntu:  sudo apt-get install chromium\n"
    "  Fedora:          sudo dnf install chromium\n"
    "  macOS:           brew install --cask chromium\n"
    "Then run the same command again.",
    "PostgreSQL": "PostgreSQL with PostGIS is missing and cannot be installed from here. The tests "
    "of the layer\ndatabase need it; they start a server of their own, in a temporary folder.\n"
    "  Debian, Ubuntu:  sudo apt-get install --no-install-recommends postgresql "
    "postgresql-15-postgis-3\n"
    "                   (15 is Debian 12's version; apt-cache search postgis names yours)\n"
    "  Fedora:          sudo dnf install postgresql-server postgis\n"
    "  macOS:           brew install postgis\n"
    "Then run the same command again.",
    "nginx": "nginx is missing and cannot be installed from here. The test of deploy/ needs it; it "
    "starts\none of its own, on a port of its own.\n"
    "  Debian, Ubuntu:  sudo apt-get install nginx\n"
    "  Fedora:          sudo dnf install nginx\n"
    "  macOS:           brew install nginx\n"
    "Then run the same command again.",
}


def find_chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome, or None."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def find_postgres() -> Path | None:
    """Return the folder of the programs of a PostgreSQL that has PostGIS, or None."""
    here = shutil.which("pg_ctl")
    folders = [*_debian_servers()[::-1], *([Path(here).resolve().parent] if here else [])]
    return next((one for one in folders if (one / "initdb").exists() and _has_postgis(one)), None)


def _debian_servers() -> list[Path]:
    """Return the program folders of Debian's PostgreSQL versions, the newest last."""

    def version(folder: Path) -> float:
        found = re.fullmatch(r"\d+(\.\d+)?", folder.parent.name)
        return float(found[0]) if found else 0

    return sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version)


def _has_postgis(folder: Path) -> bool:
    shared = [Path("/usr/share/postgresql") / folder.parent.name]
    if (folder / "pg_config").exists():
        asked = subprocess.run(
            [folder / "pg_config", "--sharedir"], check=False, capture_output=True, text=True
        )
        shared.append(Path(asked.stdout.strip()))
    return any((one / "extension" / "postgis.control").exists() for one in shared)


def _install(what: str, package: str) -> None:
    """Install a Debian package, if apt-get is there and this is root."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Installing {what} …", flush=True)
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    }
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
    if subprocess.run(command, check=False, stderr=subprocess.DEVNULL, **quiet).returncode:
        subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
        subprocess.run(command, check=False, **quiet)


def _install_postgres() -> None:
    if not _debian_servers():
        _install("PostgreSQL for the tests of the layer database", "postgresql")
    for server in _debian_servers()[-1:]:
        package = f"postgresql-{server.parent.name}-postgis-3"
        _install("PostGIS for the tests of the layer database", package)


def main() -> int:
    """Install what is missing; return 1, with messages, if some of it cannot be."""
    for package in CHROMIUM[:2]:
        if not find_chromium():
            _install("Chromium for the browser tests", package)
    if not find_postgres():
        _install_postgres()
    if not find_nginx():
        _install("nginx for the test of deploy/", "nginx")
    finders = {"Chromium": find_chromium, "PostgreSQL": find_postgres, "nginx": find_nginx}
    missing = [MISSING[name] for name, find in finders.items() if not find()]
    print(*missing, sep="\n", end="\n" * bool(missing), file=sys.stderr)
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
