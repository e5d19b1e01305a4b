"""The catalogue of layers, its counter, and the numbers of the layers' own tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
_SCHEMA = "briefing_map"


def upgrade() -> None:
    """Make the tables."""
    op.execute(sa.schema.CreateSequence(sa.Sequence("layer_number", schema=_SCHEMA)))
    op.create_table(
        "layers",
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
        sa.Column("columns", sa.Text, nullable=False),
        sa.Column("types", sa.LargeBinary, nullable=False),
        schema=_SCHEMA,
    )
    state = op.create_table(
        "state", sa.Column("revision", sa.BigInteger, nullable=False), schema=_SCHEMA
    )
    op.bulk_insert(state, [{"revision": 0}])


def downgrade() -> None:
    """Take the tables away; those of the layers stay."""
    op.drop_table("state", schema=_SCHEMA)
    op.drop_table("layers", schema=_SCHEMA)
    op.execute(sa.schema.DropSequence(sa.Sequence("layer_number", schema=_SCHEMA)))
