"""Read zipped shapefiles with GDAL, after unpacking them under fixed file names."""

import codecs
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj.exceptions
from pyproj import CRS

from geo.ingest.base.column_types import restore_integers
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.readers.encoding import NAMES, detect_encoding
from geo.ingest.readers.zip_archive import ZipArchive
from geo.store.core.normalise import parse_crs
from geo.store.formats import gdal_drivers
from geo.store.formats.geopackage import restore_booleans

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_WKT_CRS = ("GEOGCS", "PROJCS", "GEOGCRS", "PROJCRS", "COMPD_CS", "BOUNDCRS", "COMPOUNDCRS")
_OTHER_CRS = ("LOCAL_CS", "ENGCRS", "ENGINEERINGCRS", "GEOCCS", "GEODCRS", "VERT_CS", "VERTCRS")
_MAGIC = b"\x00\x00\x27\x0a"
_DBF_HEAD = 32


def read_shapefiles(body: bytes, log: Diagnostics) -> list[RawTable]:
    """Return one table for each shapefile of a ZIP archive."""
    archive = ZipArchive(body, log.limits)
    stems = [name[:-4] for name in archive.names(".shp")]
    if not stems:
        some = quote_names(entry.filename for entry in archive.entries)
        why = f"There is no shapefile (.shp) in the archive; it has {some or 'nothing'}."
        raise FileRejectedError(why, "Choose a file in it by itself, or rename a KMZ to .kmz.")
    others = archive.names(".kml", ".gpkg", ".csv", ".geojson", ".gpx")
    if others:
        log.warn(f"Only the shapefiles are read; {quote_names(others)} in the archive is not.")
    log.layers = tuple(stem.rpartition("/")[2] for stem in stems)
    return [
        _read_shapefile(archive, stem, name, Path(f"layer{number}.shp"), log)
        for number, (stem, name) in enumerate(zip(stems, log.layers, strict=True))
        if log.options.layer in (None, name)
    ]


def _read_shapefile(
    archive: ZipArchive, stem: str, name: str, path: Path, log: Diagnostics
) -> RawTable:
    """Return the table of one shapefile, which is unpacked to ``path``."""
    parts = {}
    for entry in archive.entries:
        head, suffix = entry.filename[:-4], entry.filename[-4:].lower()
        if head == stem and suffix in _PARTS:
            parts[suffix] = archive.read(entry.filename)
    quoted = quote_names([name])
    if parts[".shp"][:4] != _MAGIC:
        why = f"The .shp of {quoted} is of another format (it begins with {parts['.shp'][:8]!r})."
        raise FileRejectedError(why, "Export it as a shapefile again.")
    if ".dbf" not in parts:
        log.warn(f"The .dbf of {quoted} is missing: its rows have no values.")
    rebuild = "make the missing index (.shx) from the .shp"
    if ".shx" not in parts and not log.offer_repair("rebuild-shx", rebuild, 0):
        remedy = "Put .shp, .shx, .dbf and .prj into the archive, or choose the repair "
        raise FileRejectedError(f"The .shx of {quoted} is missing.", f"{remedy}“rebuild-shx”.")
    for suffix in (".shp", ".shx", ".dbf"):
        if suffix in parts:
            path.with_suffix(suffix).write_bytes(parts[suffix])
    log.encoding = log.options.encoding or _find_encoding(parts, quoted, log)
    crs = _parse_prj(parts.get(".prj"), quoted, log)
    data, geometries = _read_with_gdal(path, quoted, log, ".shx" not in parts)
    return RawTable(name, data, np.arange(1, len(data) + 1), geometries, crs)


def _read_with_gdal(
    path: Path, quoted: str, log: Diagnostics, rebuild: bool
) -> tuple[pd.DataFrame, np.ndarray]:
    pyogrio = gdal_drivers.import_pyogrio()
    from pyogrio.errors import DataLayerError, DataSourceError

    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES" if rebuild else None})
    try:
        about = pyogrio.read_info(path, force_feature_count=True, encoding=log.encoding)
        log.limits.check_rows(about["features"], subject=quoted)
        log.limits.check_columns(len(about["fields"]), subject=quoted)
        with np.errstate(invalid="ignore"):
            frame = pyogrio.read_dataframe(path, encoding=log.encoding, on_invalid="ignore")
    except (DataSourceError, DataLayerError, ValueError, LookupError) as error:
        fault = printable(str(error).replace(str(path), quoted), 100)
        why = f"The shapefile {quoted} is damaged ({fault})."
        raise FileRejectedError(why, "Copy or export it again, whole.") from error
    for name, kind, subtype in zip(
        about["fields"], about["dtypes"], about["ogr_subtypes"], strict=True
    ):
        if name in frame.columns and subtype == "OFSTBoolean":
            frame[name] = restore_booleans(frame[name]).astype("boolean")
        elif name in frame.columns and str(kind).startswith("int"):
            frame[name] = restore_integers(frame[name])
    data = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    if not len(frame) or "geometry" not in frame.columns:
        return data, np.full(len(frame), None, dtype=object)
    return data, np.array(frame["geometry"].to_numpy(), dtype=object)


def _parse_prj(prj: bytes | None, quoted: str, log: Diagnostics) -> CRS | None:
    """Return the CRS of a .prj; None, with a warning, if it is missing or invalid."""
    text = (prj or b"").decode("latin-1").strip("\x00 \r\n\t\ufeff")
    if not text:
        log.warn(
            f"The .prj of {quoted} is missing: the file does not name the CRS of its coordinates."
        )
        return None
    if text.upper().startswith(_WKT_CRS + _OTHER_CRS) and len(text) <= 20_000:
        with suppress(pyproj.exceptions.CRSError):
            return parse_crs(text)
    log.warn(f"The .prj of {quoted} is not a valid CRS ({printable(text, 60)}).")
    return None


def _find_encoding(parts: dict[str, bytes], quoted: str, log: Diagnostics) -> str:
    """Return the encoding that the .cpg names, else the one detected in the .dbf."""
    named = parts.get(".cpg", b"")[:40].decode("latin-1").strip("\x00 \r\n\t\ufeffï»¿")
    for one in (named, f"cp{named}", f"iso-{named[:4]}-{named[4:]}" if named[:4] == "8859" else ""):
        try:
            if one and not one.startswith("cp-"):
                return codecs.lookup(one).name
        except (LookupError, ValueError):
            continue
    encoding = detect_encoding(parts.get(".dbf", b"")[_DBF_HEAD:])
    if encoding != "utf-8":
        log.inform(
            f"{quoted} does not name its encoding (.cpg); it was read as {NAMES[encoding]}. "
            "If letters look wrong, choose another."
        )
    return encoding
