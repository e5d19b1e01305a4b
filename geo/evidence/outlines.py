"""Build the outline of a place from its recipe (EPSG:4326, longitude first)."""

from functools import singledispatch

from shapely import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo import geodesy
from geo.errors import EvidenceError
from geo.evidence import geometry
from geo.evidence.loading import Evidence
from geo.evidence.models import BoundsBox, Hull, Place, Record, Route, RouteLine, Sector


def build_place_geometry(evidence: Evidence, place: Place) -> BaseGeometry:
    """Build the outline of one place.

    Parameters
    ----------
    evidence
        Holds what the place's recipe names: the airfield, another place or a route.
    place
        One of ``evidence.places``.

    Returns
    -------
    shapely geometry
        A polygon, or a line for a route; EPSG:4326. It is drawn for this map and not surveyed:
        ``place.drawn_note`` says how.

    Raises
    ------
    EvidenceError
        If the recipe names something that the evidence does not hold.
    """
    return _build_geometry(place.geometry, evidence)


def build_route_line(route: Route) -> LineString:
    """Return a route as straight lines between its points (lon, lat; EPSG:4326)."""
    return LineString([(lon, lat) for lon, lat, _ in route.points])


@singledispatch
def _build_geometry(recipe: Record, evidence: Evidence) -> BaseGeometry:
    msg = f"Unsupported recipe kind {type(recipe).__name__!r}."
    raise EvidenceError(msg)


@_build_geometry.register
def _(recipe: Hull, evidence: Evidence) -> Polygon:
    field = evidence.airfield
    points: list[geodesy.Position] = []
    if "runways" in recipe.of:
        points += [end for runway in field.runways for end in (runway.north_end, runway.south_end)]
    if "aprons" in recipe.of:
        points += [(apron.lon, apron.lat) for apron in field.aprons]
    return geometry.build_hull(points, recipe.buffer_m)


@_build_geometry.register
def _(recipe: BoundsBox, evidence: Evidence) -> Polygon:
    return box(*recipe.bounds)


@_build_geometry.register
def _(recipe: Sector, evidence: Evidence) -> Polygon:
    centre = evidence.place_by_id.get(recipe.centre)
    if centre is None or centre.lon is None or centre.lat is None:
        msg = f"The sector's centre {recipe.centre!r} is no place with a point: name another one."
        raise EvidenceError(msg)
    return geometry.build_sector(
        centre.lon,
        centre.lat,
        recipe.inner_m,
        recipe.outer_m,
        recipe.bearing_from,
        recipe.bearing_to,
    )


@_build_geometry.register
def _(recipe: RouteLine, evidence: Evidence) -> LineString:
    route = evidence.route_by_id.get(recipe.leg)
    if route is None:
        msg = f"There is no route {recipe.leg!r} in routes.json: name one that is there."
        raise EvidenceError(msg)
    return build_route_line(route)
