"""Longitudes unwrapped about a meridian, so that what is near each other is drawn together.

Stored and exported coordinates are EPSG:4326 with longitudes from -180 to 180, and shapes that
cross the 180th meridian are split there (RFC 7946, 3.1.9). A map whose frame crosses it is drawn
in longitudes from ``meridian - 180`` to ``meridian + 180`` instead: at the meridian 182.5, a place
at 170 W is at 190. With the meridian 0 nothing changes. A box may have xmin > xmax: it then
crosses the 180th meridian.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import shapely

Box = tuple[float, float, float, float]  # xmin, ymin, xmax, ymax, degrees

HALF, WHOLE = 180.0, 360.0
_TOUCH = 1e-9  # degrees


def wrap_longitude(lon: float) -> float:
    """Return a longitude from -180 to 180, both included; one in that range is unchanged."""
    return lon if -HALF <= lon <= HALF else (lon + HALF) % WHOLE - HALF


def unwrap_longitude(lon: float, meridian: float) -> float:
    """Return the longitude at most 180 degrees from a meridian."""
    west = meridian - HALF
    if not meridian or west <= lon <= west + WHOLE:
        return lon
    return (lon - west) % WHOLE + west


def crosses(box: Box) -> bool:
    """Whether a box crosses the 180th meridian."""
    return box[0] > box[2]


def find_meridian(box: Box) -> float:
    """Return the meridian about which a frame is drawn: 0, or its middle if it crosses 180."""
    xmin, _, xmax, _ = box
    return (xmin + xmax + WHOLE) / 2 if crosses(box) else 0.0


def unwrap_box(box: Box, meridian: float) -> Box:
    """Return a box with xmin <= xmax in the longitudes about a meridian."""
    xmin, ymin, xmax, ymax = box
    left, right = unwrap_longitude(xmin, meridian), unwrap_longitude(xmax, meridian)
    return (left, ymin, right + WHOLE if right < left else right, ymax)


def list_boxes(box: Box) -> tuple[Box, ...]:
    """Return the boxes with -180 <= xmin <= xmax <= 180 that cover a box: one or two.

    Longitudes of the box may be any number of turns away.
    """
    xmin, ymin, xmax, ymax = box
    width = xmax - xmin + (WHOLE if crosses(box) else 0.0)
    if width >= WHOLE:
        return ((-HALF, ymin, HALF, ymax),)
    if xmin >= -HALF and xmin + width <= HALF:
        return ((xmin, ymin, xmin + width, ymax),)
    left = (xmin + HALF) % WHOLE - HALF
    right = left + width
    if right <= HALF:
        return ((left, ymin, right, ymax),)
    return ((left, ymin, HALF, ymax), (-HALF, ymin, right - WHOLE, ymax))


def unwrap_points(lon: np.ndarray, meridian: float) -> np.ndarray:
    """Return longitudes at most 180 degrees from a meridian."""
    import numpy as np

    if not meridian:
        return lon
    west = meridian - HALF
    lon = np.asarray(lon, dtype=float)
    inside = (lon >= west) & (lon <= west + WHOLE)
    moved: np.ndarray = np.where(inside, lon, (lon - west) % WHOLE + west)
    return moved


def unwrap_shapes(shapes: np.ndarray, meridian: float) -> np.ndarray:
    """Return geometries (EPSG:4326, split at 180) in the longitudes about a meridian.

    Parts that the 180th meridian separates are joined. A shape across ``meridian - 180`` is split
    there. Missing geometries and such with coordinates that are not finite stay as they are.
    """
    import numpy as np
    import shapely

    if not meridian or not len(shapes):
        return shapes
    seam = meridian - HALF
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        west, across = bounds[:, 2] <= seam, (bounds[:, 0] < seam) & (bounds[:, 2] > seam)
    found = np.array(shapes, dtype=object)
    if west.any():
        found[west] = _shift(found[west], WHOLE)
    for at in np.flatnonzero(across):
        found[at] = _map_parts(found[at], lambda one: _unwrap_part(one, seam))
    return found


def split_shape(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a geometry whose longitudes may go on beyond 180 as one split there, within 180."""
    import shapely

    xmin, _, xmax, _ = shapely.bounds(shape).tolist()
    if not (math.isfinite(xmin) and (xmin < -HALF or xmax > HALF)):
        return shape
    return _map_parts(shape, _split_part)


