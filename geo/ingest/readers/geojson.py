"""GeoJSON by the json module: a collection, one feature, a bare geometry, or one a line.

GDAL never sees it, and nothing that it links to is fetched.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from geo.ingest.base.column_types import frame_of
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.safe_text import printable
from geo.ingest.checks.geometry_checks import crs_named
from geo.ingest.readers import opensky
from geo.ingest.readers.encoding import decoded
from geo.ingest.readers.json_geometry import TYPES, build
from geo.store.core.normalise import parse_crs
from geo.store.formats.geojson import REMEDY, explain_json_error, get_crs_name, get_properties
from geo.text.unicode import replace_surrogates


def read_geojson(body: bytes, log: Diagnostics, choices: ImportOptions) -> tuple[RawTable, str]:
    """Return the features of a GeoJSON text, and its encoding.

    Raises
    ------
    RefusedError
        When it is not JSON, or not GeoJSON.
    """
    text = decoded(body, log, choices.encoding)
    document, said = _document(text.text, log)
    features = list(_features(document, log))
    if len(features) > log.limits.rows:
        why = f"It holds {len(features):,} features; the limit is {log.limits.rows:,}."
        raise FileRejectedError(why, "Split it, or keep the features that are needed.")
    if not features and not log.lost:
        raise FileRejectedError("It holds no features.", "Export it again, with its features.")
    records = [get_properties(feature) for _, feature in features]
    data = frame_of(records, log.limits.columns)
    if "id" not in data.columns and any(_id(one) is not None for _, one in features):
        ids = frame_of([{"id": _id(one)} for _, one in features], 1)
        data.insert(0, "id", ids["id"])
    rows = np.array([row for row, _ in features], dtype=int)
    table = RawTable("", data, rows, np.full(len(features), None, dtype=object), said)
    build(table, [feature.get("geometry") for _, feature in features], log)
    return table, text.encoding


def _document(text: str, log: Diagnostics) -> tuple[Any, Any]:
    """Return the parsed text (a list of features where there is one a line) and its CRS."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        several = error.msg == "Extra data" or text.lstrip()[:1] == "\x1e"
        if several:
            return _by_line(text, log), parse_crs("OGC:CRS84")
        raise FileRejectedError(*explain_json_error(error)) from error
    except (RecursionError, ValueError) as error:
        why = "Its JSON is nested too deeply, or holds a number that is too long."
        raise FileRejectedError(why, REMEDY) from error
    if "\\u" in text:
        document = replace_surrogates(document)
    return document, _crs(document, log)


def _by_line(text: str, log: Diagnostics) -> list[Any]:
    """Return the features of newline-delimited GeoJSON; a broken line is set aside."""
    found: list[Any] = []
    number = 0
    for line_number, line in enumerate(text.replace("\x1e", "\n").split("\n"), 1):
        if not line.strip():
            continue
        number += 1
        try:
            found.append(
                replace_surrogates(json.loads(line)) if "\\u" in line else json.loads(line)
            )
        except (ValueError, RecursionError) as error:
            said = f" ({error.msg})" if isinstance(error, json.JSONDecodeError) else ""
            why = f"The line is not JSON{said}."
            found.append(_Broken(line, why, line_number))
    good = [one for one in found if not isinstance(one, _Broken)]
    if not any(isinstance(one, dict) and "type" in one for one in good):
        first = (
            next(one for one in found if isinstance(one, _Broken)) if len(good) < number else None
        )
        why = first.why if first else "Its lines are JSON, but no features."
        raise FileRejectedError(f"It is not GeoJSON. {why}", REMEDY)
    log.add_message("info", "One feature stands in each line.")
    return found


class _Broken:
    """A line that is not JSON."""

    def __init__(self, text: str, why: str, line: int) -> None:
        self.text, self.why, self.line = text, why, line


