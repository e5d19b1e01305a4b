"""The offline base map: land, water, borders, and what a page adds to it, as on the screen."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from matplotlib.path import Path

from geo.export.image.display_list import (
    Box,
    DisplayList,
    Shape,
    inside,
    lines,
    overlap,
    rectangle,
    spots,
)
from geo.export.image.fonts import SANS
from geo.export.image.projection import Projection, mercator, to_mercator
from geo.mapping.theme import STROKES
from geo.settings import ASSETS

FINE = 0.3  # pixels: what is smaller is left out
KNOWN = (26.0, 28.0, 46.0, 42.0)  # degrees: beyond, the files say nothing, so nothing is drawn
# file, stroke: from below to above, as in geo/frontend/src/basemap.js
LAND = (("land_outer", "land"), ("land", "land"), ("lakes", "lake"), ("lakes_ne", "lake"))
LINES = (
    ("rivers_outer", "river"),
    ("rivers", "river"),
    ("coast_outer", "coast"),
    ("coast", "coast"),
    ("borders", "border"),
)


@lru_cache(maxsize=32)
def features(name: str) -> tuple[dict[str, Any], ...]:
    """Return the properties of each feature of a base map file, in its order."""
    return tuple(feature["properties"] for feature in _collection(name))


@lru_cache(maxsize=32)
def shapes(name: str) -> np.ndarray:
    """Return the geometries of a base map file, on a world one unit wide."""
    texts = [json.dumps(feature["geometry"]) for feature in _collection(name)]
    return to_mercator(shapely.from_geojson(texts))


def _collection(name: str) -> list[dict[str, Any]]:
    text = (ASSETS / "basemap" / f"{name}.geojson").read_text("utf-8")
    found: list[dict[str, Any]] = json.loads(text)["features"]
    return found


@lru_cache(maxsize=32)
def _parts(name: str) -> np.ndarray:
    parts: np.ndarray = shapely.get_parts(shapes(name))
    return parts


def seen(parts: np.ndarray, camera: Projection) -> np.ndarray:
    """Return what of some geometries is in sight, cut at the map's edge."""
    reach = camera.reach
    near = shapely.intersects(shapely.envelope(parts), shapely.box(*reach))
    cut = shapely.clip_by_rect(parts[near], *reach)
    kept: np.ndarray = cut[~shapely.is_empty(cut)]
    return kept


def path_of(geometry: np.ndarray, camera: Projection) -> Path:
    """Return lines and areas as one path, in pixels of the sheet."""
    thin = shapely.simplify(geometry, FINE / camera.world, preserve_topology=False)
    parts = shapely.get_parts(thin)
    areas = shapely.get_dimensions(parts) == 2
    rings = shapely.get_rings(parts[areas])
    strings = parts[shapely.get_dimensions(parts) == 1]
    return lines(
        camera.pixels(shapely.get_coordinates(one)) for one in np.concatenate([rings, strings])
    )


def draw_ground(sheet: DisplayList, camera: Projection, scale: float) -> None:
    """Draw the sea, the land, waters and borders; lengths are those of the screen times scale."""
    corners = np.column_stack(mercator(np.array(KNOWN[::2]), np.array(KNOWN[:0:-2])))
    known: Box = tuple(camera.pixels(corners).ravel())
    sheet.add(Shape(rectangle(camera.box), fill=sheet.hue("paper")))
    sheet.add(Shape(rectangle(known), fill=sheet.hue("sea"), clip=camera.box))
    for name, stroke in (*LAND, *LINES):
        path = path_of(seen(_parts(name), camera), camera)
        if len(spots(path)):
            sheet.stroked(path, STROKES[stroke], scale, clip=camera.box)


def draw_airfield(sheet: DisplayList, camera: Projection, scale: float) -> None:
    """Draw the runways of Khmeimim and, from close by, their names and those of the aprons."""
    for shape, known in zip(shapes("airfield"), features("airfield"), strict=True):
        if known["kind"] == "runway":
            path = path_of(seen(np.array([shape]), camera), camera)
            sheet.stroked(path, STROKES["runway"], scale, clip=camera.box)


def airfield_names(sheet: DisplayList, camera: Projection, scale: float) -> None:
    """Name the runways at their northern ends, and aprons, where nothing else stands."""
    for shape, known in zip(shapes("airfield"), features("airfield"), strict=True):
        runway = known["kind"] == "runway"
        if camera.zoom < (13 if runway else 15.5):
            continue
        corners = camera.pixels(shapely.get_coordinates(shape))
        x, y = corners[corners[:, 1].argmin()]
        east = runway and known["designator"].startswith("17L")
        gap = 7 * scale * (1 if east else -1) if runway else 0
        align = ("left" if east else "right") if runway else "centre"
        text = known["designator"] if runway else known["name"]
        small_name(sheet, camera, text, (x + gap, y - 3 * scale), align, scale)


def small_name(
    sheet: DisplayList,
    camera: Projection,
    text: str,
    at: tuple[float, float],
    align: str,
    scale: float,
    halo: str = "halo",
) -> None:
    """Write a small faint name, if it stands on the map and on nothing else."""
    shadow = DisplayList(sheet.size, sheet.unit, sheet.theme)
    words = shadow.write(text, *at, SANS, 13 * scale, "faint", align=align, halo=sheet.hue(halo))
    box: Box = words.box
    if inside(box, camera.box, 3 * scale) and not any(overlap(box, one) for one in sheet.taken):
        sheet.add(words)
        sheet.taken.append(box)


@lru_cache(maxsize=1)
def _land() -> np.ndarray:
    parts = _parts("land")
    shapely.prepare(parts)
    return parts


def on_land(camera: Projection, x: float, y: float) -> bool:
    """Say whether a spot of the sheet lies on land; away from the detailed coast always."""
    across = (x - camera.box[0]) / camera.world + camera.left
    down = (y - camera.box[1]) / camera.world + camera.top
    lon, lat = camera.back(x, y)
    if not (34 <= lon <= 39 and 32 <= lat <= 37.5):
        return True
    return bool(shapely.contains_xy(_land(), across, down).any())
