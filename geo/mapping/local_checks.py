"""Check a file of better local geography: `basemap/local/*.geojson`, as docs/cases.md describes.

Files are read with the json module only. Every fault is listed as "file, feature, field: why
(value), remedy"; a file with a fault is not drawn.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import EvidenceError
from geo.evidence import find_case_meridian
from geo.evidence.case import builtin_case
from geo.evidence.json_records import RecordFault
from geo.meridian import unwrap_box, unwrap_longitude

AREAS, LINES = ("Polygon", "MultiPolygon"), ("LineString", "MultiLineString")
KINDS: Mapping[str, tuple[str, ...]] = {
    "aprons": AREAS,
    "taxiways": AREAS + LINES,
    "roads": LINES,
    "quays": AREAS + LINES,
}
NEEDED = ("kind", "source", "licence")
FIELDS = (*NEEDED, "name", "attribution", "accuracy")
MEMBERS = ("type", "features", "bbox", "crs", *FIELDS)
CRS84 = "urn:ogc:def:crs:OGC:1.3:CRS84"
MOST_BYTES, MOST_CORNERS, MOST_LETTERS = 2_000_000, 50_000, 300
_SHOWN = 80  # letters of a value in a message
_DEPTH = {"LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


class _FileFaults:
    """The faults of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[RecordFault] = []

    def add(self, feature: str, field: str, why: str, value: object, remedy: str) -> None:
        """Add a fault of a feature, or of the file where `feature` is empty."""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        short = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
        self.found.append(RecordFault(self.file, feature, field, why, short, remedy))


LocalFeature = tuple[BaseGeometry, dict[str, str]]


def check_local_file(path: Path) -> tuple[list[LocalFeature], list[RecordFault]]:
    """Return the features of a file in degrees (EPSG:4326), each with its fields, and its faults.

    What the file says of itself holds for each feature that does not say otherwise.
    """
    faults = _FileFaults(path.name)
    content = _read(path, faults)
    features: list[LocalFeature] = []
    if isinstance(content, dict):
        try:
            features = _check_collection(content, faults)
        except RecursionError:
            faults.add("", "features", "nested too deeply", "", "write plain GeoJSON")
    return features, faults.found


def _read(path: Path, faults: _FileFaults) -> object:
    remedy = "write a GeoJSON FeatureCollection in UTF-8"
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            why = f"larger than {MOST_BYTES:,} bytes"
            faults.add("", "", why, f"{size:,}", "thin its lines or cut it to the place")
            return None
        content = json.loads(
            path.read_bytes().decode("utf-8-sig"),
            parse_constant=_reject_constant,
            object_pairs_hook=_reject_repeats,
        )
    except OSError as error:
        faults.add("", "", "cannot be read", error.strerror or "", "name a file that can be read")
        return None
    except (ValueError, RecursionError) as error:
        faults.add("", "", "is no JSON", " ".join(str(error).split()), remedy)
        return None
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        value = content.get("type") if isinstance(content, dict) else content
        faults.add("", "type", "is no FeatureCollection", value, remedy)
        return None
    return content


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _reject_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} stands twice in one object")
    return found


def _check_collection(content: dict[str, object], faults: _FileFaults) -> list[LocalFeature]:
    for name in content.keys() - set(MEMBERS):
        faults.add("", name, "no such field", content[name], "remove it")
    crs = content.get("crs")
    if "crs" in content and crs != {"type": "name", "properties": {"name": CRS84}}:
        remedy = "write longitude and latitude in degrees (EPSG:4326), and no crs"
        faults.add("", "crs", "GeoJSON has no other coordinate system", crs, remedy)
    common = _check_fields(content, "", faults)
    raw = content.get("features")
    if not isinstance(raw, list) or not raw:
        faults.add("", "features", "holds no feature", raw, "write at least one, or no file")
        return []
    found: list[LocalFeature] = []
    seen: dict[bytes, str] = {}
    for number, feature in enumerate(raw, start=1):
        shown = f"feature {number}"
        one = _check_feature(feature, shown, (content, common), faults)
        if one is None:
            continue
        first = seen.setdefault(shapely.to_wkb(shapely.normalize(one[0])), shown)
        if first != shown:
            faults.add(shown, "geometry", f"the same as that of {first}", "", "remove one of them")
        found.append(one)
    corners = sum(int(shapely.get_num_coordinates(shape)) for shape, _ in found)
    if corners > MOST_CORNERS:
        why = f"more than {MOST_CORNERS:,} corners"
        faults.add("", "features", why, f"{corners:,}", "thin its lines or cut it to the place")
    return found


