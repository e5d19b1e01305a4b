"""Layer storage: the LayerStore protocol, and folders and databases that implement it."""

from geo.store.formats import gdal_drivers  # limits GDAL's drivers before anything starts GDAL

# isort: split
from geo.store.core.api import LayerFault, LayerInfo, LayerSpec, LayerStore, Query, row_ids
from geo.store.folder.store import FolderStore
from geo.store.open import open_store
from geo.store.overlay import OverlayStore

__all__ = [
    "FolderStore",
    "LayerFault",
    "LayerInfo",
    "LayerSpec",
    "LayerStore",
    "OverlayStore",
    "Query",
    "gdal_drivers",
    "open_store",
    "row_ids",
]
