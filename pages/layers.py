"""Session layers: upload, check, correct and accept a file; manage the accepted layers."""

from geo.ui import layer_manager, upload

upload.draw_upload()
layer_manager.draw_layer_manager()
