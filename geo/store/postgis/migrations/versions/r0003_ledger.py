"""The ledger of changes to the evidence: rows can be added, and none changed or deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
_SCHEMA = "briefing_map"
_KEEP = f"""
CREATE FUNCTION {_SCHEMA}.ledger_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger only grows: % of % is not allowed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$
"""
_FOLLOW = f"""
CREATE FUNCTION {_SCHEMA}.ledger_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number <> OLD.number + 1 OR NOT EXISTS (
    SELECT FROM {_SCHEMA}.ledger_events AS last
    WHERE last.number = NEW.number AND last.hash = NEW.hash
  ) THEN
    RAISE EXCEPTION 'the head of the ledger moves to the next event only'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Make the tables and their triggers."""
    op.create_table(
        "ledger_events",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        sa.Column("body", sa.Text, nullable=False),
        schema=_SCHEMA,
    )
    head = op.create_table(
        "ledger_head",
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        schema=_SCHEMA,
    )
    op.create_table(
        "ledger_copies",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        schema=_SCHEMA,
    )
    op.bulk_insert(head, [{"number": 0, "hash": ""}])
    op.execute(_KEEP)
    op.execute(_FOLLOW)
    for table, acts in (
        ("ledger_events", "UPDATE OR DELETE OR TRUNCATE"),
        ("ledger_copies", "UPDATE OR DELETE OR TRUNCATE"),
        ("ledger_head", "INSERT OR DELETE OR TRUNCATE"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_keep BEFORE {acts} ON {_SCHEMA}.{table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {_SCHEMA}.ledger_keep()"
        )
    op.execute(
        f"CREATE TRIGGER ledger_head_follow BEFORE UPDATE ON {_SCHEMA}.ledger_head "
        f"FOR EACH ROW EXECUTE FUNCTION {_SCHEMA}.ledger_follow()"
    )


def downgrade() -> None:
    """Take the tables away, with every event: keep a copy of the database first."""
    for table in ("ledger_events", "ledger_head", "ledger_copies"):
        op.drop_table(table, schema=_SCHEMA)
    op.execute(f"DROP FUNCTION {_SCHEMA}.ledger_keep()")
    op.execute(f"DROP FUNCTION {_SCHEMA}.ledger_follow()")
