"""Build the outline of a place from its recipe (EPSG:4326, longitude first)."""

from shapely import LineString, box
from shapely.geometry.base import BaseGeometry

from geo.errors import EvidenceError
from geo.evidence import geometry
from geo.evidence.loading import Evidence
from geo.evidence.models import BoundsBox, Hull, Place, Route, Sector


def build_place_geometry(evidence: Evidence, place: Place) -> BaseGeometry:
    """Build the outline of a place: a polygon, or a line for a route.

    The outline is drawn for this map and not surveyed; ``place.drawn_note`` says how.
    """
    recipe = place.geometry
    if isinstance(recipe, Hull):
        field, points = evidence.airfield, []
        if "runways" in recipe.of:
            points += [end for one in field.runways for end in (one.north_end, one.south_end)]
        if "aprons" in recipe.of:
            points += [(apron.lon, apron.lat) for apron in field.aprons]
        return geometry.build_hull(points, recipe.buffer_m)
    if isinstance(recipe, BoundsBox):
        return box(*recipe.bounds)
    if isinstance(recipe, Sector):
        radii, bearings = (recipe.inner_m, recipe.outer_m), (recipe.bearing_from, recipe.bearing_to)
        return geometry.build_sector(*find_point(evidence, recipe.centre), *radii, *bearings)
    for route in evidence.routes:
        if route.id == recipe.leg:
            return build_route_line(route)
    msg = f"There is no route {recipe.leg!r} in routes.json: name one that is there."
    raise EvidenceError(msg)


def build_route_line(route: Route) -> LineString:
    """Build a route as straight lines between its points."""
    return LineString([(lon, lat) for lon, lat, _ in route.points])


def find_point(evidence: Evidence, place_id: str) -> tuple[float, float]:
    """Return (lon, lat) of a place; an EvidenceError is raised if it does not exist or has none."""
    place = evidence.place_by_id.get(place_id)
    if place is None or place.lon is None or place.lat is None:
        msg = f"A sector or range ring needs a place {place_id!r} with a point: add lon and lat."
        raise EvidenceError(msg)
    return place.lon, place.lat
