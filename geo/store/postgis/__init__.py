"""Layers in PostgreSQL with PostGIS, shared by several machines. Needs the extra `postgis`."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from geo.errors import StoreError

if TYPE_CHECKING:
    from geo.store.postgis.store import PostgisStore

_NEEDED = ("sqlalchemy", "geoalchemy2", "psycopg", "alembic")


def open_postgis(url: str) -> "PostgisStore":
    """Open the layers of a database, with the waits that the settings give.

    Parameters
    ----------
    url
        ``postgresql://user@host/database``; a password may stand in it, or where libpq looks.

    Raises
    ------
    StoreError
        When the libraries are not installed, or the address cannot be understood. That the
        database does not answer is said by the first question, and by each until it does.
    """
    check_libraries()
    from geo.store.postgis.engine import DatabaseTimeouts
    from geo.store.postgis.store import PostgisStore

    return PostgisStore(url, waits=DatabaseTimeouts.from_settings())


def check_libraries() -> None:
    """Refuse where the extra is not installed.

    Raises
    ------
    StoreError
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        msg = (
            f"A layer database needs {', '.join(missing)}, which is not installed. Install the "
            "extra: pip install -c constraints.txt -e '.[postgis]'"
        )
        raise StoreError(msg)
