"""The time zone of each layer. The days of existing layers were cut in UTC."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
_SCHEMA = "briefing_map"


def upgrade() -> None:
    """Add the column."""
    column = sa.Column("time_zone", sa.Text, nullable=False, server_default="UTC")
    op.add_column("layers", column, schema=_SCHEMA)


def downgrade() -> None:
    """Take the column away."""
    op.drop_column("layers", "time_zone", schema=_SCHEMA)
