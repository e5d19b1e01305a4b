"""Changes the catalogue within a transaction."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo.store.postgis.catalogue_monitor import TableEntry, to_row
from geo.store.postgis.engine import FAILURES, get_sqlstate
from geo.store.postgis.schema import SCHEMA, layers, state

_KEPT = {"name", "place", "colour"}  # when a layer is replaced
_LATER = {"55P03", "42501"}  # it is being read, or belongs to another account
_UNUSED = sa.text(
    "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE nspname = :schema AND relkind = 'r' AND relname ~ '^layer_[0-9]+$' "
    f"AND relname NOT IN (SELECT table_name FROM {SCHEMA}.layers)"
)


class CatalogueWriter:
    """The catalogue in one transaction. Only one transaction at a time changes it."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def holds(self, name: str) -> bool:
        """Whether there is a layer of that name."""
        found = sa.select(layers.c.name).where(layers.c.name == name)
        return self.connection.scalar(found) is not None

    def put(self, entry: TableEntry, *, new: bool) -> bool:
        """Enter a filled table; return False if ``new`` and the layer exists.

        A layer that is replaced keeps its place in the order and its colour.
        """
        self._lock_catalogue()
        if new and self.holds(entry.info.name):
            return False
        last = sa.select(sa.func.coalesce(sa.func.max(layers.c.place), 0) + 1).scalar_subquery()
        row = insert(layers).values(place=last, **to_row(entry))
        changed = {c.name: row.excluded[c.name] for c in layers.c if c.name not in _KEPT}
        self.connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=changed))
        return True

    def describe(self, name: str, **changes: str | None) -> None:
        """Change columns of a layer's row."""
        self._lock_catalogue()
        self.connection.execute(sa.update(layers).where(layers.c.name == name).values(**changes))

    def remove(self, name: str) -> bool:
        """Delete a layer from the catalogue; return False if there is none of that name."""
        self._lock_catalogue()
        gone = sa.delete(layers).where(layers.c.name == name).returning(layers.c.name)
        return self.connection.scalar(gone) is not None

    def drop_unused_tables(self) -> None:
        """Drop tables that the catalogue does not use any more.

        A table that is being read, or that belongs to another account, is left for later.
        """
        self.connection.execute(sa.text("SET LOCAL lock_timeout = '500ms'"))
        for table in self.connection.scalars(_UNUSED, {"schema": SCHEMA}).all():
            unused = sa.Table(table, sa.MetaData(), schema=SCHEMA)
            try:
                with self.connection.begin_nested():
                    self.connection.execute(sa.schema.DropTable(unused, if_exists=True))
            except FAILURES as error:
                if get_sqlstate(error) not in _LATER:
                    raise

    def _lock_catalogue(self) -> None:
        """Increment the counter: it locks out other changes until this transaction ends."""
        self.connection.execute(sa.update(state).values(revision=state.c.revision + 1))
