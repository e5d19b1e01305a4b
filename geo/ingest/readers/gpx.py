"""GPX: waypoints as points, routes and tracks as lines."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.ingest.base.column_types import frame_of
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.detect.coordinate_formats import angle
from geo.ingest.readers.safe_xml import children, encoding_said, local, parsed, text_of
from geo.store.core.normalise import parse_crs

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LAYERS = (("wpt", "waypoints"), ("rte", "routes"), ("trk", "tracks"))
_NESTED = ("rtept", "trkseg", "link", "extensions")
_MEND = "Give lat and lon in degrees."


def read_gpx(body: bytes, log: Diagnostics) -> tuple[list[RawTable], str]:
    """Return waypoints, routes and tracks, as far as there are any, and the encoding.

    A route or track has, beside its own values, the first and last time of its points as
    ``start`` and ``end``.

    Raises
    ------
    RefusedError
        When it is no GPX, or an empty one.
    """
    root = parsed(body, "GPX")
    if local(root) != "gpx":
        why = f"It is XML, but not GPX: its root is “{local(root)[:40]}”."
        raise FileRejectedError(why, "Export it as GPX.")
    tables = []
    for tag, name in _LAYERS:
        elements = list(children(root, tag))
        if len(elements) > log.limits.rows:
            why = f"It holds {len(elements):,} {name}; the limit is {log.limits.rows:,}."
            raise FileRejectedError(why, "Split it.")
        if elements:
            tables.append(_table(name, tag, elements, log))
    if not tables:
        raise FileRejectedError("It holds no waypoint, route or track.", "Export it again.")
    return tables, encoding_said(body)


def _table(name: str, tag: str, elements: list[Element], log: Diagnostics) -> RawTable:
    records, shapes, why, values = [], [], [], []
    for element in elements:
        record = _values(element)
        points = [element] if tag == "wpt" else list(_points(element, tag))
        places, bad, value = _places(points)
        if tag != "wpt":
            times = sorted(filter(None, (_time(point) for point in points)))
            if times:
                record.setdefault("start", times[0])
                record.setdefault("end", times[-1])
        records.append(record)
        why.append(bad)
        values.append(value)
        shapes.append(None if bad else _shape(tag, element, places))
    data = frame_of(records, log.limits.columns)
    array = np.full(len(data), None, dtype=object)
    array[:] = shapes
    table = RawTable(name, data, np.arange(1, len(data) + 1), array, parse_crs("OGC:CRS84"))
    at = [n for n, said in enumerate(why) if said]
    table.set_aside(log, at, "geometry", values, [why[n] for n in at], _MEND)
    table.placeless[at] = True
    return table


def _points(element: Element, tag: str) -> Iterable[Element]:
    if tag == "rte":
        return children(element, "rtept")
    return (point for part in children(element, "trkseg") for point in children(part, "trkpt"))


def _time(point: Element) -> str | None:
    return next((text_of(one) for one in children(point, "time")), None)


def _values(element: Element) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for one in element:
        name = local(one)
        if name == "link":
            record.setdefault("link", one.get("href"))
        elif name not in _NESTED and name and not len(one):
            record.setdefault(name, text_of(one))
    return record


def _places(points: list[Element]) -> tuple[list[tuple[float, float]], str, str]:
    """Return (lon, lat) of points, and why one of them has none, with its value."""
    places = []
    for number, point in enumerate(points, 1):
        pair = []
        for key, axis in (("lon", "lon"), ("lat", "lat")):
            text = (point.get(key) or "").strip()
            value, why = angle(text, axis)
            if math.isnan(value):
                which = f" of point {number}" if len(points) > 1 else ""
                return [], f"Its {key}{which} {why}.", text
            pair.append(value)
        places.append((pair[0], pair[1]))
    return places, "", ""


def _shape(tag: str, element: Element, places: list[tuple[float, float]]) -> shapely.Geometry:
    if tag == "wpt":
        return shapely.Point(places[0])
    if tag == "rte":
        return _line(places)
    lines, start = [], 0
    for part in children(element, "trkseg"):
        size = sum(1 for _ in children(part, "trkpt"))
        lines.append(_line(places[start : start + size]))
        start += size
    whole = [line for line in lines if line.geom_type == "LineString" and not line.is_empty]
    if len(lines) == 1 or not whole:
        return lines[0] if lines else shapely.LineString()
    return whole[0] if len(whole) == 1 else shapely.MultiLineString(whole)


def _line(places: list[tuple[float, float]]) -> shapely.Geometry:
    return shapely.Point(places[0]) if len(places) == 1 else shapely.LineString(places)
