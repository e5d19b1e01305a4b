"""One slide on one sheet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geo.export.image.display_list import DisplayList
from geo.export.image.footer import draw_footer, footer_height
from geo.export.image.grid import Grid, grid_of
from geo.export.image.header import draw_header
from geo.export.image.map import draw_edge, draw_map
from geo.export.image.sidebar import draw_sidebar, plan_sidebar

if TYPE_CHECKING:
    from geo.export.slide import Slide
    from geo.store import LayerStore

BELOW = 0.46  # of the room between header and footer, at most, for a column below the map


def slide_sheet(
    slide: Slide, store: LayerStore, size: tuple[int, int], theme: str, *, page: str = ""
) -> DisplayList:
    """Lay a slide out on a sheet of that size, in pixels.

    Parameters
    ----------
    page : str
        The page's number, written at the foot; empty for none.
    """
    grid = grid_of(size)
    sheet = DisplayList(size, grid.unit, theme)
    rule = draw_header(
        sheet, grid, slide.headline, slide.lines, window=slide.window, counted=slide.counted
    )
    foot = grid.height - footer_height(grid, slide.sources, slide.credit)
    draw_footer(
        sheet,
        grid,
        slide.sources,
        slide.credit,
        asked=(slide.window, slide.counted),
        link=slide.link,
        page=page,
    )
    top, bottom = rule + 14 * grid.unit, foot - 16 * grid.unit
    if grid.beside:
        _column(sheet, grid, slide, rule + 22 * grid.unit, bottom)
    else:
        bottom = _column_below(sheet, grid, slide, top, bottom) - 24 * grid.unit
    box = grid.map_box(top, bottom)
    draw_map(sheet, box, slide, store, inset=grid.left)
    draw_edge(sheet, (-2 * grid.unit, top, box[2] if grid.beside else grid.width * 1.1, bottom))
    return sheet


def _column(sheet: DisplayList, grid: Grid, slide: Slide, top: float, bottom: float) -> None:
    widths = [right - left for left, right in grid.halves]
    plan = plan_sidebar(slide, widths, bottom - top, grid.unit)
    draw_sidebar(sheet, plan, [(left, top, right, bottom) for left, right in grid.halves])


def _column_below(sheet: DisplayList, grid: Grid, slide: Slide, top: float, bottom: float) -> float:
    """Draw the column at the foot of the room, and return where it begins."""
    widths = [right - left for left, right in grid.halves]
    plan = plan_sidebar(slide, widths, BELOW * (bottom - top), grid.unit)
    start = bottom - min(plan.height, BELOW * (bottom - top))
    draw_sidebar(sheet, plan, [(left, start, right, bottom) for left, right in grid.halves])
    return start


def map_sheet(slide: Slide, store: LayerStore, size: tuple[int, int], theme: str) -> DisplayList:
    """Lay the map of a slide out alone, with its credit, on a sheet of that size, in pixels."""
    from geo.export.slide import BASE_CREDIT

    width, height = size
    unit = min(math.sqrt(width * height / (1344 * 760)), height / 420, width / 520)
    sheet = DisplayList(size, unit, theme)
    draw_map(sheet, (0.0, 0.0, float(width), float(height)), slide, store, credit=BASE_CREDIT)
    return sheet
