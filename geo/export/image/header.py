"""Draw the header above the map: headline, lines, days, number of reports, a rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geo.export.image.display_list import DisplayList, Shape, lines
from geo.export.image.fonts import MEDIUM, SANS, SERIF, Face
from geo.export.image.grid import Grid
from geo.export.layout.slide import plan_lines
from geo.export.layout.text import TextBlock, balance_lines, cut_line, fit_text

TOP = 40.0  # units
LINE_SIZES = (27.0, 25.5, 24.0, 22.0, 20.0)


def draw_header(
    sheet: DisplayList, grid: Grid, headline: str, said: Sequence[str], *, window: str, counted: str
) -> float:
    """Draw what stands above the map, and return where the rule is, in pixels."""
    y = _headline(sheet, grid, headline) + 12 * grid.unit
    end = _lines(sheet, grid, said, y)
    if grid.beside:
        end = max(end, _beside(sheet, grid, window, counted, y))
    else:
        end = _below(sheet, grid, window, counted, end)
    rule = end + 16 * grid.unit
    path = lines([np.array([(grid.left, rule), (grid.right, rule)])])
    sheet.add(Shape(path, line=sheet.hue("ink"), width=1.6 * grid.unit))
    return rule


def _headline(sheet: DisplayList, grid: Grid, headline: str) -> float:
    width = grid.right - grid.left
    sizes: tuple[float, ...]
    most: tuple[int, ...]
    if grid.beside:
        sizes, most = (56, 53, 50, 47, 44, 46, 43, 40, 36, 32), (1, 1, 1, 1, 1, 2, 2, 2, 3, 3)
    else:
        sizes, most = (56, 53, 50, 46, 42, 38, 34), (2, 2, 2, 3, 3, 4, 4)
    scaled = tuple(size * grid.unit for size in sizes)
    text = balance_lines(fit_text(headline, SERIF, scaled, width, most=most, leading=1.16), width)
    return write_block(sheet, text, grid.left, TOP * grid.unit, "ink")


def write_block(
    sheet: DisplayList, block: TextBlock[Face], x: float, y: float, colour: str
) -> float:
    """Write lines below y, and return where they end."""
    for line in block.lines:
        write_line(sheet, block, line, x, y, colour)
        y += block.leading
    return y


def write_line(
    sheet: DisplayList, block: TextBlock[Face], line: str, x: float, y: float, colour: str
) -> None:
    """Write one line of a block below y."""
    foot = y + (block.leading - block.size) / 2 + 0.79 * block.size
    sheet.write(line, x, foot, block.font, block.size, colour)


def _lines(sheet: DisplayList, grid: Grid, lines: Sequence[str], y: float) -> float:
    """Write each line on its own, in the largest size in which they take the fewest lines."""
    width = (grid.map_right if grid.beside else grid.right) - grid.left
    texts = [one for one in lines if one.strip()]
    sizes = [size * grid.unit for size in LINE_SIZES]
    most = [4 if grid.beside else 6] * len(sizes)
    for block in plan_lines(texts, SANS, sizes, width, most=most, leading=1.36, compact=3):
        even = balance_lines(block, width) if len(block.lines) == 2 else block
        y = write_block(sheet, even, grid.left, y, "muted")
    return y


def _beside(sheet: DisplayList, grid: Grid, window: str, counted: str, y: float) -> float:
    width = grid.right - grid.column
    sizes = (26 * grid.unit, 23 * grid.unit, 20 * grid.unit)
    days = fit_text(window, MEDIUM, sizes, width, most=(1, 1, 2), leading=1.36)
    y = write_block(sheet, days, grid.column, y, "ink")
    number = fit_text(counted, SANS, sizes[1:], width, most=(1, 1), leading=1.36)
    return write_block(sheet, number, grid.column, y, "muted")


def _below(sheet: DisplayList, grid: Grid, window: str, counted: str, y: float) -> float:
    size = 25 * grid.unit
    y += 8 * grid.unit
    foot = y + 0.95 * size
    width = grid.right - grid.left
    days = cut_line(window, MEDIUM, size, 0.55 * width)
    words = sheet.write(days, grid.left, foot, MEDIUM, size, "ink")
    at = words.box[2] + 0.8 * size
    sheet.write(cut_line(counted, SANS, size, grid.right - at), at, foot, SANS, size, "muted")
    return y + 1.3 * size
