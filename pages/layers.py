"""Layers of one's own: a file is brought, looked at, corrected, accepted, and kept in order."""

from geo.ui import layering, uploading

uploading.bring()
layering.kept()
