"""Split lines and polygons that cross the antimeridian; longitudes beyond 180 are normalised.

Two points more than 180 degrees of longitude apart are taken as joined across the antimeridian
(RFC 7946, 3.1.9). A ring that goes once around the Earth is taken as one around the nearer pole.
"""

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import GeometryCollection, LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry

from geo.ingest.base.diagnostics import Diagnostics, RawTable

_HALF, _WHOLE = 180.0, 360.0
_EDGE = 1e-9
_FIRST_MULTI = 4  # type id of shapely: multi-geometries and collections
_KEEP = "keep-crossing"


def split_at_antimeridian(table: RawTable, skip: np.ndarray, log: Diagnostics) -> None:
    """Split the geometries of a table that cross the antimeridian, and report them.

    ``skip`` is a mask, one bool a row, of geometries that have no finite coordinates.
    """
    shapes = np.array(table.geometries, dtype=object)
    crossing = _find_crossing(shapes) & ~skip
    if not crossing.any():
        return
    what = "leave lines and polygons at the antimeridian (180°) as they are in the file"
    if log.offer_repair(_KEEP, what, int(crossing.sum())):
        return
    around, wide = np.zeros((2, len(shapes)), dtype=bool)
    for at in np.flatnonzero(crossing):
        wide[at] = _may_be_wide(shapes[at])
        around[at] = any(_goes_around(ring) for ring in _list_rings(shapes[at]))
        shapes[at] = _split(shapes[at])
    table.geometries = shapes
    lost = crossing & shapely.is_empty(shapes)
    why = "Its holes leave nothing of the polygon."
    table.reject_geometries(log, lost, why, "Draw it again, with smaller holes.")
    crossing &= ~lost
    _report(table, crossing, around, wide, log)


def _report(
    table: RawTable, crossing: np.ndarray, around: np.ndarray, wide: np.ndarray, log: Diagnostics
) -> None:
    around &= crossing
    wide &= crossing & ~around
    if around.any():
        rows = table.describe_rows(around)
        log.warn(f"A ring around a pole: {rows}. It is drawn as everything up to the nearer pole.")
    if wide.any():
        rows = table.describe_rows(wide)
        text = f"A polygon wider than 180° is taken as one across the antimeridian: {rows}"
        log.warn(
            f"{text}; split there. Look at it on the map; by choice it is kept as in the file."
        )
    if (crossing & ~around & ~wide).any():
        rows = table.describe_rows(crossing & ~around & ~wide)
        log.inform(f"Lines or polygons across the antimeridian (180°): {rows}; split there.")


def _may_be_wide(shape: BaseGeometry) -> bool:
    """Whether a polygon may be meant as it is on a plane: its ring is anticlockwise there."""
    return (
        isinstance(shape, Polygon)
        and max(abs(side) for side in shape.bounds[::2]) <= _HALF
        and shape.exterior.is_ccw
        and shape.is_valid
    )


def _find_crossing(shapes: np.ndarray) -> np.ndarray:
    """Return one bool a geometry: it has a step of more than 180°, or goes on beyond 180°."""
    with np.errstate(invalid="ignore"):
        bounds = shapely.bounds(shapes)
        drawn = (np.abs(bounds[:, [1, 3]]) <= 90 + _EDGE).all(axis=1)
        drawn &= (np.abs(bounds[:, [0, 2]]) <= _WHOLE + _HALF).all(axis=1)
        drawn &= (bounds[:, 2] - bounds[:, 0] > _HALF) | (np.abs(bounds[:, [0, 2]]) > _HALF).any(1)
    found = np.zeros(len(shapes), dtype=bool)
    for at in np.flatnonzero(drawn & (shapely.get_num_coordinates(shapes) > 1)):
        found[at] = any(_crosses(line) for line in _list_lines(shapes[at]))
    return found


def _find_steps_across(lons: np.ndarray) -> np.ndarray:
    """Return one bool a step between two points: it crosses the antimeridian.

    A step from -180 to 180 is the edge of a box around the Earth, unless the line comes to the
    antimeridian from one side and goes on at the other.
    """
    wide: np.ndarray = np.abs(np.diff(lons))
    across = (wide > _HALF + _EDGE) & (wide < _WHOLE - _EDGE)
    whole = np.abs(wide - _WHOLE) <= _EDGE
    if len(lons) < 3 or not whole.any():
        return across
    before, after = np.roll(wide, 1), np.roll(wide, -1)  # a ring ends where it begins
    return across | (whole & (before > _EDGE) & (after > _EDGE))


def _crosses(line: np.ndarray) -> bool:
    across = _find_steps_across(line[:, 0])
    return bool(across.any() or (np.abs(line[:, 0]) > _HALF + _EDGE).any())


