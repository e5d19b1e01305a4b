"""Read GPX: waypoints as points, routes and tracks as lines."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import shapely

from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.file_content import FileContent
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.raw_table import RawTable
from geo.ingest.detect.coordinate_formats import parse_degrees
from geo.ingest.readers.safe_xml import (
    build_table,
    find_children,
    local_name,
    parse_xml,
    read_declared_encoding,
    read_text,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LAYERS = (("wpt", "waypoints"), ("rte", "routes"), ("trk", "tracks"))
_NESTED = ("rtept", "trkseg", "link", "extensions")
_REMEDY = "Give lat and lon in degrees."


def read_gpx(body: bytes, log: Diagnostics, options: ImportOptions) -> FileContent:
    """Return waypoints, routes and tracks as layers.

    A route or track also has the first and last time of its points, as ``start`` and ``end``.

    Raises
    ------
    FileRejectedError
        If it is not GPX, or empty.
    """
    root = parse_xml(body, "GPX")
    if local_name(root) != "gpx":
        why = f"It is XML, but not GPX: its root is “{local_name(root)[:40]}”."
        raise FileRejectedError(why, "Export it as GPX.")
    tables = []
    for tag, name in _LAYERS:
        elements = list(find_children(root, tag))
        log.limits.check_rows(len(elements), name)
        if elements:
            tables.append(_build_table(name, tag, elements, log))
    if not tables:
        raise FileRejectedError("It has no waypoint, route or track.", "Export it again.")
    return FileContent(tables, encoding=read_declared_encoding(body))


def _build_table(name: str, tag: str, elements: list[Element], log: Diagnostics) -> RawTable:
    records, geometries, faults = [], [], []
    for element in elements:
        record = _read_values(element)
        points = [element] if tag == "wpt" else list(_find_points(element, tag))
        places, value, why = _parse_points(points)
        if tag != "wpt":
            times = [next(map(read_text, find_children(point, "time")), None) for point in points]
            if given := sorted(filter(None, times)):
                record.setdefault("start", given[0])
                record.setdefault("end", given[-1])
        records.append(record)
        faults.append((value, why))
        geometries.append(None if why else _build_geometry(tag, element, places))
    return build_table(name, records, geometries, faults, _REMEDY, log)


def _find_points(element: Element, tag: str) -> Iterable[Element]:
    if tag == "rte":
        return find_children(element, "rtept")
    return (
        point for part in find_children(element, "trkseg") for point in find_children(part, "trkpt")
    )


def _read_values(element: Element) -> dict[str, str | None]:
    record: dict[str, str | None] = {}
    for one in element:
        name = local_name(one)
        if name == "link":
            record.setdefault("link", one.get("href"))
        elif name not in _NESTED and name and not len(one):
            record.setdefault(name, read_text(one))
    return record


def _parse_points(points: list[Element]) -> tuple[list[tuple[float, float]], str, str]:
    """Return (lon, lat) of points; if one is invalid, its value and the reason."""
    places = []
    for number, point in enumerate(points, 1):
        lon_lat = []
        for axis in ("lon", "lat"):
            text = (point.get(axis) or "").strip()
            value, why = parse_degrees(text, axis)
            if math.isnan(value):
                which = f" of point {number}" if len(points) > 1 else ""
                return [], text, f"Its {axis}{which} {why}."
            lon_lat.append(value)
        places.append((lon_lat[0], lon_lat[1]))
    return places, "", ""


def _build_geometry(
    tag: str, element: Element, places: list[tuple[float, float]]
) -> shapely.Geometry:
    if tag == "wpt":
        return shapely.Point(places[0])
    if tag == "rte":
        return _build_line(places)
    lines, start = [], 0
    for part in find_children(element, "trkseg"):
        size = sum(1 for _ in find_children(part, "trkpt"))
        lines.append(_build_line(places[start : start + size]))
        start += size
    whole = [line for line in lines if line.geom_type == "LineString" and not line.is_empty]
    if len(lines) == 1 or not whole:
        return lines[0] if lines else shapely.LineString()
    return whole[0] if len(whole) == 1 else shapely.MultiLineString(whole)


def _build_line(places: list[tuple[float, float]]) -> shapely.Geometry:
    return shapely.Point(places[0]) if len(places) == 1 else shapely.LineString(places)
