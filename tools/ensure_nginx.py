"""See that an nginx is there for the test of deploy/; install it where that is allowed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from installing import install

FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")  # not on everybody's PATH
MISSING = (
    "nginx is missing and cannot be installed from here. The test of deploy/ needs it; it starts\n"
    "one of its own, on a port of its own.\n"
    "  Debian, Ubuntu:  sudo apt-get install nginx\n"
    "  Fedora:          sudo dnf install nginx\n"
    "  macOS:           brew install nginx\n"
    "Then run the same command again."
)


def find() -> str | None:
    """Return the path of an installed nginx, or None."""
    places = (None, *(folder for folder in FOLDERS if Path(folder).is_dir()))
    return next((path for place in places if (path := shutil.which("nginx", path=place))), None)


def main() -> int:
    if not find():
        install("nginx for the test of deploy/", "nginx")
    if find():
        return 0
    print(MISSING, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