def _flatten(shape: BaseGeometry) -> np.ndarray:
    """Return the points, lines and polygons within a geometry."""
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) >= _FIRST_MULTI).any():
        parts = shapely.get_parts(parts)
    return parts[~shapely.is_empty(parts)]


def _list_rings(shape: BaseGeometry) -> list[np.ndarray]:
    parts = _flatten(shape)
    rings = shapely.get_rings(parts[shapely.get_dimensions(parts) == 2])
    return [shapely.get_coordinates(ring) for ring in rings]


def _list_lines(shape: BaseGeometry) -> list[np.ndarray]:
    """Return the coordinates of each line and ring."""
    parts = _flatten(shape)
    lines = parts[shapely.get_dimensions(parts) == 1]
    return _list_rings(shape) + [shapely.get_coordinates(line) for line in lines]


def _unwrap(coordinates: np.ndarray) -> np.ndarray:
    """Return coordinates with longitudes that go on beyond 180 instead of stepping back."""
    lons = coordinates[:, 0]
    back = np.where(_find_steps_across(lons), -np.round(np.diff(lons) / _WHOLE), 0.0)
    turns = np.concatenate([[0.0], np.cumsum(back)])
    unwrapped = coordinates.copy()
    unwrapped[:, 0] = lons + turns * _WHOLE
    return unwrapped


def _goes_around(ring: np.ndarray) -> bool:
    """Whether a ring goes around the Earth instead of back to where it began."""
    lons = _unwrap(ring)[:, 0]
    return bool(abs(lons[-1] - lons[0]) > _HALF)


def _unwrap_ring(ring: BaseGeometry) -> np.ndarray:
    """Return the coordinates of a ring, led to a pole and back if it goes around the Earth."""
    points = _unwrap(shapely.get_coordinates(ring, include_z=ring.has_z))
    if abs(points[-1, 0] - points[0, 0]) <= _HALF:
        return points
    pole = np.array([points[-1], points[0]])
    pole[:, 1] = np.copysign(90.0, points[:, 1].mean())
    return np.concatenate([points, pole, points[:1]])


def _split(shape: BaseGeometry) -> BaseGeometry:
    """Return a geometry split at the antimeridian, with all longitudes within 180."""
    if isinstance(shape, GeometryCollection):
        return GeometryCollection([_split(one) for one in shape.geoms])
    if shape.is_empty or shapely.get_dimensions(shape) == 0:
        return shape
    parts = [piece for part in _flatten(shape) for piece in _split_part(part)]
    if parts and all(isinstance(one, LineString) for one in parts):
        return parts[0] if len(parts) == 1 else MultiLineString(parts)
    return shapely.union_all(parts)


def _split_part(part: BaseGeometry) -> list[BaseGeometry]:
    """Return the pieces of a line or polygon, one for each turn around the Earth, moved home."""
    whole = _unwrap_polygon(part) if isinstance(part, Polygon) else _unwrap_line(part)
    if whole.is_empty:
        return []
    xmin, _, xmax, _ = whole.bounds
    pieces: list[BaseGeometry] = []
    for turn in range(round(xmin / _WHOLE), round(xmax / _WHOLE) + 1):
        west = turn * _WHOLE - _HALF
        strip = shapely.box(west, -100, west + _WHOLE, 100)
        inside = affinity.translate(whole.intersection(strip), -turn * _WHOLE)
        pieces += shapely.get_parts(inside).tolist()
    most = max(map(shapely.get_dimensions, pieces))
    return [one for one in pieces if shapely.get_dimensions(one) == most]


def _unwrap_line(line: BaseGeometry) -> BaseGeometry:
    return LineString(_unwrap(shapely.get_coordinates(line, include_z=line.has_z)))


def _unwrap_polygon(polygon: Polygon) -> BaseGeometry:
    shell = _unwrap_ring(polygon.exterior)
    middle = (shell[:, 0].min() + shell[:, 0].max()) / 2
    holes = [_bring_near(_unwrap_ring(hole), middle) for hole in polygon.interiors]
    whole, *cut = (shapely.make_valid(Polygon(ring)) for ring in (shell, *holes))
    return whole.difference(shapely.union_all(cut)) if cut else whole


def _bring_near(ring: np.ndarray, lon: float) -> np.ndarray:
    """Return a ring moved by whole turns, so that it is around a longitude."""
    middle = (ring[:, 0].min() + ring[:, 0].max()) / 2
    moved = ring.copy()
    moved[:, 0] += np.round((lon - middle) / _WHOLE) * _WHOLE
    return moved
