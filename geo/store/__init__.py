"""Where layers live: the LayerStore protocol, and the folders and databases that keep to it."""

from geo.store import gdal  # first: it limits GDAL's drivers before anything starts GDAL
from geo.store.folder import FolderStore
from geo.store.opening import open_store
from geo.store.overlay import OverlayStore
from geo.store.protocol import LayerFault, LayerInfo, LayerStore, Query, row_ids

__all__ = [
    "FolderStore",
    "LayerFault",
    "LayerInfo",
    "LayerStore",
    "OverlayStore",
    "Query",
    "gdal",
    "open_store",
    "row_ids",
]
