"""Read the placemarks of all folders in KML and KMZ; links are not fetched."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

import shapely
from shapely.errors import ShapelyError

from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import format_count, printable, quote_names
from geo.ingest.readers import safe_xml as xml
from geo.ingest.readers.zip_archive import ZipArchive
from geo.text.slugs import make_unique

_FOLDERS = ("Document", "Folder", "kml")
_SHAPES = (
    *("Point", "LineString", "LinearRing", "Polygon", "Track", "MultiTrack", "Model"),
    *("MultiGeometry", "MultiPoint", "MultiLineString", "MultiPolygon"),
)
_LINKS = ("NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay")
_VALUES = ("name", "description", "address", "phoneNumber", "Snippet", "styleUrl")
_TIMES = (("TimeStamp", "when"), ("TimeSpan", "begin"), ("TimeSpan", "end"))
_MULTI = {
    "Point": shapely.MultiPoint,
    "LineString": shapely.MultiLineString,
    "Polygon": shapely.MultiPolygon,
}
_SPACE = re.compile(r"\s+")
_REMEDY = "Write longitude,latitude such as 35.9487,35.4011."
_MAX_DEPTH = 100


def read_kmz(body: bytes, log: Diagnostics) -> list[RawTable]:
    """Return the folders of the main KML document in a KMZ archive."""
    archive = ZipArchive(body, log.limits)
    names = archive.names(".kml")
    if not names:
        remedy = "Save it from Google Earth again, as .kmz or .kml."
        raise FileRejectedError("There is no .kml in the archive.", remedy)
    main = next((name for name in names if name.lower() == "doc.kml"), names[0])
    if len(names) > 1:
        others = quote_names(name for name in names if name != main)
        log.warn(f"Only {quote_names([main])} of the archive is read; {others} is not.")
    return read_kml(archive.read(main), log)


def read_kml(body: bytes, log: Diagnostics) -> list[RawTable]:
    """Return one table for each folder.

    Columns are name, description, begin, end, when, address, styleUrl, as far as a placemark has
    them, and each value of its extended data under its own name.
    """
    root = xml.parse_xml(body, "KML", (*_FOLDERS, "Placemark"), log)
    folders: dict[tuple[str, ...], list[xml.XmlRow]] = {}
    links: Counter[str] = Counter()
    marks = _iterate_placemarks(root, _Folder((), {}), links, 0)
    for total, (folder, mark) in enumerate(marks, 1):
        log.limits.check_rows(total, "placemarks")
        values = _read_values(mark, folder.times)
        row = xml.XmlRow(values, *_parse_geometry(mark), _has_open_ring(mark))
        folders.setdefault(folder.path, []).append(row)
    _warn_links(links, log)
    if not folders:
        raise FileRejectedError("It has no placemarks.", "Export the placemarks themselves.")
    top = ""
    if len(folders) > 1:
        top = xml.read_child(root.find("{*}Document"), "name") or "outside of folders"
    return [
        xml.build_table(" / ".join(path) or top, rows, _REMEDY, log)
        for path, rows in folders.items()
    ]


class _Folder(NamedTuple):
    """The names of the folders around a placemark, and the times that it inherits from them."""

    path: tuple[str, ...]
    times: dict[str, str | None]


def _iterate_placemarks(
    element: Element, folder: _Folder, links: Counter[str], depth: int
) -> Iterator[tuple[_Folder, Element]]:
    """Yield the placemarks below an element, each with its folder."""
    if depth > _MAX_DEPTH:
        raise FileRejectedError("Its folders are nested too deeply.", "Export it again.")
    if xml.local_name(element) == "Placemark":
        yield folder, element
        return
    folder = _Folder(folder.path, _read_times(element) or folder.times)
    for one in element:
        name = xml.local_name(one)
        if name == "Placemark":
            yield folder, one
        elif name in _FOLDERS:
            title = xml.read_child(one, "name") if name == "Folder" else None
            path = (*folder.path, title) if title else folder.path
            yield from _iterate_placemarks(one, _Folder(path, folder.times), links, depth + 1)
        elif name in _LINKS:
            links[name] += 1


def _warn_links(links: Counter[str], log: Diagnostics) -> None:
    if network := links.pop("NetworkLink", 0):
        count = format_count(network, "network link")
        log.warn(f"{count} to other files or addresses: not followed; only this file is read.")
    if links:
        count = format_count(links.total(), "picture overlay")
        log.inform(f"{count} left out: only placemarks are read.")


def _read_times(element: Element) -> dict[str, str | None]:
    """Return the time stamp, or begin and end of the time span, of a placemark or folder."""
    given = {name: xml.read_child(element.find(f"{{*}}{parent}"), name) for parent, name in _TIMES}
    return {name: value for name, value in given.items() if value is not None}


def _read_values(mark: Element, inherited: dict[str, str | None]) -> dict[str, str | None]:
    """Return a placemark's values; a repeated name gets a number, such as "name_2"."""
    given = {"id": mark.get("id") or None} | {name: xml.read_child(mark, name) for name in _VALUES}
    given |= _read_times(mark) | _read_track_times(mark) or inherited
    record: dict[str, str | None]
    record = {name: value for name, value in given.items() if value is not None}
    extended = list(_read_extended_data(mark))
    names = make_unique((name for name, _ in extended), record)
    return record | {name: value for name, (_, value) in zip(names, extended, strict=True)}


