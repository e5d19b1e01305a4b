"""Connections to the database: pooled, with limits of time, and what goes wrong said in words."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from geo.errors import StoreError
from geo.settings import settings

FAILURES = (DBAPIError, PoolTimeoutError, psycopg.Error)
NO_TABLE = "42P01"
_GONE = ("08", "57P", "53")  # connection lost, server going down, no room for one more
_WORDS = {
    "57014": ("The answer took longer than it may.", "Ask for less, or set STORE_ANSWER_SECONDS."),
    "55P03": ("Somebody else holds it for too long.", "Try again in a moment."),
    "42501": (
        "The account that connects is not allowed to do this.",
        "Use a loading account for writing; README.md has the roles.",
    ),
    "53100": ("The database's disk is full.", "Make room on it."),
    "54011": ("It has more columns than a table may have.", "Keep the columns that are needed."),
    NO_TABLE: ("The database has no tables for layers yet.", "Run: python -m geo store-upgrade"),
}


@dataclass(frozen=True)
class DatabaseTimeouts:
    """Limits of a store's connections: seconds, and how many there are at most."""

    connect: float = 3
    answer: float = 30
    free: float = 5
    connections: int = 5
    look: float = 0.5
    """How long what was known of the layers is taken as still true."""
    again: float = 2
    """How long a database that did not answer is left alone."""

    @classmethod
    def from_settings(cls) -> DatabaseTimeouts:
        """Return the limits that the operator set."""
        chosen = settings()
        return cls(
            connect=chosen.store_connect_seconds,
            answer=chosen.store_answer_seconds,
            free=chosen.store_wait_seconds,
            connections=chosen.store_connections,
        )


def create_engine(url: str, waits: DatabaseTimeouts) -> sa.Engine:
    """Return the pool for an address; nothing is connected yet.

    Raises
    ------
    StoreError
        When the address cannot be understood.
    """
    answer = ceil(waits.answer * 1000)
    return sa.create_engine(
        _address(url),
        pool_size=waits.connections,
        max_overflow=0,
        pool_timeout=waits.free,
        pool_pre_ping=True,  # a connection that a restart broke is replaced unseen
        pool_recycle=1800,
        connect_args={
            "connect_timeout": max(2, ceil(waits.connect)),  # libpq takes no less
            "tcp_user_timeout": answer,
            "keepalives_idle": 5,  # seconds: a machine that vanished is noticed within 15 or so
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "application_name": "briefing-map",
            "client_encoding": "utf8",
            "options": f"-c timezone=UTC -c statement_timeout={answer} -c lock_timeout={answer}",
        },
    )


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        msg = (
            "STORE_URL is no address of a database. Write postgresql://user@host/database; signs "
            "such as @ or / in a password are written as %40 or %2F."
        )
        raise StoreError(msg) from None  # its words may hold the password
    return address.set(drivername="postgresql+psycopg")


def get_sqlstate(error: BaseException) -> str:
    """Return the SQLSTATE of an error, empty where it has none."""
    return str(getattr(_cause(error), "sqlstate", None) or "")


def _cause(error: BaseException) -> BaseException:
    """The driver's own error: a statement's comes wrapped by SQLAlchemy, that of COPY does not."""
    return getattr(error, "orig", None) or error


def is_away(error: BaseException) -> bool:
    """Whether it is the database that is not there, rather than something about one layer."""
    state = get_sqlstate(error)
    if state == "53100":
        return False
    if state.startswith(_GONE):
        return True
    lost = isinstance(_cause(error), (psycopg.OperationalError, psycopg.InterfaceError))
    return lost and not state


def explain(error: BaseException) -> tuple[str, str]:
    """Why, and what to do; without anything of the address or of the database's own words."""
    state = get_sqlstate(error)
    if state in _WORDS:
        return _WORDS[state]
    if isinstance(error, PoolTimeoutError):
        return "All connections to the layer database are busy.", "Try again in a moment."
    if is_away(error):
        said = str(_cause(error))
        if "authentication" in said or "password" in said or "role" in said:
            return "The layer database refuses the account.", "Correct its name or password."
        if "does not exist" in said and "database" in said:
            return "The server has no database of that name.", "Correct STORE_URL, or make it."
        return "The layer database does not answer.", "It is asked again every few seconds."
    kind = type(_cause(error)).__name__
    return f"The layer database refused ({kind} {state}).", "Look into its log."


def to_store_error(error: Exception, what: str) -> StoreError:
    """Return an error for a person out of one of the database."""
    why, remedy = explain(error)
    return StoreError(f"{what} {why} {remedy}")


def has_role(connection: sa.Connection, role: str) -> bool:
    """Whether there is a role of that name."""
    there = sa.text("SELECT true FROM pg_roles WHERE rolname = :role")
    return bool(connection.scalar(there, {"role": role}))


def can_act_as(connection: sa.Connection, role: str) -> bool:
    """Whether there is a role of that name, and the account may act as it."""
    allowed = sa.text(
        "SELECT CASE WHEN current_setting('server_version_num')::int < 160000 "
        "THEN pg_has_role(oid, 'MEMBER') ELSE pg_has_role(oid, 'SET') END "
        "FROM pg_roles WHERE rolname = :role"
    )
    return bool(connection.scalar(allowed, {"role": role}))
