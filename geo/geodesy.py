"""Coordinates as text and measures of lines on the WGS 84 ellipsoid.

Coordinates are EPSG:4326 in degrees. Lengths are metres on the ellipsoid (Karney's geodesics, by
`pyproj.Geod`); bearings are true, in degrees clockwise from north.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TypedDict

from pyproj import Geod

Position = tuple[float, float]
WGS84 = Geod(ellps="WGS84")
SOUTH_END, NORTH_END = -80.0, 84.0  # latitudes between which MGRS has its grid zones
NO_GRID = "MGRS: its grid zones end at 84° N and 80° S, and this point lies beyond."
MIN_POINTS, MAX_POINTS = 2, 50
STEP_M = 10_000  # between two points of a drawn line, unless MAX_STEPS is reached
MAX_STEPS = 100  # of one leg


class Leg(TypedDict):
    """Length in metres and true bearing at the first point; None if both points are the same."""

    metres: float
    bearing: float | None


class Measurement(TypedDict):
    """A measured line: its legs, the sum of their lengths, and (lat, lon) points to draw it."""

    legs: list[Leg]
    metres: float
    line: list[list[float]]


def measure_distance_bearing(a: Position, b: Position) -> tuple[float, float]:
    """Return the distance in metres and the true bearing at `a`, from 0 up to 360 degrees.

    Positions are (longitude, latitude).
    """
    bearing, _, distance = WGS84.inv(*a, *b)
    return float(distance), float(bearing % 360 % 360)  # -1e-20 % 360 is 360.0


def format_coordinates(lat: float, lon: float) -> dict[str, str | None]:
    """Format a point as decimal degrees, as degrees, minutes and seconds, and in MGRS.

    Returns
    -------
    dict
        dd : latitude, then longitude, to 5 decimals (about 1 m).
        dms : the same, to a hundredth of a second (about 0.3 m).
        mgrs : the 1 m square that holds the point; None north of 84 N and south of 80 S, and
        then why : the reason.

    A ValueError is raised if a value is not a finite number of degrees within its range.
    """
    lat, lon = _check_position(lat, lon)
    degrees = {
        "dd": f"{_format_decimal(lat, 'NS')}, {_format_decimal(lon, 'EW')}",
        "dms": f"{_format_dms(lat, 'NS')}, {_format_dms(lon, 'EW')}",
    }
    if not SOUTH_END <= lat <= NORTH_END:
        return {**degrees, "mgrs": None, "why": NO_GRID}
    from mgrs import MGRS

    # Within 2 mm south of the equator, the library gives a square that it cannot read back.
    return {**degrees, "mgrs": MGRS().toMGRS(round(lat, 7) + 0.0, lon, MGRSPrecision=5)}


def measure_line(points: Sequence[tuple[float, float]]) -> Measurement:
    """Measure a line of 2 to 50 (lat, lon) points leg by leg.

    The points of the returned line follow the geodesic. Across the 180th meridian its longitudes
    go on past 180, so that the drawn line does not jump. A ValueError is raised if there are too
    few or too many points, or if one of them is not on the globe.
    """
    if not MIN_POINTS <= len(points) <= MAX_POINTS:
        msg = (
            f"A line has {MIN_POINTS} to {MAX_POINTS} points, and {len(points)} came; "
            "give each as p=lat,lon."
        )
        raise ValueError(msg)
    checked = [_check_position(lat, lon) for lat, lon in points]
    legs: list[Leg] = []
    for (lat, lon), (next_lat, next_lon) in pairwise(checked):
        metres, bearing = measure_distance_bearing((lon, lat), (next_lon, next_lat))
        legs.append({"metres": metres, "bearing": bearing if metres else None})
    total = math.fsum(leg["metres"] for leg in legs)
    return {"legs": legs, "metres": total, "line": _interpolate(checked, legs)}


def _format_decimal(degrees: float, letters: str) -> str:
    rounded = round(degrees, 5)
    return f"{abs(rounded):.5f}° {letters[rounded < 0]}"


def _format_dms(degrees: float, letters: str) -> str:
    from lat_lon_parser import to_deg_min_sec

    whole, minutes, seconds = to_deg_min_sec(abs(degrees))
    hundredths = round(seconds * 100)  # rounding may fill a minute, and that a degree
    minutes, hundredths = minutes + hundredths // 6000, hundredths % 6000
    whole, minutes = whole + minutes // 60, minutes % 60
    letter = letters[degrees < 0 and bool(whole or minutes or hundredths)]
    return f"{whole:.0f}° {minutes:02.0f}' {hundredths / 100:05.2f}\" {letter}"


def _interpolate(points: list[tuple[float, float]], legs: list[Leg]) -> list[list[float]]:
    line = [list(points[0])]
    for ((lat, lon), (next_lat, next_lon)), leg in zip(pairwise(points), legs, strict=True):
        between = min(int(leg["metres"] // STEP_M), MAX_STEPS - 1)
        way = WGS84.npts(lon, lat, next_lon, next_lat, between) if between else []
        for x, y in [*way, (next_lon, next_lat)]:
            turns = round((line[-1][1] - x) / 360)
            line.append([round(y, 6), round(x + 360 * turns, 6)])
    return line


def _check_position(lat: float, lon: float) -> tuple[float, float]:
    for name, value, most in (("latitude", lat, 90), ("longitude", lon, 180)):
        if not math.isfinite(value) or abs(value) > most:
            msg = f"The {name} {value!r} is not on the globe: give degrees from -{most} to {most}."
            raise ValueError(msg)
    return float(lat), float(lon)
