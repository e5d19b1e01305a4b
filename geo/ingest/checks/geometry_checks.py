"""Geometries: in which system they are, and whether each can be drawn."""

from __future__ import annotations

import numpy as np
import pyproj.exceptions
import shapely
from geopandas import GeoSeries
from pyproj import CRS

from geo.ingest.base.diagnostics import Diagnostics, RawTable, counted
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.safe_text import printable
from geo.ingest.checks.axis_order import AREA, box_share
from geo.store.core.normalise import is_wgs84, parse_crs

# UTM of western and eastern Syria, Deir ez Zor's and the web's projection
CANDIDATES = ("EPSG:32637", "EPSG:32636", "EPSG:22770", "EPSG:3857")
_MOST = 0.8
_EDGE = 1e-9
_ASSUME = "assume-crs:"


def crs_named(text: str) -> CRS:
    """Return the system that a person or a file names by a code, such as EPSG:32637.

    Raises
    ------
    RefusedError
        When it is no code, or one that is not known: names and links are not looked up.
    """
    plain = text.strip().upper().replace(" ", "")
    plain = f"EPSG:{plain}" if plain.isascii() and plain.isdecimal() else plain
    head, _, code = plain.partition(":")
    if head in ("EPSG", "ESRI", "OGC") and code.isascii() and code.isalnum() and len(code) < 9:
        try:
            return parse_crs(plain)
        except pyproj.exceptions.CRSError:
            pass
    why = f"{printable(text, 60)!r} is no coordinate reference system (CRS) that is known."
    raise FileRejectedError(why, "Choose a code such as EPSG:4326 or EPSG:32637.")


def name_of(crs: CRS | None) -> str:
    """Return a short name of a system: its code where it has one."""
    if crs is None:
        return ""
    if is_wgs84(crs):
        return "EPSG:4326"
    code = crs.to_authority()
    return ":".join(code) if code else printable(crs.name, 60)


def to_wgs84(table: RawTable, choices: ImportOptions, log: Diagnostics) -> str:
    """Bring a table's geometries into EPSG:4326; return the name of the system they were in.

    What is chosen goes before what the file says. Without either, numbers in the range of
    degrees are taken as WGS 84, and told; others are refused, with offers.

    Raises
    ------
    RefusedError
        When the places could be anywhere.
    """
    shapes = table.shapes if table.shapes is not None else np.full(len(table.data), None)
    chosen = choices.crs or next(
        (one.removeprefix(_ASSUME) for one in log.wanted if one.startswith(_ASSUME)), None
    )
    crs = crs_named(chosen) if chosen else table.crs
    drawn = _drawn(shapes)
    degrees = box_share(drawn, (-180, -90, 180, 90))
    if crs is None:
        if len(drawn) and degrees < _MOST:
            why = "The file does not name its coordinate reference system (CRS), and its numbers "
            _refuse(drawn, log, f"{why}({_example(drawn)}) are not degrees.")
        if len(drawn):
            log.add_message(
                "warning",
                "The file does not name its coordinate reference system (CRS); its "
                "numbers look like degrees and are taken as WGS 84 (EPSG:4326).",
            )
        crs = parse_crs("EPSG:4326")
    elif crs.is_geographic and len(drawn) and degrees < 1 - _MOST and not chosen:
        offered = _candidates(drawn)
        if offered:
            _refuse(
                drawn,
                log,
                f"The file says {name_of(crs)}, whose coordinates are degrees, but "
                f"its numbers ({_example(drawn)}) are metres.",
            )
    elif crs.is_projected and len(drawn) and degrees == 1 and not chosen:
        _refuse(
            drawn,
            log,
            f"The file says {name_of(crs)}, whose coordinates are metres, but its "
            f"numbers ({_example(drawn)}) look like degrees.",
        )
    if not is_wgs84(crs):
        shapes = _turned(shapes, crs, log)
    table.shapes, table.crs = shapes, parse_crs("EPSG:4326")
    return name_of(crs)


def check(table: RawTable, log: Diagnostics) -> None:
    """Set aside each row whose geometry cannot be drawn, and say why; offer what can be mended."""
    shapes = np.array(table.shapes, dtype=object)
    none = shapely.is_missing(shapes) & ~table.placeless
    _aside(table, log, none, "The row has no geometry.", "Give it a place, or leave it out.")
    empty = shapely.is_empty(shapes) & ~shapely.is_missing(shapes)
    _aside(table, log, empty, "The geometry is empty.", "Give it a place, or leave it out.")
    if log.limits.vertices < (total := int(shapely.get_num_coordinates(shapes).sum())):
        why = f"The geometries have {total:,} points; the limit is {log.limits.vertices:,}."
        raise FileRejectedError(why, "Simplify them, or split the file.")
    shapes = _flat(table, shapes, log)
    endless = _rows_where(shapes, lambda xy: ~np.isfinite(xy).all(axis=1))
    _aside(
        table,
        log,
        endless,
        "A coordinate is not a finite number (NaN or infinity).",
        "Correct the coordinate.",
    )
    beyond = _rows_where(
        shapes, lambda xy: (np.abs(xy[:, 0]) > 180 + _EDGE) | (np.abs(xy[:, 1]) > 90 + _EDGE)
    )
    beyond &= ~endless
    turned = beyond & ~_rows_where(
        shapes, lambda xy: (np.abs(xy[:, 1]) > 180 + _EDGE) | (np.abs(xy[:, 0]) > 90 + _EDGE)
    )
    if table.latitude is None:
        remedy = "Swap the two (longitude comes first)."
    else:
        remedy = "Correct it, or swap the two columns."
    why = "The latitude is beyond 90°; latitude and longitude may be swapped."
    _aside(table, log, turned, why, remedy, table.latitude)
    _aside(
        table,
        log,
        beyond & ~turned,
        "It lies beyond 180° of longitude or 90° of latitude.",
        "Give degrees, or say which CRS the numbers are in.",
    )
    table.shapes = shapes
    _mend(table, endless | beyond, log)


