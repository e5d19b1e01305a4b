"""Where things go on a slide, for any size: header, map, column, footer."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geo.export.image.display_list import Box

WIDE = 1.25  # from this width to height on, the column stands beside the map, else below it
MARGIN = 56.0  # units
GUTTER = 44.0


@dataclass(frozen=True)
class Grid:
    """The lines that everything is set on, in pixels.

    Attributes
    ----------
    unit : float
        Pixels of one unit of the design, which was made on 1920 by 1080.
    beside : bool
        Whether the column stands beside the map.
    left, right : float
        The margins' inner edges.
    column : float
        Where the column begins; below the map, where its second half begins.
    """

    width: float
    height: float
    unit: float
    beside: bool
    left: float
    right: float
    column: float

    @property
    def map_right(self) -> float:
        """Where the map ends."""
        return self.column - GUTTER * self.unit if self.beside else self.width

    @property
    def halves(self) -> tuple[tuple[float, float], ...]:
        """Left and right edge of each part of the column."""
        if self.beside:
            return ((self.column, self.right),)
        return ((self.left, self.column - GUTTER * self.unit), (self.column, self.right))

    def map_box(self, top: float, bottom: float) -> Box:
        """Return the map's box: to the sheet's edge, like the sea."""
        return (0.0, top, self.map_right, bottom)


def grid_of(size: tuple[int, int]) -> Grid:
    """Return the grid of a sheet of that size, pixels."""
    width, height = size
    unit = unit_of(size)
    beside = width / height >= WIDE
    left, right = MARGIN * unit, width - MARGIN * unit
    if beside:
        column = max(0.7 * width + GUTTER * unit, right - 620 * unit)
    else:
        column = width / 2 + GUTTER / 2 * unit
    return Grid(width, height, unit, beside, left, right, column)


def unit_of(size: tuple[int, int]) -> float:
    """Return the pixels of one unit: by the area, and so that there is room both ways."""
    width, height = size
    return min(math.sqrt(width * height / (1920 * 1080)), height / 720, width / 800)
