"""Read the placemarks of all folders in KML and KMZ; links are not fetched."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely
from shapely.errors import ShapelyError

from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.file_content import FileContent
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.base.safe_text import format_count, quote_names
from geo.ingest.readers.safe_xml import (
    build_table,
    find_child,
    find_children,
    local_name,
    parse_xml,
    read_declared_encoding,
    read_text,
)
from geo.ingest.readers.zip_archive import ZipArchive

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_FOLDERS = ("Document", "Folder", "kml")
_SHAPES = (
    "Point",
    "LineString",
    "LinearRing",
    "Polygon",
    "MultiGeometry",
    "Track",
    "MultiTrack",
    "Model",
)
_LINKS = ("NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay")
_SPACE = re.compile(r"\s+")
_REMEDY = "Write longitude,latitude such as 35.9487,35.4011."
_MAX_DEPTH = 100


@dataclass
class _Folder:
    """The placemarks of one folder."""

    records: list[dict[str, str | None]] = field(default_factory=list)
    geometries: list[shapely.Geometry | None] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    """(value, reason) where the geometry cannot be built, else ("", "")."""


def read_kmz(body: bytes, log: Diagnostics, options: ImportOptions) -> FileContent:
    """Return the folders of the main KML document in a KMZ archive."""
    archive = ZipArchive(body, log.limits)
    names = archive.names(".kml")
    if not names:
        remedy = "Save it from Google Earth again, as .kmz or .kml."
        raise FileRejectedError("There is no .kml in the archive.", remedy)
    main = next((name for name in names if name.lower() == "doc.kml"), names[0])
    if len(names) > 1:
        others = quote_names(name for name in names if name != main)
        text = f"Only {quote_names([main])} of the archive is read; {others} is not."
        log.add_message("warning", text)
    return read_kml(archive.read(main), log, options)


def read_kml(body: bytes, log: Diagnostics, options: ImportOptions) -> FileContent:
    """Return one table for each folder.

    Columns are name, description, begin, end, when, address, styleUrl, as far as a placemark has
    them, and each value of its extended data under its own name.

    Raises
    ------
    FileRejectedError
        If it is not KML, or has no placemarks.
    """
    root = parse_xml(body, "KML")
    if local_name(root) not in ("kml", "Document", "Folder", "Placemark"):
        why = f"It is XML, but not KML: its root is “{local_name(root)[:40]}”."
        raise FileRejectedError(why, "Export it as KML.")
    folders: dict[tuple[str, ...], _Folder] = {}
    links: Counter[str] = Counter()
    for total, (path, mark) in enumerate(_iterate_placemarks(root, (), links, 0), 1):
        log.limits.check_rows(total, "placemarks")
        folder = folders.setdefault(path, _Folder())
        geometry, value, why = _parse_geometry(mark)
        folder.records.append(_read_values(mark))
        folder.geometries.append(geometry)
        folder.faults.append((value, why))
    _warn_links(links, log)
    if not folders:
        raise FileRejectedError("It has no placemarks.", "Export the placemarks themselves.")
    tables = [
        build_table(" / ".join(path), one.records, one.geometries, one.faults, _REMEDY, log)
        for path, one in folders.items()
    ]
    return FileContent(tables, encoding=read_declared_encoding(body))


def _iterate_placemarks(
    element: Element, path: tuple[str, ...], links: Counter[str], depth: int
) -> Iterator[tuple[tuple[str, ...], Element]]:
    """Yield the placemarks below an element, each with the names of its folders."""
    if depth > _MAX_DEPTH:
        raise FileRejectedError("Its folders are nested too deeply.", "Export it again.")
    if local_name(element) == "Placemark":
        yield path, element
        return
    for one in element:
        name = local_name(one)
        if name == "Placemark":
            yield path, one
        elif name in _FOLDERS:
            title = read_text(find_child(one, "name")) if name == "Folder" else None
            yield from _iterate_placemarks(one, (*path, title) if title else path, links, depth + 1)
        elif name in _LINKS:
            links[name] += 1


def _warn_links(links: Counter[str], log: Diagnostics) -> None:
    network = links.pop("NetworkLink", 0)
    if network:
        text = (
            f"{format_count(network, 'network link')} to other files or addresses: not followed; "
        )
        log.add_message("warning", f"{text}only this file is read.")
    if links:
        text = (
            f"{format_count(links.total(), 'picture overlay')} left out: only placemarks are read."
        )
        log.add_message("warning", text)


def _read_values(mark: Element) -> dict[str, str | None]:
    """Return a placemark's values; a repeated name gets a number, such as "name_2"."""
    record: dict[str, str | None] = {}
    if mark.get("id"):
        record["id"] = mark.get("id")
    for name in ("name", "description", "address", "phoneNumber", "Snippet", "styleUrl"):
        record[name] = read_text(find_child(mark, name))
    stamp, span = find_child(mark, "TimeStamp"), find_child(mark, "TimeSpan")
    if stamp is not None:
        record["when"] = read_text(find_child(stamp, "when"))
    if span is not None:
        record["begin"] = read_text(find_child(span, "begin"))
        record["end"] = read_text(find_child(span, "end"))
    record |= _read_track_times(mark)
    record = {name: value for name, value in record.items() if value is not None}
    extended = find_child(mark, "ExtendedData")
    for name, value in _read_extended_data(extended) if extended is not None else ():
        fresh, number = name, 1
        while fresh in record:
            number += 1
            fresh = f"{name}_{number}"
        record[fresh] = value
    return record


