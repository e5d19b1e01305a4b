"""Outlines of places from their recipes, and geodesic shapes on the WGS 84 ellipsoid.

Coordinates are EPSG:4326, longitude before latitude, in degrees. Lengths are metres and areas
square metres; bearings are true, in degrees clockwise from north. `pyproj.Geod` measures on the
ellipsoid, and a buffer is made in the UTM zone that fits the points. What crosses the 180th
meridian is split there, so that all longitudes are from -180 to 180.
"""

import math
from collections.abc import Sequence

from geopandas import GeoSeries
from shapely import LineString, MultiLineString, MultiPoint, MultiPolygon, Polygon, box
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from geo.errors import EvidenceError
from geo.evidence.loading import Evidence
from geo.evidence.models import BoundsBox, Circle, Hull, Place, Route, Sector
from geo.geodesy import WGS84, Position
from geo.meridian import split_shape, unwrap_box, unwrap_longitude

_UTM_SOUTH, _UTM_NORTH = -80.0, 84.0
_NEAR_180 = 174.0  # degrees: beyond it, a hull may cross the 180th meridian


def build_place_geometry(evidence: Evidence, place: Place) -> BaseGeometry:
    """Build the outline of a place: a polygon, or a line for a route; split at 180 degrees.

    The outline is drawn for this map and not surveyed; ``place.drawn_note`` says how.
    """
    recipe = place.geometry
    if isinstance(recipe, Hull):
        field, points = evidence.airfield, []
        if field is None:
            msg = f"The outline of {place.id!r} is drawn round runways: add airfield.json."
            raise EvidenceError(msg)
        if "runways" in recipe.of:
            points += [end for one in field.runways for end in (one.north_end, one.south_end)]
        if "aprons" in recipe.of:
            points += [(apron.lon, apron.lat) for apron in field.aprons]
        return build_hull(points, recipe.buffer_m)
    if isinstance(recipe, BoundsBox):
        return split_shape(box(*unwrap_box(recipe.bounds, 0)))
    if isinstance(recipe, Sector):
        radii, bearings = (recipe.inner_m, recipe.outer_m), (recipe.bearing_from, recipe.bearing_to)
        return build_sector(*find_point(evidence, recipe.centre), *radii, *bearings)
    if isinstance(recipe, Circle):
        return build_sector(*find_point(evidence, place.id), 0, recipe.radius_m, 0, 360)
    for route in evidence.routes:
        if route.id == recipe.leg:
            return build_route_line(route)
    msg = f"There is no route {recipe.leg!r} in routes.json: name one that is there."
    raise EvidenceError(msg)


def build_route_line(route: Route) -> LineString | MultiLineString:
    """Build a route as straight lines between its points, each leg the short way round."""
    points: list[Position] = []
    for lon, lat, _ in route.points:
        points.append((unwrap_longitude(lon, points[-1][0]) if points else lon, lat))
    return split_shape(LineString(points))


def find_point(evidence: Evidence, place_id: str) -> tuple[float, float]:
    """Return (lon, lat) of a place; an EvidenceError is raised if it does not exist or has none."""
    place = evidence.place_by_id.get(place_id)
    if place is None or place.lon is None or place.lat is None:
        msg = f"A sector or range ring needs a place {place_id!r} with a point: add lon and lat."
        raise EvidenceError(msg)
    return place.lon, place.lat


def measure_area_m2(area: Polygon | MultiPolygon) -> float:
    """Return the geodesic area of polygons in square metres, without their holes."""
    parts = area.geoms if isinstance(area, MultiPolygon) else (area,)
    return sum(abs(float(WGS84.geometry_area_perimeter(orient(one))[0])) for one in parts)


def build_ring(
    lon: float, lat: float, radius_m: float, *, step_deg: float = 3
) -> LineString | MultiLineString:
    """Build a closed line around a centre, with a vertex every `step_deg` degrees of bearing.

    A ValueError is raised if the radius or the step is not above 0.
    """
    _require_positive(radius_m=radius_m, step_deg=step_deg)
    return split_shape(LineString(_build_circle(lon, lat, radius_m, step_deg)))


