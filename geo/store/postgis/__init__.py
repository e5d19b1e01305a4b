"""Layers in PostgreSQL with PostGIS, shared by several machines; needs the extra `postgis`."""

from importlib.util import find_spec

from geo.errors import StoreError

_NEEDED = ("sqlalchemy", "geoalchemy2", "psycopg", "alembic")


def check_libraries() -> None:
    """Raise StoreError unless the extra is installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        msg = f"A layer database needs {', '.join(missing)}, which is not installed. Install the"
        raise StoreError(f"{msg} extra: pip install -c constraints.txt -e '.[postgis]'")
