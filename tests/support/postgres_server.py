"""A PostgreSQL server for tests: on a Unix socket, in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement, Executable

from geo.settings import ROOT
from geo.store.postgis.provision import upgrade_database

sys.path.append(str(ROOT / "tools"))
from ensure_programs import MISSING, find_postgres

TEMPLATE = "ready"
_QUICK = """
listen_addresses = ''
fsync = off
full_page_writes = off
autovacuum = off
max_connections = 60
shared_buffers = 64MB
log_min_messages = fatal
"""


class Explained(Executable, ClauseElement):
    """An EXPLAIN of a statement; EXPLAIN ANALYZE with ``run``."""

    inherit_cache = False

    def __init__(self, statement: Select, *, run: bool = False) -> None:
        self.statement = statement
        self.how = "EXPLAIN (ANALYZE)" if run else "EXPLAIN"


@compiles(Explained)
def _explained(element: Explained, compiler: Any, **options: Any) -> str:
    return f"{element.how} {compiler.process(element.statement, **options)}"


class Postgres:
    """One server; `start` it, and `stop` or `remove` it.

    Parameters
    ----------
    account : str
        The superuser.
    password : str
        The superuser's password. If given, the server also listens on loopback and requires
        passwords there; the socket never requires one.
    port : int
        The TCP port; also part of the socket's name.
    """

    def __init__(self, account: str = "tester", password: str = "", port: int = 5432) -> None:
        found = find_postgres()
        if found is None:
            raise RuntimeError(MISSING["PostgreSQL"])
        self.programs, self.account, self.port = found, account, port
        self._folder = Path(
            tempfile.mkdtemp(prefix="pg")
        )  # a socket's path is limited to 107 bytes
        self._as: dict[str, Any] = {}
        self._count = 0
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
            self._as = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self._folder.chmod(0o755)
        first = ["-A", "trust"]
        if password:
            (self._folder / "password").write_text(password)
            first = [
                "--auth-local=trust",
                "--auth-host=scram-sha-256",
                f"--pwfile={self._folder / 'password'}",
            ]
        self._run("initdb", *first, "-U", account, "-E", "UTF8", "--locale=C", "-N")
        settings = _QUICK + f"unix_socket_directories = '{self._folder}'\nport = {self.port}\n"
        if password:
            settings += "listen_addresses = '127.0.0.1'\n"
        with (self._folder / "data" / "postgresql.conf").open("a") as file:
            file.write(settings)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._run("pg_ctl", "-w", "-s", "-l", str(self._folder / "log"), "start")

    def stop(self) -> None:
        """Stop the server immediately, as a crash would, with all connections."""
        self._run("pg_ctl", "-w", "-s", "-m", "immediate", "stop")

    def remove(self) -> None:
        """Stop the server if it runs, and remove its folder."""
        subprocess.run(
            [self.programs / "pg_ctl", "-D", self._folder / "data", "-m", "immediate", "stop"],
            check=False,
            capture_output=True,
            **self._as,
        )
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str = "postgres", user: str = "") -> str:
        """Return the URL of a database, by the socket."""
        address = f"postgresql://{user or self.account}@/{database}?host={self._folder}"
        return address if self.port == 5432 else f"{address}&port={self.port}"

    def run(self, command: str, database: str = "postgres") -> list[tuple]:
        """Run one command as the superuser; return its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(command)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def make_template(self) -> None:
        """Create the upgraded, empty database that `fresh` copies."""
        self.run(f"CREATE DATABASE {TEMPLATE}")
        upgrade_database(self.url(TEMPLATE))

    def empty(self, template: str = "template1") -> str:
        """Return the URL of a new database without tables."""
        self._count += 1
        name = f"test_{self._count}"
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def fresh(self) -> str:
        """Return the URL of a new upgraded database without layers."""
        return self.empty(TEMPLATE)

    def _run(self, program: str, *options: str) -> None:
        command = [self.programs / program, "-D", self._folder / "data", *options]
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self._folder,
            **self._as,
        )
        if done.returncode:
            msg = f"{program}: {done.stderr.decode(errors='replace')[-500:]}"
            raise RuntimeError(msg)


def wait_for(true: Callable[[], bool], seconds: float = 20, *, every: float = 0.02) -> None:
    """Poll a condition until it is true; stores cache their state for a moment."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not true():
        assert time.monotonic() < end
        pause.wait(every)
