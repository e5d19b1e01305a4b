"""Files of the offline base map: those of the case, and the coarse world around or below them.

A case may bring any of the files of FILES in its folder `basemap/`, and none of them is needed:
without land of its own it is drawn on assets/world. What a map does not have is not requested:
`list_base_files` names the files in the order in which they are drawn. All longitudes are
unwrapped about the case's meridian (`geo.meridian`).
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
from pydantic import BaseModel, ConfigDict, ValidationError

from geo.errors import EvidenceError
from geo.evidence import builtin_evidence, find_case_meridian
from geo.evidence.case import builtin_case
from geo.mapping.coarse_world import cut_borders, cut_coast, cut_land
from geo.mapping.local_layers import is_outlined, list_local_attributions, read_local_layers
from geo.mapping.relief import check_relief
from geo.meridian import Box, unwrap_box, unwrap_shapes
from geo.settings import ASSETS, cache_per_case, case_folder

WORLD = ASSETS / "world"
# from below to above, as in geo/frontend/src/basemap.js
GROUND = ("world_land", "land_outer", "land", "harbour_land",
          "lakes", "lakes_ne", "rivers_outer", "rivers",
          "world_coast", "coast_outer", "coast", "harbour_coast",
          "world_borders", "borders")  # fmt: skip
FILES = (*GROUND, "towns", "labels", "airfield", "local")
LAND = ("land", "land_outer")  # fine, coarse: they say how far a base map reaches
SETTINGS = "basemap.json"
_RANKS = ((500_000, 1, 5), (100_000, 2, 6), (20_000, 3, 8), (0, 4, 10))  # people, rank, from zoom
ATTRIBUTED = ("title", "source", "licence", "attribution")

Geometries = np.ndarray
Feature = dict[str, Any]


class BaseMapSettings(BaseModel):
    """What `basemap/basemap.json` of a case says of its base map; the file may be missing.

    ``extent`` is how far it reaches (xmin, ymin, xmax, ymax; by default the bounds of its land);
    ``beyond`` is what is drawn outside of that: the coarse world, or nothing; ``credit`` is its
    attribution in short.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    extent: Box | None = None
    beyond: Literal["world", "nothing"] = "world"
    credit: str = ""


@cache_per_case
def read_settings() -> BaseMapSettings:
    """Return the settings of the case's base map; an EvidenceError says what is wrong in them."""
    path = case_folder() / "basemap" / SETTINGS
    if not path.is_file():
        return BaseMapSettings()
    try:
        return BaseMapSettings.model_validate_json(path.read_bytes())
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']} ({one['input']!r})"
            for one in error.errors()
        )
        remedy = "Write extent (four degrees), beyond and credit, or leave them out."
        msg = f"basemap/{SETTINGS} cannot be used: {faults}. {remedy}"
        raise EvidenceError(msg) from error


def find_case_file(name: str) -> Path | None:
    """Return a base map file of the case; None if it has none of that name."""
    path = case_folder() / "basemap" / f"{name}.geojson"
    return path if path.is_file() else None


def has_own_land() -> bool:
    """Whether the case has land of its own."""
    return any(find_case_file(name) for name in LAND)


def shows_world() -> bool:
    """Whether the coarse world is drawn: below everything, or around the case's own land."""
    return not has_own_land() or read_settings().beyond == "world"


@cache_per_case
def list_base_files() -> tuple[str, ...]:
    """Return the names of the base map's files, from below to above; see FILES."""
    return tuple(name for name in FILES if _exists(name))


def _exists(name: str) -> bool:
    if name.startswith("world_"):
        return shows_world()
    if name == "local":  # a folder of files, in place of one
        return bool(read_local_layers().features)
    if name == "towns" and not find_case_file(name):
        return bool(builtin_evidence().towns)
    return find_case_file(name) is not None


@cache_per_case
def read_attributions() -> tuple[dict[str, str], ...]:
    """Return title, source, licence and attribution of each file of the base map."""
    folders = [case_folder() / "basemap", *([WORLD] if shows_world() else [])]
    paths = [path for folder in folders if (path := folder / "attribution.json").is_file()]
    found = [one for path in paths for one in _read_attribution(path)]
    return (*found, *list_local_attributions())


def _read_attribution(path: Path) -> list[dict[str, str]]:
    with _explain_faults(path, f"Write an object whose values have {', '.join(ATTRIBUTED)}."):
        known = list(_read_json(path).values())
        return [{name: str(one[name]) for name in ATTRIBUTED} for one in known]


def find_base_map_faults() -> list[str]:
    """Return what is wrong with the base map that the case has."""
    faults = []
    named = [name for name in FILES if name != "local" and find_case_file(name)]
    reads: list[Callable[[], object]] = [read_settings, read_attributions, check_relief]
    reads += [partial(read_base_file, name) for name in named]
    for read in reads:
        try:
            read()
        except EvidenceError as error:
            faults.append(str(error))
    faults += [f"basemap/local/{one}" for one in read_local_layers().faults]
    for number, page in enumerate(builtin_case().pages):
        if page.airfield and "airfield" not in named:
            why = "there is no basemap/airfield.geojson to draw it from (true)"
            faults.append(f"case.json, pages.{number}.airfield: {why}, add it or write false")
    return faults


def write_base_credit() -> str:
    """Return the attribution of the base map as a sentence, such as "Base: Natural Earth."."""
    given = read_settings().credit
    names = [one["attribution"] for one in read_attributions()]
    if given:
        coarse = ["Natural Earth"] if shows_world() and "Natural Earth" not in given else []
        names = [given, *coarse]
        names += [one["attribution"] for one in list_local_attributions()]
    return f"Base: {', '.join(dict.fromkeys(names))}."


