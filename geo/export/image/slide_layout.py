"""One slide on one sheet: header, map, side panel, footer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.export.image.blocks import draw_blocks
from geo.export.image.display_list import DisplayList
from geo.export.image.fonts import Face
from geo.export.image.header_footer import draw_footer, draw_header
from geo.export.image.map import draw_edge, draw_maps
from geo.export.image.report_image import PlannedImage, draw_image, plan_image
from geo.export.image.sheet_grid import FREE, FixedParts, Grid, grid_of
from geo.export.image.sidebar import draw_sidebar, plan_sidebar
from geo.export.layout.panel_model import PanelPlan
from geo.mapping.basemap_files import write_base_credit

if TYPE_CHECKING:
    from geo.export.slide import Slide
    from geo.store import LayerStore

BELOW = 0.46  # of the room between header and footer, at most, for a column below the map


def slide_sheet(
    slide: Slide,
    store: LayerStore,
    size: tuple[int, int],
    theme: str,
    *,
    page: str = "",
    fixed: FixedParts = FREE,
) -> DisplayList:
    """Lay a slide out on a sheet of that size, in pixels; `page` is its number, if any."""
    grid = grid_of(size)
    sheet = DisplayList(size, grid.unit, theme)
    parts = _draw_words(sheet, grid, slide, page, fixed)
    if slide.blocks:
        draw_blocks(sheet, slide.blocks, (grid.left, parts.top + 12 * grid.unit, grid.right,
                                          parts.bottom))  # fmt: skip
        return sheet
    bottom = parts.bottom
    if parts.image:
        draw_image(sheet, parts.image, grid.halves[0][0], parts.start)
    boxes = [(left, parts.start + parts.taken, right, bottom) for left, right in grid.halves]
    draw_sidebar(sheet, parts.plan, boxes)
    if not grid.beside:
        bottom = parts.start - 24 * grid.unit
    draw_maps(sheet, (0.0, parts.top, grid.map_right, bottom), slide, store, inset=grid.left)
    edge = grid.map_right if grid.beside else grid.width * 1.1
    draw_edge(sheet, (-2 * grid.unit, parts.top, edge, bottom))
    return sheet


@dataclass(frozen=True)
class _Words:
    """What of a sheet is placed before its map: from `top` to `bottom` there is room, in pixels.

    The panel begins at `start`, below an image that takes so much of it.
    """

    top: float
    bottom: float
    start: float
    taken: float
    image: PlannedImage | None
    plan: PanelPlan[Face]
    used: FixedParts


def _draw_words(
    sheet: DisplayList, grid: Grid, slide: Slide, page: str, fixed: FixedParts
) -> _Words:
    """Draw header and footer, and plan the panel."""
    unit = grid.unit
    used = draw_header(sheet, grid, slide, fixed)
    foot = draw_footer(sheet, grid, slide, page, fixed)
    top, bottom = used.rule + 14 * unit, foot - 16 * unit
    start = used.rule + 22 * unit
    room = bottom - start if grid.beside else BELOW * (bottom - top)
    widths = [right - left for left, right in grid.halves]
    image = plan_image(slide.image, widths[0], room, unit) if slide.image else None
    taken = image.height + 24 * unit if image else 0.0
    plan = plan_sidebar(slide, widths, room - taken, unit, largest=fixed.panel)
    if not grid.beside:
        start = min(bottom - min(plan.height + taken, room), fixed.column)
    used = replace(used, column=start, foot=foot, panel=plan.attempt.size)
    return _Words(top, bottom, start, taken, image, plan, used)


def measure_fixed_parts(slides: Sequence[Slide], size: tuple[int, int], theme: str) -> FixedParts:
    """Return parts that have room for the words of each slide, on sheets of one size."""
    grid, fixed = grid_of(size), FREE
    for _ in range(2):  # what one slide needs moves the parts of the others
        for slide in slides:
            sheet = DisplayList(size, grid.unit, theme)
            fixed = fixed.merge(_draw_words(sheet, grid, slide, "", fixed).used)
    return fixed


def map_sheet(slide: Slide, store: LayerStore, size: tuple[int, int], theme: str) -> DisplayList:
    """Lay the map of a slide out alone, with its credit, on a sheet of that size, in pixels."""
    width, height = size
    unit = min(math.sqrt(width * height / (1344 * 760)), height / 420, width / 520)
    sheet = DisplayList(size, unit, theme)
    draw_maps(
        sheet, (0.0, 0.0, float(width), float(height)), slide, store, credit=write_base_credit()
    )
    return sheet
