"""Coordinates as people write them: decimal, degrees and minutes, MGRS, WKT, two in one cell."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geo.ingest.base.column_types import texts

if TYPE_CHECKING:
    from mgrs import MGRS

_LONGEST = 60
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


def angles(column: pd.Series, axis: str) -> tuple[np.ndarray, list[str]]:
    """Return degrees, one a row, and why a row has none ("" where it has).

    Parameters
    ----------
    column
        Numbers, or text in decimal degrees (35.4, "35,4", "35.4 N") or in degrees, minutes
        and seconds.
    axis
        "lat" or "lon": which letters may stand behind.
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        return np.full(len(column), math.nan), ["is no coordinate"] * len(column)
    if pd.api.types.is_numeric_dtype(column.dtype):
        numbers = column.to_numpy(dtype=float, na_value=math.nan)
        why = [""] * len(numbers)
        for at in np.flatnonzero(~np.isfinite(numbers)).tolist():
            why[at] = "is empty" if math.isnan(numbers[at]) else "is not a finite number"
        return np.where(np.isfinite(numbers), numbers, math.nan), why
    numbers = np.full(len(column), math.nan)
    why = []
    for at, text in enumerate(texts(column)):
        numbers[at], said = angle(text, axis)
        why.append(said)
    return numbers, why


def angle(text: str, axis: str) -> tuple[float, str]:
    """Return one coordinate in degrees and why it is none."""
    if not text:
        return math.nan, "is empty"
    plain = text.replace(",", ".") if _COMMA.fullmatch(text) else text
    plain = plain.replace("−", "-")
    try:
        number = float(plain) if "_" not in plain else math.nan
    except ValueError:
        return _sexagesimal(plain, axis)
    return (number, "") if math.isfinite(number) else (math.nan, "is not a finite number")


def _sexagesimal(text: str, axis: str) -> tuple[float, str]:
    from lat_lon_parser import parse

    if len(text) > _LONGEST or not _DEGREES.fullmatch(text):
        return math.nan, "is no coordinate"
    if text[-1] in _WRONG[axis] or text[0] in _WRONG[axis]:
        word = "a latitude" if axis == "lat" else "a longitude"
        return math.nan, f"is not {word}: it names the other direction"
    if _over(text):
        return math.nan, "has 60 or more minutes or seconds"
    try:
        number = float(parse(text))
    except (ValueError, TypeError, ArithmeticError, LookupError):
        return math.nan, "is no coordinate"
    return (number, "") if math.isfinite(number) else (math.nan, "is not a finite number")


def _over(text: str) -> bool:
    """Whether the minutes or seconds of a coordinate are 60 or more."""
    parts = re.findall(r"\d+(?:\.\d+)?", text)
    return any(float(part) >= 60 for part in parts[1:3])


def pairs(column: pd.Series, latitude_first: bool = True) -> tuple[np.ndarray, np.ndarray, list]:
    """Return latitudes, longitudes and why, for cells that hold both."""
    cells = texts(column)
    lats, lons = np.full(len(cells), math.nan), np.full(len(cells), math.nan)
    why = []
    for at, text in enumerate(cells):
        halves = two(text, latitude_first)
        if halves is None:
            why.append("is empty" if not text else "is not a latitude and a longitude")
            continue
        (lats[at], first), (lons[at], second) = angle(halves[0], "lat"), angle(halves[1], "lon")
        why.append(first or second)
    return lats, lons, why


def two(text: str, latitude_first: bool = True) -> tuple[str, str] | None:
    """Return the latitude and the longitude that stand in one text, None when they do not."""
    if not text or len(text) > 2 * _LONGEST:
        return None
    found = _TWO.fullmatch(text)
    if found:
        return (found[1], found[2]) if latitude_first else (found[2], found[1])
    found = _HALF.match(text)
    if found:
        return (found[1], found[2]) if found[1] else (found[4], found[3])
    return None


def grid_squares(column: pd.Series) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return latitudes, longitudes (of the south-west corner of each square) and why."""
    from mgrs import MGRS

    reader = MGRS()
    cells = texts(column)
    lats, lons = np.full(len(cells), math.nan), np.full(len(cells), math.nan)
    why = []
    for at, text in enumerate(cells):
        place = _square(reader, text)
        if place is None:
            why.append("is empty" if not text else "is no MGRS grid reference")
            continue
        lats[at], lons[at] = place
        why.append("")
    return lats, lons, why


def _square(reader: MGRS, text: str) -> tuple[float, float] | None:
    from mgrs.core import MGRSError

    plain = re.sub(r"\s+", "", text).upper()
    if not is_mgrs(text) or sum(ch.isdigit() for ch in plain.lstrip("0123456789")) % 2:
        return None
    try:
        lat, lon = reader.toLatLon(plain)
    except (MGRSError, ValueError, UnicodeError):
        return None
    return (lat, lon) if math.isfinite(lat) and math.isfinite(lon) else None


def is_coarse(text: str) -> bool:
    """Whether a grid reference names a square of 10 km a side or more."""
    plain = re.sub(r"\s+", "", text)
    return is_mgrs(text) and sum(ch.isdigit() for ch in plain.lstrip("0123456789")) <= 2


def is_mgrs(text: str) -> bool:
    """Whether a text looks like an MGRS reference."""
    return text.isascii() and len(text) <= 25 and bool(_MGRS.fullmatch(text))


def is_wkt(text: str) -> bool:
    """Whether a text looks like a geometry: well-known text, its binary in hex, or GeoJSON."""
    return bool(_WKT.match(text) or _HEX.fullmatch(text) or _JSON.match(text))


def parse_geometries(column: pd.Series) -> tuple[np.ndarray, list[str], set[str]]:
    """Return shapely geometries or None, why, and the codes (EPSG) that the cells name."""
    cells = texts(column)
    codes = {hit[1] or hit[2] or "" for hit in map(_WKT.match, cells) if hit}
    bare = [cell.partition(";")[2] if cell[:5].upper() == "SRID=" else cell for cell in cells]
    shapes = np.full(len(cells), None, dtype=object)
    for form, read in (
        (_WKT, shapely.from_wkt),
        (_HEX, shapely.from_wkb),
        (_JSON, shapely.from_geojson),
    ):
        at = [n for n, cell in enumerate(bare) if form.match(cell)]
        if at:
            few = np.array([bare[n] for n in at], dtype=object)
            shapes[at] = read(few, on_invalid="ignore")
            codes |= {"4326"} if form is _JSON else set()
    there = ~shapely.is_missing(shapes)
    codes |= {str(code) for code in np.unique(shapely.get_srid(shapes[there])) if code > 0}
    why = [
        "" if shape is not None else "is no geometry (WKT, WKB or GeoJSON)" if cell else "is empty"
        for shape, cell in zip(shapes, cells, strict=True)
    ]
    return shapes, why, codes - {""}


def share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    """Return the share of texts, of those that are not empty, for which a test holds."""
    given = [cell for cell in cells if cell]
    return sum(bool(test(cell)) for cell in given) / len(given) if given else 0.0