@cache_per_case
def find_extent() -> Box | None:
    """Return how far the case's own base map reaches, unwrapped; None if it has no land."""
    if not has_own_land():
        return None
    given = read_settings().extent
    if given:
        return unwrap_box(given, find_case_meridian())
    return _measure_bounds(*(name for name in LAND if find_case_file(name)))


@cache_per_case
def find_fine_extent() -> Box | None:
    """Return the bounds of the case's fine land file, where its coast is drawn in detail."""
    return _measure_bounds("land") if find_case_file("land") else None


def find_known_extent() -> Box | None:
    """Return where land and sea are known; None where the coarse world is drawn around."""
    return None if shows_world() else find_extent()


def _measure_bounds(*names: str) -> Box:
    bounds = shapely.total_bounds(np.concatenate([read_base_file(name)[0] for name in names]))
    xmin, ymin, xmax, ymax = bounds.tolist()
    return (xmin, ymin, xmax, ymax)


@cache_per_case
def read_base_file(name: str) -> tuple[Geometries, tuple[dict[str, Any], ...]]:
    """Return geometries (degrees, unwrapped) and properties of a file, in its order; see FILES."""
    if name.startswith("world_"):
        return _read_world(name.removeprefix("world_"))
    if name == "local":
        layers = read_local_layers()
        return unwrap_shapes(layers.shapes, find_case_meridian()), layers.known
    path = find_case_file(name)
    features = _load(path) if path else _list_towns() if name == "towns" else []
    if name == "airfield" and read_local_layers().features:
        features = [one for one in features if not _is_outlined(one)]
    return unwrap_shapes(_to_shapes(features), find_case_meridian()), _properties(features)


def encode_base_file(name: str) -> bytes:
    """Return a file as GeoJSON for drawing; one that need not be changed, as it is."""
    path = find_case_file(name)
    changed = name == "airfield" and read_local_layers().features
    if path and name != "local" and not find_case_meridian() and not changed:
        return path.read_bytes().removeprefix(BOM_UTF8)
    return _encode(name)


@cache_per_case
def encode_base_map() -> bytes:
    """Return all files of the base map, for drawing, as one JSON object by their name."""
    files = (f"{json.dumps(name)}:".encode() + encode_base_file(name) for name in list_base_files())
    return b"{" + b",".join(files) + b"}"


def _encode(name: str) -> bytes:
    shapes, known = read_base_file(name)
    rounded = shapely.transform(shapes, lambda points: points.round(6))
    features = ",".join(
        f'{{"type":"Feature","properties":{json.dumps(one, ensure_ascii=False)},"geometry":{text}}}'
        for text, one in zip(shapely.to_geojson(rounded), known, strict=True)
    )
    return f'{{"type":"FeatureCollection","features":[{features}]}}'.encode()


def _load(path: Path) -> list[Feature]:
    with _explain_faults(path, "Write a GeoJSON FeatureCollection in degrees."):
        features = [
            {"properties": one["properties"] or {}, "geometry": one["geometry"]}
            for one in _read_json(path)["features"]
        ]
        _to_shapes(features)
        return features


def _read_json(path: Path) -> Any:
    return json.loads(path.read_bytes().decode("utf-8-sig"))


@contextmanager
def _explain_faults(path: Path, remedy: str) -> Iterator[None]:
    """Raise an EvidenceError that names the file, and what is wrong in it."""
    try:
        yield
    except KeyError as error:
        raise EvidenceError(f"basemap/{path.name}: {error} is missing. {remedy}") from error
    except (OSError, ValueError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        why = " ".join(str(error).split())
        raise EvidenceError(f"basemap/{path.name} cannot be used: {why}. {remedy}") from error


def _to_shapes(features: list[Feature]) -> Geometries:
    texts = [json.dumps(one["geometry"]) for one in features]
    return np.array(shapely.from_geojson(texts), dtype=object)


def _is_outlined(feature: Feature) -> bool:
    """Whether a feature is an apron of which local geography has the outline."""
    return feature["properties"].get("kind") == "apron" and is_outlined(_to_shapes([feature])[0])


def _properties(features: list[Feature]) -> tuple[dict[str, Any], ...]:
    return tuple(one["properties"] for one in features)


def _read_world(kind: str) -> tuple[Geometries, tuple[dict[str, Any], ...]]:
    """Return land, coast or borders of the world, without what the case's base map covers."""
    extent = find_extent()
    if kind == "coast":
        land = read_base_file("world_land")[0][0]
        found = cut_coast(land, find_case_meridian(), extent)
    elif kind == "land":
        names = [name for name in LAND if find_case_file(name)] if extent else []
        own = [read_base_file(name)[0] for name in names]
        found = cut_land(
            _load_world("land"), extent, np.concatenate([np.empty(0, dtype=object), *own])
        )
    else:
        found = cut_borders(_load_world("borders"), extent)
    return np.array([found], dtype=object), ({"kind": kind},)


def _load_world(kind: str) -> shapely.Geometry:
    """Return the world's land or borders, unwrapped about the case's meridian."""
    shapes = _to_shapes(_load(WORLD / f"{kind}.geojson"))
    return shapely.union_all(unwrap_shapes(shapes, find_case_meridian()))


def _list_towns() -> list[Feature]:
    """Return the towns of the case's towns.json, ranked by their number of people."""
    found = []
    for town in builtin_evidence().towns:
        _, rank, zoom = next(one for one in _RANKS if town.population >= one[0])
        known = {"name": town.name, "rank": rank, "min_zoom": zoom, "population": town.population}
        known |= {"name_ar": town.name_ar} if town.name_ar else {}
        point = {"type": "Point", "coordinates": [town.lon, town.lat]}
        found.append({"properties": known, "geometry": point})
    return found