def _check_fields(record: dict[str, object], shown: str, faults: _FileFaults) -> dict[str, str]:
    """Return the fields that a file or a feature has."""
    found = {}
    for name in FIELDS:
        value = record.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or not value.strip():
            faults.add(shown, name, "is no text", value, "write words, or leave it out")
        elif len(value) > MOST_LETTERS or not value.isprintable():
            why = f"longer than {MOST_LETTERS} letters, or with line ends or control characters"
            faults.add(shown, name, why, value, "write one short line")
        elif name == "kind" and value not in KINDS:
            faults.add(shown, name, "no such kind", value, f"write one of {', '.join(KINDS)}")
        else:
            found[name] = value.strip()
    return found


def _check_feature(
    feature: object,
    shown: str,
    common: tuple[dict[str, object], dict[str, str]],
    faults: _FileFaults,
) -> LocalFeature | None:
    """Check a feature; `common` is the file's own content, and the valid fields in it."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        faults.add(shown, "type", "is no Feature", feature, 'write {"type": "Feature", …}')
        return None
    own = feature.get("properties")
    if own is not None and not isinstance(own, dict):
        faults.add(shown, "properties", "is no object", own, "write an object or null")
        return None
    own = own or {}
    for name in own.keys() - set(FIELDS):
        faults.add(shown, name, "no such field", own[name], f"use {', '.join(FIELDS)} only")
    known = common[1] | _check_fields(own, shown, faults)
    for name in NEEDED:
        if name not in known and own.get(name) is None and common[0].get(name) is None:
            remedy = "write it for the feature or for the whole file"
            faults.add(shown, name, "is missing", None, remedy)
    kind = known.get("kind", "")
    shape = _check_geometry(feature.get("geometry"), shown, kind, faults)
    return None if shape is None or not kind else (shape, known)


def _check_geometry(
    geometry: object, shown: str, kind: str, faults: _FileFaults
) -> BaseGeometry | None:
    types = KINDS.get(kind, AREAS + LINES)
    given = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or given not in types:
        why = f"no geometry for {kind or 'this'}"
        faults.add(shown, "geometry", why, given, f"draw it as {', '.join(types)}")
        return None
    fault = next(_find_bad_positions(geometry.get("coordinates"), _DEPTH[given]), None)
    if fault is not None:
        why, value = fault
        remedy = "write longitude, then latitude, in degrees"
        faults.add(shown, "coordinates", why, value, remedy)
        return None
    try:
        shape: BaseGeometry = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except shapely.errors.ShapelyError as error:
        remedy = "close each ring, with at least four positions, and give lines two"
        faults.add(shown, "coordinates", "no such shape", " ".join(str(error).split()), remedy)
        return None
    if shapely.is_empty(shape):
        faults.add(shown, "coordinates", "is empty", given, "draw it, or remove the feature")
        return None
    if not shapely.is_valid(shape):
        why = "crosses or touches itself"
        faults.add(shown, "coordinates", why, shapely.is_valid_reason(shape), "draw it anew there")
        return None
    return shape if _check_place(shape, shown, faults) else None


def _find_bad_positions(value: object, depth: int) -> Iterator[tuple[str, object]]:
    """Yield each position that cannot be drawn, with the reason."""
    if depth:
        if not isinstance(value, list) or not value:
            yield "is no list of positions", value
            return
        for one in value:
            yield from _find_bad_positions(one, depth - 1)
        return
    if not isinstance(value, list) or len(value) not in (2, 3):
        yield "is no position", value
    elif not all(isinstance(one, int | float) and not isinstance(one, bool) for one in value):
        yield "is no number", value
    elif not all(math.isfinite(one) for one in value):
        yield "is no finite number", str(value)
    elif not -180 <= value[0] <= 180 or not -90 <= value[1] <= 90:
        yield "is out of range", value


def _check_place(shape: BaseGeometry, shown: str, faults: _FileFaults) -> bool:
    """Check that a shape is within the case's frame, and not only with its axes swapped."""
    meridian = find_case_meridian()
    frame = shapely.box(*unwrap_box(builtin_case().frame, meridian))
    lon, lat = shapely.get_coordinates(shape)[0].tolist()

    def is_near(lon: float, lat: float) -> bool:
        return bool(shapely.intersects_xy(frame, unwrap_longitude(lon, meridian), lat))

    corners = shapely.get_coordinates(shape)
    if any(is_near(x, y) for x, y in corners.tolist()):
        return True
    if abs(lon) <= 90 and is_near(lat, lon):
        why, remedy = "latitude before longitude", "swap the two numbers of each position"
    else:
        why, remedy = "outside of the case's frame", "draw it there, or widen the frame"
    faults.add(shown, "coordinates", why, [lon, lat], remedy)
    return False


def require_local_file(path: Path) -> None:
    """Raise an EvidenceError where there is no such file."""
    if not path.is_file():
        raise EvidenceError(f"{path}: there is no such file. Name a GeoJSON file.")
