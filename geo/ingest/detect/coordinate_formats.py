"""Parse coordinates: decimal degrees, DMS, MGRS, WKT, latitude and longitude in one cell."""

import math
import re
from collections.abc import Callable, Sequence
from contextlib import suppress

import numpy as np
import pandas as pd
import shapely

from geo.ingest.base.column_types import cells_as_text

_MAX_LENGTH = 60
_SPACE = re.compile(r"\s+")
_COMMA = re.compile(r"[-+]?\d+,\d+")
_MGRS = re.compile(r"\d{1,2}\s*[C-HJ-NP-Xc-hj-np-x]\s*[A-HJ-NP-Za-hj-np-z]{2}[\s\d]*")
_WKT = re.compile(
    r"(?:SRID=(\d{1,6});)?\s*(?:MULTI)?(?:POINT|LINESTRING|LINEARRING|POLYGON)\b|"
    r"(?:SRID=(\d{1,6});)?\s*GEOMETRYCOLLECTION\b",
    re.IGNORECASE,
)
_HEX = re.compile(r"0[01](?:[0-9A-Fa-f]{2}){8,}")
_JSON = re.compile(r"\s*\{\s*\"(?:type|coordinates|geometries)\"\s*:")
_HALF = re.compile(r"^(.*?[NSns])[\s,;/]*(.*[EWOew])$|^(.*?[EWew])[\s,;/]*(.*[NSns])$", re.DOTALL)
_NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_TWO = re.compile(rf"[(\[]?\s*({_NUMBER})\s*[,;\s/|]\s*({_NUMBER})\s*[)\]]?")
_WRONG = {"lat": "EWew", "lon": "NSns"}
_DEGREES = re.compile(r"[-+NSEWnsew]?[\s\d.,:°º˚'′’‘\"″”“dms*^-]+[NSEWnsew]?")


def parse_degrees_column(column: pd.Series, axis: str) -> tuple[np.ndarray, list[str]]:
    """Return degrees, one a row (NaN if unparseable), and the reasons ("" if parsed).

    Cells are numbers, or text in decimal degrees (35.4, "35,4", "35.4 N") or in degrees, minutes
    and seconds. ``axis`` is "lat" or "lon": it determines the allowed direction letters.
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        return np.full(len(column), math.nan), ["is not a coordinate"] * len(column)
    if pd.api.types.is_numeric_dtype(column.dtype):
        numbers = column.to_numpy(dtype=float, na_value=math.nan)
        checks = [np.isnan(numbers), np.isinf(numbers)]
        why = np.select(checks, ["is empty", "is not a finite number"], "").tolist()
        return np.where(checks[1], math.nan, numbers), why
    parsed = [parse_degrees(text, axis) for text in cells_as_text(column)]
    return np.array([number for number, _ in parsed], dtype=float), [why for _, why in parsed]


def parse_degrees(text: str, axis: str) -> tuple[float, str]:
    """Return a coordinate in degrees, or NaN and the reason why it cannot be parsed."""
    if not text:
        return math.nan, "is empty"
    plain = text.replace(",", ".") if _COMMA.fullmatch(text) else text
    plain = plain.replace("−", "-")
    try:
        return _check_finite(float(plain) if "_" not in plain else math.nan)
    except ValueError:
        return _parse_dms(plain, axis)


def _check_finite(number: float) -> tuple[float, str]:
    return (number, "") if math.isfinite(number) else (math.nan, "is not a finite number")


def _parse_dms(text: str, axis: str) -> tuple[float, str]:
    from lat_lon_parser import parse

    if len(text) > _MAX_LENGTH or not _DEGREES.fullmatch(text):
        return math.nan, "is not a coordinate"
    if text[-1] in _WRONG[axis] or text[0] in _WRONG[axis]:
        word = "a latitude" if axis == "lat" else "a longitude"
        return math.nan, f"is not {word}: it names the other direction"
    if any(float(part) >= 60 for part in re.findall(r"\d+(?:\.\d+)?", text)[1:3]):
        return math.nan, "has 60 or more minutes or seconds"
    try:
        return _check_finite(float(parse(text)))
    except (ValueError, TypeError, ArithmeticError, LookupError):
        return math.nan, "is not a coordinate"


def parse_both(
    column: pd.Series, parse: Callable[[str], tuple[float, float, str]]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return latitudes, longitudes and reasons of cells with both, as one of them is parsed."""
    cells = cells_as_text(column)
    parsed = [parse(text) if text else (math.nan, math.nan, "is empty") for text in cells]
    lats, lons = (np.array([one[n] for one in parsed], dtype=float) for n in (0, 1))
    return lats, lons, [why for _, _, why in parsed]


