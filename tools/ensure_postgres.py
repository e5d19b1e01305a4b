"""See that a PostgreSQL with PostGIS is there for the store's tests; install it where allowed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from installing import install

MISSING = (
    "PostgreSQL with PostGIS is missing and cannot be installed from here. The tests of the layer\n"
    "database need it; they start a server of their own, in a temporary folder.\n"
    "  Debian, Ubuntu:  sudo apt-get install --no-install-recommends postgresql "
    "postgresql-15-postgis-3\n"
    "                   (15 is Debian 12's version; apt-cache search postgis names yours)\n"
    "  Fedora:          sudo dnf install postgresql-server postgis\n"
    "  macOS:           brew install postgis\n"
    "Then run the same command again."
)


def programs() -> Path | None:
    """Return the folder of the server's programs, of one that has PostGIS; None without one."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    here = shutil.which("pg_ctl")
    folders = [*debian, *([Path(here).resolve().parent] if here else [])]
    return next((one for one in folders if (one / "initdb").exists() and _has_postgis(one)), None)


def _version(folder: Path) -> float:
    found = re.fullmatch(r"\d+(\.\d+)?", folder.parent.name)
    return float(found[0]) if found else 0


def _has_postgis(folder: Path) -> bool:
    shared = [Path("/usr/share/postgresql") / folder.parent.name]
    if (folder / "pg_config").exists():
        asked = subprocess.run(
            [folder / "pg_config", "--sharedir"], check=False, capture_output=True, text=True
        )
        shared.append(Path(asked.stdout.strip()))
    return any((one / "extension" / "postgis.control").exists() for one in shared)


def _newest_package() -> str | None:
    """Return the package of PostGIS for the newest PostgreSQL that is installed."""
    servers = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    return f"postgresql-{servers[-1].parent.name}-postgis-3" if servers else None


def main() -> int:
    if programs():
        return 0
    if _newest_package() is None:
        install("PostgreSQL for the tests of the layer database", "postgresql")
    package = _newest_package()
    if package:
        install("PostGIS for the tests of the layer database", package)
    if programs():
        return 0
    print(MISSING, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
