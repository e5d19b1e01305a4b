"""The coarse world around a case's own base map: land, coast and borders that meet it."""

from __future__ import annotations

import numpy as np
import shapely

from geo.meridian import HALF, WHOLE, Box

EDGE = 1e-6  # degrees
OVERLAP = 0.5  # degrees: two fills that only met would show a hairline of sea, also from afar
POLYGON = 3  # shapely.get_type_id


def cut_borders(whole: shapely.Geometry, extent: Box | None) -> shapely.Geometry:
    """Return the world's borders outside of what the case's base map covers; see `cut_land`."""
    return whole if extent is None else shapely.difference(whole, shapely.box(*extent))


def cut_land(whole: shapely.Geometry, extent: Box | None, own: np.ndarray) -> shapely.Geometry:
    """Return the world's land outside of a case's base map, and the case's own along its rim.

    Parameters
    ----------
    whole : Geometry
        The world's land, degrees, unwrapped about the meridian.
    extent : tuple of float or None
        How far the case's base map reaches (xmin, ymin, xmax, ymax), None if it has none.
    own : numpy.ndarray
        The land of the case's base map: geometries.
    """
    if extent is None:
        return whole
    frame = shapely.box(*extent)
    rim = np.concatenate([shapely.clip_by_rect(own, *side) for side in _list_sides(extent)])
    parts = shapely.get_parts([shapely.difference(whole, frame), *shapely.make_valid(rim)])
    parts = parts[shapely.get_type_id(parts) == POLYGON]
    met = shapely.intersects(parts, frame)
    return shapely.multipolygons([*parts[~met], *shapely.get_parts(shapely.union_all(parts[met]))])


def cut_coast(land: shapely.Geometry, meridian: float, extent: Box | None) -> shapely.Geometry:
    """Return the coast of the land of `cut_land`, outside of what the case's base map covers.

    `meridian`, in degrees, is that about which the map is drawn.
    """
    coast = _find_coast(land, meridian)
    if extent is None:
        return coast
    return shapely.difference(coast, shapely.box(*extent).buffer(-EDGE, join_style="mitre"))


def _list_sides(extent: Box) -> list[Box]:
    """Return the four strips, OVERLAP wide, along the inside of a frame."""
    xmin, ymin, xmax, ymax = extent
    east, south = min(xmin + OVERLAP, xmax), min(ymin + OVERLAP, ymax)
    west, north = max(xmax - OVERLAP, xmin), max(ymax - OVERLAP, ymin)
    return [
        (xmin, ymin, east, ymax),
        (west, ymin, xmax, ymax),
        (xmin, ymin, xmax, south),
        (xmin, north, xmax, ymax),
    ]


def _find_coast(land: shapely.Geometry, meridian: float) -> shapely.Geometry:
    """Return the edge of the land, without the edges of the world itself."""
    west = meridian - HALF + EDGE
    inside = shapely.box(west, -90 + EDGE, west + WHOLE - 2 * EDGE, 90)
    return shapely.line_merge(shapely.intersection(shapely.boundary(land), inside))
