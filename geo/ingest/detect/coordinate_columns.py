"""Detect the columns of coordinates and their notation, and build geometries from them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.ingest.base.column_types import cells_as_text, find_blank_cells
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.safe_text import format_count, printable, quote_names
from geo.ingest.detect import coordinate_formats, known_schemas
from geo.ingest.detect.coordinate_formats import parse_degrees, parse_degrees_column, share_matching
from geo.ingest.detect.known_schemas import SINGLE_COLUMNS, MatchedSchema, match_name
from geo.store.core.normalise import parse_crs

_SAMPLE = 300
_MOST, _SOME, _FEW = 0.6, 0.3, 0.1
_DEGREES = 360
NOTATIONS = {
    "decimal": "decimal degrees, latitude first",
    "dms": "degrees, minutes and seconds",
    "mgrs": "MGRS; each point is the south-west corner of its square",
    "wkt": "geometries as WKT, WKB or GeoJSON",
    "pair": "latitude, longitude",
    "xy": "x, y",
}
"""What ``ImportOptions.notation`` may be, and its description."""
_REMEDY = {
    "lat": "Give degrees from -90 to 90, such as 35.4011.",
    "lon": "Give degrees from -180 to 180, such as 35.9487.",
    "pair": "Give latitude and longitude, such as 35.4011, 35.9487.",
    "mgrs": "Give a full reference, such as 37SBV 31660 18490.",
    "wkt": "Give a geometry such as POINT (35.9487 35.4011), longitude first.",
    "xy": "Give a plain number.",
}
_IS_NOTATION: dict[str, Callable[[str], object]] = {
    "wkt": coordinate_formats.is_geometry_text,
    "mgrs": coordinate_formats.is_mgrs,
    "pair": coordinate_formats.split_pair,
}


@dataclass(frozen=True)
class CoordinateColumns:
    """Columns of the coordinates and their notation."""

    columns: tuple[str, ...]
    notation: str


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
    if schema is not None and schema.coordinates:
        return _pair_columns(data, *schema.coordinates)
    names = known_schemas.index_names(data.columns)
    for lat_names, lon_names in known_schemas.TWO_COLUMNS:
        lat, lon = match_name(names, lat_names), match_name(names, lon_names)
        if lat and lon and _has_coordinates(data[lat]) and _has_coordinates(data[lon]):
            return _pair_columns(data, lat, lon)
    by_parts = _match_name_parts(data)
    if by_parts:
        return by_parts
    for notation, wanted in SINGLE_COLUMNS.items():
        for name in wanted:
            if name in names and _matches_notation(notation, data[names[name]], _SOME):
                return CoordinateColumns((names[name],), notation)
    for column in data.columns:
        for notation in SINGLE_COLUMNS:
            if _matches_notation(notation, data[column]):
                return CoordinateColumns((column,), notation)
    lat, lon = (
        match_name(names, known_schemas.LATITUDES),
        match_name(names, known_schemas.LONGITUDES),
    )
    return _pair_columns(data, lat, lon) if lat and lon else None  # each row reports its fault


def parse_coordinates(table: RawTable, found: CoordinateColumns, log: Diagnostics) -> None:
    """Set a table's geometries and CRS from its columns; reject rows that cannot be parsed."""
    notation, column = found.notation, found.columns[0]
    if notation == "wkt":
        _parse_geometry_column(table, column, log)
        return
    projected = notation == "xy"
    table.crs = None if projected else parse_crs("EPSG:4326")
    if notation in ("mgrs", "pair"):
        mgrs = notation == "mgrs"
        parse = coordinate_formats.make_mgrs_parser() if mgrs else coordinate_formats.parse_pair
        lats, lons, why = coordinate_formats.parse_both(table.data[column], parse)
        _reject_unparseable(table, log, column, why, notation)
    else:
        lat, lon = found.columns[::-1] if projected else found.columns
        lats, why_lat = parse_degrees_column(table.data[lat], "lat")
        lons, why_lon = parse_degrees_column(table.data[lon], "lon")
        _reject_unparseable(table, log, lat, why_lat, "xy" if projected else "lat")
        _reject_unparseable(table, log, lon, why_lon, "xy" if projected else "lon")
        table.latitude_column = None if projected else lat
    table.geometries = np.full(len(lats), None, dtype=object)
    good = np.isfinite(lons) & np.isfinite(lats)
    table.geometries[good] = shapely.points(lons[good], lats[good])
    if notation == "mgrs":
        _warn_coarse_mgrs(table, column, log)


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
    if len(data.columns) and all(_is_number(name) for name in data.columns):
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
    if options.notation and (options.notation in SINGLE_COLUMNS) != (len(wanted) == 1):
        columns = format_count(len(wanted), "column")
        why = f"The notation {options.notation!r} does not fit {columns}."
        remedy = "Choose one column for mgrs, wkt and pair, two for decimal, dms and xy."
        raise FileRejectedError(why, remedy)
    if options.notation:
        return CoordinateColumns(wanted, options.notation)
    if len(wanted) == 2:
        return _pair_columns(data, *wanted)
    notations = [one for one in SINGLE_COLUMNS if _matches_notation(one, data[wanted[0]])]
    return CoordinateColumns(wanted, notations[0] if notations else "pair")


