"""Esri's JSON and TopoJSON as features of GeoJSON."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate

import shapely
from pyproj import CRS

from geo.ingest.base.crs import parse_crs_text
from geo.ingest.base.diagnostics import Diagnostics
from geo.ingest.base.model import FileRejectedError
from geo.ingest.readers.json_records import (
    Json,
    JsonLayer,
    as_dict,
    as_list,
    list_dicts,
    to_geojson,
)
from geo.store.core.normalise import parse_crs

_MIN_RING = 4


def read_esri(document: Json, log: Diagnostics) -> list[JsonLayer]:
    """Return the features of Esri's JSON: an answer of a service, or a collection of layers."""
    layers = []
    for name, one in _find_feature_sets(document):
        features = list_dicts(one["features"])
        dates = _find_date_fields(one.get("fields"))
        crs = _parse_reference(one.get("spatialReference") or _find_reference(features))
        has_m = bool(one.get("hasM")) and not one.get("hasZ")
        rows = [_build_esri_feature(row, dates, has_m) for row in features]
        placed = any(row["geometry"] is not None for row in rows)
        layers.append(JsonLayer(name, list(enumerate(rows, 1)), crs, placed))
    if layers:
        log.inform("It is Esri's JSON: its attributes and geometries are read.")
    return layers


def _find_feature_sets(document: Json) -> Iterator[tuple[str, Json]]:
    esri = bool({"geometryType", "spatialReference", "fields"} & document.keys())
    if any(_is_esri_feature(one, esri) for one in list_dicts(document.get("features"))):
        yield "", document
    layers = document.get("layers") or as_dict(document.get("featureCollection")).get("layers")
    for layer in list_dicts(layers):
        about, inner = as_dict(layer.get("layerDefinition")), as_dict(layer.get("featureSet"))
        if isinstance(inner.get("features"), list):
            yield str(about.get("name") or ""), {"fields": about.get("fields"), **inner}


def _is_esri_feature(item: Json, known: bool) -> bool:
    kinds = {"x", "rings", "paths", "points"} & as_dict(item.get("geometry")).keys()
    return isinstance(item.get("attributes"), dict) and (known or bool(kinds))


def _find_date_fields(fields: object) -> list[str]:
    return [
        str(one.get("name")) for one in list_dicts(fields) if one.get("type") == "esriFieldTypeDate"
    ]


def _find_reference(features: Sequence[Json]) -> object:
    geometries = (as_dict(one.get("geometry")) for one in features)
    return next((one["spatialReference"] for one in geometries if "spatialReference" in one), None)


def _parse_reference(reference: object) -> CRS | None:
    """Return the CRS of a spatial reference; its codes are EPSG's, or Esri's own."""
    if not isinstance(reference, dict):
        return None
    codes = [reference[key] for key in ("latestWkid", "wkid") if reference.get(key)]
    names = [f"{authority}:{code}" for code in codes for authority in ("EPSG", "ESRI")]
    for name in [*names, reference.get("wkt")]:
        if isinstance(name, str):
            with suppress(FileRejectedError):
                return parse_crs_text(name)
    return None


def _build_esri_feature(feature: Json, dates: Sequence[str], has_m: bool) -> Json:
    row = dict(as_dict(feature.get("attributes")))
    for name in dates:
        if isinstance(value := row.get(name), (int, float)):
            with suppress(ValueError, OverflowError):
                moment = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=value)
                row[name] = f"{moment.isoformat()}Z"
    geometry = feature.get("geometry")
    shape = _convert_esri(geometry, has_m) if isinstance(geometry, dict) else None
    return {"type": "Feature", "properties": row, "geometry": shape}


def _convert_esri(geometry: Json, has_m: bool) -> Json | None:
    """Return a geometry as GeoJSON; one of curves or of an unknown kind names itself."""
    size = 2 if has_m or (geometry.get("hasM") and not geometry.get("hasZ")) else 3
    if "x" in geometry:
        place = [geometry.get(side) for side in ("x", "y", "z") if side in geometry]
        return None if None in place[:2] or "NaN" in place else _geojson("Point", place)
    for key in ("points", "paths", "rings"):
        if isinstance(parts := geometry.get(key), list):
            parts = _cut(parts, size)
            if not parts:
                return None
            if key == "points":
                return _geojson("MultiPoint", parts)
            if key == "paths":
                one = len(parts) == 1
                return _geojson(*(("LineString", parts[0]) if one else ("MultiLineString", parts)))
            return _join_rings(parts)
    sides = [geometry.get(side) for side in ("xmin", "ymin", "xmax", "ymax")]
    if None not in sides:
        x, y, right, top = sides
        return _geojson("Polygon", [[[x, y], [right, y], [right, top], [x, top], [x, y]]])
    return _geojson(", ".join(geometry) or "nothing", [])