def _mend(table: RawTable, bad: np.ndarray, log: Diagnostics) -> None:
    """Set aside invalid geometries unless mending them was chosen."""
    shapes = np.array(table.shapes, dtype=object)
    whole = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes) & ~bad
    broken = np.zeros(len(shapes), dtype=bool)
    broken[whole] = ~shapely.is_valid(shapes[whole])
    if not broken.any():
        return
    if log.offer_repair("make-valid", "mend invalid geometries (make_valid)", int(broken.sum())):
        shapes[broken] = shapely.make_valid(shapes[broken])
        table.shapes = shapes
        return
    why = [
        f"The geometry is not valid: {printable(reason, 100)}."
        for reason in shapely.is_valid_reason(shapes[broken])
    ]
    values = [shape.geom_type for shape in shapes[broken]]
    everywhere = np.full(len(shapes), "", dtype=object)
    everywhere[broken] = values
    table.set_aside(
        log,
        broken,
        "geometry",
        everywhere,
        why,
        "Choose the repair “make-valid”, or draw it again without crossing itself.",
    )


def _flat(table: RawTable, shapes: np.ndarray, log: Diagnostics) -> np.ndarray:
    """Return geometries without measures and, when chosen, without heights."""
    high, measured = shapely.has_z(shapes), shapely.has_m(shapes)
    if not high.any() and not measured.any():
        return shapes
    number = int((high | measured).sum())
    what = "leave out heights and measures (Z and M)"
    if log.offer_repair("drop-zm", what, number):
        return shapely.force_2d(shapes)
    log.add_message(
        "info",
        f"Heights or measures (Z, M) in {counted(number, 'geometry', 'geometries')}: kept, but "
        "not drawn.",
    )
    return shapes


def _rows_where(shapes: np.ndarray, test) -> np.ndarray:
    """One bool a row: the test holds for a coordinate of it. Heights that are NaN count."""
    found = np.zeros(len(shapes), dtype=bool)
    for deep in (False, True):
        some = np.flatnonzero(shapely.has_z(shapes)) if deep else np.arange(len(shapes))
        if len(some):
            points, row = shapely.get_coordinates(shapes[some], include_z=deep, return_index=True)
            with np.errstate(invalid="ignore"):
                found[some[row[test(points)]]] = True
    return found


def _aside(
    table: RawTable,
    log: Diagnostics,
    where: np.ndarray,
    why: str,
    remedy: str,
    column: str | None = None,
) -> None:
    words = _Words(table) if column is None else None
    table.set_aside(log, where, column or "geometry", words, why, remedy)
    table.placeless |= where


class _Words:
    """A geometry as a short text, made only where it is asked for."""

    def __init__(self, table: RawTable) -> None:
        self._shapes = table.shapes

    def __getitem__(self, at: int) -> str:
        shape = None if self._shapes is None else self._shapes[at]
        if shape is None:
            return ""
        if shapely.get_num_coordinates(shape) > 20:
            return str(shape.geom_type)
        return shapely.to_wkt(shape, rounding_precision=6)


def _drawn(shapes: np.ndarray) -> np.ndarray:
    """Return bounds (xmin, ymin, xmax, ymax) of the geometries that have finite ones."""
    bounds = shapely.bounds(np.array(shapes, dtype=object))
    return bounds[np.isfinite(bounds).all(axis=1)]


def _example(bounds: np.ndarray) -> str:
    return f"such as {bounds[0][0]:.10g}, {bounds[0][1]:.10g}"


def _candidates(bounds: np.ndarray) -> list[str]:
    """Return the systems in which most of the places would lie in the study area."""
    found = []
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    for code in CANDIDATES:
        series = GeoSeries(shapely.points(middle[:2000]), crs=code).to_crs("EPSG:4326")
        if box_share(_drawn(series.to_numpy()), AREA) >= _MOST:
            found.append(code)
    return found


def _refuse(bounds: np.ndarray, log: Diagnostics, why: str) -> None:
    offered = _candidates(bounds)
    if box_share(bounds, AREA) >= _MOST:
        offered.append("EPSG:4326")
    for code in offered:
        what = f"take the coordinates as {code}, which puts them into the study area"
        log.offer_repair(f"{_ASSUME}{code}", what, len(bounds))
    remedy = "Choose the CRS that it was made in" + (
        f": {' or '.join(offered)} would put it into the study area." if offered else "."
    )
    raise FileRejectedError(why, remedy)


def _turned(shapes: np.ndarray, crs: CRS, log: Diagnostics) -> np.ndarray:
    try:
        with np.errstate(invalid="ignore"):
            series = GeoSeries(np.array(shapes, dtype=object), crs=crs).to_crs("EPSG:4326")
    except (pyproj.exceptions.ProjError, ValueError) as error:
        why = f"The coordinates cannot be turned from {name_of(crs)} into WGS 84."
        raise FileRejectedError(why, "Choose the CRS that the file was made in.") from error
    log.add_message("info", f"Coordinates were turned from {name_of(crs)} into WGS 84 (EPSG:4326).")
    return series.to_numpy()
