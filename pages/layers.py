"""Layers of one's own: a file is brought, looked at, corrected, accepted, and kept in order."""

from geo.ui import layer_manager, upload

upload.draw_upload()
layer_manager.draw_layer_manager()
