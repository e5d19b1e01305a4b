"""Session layers: upload, check, correct and accept a file; manage the accepted layers."""

from geo.ui import layer_manager, upload

upload.bring()
layer_manager.kept()
