"""Above the map: headline, lines, the days and the number of observations, a rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geo.export.image.display_list import DisplayList, Shape, lines
from geo.export.image.fonts import MEDIUM, SANS, SERIF
from geo.export.image.grid import Grid
from geo.export.image.text import Block, balanced, block, cut, fitted

TOP = 40.0  # units
LINE_SIZES = (27.0, 25.5, 24.0, 22.0, 20.0)


def draw_header(
    sheet: DisplayList, grid: Grid, headline: str, said: Sequence[str], *, window: str, counted: str
) -> float:
    """Draw what stands above the map, and return where the rule is, in pixels."""
    y = _headline(sheet, grid, headline) + 12 * grid.unit
    end = _said(sheet, grid, said, y)
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
    text = balanced(fitted(headline, SERIF, scaled, width, most=most, leading=1.16), width)
    return write_block(sheet, text, grid.left, TOP * grid.unit, "ink")


def write_block(sheet: DisplayList, text: Block, x: float, y: float, colour: str) -> float:
    """Write lines below y, and return where they end."""
    for line in text.lines:
        foot = y + (text.leading - text.size) / 2 + 0.79 * text.size
        sheet.write(line, x, foot, text.face, text.size, colour)
        y += text.leading
    return y


def _said(sheet: DisplayList, grid: Grid, said: Sequence[str], y: float) -> float:
    """Write each line on its own, in the largest size in which they take the fewest lines."""
    width = (grid.map_right if grid.beside else grid.right) - grid.left
    most = 4 if grid.beside else 6
    said = [one for one in said if one.strip()]
    tried = [
        [block(one, SANS, size * grid.unit, width, leading=1.36) for one in said]
        for size in LINE_SIZES
    ]
    fewest = min(sum(len(one.lines) for one in blocks) for blocks in tried[:3])
    blocks = next(
        (one for one in tried if sum(len(part.lines) for part in one) <= min(fewest, most)),
        tried[-1],
    )
    left = most
    for position, one in enumerate(blocks):
        if left <= 0:
            break
        rest = "" if position == len(blocks) - 1 or left > len(one.lines) else " …"
        if len(one.lines) > left or rest:
            one = block(said[position] + rest, SANS, one.size, width, most=left, leading=1.36)
        one = balanced(one, width) if len(one.lines) == 2 else one
        y = write_block(sheet, one, grid.left, y, "muted")
        left -= len(one.lines)
    return y


def _beside(sheet: DisplayList, grid: Grid, window: str, counted: str, y: float) -> float:
    width = grid.right - grid.column
    sizes = (26 * grid.unit, 23 * grid.unit, 20 * grid.unit)
    days = fitted(window, MEDIUM, sizes, width, most=(1, 1, 2), leading=1.36)
    y = write_block(sheet, days, grid.column, y, "ink")
    number = fitted(counted, SANS, sizes[1:], width, most=(1, 1), leading=1.36)
    return write_block(sheet, number, grid.column, y, "muted")


def _below(sheet: DisplayList, grid: Grid, window: str, counted: str, y: float) -> float:
    size = 25 * grid.unit
    y += 8 * grid.unit
    foot = y + 0.95 * size
    width = grid.right - grid.left
    days = cut(window, MEDIUM, size, 0.55 * width)
    words = sheet.write(days, grid.left, foot, MEDIUM, size, "ink")
    at = words.box[2] + 0.8 * size
    sheet.write(cut(counted, SANS, size, grid.right - at), at, foot, SANS, size, "muted")
    return y + 1.3 * size
