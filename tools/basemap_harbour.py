"""The harbour in the base map: a schematic of `basemap_harbour.json` in place of the GSHHG coast.

Between the two ends of the waterfront, GSHHG's land is cut out (a box, `find_hole`), and land up to
the waterfront, its piers and the moles are drawn instead. The key points are by OpenStreetMap
contributors (ODbL), so that what is made of them is in files of its own.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import shapely
from pyproj import CRS, Transformer
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

GEOD_CRS = "EPSG:4326"
Feature = tuple[dict, BaseGeometry]
FACTS = Path(__file__).parent / "basemap_harbour.json"
WIDTH_M = 20  # of a mole; none is in the source
# Degrees from the ends of the waterfront to the cut, where GSHHG's coast goes on without a step.
NORTH, SOUTH = 0.0006, 0.0036
OVERLAP = 0.0006  # degrees of land over GSHHG's, inland
INLAND, SEAWARD = 0.02, 0.02  # degrees from the waterfront to the sides of the cut


@lru_cache(maxsize=1)
def read_facts() -> dict:
    """Return the key points of the harbour: waterfront from north to south, moles."""
    return json.loads(FACTS.read_text("utf-8"))


def find_hole() -> Polygon:
    """Return the box in which GSHHG's land gives way: its east side is on land, its west at sea."""
    west, south, east, north = LineString(read_facts()["waterfront"]["line"]).bounds
    return box(west - SEAWARD, south - SOUTH, east + INLAND, north + NORTH)


def find_shore(land: BaseGeometry, lat: float) -> tuple[float, float]:
    """Return where the GSHHG coast crosses a latitude: the western end of the land there."""
    west, _, east, _ = find_hole().bounds
    crossing = LineString([(west, lat), (east, lat)]).intersection(land)
    parts = [part for part in shapely.get_parts(crossing) if part.bounds[2] > east - 1e-9]
    return round(parts[0].bounds[0], 5), lat


def join_waterfront(land: BaseGeometry) -> LineString:
    """Return the waterfront with an end on the GSHHG coast at each side of the cut."""
    _, south, _, north = find_hole().bounds
    points = [tuple(point) for point in read_facts()["waterfront"]["line"]]
    ends = find_shore(land, round(north, 5)), find_shore(land, round(south, 5))
    return LineString([ends[0], *points, ends[1]])


def build_moles() -> list[tuple[str, BaseGeometry]]:
    """Return name and shape of each mole, WIDTH_M wide."""
    named = []
    for mole in read_facts()["moles"]:
        lon, lat = mole["line"][0]
        local = CRS.from_proj4(f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84")
        there = Transformer.from_crs(GEOD_CRS, local, always_xy=True).transform
        back = Transformer.from_crs(local, GEOD_CRS, always_xy=True).transform
        line = shapely.transform(LineString(mole["line"]), there, interleaved=False)
        wide = line.buffer(WIDTH_M / 2, quad_segs=3)
        shape = shapely.transform(wide, back, interleaved=False)
        named.append((mole["name"], shapely.orient_polygons(shape, exterior_cw=False)))
    return named


def build_shore(land: BaseGeometry) -> Polygon:
    """Return the land up to the waterfront, which overlaps GSHHG's land around the cut inland.

    Two fills that only met would show a hairline of sea between them.
    """
    _, south, east, north = find_hole().bounds
    line = list(join_waterfront(land).coords)
    (x0, _), (x1, _) = line[0], line[-1]
    corners = [
        (x1 + OVERLAP, south - OVERLAP),
        (east + OVERLAP, south - OVERLAP),
        (east + OVERLAP, north + OVERLAP),
        (x0 + OVERLAP, north + OVERLAP),
    ]
    return Polygon([*line, *corners])


def build_land(land: BaseGeometry) -> list[Feature]:
    """Return land with its piers, and each mole, to fill."""
    shore = [({"kind": "land"}, build_shore(land))]
    return [*shore, *(({"kind": "mole", "name": name}, one) for name, one in build_moles())]


def build_coast(land: BaseGeometry) -> BaseGeometry:
    """Return the outline of land and moles at the water, to stroke."""
    whole = shapely.union_all([build_shore(land), *(one for _, one in build_moles())])
    _, south, east, north = find_hole().bounds
    water = box(-180, south, east, north)
    return shapely.line_merge(whole.boundary.intersection(water))
