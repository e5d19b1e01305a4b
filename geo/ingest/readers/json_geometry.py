"""Build shapely geometries from those of GeoJSON; reject rows whose geometry cannot be built."""

import json
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.safe_text import format_count, printable
from geo.ingest.readers.json_records import GEOMETRY_TYPES, Json, as_list

_COORDINATES_REMEDY = "Correct its coordinates: [longitude, latitude], in degrees."
_MAX_DEPTH = 5


def build_geometries(table: RawTable, geometries: Sequence[object], log: Diagnostics) -> None:
    """Set a table's geometries; reject rows whose geometry cannot be built."""
    shapes = np.full(len(geometries), None, dtype=object)
    why: dict[int, str] = {}
    shortened, closed = (np.zeros(len(geometries), dtype=bool) for _ in range(2))
    with np.errstate(invalid="ignore"):
        for at, geometry in enumerate(geometries):
            shapes[at], reason = _build_geometry(geometry)
            if reason:
                short = _drop_extra_dimensions(geometry)
                shapes[at] = _build_geometry(short)[0] if short != geometry else None
                shortened[at] = shapes[at] is not None
                if shapes[at] is None:
                    why[at] = reason
            closed[at] = _has_open_ring(geometry)

    def write(at: int) -> str:
        return json.dumps(geometries[at])[:300]

    table.reject_geometries(log, list(why), list(why.values()), _COORDINATES_REMEDY, write)
    table.geometries = shapes
    if shortened.any():
        log.inform(
            "More than three numbers a point, or not as many in all, in "
            f"{table.describe_rows(shortened)}: longitude, latitude and a height that all have are "
            "read, the others are left out."
        )
    table.open_rings = closed & ~table.no_geometry
    if len({one.geom_type for one in shapes if one is not None}) > 3:
        log.inform(f"{format_count(len(shapes), 'feature')} of several geometry types.")


def _drop_extra_dimensions(geometry: object) -> object:
    """Return a GeoJSON geometry with as many numbers in each point, three at most."""
    if not isinstance(geometry, dict) or not isinstance(geometry.get("coordinates"), list):
        return geometry
    sizes = _find_sizes(geometry["coordinates"], 0)
    if not sizes or min(sizes) < 2:
        return geometry
    return {**geometry, "coordinates": _cut_points(geometry["coordinates"], min(3, *sizes), 0)}


def _is_point(place: object) -> bool:
    return isinstance(place, list) and bool(place) and isinstance(place[0], (int, float))


def _find_sizes(places: list[object], depth: int) -> set[int]:
    """Return how many numbers the points in nested coordinates have."""
    if _is_point(places) or depth > _MAX_DEPTH:
        return {len(places)}
    return {n for one in places if isinstance(one, list) for n in _find_sizes(one, depth + 1)}


def _cut_points(places: object, size: int, depth: int) -> object:
    if not isinstance(places, list) or depth > _MAX_DEPTH:
        return places
    if _is_point(places):
        return places[:size]
    return [_cut_points(one, size, depth + 1) for one in places]


def _has_open_ring(geometry: object) -> bool:
    """Return whether a ring of a polygon does not end where it begins."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return False
    parts = geometry.get("coordinates")
    if not isinstance(parts, list):
        return False
    if geometry["type"] == "MultiPolygon":
        parts = [ring for polygon in parts if isinstance(polygon, list) for ring in polygon]
    return any(isinstance(ring, list) and ring and ring[0] != ring[-1] for ring in parts)


def _build_geometry(geometry: object) -> tuple[shapely.Geometry | None, str]:
    """Return the geometry (None for null), and the reason if it cannot be built."""
    if geometry is None:
        return None, ""
    if not isinstance(geometry, dict):
        return None, "The geometry is not an object."
    kind = geometry.get("type")
    if kind not in GEOMETRY_TYPES:
        return None, f"{printable(kind, 40)!r} is not a geometry type."
    try:
        wrong = _find_non_number(geometry)
        if wrong is not None:
            return None, f"{printable(json.dumps(wrong), 40)} is not a coordinate."
        return shape(_drop_empty_parts(geometry)), ""
    except RecursionError:
        return None, "The geometry is nested too deeply."
    except OverflowError:
        return None, "A coordinate is too large."
    except ShapelyError as error:
        fault = str(error).rpartition("Exception: ")[2].strip().rstrip(".")
        return None, f"The geometry cannot be built ({printable(fault, 80)})."
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None, f"Its coordinates are not those of a {kind}."


def _drop_empty_parts(geometry: Json) -> Json:
    """Return a geometry without parts that have nothing to draw; a line of one point as a point."""
    kind = geometry.get("type")
    member = "geometries" if kind == "GeometryCollection" else "coordinates"
    places = geometry.get(member)
    if not isinstance(places, list):
        return geometry
    if kind == "LineString" and len(places) == 1:
        return {"type": "Point", "coordinates": places[0]}
    if kind == "MultiPolygon":
        places = [one for one in places if as_list(one) and as_list(one)[0]]
    elif kind == "MultiLineString":
        places = [one for one in places if len(as_list(one)) > 1]
    elif kind == "GeometryCollection":
        places = [one for one in places if one is not None]
    return {**geometry, member: places}


def _find_non_number(geometry: dict[str, object]) -> object:
    """Return the first of a geometry's coordinates that is not a number; None for none."""
    collection = geometry.get("type") == "GeometryCollection"
    inner = geometry.get("geometries") if collection else [geometry]
    places = [inner]
    if isinstance(inner, list):
        places = [one.get("coordinates") for one in inner if isinstance(one, dict)]
    while places:
        one = places.pop()
        if isinstance(one, list):
            places.extend(one)
        elif one is None and not collection:
            return "null"
        elif one is not None and (isinstance(one, bool) or not isinstance(one, (int, float))):
            return one
    return None