def _pair_columns(data: pd.DataFrame, lat: str, lon: str) -> CoordinateColumns:
    """Return two columns as degrees, or as projected (x, y) if the numbers are large."""
    north, _ = parse_degrees_column(data[lat].head(_SAMPLE), "lat")
    east, _ = parse_degrees_column(data[lon].head(_SAMPLE), "lon")
    both = np.concatenate([north, east])
    both = np.abs(both[np.isfinite(both)])
    if len(both) and np.mean(both > _DEGREES) > _MOST:
        return CoordinateColumns((lon, lat), "xy")
    cells = [cell for name in (lat, lon) for cell in cells_as_text(data[name].head(_SAMPLE))]
    angles = [cell for cell in cells if cell and _is_angle(cell)]
    decimal = not angles or share_matching(angles, _is_number) >= 0.5
    return CoordinateColumns((lat, lon), "decimal" if decimal else "dms")


def _match_name_parts(data: pd.DataFrame) -> CoordinateColumns | None:
    """Return columns such as start_lat and start_lon, which differ by "lat" and "lon" only."""
    parts = {
        name: str(name).casefold().replace("-", "_").replace(" ", "_").split("_")
        for name in data.columns
    }
    for lat, words in parts.items():
        hit = next((word for word in words if word in known_schemas.LATITUDES[:2]), None)
        if hit is None or not _has_coordinates(data[lat]):
            continue
        rest = [word for word in words if word != hit]
        for lon, others in parts.items():
            last = [word for word in others if word in known_schemas.LONGITUDES[:4]]
            if last and [word for word in others if word not in last] == rest:
                return _pair_columns(data, lat, lon)
    return None


def _has_coordinates(column: pd.Series) -> bool:
    """Return whether more than one cell in ten is a coordinate; the others are reported."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return True
    cells = cells_as_text(column.head(_SAMPLE))
    return not any(cells) or share_matching(cells, _is_angle) > _FEW


def _is_angle(text: str) -> bool:
    return any(math.isfinite(parse_degrees(text, axis)[0]) for axis in ("lat", "lon"))


def _is_number(text: object) -> bool:
    try:
        float(str(text).replace(",", "."))
    except ValueError:
        return False
    return True


def _matches_notation(notation: str, column: pd.Series, min_share: float = _MOST) -> bool:
    """Return whether at least a share of a column's cells are in a notation."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return False
    cells = cells_as_text(column.head(_SAMPLE))
    return share_matching(cells, _IS_NOTATION[notation]) >= min_share
