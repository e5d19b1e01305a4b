"""Parse coordinates: decimal degrees, DMS, MGRS, WKT, latitude and longitude in one cell."""

import math
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely

from geo.ingest.base.column_types import cells_as_text
from geo.ingest.detect.coordinate_text import plain_digits, plain_text

_MAX_LENGTH = 60
_SPACE = re.compile(r"\s+")
_MGRS = re.compile(r"\d{1,2}\s*[C-HJ-NP-Xc-hj-np-x]\s*[A-HJ-NP-Za-hj-np-z]{2}[\s\d]*")
_WKT = re.compile(
    r"(?:SRID=(\d{1,6});)?\s*(?:(?:MULTI)?(?:POINT|LINESTRING|LINEARRING|POLYGON)|"
    r"GEOMETRYCOLLECTION)\s*(?:ZM?|M)?\s*(?:EMPTY\s*$|\(\s*(?:[-+(.\d]|[A-Z]+\s*[ZM]*\s*\(|NAN))",
    re.IGNORECASE,
)
_HEX = re.compile(
    r"(?:01[0-9A-F]{2}0[0-9A-F]00[0-9A-F]0|00[0-9A-F]000[0-9A-F][0-9A-F]{2})(?:[0-9A-F]{2}){4,}",
    re.IGNORECASE,
)
_JSON = re.compile(r"\s*\{\s*\"(?:type|coordinates|geometries)\"\s*:")
_SOUTHMOST = -56  # degrees: no inhabited land is further south
_WRONG = {"lat": "EW", "lon": "NS"}

_ANGLE = re.compile(r"([NSEWO]?)\s*([-+]?)\s*([\d.,:°*'\"\s-]*?[\d°'\".])\s*([NSEWO]?)", re.I)
_COMMA = re.compile(r"[-+]?\d+,\d+")
_DECIMAL = re.compile(r"(\d{1,3}(?:[.,]\d*)?|[.,]\d+)\s*[°*]?")
_MINUTES = re.compile(r"(\d{1,3})\s*[°*:\s]\s*(\d{1,2}(?:[.,]\d+)?)\s*'?")
_SECONDS = re.compile(r"(\d{1,3})\s*[°*:\s]\s*(\d{1,2})\s*[':\s]\s*(\d{1,2}(?:[.,]\d+)?)\s*\"?")
_DASHED = re.compile(r"(\d{1,3})-(\d{1,2})-(\d{1,2}(?:[.,]\d+)?)[\"']?")
_DOTTED = re.compile(r"(\d{1,3})\.(\d{1,2})\.(\d{1,2}(?:[.,]\d+)?)")
_DASHED_MINUTES = re.compile(r"(\d{1,3})-(\d{1,2}(?:[.,]\d+)?)'?")
_OTHER_DIRECTION = "names the direction “O”, which may be east (Ost) or west (Ouest, Oeste)"
_SIGN = re.compile(r"[°NSEWO]", re.IGNORECASE)


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
    if "_" not in text:
        with suppress(ValueError):
            number = float(text.replace(",", ".") if _COMMA.fullmatch(text) else text)
            return (number, "") if math.isfinite(number) else (math.nan, "is not a finite number")
    plain = plain_text(text)
    found = _ANGLE.fullmatch(plain) if len(plain) <= _MAX_LENGTH else None
    if not found or (found[1] and found[4]):
        return math.nan, "is not a coordinate"
    letter = (found[1] or found[4]).upper()
    if letter in _WRONG[axis] and letter:
        word = "a latitude" if axis == "lat" else "a longitude"
        return math.nan, f"is not {word}: it names the other direction"
    if letter == "O":
        return math.nan, _OTHER_DIRECTION
    if letter and found[2]:
        return math.nan, "has both a sign and a direction"
    parts = _split_angle(found[3].strip().lower(), bool(letter), axis)
    if parts is None:
        return math.nan, "is not a coordinate"
    if any(part >= 60 for part in parts[1:]):
        return math.nan, "has 60 or more minutes or seconds"
    number = sum(part / 60**power for power, part in enumerate(parts))
    return (-number if found[2] == "-" or letter in ("S", "W") else number), ""


