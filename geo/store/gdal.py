"""pyogrio, imported late and with a short list of drivers.

GDAL picks a driver by a file's content, not by its name: a virtual (VRT) file that is called
``x.gpkg`` reads other files or fetches addresses (FIELD-NOTES 3). So the drivers that no part of
the dashboard needs are switched off, before GDAL starts, by its environment setting; importing
``geo.store`` is enough, as long as it comes before pyogrio. Where something else imported
pyogrio first, the other guards still hold: magic bytes, tables only, our own path.
"""

import os
import sys
from types import ModuleType

NEEDED = frozenset(
    {"CSV", "ESRI Shapefile", "FlatGeobuf", "GPKG", "GPX", "GeoJSON", "KML", "LIBKML", "MEM"}
)
"""Drivers that stay: the store's own, and those that uploads and downloads need."""

_SKIPPED = [
    "ADBC",
    "AIVector",
    "AVCBin",
    "AVCE00",
    "AmigoCloud",
    "CSW",
    "Carto",
    "DGN",
    "DXF",
    "EDIGEO",
    "EEDA",
    "ESRIJSON",
    "Elasticsearch",
    "GDALG",
    "GML",
    "GPSBabel",
    "GTFS",
    "GTI",
    "GeoRSS",
    "GeoJSONSeq",
    "HTTP",
    "Idrisi",
    "JML",
    "JSONFG",
    "LVBAG",
    "MBTiles",
    "MVT",
    "MapML",
    "MiraMonVector",
    "NGW",
    "OAPIF",
    "ODS",
    "OGCAPI",
    "OGR_GMT",
    "OGR_PDS",
    "OGR_VRT",
    "OSM",
    "OpenFileGDB",
    "PCIDSK",
    "PDF",
    "PDS4",
    "PGDUMP",
    "PLSCENES",
    "PMTiles",
    "SQLite",
    "SXF",
    "Selafin",
    "TopoJSON",
    "VDV",
    "VFK",
    "VICAR",
    "VRT",
    "WFS",
    "WMS",
    "WMTS",
    "WAsP",
    "XLSX",
    "S57",
]

os.environ["GDAL_SKIP"] = ",".join(
    dict.fromkeys([*filter(None, os.environ.get("GDAL_SKIP", "").split(",")), *_SKIPPED])
    | {"MapInfo File": None}
)


def load() -> ModuleType:
    """pyogrio; imported on the first call, since starting GDAL takes 0.3 s."""
    import pyogrio

    return pyogrio


def guarded() -> bool:
    """Whether GDAL runs without the drivers that reach other files (False: not started yet,
    or something imported pyogrio before ``geo.store``)."""
    return "pyogrio" in sys.modules and not set(load().list_drivers()) - NEEDED