def _geojson(kind: str, coordinates: object) -> Json:
    return {"type": kind, "coordinates": coordinates}


def _cut(parts: list[object], size: int) -> list[object]:
    """Return nested coordinates without measures."""
    if parts and isinstance(parts[0], (int, float)):
        return parts[:size]
    return [_cut(one, size) if isinstance(one, list) else one for one in parts]


def _join_rings(rings: list[object]) -> Json:
    """Return rings as polygons: Esri's outer rings run clockwise, holes the other way."""
    try:
        polygons = [shapely.Polygon(one) for one in map(as_list, rings) if len(one) >= _MIN_RING]
    except (ValueError, TypeError):
        return _geojson("Polygon", rings)
    outer = [one for one in polygons if not one.exterior.is_ccw]
    holes = [one for one in polygons if one.exterior.is_ccw]
    if not outer:
        outer, holes = holes, []
    inside: list[list[object]] = [[] for _ in outer]
    for hole in holes:
        point = hole.representative_point()
        at = next((n for n, one in enumerate(outer) if one.contains(point)), None)
        if at is None:
            outer.append(hole)
            inside.append([])
        else:
            inside[at].append(hole.exterior.coords)
    made = [shapely.Polygon(o.exterior.coords, h) for o, h in zip(outer, inside, strict=True)]
    return to_geojson(made[0] if len(made) == 1 else shapely.MultiPolygon(made))


def read_topology(document: Json, log: Diagnostics) -> list[JsonLayer]:
    """Return each object of a TopoJSON file as a layer; empty if it is not TopoJSON."""
    objects = as_dict(document.get("objects"))
    if document.get("type") != "Topology":
        return []
    topology = _Topology(document)
    layers = []
    for name, one in objects.items():
        many = as_dict(one).get("geometries") if "geometries" in as_dict(one) else [one]
        rows = [topology.build_feature(row) for row in list_dicts(many)]
        title = name if len(objects) > 1 else ""
        layers.append(JsonLayer(title, list(enumerate(rows, 1)), parse_crs("OGC:CRS84")))
    log.inform("It is TopoJSON: each of its geometries is a row.")
    return layers


class _Topology:
    """The arcs of a TopoJSON file; quantized ones are sums of differences."""

    def __init__(self, document: Json) -> None:
        transform = as_dict(document.get("transform"))
        self._scale = _numbers(transform.get("scale")) or [1, 1]
        self._shift = _numbers(transform.get("translate")) or [0, 0]
        self._arcs: list[list[list[float]]] = []
        for arc in as_list(document.get("arcs")):
            places = [_numbers(one)[:2] for one in as_list(arc)]
            if transform:
                xs, ys = (list(accumulate(one[side] for one in places)) for side in (0, 1))
                places = [self._move([x, y]) for x, y in zip(xs, ys, strict=True)]
            self._arcs.append(places)

    def build_feature(self, geometry: Json) -> Json:
        """Return an object's geometry as a feature."""
        row = dict(as_dict(geometry.get("properties")))
        feature: Json = {"type": "Feature", "properties": row, "geometry": None}
        if geometry.get("id") is not None:
            feature["id"] = geometry["id"]
        feature["geometry"] = self._convert(geometry)
        return feature

    def _convert(self, geometry: Json) -> Json | None:
        kind = str(geometry.get("type"))
        if kind == "Point":
            return _geojson(kind, self._move(_numbers(geometry.get("coordinates"))))
        if kind == "MultiPoint":
            places = [self._move(_numbers(one)) for one in as_list(geometry.get("coordinates"))]
            return _geojson(kind, places)
        if kind == "GeometryCollection":
            parts = map(self._convert, list_dicts(geometry.get("geometries")))
            return {"type": kind, "geometries": [one for one in parts if one is not None]}
        if "arcs" in geometry:
            return _geojson(kind, self._join(as_list(geometry["arcs"])))
        return None

    def _move(self, place: list[float]) -> list[float]:
        return [place[side] * self._scale[side] + self._shift[side] for side in (0, 1)]

    def _join(self, indexes: list[object]) -> list[object]:
        """Return nested lists of arc numbers as coordinates; ~n is arc n backwards."""
        places: list[object] = []
        for one in indexes:
            if isinstance(one, int):
                line = self._arcs[one] if one >= 0 else self._arcs[~one][::-1]
                places += line[1:] if places else line
            else:
                places.append(self._join(as_list(one)))
        return places


def _numbers(value: object) -> list[float]:
    return [one for one in as_list(value) if isinstance(one, (int, float))]
