"""JSON that is not GeoJSON: find its records, and flatten each to a feature.

Read are lists of records, alone or within an answer ({"data": […]}), records keyed by their id,
and tables (lists of columns, or of rows beside their header). The documents of known services are
in `json_feeds` and `json_shapes`.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

import shapely
from pyproj import CRS

from geo.store.core.normalise import to_json

Json = dict[str, object]
SIMPLE_TYPES = ("Point", "LineString", "Polygon")
GEOMETRY_TYPES = (*SIMPLE_TYPES, *(f"Multi{one}" for one in SIMPLE_TYPES), "GeometryCollection")
_WRAPPERS = (
    *("data", "results", "items", "records", "rows", "events", "incidents", "features", "values"),
    *("value", "docs", "documents", "hits", "nodes", "edges", "entries", "objects", "list"),
    *("reports", "observations", "locations", "messages", "response", "result", "elements"),
)
_WRAPPED = ("_source", "node", "attributes", "properties", "fields")
_HEADERS = ("columns", "header", "headers", "fields")
_BODIES = ("data", "rows", "values", "records")
_GEOMETRY_KEYS = ("geometry", "coordinates", "geom", "location", "the_geom", "geojson", "shape")
_SIDES = frozenset(("lat", "latitude", "lon", "lng", "long", "longitude"))
_LATITUDE_FIRST = ("lat", "geolocation")
"""Names of lists of two numbers that are not longitude first, as "latlng" and KoboToolbox's."""
_NUMBERS: dict[str, type[int] | type[float]] = {
    "$numberInt": int,
    "$numberLong": int,
    "$numberDouble": float,
    "$numberDecimal": float,
}
_MAX_DEPTH = 6
_MIN_PAIR, _MAX_PAIR = 2, 3
_E7 = 10_000_000


class JsonLayer(NamedTuple):
    """Rows of a JSON text as GeoJSON features, each with its number."""

    name: str
    features: list[tuple[int, Json]]
    crs: CRS | None
    has_geometry: bool = True
    """False: the coordinates are among the properties."""
    broken: tuple[tuple[int, object], ...] = ()
    """Items that are not records, each with its number."""


def as_list(value: object) -> list[object]:
    """Return a list, or an empty one for anything else."""
    return value if isinstance(value, list) else []


def as_dict(value: object) -> Json:
    """Return an object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def list_dicts(value: object) -> list[Json]:
    """Return the objects in a list."""
    return [one for one in as_list(value) if isinstance(one, dict)]


def to_geojson(shape: shapely.Geometry) -> Json:
    """Return a geometry as GeoJSON."""
    return as_dict(json.loads(shapely.to_geojson(shape)))


def find_records(document: object, crs: CRS | None) -> list[JsonLayer]:
    """Return the records of a document, a layer for each list; empty if it has none."""
    return [_build_layer(name, items, crs) for name, items in _find_lists(document)]


def is_feature(item: object) -> bool:
    """Return whether an object has a type of GeoJSON."""
    return isinstance(item, dict) and item.get("type") in ("Feature", *GEOMETRY_TYPES)


def has_side(names: Iterable[str]) -> bool:
    """Return whether a column's name is that of a latitude or a longitude."""
    return any(name.rpartition(".")[2].lower() in _SIDES for name in names)


def _find_lists(document: object) -> list[tuple[str, list[object]]]:
    found = list(_iterate_lists(document, ()))
    preferred = [one for one in found if any(key in _WRAPPERS for key in one[0])]
    lists = preferred or found
    if lists:
        single = len(lists) == 1
        names = (path[:-1] if path[-1:] == ("features",) else path for path, _ in lists)
        return [
            ("" if single else ".".join(name), items)
            for name, (_, items) in zip(names, lists, strict=True)
        ]
    if isinstance(document, dict) and (_find_geometry(document) or has_side(flatten(document))):
        return [("", [document])]
    return []


def _iterate_lists(
    value: object, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], list[object]]]:
    """Yield each list of records in a document, with its path."""
    if isinstance(value, list):
        if collections := [one for one in list_dicts(value) if _is_collection(one)]:
            for number, one in enumerate(collections, 1):
                name = one.get("name") or as_dict(one.get("_umap_options")).get("name")
                yield (*path, str(name or number)), as_list(one["features"])
        elif any(isinstance(one, dict) for one in value):
            yield path, value
        elif rows := _zip_rows(value[0], value[1:]) if value else []:
            yield path, rows
    elif isinstance(value, dict) and len(path) < _MAX_DEPTH:
        if rows := _read_table(value) or _read_keyed(value):
            yield path, rows
            return
        has_body = any(as_list(value.get(body)) for body in _BODIES)
        for key, inner in value.items():
            if not (has_body and key in _HEADERS):
                yield from _iterate_lists(inner, (*path, str(key)))


def _is_collection(value: Json) -> bool:
    return value.get("type") == "FeatureCollection" and isinstance(value.get("features"), list)


def _read_table(document: Json) -> list[object]:
    """Return the rows of a table: columns as lists, or rows beside a header."""
    for body in _BODIES:
        for header in _HEADERS:
            names = document.get(header) or _find_header(document)
            rows = document.get(body)
            if isinstance(names, list) and isinstance(rows, list) and rows is not names:
                names = [one.get("name") if isinstance(one, dict) else one for one in names]
                if found := _zip_rows(names, rows):
                    return found
    columns = {key: one for key, one in document.items() if _is_plain_list(one)}
    lengths = {len(one) for one in columns.values() if isinstance(one, list)}
    if len(columns) > 1 and len(lengths) == 1 and len(columns) > len(document) / 2:
        cells = zip(*(one for one in columns.values() if isinstance(one, list)), strict=True)
        return [dict(zip(columns, row, strict=True)) for row in cells]
    return []


