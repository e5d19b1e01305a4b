"""Provisions a database: the PostGIS extension, the tables by migrations, and two roles."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from geo.errors import StoreError
from geo.store.postgis import engine
from geo.store.postgis.engine import FAILURES, DatabaseTimeouts
from geo.store.postgis.schema import HEAD, LOADERS, READERS, SCHEMA

_NOT_ALLOWED = "42501"
_RIGHTS = f"""
GRANT USAGE ON SCHEMA {SCHEMA} TO {READERS}, {LOADERS};
GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {READERS}, {LOADERS};
GRANT CREATE ON SCHEMA {SCHEMA} TO {LOADERS};
GRANT INSERT, UPDATE, DELETE ON {SCHEMA}.layers TO {LOADERS};
GRANT UPDATE ON {SCHEMA}.state TO {LOADERS};
GRANT USAGE ON SEQUENCE {SCHEMA}.layer_number TO {LOADERS};
GRANT INSERT ON {SCHEMA}.ledger_events, {SCHEMA}.ledger_copies TO {LOADERS};
GRANT UPDATE ON {SCHEMA}.ledger_head TO {LOADERS};
"""
_IS_MEMBER = sa.text(f"SELECT pg_has_role('{LOADERS}', '{READERS}', 'MEMBER')")


def upgrade_database(url: str, *, head: str = HEAD) -> list[str]:
    """Migrate a database to the version of this program. Idempotent.

    The account owns the database; to create the extension and the roles it needs further rights.
    Returns what was done, and what is left for an administrator, a sentence each. Raises
    StoreError when the database does not answer, is not in UTF-8, or has no PostGIS.
    """
    pool = engine.create_engine(url, DatabaseTimeouts(answer=600))
    try:
        with pool.begin() as connection:
            _create_extension(connection)
            connection.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))
            before = _migrate(connection, head)
        change = "" if before == head else f" now; before: {before or 'none'}"
        with pool.connect() as connection:
            return [f"The tables are of version {head}{change}.", *_create_roles(connection)]
    except FAILURES as error:
        raise engine.to_store_error(error, "The database is not upgraded.") from error
    finally:
        pool.dispose()


def _create_extension(connection: sa.Connection) -> None:
    """Add PostGIS to a database in UTF-8, if it is not there yet."""
    encoding = connection.scalar(sa.text("SHOW server_encoding"))
    if encoding != "UTF8":
        msg = f"The database keeps text as {encoding}. Make one with ENCODING 'UTF8'."
        raise StoreError(msg)
    installed = sa.text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
    if connection.scalar(installed):
        return
    available = sa.text("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'")
    if not connection.scalar(available):
        msg = "The server has no PostGIS. Install it there (Debian: postgresql-15-postgis-3)."
        raise StoreError(msg)
    try:
        connection.execute(sa.text("CREATE EXTENSION postgis"))
    except FAILURES as error:
        msg = "The account may not add PostGIS to the database. Let an administrator run"
        rest = "CREATE EXTENSION postgis there, then run the same command again."
        raise StoreError(f"{msg} {rest}") from error


def _migrate(connection: sa.Connection, head: str) -> str | None:
    """Run the missing migrations; return the version before."""
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.util.exc import CommandError

    config = Config()
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    where = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA})
    before = where.get_current_revision()
    try:
        command.upgrade(config, head)
    except CommandError as error:
        msg = f"The tables are of version {before}, which this program does not know. Update it."
        raise StoreError(msg) from error
    return before


def _create_roles(connection: sa.Connection) -> list[str]:
    """Create the two roles if the account may, and grant their rights."""
    try:
        for role in (READERS, LOADERS):
            if not engine.has_role(connection, role):
                connection.execute(sa.text(f"CREATE ROLE {role} NOLOGIN"))
        if not connection.scalar(_IS_MEMBER):
            connection.execute(sa.text(f"GRANT {READERS} TO {LOADERS}"))
        connection.execute(sa.text(_RIGHTS))
        connection.commit()
    except FAILURES as error:
        connection.rollback()
        if engine.get_sqlstate(error) != _NOT_ALLOWED:
            raise
        return [
            "The account may not make roles, so the owner's account reads and writes. An "
            "administrator gets the roles by running the same command."
        ]
    return [
        f"The roles are ready. For the app:  GRANT {READERS} TO its_account;",
        f"For loading:  GRANT {LOADERS} TO its_account;",
    ]
