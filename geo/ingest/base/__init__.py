"""Shared by all steps of an import: options, results, diagnostics, limits, CRS."""
