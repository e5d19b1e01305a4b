"""Read GeoJSON with the json module: a collection, a feature, a geometry, or one a line.

GDAL is not used, and links in the file are not fetched. A response of the OpenSky API (a time, and
a list of values for each aircraft) is read as features.
"""

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np
import shapely
from pyproj import CRS
from shapely.errors import ShapelyError
from shapely.geometry import shape

from geo.ingest.base.column_types import build_column, build_frame
from geo.ingest.base.crs import parse_crs_text
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import format_count, printable
from geo.ingest.readers.encoding import decode_text
from geo.store.core.normalise import parse_crs
from geo.store.formats.geojson import REMEDY, explain_json_error, get_crs_name, get_properties
from geo.text.escaping import replace_surrogates

# Values in the order of OpenSky's REST API, with the names of its CSV files.
_OPENSKY_NAMES = (
    *("icao24", "callsign", "origin_country", "time_position", "lastcontact", "lon", "lat"),
    *("baroaltitude", "onground", "velocity", "heading", "vertrate", "sensors", "geoaltitude"),
    *("squawk", "spi", "position_source", "category"),
)
_MIN_VALUES = 17
_SIMPLE_TYPES = ("Point", "LineString", "Polygon")
_GEOMETRY_TYPES = (*_SIMPLE_TYPES, *(f"Multi{one}" for one in _SIMPLE_TYPES), "GeometryCollection")
_COORDINATES_REMEDY = "Correct its coordinates: [longitude, latitude], in degrees."
_MAX_DEPTH = 5


def read_geojson(body: bytes, log: Diagnostics) -> list[RawTable]:
    """Return the features of a GeoJSON text as one table."""
    document, crs = _parse_document(decode_text(body, log), log)
    features = list(_iterate_features(document, log))
    log.limits.check_rows(len(features), "features")
    if not features and not log.rejected_lines:
        raise FileRejectedError("It has no features.", "Export it again, with its features.")
    data = build_frame([get_properties(feature) for _, feature in features], log.limits)
    ids = [feature.get("id") for _, feature in features]
    ids = [one if isinstance(one, (str, int, float)) else None for one in ids]
    if "id" not in data.columns and any(one is not None for one in ids):
        data.insert(0, "id", build_column(ids))
    table = RawTable("", data, np.array([row for row, _ in features], dtype=int), crs=crs)
    _build_geometries(table, [feature.get("geometry") for _, feature in features], log)
    return [table]


def _parse_document(text: str, log: Diagnostics) -> tuple[object, CRS | None]:
    """Return the parsed text (a list of features if there is one a line) and its CRS."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" or text.lstrip()[:1] == "\x1e":
            return _parse_lines(text, log), parse_crs("OGC:CRS84")
        raise FileRejectedError(*explain_json_error(error)) from error
    except (RecursionError, ValueError) as error:
        why = "Its JSON is nested too deeply, or has a number that is too long."
        raise FileRejectedError(why, REMEDY) from error
    if "\\u" in text:
        document = replace_surrogates(document)
    return document, _parse_crs_member(document, log)


class _BrokenLine(NamedTuple):
    """A line that is not valid JSON."""

    text: str
    why: str
    line: int


def _parse_lines(text: str, log: Diagnostics) -> list[object]:
    """Return the features of newline-delimited GeoJSON, and a _BrokenLine for invalid JSON."""
    items: list[object] = []
    for number, line in enumerate(text.replace("\x1e", "\n").split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            items.append(replace_surrogates(item) if "\\u" in line else item)
        except (ValueError, RecursionError) as error:
            cause = f" ({error.msg})" if isinstance(error, json.JSONDecodeError) else ""
            items.append(_BrokenLine(line, f"The line is not JSON{cause}.", number))
    if not any(isinstance(one, dict) and "type" in one for one in items):
        broken = [one.why for one in items if isinstance(one, _BrokenLine)]
        why = broken[0] if broken else "Its lines are JSON, but not features."
        raise FileRejectedError(f"It is not GeoJSON. {why}", REMEDY)
    log.inform("Each line is one feature.")
    return items


def _iterate_features(
    document: object, log: Diagnostics
) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield (row, feature); items that are not features are rejected."""
    for row, item in enumerate(_list_items(document, log), 1):
        if isinstance(item, _BrokenLine):
            log.reject_line(row, item.text, item.why, "Write one feature a line.", item.line)
        elif not isinstance(item, dict):
            log.reject_line(row, str(item)[:300], "It is not a feature.", REMEDY)
        elif item.get("type") in _GEOMETRY_TYPES:
            yield row, {"geometry": item}
        elif item.get("type", "Feature") != "Feature":
            why = f"Its type is {printable(item.get('type'), 40)!r}, not Feature."
            log.reject_line(row, json.dumps(item, ensure_ascii=False)[:300], why, REMEDY)
        else:
            yield row, item


