"""Detect the columns of coordinates and their notation, and build geometries from them."""

import re
from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
import shapely

from geo.ingest.base.column_types import cells_as_text, find_blank_cells
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.safe_text import format_count, printable, quote_names
from geo.ingest.detect import coordinate_formats, coordinate_pairs
from geo.ingest.detect.coordinate_candidates import (
    SINGLE_NOTATIONS,
    CoordinateColumns,
    find_candidates,
    guess_notation,
    pair_columns,
)
from geo.ingest.detect.coordinate_names import read_name
from geo.ingest.detect.coordinate_parts import find_parts, join_parts
from geo.ingest.detect.coordinate_text import plain_cells, plain_numbers, resolve_directions
from geo.ingest.detect.known_schemas import MatchedSchema
from geo.store.core.normalise import parse_crs

NOTATIONS = {
    "decimal": "decimal degrees, latitude first",
    "dms": "degrees, minutes and seconds",
    "mgrs": "MGRS; each point is the south-west corner of its square",
    "wkt": "geometries as WKT, WKB or GeoJSON",
    "pair": "latitude, longitude",
    "lonlat": "longitude, latitude",
    "xy": "x, y",
}
"""What ``ImportOptions.notation`` may be, and its description."""
_AROUND_ZERO = 50_000  # metres
_NUMBER = re.compile(r"-?\d+\.\d+")
_REMEDY = {
    "lat": "Give degrees from -90 to 90, such as 35.4011.",
    "lon": "Give degrees from -180 to 180, such as 35.9487.",
    "pair": "Give latitude and longitude, such as 35.4011, 35.9487.",
    "mgrs": "Give a full reference, such as 37SBV 31660 18490.",
    "wkt": "Give a geometry such as POINT (35.9487 35.4011), longitude first.",
    "xy": "Give a plain number.",
}


def detect_coordinate_columns(
    data: pd.DataFrame, schema: MatchedSchema | None, options: ImportOptions
) -> CoordinateColumns | None:
    """Return the coordinate columns: as chosen, else by schema, by name, by content.

    Raises FileRejectedError if a chosen column does not exist, or a chosen notation is unknown.
    """
    if options.notation and options.notation not in NOTATIONS:
        why = f"{printable(options.notation, 40)!r} is not a notation of coordinates."
        raise FileRejectedError(why, f"Choose one of {', '.join(NOTATIONS)}.")
    if options.coordinates:
        return _use_chosen_columns(data, options)
    return next(iter(find_candidates(data, schema)), None)


def parse_coordinates(table: RawTable, found: CoordinateColumns, log: Diagnostics) -> None:
    """Set a table's geometries and CRS from its columns; reject rows that cannot be parsed."""
    notation, column = found.notation, found.columns[0]
    if notation == "wkt":
        _parse_geometry_column(table, column, log)
        return
    projected = notation == "xy"
    table.crs = None if projected else parse_crs("EPSG:4326")
    lats, lons, faults, remark = read_points(table.data, found)
    for name, why in faults.items():
        _reject_unparseable(table, log, name, why, _remedy_of(found, name))
    if remark:
        log.warn(remark)
    table.latitude_column = found.columns[0] if notation in ("decimal", "dms") else None
    table.geometries = np.full(len(lats), None, dtype=object)
    good = np.isfinite(lons) & np.isfinite(lats)
    table.geometries[good] = shapely.points(lons[good], lats[good])
    if notation == "mgrs":
        _warn_coarse_mgrs(table, column, log)


def _remedy_of(found: CoordinateColumns, column: str) -> str:
    if found.notation in ("decimal", "dms"):
        return "lat" if column == found.columns[0] else "lon"
    return "pair" if found.notation == "lonlat" else found.notation


def read_points(
    data: pd.DataFrame, found: CoordinateColumns
) -> tuple[np.ndarray, np.ndarray, dict[str, Sequence[str]], str]:
    """Return latitudes (or y), longitudes (or x), the faults of each column, and a remark.

    The remark says what was read against the letter: "O" for east, positive numbers for west.
    """
    notation, column = found.notation, found.columns[0]
    if notation == "mgrs":
        cells, parse = plain_cells(data[column]), coordinate_formats.make_mgrs_parser()
        lats, lons, why = coordinate_formats.parse_both(cells, parse)
        return lats, lons, {column: why}, ""
    if notation in ("pair", "lonlat"):
        cells, letter = resolve_directions(plain_cells(data[column]), data.columns)
        parse = partial(coordinate_pairs.parse_pair, lon_first=notation == "lonlat")
        lats, lons, why = coordinate_formats.parse_both(cells, parse)
        return lats, lons, {column: why}, _describe_letter(column, letter)
    lat, lon = found.columns[::-1] if notation == "xy" else found.columns
    if notation == "xy":
        plain = plain_numbers(plain_cells(data[lat]), plain_cells(data[lon]))
        columns = [data[lat], data[lon]]
        columns = [
            given if pd.api.types.is_numeric_dtype(given.dtype) else pd.Series(cells, dtype="str")
            for given, cells in zip(columns, plain, strict=True)
        ]
        letter = ""
    else:
        columns, letter = _read_degrees(data, lat, lon)
    lats, why_lat = coordinate_formats.parse_degrees_column(columns[0], "lat")
    lons, why_lon = coordinate_formats.parse_degrees_column(columns[1], "lon")
    if notation == "xy":
        missing = _find_zeros(lats, lons)
        lats[missing] = lons[missing] = np.nan
        why_lat = [
            "is 0, like the other: no position" if no else why
            for no, why in zip(missing, why_lat, strict=True)
        ]
    remark = _apply_names(found, {lat: lats, lon: lons}) or _describe_letter(lon, letter)
    return lats, lons, {lat: why_lat, lon: why_lon}, remark


