"""Read JSON with the json module: GeoJSON (a collection, features, or one a line), and records.

GDAL is not used, and links in the file are not fetched. Other kinds of JSON are turned into
features first (`json_records`, `json_feeds`, `json_shapes`).
"""

import json
import math
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from pyproj import CRS

from geo.ingest.base.column_types import build_column, build_frame
from geo.ingest.base.crs import parse_crs_text
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.readers import json_shapes
from geo.ingest.readers.encoding import decode_text
from geo.ingest.readers.json_feeds import read_feed
from geo.ingest.readers.json_geometry import build_geometries
from geo.ingest.readers.json_records import (
    GEOMETRY_TYPES,
    Json,
    JsonLayer,
    as_dict,
    find_records,
    has_side,
    is_feature,
)
from geo.store.core.normalise import parse_crs
from geo.store.formats.geojson import REMEDY, explain_json_error, get_crs_name, get_properties
from geo.text.escaping import replace_surrogates

_RECORDS_REMEDY = (
    "Export GeoJSON, or a list of records, each with its coordinates ([{…}, {…}], one a line, or "
    "in a member such as “data”)."
)
_LINE_REMEDY = "Write one feature or record a line."
_MEMBERS = ("type", "id", "properties", "geometry", "bbox")
_PEEK = 100
_CRS_NAME = re.compile(r"\b(EPSG|OGC|ESRI)[:/]+(?:[\d.]+[:/]+)?(\w+)$", re.IGNORECASE)
"""The end of a name such as urn:ogc:def:crs:OGC:1.3:CRS84."""
_TEXT = re.compile(r"[^\s\x1e]")
_JSON_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError)


def read_geojson(body: bytes, log: Diagnostics) -> list[RawTable]:
    """Return the features of a JSON text as tables, or its records as rows."""
    try:
        layers = _find_layers(_parse_document(decode_text(body, log), log), log)
    except RecursionError as error:
        raise _nested_error() from error
    log.limits.check_rows(sum(len(one.features) for one in layers), "features")
    tables = [_build_table(one, log) for one in layers]
    if not any(len(one.data) for one in tables) and not log.rejected_lines:
        raise FileRejectedError("It has no features.", "Export it again, with its features.")
    return tables


def _build_table(layer: JsonLayer, log: Diagnostics) -> RawTable:
    for row, item in layer.broken:
        if isinstance(item, _BrokenLine):
            log.reject_line(row, item.text, item.why, _LINE_REMEDY, item.line)
        else:
            log.reject_line(row, *_explain_item(item), REMEDY)
    features = [one for _, one in layer.features]
    data = build_frame([_list_values(feature) for feature in features], log.limits)
    ids = [feature.get("id") for feature in features]
    ids = [one if isinstance(one, (str, int, float)) else None for one in ids]
    if "id" not in data.columns and any(one is not None for one in ids):
        data.insert(0, "id", build_column(ids))
    rows = np.array([row for row, _ in layer.features], dtype=int)
    table = RawTable(layer.name, data, rows, crs=layer.crs if layer.has_geometry else None)
    if layer.has_geometry:
        build_geometries(table, [feature.get("geometry") for feature in features], log)
    return table


def _list_values(feature: Json) -> Json:
    """Return a feature's properties, and the plain values that it has beside them."""
    values = get_properties(feature)
    beside = {
        name: value
        for name, value in feature.items()
        if name not in (*_MEMBERS, *values) and isinstance(value, (str, int, float))
    }
    return values | beside if beside else values


def _explain_item(item: object) -> tuple[str, str]:
    """Return an item that is no feature as text, and the reason."""
    if not isinstance(item, dict):
        return str(item)[:300], "It is not a feature or a record."
    why = f"Its type is {printable(item.get('type'), 40)!r}, not Feature."
    return json.dumps(item, ensure_ascii=False)[:300], why


def _nested_error() -> FileRejectedError:
    why = "Its JSON is nested too deeply, or has a number that is too long."
    return FileRejectedError(why, REMEDY)


def _parse_document(text: str, log: Diagnostics) -> object:
    """Return the parsed text: a list if there is one value a line."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" or "\x1e" in text[:_PEEK]:
            return _parse_values(text) or _parse_lines(text, log)
        raise FileRejectedError(*explain_json_error(error)) from error
    except (RecursionError, ValueError) as error:
        raise _nested_error() from error
    return replace_surrogates(document) if "\\u" in text else document


class _BrokenLine(NamedTuple):
    """A line that is not valid JSON."""

    text: str
    why: str
    line: int


def _parse_values(text: str) -> list[object]:
    """Return values that follow each other, not one a line; empty if one is invalid."""
    items: list[object] = []
    parser, at = json.JSONDecoder(), 0
    text = text.strip()
    with suppress(json.JSONDecodeError):
        while at < len(text):
            item, end = parser.raw_decode(text, at)
            after = found.start() if (found := _TEXT.search(text, end)) else len(text)
            if not items and "\n" not in text[at:end] and "\n" in text[end:after]:
                break  # one a line
            items.append(replace_surrogates(item))
            at = after
        else:
            return items
    return []


def _parse_lines(text: str, log: Diagnostics) -> list[object]:
    """Return the values of newline-delimited JSON, and a _BrokenLine for invalid JSON."""
    items: list[object] = []
    for number, line in enumerate(text.replace("\x1e", "\n").split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line.rstrip().removesuffix(","))
            item = replace_surrogates(item) if "\\u" in line else item
            items += _list_collection(item) or [item]
        except (ValueError, RecursionError) as error:
            cause = f" ({error.msg})" if isinstance(error, json.JSONDecodeError) else ""
            items.append(_BrokenLine(line, f"The line is not JSON{cause}.", number))
    if not any(isinstance(one, dict) for one in items):
        broken = [one.why for one in items if isinstance(one, _BrokenLine)]
        why = broken[0] if broken else "Its lines are JSON, but not features or records."
        raise FileRejectedError(f"It is not GeoJSON. {why}", _RECORDS_REMEDY)
    log.inform("Each line is one row.")
    return items


def _list_collection(document: object) -> list[object] | None:
    """Return the features of a collection; None for anything else."""
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        return None
    features: list[object] = document["features"]
    is_geojson = document.get("type") == "FeatureCollection" or any(map(is_feature, features))
    return features if is_geojson else None


def _unwrap_list(document: object) -> object:
    """Return the features of a list of collections; a list of Esri's features in its frame."""
    if not isinstance(document, list) or not document:
        return document
    if any(collections := [_list_collection(one) for one in document]):
        return [one for some in collections for one in some or []]
    if all(as_dict(as_dict(one).get("attributes")) for one in document):
        return {"features": document}
    return document


