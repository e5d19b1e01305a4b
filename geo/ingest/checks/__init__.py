"""Checks of geometries, axis order, and the combination of layers."""
