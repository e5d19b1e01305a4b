"""One slide on one sheet: header, map, side panel, footer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.path import Path

from geo.export.image.blocks import draw_blocks
from geo.export.image.display_list import DisplayList, Shape
from geo.export.image.fonts import MEDIUM, SANS, SERIF
from geo.export.image.map import draw_edge, draw_maps
from geo.export.image.report_image import draw_image, plan_image
from geo.export.image.sidebar import draw_sidebar, plan_sidebar
from geo.export.layout.text import (
    balance_lines,
    cut_line,
    cut_middle,
    fit_text,
    list_sources,
    plan_lines,
    wrap_text,
)
from geo.mapping.basemap_files import write_base_credit
from geo.text.formatting import explain_link

if TYPE_CHECKING:
    from geo.export.slide import Slide
    from geo.store import LayerStore

BELOW = 0.46  # of the room between header and footer, at most, for a column below the map
TOP, BOTTOM, SMALL = 40.0, 26.0, 17.0  # units: margins, type size of the footer
BESIDE_SIZES = (56, 53, 50, 47, 44, 46, 43, 40, 36, 32), (1, 1, 1, 1, 1, 2, 2, 2, 3, 3)
BELOW_SIZES = (56, 53, 50, 46, 42, 38, 34), (2, 2, 2, 3, 3, 4, 4)  # type size, lines
LINE_SIZES = (27.0, 25.5, 24.0, 22.0, 20.0)
LEADING = 1.36
WIDE = 1.25  # from this width to height on, the column stands beside the map, else below it
MARGIN = 56.0  # units
GUTTER = 44.0


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


def slide_sheet(
    slide: Slide, store: LayerStore, size: tuple[int, int], theme: str, *, page: str = ""
) -> DisplayList:
    """Lay a slide out on a sheet of that size, in pixels; `page` is its number, if any."""
    grid = grid_of(size)
    sheet = DisplayList(size, grid.unit, theme)
    rule = _draw_header(sheet, grid, slide)
    top, bottom = rule + 14 * grid.unit, _draw_footer(sheet, grid, slide, page) - 16 * grid.unit
    if slide.blocks:
        draw_blocks(sheet, slide.blocks, (grid.left, rule + 26 * grid.unit, grid.right, bottom))
        return sheet
    widths = [right - left for left, right in grid.halves]
    start, room = rule + 22 * grid.unit, bottom - rule - 22 * grid.unit
    if not grid.beside:
        room = BELOW * (bottom - top)
    image = plan_image(slide.image, widths[0], room, grid.unit) if slide.image else None
    taken = image.height + 24 * grid.unit if image else 0.0
    plan = plan_sidebar(slide, widths, room - taken, grid.unit)
    if not grid.beside:
        start = bottom - min(plan.height + taken, room)
    if image:
        draw_image(sheet, image, grid.halves[0][0], start)
    boxes = [(left, start + taken, right, bottom) for left, right in grid.halves]
    draw_sidebar(sheet, plan, boxes)
    if not grid.beside:
        bottom = start - 24 * grid.unit
    draw_maps(sheet, (0.0, top, grid.map_right, bottom), slide, store, inset=grid.left)
    edge = grid.map_right if grid.beside else grid.width * 1.1
    draw_edge(sheet, (-2 * grid.unit, top, edge, bottom))
    return sheet


def map_sheet(slide: Slide, store: LayerStore, size: tuple[int, int], theme: str) -> DisplayList:
    """Lay the map of a slide out alone, with its credit, on a sheet of that size, in pixels."""
    width, height = size
    unit = min(math.sqrt(width * height / (1344 * 760)), height / 420, width / 520)
    sheet = DisplayList(size, unit, theme)
    draw_maps(
        sheet, (0.0, 0.0, float(width), float(height)), slide, store, credit=write_base_credit()
    )
    return sheet


def _draw_header(sheet: DisplayList, grid: Grid, slide: Slide) -> float:
    """Draw headline, lines, days, number of reports and a rule; return where the rule is."""
    width, unit = grid.right - grid.left, grid.unit
    points, most = BESIDE_SIZES if grid.beside else BELOW_SIZES
    sizes = [size * unit for size in points]
    headline = fit_text(slide.headline, SERIF, sizes, width, most=most, leading=1.16)
    y = sheet.write_block(balance_lines(headline, width), grid.left, TOP * unit, "ink") + 12 * unit
    end = _draw_lines(sheet, grid, slide, y)
    end = (
        max(end, _beside(sheet, grid, slide, y)) if grid.beside else _below(sheet, grid, slide, end)
    )
    rule = end + 16 * unit
    path = Path([(grid.left, rule), (grid.right, rule)])
    sheet.add(Shape(path, line="ink", width=1.6 * unit))
    return rule


def _draw_lines(sheet: DisplayList, grid: Grid, slide: Slide, y: float) -> float:
    """Write each line on its own, in the largest size in which they take the fewest lines."""
    width = (grid.map_right if grid.beside else grid.right) - grid.left
    texts = [one for one in slide.lines if one.strip()]
    sizes = [size * grid.unit for size in LINE_SIZES]
    most = [4 if grid.beside else 6] * len(sizes)
    for block in plan_lines(texts, SANS, sizes, width, most=most, leading=LEADING, compact=3):
        even = balance_lines(block, width) if len(block.lines) == 2 else block
        y = sheet.write_block(even, grid.left, y, "muted")
    return y


def _beside(sheet: DisplayList, grid: Grid, slide: Slide, y: float) -> float:
    """Write days and number of reports above the column beside the map."""
    width = grid.right - grid.column
    sizes = (26 * grid.unit, 23 * grid.unit, 20 * grid.unit)
    days = fit_text(slide.window, MEDIUM, sizes, width, most=(1, 1, 2), leading=LEADING)
    y = sheet.write_block(days, grid.column, y, "ink")
    number = fit_text(slide.counted, SANS, sizes[1:], width, most=(1, 1), leading=LEADING)
    return sheet.write_block(number, grid.column, y, "muted")


def _below(sheet: DisplayList, grid: Grid, slide: Slide, y: float) -> float:
    """Write days and number of reports in one line below the lines."""
    size = 25 * grid.unit
    y += 8 * grid.unit
    foot = y + 0.95 * size
    days = cut_line(slide.window, MEDIUM, size, 0.55 * (grid.right - grid.left))
    at = sheet.write(days, grid.left, foot, MEDIUM, size, "ink").box[2] + 0.8 * size
    counted = cut_line(slide.counted, SANS, size, grid.right - at)
    sheet.write(counted, at, foot, SANS, size, "muted")
    return y + 1.3 * size


def _draw_footer(sheet: DisplayList, grid: Grid, slide: Slide, page: str) -> float:
    """Draw sources, credit, days, number of reports and link; return the footer's top."""
    size, width = SMALL * grid.unit, grid.right - grid.left
    most = 2 if grid.beside else 3
    named = wrap_text("No source is shown.", SANS, size, width, leading=LEADING)
    if slide.sources:
        label = "Source:" if len(slide.sources) == 1 else "Sources:"
        listed = slide.sources, label, ", listed in the notes", SANS, size, width
        named, _ = list_sources(*listed, most=most, leading=LEADING)
    credit = wrap_text(slide.credit, SANS, size, width, most=most, leading=LEADING)
    top = grid.height - (named.height + credit.height + (LEADING * SMALL + BOTTOM) * grid.unit)
    y = sheet.write_block(named, grid.left, top, "faint")
    y = sheet.write_block(credit, grid.left, y, "faint")
    foot = y + (LEADING - 1) / 2 * size + 0.79 * size
    end = grid.right
    if page:
        end = sheet.write(page, end, foot, SANS, size, "muted", align="right").x - 2 * size
    asked = " · ".join(one for one in (slide.window, slide.counted) if one)
    before = f"{cut_line(asked, SANS, size, 0.6 * (end - grid.left))} ·"
    at = sheet.write(before, grid.left, foot, SANS, size, "faint").box[2] + 0.25 * size
    sheet.write(
        cut_middle(explain_link(slide.link), SANS, size, end - at), at, foot, SANS, size, "faint"
    )
    return top