def _apply_names(found: CoordinateColumns, columns: dict[str, np.ndarray]) -> str:
    """Scale and negate numbers in place, as their size and the names say; return a remark."""
    remark = ""
    if found.scale > 1:
        names, times = quote_names(columns), f"{found.scale:,.10g}"
        remark = f"The numbers of {names} are read as degrees times {times}."
    for name, numbers in columns.items():
        axis = read_name(name)
        numbers /= max(axis.scale if axis else 1, found.scale)
        if _is_negated(name, numbers):
            numbers *= -1
            remark = (
                f"The name {printable(name, 60)!r} says south or west: its numbers are negated."
            )
    return remark


def _find_zeros(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the rows at 0, 0, unless others are around it, as in metres around an airfield."""
    zero: np.ndarray = (y == 0) & (x == 0)
    far = np.maximum(np.abs(y), np.abs(x))[~zero]
    return zero & ~(far < _AROUND_ZERO).any()


def _read_degrees(data: pd.DataFrame, lat: str, lon: str) -> tuple[list[pd.Series], str]:
    """Return two columns of degrees with their minutes, seconds and directions, and what "O" is."""
    columns, letters = [], []
    for name in (lat, lon):
        column = data[name]
        if find_parts(data, name) or not pd.api.types.is_numeric_dtype(column.dtype):
            cells, letter = resolve_directions(join_parts(data, name), data.columns)
            column = pd.Series(cells, dtype="str")
            letters.append(letter)
        columns.append(column)
    return columns, next(filter(None, letters), "")


def _describe_letter(column: str, letter: str) -> str:
    return letter and f"The direction “O” in {printable(column, 60)!r} is read as {letter}."


def _is_negated(name: str, numbers: np.ndarray) -> bool:
    """Return whether a name such as "Longitude (°W)" goes with positive numbers."""
    axis = read_name(name)
    given = numbers[np.isfinite(numbers)]
    return axis is not None and axis.negative and len(given) > 0 and bool((given >= 0).all())


def _parse_geometry_column(table: RawTable, column: str, log: Diagnostics) -> None:
    geometries, why, codes, closed = coordinate_formats.parse_geometries(table.data[column])
    _reject_unparseable(table, log, column, why, "wkt")
    if len(codes) > 1:
        text = f"The cells of {printable(column, 60)!r} name several CRS (SRID "
        raise FileRejectedError(f"{text}{', '.join(sorted(codes))}).", "Reproject them to one.")
    table.geometries, table.open_rings = geometries, closed
    table.crs = parse_crs(f"EPSG:{codes.pop()}") if codes else None


def _warn_coarse_mgrs(table: RawTable, column: str, log: Diagnostics) -> None:
    cells = cells_as_text(table.data[column])
    coarse = np.array([coordinate_formats.is_coarse_mgrs(cell) for cell in cells], dtype=bool)
    if coarse.any():
        log.warn(
            f"{printable(column, 60)}: a square of 10 km a side or more in "
            f"{table.describe_rows(coarse)}; the point is its south-west corner, not exact."
        )


def _reject_unparseable(
    table: RawTable, log: Diagnostics, column: str, why: Sequence[str], notation: str
) -> None:
    """Reject the rows for which there is a reason."""
    bad = np.array([bool(one) for one in why], dtype=bool)
    empty = find_blank_cells(table.data[column])
    at = np.flatnonzero(bad).tolist()
    reasons = [f"The {'cell' if empty[n] else 'value'} {why[n]}." for n in at]
    table.reject_rows(log, at, column, reasons, _REMEDY[notation])
    table.no_geometry |= bad


def no_coordinates_error(data: pd.DataFrame) -> FileRejectedError:
    """Return the error for a table without coordinates."""
    why = f"No coordinates were detected in the columns {quote_names(data.columns)}."
    if any(_NUMBER.fullmatch(str(name)) for name in data.columns):
        why += " The first row looks like data: the header is missing."
    remedy = "Name the columns latitude and longitude (or mgrs, or wkt), or choose them."
    return FileRejectedError(why, remedy)


def _use_chosen_columns(data: pd.DataFrame, options: ImportOptions) -> CoordinateColumns:
    wanted = options.coordinates or ()
    missing = [name for name in wanted if name not in data.columns]
    if missing or not 1 <= len(wanted) <= 2:
        why = f"The columns {quote_names(wanted)} were chosen for the coordinates; "
        why += f"there is no {quote_names(missing)}." if missing else "one or two are needed."
        raise FileRejectedError(why, f"Choose among {quote_names(data.columns, 20)}.")
    if options.notation and (options.notation in SINGLE_NOTATIONS) != (len(wanted) == 1):
        columns = format_count(len(wanted), "column")
        why = f"The notation {options.notation!r} does not fit {columns}."
        remedy = "Choose one column for mgrs, wkt, pair and lonlat, two for decimal, dms and xy."
        raise FileRejectedError(why, remedy)
    if options.notation:
        return CoordinateColumns(wanted, options.notation)
    if len(wanted) == 2:
        known = (one for one in find_candidates(data, None) if one.columns == wanted)
        return next(known, None) or pair_columns(data, *wanted)
    return guess_notation(data, wanted[0])