def _features(document: Any, log: Diagnostics) -> Iterator[tuple[int, dict[str, Any]]]:
    """Return (row, feature); what is no feature is set aside."""
    if isinstance(document, dict):
        kind = document.get("type")
        if kind == "FeatureCollection":
            if not isinstance(document.get("features"), list):
                raise FileRejectedError("Its 'features' is not a list.", REMEDY)
            items = document["features"]
        elif kind == "Feature" or kind in TYPES:
            items = [document]
        elif opensky.is_answer(document):
            log.add_message("info", "It is an answer of OpenSky's API: each state is a row.")
            items = opensky.features(document)
        else:
            raise _other(document)
    elif isinstance(document, list):
        items = document
        if not any(isinstance(one, dict) and "type" in one for one in items):
            raise FileRejectedError("It is a JSON list, but not of features.", REMEDY)
    else:
        raise FileRejectedError("It is JSON, but not GeoJSON.", REMEDY)
    for row, item in enumerate(items, 1):
        if isinstance(item, _Broken):
            log.reject_line("", row, item.text, item.why, "Write one feature a line.", item.line)
        elif not isinstance(item, dict):
            log.reject_line("", row, str(item)[:300], "It is not a feature.", REMEDY)
        elif item.get("type") in TYPES:
            yield row, {"geometry": item}
        elif item.get("type", "Feature") != "Feature":
            why = f"Its type is {printable(item.get('type'), 40)!r}, not Feature."
            log.reject_line("", row, json.dumps(item, ensure_ascii=False)[:300], why, REMEDY)
        else:
            yield row, item


def _other(document: dict[str, Any]) -> FileRejectedError:
    """Return what to say of JSON that is something else."""
    kind = document.get("type")
    if {"geometryType", "spatialReference"} & document.keys():
        remedy = "Export it as GeoJSON (f=geojson in a service's address)."
        return FileRejectedError("It is Esri's JSON, not GeoJSON.", remedy)
    said = "JSON without a type" if kind is None else f"JSON of type {printable(kind, 40)!r}"
    return FileRejectedError(
        f"It is {'a TopoJSON file' if kind == 'Topology' else said}, not GeoJSON.", REMEDY
    )


def _id(feature: dict[str, Any]) -> Any:
    value = feature.get("id")
    return value if isinstance(value, (str, int, float)) else None


def _crs(document: Any, log: Diagnostics) -> Any:
    """Return the system: WGS 84 (RFC 7946), or a code in the older form. Links are not followed."""
    said = document.get("crs") if isinstance(document, dict) else None
    if said is None:
        return None if _projected(document) else parse_crs("OGC:CRS84")
    name = get_crs_name(document)
    if name is not None:
        parts = [part for part in name.replace("::", ":").split(":") if part]
        try:
            return crs_named(
                ":".join(
                    (
                        parts[-3] if len(parts) > 3 and parts[-3] in ("EPSG", "OGC") else parts[-2],
                        parts[-1],
                    )
                )
                if len(parts) > 1
                else name
            )
        except FileRejectedError:
            pass
    log.add_message(
        "warning",
        "Its member “crs” is a link, or names a system that is not known "
        f"({printable(json.dumps(said), 80)}). Links are never followed.",
    )
    return None


def _projected(document: Any) -> bool:
    """Whether the first coordinate of a document cannot be degrees."""
    text = document.get("features", [document]) if isinstance(document, dict) else document
    for item in text[:50] if isinstance(text, list) else []:
        geometry = item.get("geometry", item) if isinstance(item, dict) else None
        place = geometry.get("coordinates") if isinstance(geometry, dict) else None
        while isinstance(place, list) and place and isinstance(place[0], list):
            place = place[0]
        if isinstance(place, list) and len(place) > 1 and all(_number(one) for one in place[:2]):
            return any(abs(one) > 1_000 for one in place[:2])
    return False


def _number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isinstance(value, int) or math.isfinite(value)  # no float holds some whole numbers
