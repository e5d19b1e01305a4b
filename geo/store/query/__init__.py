"""Queries on rows in memory: exact filters, Arrow predicates, the cache of layers."""
