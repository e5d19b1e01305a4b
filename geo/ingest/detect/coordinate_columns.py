"""Which columns hold the coordinates, and how they are written there."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.ingest.base.column_types import blank, texts
from geo.ingest.base.diagnostics import Diagnostics, RawTable, counted, listed
from geo.ingest.base.model import NOTATIONS, FileRejectedError, ImportOptions
from geo.ingest.base.safe_text import printable
from geo.ingest.detect import coordinate_formats
from geo.ingest.detect.known_schemas import MatchedSchema, key
from geo.store.core.normalise import parse_crs

LATITUDES = (
    "latitude",
    "lat",
    "latdd",
    "ylat",
    "latitud",
    "breite",
    "широта",
    "خطالعرض",
    "العرض",
    "decimallatitude",
    "gpslatitude",
    "latwgs84",
    "latitudedd",
    "latdeg",
)
LONGITUDES = (
    "longitude",
    "lon",
    "lng",
    "long",
    "londd",
    "xlon",
    "longitud",
    "länge",
    "долгота",
    "خطالطول",
    "الطول",
    "decimallongitude",
    "gpslongitude",
    "lonwgs84",
    "longdd",
    "longitudedd",
    "londeg",
)
XS = ("x", "easting", "eastings", "east", "pointx", "xcoord", "coordx", "utme", "utmx")
YS = ("y", "northing", "northings", "north", "pointy", "ycoord", "coordy", "utmn", "utmy")
SINGLE = {
    "wkt": ("wkt", "geometry", "geom", "thegeom", "geometrywkt", "wktgeometry", "shape", "wktgeom"),
    "mgrs": ("mgrs", "usng", "mgrscoordinates", "grid", "gridref", "gridreference", "utm"),
    "pair": (
        "coordinates",
        "coords",
        "coordinate",
        "latlon",
        "latlong",
        "latlng",
        "location",
        "position",
        "gps",
        "geolocation",
        "geo",
        "point",
        "latitudelongitude",
        "الاحداثيات",
        "الإحداثيات",
        "координаты",
    ),
}
_SAMPLE = 300
_MOST, _SOME = 0.6, 0.3
_DEGREES = 360
_REMEDY = {
    "lat": "Give degrees from -90 to 90, such as 35.4011.",
    "lon": "Give degrees from -180 to 180, such as 35.9487.",
    "pair": "Give latitude and longitude, such as 35.4011, 35.9487.",
    "mgrs": "Give a full reference, such as 37SBV 31660 18490.",
    "wkt": "Give a geometry such as POINT (35.9487 35.4011), longitude first.",
    "xy": "Give a plain number.",
}


@dataclass(frozen=True)
class Found:
    """Columns of the coordinates and their notation."""

    columns: tuple[str, ...]
    notation: str


def find(data: pd.DataFrame, choices: ImportOptions, known: MatchedSchema | None) -> Found | None:
    """Return the columns that hold the places: as chosen, of a known table, by name, by content.

    Raises
    ------
    RefusedError
        When a column that was chosen is not there, or a notation is not known.
    """
    if choices.notation and choices.notation not in NOTATIONS:
        why = f"{printable(choices.notation, 40)!r} is no notation of coordinates."
        raise FileRejectedError(why, f"Choose one of {', '.join(NOTATIONS)}.")
    if choices.coordinates:
        return _chosen(data, choices)
    if known is not None and known.coordinates:
        return _two(data, *known.coordinates)
    names = {key(name): name for name in reversed(data.columns)}
    for first, second in ((LATITUDES, LONGITUDES), (YS, XS)):
        pair = _by_name(names, first), _by_name(names, second)
        if pair[0] and pair[1] and _numeric(data[pair[0]]) and _numeric(data[pair[1]]):
            return _two(data, pair[0], pair[1])
    found = _by_parts(data)
    if found:
        return found
    for kind, wanted in SINGLE.items():
        for one in wanted:
            if one in names and _looks(kind, data[names[one]], _SOME):
                return Found((names[one],), kind)
    for name in data.columns:
        for kind in SINGLE:
            if _looks(kind, data[name]):
                return Found((name,), kind)
    lat, lon = _by_name(names, LATITUDES), _by_name(names, LONGITUDES)
    return _two(data, lat, lon) if lat and lon else None  # every row will say what is wrong


def places(table: RawTable, found: Found, log: Diagnostics) -> None:
    """Turn a table's columns into geometries; rows without a usable one are set aside.

    The table's ``shapes`` and ``crs`` are filled.
    """
    data = table.data
    if found.notation == "wkt":
        _from_wkt(table, found.columns[0], log)
        return
    table.crs = None if found.notation == "xy" else parse_crs("EPSG:4326")
    if found.notation in ("mgrs", "pair"):
        (column,) = found.columns
        read = (
            coordinate_formats.grid_squares
            if found.notation == "mgrs"
            else coordinate_formats.pairs
        )
        lats, lons, why = read(data[column])
        _report(table, log, column, why, _REMEDY[found.notation])
        table.shapes = _points(lons, lats)
        if found.notation == "mgrs":
            _say_coarse(table, column, log)
        return
    xy = found.notation == "xy"
    lat, lon = found.columns[::-1] if xy else found.columns
    lats, why_lat = coordinate_formats.angles(data[lat], "lat")
    lons, why_lon = coordinate_formats.angles(data[lon], "lon")
    _report(table, log, lat, why_lat, _REMEDY["xy" if xy else "lat"])
    _report(table, log, lon, why_lon, _REMEDY["xy" if xy else "lon"])
    table.shapes = _points(lons, lats)
    table.latitude = None if xy else lat


def _say_coarse(table: RawTable, column: str, log: Diagnostics) -> None:
    coarse = np.array(
        [coordinate_formats.is_coarse(cell) for cell in texts(table.data[column])], dtype=bool
    )
    if coarse.any():
        told = f"{printable(column, 60)}: a square of 10 km a side or more in {table.named(coarse)}"
        log.add_message(
            "warning", f"{told}; the point is its south-west corner, and no exact place."
        )


def none_found(data: pd.DataFrame) -> FileRejectedError:
    """Return what to say of a table without coordinates."""
    why = f"No coordinates were found in the columns {listed(data.columns)}."
    remedy = (
        "Name the columns latitude and longitude (or mgrs, or wkt), or choose those that hold "
        "the coordinates."
    )
    if len(data.columns) and all(_is_number(name) for name in data.columns):
        why += " The first row looks like data: the header is missing."
    return FileRejectedError(why, remedy)


def _chosen(data: pd.DataFrame, choices: ImportOptions) -> Found:
    wanted = choices.coordinates or ()
    missing = [name for name in wanted if name not in data.columns]
    if missing or not 1 <= len(wanted) <= 2:
        why = f"The columns {listed(wanted)} were chosen for the coordinates; "
        why += f"there is no {listed(missing)}." if missing else "one or two are needed."
        raise FileRejectedError(why, f"Choose among {listed(data.columns, 20)}.")
    if (choices.notation in SINGLE) != (len(wanted) == 1) and choices.notation:
        why = f"The notation {choices.notation!r} does not fit {counted(len(wanted), 'column')}."
        remedy = "Choose one column for mgrs, wkt and pair, two for decimal, dms and xy."
        raise FileRejectedError(why, remedy)
    if len(wanted) == 2:
        return Found(wanted, choices.notation) if choices.notation else _two(data, *wanted)
    kinds = [kind for kind in SINGLE if _looks(kind, data[wanted[0]])]
    return Found(wanted, choices.notation or (kinds[0] if kinds else "pair"))


def _two(data: pd.DataFrame, lat: str, lon: str) -> Found:
    """Return a pair of columns as degrees, or as projected numbers (x, y) where they are large."""
    north, _ = coordinate_formats.angles(data[lat].head(_SAMPLE), "lat")
    east, _ = coordinate_formats.angles(data[lon].head(_SAMPLE), "lon")
    both = np.concatenate([north, east])
    both = np.abs(both[np.isfinite(both)])
    if len(both) and np.mean(both > _DEGREES) > _MOST:
        return Found((lon, lat), "xy")
    cells = [cell for name in (lat, lon) for cell in texts(data[name].head(_SAMPLE)) if cell]
    angles = [cell for cell in cells if _is_angle(cell)]
    plain = coordinate_formats.share(angles, _is_number)
    return Found((lat, lon), "decimal" if plain >= 0.5 or not angles else "dms")


def _by_name(names: dict[str, str], wanted: Sequence[str]) -> str | None:
    return next((names[one] for one in wanted if one in names), None)


def _by_parts(data: pd.DataFrame) -> Found | None:
    """Return columns such as start_lat and start_lon, that differ by "lat" and "lon" only."""
    parts = {
        name: str(name).casefold().replace("-", "_").replace(" ", "_").split("_")
        for name in data.columns
    }
    for lat, words in parts.items():
        hit = next((word for word in words if word in LATITUDES[:2]), None)
        if hit is None or not _numeric(data[lat]):
            continue
        rest = [word for word in words if word != hit]
        for lon, others in parts.items():
            last = [word for word in others if word in LONGITUDES[:4]]
            if last and [word for word in others if word not in last] == rest:
                return _two(data, lat, lon)
    return None


def _numeric(column: pd.Series) -> bool:
    """Whether a column has a coordinate at all: one in ten is enough, the rest is reported."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return True
    cells = texts(column.head(_SAMPLE))
    return not any(cells) or coordinate_formats.share(cells, _is_angle) > 0.1


