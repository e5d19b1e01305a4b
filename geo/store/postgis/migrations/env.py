"""How Alembic reaches the database: by the connection that the command gives it."""

from alembic import context

from geo.store.postgis.schema import SCHEMA, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
)
context.run_migrations()
