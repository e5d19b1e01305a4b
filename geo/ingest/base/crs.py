"""Coordinate reference systems (CRS) as text: parsed, formatted, and explained if unusable."""

import re
import warnings
from contextlib import suppress

import numpy as np
import pyproj.exceptions
import shapely
from pyproj import CRS

from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable
from geo.store.core.normalise import is_wgs84, parse_crs

MAX_LENGTH = 20_000
"""Of the text of a CRS: WKT of a compound one has some thousand characters."""
_CODE = re.compile(r"(EPSG|ESRI|OGC)\W+(\w+)", re.IGNORECASE)
_UTM_NORTH = re.compile(
    r"(?:WGS\W*84\W*)?UTM\W*(?:zone\W*)?([1-9]|[1-5]\d|60)\W*N(?:orth)?", re.IGNORECASE
)
_READS_A_FILE = re.compile(r"\b(?:init|file|\w*grids)\s*=\s*(?!@?null\b)", re.IGNORECASE)
_UTM_SOUTH = re.compile(r"(.*\bUTM\W*(?:zone\W*)?)?(\d{1,2})\W*S", re.IGNORECASE)
_HOW = (
    "Choose a code such as EPSG:32637, a name such as “WGS 84 / UTM zone 37N”, or the whole WKT, "
    "PROJJSON or PROJ text."
)


def parse_crs_text(text: str) -> CRS:
    """Return the CRS of a code (32637, EPSG:32637), name, WKT, PROJJSON or PROJ text.

    Raises FileRejectedError if it is unknown. Links are not followed, and a PROJ text cannot name
    a file of grid shifts: it would be read from this machine.
    """
    plain = " ".join(text.split())
    if plain.isascii() and plain.isdecimal():
        plain = f"EPSG:{plain}"
    elif code := _CODE.fullmatch(plain):
        plain = f"{code[1].upper()}:{code[2]}"
    elif utm := _UTM_NORTH.fullmatch(plain):
        plain = f"EPSG:326{int(utm[1]):02}"
    shown = repr(printable(plain, 60))
    if _READS_A_FILE.search(plain):
        why = f"The coordinate reference system (CRS) {shown} names a file of grid shifts."
        raise FileRejectedError(why, "Leave that part out, or give +towgs84.")
    if len(plain) <= MAX_LENGTH:
        with suppress(pyproj.exceptions.CRSError, ValueError):
            return parse_crs(plain)
    if utm := _UTM_SOUTH.fullmatch(plain):
        north, south = f"EPSG:326{int(utm[2]):02}", f"EPSG:327{int(utm[2]):02}"
        why = f"{shown} may mean the southern half of the Earth, or band S of MGRS, which is north."
        raise FileRejectedError(why, f"Choose {north} (north) or {south} (south).")
    raise FileRejectedError(f"{shown} is not a known coordinate reference system (CRS).", _HOW)


def format_crs(crs: CRS) -> str:
    """Return a CRS as its code, else as its name, else as PROJ text."""
    if is_wgs84(crs):
        return "EPSG:4326"
    code = crs.to_authority()
    if code:
        return ":".join(code)
    if crs.name.strip().lower() not in ("", "unknown", "unnamed"):
        return printable(crs.name, 60)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it may lose details of the CRS
        return printable(crs.to_proj4().removesuffix("+type=crs").strip() or crs.type_name)


def is_undefined(crs: CRS | None) -> bool:
    """Whether a file names no CRS, or the "undefined" one of a GeoPackage."""
    return crs is None or crs.name.lower().startswith("undefined ")


def explain_unusable(crs: CRS) -> str:
    """Return why coordinates in a CRS have no place on the Earth; "" if they have one."""
    if crs.is_geographic or crs.is_projected:
        return ""
    if crs.is_engineering:
        return "is a local (engineering) one, which is not tied to the Earth"
    if crs.is_vertical:
        return "is a vertical one: it has heights, but no places"
    if crs.is_geocentric:
        return "is a geocentric one: X, Y and Z from the centre of the Earth"
    return f"is of a kind that has no places ({printable(crs.type_name, 40)})"


def finite_bounds(geometries: np.ndarray) -> np.ndarray:
    """Return bounds, (n, 4) as (xmin, ymin, xmax, ymax), of the geometries with finite ones."""
    bounds = shapely.bounds(np.array(geometries, dtype=object))
    return bounds[np.isfinite(bounds).all(axis=1)]
