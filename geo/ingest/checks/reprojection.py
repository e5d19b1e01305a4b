"""Reproject geometries to WGS 84, after checking that their CRS fits their coordinates."""

import re
from typing import NoReturn

import numpy as np
import pyproj.exceptions
import shapely
from geopandas import GeoSeries
from pyproj import CRS, Transformer

from geo.ingest.base.case_area import Box, find_case_area, format_degrees
from geo.ingest.base.crs import (
    explain_unusable,
    finite_bounds,
    format_crs,
    is_undefined,
    parse_crs_text,
)
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.checks.no_position import find_placeholders
from geo.meridian import wrap_longitude
from geo.store.core.normalise import is_wgs84, parse_crs

_MOST = 0.8
_SAMPLE = 2_000
_LON, _LAT = 360.0, 90.0  # a line across the antimeridian may go on beyond 180
_ASSUME = "assume-crs:"
_NEAR = 6.0  # degrees around the area of use of a CRS: that of the next UTM zone
_FALSE_ORIGIN = 1_000.0


def to_wgs84(table: RawTable, log: Diagnostics) -> str:
    """Reproject a table's geometries to EPSG:4326; return the name of their CRS before.

    The CRS is the chosen one, else the file's. Without either, coordinates in the range of
    degrees are taken as WGS 84; others are rejected, with suggestions. Raises FileRejectedError
    if the CRS is unknown, is of no use for places, or contradicts the coordinates.
    """
    if table.geometries is None:
        table.geometries = np.full(len(table.data), None)
    chosen = None if log.detected.notation == "mgrs" else choose_crs(log)
    crs = chosen or (None if is_undefined(table.crs) else table.crs)
    _check_crs_fits(crs, finite_bounds(table.geometries), log, chosen is not None)
    crs = crs or parse_crs("EPSG:4326")
    name = format_crs(crs)
    if not is_wgs84(crs):
        _reproject(table, crs, name, log)
    table.crs = parse_crs("EPSG:4326")
    return name


def choose_crs(log: Diagnostics) -> CRS | None:
    """Return the CRS that a user chose, or None; raise FileRejectedError if it has no places."""
    assumed = (one for one in log.options.repairs if one.startswith(_ASSUME))
    text = log.options.crs or next(assumed, "").removeprefix(_ASSUME)
    if not text:
        return None
    crs = parse_crs_text(text)
    if why := explain_unusable(crs):
        raise FileRejectedError(f"The chosen CRS, {format_crs(crs)}, {why}.", "Choose another.")
    return crs


def _reproject(table: RawTable, crs: CRS, name: str, log: Diagnostics) -> None:
    """Reproject a table; reject rows whose coordinates the CRS cannot express."""
    before = np.array(table.geometries, dtype=object)
    try:
        with np.errstate(invalid="ignore"):
            after = GeoSeries(before, crs=crs).to_crs("EPSG:4326").to_numpy()
    except (pyproj.exceptions.ProjError, ValueError) as error:
        why = f"The coordinates cannot be reprojected from {name} to WGS 84."
        raise FileRejectedError(why, "Choose the CRS of the file.") from error
    log.inform(f"Reprojected from {name} to WGS 84 (EPSG:4326).")
    if crs.is_bound and (shift := crs.coordinate_operation) and shift.grids:
        log.warn(f"{name} names a file of grid shifts, which is not used: places may be 100 m off.")
    lost = _is_finite(before) & ~_is_finite(after)
    why = f"The coordinates are outside of what {name} can express."
    remedy = "Correct them, or choose the CRS of the file."
    table.reject_geometries(log, lost, why, remedy, lambda at: printable(before[at], 80))
    after[lost] = None
    table.geometries = after


def _is_finite(shapes: np.ndarray) -> np.ndarray:
    """Return one bool a geometry: it has points, and all are finite."""
    finite: np.ndarray = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    return finite


def _check_crs_fits(crs: CRS | None, bounds: np.ndarray, log: Diagnostics, chosen: bool) -> None:
    """Reject coordinates that contradict the CRS of their file; warn if a user chose the CRS."""
    if crs is None or crs.is_geographic:
        _, ais, same = find_placeholders(*bounds[:, :2].T)
        bounds = bounds[~(ais | same)]
    if not len(bounds):
        return
    degrees = _are_degrees(bounds)
    first = bounds[int(np.argmin(degrees))]
    example = f"such as {first[0]:.10g}, {first[1]:.10g}"
    if crs is None:
        why = "The file does not name its coordinate reference system (CRS)"
        if degrees.mean() < _MOST:
            _reject_crs(bounds, log, f"{why}, and its coordinates ({example}) are not degrees.")
        log.inform(f"{why}; its coordinates look like degrees and are taken as WGS 84 (EPSG:4326).")
        return
    name = format_crs(crs)
    if why := explain_unusable(crs):
        _reject_crs(bounds, log, f"The CRS of the file, {name}, {why}.")
    why = ""
    far = crs.is_geographic and degrees.mean() < 1 - _MOST
    if far and log.detected.coordinates and not chosen:
        why = f"The numbers of {quote_names(log.detected.coordinates)} ({example}) are not degrees"
        _reject_crs(bounds, log, f"{why}: a decimal sign may be lost, or they are metres.")
    if far:
        why = f"has degrees, but the coordinates ({example}) are not degrees"
    elif crs.is_projected and not crs.is_geographic:
        why = _find_contradiction(crs, _get_centres(bounds), bool(degrees.all()), example)
    if why and chosen:
        log.warn(f"The chosen CRS, {name}, {why}.")
    elif why:
        _reject_crs(bounds, log, f"The CRS of the file, {name}, {why}.")


