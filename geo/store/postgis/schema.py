"""The tables: a catalogue of layers, one counter, the rows of each layer, and the ledger.

Migrations create ``briefing_map.layers``, ``briefing_map.state`` and the tables of the ledger,
whose triggers let nobody change or delete an event. A layer's own table is created
when it is loaded, with a new number, and never changed: a layer that is replaced gets a new table,
so that a reader sees either all old rows or all new ones.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from geoalchemy2 import Geometry

SCHEMA = "briefing_map"
HEAD = "0003"
"""The migration that this version of the program needs."""
READERS = "briefing_map_reader"
LOADERS = "briefing_map_loader"
SRID = 4326

metadata = sa.MetaData(schema=SCHEMA)
number = sa.Sequence("layer_number", schema=SCHEMA, metadata=metadata)

layers = sa.Table(
    "layers",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("place", sa.BigInteger, nullable=False),
    sa.Column("table_name", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("geometry", sa.Text, nullable=False),
    *(sa.Column(side, sa.Double) for side in ("west", "south", "east", "north")),
    sa.Column("date_from", sa.Date),
    sa.Column("date_to", sa.Date),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("id_column", sa.Text),
    sa.Column("time_from", sa.Text),
    sa.Column("time_to", sa.Text),
    sa.Column("label_column", sa.Text),
    sa.Column("attribution", sa.Text, nullable=False),
    sa.Column("colour", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("columns", sa.Text, nullable=False),
    sa.Column("types", sa.LargeBinary, nullable=False),
)
state = sa.Table("state", metadata, sa.Column("revision", sa.BigInteger, nullable=False))
ledger_events = sa.Table(
    "ledger_events",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    sa.Column("body", sa.Text, nullable=False),
)
"""One row an event: `body` is its canonical JSON (`geo.ledger.chain`)."""
ledger_head = sa.Table(
    "ledger_head",
    metadata,
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)
"""One row: the last event, written with it."""
ledger_copies = sa.Table(
    "ledger_copies",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
migrated = sa.Table("alembic_version", sa.MetaData(schema=SCHEMA), sa.Column("version_num"))


def layer_table(name: str, columns: Iterable[sa.Column[object]]) -> sa.Table:
    """Return the table of one layer's rows; its indexes are created after the rows are loaded.

    ``position`` is the row's position in the layer; ``date_from`` and ``date_to`` are the days on
    which it counts (`core.date_window`), clipped to years 1 to 9999, both null if undated;
    ``period`` is the range between them, unbounded if undated. Rows are stored in the order of
    their first day, so that a small BRIN index finds a window.
    """
    between = "daterange(least(date_from, date_to), greatest(date_from, date_to), '[]')"
    # A column without a geometry type takes Z, M and mixtures; the check enforces the SRID.
    place = Geometry(geometry_type=None, srid=-1, spatial_index=False)
    table = sa.Table(
        name,
        sa.MetaData(schema=SCHEMA),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("date_from", sa.Date),
        sa.Column("date_to", sa.Date),
        sa.Column("period", sa.dialects.postgresql.DATERANGE, sa.Computed(between, persisted=True)),
        sa.Column("geometry", place),
        *columns,
        sa.CheckConstraint(f"ST_SRID(geometry) = {SRID}"),
    )
    sa.Index(f"{name}_place", table.c.geometry, table.c.period, postgresql_using="gist")
    sa.Index(f"{name}_days", table.c.period, postgresql_using="brin")
    return table