def build_sector(
    lon: float,
    lat: float,
    inner_m: float,
    outer_m: float,
    bearing_from: float,
    bearing_to: float,
    *,
    step_deg: float = 3,
) -> Polygon | MultiPolygon:
    """Build the part of a ring between two bearings, clockwise from the first to the second.

    The inner radius may be 0. Bearings 350 to 10 open by 20 degrees; 0 to 360 is the whole ring.
    A ValueError is raised unless 0 <= inner_m < outer_m and the bearings differ.
    """
    _require_positive(outer_m=outer_m, step_deg=step_deg)
    if not 0 <= inner_m < outer_m:
        msg = f"inner_m={inner_m!r} must be at least 0 and below outer_m={outer_m!r}"
        raise ValueError(msg)
    if bearing_from == bearing_to:
        msg = f"bearing_from and bearing_to are both {bearing_from!r}: the sector has no opening"
        raise ValueError(msg)
    opening = (bearing_to - bearing_from) % 360
    if opening == 0:
        hole = [_build_circle(lon, lat, inner_m, step_deg)] if inner_m else None
        return split_shape(orient(Polygon(_build_circle(lon, lat, outer_m, step_deg), hole)))
    end = bearing_from + opening
    outer = _build_arc(lon, lat, outer_m, bearing_from, end, step_deg)
    inner = _build_arc(lon, lat, inner_m, bearing_from, end, step_deg) if inner_m else [(lon, lat)]
    return split_shape(orient(Polygon([*outer, *reversed(inner)])))


def build_arc_line(
    lon: float,
    lat: float,
    radius_m: float,
    bearing_from: float,
    bearing_to: float,
    *,
    step_deg: float = 3,
) -> LineString | MultiLineString:
    """Build the line at one distance between two bearings; parameters as `build_sector`."""
    _require_positive(radius_m=radius_m, step_deg=step_deg)
    opening = (bearing_to - bearing_from) % 360
    if opening == 0:
        return build_ring(lon, lat, radius_m, step_deg=step_deg)
    end = bearing_from + opening
    return split_shape(LineString(_build_arc(lon, lat, radius_m, bearing_from, end, step_deg)))


def build_hull(points: Sequence[Position], buffer_m: float) -> Polygon | MultiPolygon:
    """Build the convex hull of (lon, lat) points of one UTM zone, with a buffer in metres.

    UTM zones repeat every 6 degrees: points on both sides of 180 are computed half a turn away.

    A ValueError is raised if there is no point, or one outside UTM (80 S to 84 N).
    """
    _require_positive(buffer_m=buffer_m)
    if not points:
        msg = "points is empty: a hull needs at least one position"
        raise ValueError(msg)
    near = [(unwrap_longitude(lon, points[0][0]), lat) for lon, lat in points]
    turn = 180.0 if any(abs(lon) > _NEAR_180 for lon, _ in near) else 0.0
    near = [(lon % 360 - turn, lat) for lon, lat in near] if turn else near
    series = GeoSeries([MultiPoint(near)], crs=4326)
    west, south, east, north = series.total_bounds.tolist()
    if south < _UTM_SOUTH or north > _UTM_NORTH:
        msg = f"latitudes {south!r} to {north!r} are outside UTM (80 S to 84 N)"
        raise ValueError(msg)
    zone = _find_utm_zone((west + east) / 2, (south + north) / 2)
    hull = series.to_crs(zone).convex_hull
    outline = hull.buffer(buffer_m).to_crs(4326).iloc[0]
    return split_shape(translate(outline, turn)) if turn else outline


def _find_utm_zone(lon: float, lat: float) -> int:
    """Return the EPSG code of a point's UTM zone on WGS 84.

    `GeoSeries.estimate_utm_crs` finds the same one in PROJ's database, which takes 0.1 s.
    """
    zone = min(int((lon + 180) // 6) + 1, 60)
    return (32600 if lat >= 0 else 32700) + zone


def _require_positive(**values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            msg = f"{name}={value!r} must be a finite number above 0"
            raise ValueError(msg)


def _build_arc(
    lon: float, lat: float, radius_m: float, start: float, end: float, step_deg: float
) -> list[Position]:
    n = max(1, math.ceil((end - start) / step_deg)) + 1
    bearings = [start + (end - start) * i / (n - 1) for i in range(n)]
    lons, lats, _ = WGS84.fwd([lon] * n, [lat] * n, bearings, [radius_m] * n)
    return [(unwrap_longitude(x, lon), y) for x, y in zip(lons, lats, strict=True)]


def _build_circle(lon: float, lat: float, radius_m: float, step_deg: float) -> list[Position]:
    arc = _build_arc(lon, lat, radius_m, 0, 360, step_deg)
    return [*arc[:-1], arc[0]]
