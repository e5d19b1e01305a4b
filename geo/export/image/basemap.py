"""The offline base map: land, water, borders, and what a page adds to it, as on the screen."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from geo.export.image.display_list import Box, DisplayList, Shape, rectangle
from geo.export.image.fonts import SANS
from geo.export.image.projection import MapCanvas, Projection, mercator, to_mercator
from geo.mapping.theme import STROKES
from geo.settings import case_folder

KNOWN = (26.0, 28.0, 46.0, 42.0)  # degrees: extent of the files; nothing is drawn beyond
# file, stroke: from below to above, as in geo/frontend/src/basemap.js
LAYERS = {
    **{"land_outer": "land", "land": "land", "lakes": "lake", "lakes_ne": "lake"},
    **{"rivers_outer": "river", "rivers": "river"},
    **{"coast_outer": "coast", "coast": "coast", "borders": "border"},
}


@lru_cache(maxsize=32)
def read_base(name: str) -> tuple[np.ndarray, tuple[dict[str, Any], ...]]:
    """Return geometries (world one unit wide) and properties of a base map file, in its order."""
    text = (case_folder() / "basemap" / f"{name}.geojson").read_text("utf-8")
    features = json.loads(text)["features"]
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in features])
    return to_mercator(shapes), tuple(one["properties"] for one in features)


@lru_cache(maxsize=32)
def _parts(name: str) -> np.ndarray:
    """Return the parts of a file's geometries, prepared for many questions."""
    parts: np.ndarray = shapely.get_parts(read_base(name)[0])
    shapely.prepare(parts)
    return parts


def draw_ground(canvas: MapCanvas) -> None:
    """Draw the sea, the land, waters and borders."""
    sheet, box = canvas.sheet, canvas.camera.box
    corners = np.column_stack(mercator(np.array(KNOWN[::2]), np.array(KNOWN[:0:-2])))
    known: Box = tuple(canvas.camera.pixels(corners).ravel())
    sheet.add(Shape(rectangle(box), fill="paper"), Shape(rectangle(known), fill="sea", clip=box))
    for name, style in LAYERS.items():
        canvas.stroke(_parts(name), STROKES[style])


def draw_airfield(canvas: MapCanvas) -> None:
    """Draw the runways of Khmeimim."""
    for shape, known in zip(*read_base("airfield"), strict=True):
        if known["kind"] == "runway":
            canvas.stroke(np.array([shape]), STROKES["runway"])


def airfield_names(canvas: MapCanvas) -> None:
    """Name the runways at their northern ends, and aprons, where there is free space."""
    camera, scale = canvas.camera, canvas.scale
    for shape, known in zip(*read_base("airfield"), strict=True):
        runway = known["kind"] == "runway"
        if camera.zoom < (13 if runway else 15.5):
            continue
        corners = camera.pixels(shapely.get_coordinates(shape))
        x, y = corners[corners[:, 1].argmin()]
        east = runway and known["designator"].startswith("17L")
        gap = 7 * scale * (1 if east else -1) if runway else 0
        align = ("left" if east else "right") if runway else "centre"
        text = known["designator"] if runway else known["name"]
        small_name(canvas, text, (x + gap, y - 3 * scale), align)


def small_name(
    canvas: MapCanvas, text: str, at: tuple[float, float], align: str, halo: str = "halo"
) -> None:
    """Write a small faint name, if there is free space for it."""
    sheet, scale = canvas.sheet, canvas.scale
    shadow = DisplayList(sheet.size, sheet.unit, sheet.theme)
    words = shadow.write(text, *at, SANS, 13 * scale, "faint", align=align, halo=halo)
    if canvas.is_free(words.box, edge=3 * scale):
        canvas.label(words)


def on_land(camera: Projection, x: float, y: float) -> bool:
    """Return whether a spot of the sheet is on land; away from the detailed coast always."""
    lon, lat = camera.back(x, y)
    if not (34 <= lon <= 39 and 32 <= lat <= 37.5):
        return True
    return bool(shapely.contains_xy(_parts("land"), *camera.to_unit(x, y)).any())