def _find_contradiction(crs: CRS, points: np.ndarray, degrees: bool, example: str) -> str:
    """Return why points cannot be in a projected CRS; "" if they can.

    Small numbers are right in a local projection, such as one around an airfield. They look like
    degrees if, as metres, they are at the false origin of a grid, or outside of its area of use.
    """
    try:
        to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except pyproj.exceptions.ProjError:
        return ""  # reported when the geometries are reprojected
    placed = np.column_stack(to_degrees.transform(points[:, 0], points[:, 1]))
    area = _get_area_of_use(crs)
    if degrees:
        at_origin = bool((np.abs(placed) < 0.05).all()) or _has_false_origin(crs)
        outside = area is not None and not _share_in_box(placed, area)
        home = find_case_area().unwrapped
        as_degrees = _share_in_box(points, area or home)
        if at_origin or outside or (as_degrees and (area or not _share_in_box(placed, home))):
            return f"has metres, but the coordinates ({example}) look like degrees"
        return ""
    if not np.isfinite(placed).all(axis=1).any():
        return f"cannot express the coordinates ({example})"
    if area is not None and not _share_in_box(placed, _pad(area)):
        west, south, east, north = (float(round(side)) for side in area)
        lons = format_degrees(wrap_longitude(west), wrap_longitude(east), "EW")
        where = f"from {lons} and {format_degrees(south, north, 'NS')}"
        return f"is for places {where}, but the coordinates ({example}) are far outside"
    return ""


def _get_horizontal(crs: CRS) -> CRS:
    """Return the horizontal CRS within a compound or bound one."""
    inner = crs.source_crs if crs.is_bound else crs.sub_crs_list[0] if crs.is_compound else None
    return crs if inner is None else _get_horizontal(inner)


def _has_false_origin(crs: CRS) -> bool:
    operation = _get_horizontal(crs).coordinate_operation
    return operation is not None and any(
        abs(float(one.value)) > _FALSE_ORIGIN
        for one in operation.params
        if re.search("easting|northing", one.name, re.IGNORECASE)
    )


def _get_area_of_use(crs: CRS) -> Box | None:
    """Return the area of use, (west, south, east, north); east is above 180 across 180."""
    horizontal = _get_horizontal(crs)
    area, code = horizontal.area_of_use, horizontal.to_authority()
    if area is None and code:
        area = parse_crs(":".join(code)).area_of_use
    if area is None:
        return None
    across = 360.0 if area.west > area.east else 0.0
    return area.west, area.south, area.east + across, area.north


def _pad(box: Box) -> Box:
    xmin, ymin, xmax, ymax = box
    wide, high = max(_NEAR, xmax - xmin), max(_NEAR, ymax - ymin)
    return xmin - wide, ymin - high, xmax + wide, ymax + high


def _are_degrees(bounds: np.ndarray) -> np.ndarray:
    """Return one bool for each of the bounds, (n, 4): it lies within degrees, in either order."""
    most = np.maximum(np.abs(bounds[:, :2]), np.abs(bounds[:, 2:]))
    in_order: np.ndarray = (most <= (_LON, _LAT)).all(axis=1) | (most <= (_LAT, _LON)).all(axis=1)
    return in_order


def _get_centres(bounds: np.ndarray) -> np.ndarray:
    centres: np.ndarray = (bounds[:_SAMPLE, :2] + bounds[:_SAMPLE, 2:]) / 2
    return centres


def _share_in_box(points: np.ndarray, box: Box) -> float:
    """Return the share of points, (n, 2), within a box, which may go beyond 180."""
    with np.errstate(invalid="ignore"):
        x = np.where(points[:, 0] < box[0], points[:, 0] + 360, points[:, 0])
        y = points[:, 1]
        return float(((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3])).mean())


def _suggest_crs(points: np.ndarray) -> list[str]:
    """Return the CRS in which most of the points are in the study area."""
    suggested = []
    home = find_case_area()
    for code in home.crs:
        to_degrees = Transformer.from_crs(code, "EPSG:4326", always_xy=True)
        placed = np.column_stack(to_degrees.transform(points[:, 0], points[:, 1]))
        if _share_in_box(placed, home.unwrapped) >= _MOST:
            suggested.append(code)
    return suggested


def _reject_crs(bounds: np.ndarray, log: Diagnostics, why: str) -> NoReturn:
    """Raise FileRejectedError, and offer each suggested CRS as a repair."""
    points = _get_centres(bounds)
    suggested = _suggest_crs(points)
    if _share_in_box(points, find_case_area().unwrapped) >= _MOST:
        suggested.append("EPSG:4326")
    for code in suggested:
        what = f"take the coordinates as {code}, which puts them into the study area"
        log.offer_repair(f"{_ASSUME}{code}", what, len(bounds))
    remedy = "Choose the CRS of the file"
    if suggested:
        remedy += f": {' or '.join(suggested)} would put it into the study area"
    raise FileRejectedError(why, f"{remedy}.")