def _read_track_times(mark: Element) -> dict[str, str | None]:
    """Return the first and the last time of a placemark's tracks."""
    times = sorted(filter(None, map(xml.read_text, mark.iterfind(".//{*}Track/{*}when"))))
    return {"begin": times[0], "end": times[-1]} if times else {}


def _read_extended_data(mark: Element) -> Iterator[tuple[str, str | None]]:
    extended = mark.find("{*}ExtendedData")
    for one in () if extended is None else extended:
        kind = xml.local_name(one)
        if kind == "Data":
            yield one.get("name") or "value", xml.read_child(one, "value")
        elif kind == "SchemaData":
            for simple in one.iterfind("{*}SimpleData"):
                yield simple.get("name") or "value", xml.read_text(simple)
        elif not len(one):
            yield kind or "value", xml.read_text(one)


def _parse_geometry(mark: Element) -> tuple[shapely.Geometry | None, str, str]:
    """Return a placemark's geometry, or the value and the reason why it has none.

    Of several the first that is not empty: Google's location history has an empty point before
    each track.
    """
    empty = None
    for one in mark:
        if xml.local_name(one) in _SHAPES:
            try:
                if not (shape := _build_geometry(one, 0)).is_empty:
                    return shape, "", ""
                empty = empty or shape
            except _CoordinateError as error:
                why, value = error.args
                return None, value, why
            except (ShapelyError, ValueError) as error:
                fault = str(error).rpartition("Exception: ")[2].strip()
                why = f"The geometry cannot be built ({printable(fault, 80)})."
                return None, xml.local_name(one), why
    if address := xml.read_child(mark, "address"):
        return None, address, "It has an address and no coordinates; addresses are not looked up."
    return empty, "", ""


def _has_open_ring(mark: Element) -> bool:
    """Return whether a ring of a placemark does not end where it begins."""
    rings = [xml.read_child(one, "coordinates") for one in mark.iterfind(".//{*}LinearRing")]
    ends = [(text.split()[0], text.split()[-1]) for text in rings if text]
    return any(first.split(",")[:2] != last.split(",")[:2] for first, last in ends)


class _CoordinateError(Exception):
    """The reason, and the faulty value."""


def _build_geometry(element: Element, depth: int) -> shapely.Geometry:
    kind = xml.local_name(element)
    if depth > _MAX_DEPTH:
        raise _CoordinateError("The geometry is nested too deeply.", kind)
    if kind.startswith("Multi"):  # MultiPolygon is not KML, but is written and read by others
        kinds = ("Track",) if kind == "MultiTrack" else _SHAPES
        parts = [_build_geometry(one, depth + 1) for one in element if xml.local_name(one) in kinds]
        parts = [part for part in parts if not part.is_empty]
        types = {part.geom_type for part in parts}
        only = types.pop() if len(types) == 1 else ""
        return _MULTI.get(only, shapely.GeometryCollection)(parts)
    if kind == "Model":
        where = element.find("{*}Location")
        names = ("longitude", "latitude") if where is not None else ()
        texts = [xml.read_child(where, name) or "" for name in names]
        return shapely.Point(_parse_coordinate(",".join(texts)))
    if kind == "Track":
        given = filter(None, map(xml.read_text, element.iterfind("{*}coord")))  # empty: not known
        return _build_line(_even_out([_parse_coordinate(",".join(text.split())) for text in given]))
    if kind == "Polygon":
        rings = [_parse_ring(one) for one in element.iterfind("{*}outerBoundaryIs")]
        holes = [_parse_ring(one) for one in element.iterfind("{*}innerBoundaryIs")]
        return shapely.Polygon(rings[0], holes) if rings else shapely.Polygon()
    places = _parse_coordinates(element)
    if kind == "Point":
        if len(places) > 1:
            raise _CoordinateError("A point has more than one coordinate.", str(places)[:100])
        return shapely.Point(places[0]) if places else shapely.Point()
    return _build_line(places)


def _build_line(places: list[tuple[float, ...]]) -> shapely.Geometry:
    return shapely.LineString(places) if len(places) != 1 else shapely.Point(places[0])


def _parse_ring(boundary: Element) -> list[tuple[float, ...]]:
    return _parse_coordinates(boundary.find("{*}LinearRing"))


def _parse_coordinates(element: Element | None) -> list[tuple[float, ...]]:
    text = _SPACE.sub(" ", xml.read_child(element, "coordinates") or "")
    text = text.replace(" ,", ",").replace(", ", ",")
    return _even_out([_parse_coordinate(one) for one in text.split()])


def _even_out(places: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """Return coordinates without heights if only some have one."""
    if len({len(place) for place in places}) > 1:
        return [place[:2] for place in places]
    return places


def _parse_coordinate(text: str) -> tuple[float, ...]:
    parts = text.split(",")
    try:
        if not 2 <= len(parts) <= 3:
            raise ValueError
        place = tuple(float(part) for part in parts if part)
        if len(place) < 2 or any("_" in part for part in parts):
            raise ValueError
    except ValueError:
        raise _CoordinateError("It is not longitude,latitude.", text[:200]) from None
    if not all(map(math.isfinite, place)):
        raise _CoordinateError("A coordinate is not a finite number (NaN or infinity).", text[:200])
    return place