def _is_angle(text: str) -> bool:
    return any(math.isfinite(coordinate_formats.angle(text, axis)[0]) for axis in ("lat", "lon"))


def _is_number(text: object) -> bool:
    try:
        float(str(text).replace(",", "."))
    except ValueError:
        return False
    return True


def _looks(kind: str, column: pd.Series, least: float = _MOST) -> bool:
    """Whether so many of a column's cells are of a notation."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return False
    cells = texts(column.head(_SAMPLE))
    tests: dict[str, Callable[[str], object]] = {
        "wkt": coordinate_formats.is_wkt,
        "mgrs": coordinate_formats.is_mgrs,
        "pair": coordinate_formats.two,
    }
    return coordinate_formats.share(cells, tests[kind]) >= least


def _points(xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    points = np.full(len(xs), None, dtype=object)
    good = np.isfinite(xs) & np.isfinite(ys)
    points[good] = shapely.points(xs[good], ys[good])
    return points


def _report(
    table: RawTable, log: Diagnostics, column: str, why: Sequence[str], remedy: str
) -> None:
    """Set aside the rows for which there is a reason."""
    bad = np.array([bool(one) for one in why], dtype=bool)
    empty = blank(table.data[column])
    at = np.flatnonzero(bad).tolist()
    said = [f"The {'cell' if empty[n] else 'value'} {why[n]}." for n in at]
    table.set_aside(log, at, column, None, said, remedy)
    table.placeless |= bad


def _from_wkt(table: RawTable, column: str, log: Diagnostics) -> None:
    shapes, why, codes = coordinate_formats.parse_geometries(table.data[column])
    _report(table, log, column, why, _REMEDY["wkt"])
    if len(codes) > 1:
        why_not = f"The cells of {printable(column, 60)!r} name several systems (SRID "
        raise FileRejectedError(f"{why_not}{', '.join(sorted(codes))}).", "Bring them into one.")
    table.shapes = shapes
    named = next(iter(codes), "")
    table.crs = parse_crs(f"EPSG:{named}") if named else None
