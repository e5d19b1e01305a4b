"""The reader of each file format."""

from collections.abc import Callable
from typing import TypeAlias

from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.readers.delimited_text import read_delimited
from geo.ingest.readers.detect_format import FileFormat
from geo.ingest.readers.excel import read_workbook
from geo.ingest.readers.geojson import read_geojson
from geo.ingest.readers.geopackage import read_geopackage
from geo.ingest.readers.gpx import read_gpx
from geo.ingest.readers.kml import read_kml, read_kmz
from geo.ingest.readers.parquet import read_parquet
from geo.ingest.readers.shapefile import read_shapefiles

Reader: TypeAlias = Callable[[bytes, Diagnostics], list[RawTable]]
READERS: dict[str, Reader] = {
    "GeoJSON": read_geojson,
    "GeoPackage": read_geopackage,
    "KML": read_kml,
    "KMZ": read_kmz,
    "zipped Shapefile": read_shapefiles,
    "GPX": read_gpx,
    "GeoParquet": read_parquet,
    "CSV": read_delimited,
    "TSV": read_delimited,
    "XLSX": read_workbook,
}
"""Format name, as in :data:`geo.ingest.readers.detect_format.FORMATS`, -> reader. A reader raises
FileRejectedError if nothing of the file can be used."""


def read_file(format: FileFormat, body: bytes, log: Diagnostics) -> list[RawTable]:
    """Read a file with the reader of its format; return the chosen layer, which exists, or all."""
    tables = READERS[format.name](body, log)
    log.layers = log.layers or tuple(table.name for table in tables if table.name)
    chosen = log.options.layer
    if chosen is not None:
        tables = [table for table in tables if table.name == chosen]
        if not tables:
            why = f"There is no layer {printable(chosen, 60)!r}."
            raise FileRejectedError(why, f"Choose among {quote_names(log.layers, 20) or 'none'}.")
    return tables