def _find_layers(document: object, log: Diagnostics) -> list[JsonLayer]:
    """Return the layers of a document: GeoJSON, else what its kind of JSON can be read as."""
    document = _unwrap_list(document)
    items = document if isinstance(document, list) else _list_collection(document)
    if is_feature(document):
        items = [document]
    if items is not None and (items is not document or any(map(is_feature, items))):
        items = [one for some in items for one in _list_collection(some) or [some]]
        return [_list_features(items, _parse_crs_member(document, log))]
    layers: list[JsonLayer] = []
    if isinstance(document, dict) and document.get("type") != "FeatureCollection":
        layers = _read_known(document, log)
    if not layers:
        crs = None if _looks_projected(document) else parse_crs("OGC:CRS84")
        layers = find_records(document, crs)
    if not layers:
        raise _not_geojson_error(document)
    log.detected = replace(log.detected, format="JSON")
    return layers


def _read_known(document: Json, log: Diagnostics) -> list[JsonLayer]:
    try:
        for read in (json_shapes.read_esri, json_shapes.read_topology, read_feed):
            if layers := read(document, log):
                return layers
    except _JSON_ERRORS as error:
        why = f"Its JSON is not complete, or not in its usual form ({printable(error, 80)})."
        raise FileRejectedError(why, "Export it as GeoJSON.") from error
    return []


def _list_features(items: Sequence[object], crs: CRS | None) -> JsonLayer:
    """Return the items that are features, or geometries, as a layer."""
    features: list[tuple[int, Json]] = []
    broken: list[tuple[int, object]] = []
    for row, item in enumerate(items, 1):
        if not isinstance(item, dict) or item.get("type", "Feature") not in (
            *("Feature",),
            *GEOMETRY_TYPES,
        ):
            broken.append((row, item))
        else:
            is_geometry = item.get("type") in GEOMETRY_TYPES
            features.append((row, {"geometry": item} if is_geometry else item))
    placed = any(one.get("geometry") is not None for _, one in features)
    in_columns = not placed and any(has_side(get_properties(one)) for _, one in features[:1])
    return JsonLayer("", features, crs, not in_columns, tuple(broken))


def _not_geojson_error(document: object) -> FileRejectedError:
    """Return the error for JSON that has no features and no records."""
    if isinstance(document, list):
        why = "It is a JSON list, but not of features or records."
        return FileRejectedError(why, _RECORDS_REMEDY)
    if not isinstance(document, dict):
        return FileRejectedError("It is JSON, but not GeoJSON.", _RECORDS_REMEDY)
    kind = document.get("type")
    for key in ("error", "remark", "message"):
        if told := printable(as_dict(document.get(key)).get("message") or document.get(key)):
            why = f"It is an answer without records; its {key} is “{told}”."
            return FileRejectedError(why, "Ask for the records again.")
    if kind == "FeatureCollection":
        return FileRejectedError("Its 'features' is not a list.", REMEDY)
    if {"geometryType", "spatialReference"} & document.keys():
        remedy = "Export it as GeoJSON (f=geojson in a service's address)."
        return FileRejectedError("It is Esri's JSON without features, not GeoJSON.", remedy)
    empty = [key for key, value in document.items() if value in ([], None)]
    if empty and kind is None:
        why = f"It is JSON without records: {quote_names(empty)} is empty."
        return FileRejectedError(why, "Ask for the records again, or export them.")
    what = "JSON without a type" if kind is None else f"JSON of type {printable(kind, 40)!r}"
    if kind == "Topology":
        what = "a TopoJSON file without objects"
    return FileRejectedError(f"It is {what}, not GeoJSON.", _RECORDS_REMEDY)


def _parse_crs_member(document: object, log: Diagnostics) -> CRS | None:
    """Return WGS 84 (RFC 7946), or the CRS that an older "crs" member names; links are ignored."""
    member = document.get("crs") if isinstance(document, dict) else None
    if member is None or not isinstance(document, dict):
        return None if _looks_projected(document) else parse_crs("OGC:CRS84")
    name = get_crs_name(document)
    if as_dict(member).get("type") == "EPSG":  # GeoJSON before 2008
        name = f"EPSG:{get_properties(as_dict(member)).get('code')}"
    if name is not None:
        found = _CRS_NAME.search(name)
        with suppress(FileRejectedError):
            return parse_crs_text(f"{found[1]}:{found[2]}" if found else name)
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
