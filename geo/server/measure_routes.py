"""Routes of the map's tools: the coordinates of a point, and the length of a line.

The map asks for them by GET, so that neither reruns the page. `geo.geodesy` computes.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from geo.server.responses import error_response

_CACHED = {"Cache-Control": "public, max-age=86400"}


def get_coordinates(request: Request) -> Response:
    """Answer GET /map/grid?lat=..&lon=.. with the point as text in three notations."""
    from geo.geodesy import format_coordinates

    try:
        lat, lon = (_parse_number(_single_value(request, name), name) for name in ("lat", "lon"))
        found = format_coordinates(lat, lon)
    except ValueError as error:
        return error_response(400, str(error))
    return JSONResponse(found, headers=_CACHED)


def get_measurement(request: Request) -> Response:
    """Answer GET /map/measure?p=lat,lon&p=lat,lon with lengths, bearings and the line to draw."""
    from geo.geodesy import measure_line

    try:
        found = measure_line([_parse_point(text) for text in request.query_params.getlist("p")])
    except ValueError as error:
        return error_response(400, str(error))
    return JSONResponse(found, headers=_CACHED)


def _single_value(request: Request, name: str) -> str:
    values = request.query_params.getlist(name)
    if len(values) != 1:
        msg = f"{name} came {len(values)} times: give lat and lon once each, in degrees."
        raise ValueError(msg)
    return values[0]


def _parse_point(text: str) -> tuple[float, float]:
    parts = text.split(",")
    if len(parts) != 2:
        msg = f"{text[:40]!r} is not a point: give p=lat,lon, in degrees."
        raise ValueError(msg)
    return _parse_number(parts[0], "latitude"), _parse_number(parts[1], "longitude")


def _parse_number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        msg = f"The {name} {text[:40]!r} is not a number: give degrees, such as 35.4011."
        raise ValueError(msg) from None
