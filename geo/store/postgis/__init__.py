"""Layers in PostgreSQL with PostGIS, shared by several machines; needs the extra `postgis`."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from geo.errors import StoreError

if TYPE_CHECKING:
    from geo.store.postgis.store import PostgisStore

_NEEDED = ("sqlalchemy", "geoalchemy2", "psycopg", "alembic")


def open_postgis(url: str) -> "PostgisStore":
    """Open ``postgresql://user@host/database``, with the timeouts of the settings.

    The password may be in the URL, or where libpq looks. It does not connect yet: a database that
    does not answer is reported by the first query. Raises StoreError when the libraries are not
    installed, or the URL is invalid.
    """
    check_libraries()
    from geo.store.postgis.engine import DatabaseTimeouts
    from geo.store.postgis.store import PostgisStore

    return PostgisStore(url, timeouts=DatabaseTimeouts.from_settings())


def check_libraries() -> None:
    """Raise StoreError unless the extra is installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        msg = f"A layer database needs {', '.join(missing)}, which is not installed. Install the"
        raise StoreError(f"{msg} extra: pip install -c constraints.txt -e '.[postgis]'")