def _shift(shapes: np.ndarray, by: float) -> np.ndarray:
    import numpy as np
    import shapely

    def move(points: np.ndarray) -> np.ndarray:
        moved: np.ndarray = points + np.array([by, *[0.0] * (points.shape[1] - 1)])
        return moved

    return np.asarray(shapely.transform(shapes, move, include_z=None), dtype=object)


def _map_parts(
    shape: shapely.Geometry, change: Callable[[shapely.Geometry], list[shapely.Geometry]]
) -> shapely.Geometry:
    """Change each part of a shape, and join the pieces that touch; the kind of shape is kept."""
    import shapely

    pieces = [piece for part in _list_parts(shape) for piece in change(part)]
    if len(pieces) == 1:
        return pieces[0]
    dimension = max(map(shapely.get_dimensions, pieces), default=0)
    if {shapely.get_dimensions(one) for one in pieces} != {dimension}:
        return shapely.GeometryCollection(pieces)
    if dimension == 0:
        return shapely.MultiPoint(pieces)
    if dimension == 1:
        return shapely.line_merge(shapely.MultiLineString(pieces))
    return shapely.union_all(pieces)


def _list_parts(shape: shapely.Geometry) -> list[shapely.Geometry]:
    import shapely

    parts = shapely.get_parts(shape)
    if len(parts) == 1 and parts[0] is shape:
        return [shape]
    nested = [part for part in parts if shapely.get_num_geometries(part) > 1]
    if not nested:
        return list(parts)
    return [piece for part in parts for piece in _list_parts(part)]


def _unwrap_part(part: shapely.Geometry, seam: float) -> list[shapely.Geometry]:
    """Return the pieces of one point, line or polygon east of a seam, the western ones moved."""
    xmin, _, xmax, _ = part.bounds
    if xmin >= seam:
        return [part]
    if xmax <= seam:
        return [_shift_one(part, WHOLE)]
    east = _cut(part, seam, seam + WHOLE)
    return [*east, *(_shift_one(one, WHOLE) for one in _cut(part, seam - WHOLE, seam))]


def _split_part(part: shapely.Geometry) -> list[shapely.Geometry]:
    """Return the pieces of one point, line or polygon, each moved to within 180 degrees."""
    xmin, _, xmax, _ = part.bounds
    first, last = math.floor((xmin + HALF) / WHOLE), math.ceil((xmax - HALF) / WHOLE)
    pieces: list[shapely.Geometry] = []
    for turn in range(first, last + 1):
        west = turn * WHOLE - HALF
        pieces += [_shift_one(one, -turn * WHOLE) for one in _cut(part, west, west + WHOLE)]
    return pieces or [part]


def _shift_one(shape: shapely.Geometry, by: float) -> shapely.Geometry:
    import numpy as np

    moved: shapely.Geometry = _shift(np.array([shape], dtype=object), by)[0]
    return moved


def _cut(part: shapely.Geometry, west: float, east: float) -> list[shapely.Geometry]:
    """Return what a part has between two meridians, in its own dimension."""
    import shapely

    xmin, _, xmax, _ = part.bounds
    if xmin >= west and xmax <= east:
        return [part]
    if xmax <= west + _TOUCH or xmin >= east - _TOUCH:
        return []
    inside = shapely.get_parts(shapely.intersection(part, shapely.box(west, -100, east, 100)))
    same = shapely.get_dimensions(inside) == shapely.get_dimensions(part)
    return list(inside[same & ~shapely.is_empty(inside)])
