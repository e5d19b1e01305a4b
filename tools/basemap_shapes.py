"""Geometry of the base map: clip and simplify land, separate the coast from the clip box.

Shapes are in EPSG:4326 (longitude, latitude); tolerances are in degrees: 0.0003 is about 30 m.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

GEOD = Geod(ellps="WGS84")


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """Return the polygons of any shape, largest first; lines and points are dropped."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    found = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    return sorted(found, key=lambda p: (-p.area, p.bounds))


def snap(shape: BaseGeometry, digits: int) -> BaseGeometry:
    """Return a valid, normalised shape with rounded coordinates and outer rings anticlockwise."""
    rounded = shapely.set_precision(shape, 10.0**-digits)
    return shapely.orient_polygons(shapely.normalize(rounded), exterior_cw=False)


def near(points: np.ndarray, sites: list[tuple[float, float]], radius_m: float) -> np.ndarray:
    """Return which (lon, lat) rows are within a geodesic radius of any site: bool, shape (n,)."""
    close = np.zeros(len(points), dtype=bool)
    for site in sites:
        _, _, metres = GEOD.inv(*points.T, *np.broadcast_to(site, points.shape).T)
        close |= np.asarray(metres) <= radius_m
    return close


def _thin_ring(points: np.ndarray, keep: np.ndarray, tolerance: float) -> np.ndarray:
    """Simplify, and round to 4 decimals, the runs of a closed ring that need not be kept."""
    breaks = np.flatnonzero(np.diff(keep.astype(int)) != 0) + 1
    edges = [0, *breaks.tolist(), len(points) - 1]
    pieces = []
    for start, end in pairwise(edges):
        run = points[start : end + 1]
        if len(run) > 2 and not keep[start]:
            run = np.asarray(LineString(run).simplify(tolerance).coords)
        pieces.append(run[:-1] if keep[start] else run[:-1].round(4))
    return np.vstack([*pieces, pieces[0][:1]])


def thin(
    shape: Polygon, sites: list[tuple[float, float]], *, radius_m: float, tolerance: float
) -> Polygon:
    """Simplify a polygon, except within a radius of the sites (lon, lat).

    Each ring is cut into runs of near and far vertices, and only far runs lose vertices, so that
    no seam appears where detail changes. Rings of up to 12 vertices are kept: simplified, small
    islands would become triangles.
    """
    rings = []
    for ring in shapely.get_rings(shape):
        points = np.asarray(ring.coords)
        if len(points) > 12:
            points = _thin_ring(points, near(points, sites, radius_m), tolerance)
        rings.append(points)
    return Polygon(rings[0], rings[1:])


def rim(shape: BaseGeometry, *frames: BaseGeometry) -> MultiLineString:
    """Return the outline of polygons without what is within a metre of the edge of a frame.

    The frames are rectangles.
    """
    rings = [np.asarray(ring.coords) for ring in shapely.get_rings(polygons(shape))]
    pairs = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings])
    on_edge = np.zeros(len(pairs), dtype=bool)
    for frame in frames:
        xmin, ymin, xmax, ymax = frame.bounds
        for axis, value in ((0, xmin), (0, xmax), (1, ymin), (1, ymax)):
            on_edge |= (np.abs(pairs[:, :, axis] - value) < 1e-5).all(axis=1)
    merged = shapely.line_merge(MultiLineString(list(pairs[~on_edge])))
    return MultiLineString(list(shapely.get_parts(merged)))


def outside(
    land: BaseGeometry, frame: Polygon, *, overlap: float, tolerance: float
) -> MultiPolygon:
    """Cut a rectangle out of land and simplify the rest; `overlap` and `tolerance` in degrees.

    Inside the rectangle a strip of width `overlap` is kept where it is at least that far from any
    coast: two fills that meet exactly would show a hairline of sea.
    """
    simple = land.simplify(tolerance)
    xmin, ymin, xmax, ymax = frame.bounds
    hole = box(xmin + overlap, ymin + overlap, xmax - overlap, ymax - overlap)
    strip = simple.buffer(-overlap).intersection(frame).difference(hole)
    return MultiPolygon(polygons(simple.difference(frame).union(strip)))


def runway(north: list[float], south: list[float], width_m: float) -> Polygon:
    """Return a runway's rectangle on WGS84, from the ends (lon, lat) of its centre line."""
    azimuth, back, _ = GEOD.inv(*north, *south)
    ends = ((north, azimuth - 90), (north, azimuth + 90), (south, back - 90), (south, back + 90))
    return Polygon([GEOD.fwd(*end, bearing, width_m / 2)[:2] for end, bearing in ends])


def river_zooms(
    lines: list[LineString], least_km: dict[int, float], shores: BaseGeometry
) -> list[int]:
    """Return the lowest zoom at which each stretch of a river is drawn.

    At each zoom, stretches below its least length are removed while one of their ends is loose:
    springs and ditches go, while what joins two long stretches, or one with sea or lake, stays. No
    river has a gap.

    Parameters
    ----------
    lines : list of LineString
        Stretches between confluences.
    least_km : dict of int to float
        Least geodesic length in kilometres by zoom, lowest zoom first, the last 0.
    shores : BaseGeometry
        Coast, lakes and the edge of the map: an end within 0.01 degrees of them is not loose.
    """
    lengths = [GEOD.geometry_length(line) / 1000 for line in lines]
    ends = [(line.coords[0], line.coords[-1]) for line in lines]
    mouths = {x for pair in ends for x in pair if shores.dwithin(Point(x), 0.01)}
    zooms: dict[int, int] = {}
    for zoom, least in least_km.items():
        kept = set(range(len(lines)))
        loose = {-1}
        while loose:
            count = Counter(x for i in kept for x in ends[i]) + Counter(mouths)
            loose = {i for i in kept if lengths[i] < least and min(count[x] for x in ends[i]) < 2}
            kept -= loose
        for i in kept:
            zooms.setdefault(i, zoom)
    return [zooms[i] for i in range(len(lines))]
