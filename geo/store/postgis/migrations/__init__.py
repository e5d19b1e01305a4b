"""Alembic's migrations of the layer tables."""
