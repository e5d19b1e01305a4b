"""Limits GDAL to the drivers that are needed (GPKG, ESRI Shapefile), and imports pyogrio late.

GDAL chooses a driver by a file's content, not by its name: a virtual (VRT) file called ``x.gpkg``
reads other files or fetches URLs. So the other drivers are disabled by GDAL's environment
setting, which must be set before pyogrio is imported; importing ``geo.store`` sets it. If
pyogrio was imported before, the other checks still hold: magic bytes, tables only, our own path.
"""

import os
from types import ModuleType

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
    """Return pyogrio; it is imported on the first call, since starting GDAL takes 0.3 s."""
    import pyogrio

    module: ModuleType = pyogrio
    return module
