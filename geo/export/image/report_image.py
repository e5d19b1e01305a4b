"""The image beside the chosen report, above the side panel, with its credit under it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.export.image.display_list import DisplayList, Raster, Shape, rectangle
from geo.export.image.fonts import SANS, Face
from geo.export.layout.text import TextBlock, fit_text

if TYPE_CHECKING:
    from geo.export.slide_image import SlideImage

SHARE = 0.36  # of the panel's height, at most, without the credit
SIZES, LINES = (17.0, 16.0, 15.0, 14.0), (1, 2, 2, 3)  # units: type of the credit, its lines
GAP = 6.0  # units between image and credit


@dataclass(frozen=True)
class PlannedImage:
    """An image with its credit; lengths in pixels."""

    image: SlideImage
    credit: TextBlock[Face]
    width: int
    image_height: int
    gap: float

    @property
    def height(self) -> float:
        """Height with the credit."""
        return self.image_height + self.gap + self.credit.height


def plan_image(image: SlideImage, width: float, room: float, unit: float) -> PlannedImage:
    """Return an image as wide as the panel, or as high as it may be; pixels."""
    high = min(width * image.ratio, SHARE * room)
    sizes = [size * unit for size in SIZES]
    credit = fit_text(image.credit, SANS, sizes, width, most=LINES, leading=1.3)
    wide = max(1, round(high / image.ratio))
    return PlannedImage(image, credit, wide, max(1, round(high)), GAP * unit)


def draw_image(sheet: DisplayList, planned: PlannedImage, left: float, top: float) -> None:
    """Draw an image with a thin frame, and its credit under it."""
    from PIL import Image

    x, y = round(left), round(top)
    size = planned.width, planned.image_height
    with Image.open(io.BytesIO(planned.image.image.data)) as opened:
        scaled = opened.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    box = (float(x), float(y), float(x + size[0]), float(y + size[1]))
    sheet.add(Raster(np.asarray(scaled), box, box))
    sheet.add(Shape(rectangle(box), line="line", width=max(1.0, sheet.unit)))
    sheet.write_block(planned.credit, left, y + size[1] + planned.gap, "muted")
