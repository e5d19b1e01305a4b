"""The services of deploy/compose.yaml run on this machine without a container.

Their commands run in order, with their environment, from a folder with exactly the image's files.
`stand_ins` and `environment` of ComposeServices define all differences from containers.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.app_server import Server
from tests.support.compose_file import COMPOSE, Dockerfile, render_nginx_template
from tests.support.nginx_proxy import run_nginx
from tests.support.postgres_server import Postgres, wait_for

PATIENCE = 60  # seconds until a service must be healthy or done


@dataclass
class ComposeServices:
    """The services of the compose file, run as local processes.

    Parameters
    ----------
    services : dict
        The services of the file in start order.
    image : Dockerfile
    folder : pathlib.Path
        Holds "code" with the image's files, and a folder for each named volume.
    postgres : Postgres
        Replaces the service "postgis".
    ports : dict of str to int
        The port of each app.
    """

    services: dict[str, dict]
    image: Dockerfile
    folder: Path
    postgres: Postgres
    ports: dict[str, int]
    started: dict[str, Server] = field(default_factory=dict)

    def stand_ins(self, name: str) -> dict[str, str]:
        """Return the local replacements for hosts, ports and paths of a service."""
        service, told = self.services[name], {"postgis": "127.0.0.1", "0.0.0.0": "127.0.0.1"}
        for app, port in self.ports.items():
            address = self.services[app]["networks"]["inside"]["ipv4_address"]
            told[f"{address}:{self.image.port}"] = f"127.0.0.1:{port}"
        if name in self.ports:
            told[self.image.port] = str(self.ports[name])
        for volume in self.image.volumes if "build" in service else ():
            told[volume] = str(self.folder / f"{name} alone")
        for one in service.get("volumes", ()):
            source, target = one.split(":")[:2]
            inner = source.startswith(".")
            told[target] = str(COMPOSE.parent / source if inner else self.folder / source)
        if name == "nginx":
            outer, inner = service["ports"][0].split(":")
            told |= {inner: f"127.0.0.1:{outer}", "/var/cache/nginx": str(self.folder / "nginx")}
        return told

    def here(self, name: str, text: str) -> str:
        """Return a text of a service with all replacements made."""
        told = self.stand_ins(name)
        longest = sorted(map(re.escape, told), key=len, reverse=True)
        text = re.sub("|".join(longest), lambda found: told[found[0]], text)
        assert not re.search(r"\b10\.\d", text), text  # an address of the container network
        return text

    def environment(self, name: str) -> dict[str, str]:
        """Return the container's environment with local replacements for account and network."""
        service = self.services[name]
        told = self.image.environment if "build" in service else {}
        told = {**told, **service.get("environment", {})}
        return {
            "PATH": os.pathsep.join(
                (str(Path(sys.executable).parent), str(self.postgres.programs), os.defpath)
            ),
            "HOME": str(self.folder / "no such" / self.image.user),
            "PYTHONPATH": str(self.folder / "code"),  # for pip install -e
            "PGPORT": str(self.postgres.port),
            **{key: self.here(name, text) for key, text in told.items()},
        }

    def how(self, name: str, command: list[str]) -> dict:
        """Return the local command for a command of a service's container."""
        return {
            "args": [self.here(name, word) for word in command],
            "cwd": self.folder / "code",
            "env": self.environment(name),
        }

    def run(self, name: str, command: list[str], **more: str) -> subprocess.CompletedProcess:
        """Run a command of a service until it exits, with additional variables."""
        how = self.how(name, command)
        return subprocess.run(
            **{**how, "env": {**how["env"], **more}},
            check=False,
            text=True,
            capture_output=True,
            timeout=PATIENCE,
        )

    def log(self, name: str) -> Path:
        """Return the log file of a service."""
        return self.folder / f"{name}.txt"

    def healthy(self, name: str) -> bool:
        """Return whether a service's health check passes."""
        told = self.services[name].get("healthcheck", {}).get("test", ["CMD", *self.image.health])
        assert told[0] == "CMD"
        return self.run(name, told[1:]).returncode == 0

    def start(self, name: str) -> None:
        """Start a service after its dependencies are in the required state."""
        for other, how in self.services[name].get("depends_on", {}).items():
            if how["condition"] == "service_completed_successfully":
                code = self.started[other].process.wait(PATIENCE)
                assert code == 0, self.log(other).read_text()
            else:
                assert how["condition"] == "service_healthy"
                wait_for(lambda other=other: self.healthy(other), PATIENCE, every=0.2)
        service = self.services[name]
        if name == "postgis":
            self.postgres.start()
            self.postgres.run(f"CREATE DATABASE {service['environment']['POSTGRES_DB']}")
        elif name != "nginx":
            how = self.how(name, service.get("command", self.image.command))
            with self.log(name).open("wb") as log:
                process = subprocess.Popen(**how, stdout=log, stderr=subprocess.STDOUT)
            url = f"http://127.0.0.1:{self.ports.get(name)}"
            self.started[name] = Server(url, process, time.perf_counter())

    @property
    def apps(self) -> list[Server]:
        """Return the app processes."""
        return [self.started[name] for name in self.ports]

    def stop(self) -> None:
        """Stop all services."""
        for server in self.started.values():
            server.stop()
        self.postgres.remove()


@contextmanager
def nginx(deployed: ComposeServices) -> Iterator[str]:
    """Run nginx as its image would; yield its URL."""
    environment = deployed.environment("nginx")
    (target,) = (one.split(":")[1] for one in deployed.services["nginx"]["volumes"])
    assert target == "/etc/nginx/templates/nginx.conf.template"
    assert environment["NGINX_ENVSUBST_OUTPUT_DIR"] == "/etc/nginx"
    template = Path(deployed.stand_ins("nginx")[target]).read_text("utf-8")
    port = deployed.services["nginx"]["ports"][0].split(":")[0]
    url = f"http://localhost:{port}{environment['PREFIX']}"
    filled = render_nginx_template(template, environment)
    with run_nginx(filled, deployed.folder / "nginx", f"{url}/health"):
        yield url
