"""Several app processes behind one nginx: start them, restart one that ends, stop them all.

A process runs page scripts one at a time, on one core. The processes share nothing but what
separate machines would share: the store, the folder of session layers and the cookie secret.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from geo.errors import ServerError
from geo.server.proxy import find_nginx, write_configuration

log = logging.getLogger(__name__)
STARTING = 120.0  # seconds until all must be ready
STOPPING = 10.0  # seconds until a process is killed
LOOK = 0.25  # seconds between two looks at the processes
QUICK = 20.0  # seconds: a process that ends sooner did not really start
TRIES = 3  # quick ends of one process, one after another
_BASE, _SECRET = "STREAMLIT_SERVER_BASE_URL_PATH", "STREAMLIT_SERVER_COOKIE_SECRET"
NO_NGINX = (
    "Several processes need nginx in front of them, and there is none on this machine. Install it "
    "(Debian, Ubuntu: apt-get install nginx; Fedora: dnf install nginx; macOS: brew install "
    "nginx), or serve with one process."
)


@dataclass
class _Child:
    """A process that is started again when it ends; `name` is for messages."""

    command: list[str]
    name: str
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick: int = 0

    def start(self) -> None:
        self.started = time.monotonic()
        # its own address, which it prints, is not the one to open; its log is on stderr
        self.process = subprocess.Popen(
            self.command, env={**os.environ, **self.environment}, stdout=subprocess.DEVNULL
        )

    def look(self) -> None:
        """Start the process again if it has ended; ServerError if it ends each time."""
        if self.process is None or self.process.poll() is None:
            return
        lasted = time.monotonic() - self.started
        self.quick = self.quick + 1 if lasted < QUICK else 0
        if self.quick >= TRIES:
            msg = f"{self.name} ended {TRIES} times within {QUICK:.0f} s; its messages are above."
            raise ServerError(msg)
        log.warning("%s ended with %s; it is started again", self.name, self.process.returncode)
        self.start()

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def serve_processes(port: int, count: int, say: Callable[[str], object]) -> None:
    """Serve the dashboard on loopback with several processes, until a signal asks to stop.

    Parameters
    ----------
    port : int
        Where nginx listens.
    count : int
        App processes; about as many as cores.
    say : callable
        Called with a line for the operator.

    Raises
    ------
    geo.errors.ServerError
        If there is no nginx, the port is in use, or a process does not start.
    """
    nginx = find_nginx()
    if nginx is None:
        raise ServerError(NO_NGINX)
    _require_free(port)
    base = os.environ.get(_BASE, "").strip("/")
    base = f"/{base}" if base else ""
    ports = _find_free_ports(count)
    with ExitStack() as running:
        stopped = running.enter_context(_catch_signals())
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="briefing-map-")))
        folder.chmod(0o755)  # nginx's workers may use another account
        secret = os.environ.get(_SECRET) or secrets.token_hex(32)
        children = [_app(one, secret) for one in ports]
        for child in children:
            running.callback(child.stop)
            child.start()
        say(f"Starting {count} processes …")
        _wait_until_ready(
            children, [f"http://127.0.0.1:{one}{base}/ready" for one in ports], stopped
        )
        hosts = [f"127.0.0.1:{one}" for one in ports]
        children.append(_proxy(nginx, write_configuration(folder, port, hosts, base)))
        running.callback(children[-1].stop)
        children[-1].start()
        if not stopped():
            say(f"{count} processes answer on http://127.0.0.1:{port}{base}")
        while not stopped():
            time.sleep(LOOK)
            for child in children:
                child.look()


def _app(port: int, secret: str) -> _Child:
    command = [sys.executable, "-m", "geo", "serve", "--port", str(port)]
    return _Child(command, f"The process on port {port}", {_SECRET: secret})


def _proxy(nginx: str, configuration: Path) -> _Child:
    command = [nginx, "-e", "stderr", "-c", str(configuration), "-g", "daemon off;"]
    return _Child(command, "nginx")


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            msg = f"Port {port} cannot be used: {error.strerror}. Choose another one with --port."
            raise ServerError(msg) from error


def _find_free_ports(count: int) -> list[int]:
    with ExitStack() as probes:
        sockets = [probes.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def _catch_signals() -> Iterator[Callable[[], bool]]:
    """Catch the signals that ask to stop inside the block; yield whether one came."""
    caught: list[int] = []
    kinds = [signal.SIGINT, signal.SIGTERM]
    before = [signal.signal(kind, lambda number, _: caught.append(number)) for kind in kinds]
    try:
        yield lambda: bool(caught)
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)


def _wait_until_ready(
    children: list[_Child], addresses: list[str], stopped: Callable[[], bool]
) -> None:
    """Wait until each process can show pages; one whose store is away may serve as well."""
    waiting, end = list(addresses), time.monotonic() + STARTING
    while waiting and not stopped():
        for child in children:
            child.look()
        if time.monotonic() > end:
            raise ServerError(f"No answer at {waiting[0]} after {STARTING:.0f} s.")
        waiting = [address for address in waiting if not _answers(address)]
        time.sleep(LOOK if waiting else 0)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        return error.headers["Retry-After"] != "1"  # else it is starting
    except OSError:
        return False
