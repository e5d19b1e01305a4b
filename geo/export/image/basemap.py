"""The offline base map: land, water, borders, and what a page adds to it, as on the screen."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from geo.export.image.display_list import Box, DisplayList, Shape, rectangle
from geo.export.image.fonts import SANS
from geo.export.image.projection import MapCanvas, Projection, mercator, to_mercator
from geo.export.image.relief import draw_relief
from geo.mapping.basemap_files import (
    GROUND,
    find_extent,
    find_fine_extent,
    list_base_files,
    read_base_file,
    shows_world,
)
from geo.mapping.design import TYPE
from geo.mapping.theme import STROKES
from geo.settings import cache_per_case

ABOVE_RELIEF = "lakes"  # the lowest file of GROUND that is drawn over it
STYLES = {"lakes_ne": "lake", "lakes": "lake", "rivers": "river", "borders": "border"}


@cache_per_case
def read_base(name: str) -> tuple[np.ndarray, tuple[dict[str, Any], ...]]:
    """Return geometries (world one unit wide) and properties of a base map file, in its order.

    Both are empty where the case has no such file.
    """
    if name not in list_base_files():
        return np.empty(0, dtype=object), ()
    shapes, known = read_base_file(name)
    return to_mercator(shapes), known


@cache_per_case
def _parts(name: str) -> np.ndarray:
    """Return the parts of a file's geometries, prepared for many questions."""
    parts: np.ndarray = shapely.get_parts(read_base(name)[0])
    shapely.prepare(parts)
    return parts


def draw_ground(canvas: MapCanvas) -> None:
    """Draw the sea, the land with its relief, waters and borders."""
    sheet, box = canvas.sheet, canvas.camera.box
    sheet.add(Shape(rectangle(box), fill="sea" if shows_world() else "paper"))
    extent = find_extent()
    if extent and not shows_world():
        corners = np.column_stack(mercator(np.array(extent[::2]), np.array(extent[:0:-2])))
        known: Box = tuple(canvas.camera.pixels(corners).ravel())
        sheet.add(Shape(rectangle(known), fill="sea", clip=box))
    for name in GROUND:
        if name == ABOVE_RELIEF:
            draw_relief(canvas)
        if name in list_base_files():
            kind = name.removeprefix("world_").removeprefix("harbour_").removesuffix("_outer")
            canvas.stroke(_parts(name), STROKES[STYLES.get(kind, kind)])


def small_name(
    canvas: MapCanvas, text: str, at: tuple[float, float], align: str, halo: str = "halo"
) -> None:
    """Write a small faint name, if there is free space for it."""
    sheet, scale = canvas.sheet, canvas.scale
    shadow = DisplayList(sheet.size, sheet.unit, sheet.theme)
    words = shadow.write(text, *at, SANS, TYPE["note"] * scale, "faint", align=align, halo=halo)
    if canvas.is_free(words.box, edge=3 * scale):
        canvas.label(words)


def on_land(camera: Projection, x: float, y: float) -> bool:
    """Return whether a spot of the sheet is on land; outside of a detailed coast always."""
    lon, lat = camera.back(x, y)
    fine = find_fine_extent()
    if fine and not (fine[0] <= lon <= fine[2] and fine[1] <= lat <= fine[3]):
        return True
    names = ("land", "harbour_land") if fine else ("world_land",)
    spot = camera.to_unit(x, y)
    return any(shapely.contains_xy(_parts(name), *spot).any() for name in names)
