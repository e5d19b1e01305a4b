"""See that a Chromium is there for the browser tests; install it where that is allowed."""

from __future__ import annotations

import shutil
import sys

from installing import install

# The headless shell is the same engine without a browser's windows, whose own pages take a second
# of processor time for each visitor of a test.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def find() -> str | None:
    """Return the path of an installed Chromium or Chrome, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    for package in NAMES[:2]:
        if find():
            return 0
        install("Chromium for the browser tests", package)
    if find():
        return 0
    print(
        "Chromium is missing and cannot be installed from here. The browser tests need it.\n"
        "  Debian, Ubuntu:  sudo apt-get install chromium\n"
        "  Fedora:          sudo dnf install chromium\n"
        "  macOS:           brew install --cask chromium\n"
        "Then run the same command again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
