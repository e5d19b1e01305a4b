"""Zipped shapefiles: taken out of the archive under names of our own, then read by GDAL."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj.exceptions
from pyproj import CRS

from geo.ingest.base.column_types import whole_again
from geo.ingest.base.diagnostics import Diagnostics, RawTable, listed
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.safe_text import printable
from geo.ingest.readers.encoding import NAMES, guessed
from geo.ingest.readers.zip_archive import Archive
from geo.store.core.normalise import parse_crs
from geo.store.formats import gdal_drivers

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_MAGIC = struct.pack(">i", 9994)
_DBF_HEAD = 32
_REBUILD = "make the missing index (.shx) from the .shp"


def read_shapefiles(
    body: bytes, log: Diagnostics, choices: ImportOptions
) -> tuple[list[RawTable], list[str], str]:
    """Return one table a shapefile, the names of all, and the encoding.

    Raises
    ------
    RefusedError
        When the archive breaks a rule, holds no shapefile, or one that cannot be read.
    """
    archive = Archive(body, log.limits)
    stems = [name[:-4] for name in archive.names(".shp")]
    if not stems:
        some = listed([entry.filename for entry in archive.entries])
        why = f"There is no shapefile (.shp) in the archive; it holds {some or 'nothing'}."
        raise FileRejectedError(why, "Choose what is in it by itself, or rename a KMZ to .kmz.")
    wanted = [stem for stem in stems if choices.layer in (None, _name(stem))]
    others = [
        e.filename
        for e in archive.entries
        if e.filename.lower().endswith((".kml", ".gpkg", ".csv", ".geojson", ".gpx"))
    ]
    if others:
        log.add_message(
            "warning", f"Only the shapefiles are read; {listed(others)} in the archive is not."
        )
    tables, encoding = [], ""
    for number, stem in enumerate(wanted):
        table, encoding = _one(archive, stem, f"layer{number}", log, choices)
        tables.append(table)
    return tables, [_name(stem) for stem in stems], encoding


def _name(stem: str) -> str:
    return stem.rpartition("/")[2]


def _one(
    archive: Archive, stem: str, ours: str, log: Diagnostics, choices: ImportOptions
) -> tuple[RawTable, str]:
    parts = {}
    for entry in archive.entries:
        head, suffix = entry.filename[:-4], entry.filename[-4:].lower()
        if head == stem and suffix in _PARTS:
            parts[suffix] = archive.read(entry.filename)
    name = _name(stem)
    said = listed([name])
    if parts[".shp"][:4] != _MAGIC:
        why = f"The .shp of {said} is something else (it begins with {parts['.shp'][:8]!r})."
        raise FileRejectedError(why, "Export it as a shapefile again.")
    if ".dbf" not in parts:
        log.add_message("warning", f"The .dbf of {said} is missing: its rows have no values.")
    if ".shx" not in parts and not log.offer_repair("rebuild-shx", _REBUILD, 0):
        why = f"The .shx of {said} is missing."
        raise FileRejectedError(
            why,
            "Put .shp, .shx, .dbf and .prj into the archive, or choose the repair “rebuild-shx”.",
        )
    for suffix, content in parts.items():
        if suffix not in (".prj", ".cpg"):
            Path(f"{ours}{suffix}").write_bytes(content)
    encoding = choices.encoding or _encoding(parts, said, log)
    crs = _crs(parts.get(".prj"), said, log)
    data, shapes = _read(Path(f"{ours}.shp"), encoding, said, log, ".shx" not in parts)
    rows = np.arange(1, len(data) + 1)
    return RawTable(name, data, rows, shapes, crs), encoding


def _read(
    path: Path, encoding: str, said: str, log: Diagnostics, rebuild: bool
) -> tuple[pd.DataFrame, np.ndarray]:
    pyogrio = gdal_drivers.import_pyogrio()
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES" if rebuild else None})
    try:
        about = pyogrio.read_info(path, force_feature_count=True, encoding=encoding)
        if about["features"] > log.limits.rows:
            why = f"{said} holds {about['features']:,} rows; the limit is {log.limits.rows:,}."
            raise FileRejectedError(why, "Split it.")
        if len(about["fields"]) > log.limits.columns:
            why = f"{said} has {len(about['fields']):,} columns; the limit is {log.limits.columns}."
            raise FileRejectedError(why, "Keep the columns that are needed.")
        with np.errstate(invalid="ignore"):
            frame = pyogrio.read_dataframe(path, encoding=encoding, on_invalid="ignore")
    except (
        DataSourceError,
        DataLayerError,
        FeatureError,
        FieldError,
        ValueError,
        LookupError,
    ) as error:
        fault = printable(str(error).replace(str(path), said), 100)
        why = f"The shapefile {said} is damaged ({fault})."
        raise FileRejectedError(why, "Copy or export it again, whole.") from error
    for name, kind in zip(about["fields"], about["dtypes"], strict=True):
        if str(kind).startswith("int") and name in frame.columns:
            frame[name] = whole_again(frame[name])
    if not len(frame):
        return pd.DataFrame(frame.drop(columns="geometry", errors="ignore")), np.empty(0, object)
    if "geometry" not in frame.columns:
        return pd.DataFrame(frame), np.full(len(frame), None, dtype=object)
    shapes = np.array(frame["geometry"].to_numpy(), dtype=object)
    return pd.DataFrame(frame.drop(columns="geometry")), shapes


def _crs(prj: bytes | None, said: str, log: Diagnostics) -> CRS | None:
    """Return the system of a .prj; None where there is none or it says nothing."""
    text = (prj or b"").decode("latin-1").strip("\x00 \r\n\t\ufeff")
    if not text:
        log.add_message(
            "warning",
            f"The .prj of {said} is missing: the file does not say which CRS its "
            "coordinates are in.",
        )
        return None
    if (
        not text.upper().startswith(
            ("GEOGCS", "PROJCS", "GEOGCRS", "PROJCRS", "COMPD_CS", "BOUNDCRS", "COMPOUNDCRS")
        )
        or len(text) > 20_000
    ):
        log.add_message(
            "warning", f"The .prj of {said} is no description of a CRS ({printable(text, 60)})."
        )
        return None
    try:
        return parse_crs(text)
    except pyproj.exceptions.CRSError:
        log.add_message(
            "warning", f"The .prj of {said} cannot be understood ({printable(text, 60)})."
        )
        return None


def _encoding(parts: dict[str, bytes], said: str, log: Diagnostics) -> str:
    """Return the encoding that the .cpg names, else one by what letters would come out."""
    import codecs

    named = parts.get(".cpg", b"")[:40].decode("latin-1").strip("\x00 \r\n\t\ufeffï»¿")
    for one in (named, f"cp{named}", f"iso-{named[:4]}-{named[4:]}" if named[:4] == "8859" else ""):
        try:
            if one and not one.startswith("cp-"):
                return codecs.lookup(one).name
        except (LookupError, ValueError):
            continue
    encoding = guessed(parts.get(".dbf", b"")[_DBF_HEAD:])
    if encoding != "utf-8":
        log.add_message(
            "warning",
            f"{said} does not say its encoding (.cpg); it was read as "
            f"{NAMES[encoding]}. If letters look wrong, choose another.",
        )
    return encoding
