"""Header and footer of a sheet: headline, lines, days and counts; sources, credit and link."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.path import Path

from geo.export.image.display_list import DisplayList, Shape, rectangle
from geo.export.image.fonts import MEDIUM, SANS, SERIF
from geo.export.image.sheet_grid import FixedParts, Grid
from geo.export.layout.text import (
    balance_lines,
    cut_line,
    cut_middle,
    fit_text,
    list_sources,
    plan_lines,
    wrap_text,
)
from geo.text.formatting import explain_link

if TYPE_CHECKING:
    from geo.export.slide import Slide

TOP, BOTTOM, SMALL = 40.0, 26.0, 17.0  # units: margins, type size of the footer
BESIDE_SIZES = (56, 53, 50, 47, 44, 46, 43, 40, 36, 32), (1, 1, 1, 1, 1, 2, 2, 2, 3, 3)
BELOW_SIZES = (56, 53, 50, 46, 42, 38, 34), (2, 2, 2, 3, 3, 4, 4)  # type size, lines
LINE_SIZES = (27.0, 25.5, 24.0, 22.0, 20.0)
LEADING = 1.36


def draw_header(sheet: DisplayList, grid: Grid, slide: Slide, fixed: FixedParts) -> FixedParts:
    """Draw headline, lines, days, number of reports and a rule; return what they take."""
    width, unit = grid.right - grid.left, grid.unit
    points, most = BESIDE_SIZES if grid.beside else BELOW_SIZES
    sizes = [size * unit for size in points]
    allowed = [at for at, size in enumerate(sizes) if size <= fixed.headline + 1e-6]
    headline = fit_text(
        slide.headline,
        SERIF,
        [sizes[at] for at in allowed],
        width,
        most=[most[at] for at in allowed],
        leading=1.16,
    )
    y = sheet.write_block(balance_lines(headline, width), grid.left, TOP * unit, "ink") + 12 * unit
    head = max(y, fixed.head)
    end, lines = _draw_lines(sheet, grid, slide, head, fixed.lines)
    beside = _beside(sheet, grid, slide, head) if grid.beside else 0.0
    end = max(end, beside) if grid.beside else _below(sheet, grid, slide, end)
    rule = max(end + 16 * unit, fixed.rule)
    path = Path([(grid.left, rule), (grid.right, rule)])
    sheet.add(Shape(path, line="ink", width=1.6 * unit))
    if slide.played:
        _mark_days(sheet, grid, slide.played.share, rule)
    return FixedParts(headline.size, lines, head, rule)


def _mark_days(sheet: DisplayList, grid: Grid, share: tuple[float, float], rule: float) -> None:
    """Mark on the header's rule which part of the played days the sheet shows."""
    start, end = (grid.left + one * (grid.right - grid.left) for one in share)
    box = (start, rule - 4 * grid.unit, end, rule + 4 * grid.unit)
    sheet.add(Shape(rectangle(box), fill="accent"))


def _draw_lines(
    sheet: DisplayList, grid: Grid, slide: Slide, y: float, largest: float
) -> tuple[float, float]:
    """Write each line on its own, in the largest size in which they take the fewest lines.

    Return where they end, and their type size.
    """
    width = (grid.map_right if grid.beside else grid.right) - grid.left
    texts = [one for one in slide.still_lines if one.strip()]
    sizes = [size * grid.unit for size in LINE_SIZES if size * grid.unit <= largest + 1e-6]
    most = [4 if grid.beside else 6] * len(sizes)
    used = math.inf
    for block in plan_lines(texts, SANS, sizes, width, most=most, leading=LEADING, compact=3):
        even = balance_lines(block, width) if len(block.lines) == 2 else block
        y = sheet.write_block(even, grid.left, y, "muted")
        used = min(used, block.size)
    return y, used


def _beside(sheet: DisplayList, grid: Grid, slide: Slide, y: float) -> float:
    """Write days and number of reports above the column beside the map."""
    width = grid.right - grid.column
    sizes = (26 * grid.unit, 23 * grid.unit, 20 * grid.unit)
    when, most = ((34 * grid.unit,), (2,)) if slide.played else (sizes, (1, 1, 2))
    days = fit_text(slide.window, MEDIUM, when, width, most=most, leading=LEADING)
    y = sheet.write_block(days, grid.column, y, "ink")
    number = fit_text(slide.counted, SANS, sizes[1:], width, most=(1, 1), leading=LEADING)
    return sheet.write_block(number, grid.column, y, "muted")


def _below(sheet: DisplayList, grid: Grid, slide: Slide, y: float) -> float:
    """Write days and number of reports in one line below the lines."""
    size = (34 if slide.played else 25) * grid.unit
    y += 8 * grid.unit
    foot = y + 0.95 * size
    days = cut_line(slide.window, MEDIUM, size, 0.55 * (grid.right - grid.left))
    at = sheet.write(days, grid.left, foot, MEDIUM, size, "ink").box[2] + 0.8 * size
    counted = cut_line(slide.counted, SANS, size, grid.right - at)
    sheet.write(counted, at, foot, SANS, size, "muted")
    return y + 1.3 * size


def draw_footer(
    sheet: DisplayList, grid: Grid, slide: Slide, page: str, fixed: FixedParts
) -> float:
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
    sheet.write_block(named, grid.left, min(top, fixed.foot), "faint")
    y = sheet.write_block(credit, grid.left, top + named.height, "faint")
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
    return min(top, fixed.foot)
