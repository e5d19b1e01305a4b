"""Questions and answers on a sheet, in columns, in the largest type size in which all fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.path import Path

from geo.export.image.display_list import Box, DisplayList, Shape
from geo.export.image.fonts import MEDIUM, SANS, Face
from geo.export.layout.text import TextBlock, wrap_text
from geo.mapping.ring_shapes import PATTERNS, STRIPED

if TYPE_CHECKING:
    from geo.export.slide import Block

SIZES = tuple(26 - 0.75 * step for step in range(20))  # units
COLUMN = 26.0  # type sizes that a column has at least, so that its lines are not torn
GAP = 48.0  # units between columns


@dataclass(frozen=True)
class _Item:
    """A block, set: its lines with their colours, and the space above it."""

    block: Block
    texts: tuple[tuple[TextBlock[Face], str], ...]
    before: float

    @property
    def height(self) -> float:
        return sum(text.height for text, _ in self.texts)


def draw_blocks(sheet: DisplayList, blocks: Sequence[Block], box: Box) -> None:
    """Draw blocks in columns; those that do not fit in the smallest size are counted."""
    x0, y0, x1, y1 = box
    unit = sheet.unit
    for units in SIZES:
        size = units * unit
        most = max(1, int((x1 - x0 + GAP * unit) / (COLUMN * size + GAP * unit)))
        for count in range(1, most + 1):
            width = (x1 - x0 - GAP * unit * (count - 1)) / count
            items = [_set_block(one, size, width) for one in blocks]
            columns = list(_fill_columns(items, y1 - y0))
            if len(columns) <= count:
                break
        if len(columns) <= count:
            break
    for number, column in enumerate(columns[:count]):
        _draw_column(sheet, column, x0 + number * (width + GAP * unit), y0, size)
    left = sum(map(len, columns[count:]))
    if left:
        foot = y1 + 0.9 * size
        sheet.write(f"and {left} more", x1, foot, SANS, 0.85 * size, "muted", align="right")


def _set_block(block: Block, size: float, width: float) -> _Item:
    room = width - 0.9 * size
    texts = [
        (wrap_text(block.title, MEDIUM, 1.08 * size, width, leading=1.25), "ink"),
        (wrap_text(block.text, SANS, size, room, leading=1.28), "ink"),
        (wrap_text(block.note, SANS, 0.8 * size, room, leading=1.3), "muted"),
    ]
    kept = tuple((text, colour) for text, colour in texts if text.text)
    return _Item(block, kept, (1.1 if block.title else 0.55) * size)


def _fill_columns(items: Sequence[_Item], height: float) -> Iterator[list[_Item]]:
    """Yield columns; a question is never the last of one."""
    column: list[_Item] = []
    y = 0.0
    for number, item in enumerate(items):
        follows = items[number + 1] if item.block.title and number + 1 < len(items) else None
        needed = item.height + (follows.before + follows.height if follows else 0.0)
        if column and y + item.before + needed > height:
            yield column
            column, y = [], 0.0
        y += (item.before if column else 0.0) + item.height
        column.append(item)
    if column:
        yield column


def _draw_column(
    sheet: DisplayList, column: Sequence[_Item], x: float, y: float, size: float
) -> None:
    for number, item in enumerate(column):
        y += item.before if number else 0.0
        top, left = y, x if item.block.title else x + 0.9 * size
        for text, colour in item.texts:
            y = sheet.write_block(text, left, y, colour)
        if item.block.stance:
            ends = top + 0.15 * size, y - 0.15 * size
            _draw_bar(sheet, item.block.stance, x + 0.17 * size, 0.18 * size, ends)


def _draw_bar(
    sheet: DisplayList, stance: str, x: float, width: float, ends: tuple[float, float]
) -> None:
    """Draw the bar beside an answer, in the pattern of its stance on the rings of the map."""
    dash = (0.9 * width, 0.7 * width) if stance == STRIPED else ()
    for low, high in PATTERNS.get(stance, ((0.0, 1.0),)):
        middle = x + width * (low + high) / 2
        path = Path([(middle, ends[0]), (middle, ends[1])])
        sheet.add(Shape(path, line=stance, width=(high - low) * width, dash=dash))
