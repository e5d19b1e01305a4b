"""Layers of one's own: a file is brought, looked at, corrected, accepted, and kept in order."""

from geo.ui import layer_manager, upload

upload.bring()
layer_manager.kept()