def parse_pair(text: str) -> tuple[float, float, str]:
    """Return latitude, longitude and reason of a text with both, latitude first."""
    halves = split_pair(text)
    if halves is None:
        return math.nan, math.nan, "is not a latitude and a longitude"
    (lat, why_lat), (lon, why_lon) = map(parse_degrees, halves, ("lat", "lon"))
    return lat, lon, why_lat or why_lon


def split_pair(text: str) -> tuple[str, str] | None:
    """Return the latitude and the longitude in one text, None if there are not both."""
    if not text or len(text) > 2 * _MAX_LENGTH:
        return None
    found = _TWO.fullmatch(text)
    if found:
        return found[1], found[2]
    found = _HALF.match(text)
    if found:
        return (found[1], found[2]) if found[1] else (found[4], found[3])
    return None


def make_mgrs_parser() -> Callable[[str], tuple[float, float, str]]:
    """Return a function from text to latitude, longitude (of the south-west corner) and reason."""
    from mgrs import MGRS
    from mgrs.core import MGRSError

    reader = MGRS()

    def parse(text: str) -> tuple[float, float, str]:
        if is_mgrs(text) and _count_mgrs_digits(text) % 2 == 0:
            with suppress(MGRSError, ValueError, UnicodeError):
                lat, lon = reader.toLatLon(_SPACE.sub("", text).upper())
                if math.isfinite(lat) and math.isfinite(lon):
                    return lat, lon, ""
        return math.nan, math.nan, "is not an MGRS grid reference"

    return parse


def _count_mgrs_digits(text: str) -> int:
    """Return the number of digits of easting and northing, without those of the zone."""
    return sum(ch.isdigit() for ch in _SPACE.sub("", text).lstrip("0123456789"))


def is_coarse_mgrs(text: str) -> bool:
    """Return whether an MGRS reference names a square of 10 km a side or more."""
    return is_mgrs(text) and _count_mgrs_digits(text) <= 2


def is_mgrs(text: str) -> bool:
    """Return whether a text looks like an MGRS reference."""
    return text.isascii() and len(text) <= 25 and bool(_MGRS.fullmatch(text))


def is_geometry_text(text: str) -> bool:
    """Return whether a text looks like a geometry: WKT, WKB in hex, or GeoJSON."""
    return bool(_WKT.match(text) or _HEX.fullmatch(text) or _JSON.match(text))


def parse_geometries(column: pd.Series) -> tuple[np.ndarray, list[str], set[str], np.ndarray]:
    """Return shapely geometries or None, reasons, the EPSG codes that the cells name, and a mask.

    The mask, one bool a row, has the geometries with an open ring, which is closed.
    """
    cells = cells_as_text(column)
    codes = {hit[1] or hit[2] or "" for hit in map(_WKT.match, cells) if hit}
    bare = [cell.partition(";")[2] if cell[:5].upper() == "SRID=" else cell for cell in cells]
    shapes, closed = np.full(len(cells), None, dtype=object), np.zeros(len(cells), dtype=bool)
    readers = ((_WKT, shapely.from_wkt), (_HEX, shapely.from_wkb), (_JSON, shapely.from_geojson))
    for form, read in readers:
        at = [n for n, cell in enumerate(bare) if form.match(cell)]
        if at:
            shapes[at] = read(np.array([bare[n] for n in at], dtype=object), on_invalid="ignore")
            codes |= {"4326"} if form is _JSON else set()
        for n in at:
            if shapes[n] is None and form is not _JSON:
                shapes[n] = read(bare[n], on_invalid="fix")
                closed[n] = shapes[n] is not None
    there = ~shapely.is_missing(shapes)
    codes |= {str(code) for code in np.unique(shapely.get_srid(shapes[there])) if code > 0}
    reasons = ["is not a geometry (WKT, WKB or GeoJSON)" if cell else "is empty" for cell in cells]
    reasons = ["" if good else why for good, why in zip(there, reasons, strict=True)]
    return shapes, reasons, codes - {""}, closed


def share_matching(cells: Sequence[str], test: Callable[[str], object]) -> float:
    """Return the share of the non-empty texts for which a test holds."""
    given = [cell for cell in cells if cell]
    return sum(bool(test(cell)) for cell in given) / len(given) if given else 0.0
