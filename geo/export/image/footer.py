"""Below the map: sources, where the base map comes from, and what was asked for, with the link."""

from __future__ import annotations

from collections.abc import Sequence

from geo.export.image.display_list import DisplayList
from geo.export.image.fonts import SANS, Face
from geo.export.image.grid import Grid
from geo.export.image.header import write_block
from geo.export.layout.slide import list_sources
from geo.export.layout.text import TextBlock, cut_line, cut_middle, wrap_text

SIZE = 17.0  # units
BOTTOM = 26.0


def footer_height(grid: Grid, sources: Sequence[str], credit: str) -> float:
    """Return how high the footer is with its room below, pixels."""
    blocks = _blocks(grid, sources, credit)
    return sum(one.height for one in blocks) + (1.36 * SIZE + BOTTOM) * grid.unit


def draw_footer(
    sheet: DisplayList,
    grid: Grid,
    sources: Sequence[str],
    credit: str,
    *,
    asked: Sequence[str],
    link: str,
    page: str = "",
) -> None:
    """Draw the footer at the foot of the sheet.

    Parameters
    ----------
    asked : sequence of str
        What stands before the link: the days, the number of observations.
    page : str
        The page's number; empty for a picture that stands alone.
    """
    y = grid.height - footer_height(grid, sources, credit)
    for one in _blocks(grid, sources, credit):
        y = write_block(sheet, one, grid.left, y, "faint")
    size = SIZE * grid.unit
    foot = y + (1.36 - 1) / 2 * size + 0.79 * size
    end = grid.right
    if page:
        end = sheet.write(page, end, foot, SANS, size, "muted", align="right").x - 2 * size
    before = cut_line(" · ".join(one for one in asked if one), SANS, size, 0.6 * (end - grid.left))
    words = sheet.write(f"{before} ·", grid.left, foot, SANS, size, "faint")
    at = words.box[2] + 0.25 * size
    sheet.write(cut_middle(link, SANS, size, end - at), at, foot, SANS, size, "faint")


def _blocks(grid: Grid, sources: Sequence[str], credit: str) -> list[TextBlock[Face]]:
    size, width = SIZE * grid.unit, grid.right - grid.left
    lines = 2 if grid.beside else 3
    if sources:
        label = "Source:" if len(sources) == 1 else "Sources:"
        tail = ", listed in the notes"
        named, _ = list_sources(sources, label, tail, SANS, size, width, most=lines, leading=1.36)
    else:
        named = wrap_text("No source is shown.", SANS, size, width, leading=1.36)
    given = wrap_text(credit, SANS, size, width, most=lines, leading=1.36)
    return [one for one in (named, given) if one.lines]
