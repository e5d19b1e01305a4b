"""KML and KMZ: placemarks of all folders. Nothing that it links to is fetched."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.errors import ShapelyError

from geo.ingest.base.column_types import frame_of
from geo.ingest.base.diagnostics import Diagnostics, RawTable, counted, listed
from geo.ingest.base.model import FileRejectedError
from geo.ingest.readers.safe_xml import child, children, encoding_said, local, parsed, text_of
from geo.ingest.readers.zip_archive import Archive
from geo.store.core.normalise import parse_crs

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
_MEND = "Write longitude,latitude such as 35.9487,35.4011."
_DEEPEST = 100
_HREF = re.compile(r"<\s*(?:\w+:)?href", re.IGNORECASE)


@dataclass
class _Found:
    """Placemarks of one folder."""

    name: str
    records: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[shapely.Geometry | None] = field(default_factory=list)
    why: list[tuple[str, str]] = field(default_factory=list)
    """(value, why) where the geometry cannot be built, else ("", "")."""


def read_kmz(body: bytes, log: Diagnostics) -> tuple[list[RawTable], str]:
    """Return the folders of the first KML document in a KMZ archive."""
    archive = Archive(body, log.limits)
    names = archive.names(".kml")
    if not names:
        remedy = "Save it from Google Earth again, as .kmz or .kml."
        raise FileRejectedError("There is no .kml in the archive.", remedy)
    main = next((name for name in names if name.lower() == "doc.kml"), names[0])
    if len(names) > 1:
        others = [name for name in names if name != main]
        log.add_message(
            "warning", f"Only {listed([main])} of the archive is read; {listed(others)} is not."
        )
    return read_kml(archive.read(main), log)


def read_kml(body: bytes, log: Diagnostics) -> tuple[list[RawTable], str]:
    """Return one table a folder, and the encoding.

    Columns are name, description and what else a placemark has: begin, end, when, address,
    styleUrl, and each value of its extended data under its own name.

    Raises
    ------
    RefusedError
        When it is no KML, or one without placemarks.
    """
    root = parsed(body, "KML")
    if local(root) not in ("kml", "Document", "Folder", "Placemark"):
        raise FileRejectedError(
            f"It is XML, but not KML: its root is “{local(root)[:40]}”.", "Export it as KML."
        )
    folders: dict[tuple[str, ...], _Found] = {}
    links: dict[str, int] = {}
    for total, (path, mark) in enumerate(_marks(root, (), links, 0), 1):
        if total > log.limits.rows:
            why = f"It holds more than {log.limits.rows:,} placemarks, which is the limit."
            raise FileRejectedError(why, "Split it.")
        found = folders.setdefault(path, _Found(" / ".join(path)))
        found.records.append(_record(mark))
        shape, value, why = _place(mark)
        found.shapes.append(shape)
        found.why.append((value, why))
    _say_links(links, log)
    if not folders:
        raise FileRejectedError("It holds no placemarks.", "Export the placemarks themselves.")
    return [_table(found, log) for found in folders.values()], encoding_said(body)


def _marks(
    element: Element, path: tuple[str, ...], links: dict[str, int], depth: int
) -> Iterator[tuple[tuple[str, ...], Element]]:
    """Return the placemarks below an element, each with the names of its folders."""
    if depth > _DEEPEST:
        raise FileRejectedError("Its folders are nested too deeply.", "Export it again.")
    if local(element) == "Placemark":
        yield path, element
        return
    for one in element:
        name = local(one)
        if name == "Placemark":
            yield path, one
        elif name in _FOLDERS:
            title = text_of(child(one, "name")) if name == "Folder" else None
            yield from _marks(one, (*path, title) if title else path, links, depth + 1)
        elif name in _LINKS:
            links[name] = links.get(name, 0) + 1


def _say_links(links: dict[str, int], log: Diagnostics) -> None:
    if "NetworkLink" in links:
        log.add_message(
            "warning",
            f"{counted(links.pop('NetworkLink'), 'network link')} to other files or "
            "addresses: not followed; only what is in this file is read.",
        )
    if links:
        log.add_message(
            "warning",
            f"{counted(sum(links.values()), 'picture overlay')} left out: only "
            "placemarks are read.",
        )


def _record(mark: Element) -> dict[str, Any]:
    """Return a placemark's own values; a name that comes twice keeps its first place."""
    record: dict[str, Any] = {}
    if mark.get("id"):
        record["id"] = mark.get("id")
    for name in ("name", "description", "address", "phoneNumber", "Snippet", "styleUrl"):
        record[name] = text_of(child(mark, name))
    stamp, span = child(mark, "TimeStamp"), child(mark, "TimeSpan")
    if stamp is not None:
        record["when"] = text_of(child(stamp, "when"))
    if span is not None:
        record["begin"] = text_of(child(span, "begin"))
        record["end"] = text_of(child(span, "end"))
    record |= _track_times(mark)
    record = {name: value for name, value in record.items() if value is not None}
    extended = child(mark, "ExtendedData")
    for name, value in _extended(extended) if extended is not None else ():
        fresh, number = name, 1
        while fresh in record:
            number += 1
            fresh = f"{name}_{number}"
        record[fresh] = value
    return record


