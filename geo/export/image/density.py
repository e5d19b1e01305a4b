"""Draw large layers on a picture as density, with the scale of its colours."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from geo.export.image.display_list import Box, Raster, Shape, rectangle, width_of
from geo.export.image.fonts import SANS
from geo.export.image.projection import MapCanvas, Projection
from geo.export.layout.text import cut_line
from geo.large_layer import LargeLayerRows
from geo.mapping import density_tiles
from geo.mapping.design import TYPE
from geo.mapping.drawing_windows import split_window
from geo.mapping.symbols import choose_layer_colour
from geo.mapping.theme import compute_palette
from geo.store.bulk.spatial_index import WORLD, Window

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.selection import Selection

Rgba = tuple[int, int, int, int]
STEP, HIGH, LETTERS = 46.0, 9.0, float(TYPE["fine"])  # width, height, text size of a class


def in_sight(layer: LargeLayerRows, camera: Projection) -> GeoDataFrame | None:
    """Return the rows of a large layer inside the map extent; None if there are too many."""
    return None if _too_many(layer, camera) else layer.rows(layer.positions(_windows(camera)))


def _too_many(layer: LargeLayerRows, camera: Projection) -> bool:
    return layer.exceeds_limit and not layer.can_draw_singly(_windows(camera))


def _windows(camera: Projection) -> tuple[Window, ...]:
    left, top, right, bottom = (int(side * WORLD) for side in camera.reach)
    return split_window((left, top, right, bottom))


def draw_density(canvas: MapCanvas, selection: Selection) -> None:
    """Draw large layers as density rasters.

    Reports are drawn above them; a cell has the size it has on a screen 1920 pixels wide.
    """
    camera = canvas.camera
    for layer, hues in _dense(canvas, selection):
        x0, y0, x1, y1 = camera.box
        side = density_tiles.CELL_PIXELS * camera.unit
        wide, high = math.ceil((x1 - x0) / side), math.ceil((y1 - y0) / side)
        corner = (camera.left * WORLD, camera.top * WORLD)
        step = side / camera.world * WORLD
        classes = density_tiles.classify_density(layer, corner, step, (wide, high))
        palette = np.array([(0, 0, 0, 0), *hues], dtype=np.uint8)
        box = (x0, y0, x0 + wide * side, y0 + high * side)
        canvas.sheet.add(Raster(palette[classes], box, camera.box))


def _dense(canvas: MapCanvas, selection: Selection) -> Iterator[tuple[LargeLayerRows, list[Rgba]]]:
    """Yield the layers drawn as density in this extent, with the colours of their classes."""
    for layer in selection.layers:
        if isinstance(layer, LargeLayerRows) and layer.is_tiled and _too_many(layer, canvas.camera):
            colour = choose_layer_colour(layer.name, layer.colour)
            count = len(density_tiles.DENSITY_CLASSES)
            yield layer, compute_palette(colour, canvas.sheet.theme, count)


def draw_scales(canvas: MapCanvas, selection: Selection, left: float, foot: float) -> None:
    """Draw the density scale of each large layer, upwards from a lower left corner; pixels."""
    sheet, scale = canvas.sheet, canvas.scale
    size, step, high, pad = LETTERS * scale, STEP * scale, HIGH * scale, 6 * scale
    for layer, hues in _dense(canvas, selection):
        wide = step * len(hues)
        top = foot - 2 * 1.3 * size - high - 2 * pad
        box: Box = (left, top, left + wide + 2 * pad, foot)
        sheet.add(Shape(rectangle(box), fill="sheet", fill_alpha=0.86))
        sheet.taken.append(box)
        noun = "lines" if layer.info.geometry == "line" else "features"
        suffix = f": {noun} on one spot"
        title = cut_line(layer.title, SANS, size, wide - width_of(suffix, SANS, size))
        sheet.write(f"{title}{suffix}", left + pad, top + pad + 0.9 * size, SANS, size, "ink")
        middle, x = top + pad + 1.3 * size, left + pad
        for number, (hue, label) in enumerate(
            zip(hues, density_tiles.label_classes(), strict=True)
        ):
            x = left + pad + number * step
            patch = rectangle((x, middle, x + step, middle + high))
            fill = "#{:02x}{:02x}{:02x}".format(*hue)
            sheet.add(Shape(patch, fill=fill, fill_alpha=hue[3] / 255))
            sheet.write(label, x, middle + high + size, SANS, size, "muted")
        foot = top - 4 * scale
