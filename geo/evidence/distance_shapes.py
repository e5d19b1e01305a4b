"""The ring, or part of a ring, that a distance is drawn as: its line and the band about it.

Shapes are EPSG:4326, longitude before latitude, split at the 180th meridian. Radii are geodesic.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import EvidenceError
from geo.evidence.distance import Distance
from geo.evidence.geometry import build_arc_line, build_sector, find_point
from geo.evidence.json_records import RecordFault
from geo.evidence.loading import Evidence
from geo.settings import case_folder

_LAND_FILES = ("land.geojson", "land_outer.geojson")
_SLIVER = 0.02  # of the whole: smaller parts between land and land are left out
_THINNEST_M = 25.0  # half the width of a band that has no tolerance


@dataclass(frozen=True)
class DistanceShape:
    """The band between the smallest and the largest distance, and its lines.

    The line is that of the distance; of a span, for which no single one is given, both of its ends.
    """

    band: BaseGeometry
    line: BaseGeometry
    dry: bool = False
    """Whether only the sea was to be drawn and there is none: all is drawn then."""


def find_centre(evidence: Evidence, distance: Distance) -> tuple[float, float, str]:
    """Return longitude, latitude and name of the point that a distance is measured from."""
    centre = distance.centre
    if not isinstance(centre, str):
        return centre.lon, centre.lat, centre.name
    return *find_point(evidence, centre), evidence.place_by_id[centre].name


def build_distance_shape(evidence: Evidence, distance: Distance) -> DistanceShape:
    """Build what a distance is drawn as; an EvidenceError is raised if its centre has no point."""
    lon, lat, _ = find_centre(evidence, distance)
    return _build(distance, lon, lat, case_folder() / "basemap")


@lru_cache(maxsize=2_000)
def _build(distance: Distance, lon: float, lat: float, base_map: Path) -> DistanceShape:
    inner, outer = distance.reach_m
    if outer - inner < 2 * _THINNEST_M:
        inner, outer = max(0.0, inner - _THINNEST_M), outer + _THINNEST_M
    bearings = distance.bearings
    try:
        band = build_sector(lon, lat, inner, outer, *bearings)
        lines = [build_arc_line(lon, lat, one, *bearings) for one in distance.stated_m]
    except ValueError as error:
        msg = f"A distance of {outer:g} m cannot be drawn: {error}."
        raise EvidenceError(msg) from error
    line = shapely.union_all(lines) if len(lines) > 1 else lines[0]
    if not distance.seaward:
        return DistanceShape(band, line)
    land = _load_land(base_map)
    sea = _leave_out(band, land), _leave_out(line, land)
    empty = any(one.is_empty for one in sea)
    return DistanceShape(band, line, dry=True) if empty else DistanceShape(*sea)


def find_dry_distances(evidence: Evidence) -> Iterator[RecordFault]:
    """Yield a fault for each distance that says `seaward` where the base map has no sea."""
    for claim in evidence.claims:
        if claim.distance is None or not claim.distance.seaward:
            continue
        if build_distance_shape(evidence, claim.distance).dry:
            why = "there is no sea at this distance on the base map, so all of it is drawn"
            remedy = "correct the distance, its centre or bearings, or remove seaward"
            value = claim.distance.describe(find_centre(evidence, claim.distance)[2])
            yield RecordFault("claims", claim.id, "distance.seaward", why, value, remedy)


def _leave_out(shape: BaseGeometry, land: np.ndarray) -> BaseGeometry:
    """Return a shape without land, and without slivers of it between land and land."""
    near = land[shapely.intersects(shapely.envelope(land), shapely.envelope(shape))]
    if not len(near):
        return shape
    rest = shapely.difference(shape, shapely.union_all(shapely.clip_by_rect(near, *shape.bounds)))
    parts = shapely.get_parts(rest)
    parts = parts[shapely.get_dimensions(parts) == shapely.get_dimensions(shape)]
    measure = shapely.area if shapely.get_dimensions(shape) == 2 else shapely.length
    whole = shapely.union_all(parts)
    parts = shapely.get_parts(whole if measure is shapely.area else shapely.line_merge(whole))
    return shapely.union_all(parts[measure(parts) >= _SLIVER * measure(shape)])


@lru_cache(maxsize=2)
def _load_land(folder: Path) -> np.ndarray:
    """Return the land of a base map as polygons; none without such files."""
    paths = [folder / name for name in _LAND_FILES]
    shapes = [shapely.from_geojson(one.read_text("utf-8")) for one in paths if one.is_file()]
    parts = shapely.get_parts(shapely.get_parts(np.array(shapes, dtype=object)))
    return np.asarray(parts[shapely.get_dimensions(parts) == 2])