def _track_times(mark: Element) -> dict[str, Any]:
    """Return the first and the last time of a placemark's tracks."""
    tracks = [one for one in mark.iter() if local(one) == "Track"]
    times = sorted(
        filter(None, (text_of(when) for one in tracks for when in children(one, "when")))
    )
    return {"begin": times[0], "end": times[-1]} if times else {}


def _extended(extended: Element) -> Iterator[tuple[str, str | None]]:
    for one in extended:
        kind = local(one)
        if kind == "Data":
            yield one.get("name") or "value", text_of(child(one, "value"))
        elif kind == "SchemaData":
            for simple in children(one, "SimpleData"):
                yield simple.get("name") or "value", text_of(simple)
        elif not len(one):
            yield kind or "value", text_of(one)


def _place(mark: Element) -> tuple[shapely.Geometry | None, str, str]:
    """Return a placemark's geometry, or what stands in its place and why it is none."""
    for one in mark:
        if local(one) in _SHAPES:
            try:
                return _shape(one, 0), "", ""
            except _CoordinateError as error:
                return None, error.value, str(error)
            except (ShapelyError, ValueError) as error:
                return None, local(one), f"The geometry cannot be built ({str(error)[:80]})."
    address = text_of(child(mark, "address"))
    if address:
        return None, address, "It has an address and no coordinates; addresses are not looked up."
    return None, "", ""


class _CoordinateError(Exception):
    def __init__(self, why: str, value: str) -> None:
        super().__init__(why)
        self.value = value


def _shape(element: Element, depth: int) -> shapely.Geometry:
    kind = local(element)
    if depth > _DEEPEST:
        raise _CoordinateError("The geometry is nested too deeply.", kind)
    if kind == "MultiGeometry":
        parts = [_shape(one, depth + 1) for one in element if local(one) in _SHAPES]
        return _together(parts)
    if kind == "MultiTrack":
        return _together([_shape(one, depth + 1) for one in children(element, "Track")])
    if kind == "Model":
        where = child(element, "Location")
        texts = (
            [text_of(child(where, n)) or "" for n in ("longitude", "latitude")]
            if where is not None
            else []
        )
        return shapely.Point(_coordinate(",".join(texts)))
    if kind == "Track":
        places = [
            _coordinate(",".join((text_of(one) or "").split()))
            for one in children(element, "coord")
        ]
        return shapely.LineString(places) if len(places) != 1 else shapely.Point(places[0])
    if kind == "Polygon":
        rings = [_ring(one) for one in children(element, "outerBoundaryIs")]
        holes = [_ring(one) for one in children(element, "innerBoundaryIs")]
        return shapely.Polygon(rings[0], holes) if rings else shapely.Polygon()
    places = _coordinates(element)
    if kind == "Point":
        if len(places) > 1:
            raise _CoordinateError("A point has more than one coordinate.", str(places)[:100])
        return shapely.Point(places[0]) if places else shapely.Point()
    return shapely.LineString(places)


def _together(parts: list[shapely.Geometry]) -> shapely.Geometry:
    kinds = {part.geom_type for part in parts}
    several: dict[str, Any] = {
        "Point": shapely.MultiPoint,
        "LineString": shapely.MultiLineString,
        "Polygon": shapely.MultiPolygon,
    }
    if len(kinds) == 1 and (kind := kinds.pop()) in several:
        return several[kind](parts)
    return shapely.GeometryCollection(parts)


def _ring(boundary: Element) -> list[tuple[float, ...]]:
    ring = child(boundary, "LinearRing")
    return _coordinates(ring) if ring is not None else []


def _coordinates(element: Element) -> list[tuple[float, ...]]:
    text = _SPACE.sub(" ", text_of(child(element, "coordinates")) or "")
    text = text.replace(" ,", ",").replace(", ", ",")
    places = [_coordinate(one) for one in text.split()]
    if len({len(place) for place in places}) > 1:  # some with a height, some without
        return [place[:2] for place in places]
    return places


def _coordinate(text: str) -> tuple[float, ...]:
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


def _table(found: _Found, log: Diagnostics) -> RawTable:
    data = frame_of(found.records, log.limits.columns)
    shapes = np.full(len(data), None, dtype=object)
    shapes[:] = found.shapes
    table = RawTable(found.name, data, np.arange(1, len(data) + 1), shapes, parse_crs("OGC:CRS84"))
    bad = [at for at, (_, why) in enumerate(found.why) if why]
    values = [value for value, _ in found.why]
    table.set_aside(log, bad, "geometry", values, [found.why[at][1] for at in bad], _MEND)
    table.placeless[bad] = True
    return table
