"""Geodesic shapes and measures on the WGS 84 ellipsoid.

Coordinates are EPSG:4326, longitude before latitude, in degrees. Lengths are metres, areas square
metres, bearings true and in degrees clockwise from north. No length is ever measured in degrees:
`pyproj.Geod` (Karney's geodesics) measures on the ellipsoid; buffers are made in the UTM zone that
fits the data. Shapes that cross the 180th meridian are not supported.
"""

import math
from collections.abc import Sequence

from geopandas import GeoSeries
from shapely import LineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from geo.geodesy import WGS84, Position

_FULL_CIRCLE = 360.0
_UTM_SOUTH, _UTM_NORTH = -80.0, 84.0


def measure_length_m(line: LineString) -> float:
    """Return the geodesic length of a line (lon, lat; EPSG:4326) in metres."""
    return float(WGS84.geometry_length(line))


def measure_area_m2(polygon: Polygon) -> float:
    """Return the geodesic area of a polygon (lon, lat; EPSG:4326) in square metres, holes out."""
    area, _ = WGS84.geometry_area_perimeter(orient(polygon))
    return abs(float(area))


def build_ring(lon: float, lat: float, radius_m: float, *, step_deg: float = 3) -> LineString:
    """Draw a range ring.

    Parameters
    ----------
    lon, lat
        Centre, EPSG:4326.
    radius_m
        Geodesic radius in metres, above 0.
    step_deg
        Degrees of bearing from one vertex to the next.

    Returns
    -------
    shapely.LineString
        A closed line, EPSG:4326; each vertex is `radius_m` from the centre.

    Raises
    ------
    ValueError
        If the radius or the step is not above 0.
    """
    _require_positive(radius_m=radius_m, step_deg=step_deg)
    arc = _build_arc(lon, lat, radius_m, 0, _FULL_CIRCLE, step_deg)
    return LineString([*arc[:-1], arc[0]])


def build_sector(
    lon: float,
    lat: float,
    inner_m: float,
    outer_m: float,
    bearing_from: float,
    bearing_to: float,
    *,
    step_deg: float = 3,
) -> Polygon:
    """Draw the part of a ring between two bearings, clockwise from the first to the second.

    Parameters
    ----------
    lon, lat
        Centre, EPSG:4326.
    inner_m, outer_m
        Geodesic radii in metres; the inner one may be 0.
    bearing_from, bearing_to
        True bearings in degrees; 350 to 10 opens by 20 degrees, 0 to 360 is the whole ring.
    step_deg
        Degrees of bearing from one vertex of an arc to the next.

    Returns
    -------
    shapely.Polygon
        EPSG:4326.

    Raises
    ------
    ValueError
        If the radii are not 0 <= inner < outer, the step is not above 0, or both bearings are
        the same.
    """
    _require_positive(outer_m=outer_m, step_deg=step_deg)
    if not 0 <= inner_m < outer_m:
        msg = f"inner_m={inner_m!r} must be at least 0 and below outer_m={outer_m!r}"
        raise ValueError(msg)
    if bearing_from == bearing_to:
        msg = f"bearing_from and bearing_to are both {bearing_from!r}: the sector has no opening"
        raise ValueError(msg)
    opening = (bearing_to - bearing_from) % _FULL_CIRCLE
    if opening == 0:
        hole = [build_ring(lon, lat, inner_m, step_deg=step_deg).coords] if inner_m else None
        return orient(Polygon(build_ring(lon, lat, outer_m, step_deg=step_deg).coords, hole))
    end = bearing_from + opening
    outer = _build_arc(lon, lat, outer_m, bearing_from, end, step_deg)
    inner = _build_arc(lon, lat, inner_m, bearing_from, end, step_deg) if inner_m else [(lon, lat)]
    return orient(Polygon([*outer, *reversed(inner)]))


def build_strip(line: LineString, width_m: float) -> Polygon:
    """Draw a line as an area of its real width, with square ends at the line's ends.

    Parameters
    ----------
    line
        (lon, lat), EPSG:4326; short enough for one UTM zone.
    width_m
        Full width in metres, above 0.

    Returns
    -------
    shapely.Polygon
        EPSG:4326.

    Raises
    ------
    ValueError
        If the width is not above 0, or the line lies outside UTM (80 S to 84 N).
    """
    _require_positive(width_m=width_m)
    return _buffer(line, width_m / 2, cap_style="flat")


def build_hull(points: Sequence[Position], buffer_m: float) -> Polygon:
    """Draw the convex hull of positions, widened on all sides.

    Parameters
    ----------
    points
        (lon, lat) pairs, EPSG:4326; near enough to each other for one UTM zone.
    buffer_m
        Metres added on every side, above 0. Measured in the UTM zone that fits the points.

    Returns
    -------
    shapely.Polygon
        EPSG:4326.

    Raises
    ------
    ValueError
        If there is no point, the buffer is not above 0, or a point lies outside UTM
        (80 S to 84 N).
    """
    _require_positive(buffer_m=buffer_m)
    if not points:
        msg = "points is empty: a hull needs at least one position"
        raise ValueError(msg)
    return _buffer(MultiPoint(list(points)), buffer_m, convex=True)


def _require_positive(**values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            msg = f"{name}={value!r} must be a finite number above 0"
            raise ValueError(msg)


def _build_arc(
    lon: float, lat: float, radius_m: float, start: float, end: float, step_deg: float
) -> list[Position]:
    steps = max(1, math.ceil((end - start) / step_deg))
    bearings = [start + (end - start) * i / steps for i in range(steps + 1)]
    n = len(bearings)
    lons, lats, _ = WGS84.fwd([lon] * n, [lat] * n, bearings, [radius_m] * n)
    return list(zip(lons, lats, strict=True))


def _buffer(
    shape: BaseGeometry, metres: float, *, cap_style: str = "round", convex: bool = False
) -> Polygon:
    _, south, _, north = shape.bounds
    if south < _UTM_SOUTH or north > _UTM_NORTH:
        msg = f"latitudes {south!r} to {north!r} are outside UTM (80 S to 84 N)"
        raise ValueError(msg)
    series = GeoSeries([shape], crs=4326)
    metric = series.to_crs(series.estimate_utm_crs())
    if convex:
        metric = metric.convex_hull
    return metric.buffer(metres, cap_style=cap_style).to_crs(4326).iloc[0]