def _find_header(document: Json) -> object:
    """Return the columns that Socrata's export describes in its member "meta"."""
    return as_dict(as_dict(document.get("meta")).get("view")).get("columns")


def _is_plain_list(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and not any(isinstance(one, (list, dict)) for one in value)
    )


def _zip_rows(names: object, rows: list[object]) -> list[object]:
    """Return rows (lists of cells) as records if there is a name for each cell, else none."""
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        return []
    if not rows or not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return []
    return [dict(zip(names, row, strict=True)) for row in rows if isinstance(row, list)]


def _read_keyed(document: Json) -> list[object]:
    """Return the records of an object whose members are records, each with its key."""
    keyed = {key: one for key, one in document.items() if isinstance(one, dict)}
    inner = list(keyed.values())
    others = [one for one in document.values() if not isinstance(one, dict)]
    if len(inner) < _MIN_PAIR or len(others) >= len(inner) or any(map(as_list, others)):
        return []
    if not frozenset(inner[0]) & frozenset(inner[1]) or "features" in inner[0]:
        return []
    if _SIDES & {key.lower() for key in document}:  # columns, each with the cell of each row
        rows = dict.fromkeys(key for one in inner for key in one)
        return [{name: cells.get(row) for name, cells in keyed.items()} for row in rows]
    return [
        one if "key" in one or "id" in one else {"key": key, **one} for key, one in keyed.items()
    ]


def _build_layer(name: str, items: list[object], crs: CRS | None) -> JsonLayer:
    features = [
        (row, item if item.get("type") == "Feature" else build_feature(item))
        for row, item in enumerate(items, 1)
        if isinstance(item, dict)
    ]
    broken = tuple((row, one) for row, one in enumerate(items, 1) if not isinstance(one, dict))
    placed = any(one.get("geometry") is not None for _, one in features)
    return JsonLayer(name, features, crs, placed, broken)


def build_feature(record: Json) -> Json:
    """Return a record as a feature: its values flattened, and its geometry if it has one."""
    for key in _WRAPPED:
        inner = as_dict(record.get(key))
        if inner and not is_feature(inner):
            outer = {name: one for name, one in record.items() if name != key}
            record = outer | {name: one for name, one in inner.items() if name not in outer}
    geometry = _find_geometry(record)
    flat = flatten({key: one for key, one in record.items() if one is not geometry})
    return {"type": "Feature", "properties": flat, "geometry": geometry}


def _find_geometry(record: Json) -> Json | None:
    """Return the GeoJSON geometry among a record's values, that of the usual name first."""
    found = {
        key.lower(): one
        for key, one in record.items()
        if isinstance(one, dict) and one.get("type") in GEOMETRY_TYPES and len(one) <= _MAX_PAIR
        if isinstance(one.get("coordinates", one.get("geometries")), list)
    }
    for key in _GEOMETRY_KEYS:
        if key in found:
            return found[key]
    return next(iter(found.values()), None)


def flatten(record: Mapping[str, object], prefix: str = "", depth: int = 0) -> Json:
    """Return nested objects as columns such as "location.lat"; other nested values as JSON."""
    flat: Json = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        value = _unwrap(value)
        if isinstance(value, dict) and depth < _MAX_DEPTH and value:
            inner = flatten(value, f"{name}.", depth + 1)
            flat |= {_free_name(one, flat): cell for one, cell in inner.items()}
        elif name.endswith("E7") and isinstance(value, int):  # Google's locations
            flat[name.removesuffix("E7")] = value / _E7
        else:
            flat[_free_name(name, flat)] = _plain_cell(str(key), value)
    return flat


def _unwrap(value: object) -> object:
    """Return the value within MongoDB's {"$date": {"$numberLong": "0"}}, a time as ISO text."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    kind, inner = next(iter(value.items()))
    if not kind.startswith("$"):
        return value
    inner = _unwrap(inner)
    with suppress(ValueError, OverflowError, OSError):
        if kind in _NUMBERS and isinstance(inner, str):
            return _NUMBERS[kind](inner)
        if kind == "$date" and isinstance(inner, int):
            return dt.datetime.fromtimestamp(inner / 1000, dt.UTC).isoformat()
    return inner


def _free_name(name: str, taken: Json) -> str:
    while name in taken:
        name += "_2"
    return name


def _plain_cell(key: str, value: object) -> object:
    if isinstance(value, dict):
        return to_json(value) if value else None
    if not isinstance(value, list):
        return value
    if key == "text" and value and all(isinstance(one, (str, dict)) for one in value):
        return "".join(  # formatted text in Telegram's export
            one if isinstance(one, str) else str(one.get("text", "")) for one in value
        )
    is_pair = _MIN_PAIR <= len(value) <= _MAX_PAIR and all(
        isinstance(one, (int, float)) and not isinstance(one, bool) for one in value
    )
    if is_pair and key.strip("_").lower().startswith(_LATITUDE_FIRST):
        return ", ".join(map(str, value))
    return to_json(value) if is_pair or any(isinstance(v, (list, dict)) for v in value) else value