def _read_track_times(mark: Element) -> dict[str, str | None]:
    """Return the first and the last time of a placemark's tracks."""
    tracks = [one for one in mark.iter() if local_name(one) == "Track"]
    times = sorted(
        filter(None, (read_text(when) for one in tracks for when in find_children(one, "when")))
    )
    return {"begin": times[0], "end": times[-1]} if times else {}


def _read_extended_data(extended: Element) -> Iterator[tuple[str, str | None]]:
    for one in extended:
        kind = local_name(one)
        if kind == "Data":
            yield one.get("name") or "value", read_text(find_child(one, "value"))
        elif kind == "SchemaData":
            for simple in find_children(one, "SimpleData"):
                yield simple.get("name") or "value", read_text(simple)
        elif not len(one):
            yield kind or "value", read_text(one)


def _parse_geometry(mark: Element) -> tuple[shapely.Geometry | None, str, str]:
    """Return a placemark's geometry, or the value and the reason why it has none."""
    for one in mark:
        if local_name(one) in _SHAPES:
            try:
                return _build_geometry(one, 0), "", ""
            except _CoordinateError as error:
                return None, error.value, str(error)
            except (ShapelyError, ValueError) as error:
                return None, local_name(one), f"The geometry cannot be built ({str(error)[:80]})."
    address = read_text(find_child(mark, "address"))
    if address:
        return None, address, "It has an address and no coordinates; addresses are not looked up."
    return None, "", ""


class _CoordinateError(Exception):
    def __init__(self, why: str, value: str) -> None:
        super().__init__(why)
        self.value = value


def _build_geometry(element: Element, depth: int) -> shapely.Geometry:
    kind = local_name(element)
    if depth > _MAX_DEPTH:
        raise _CoordinateError("The geometry is nested too deeply.", kind)
    if kind == "MultiGeometry":
        parts = [_build_geometry(one, depth + 1) for one in element if local_name(one) in _SHAPES]
        return _combine_parts(parts)
    if kind == "MultiTrack":
        return _combine_parts(
            [_build_geometry(one, depth + 1) for one in find_children(element, "Track")]
        )
    if kind == "Model":
        where = find_child(element, "Location")
        texts = (
            [read_text(find_child(where, n)) or "" for n in ("longitude", "latitude")]
            if where is not None
            else []
        )
        return shapely.Point(_parse_coordinate(",".join(texts)))
    if kind == "Track":
        places = [
            _parse_coordinate(",".join((read_text(one) or "").split()))
            for one in find_children(element, "coord")
        ]
        return shapely.LineString(places) if len(places) != 1 else shapely.Point(places[0])
    if kind == "Polygon":
        rings = [_parse_ring(one) for one in find_children(element, "outerBoundaryIs")]
        holes = [_parse_ring(one) for one in find_children(element, "innerBoundaryIs")]
        return shapely.Polygon(rings[0], holes) if rings else shapely.Polygon()
    places = _parse_coordinates(element)
    if kind == "Point":
        if len(places) > 1:
            raise _CoordinateError("A point has more than one coordinate.", str(places)[:100])
        return shapely.Point(places[0]) if places else shapely.Point()
    return shapely.LineString(places)


def _combine_parts(parts: list[shapely.Geometry]) -> shapely.Geometry:
    kinds = {part.geom_type for part in parts}
    multi: dict[str, Callable[[list[shapely.Geometry]], shapely.Geometry]] = {
        "Point": shapely.MultiPoint,
        "LineString": shapely.MultiLineString,
        "Polygon": shapely.MultiPolygon,
    }
    if len(kinds) == 1 and (kind := kinds.pop()) in multi:
        return multi[kind](parts)
    return shapely.GeometryCollection(parts)


def _parse_ring(boundary: Element) -> list[tuple[float, ...]]:
    ring = find_child(boundary, "LinearRing")
    return _parse_coordinates(ring) if ring is not None else []


def _parse_coordinates(element: Element) -> list[tuple[float, ...]]:
    text = _SPACE.sub(" ", read_text(find_child(element, "coordinates")) or "")
    text = text.replace(" ,", ",").replace(", ", ",")
    places = [_parse_coordinate(one) for one in text.split()]
    if len({len(place) for place in places}) > 1:  # some with a height, some without
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
