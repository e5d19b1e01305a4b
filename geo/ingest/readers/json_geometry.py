"""From a geometry as JSON to a shape, or why there is none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from geo.ingest.base.diagnostics import Diagnostics, RawTable, counted
from geo.ingest.base.safe_text import printable

TYPES = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)
_MEND = "Correct its coordinates: [longitude, latitude], in degrees."
_DEEPEST = 5


def build(table: RawTable, geometries: Sequence[Any], log: Diagnostics) -> None:
    """Build a table's shapes; what cannot be built is set aside."""
    shapes = np.full(len(geometries), None, dtype=object)
    why: dict[int, str] = {}
    longer, opened = (np.zeros(len(geometries), dtype=bool) for _ in range(2))
    with np.errstate(invalid="ignore"):
        for at, geometry in enumerate(geometries):
            shapes[at], said = built(geometry)
            if said:
                short = _shorter(geometry)
                retried, _ = built(short) if short != geometry else (None, "")
                shapes[at], longer[at] = retried, retried is not None
                if retried is None:
                    why[at] = said
            opened[at] = _is_open(geometry)
    if why:
        cells = [
            json.dumps(geometries[at])[:300] if at in why else "" for at in range(len(geometries))
        ]
        table.set_aside(log, list(why), "geometry", cells, list(why.values()), _MEND)
        table.placeless[list(why)] = True
    table.shapes = shapes
    _tell(table, longer, opened, log)


def _tell(table: RawTable, longer: np.ndarray, opened: np.ndarray, log: Diagnostics) -> None:
    if longer.any():
        told = f"More than three numbers a point in {table.named(longer)}: the first three are"
        log.add_message("warning", f"{told} longitude, latitude and height, the rest is left out.")
    opened &= ~table.placeless
    if opened.any():
        told = f"A ring that does not end where it begins in {table.named(opened)}"
        log.add_message("warning", f"{told}: it was closed by a straight line.")
    shapes: Any = table.shapes
    if len(shapes) > 1 and len({one.geom_type for one in shapes if one is not None}) > 3:
        log.add_message("info", f"{counted(len(shapes), 'feature')} of several kinds of geometry.")


def _shorter(geometry: Any, deep: int = 0) -> Any:
    """Return a geometry with three numbers a point at most."""
    if isinstance(geometry, dict) and isinstance(geometry.get("coordinates"), list):
        return {**geometry, "coordinates": _shorter(geometry["coordinates"])}
    if not isinstance(geometry, list) or deep > _DEEPEST:
        return geometry
    if geometry and isinstance(geometry[0], (int, float)):
        return geometry[:3]
    return [_shorter(one, deep + 1) for one in geometry]


def _is_open(geometry: Any) -> bool:
    """Whether a ring of a polygon does not end where it begins."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    parts = geometry.get("coordinates") if kind in ("Polygon", "MultiPolygon") else None
    if not isinstance(parts, list):
        return False
    rings = (
        parts
        if kind == "Polygon"
        else [ring for one in parts if isinstance(one, list) for ring in one]
    )
    return any(isinstance(ring, list) and ring and ring[0] != ring[-1] for ring in rings)


def built(geometry: Any) -> tuple[shapely.Geometry | None, str]:
    """Return the shape of a geometry as JSON (None for null), and why there is none."""
    if geometry is None:
        return None, ""
    if not isinstance(geometry, dict):
        return None, "The geometry is not an object."
    kind = geometry.get("type")
    if kind not in TYPES:
        return None, f"{printable(kind, 40)!r} is no type of geometry."
    try:
        wrong = _wrong(geometry)
        if wrong is not None:
            return None, f"{printable(json.dumps(wrong), 40)} is not a coordinate."
        return shape(geometry), ""
    except RecursionError:
        return None, "The geometry is nested too deeply."
    except OverflowError:
        return None, "A coordinate is too large."
    except ShapelyError as error:
        return None, f"The geometry cannot be built ({printable(str(error).rstrip('.'), 80)})."
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None, f"Its coordinates are not those of a {kind}."


def _wrong(geometry: Any) -> Any:
    """Return the first thing among a geometry's coordinates that is no number; None for none."""
    places = [geometry.get("coordinates")]
    if geometry.get("type") == "GeometryCollection":
        inner = geometry.get("geometries")
        places = (
            [one.get("coordinates") for one in inner if isinstance(one, dict)]
            if isinstance(inner, list)
            else [inner]
        )
    while places:
        one = places.pop()
        if isinstance(one, list):
            places.extend(one)
        elif one is not None and (isinstance(one, bool) or not isinstance(one, (int, float))):
            return one
        elif one is None and geometry.get("type") != "GeometryCollection":
            return "null"
    return None