def _split_angle(body: str, has_letter: bool, axis: str) -> list[float] | None:
    """Return degrees, minutes and seconds, as many as there are."""
    found = _DECIMAL.fullmatch(body) or _MINUTES.fullmatch(body) or _SECONDS.fullmatch(body)
    if not found and has_letter:
        forms = (_DASHED, _DOTTED, _DASHED_MINUTES)
        found = next((hit for form in forms if (hit := form.fullmatch(body))), None)
    if found:
        return [float(part.replace(",", ".")) for part in found.groups()]
    whole, _, fraction = body.replace(",", ".").partition(".")
    if not has_letter or not re.fullmatch(r"\d{4,7}", whole) or not re.fullmatch(r"\d*", fraction):
        return None
    if axis == "lat" and len(whole) % 2 and whole[0] != "0":
        return None
    head = len(whole) - (2 if len(whole) < 6 else 4)
    numbers = [whole[:head], *([whole[head : head + 2]] if len(whole) >= 6 else []), whole[-2:]]
    numbers[-1] += f".{fraction}"
    return [float(number) for number in numbers]


def parse_both(
    cells: Sequence[str], parse: Callable[[str], tuple[float, float, str]]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return latitudes, longitudes and reasons of cells with both, as one of them is parsed."""
    parsed = [parse(text) if text else (math.nan, math.nan, "is empty") for text in cells]
    lats, lons = (np.array([one[n] for one in parsed], dtype=float) for n in (0, 1))
    return lats, lons, [why for _, _, why in parsed]


def is_fine_angle(text: str, decimals: int = 2) -> bool:
    """Return whether a text is an angle with so many decimals or more, a sign or a direction."""
    _, _, fraction = text.replace(",", ".").partition(".")
    return (len(fraction) >= decimals or bool(_SIGN.search(text))) and is_angle(text)


def is_angle(text: str) -> bool:
    """Return whether a text is a latitude or a longitude, in range or not."""
    parsed = (parse_degrees(text, axis) for axis in ("lat", "lon"))
    return any(math.isfinite(number) or why == _OTHER_DIRECTION for number, why in parsed)


@lru_cache(maxsize=1)
def make_mgrs_parser() -> Callable[[str], tuple[float, float, str]]:
    """Return a function from text to latitude, longitude (of the south-west corner) and reason."""
    from mgrs import MGRS
    from mgrs.core import MGRSError

    reader = MGRS()

    def parse(text: str) -> tuple[float, float, str]:
        text = plain_digits(text)
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


def is_exact_mgrs(text: str) -> bool:
    """Return whether a text is an MGRS reference beyond doubt: of 100 m or less, and a square.

    Serial numbers have the same form; most of them name no square, or one far south.
    """
    if not is_mgrs(text) or _count_mgrs_digits(text) not in (6, 8, 10):
        return False
    lat, _, why = make_mgrs_parser()(text)
    return not why and lat > _SOUTHMOST


def is_mgrs(text: str) -> bool:
    """Return whether a text looks like an MGRS reference."""
    text = plain_digits(text)
    return text.isascii() and len(text) <= 25 and bool(_MGRS.fullmatch(text))


def is_geometry_text(text: str) -> bool:
    """Return whether a text looks like a geometry: WKT, WKB in hex, or GeoJSON."""
    return bool(_WKT.match(text) or _HEX.fullmatch(text) or _JSON.match(text))


def parse_geometries(column: pd.Series) -> tuple[np.ndarray, list[str], set[str], np.ndarray]:
    """Return shapely geometries or None, reasons, the EPSG codes that the cells name, and a mask.

    The mask, one bool a row, has the geometries with an open ring, which is closed.
    """
    cells = cells_as_text(column)
    codes = {hit[1] or "" for hit in map(_WKT.match, cells) if hit}
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
