"""Read GPX: waypoints as points, routes and tracks as lines."""

import math
from itertools import islice
from xml.etree.ElementTree import Element

import shapely

from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.detect.coordinate_formats import parse_degrees
from geo.ingest.readers import safe_xml as xml

_LAYERS = (("wpt", "waypoints"), ("rte", "routes"), ("trk", "tracks"))
_NESTED = ("rtept", "trkseg", "link", "extensions")
_REMEDY = "Give lat and lon in degrees."


def read_gpx(body: bytes, log: Diagnostics) -> list[RawTable]:
    """Return waypoints, routes and tracks as layers.

    A route or track also has the first and last time of its points, as ``start`` and ``end``.
    """
    root = xml.parse_xml(body, "GPX", ("gpx",), log)
    tables = []
    for tag, name in _LAYERS:
        elements = root.findall(f"{{*}}{tag}")
        log.limits.check_rows(len(elements), name)
        if elements:
            rows = [_read_row(element, tag) for element in elements]
            tables.append(xml.build_table(name, rows, _REMEDY, log))
    if not tables:
        raise FileRejectedError("It has no waypoint, route or track.", "Export it again.")
    return tables


def _read_row(element: Element, tag: str) -> xml.XmlRow:
    record = _read_values(element)
    if tag == "wpt":
        parts = [[element]]
    elif tag == "rte":
        parts = [element.findall("{*}rtept")]
    else:
        parts = [one.findall("{*}trkpt") for one in element.iterfind("{*}trkseg")]
    points = [point for part in parts for point in part]
    times = sorted(filter(None, (xml.read_child(point, "time") for point in points)))
    if times and tag != "wpt":
        record.setdefault("start", times[0])
        record.setdefault("end", times[-1])
    places, value, why = _parse_points(points)
    if why:
        return xml.XmlRow(record, None, value, why)
    left = iter(places)
    return xml.XmlRow(record, _build_geometry([list(islice(left, len(part))) for part in parts]))


def _read_values(element: Element) -> dict[str, str | None]:
    record: dict[str, str | None] = {}
    for one in element:
        name = xml.local_name(one)
        if name == "link":
            record.setdefault("link", one.get("href"))
        elif name not in _NESTED and name and not len(one):
            record.setdefault(name, xml.read_text(one))
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


def _build_geometry(parts: list[list[tuple[float, float]]]) -> shapely.Geometry:
    """Return a part as a point or line; several as the lines among them."""
    shapes = [shapely.Point(one[0]) if len(one) == 1 else shapely.LineString(one) for one in parts]
    lines = [one for one in shapes if one.geom_type == "LineString" and not one.is_empty]
    if len(shapes) == 1 or not lines:
        return shapes[0] if shapes else shapely.LineString()
    return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