def _list_items(document: object, log: Diagnostics) -> list[object]:
    """Return what may be features: the items of a collection or list, or a feature itself."""
    if isinstance(document, list):
        if not any(isinstance(one, dict) and "type" in one for one in document):
            raise FileRejectedError("It is a JSON list, but not of features.", REMEDY)
        return document
    if not isinstance(document, dict):
        raise FileRejectedError("It is JSON, but not GeoJSON.", REMEDY)
    kind, states = document.get("type"), document.get("states")
    if kind == "FeatureCollection":
        if not isinstance(document.get("features"), list):
            raise FileRejectedError("Its 'features' is not a list.", REMEDY)
        return document["features"]
    if kind == "Feature" or kind in _GEOMETRY_TYPES:
        return [document]
    if (
        isinstance(document.get("time"), int)
        and isinstance(states, list)
        and all(isinstance(one, list) and len(one) >= _MIN_VALUES for one in states[:50])
    ):
        log.inform("It is a response of the OpenSky API: each state is a row.")
        return [_build_opensky_feature(document["time"], state) for state in states]
    raise _not_geojson_error(document)


def _build_opensky_feature(time: int, state: object) -> dict[str, object]:
    """Return a state as a GeoJSON feature; without a position its geometry is None."""
    values = state if isinstance(state, list) else []
    row = {"time": time, **dict(zip(_OPENSKY_NAMES, values, strict=False))}
    place = [row.get("lon"), row.get("lat")]
    geometry = {"type": "Point", "coordinates": place} if None not in place else None
    return {"type": "Feature", "properties": row, "geometry": geometry}


def _not_geojson_error(document: dict[str, object]) -> FileRejectedError:
    """Return the error for JSON of another kind."""
    kind = document.get("type")
    if {"geometryType", "spatialReference"} & document.keys():
        remedy = "Export it as GeoJSON (f=geojson in a service's address)."
        return FileRejectedError("It is Esri's JSON, not GeoJSON.", remedy)
    what = "JSON without a type" if kind is None else f"JSON of type {printable(kind, 40)!r}"
    if kind == "Topology":
        what = "a TopoJSON file"
    return FileRejectedError(f"It is {what}, not GeoJSON.", REMEDY)


def _parse_crs_member(document: object, log: Diagnostics) -> CRS | None:
    """Return WGS 84 (RFC 7946), or the CRS that an older "crs" member names; links are ignored."""
    member = document.get("crs") if isinstance(document, dict) else None
    if member is None or not isinstance(document, dict):
        return None if _looks_projected(document) else parse_crs("OGC:CRS84")
    name = get_crs_name(document)
    if name is not None:
        parts = [part for part in name.replace("::", ":").split(":") if part]
        if len(parts) > 1:
            with_version = len(parts) > 3 and parts[-3] in ("EPSG", "OGC")
            name = f"{parts[-3 if with_version else -2]}:{parts[-1]}"
        with suppress(FileRejectedError):
            return parse_crs_text(name)
    log.warn(
        "Its member “crs” is a link, or names an unknown CRS "
        f"({printable(json.dumps(member), 80)}). Links are never followed."
    )
    return None


def _looks_projected(document: object) -> bool:
    """Return whether the first coordinate of a document is too large for degrees."""
    items = document.get("features", [document]) if isinstance(document, dict) else document
    for item in items[:50] if isinstance(items, list) else []:
        geometry = item.get("geometry", item) if isinstance(item, dict) else None
        place = geometry.get("coordinates") if isinstance(geometry, dict) else None
        while isinstance(place, list) and place and isinstance(place[0], list):
            place = place[0]
        numbers = place[:2] if isinstance(place, list) else []
        are_finite = all(type(one) in (int, float) and abs(one) < math.inf for one in numbers)
        if len(numbers) == 2 and are_finite:
            return any(abs(one) > 1_000 for one in numbers)
    return False


def _build_geometries(table: RawTable, geometries: Sequence[object], log: Diagnostics) -> None:
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
            f"More than three numbers a point in {table.describe_rows(shortened)}: the first "
            "three are longitude, latitude and height, the others are left out."
        )
    table.open_rings = closed & ~table.no_geometry
    if len({one.geom_type for one in shapes if one is not None}) > 3:
        log.inform(f"{format_count(len(shapes), 'feature')} of several geometry types.")


def _drop_extra_dimensions(geometry: object, deep: int = 0) -> object:
    """Return a GeoJSON geometry with at most three numbers for each point."""
    if isinstance(geometry, dict) and isinstance(geometry.get("coordinates"), list):
        return {**geometry, "coordinates": _drop_extra_dimensions(geometry["coordinates"])}
    if not isinstance(geometry, list) or deep > _MAX_DEPTH:
        return geometry
    if geometry and isinstance(geometry[0], (int, float)):
        return geometry[:3]
    return [_drop_extra_dimensions(one, deep + 1) for one in geometry]


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
    if kind not in _GEOMETRY_TYPES:
        return None, f"{printable(kind, 40)!r} is not a geometry type."
    try:
        wrong = _find_non_number(geometry)
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
