"""The tables: a catalogue of layers, one counter, and a table for the rows of each layer.

``briefing_map.layers`` and ``briefing_map.state`` are made by the migrations. A layer's own table
is made when it is loaded, under a number of its own, and never changed: a layer that is written
anew gets a new table, so a reader sees the old rows or the new ones, whole.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from geoalchemy2 import Geometry

SCHEMA = "briefing_map"
HEAD = "0001"
"""The migration that this version of the program works with."""
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
    sa.Column("west", sa.Double),
    sa.Column("south", sa.Double),
    sa.Column("east", sa.Double),
    sa.Column("north", sa.Double),
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
    sa.Column("columns", sa.Text, nullable=False),
    sa.Column("types", sa.LargeBinary, nullable=False),
)
state = sa.Table("state", metadata, sa.Column("revision", sa.BigInteger, nullable=False))
migrated = sa.Table("alembic_version", sa.MetaData(schema=SCHEMA), sa.Column("version_num"))


def layer_table(name: str, columns: Iterable[sa.Column]) -> sa.Table:
    """Return the table of one layer's rows; its indexes are made after the rows are in.

    ``position`` is the row's place in the layer; ``date_from`` and ``date_to`` are the days on
    which it counts (`core.date_window`), clipped to years 1 to 9999, both empty when undated;
    ``period`` is what lies between them, everything when undated. Rows lie in the order of their
    first day, so that a small BRIN index finds a window.
    """
    between = "daterange(least(date_from, date_to), greatest(date_from, date_to), '[]')"
    # Without a type of its own a column takes Z, M and mixtures; the check sees to the SRID.
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
