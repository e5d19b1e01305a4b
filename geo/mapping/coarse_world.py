"""The coarse world around a case's own base map: land, coast and borders that meet it."""

from __future__ import annotations

import numpy as np
import shapely

from geo.meridian import HALF, WHOLE, Box

EDGE = 1e-6  # degrees
OVERLAP = 0.5  # degrees: two fills that only met would show a hairline of sea, also from afar
POLYGON = 3  # shapely.get_type_id


def cut_world(
    kind: str, whole: shapely.Geometry, meridian: float, extent: Box | None, own: np.ndarray
) -> shapely.Geometry:
    """Return land, coast or borders of the world, without what the case's base map covers.

    Parameters
    ----------
    kind : str
        "land", "coast" or "borders".
    whole : Geometry
        The world's borders, or else its land, degrees, unwrapped about the meridian.
    meridian : float
        Degrees, about which the map is drawn.
    extent : tuple of float or None
        How far the case's base map reaches (xmin, ymin, xmax, ymax), None if it has none.
    own : numpy.ndarray
        The land of the case's base map: geometries.
    """
    if extent is None:
        return _find_coast(whole, meridian) if kind == "coast" else whole
    frame = shapely.box(*extent)
    outside = shapely.difference(whole, frame)
    if kind == "borders":
        return outside
    if kind == "land":
        return _join_land(outside, own, frame.difference(_shrink(frame, OVERLAP)))
    coast = _find_coast(_join_land(outside, own, frame), meridian)
    return shapely.difference(coast, _shrink(frame, EDGE))


def _shrink(frame: shapely.Polygon, by: float) -> shapely.Geometry:
    return frame.buffer(-by, join_style="mitre")


def _join_land(
    world: shapely.Geometry, own: np.ndarray, inside: shapely.Geometry
) -> shapely.Geometry:
    """Return the world's land, joined with the case's own land in an area."""
    land = shapely.intersection(shapely.union_all(shapely.make_valid(own)), inside)
    parts = shapely.get_parts([world, land])
    return shapely.union_all(parts[shapely.get_type_id(parts) == POLYGON])


def _find_coast(land: shapely.Geometry, meridian: float) -> shapely.Geometry:
    """Return the edge of the land, without the edges of the world itself."""
    west = meridian - HALF + EDGE
    inside = shapely.box(west, -90 + EDGE, west + WHOLE - 2 * EDGE, 90)
    return shapely.line_merge(shapely.intersection(shapely.boundary(land), inside))
