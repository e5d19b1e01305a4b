"""CRS of an upload: as chosen, as the file names it, or detected; and reprojection to WGS 84."""

from contextlib import suppress
from typing import NoReturn

import numpy as np
import pyproj.exceptions
import shapely
from geopandas import GeoSeries
from pyproj import CRS

from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable
from geo.store.core.normalise import is_wgs84, parse_crs

# UTM of western and eastern Syria, the Deir ez Zor grid, Web Mercator
SUGGESTED_CRS = ("EPSG:32637", "EPSG:32636", "EPSG:22770", "EPSG:3857")
Box = tuple[float, float, float, float]
STUDY_AREA: Box = (34.0, 32.0, 39.0, 37.5)
"""(xmin, ymin, xmax, ymax), EPSG:4326; that of the base map (assets/basemap/README.md)."""
_MOST = 0.8
_SAMPLE = 2_000
_DEGREES = (-180, -90, 180, 90)
_ASSUME = "assume-crs:"


def parse_crs_code(text: str) -> CRS:
    """Return the CRS for an authority code, such as EPSG:32637 or 32637.

    Raises FileRejectedError if it is unknown or not a code: names and links are not looked up.
    """
    plain = text.strip().upper().replace(" ", "")
    plain = f"EPSG:{plain}" if plain.isascii() and plain.isdecimal() else plain
    head, _, code = plain.partition(":")
    if head in ("EPSG", "ESRI", "OGC") and code.isascii() and code.isalnum() and len(code) < 9:
        with suppress(pyproj.exceptions.CRSError):
            return parse_crs(plain)
    why = f"{printable(text, 60)!r} is not a known coordinate reference system (CRS)."
    raise FileRejectedError(why, "Choose a code such as EPSG:4326 or EPSG:32637.")


def format_crs(crs: CRS) -> str:
    """Return a CRS as its code, or as its name if it has no code."""
    if is_wgs84(crs):
        return "EPSG:4326"
    code = crs.to_authority()
    return ":".join(code) if code else printable(crs.name, 60)


def to_wgs84(table: RawTable, log: Diagnostics) -> str:
    """Reproject a table's geometries to EPSG:4326; return the name of their CRS before.

    The CRS is the chosen one, else the file's. Without either, coordinates in the range of
    degrees are taken as WGS 84 with a warning; others are rejected, with suggestions. Raises
    FileRejectedError if the CRS is unknown or does not fit the coordinates.
    """
    if table.geometries is None:
        table.geometries = np.full(len(table.data), None)
    assumed = (one for one in log.options.repairs if one.startswith(_ASSUME))
    chosen = log.options.crs or next(assumed, "").removeprefix(_ASSUME)
    crs = parse_crs_code(chosen) if chosen else table.crs
    if not chosen:
        _check_crs_fits(crs, finite_bounds(table.geometries), log)
    crs = crs or parse_crs("EPSG:4326")
    name = format_crs(crs)
    if not is_wgs84(crs):
        try:
            with np.errstate(invalid="ignore"):
                series = GeoSeries(table.geometries, crs=crs).to_crs("EPSG:4326")
        except (pyproj.exceptions.ProjError, ValueError) as error:
            why = f"The coordinates cannot be reprojected from {name} to WGS 84."
            raise FileRejectedError(why, "Choose the CRS of the file.") from error
        log.inform(f"Reprojected from {name} to WGS 84 (EPSG:4326).")
        table.geometries = series.to_numpy()
    table.crs = parse_crs("EPSG:4326")
    return name


def finite_bounds(geometries: np.ndarray) -> np.ndarray:
    """Return bounds, (n, 4) as (xmin, ymin, xmax, ymax), of the geometries with finite ones."""
    bounds = shapely.bounds(np.array(geometries, dtype=object))
    return bounds[np.isfinite(bounds).all(axis=1)]


def intersects_box(bounds: np.ndarray, box: Box) -> np.ndarray:
    """Return one bool for each of the bounds, (n, 4): it intersects the box; False for NaN."""
    xmin, ymin, xmax, ymax = box
    with np.errstate(invalid="ignore"):
        in_x = (bounds[:, 0] <= xmax) & (bounds[:, 2] >= xmin)
        return in_x & (bounds[:, 1] <= ymax) & (bounds[:, 3] >= ymin)


def _share_in_box(bounds: np.ndarray, box: Box) -> float:
    """Return the share of bounds, (n, 4), that intersect a box; 1 if there are none."""
    return float(intersects_box(bounds, box).mean()) if len(bounds) else 1.0


def _check_crs_fits(crs: CRS | None, bounds: np.ndarray, log: Diagnostics) -> None:
    """Reject coordinates that are metres in a geographic CRS, or degrees in a projected one."""
    if not len(bounds):
        return
    degrees = _share_in_box(bounds, _DEGREES)
    example = f"such as {bounds[0][0]:.10g}, {bounds[0][1]:.10g}"
    if crs is None:
        why = "The file does not name its coordinate reference system (CRS)"
        if degrees < _MOST:
            _reject_crs(bounds, log, f"{why}, and its coordinates ({example}) are not degrees.")
        log.warn(f"{why}; its coordinates look like degrees and are taken as WGS 84 (EPSG:4326).")
    elif crs.is_geographic and degrees < 1 - _MOST and _suggest_crs(bounds):
        why = f"The file names {format_crs(crs)}, whose coordinates are degrees, but its "
        _reject_crs(bounds, log, f"{why}coordinates ({example}) are metres.")
    elif crs.is_projected and degrees == 1:
        why = f"The file names {format_crs(crs)}, whose coordinates are metres, but its "
        _reject_crs(bounds, log, f"{why}coordinates ({example}) look like degrees.")


def _suggest_crs(bounds: np.ndarray) -> list[str]:
    """Return the CRS in which most of the geometries are in the study area."""
    centres = (bounds[:_SAMPLE, :2] + bounds[:_SAMPLE, 2:]) / 2
    suggested = []
    for code in SUGGESTED_CRS:
        points = GeoSeries(shapely.points(centres), crs=code).to_crs("EPSG:4326")
        if _share_in_box(finite_bounds(points.to_numpy()), STUDY_AREA) >= _MOST:
            suggested.append(code)
    return suggested


def _reject_crs(bounds: np.ndarray, log: Diagnostics, why: str) -> NoReturn:
    """Raise FileRejectedError, and offer each suggested CRS as a repair."""
    suggested = _suggest_crs(bounds)
    if _share_in_box(bounds, STUDY_AREA) >= _MOST:
        suggested.append("EPSG:4326")
    for code in suggested:
        what = f"take the coordinates as {code}, which puts them into the study area"
        log.offer_repair(f"{_ASSUME}{code}", what, len(bounds))
    remedy = "Choose the CRS of the file"
    if suggested:
        remedy += f": {' or '.join(suggested)} would put it into the study area"
    raise FileRejectedError(why, f"{remedy}.")
