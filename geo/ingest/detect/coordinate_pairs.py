"""Latitude and longitude in one text: split, parsed, and whether they are beyond doubt."""

import math
import re

from geo.ingest.detect.coordinate_formats import is_angle, parse_degrees
from geo.ingest.detect.coordinate_text import plain_text

_MAX_LENGTH = 120
_BRACKETS = re.compile(r"[(\[{]?\s*(.*?)\s*[)\]}]?", re.DOTALL)
_BODY = r"[\d.,:°*'\"\s-]*?\d[\d.,:°*'\"\s-]*?"
_HALVES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"({_BODY}[NSEWO])[\s,;/|]*({_BODY}[NSEWO])",
        rf"([NSEWO][\s:=]*{_BODY})[\s,;/|]*([NSEWO][\s:=]*{_BODY})",
    )
)
_LABELLED = re.compile(
    r"\W*(lat|lon|lng)[a-z]*['\"\s:=]{0,5}([-+]?[\d.]+)°?\W{1,6}?(lat|lon|lng)[a-z]*['\"\s:=]{0,5}"
    r"([-+]?[\d.]+)°?\W*",
    re.IGNORECASE,
)
_FOUR = re.compile(r"([-+]?\d{1,3}),(\d+),\s*([-+]?\d{1,3}),(\d+)")
_GEOPOINT = re.compile(  # latitude, longitude, altitude, accuracy
    r"([-+]?\d{1,3}\.\d+)[, ]\s*([-+]?\d{1,3}\.\d+)(?:[, ]\s*[-+]?\d+(?:\.\d+)?){1,2}"
)
_ISO_6709 = re.compile(r"([-+])(\d{2,6}(?:\.\d+)?)([-+])(\d{3,7}(?:\.\d+)?)(?:[-+][\d.]+)?/?")
_SEPARATORS = (r"\s*[;|]\s*", r"\s*/\s*", r"\s*,\s+|\s+,", r",", r"\s+")
_FRACTION = re.compile(r"\d[.,]\d|°|[NSEWO]\W*$|^\W*[NSEWO]", re.IGNORECASE)
_FINE, _FINER = re.compile(r"\d[.,]\d{3}"), re.compile(r"\d[.,]\d{4}")
_SIGN = re.compile(r"[^\W\d_]|°")
_LEAST = 2  # degrees: two numbers near 0 are shares, weights or steps


def parse_pair(text: str, lon_first: bool = False) -> tuple[float, float, str]:
    """Return latitude, longitude and reason of a text with both, latitude first or last.

    Direction letters and labels ("lat:") go before the order.
    """
    halves = split_pair(text, lon_first)
    if halves is None:
        return math.nan, math.nan, "is not a latitude and a longitude"
    (lat, why_lat), (lon, why_lon) = map(parse_degrees, halves, ("lat", "lon"))
    return lat, lon, why_lat or why_lon


def split_pair(text: str, lon_first: bool = False) -> tuple[str, str] | None:
    """Return the latitude and the longitude in one text, None if there are not both."""
    if not text or len(text) > _MAX_LENGTH or not any(ch.isdecimal() for ch in text):
        return None
    labelled = _LABELLED.fullmatch(text)
    if labelled and labelled[1].lower() != labelled[3].lower():
        first, second = labelled[2], labelled[4]
        return (first, second) if labelled[1].lower() == "lat" else (second, first)
    found = _BRACKETS.fullmatch(plain_text(text.removeprefix("geo:")))
    plain = found[1] if found else ""
    for halves in _HALVES:
        found = halves.fullmatch(plain)
        if found:
            first, second = found[1].strip(" ,;/|"), found[2].strip(" ,;/|")
            if re.search("[NS]", second, re.IGNORECASE):
                first, second = second, first
            return first.replace(":", " "), second.replace(":", " ")
    two = _split_numbers(plain)
    return two[::-1] if two and lon_first else two


def _split_numbers(text: str) -> tuple[str, str] | None:
    """Split two angles without letters; where a comma may be a decimal sign nothing is split."""
    found = _FOUR.fullmatch(text)
    if found:
        return f"{found[1]}.{found[2]}", f"{found[3]}.{found[4]}"
    found = _GEOPOINT.fullmatch(text)
    if found:
        return found[1], found[2]
    found = _ISO_6709.fullmatch(text)
    if found:
        return found[2] + "SN"[found[1] == "+"], found[4] + "WE"[found[3] == "+"]
    for separator in _SEPARATORS:
        parts = [part.strip() for part in re.split(separator, text)]
        if len(parts) != 2 or not all(map(is_angle, parts)):
            continue
        exact = [bool(_FRACTION.search(part)) for part in parts]
        if separator == ",":
            sure = any("." in part or "°" in part for part in parts)
        else:
            sure = ";" in separator or r",\s+" in separator or all(exact)
        if sure:
            return parts[0], parts[1]
    return None


def is_exact_pair(text: str) -> bool:
    """Return whether a text is a pair beyond doubt: in range, by its decimals or its signs.

    Three decimals alone may be thousands, a slash a ratio, and three numbers a vector.
    """
    vector = _GEOPOINT.fullmatch(text.strip("()[]{} "))
    halves = None if vector or sum(map(str.isdigit, text)) < 8 else split_pair(text)
    if halves is None:
        return False
    signs = all(_SIGN.search(half) and sum(map(str.isdigit, half)) >= 4 for half in halves)
    fine = all(map(_FINE.search, halves)) and any(map(_FINER.search, halves)) and "/" not in text
    lat, lon, why = parse_pair(text)
    labelled = bool(_LABELLED.fullmatch(text))
    return (
        (signs or fine or labelled)
        and not why
        and (labelled or _LEAST <= max(abs(lat), abs(lon)) <= 180)
    )


def is_fine_pair(text: str) -> bool:
    """Return whether a text is a pair with decimals, signs or directions in both halves."""
    halves = split_pair(text)
    return halves is not None and all(_FRACTION.search(half) for half in halves)
