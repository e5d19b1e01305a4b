"""The relief on a picture of the map: over the land, below waters, as strong as on the screen."""

from __future__ import annotations

import numpy as np
from PIL import Image

from geo.errors import EvidenceError
from geo.export.image.display_list import Box, Raster
from geo.export.image.projection import MapCanvas, mercator
from geo.mapping.relief import find_relief_file, find_strength, read_relief
from geo.mapping.theme import RELIEF
from geo.settings import cache_per_case


def draw_relief(canvas: MapCanvas) -> None:
    """Draw what is visible of the relief, as far as the zoom has any."""
    strength = RELIEF[canvas.sheet.theme] * find_strength(canvas.camera.zoom)
    if not strength:
        return
    for one in read_relief():
        west, south, east, north = one.box
        corners = np.column_stack(mercator(np.array([west, east]), np.array([north, south])))
        left, top, right, bottom = canvas.camera.pixels(corners).ravel()
        raster = _cut(_read(one.file), (left, top, right, bottom), canvas.camera.box, strength)
        if raster:
            canvas.sheet.add(raster)


@cache_per_case
def _read(name: str) -> Image.Image:
    path = find_relief_file(name)
    if path is None:
        msg = f"The relief has no picture {name!r}."
        raise EvidenceError(msg)
    return Image.open(path).convert("LA")


def _cut(picture: Image.Image, box: Box, frame: Box, strength: float) -> Raster | None:
    """Return the part of a picture in a frame, at the sheet's own pixels; None if there is none.

    `box` is where the whole picture would be, in pixels of the sheet.
    """
    wide, high = (box[2] - box[0]) / picture.width, (box[3] - box[1]) / picture.height
    x0, y0 = (int(np.ceil(max(box[side], frame[side]))) for side in (0, 1))
    x1, y1 = (int(np.floor(min(box[side], frame[side]))) for side in (2, 3))
    if x1 <= x0 or y1 <= y0:
        return None
    part = ((x0 - box[0]) / wide, (y0 - box[1]) / high, (x1 - box[0]) / wide, (y1 - box[1]) / high)
    seen = picture.resize((x1 - x0, y1 - y0), Image.Resampling.BICUBIC, box=part)
    tone, alpha = np.moveaxis(np.asarray(seen), -1, 0)
    faint = np.round(alpha * strength).astype(np.uint8)
    if not faint.any():
        return None
    return Raster(np.dstack([tone, tone, tone, faint]), (x0, y0, x1, y1), frame)
