"""Coordinates and measures for the map's tools: what a point is called, how long a line is.

The map asks for both by GET, so that neither needs a rerun of the page. Everything is WGS 84
(EPSG:4326) in degrees. Lengths are metres on the ellipsoid, bearings true, clockwise from north.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

SOUTH_END, NORTH_END = -80.0, 84.0  # latitudes between which MGRS has its grid zones
NO_GRID = "MGRS: its grid zones end at 84° N and 80° S, and this point lies beyond."
POINTS_AT_LEAST, POINTS_AT_MOST = 2, 50
STEP_M = 10_000  # of the drawn line, where that many points are enough
STEPS_AT_MOST = 100  # of one leg
CACHE = "public, max-age=86400"


def notations(lat: float, lon: float) -> dict[str, str | None]:
    """Write a point as decimal degrees, as degrees, minutes and seconds, and in MGRS.

    Parameters
    ----------
    lat, lon : float
        Degrees, EPSG:4326: -90 to 90 and -180 to 180.

    Returns
    -------
    dict
        dd : latitude, then longitude, to 5 decimals (about 1 m).
        dms : the same, to a hundredth of a second (about 0.3 m).
        mgrs : the square of 1 m in which the point lies; None north of 84 N and south of 80 S,
        and then why : the reason, in words.

    Raises
    ------
    ValueError
        If a value is not a finite number within its range.
    """
    lat, lon = _checked(lat, lon)
    found: dict[str, str | None] = {
        "dd": f"{_decimal(lat, 'NS')}, {_decimal(lon, 'EW')}",
        "dms": f"{_sexagesimal(lat, 'NS')}, {_sexagesimal(lon, 'EW')}",
        "mgrs": None,
    }
    if not SOUTH_END <= lat <= NORTH_END:
        return {**found, "why": NO_GRID}
    from mgrs import MGRS

    return {**found, "mgrs": MGRS().toMGRS(lat, lon, MGRSPrecision=5)}


def measured(points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Measure a line on the WGS 84 ellipsoid, leg by leg.

    Parameters
    ----------
    points : sequence of (lat, lon)
        2 to 50 points, degrees, EPSG:4326.

    Returns
    -------
    dict
        legs : for each leg metres (the shortest way) and bearing (true, at its first point,
        degrees from 0 up to 360; None where both points are the same).
        metres : the sum of the legs.
        line : [lat, lon] points along the shortest way, for drawing. Where it crosses the 180th
        meridian the longitudes run on past 180, so that the line does not jump.

    Raises
    ------
    ValueError
        If there are too few or too many points, or one of them is not on the globe.
    """
    if not POINTS_AT_LEAST <= len(points) <= POINTS_AT_MOST:
        msg = (
            f"A line has {POINTS_AT_LEAST} to {POINTS_AT_MOST} points, and {len(points)} came; "
            "give each as p=lat,lon."
        )
        raise ValueError(msg)
    from geo.evidence.geometry import measure_distance_bearing

    checked = [_checked(lat, lon) for lat, lon in points]
    legs = []
    for (lat, lon), (next_lat, next_lon) in pairwise(checked):
        metres, bearing = measure_distance_bearing((lon, lat), (next_lon, next_lat))
        legs.append({"metres": metres, "bearing": bearing if metres else None})
    total = math.fsum(leg["metres"] or 0.0 for leg in legs)
    return {"legs": legs, "metres": total, "line": _line(checked, legs)}


def get_coordinates(request: Request) -> Response:
    """Answer GET /map/grid?lat=..&lon=.. with the point's notations."""
    try:
        lat, lon = (_number(_only(request, name), name) for name in ("lat", "lon"))
        found = notations(lat, lon)
    except ValueError as error:
        return _refused(str(error))
    return _answer(found)


def get_measurement(request: Request) -> Response:
    """Answer GET /map/measure?p=lat,lon&p=lat,lon with lengths, bearings and the line to draw."""
    try:
        found = measured([_point(text) for text in request.query_params.getlist("p")])
    except ValueError as error:
        return _refused(str(error))
    return _answer(found)


def _decimal(degrees: float, letters: str) -> str:
    rounded = round(degrees, 5)
    return f"{abs(rounded):.5f}° {letters[rounded < 0]}"


def _sexagesimal(degrees: float, letters: str) -> str:
    from lat_lon_parser import to_deg_min_sec

    whole, minutes, seconds = to_deg_min_sec(abs(degrees))
    hundredths = round(seconds * 100)  # rounding may fill a minute, and that a degree
    minutes, hundredths = minutes + hundredths // 6000, hundredths % 6000
    whole, minutes = whole + minutes // 60, minutes % 60
    letter = letters[degrees < 0 and bool(whole or minutes or hundredths)]
    return f"{whole:.0f}° {minutes:02.0f}' {hundredths / 100:05.2f}\" {letter}"


def _line(points: list[tuple[float, float]], legs: list[dict[str, Any]]) -> list[list[float]]:
    from geo.evidence.geometry import WGS84

    line = [list(points[0])]
    for ((lat, lon), (next_lat, next_lon)), leg in zip(pairwise(points), legs, strict=True):
        between = min(int(leg["metres"] // STEP_M), STEPS_AT_MOST - 1)
        way = WGS84.npts(lon, lat, next_lon, next_lat, between) if between else []
        for x, y in [*way, (next_lon, next_lat)]:
            turns = round((line[-1][1] - x) / 360)
            line.append([round(y, 6), round(x + 360 * turns, 6)])
    return line


def _checked(lat: float, lon: float) -> tuple[float, float]:
    for name, value, most in (("latitude", lat, 90), ("longitude", lon, 180)):
        if not math.isfinite(value) or abs(value) > most:
            msg = f"The {name} {value!r} is not on the globe: give degrees from -{most} to {most}."
            raise ValueError(msg)
    return float(lat), float(lon)


def _only(request: Request, name: str) -> str:
    values = request.query_params.getlist(name)
    if len(values) != 1:
        msg = f"{name} came {len(values)} times: give lat and lon once each, in degrees."
        raise ValueError(msg)
    return values[0]


def _point(text: str) -> tuple[float, float]:
    parts = text.split(",")
    if len(parts) != 2:
        msg = f"{text[:40]!r} is not a point: give p=lat,lon, in degrees."
        raise ValueError(msg)
    return _number(parts[0], "latitude"), _number(parts[1], "longitude")


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        msg = f"The {name} {text[:40]!r} is not a number: give degrees, such as 35.4011."
        raise ValueError(msg) from None


def _answer(found: dict[str, Any]) -> Response:
    body = json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(body, media_type="application/json", headers={"Cache-Control": CACHE})


def _refused(why: str) -> Response:
    return Response(json.dumps({"error": why}), 400, media_type="application/json")
