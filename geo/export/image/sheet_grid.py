"""The lines that a sheet is aligned with, and what the sheets of an animation share."""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDE = 1.25  # from this width to height on, the column stands beside the map, else below it
MARGIN = 56.0  # units
GUTTER = 44.0


@dataclass(frozen=True)
class FixedParts:
    """What the sheets of an animation share, so that nothing jumps; lengths in pixels.

    Attributes
    ----------
    headline, lines : float
        Largest type sizes of the headline and of the lines below it.
    head, rule, column, foot : float
        Where the headline ends, the header's rule, the top of a column below the map, the
        footer's top.
    panel : float
        Largest size of the panel's letters, as a share of the usual one.
    """

    headline: float = math.inf
    lines: float = math.inf
    head: float = 0.0
    rule: float = 0.0
    column: float = math.inf
    foot: float = math.inf
    panel: float = math.inf

    def merge(self, other: FixedParts) -> FixedParts:
        """Return parts with room for the content of both."""
        return FixedParts(
            *(min(getattr(self, one), getattr(other, one)) for one in ("headline", "lines")),
            *(max(getattr(self, one), getattr(other, one)) for one in ("head", "rule")),
            *(min(getattr(self, one), getattr(other, one)) for one in ("column", "foot", "panel")),
        )


FREE = FixedParts()
"""A sheet of its own: each part takes what it needs."""


@dataclass(frozen=True)
class Grid:
    """The lines that everything is aligned with, in pixels.

    Attributes
    ----------
    unit : float
        Pixels of one unit of the design, which was made on 1920 by 1080.
    beside : bool
        Whether the column is beside the map.
    left, right, column : float
        The margins' inner edges; the column's left edge, or below the map that of its second half.
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
        """The map's right edge; its left one is the sheet's."""
        return self.column - GUTTER * self.unit if self.beside else self.width

    @property
    def halves(self) -> tuple[tuple[float, float], ...]:
        """Left and right edge of each part of the column."""
        if self.beside:
            return ((self.column, self.right),)
        return ((self.left, self.column - GUTTER * self.unit), (self.column, self.right))


def grid_of(size: tuple[int, int]) -> Grid:
    """Return the grid of a sheet of that size, pixels."""
    width, height = size
    # by the area, and so that there is room both ways
    unit = min(math.sqrt(width * height / (1920 * 1080)), height / 720, width / 800)
    beside = width / height >= WIDE
    left, right = MARGIN * unit, width - MARGIN * unit
    column = max(0.7 * width + GUTTER * unit, right - 620 * unit)
    column = column if beside else width / 2 + GUTTER / 2 * unit
    return Grid(width, height, unit, beside, left, right, column)
