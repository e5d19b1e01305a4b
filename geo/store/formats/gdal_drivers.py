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

NEEDED = frozenset({"ESRI Shapefile", "GPKG"})
"""Drivers that stay: the store's and the downloads' own, and the one that uploads need."""

_SKIPPED = (
    "ADBC,AIVector,AmigoCloud,AVCBin,AVCE00,Carto,CSV,CSW,DGN,DXF,EDIGEO,EEDA,"
    "Elasticsearch,ESRIJSON,FlatGeobuf,GDALG,GeoJSON,GeoJSONSeq,GeoRSS,GML,GPSBabel,GPX,GTFS,GTI,"
    "HTTP,Idrisi,JML,JSONFG,KML,LIBKML,LVBAG,MapInfo File,MapML,MBTiles,MEM,MiraMonVector,MVT,NGW,"
    "OAPIF,ODS,OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OpenFileGDB,OSM,PCIDSK,PDF,PDS4,"
    "PGDUMP,PLSCENES,PMTiles,S57,Selafin,SQLite,SXF,TopoJSON,VDV,VFK,VICAR,VRT,"
    "WAsP,WFS,WMS,WMTS,XLSX"
)

os.environ["GDAL_SKIP"] = ",".join(filter(None, (os.environ.get("GDAL_SKIP"), _SKIPPED)))


def import_pyogrio() -> ModuleType:
    """pyogrio; imported on the first call, since starting GDAL takes 0.3 s."""
    import pyogrio

    return pyogrio


def is_limited() -> bool:
    """Whether GDAL runs without the drivers that reach other files (False: not started yet,
    or something imported pyogrio before ``geo.store``)."""
    return "pyogrio" in sys.modules and not set(import_pyogrio().list_drivers()) - NEEDED
