"""The connection pool with its timeouts, and messages for database errors."""

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
_GONE = ("08", "57P", "53")  # connection lost, server stopping, too many connections
_MESSAGES = {
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
    """Timeouts in seconds, and the number of connections."""

    connect: float = 3
    answer: float = 30
    free: float = 5
    connections: int = 5
    look: float = 0.5
    """How long the catalogue is taken as unchanged."""
    again: float = 2
    """How long a database that did not answer is not asked again."""

    @classmethod
    def from_settings(cls) -> DatabaseTimeouts:
        """Return the operator's settings."""
        its = settings()
        waits = (its.store_connect_seconds, its.store_answer_seconds, its.store_wait_seconds)
        return cls(*waits, connections=its.store_connections)


def create_engine(url: str, timeouts: DatabaseTimeouts) -> sa.Engine:
    """Create the connection pool for a database, unconnected; StoreError if the URL is invalid."""
    answer = ceil(timeouts.answer * 1000)
    return sa.create_engine(
        _parse_url(url),
        pool_size=timeouts.connections,
        max_overflow=0,
        pool_timeout=timeouts.free,
        pool_pre_ping=True,  # replaces connections that a restart broke
        pool_recycle=1800,
        connect_args={
            "connect_timeout": max(2, ceil(timeouts.connect)),  # libpq's minimum
            "tcp_user_timeout": answer,
            "keepalives_idle": 5,  # seconds: a lost host is noticed within about 15
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "application_name": "briefing-map",
            "client_encoding": "utf8",
            "options": f"-c timezone=UTC -c statement_timeout={answer} -c lock_timeout={answer}",
        },
    )


def _parse_url(url: str) -> sa.URL:
    try:
        address = sa.make_url(url.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        msg = (
            "STORE_URL is no address of a database. Write postgresql://user@host/database; signs "
            "such as @ or / in a password are written as %40 or %2F."
        )
        raise StoreError(msg) from None  # the cause may contain the password
    return address.set(drivername="postgresql+psycopg")


def get_sqlstate(error: BaseException) -> str:
    """Return the SQLSTATE of an error, empty where it has none."""
    return str(getattr(_find_driver_error(error), "sqlstate", None) or "")


def _find_driver_error(error: BaseException) -> BaseException:
    """Return the driver's error: SQLAlchemy wraps that of a statement, but not that of COPY."""
    return getattr(error, "orig", None) or error


def is_away(error: BaseException) -> bool:
    """Whether the database does not answer at all, rather than for one layer."""
    state = get_sqlstate(error)
    if state:
        return state.startswith(_GONE) and state != "53100"
    return isinstance(_find_driver_error(error), (psycopg.OperationalError, psycopg.InterfaceError))


def explain(error: BaseException) -> tuple[str, str]:
    """Return why and a remedy, without the URL or the database's own message."""
    state = get_sqlstate(error)
    if state in _MESSAGES:
        return _MESSAGES[state]
    if isinstance(error, PoolTimeoutError):
        return "All connections to the layer database are busy.", "Try again in a moment."
    if is_away(error):
        text = str(_find_driver_error(error))
        if "authentication" in text or "password" in text or "role" in text:
            return "The layer database refuses the account.", "Correct its name or password."
        if "does not exist" in text and "database" in text:
            return "The server has no database of that name.", "Correct STORE_URL, or make it."
        return "The layer database does not answer.", "It is asked again every few seconds."
    kind = type(_find_driver_error(error)).__name__
    return f"The layer database refused ({kind} {state}).", "Look into its log."


def to_store_error(error: Exception, what: str) -> StoreError:
    """Return a StoreError with a message for a database error."""
    why, remedy = explain(error)
    return StoreError(f"{what} {why} {remedy}")


def has_role(connection: sa.Connection, role: str) -> bool:
    """Whether a role of that name exists."""
    there = sa.text("SELECT true FROM pg_roles WHERE rolname = :role")
    return bool(connection.scalar(there, {"role": role}))


def can_act_as(connection: sa.Connection, role: str) -> bool:
    """Whether a role exists and the account may switch to it."""
    allowed = sa.text(
        "SELECT CASE WHEN current_setting('server_version_num')::int < 160000 "
        "THEN pg_has_role(oid, 'MEMBER') ELSE pg_has_role(oid, 'SET') END "
        "FROM pg_roles WHERE rolname = :role"
    )
    return bool(connection.scalar(allowed, {"role": role}))
