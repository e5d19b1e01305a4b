"""Lay out questions and answers as text boxes, in columns, as large as they fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.export.layout.metrics import to_one_line
from geo.export.pptx.elements import POINT, Bar, Para, Piece, Rect, TextBox, total_height
from geo.mapping.ring_shapes import FILLED, PATTERNS, STRIPED

if TYPE_CHECKING:
    from geo.export.slide import Block

SIZES = tuple(20 - 0.5 * step for step in range(25))  # points
_GAP, _INDENT = 0.4, 0.16  # inches between columns, and from a bar to its text
_COLUMN = 3.6  # inches that a column has at least
_Set = tuple["Block", tuple[Para, ...], float]


def lay_out_blocks(blocks: Sequence[Block], box: Rect) -> tuple[list[Piece], tuple[str, ...]]:
    """Return the text boxes of blocks, and the texts of those that do not fit."""
    most = max(1, int((box.w + _GAP) / (_COLUMN + _GAP)))
    for size in SIZES:
        for count in range(1, most + 1):
            width = (box.w - _GAP * (count - 1)) / count
            columns = list(_fill_columns([_set(one, size, width) for one in blocks], box.h, size))
            if len(columns) <= count:
                break
        if len(columns) <= count:
            break
    pieces: list[Piece] = []
    for number, column in enumerate(columns[:count]):
        pieces += _place_column(
            column, replace(box, x=box.x + number * (width + _GAP), w=width), size
        )
    left = [block for column in columns[count:] for block, _, _ in column]
    return pieces, tuple(f"{one.title}{one.text} {one.note}".strip() for one in left)


def _set(block: Block, size: float, width: float) -> _Set:
    texts = (
        Para(to_one_line(block.title), size * 1.05, bold=True),
        Para(to_one_line(block.text), size),
        Para(to_one_line(block.note), size * 0.75, "muted", before=1),
    )
    paras = tuple(one for one in texts if one.text)
    return block, paras, total_height(paras, width - (0 if block.title else _INDENT))


def _fill_columns(items: Sequence[_Set], height: float, size: float) -> Iterator[list[_Set]]:
    column: list[_Set] = []
    y = 0.0
    for item in items:
        if column and y + item[2] > height:
            yield column
            column, y = [], 0.0
        y += item[2] + 0.6 * size * POINT
        column.append(item)
    if column:
        yield column


def _place_column(column: Sequence[_Set], box: Rect, size: float) -> Iterator[Piece]:
    y = box.y
    for block, paras, height in column:
        x = box.x if block.title else box.x + _INDENT
        if block.stance:
            yield from _draw_bar(block.stance, Rect(box.x, y + 0.03, 0.045, height - 0.06))
        yield TextBox("Answer", Rect(x, y, box.right - x, height), paras)
        y += height + 0.6 * size * POINT


def _draw_bar(stance: str, box: Rect) -> Iterator[Piece]:
    """Yield the bar beside an answer, in the pattern of its stance on the rings of the map."""
    count = max(1, round(box.h / 0.09)) if stance == STRIPED else 1
    step = box.h / count
    for low, high in PATTERNS.get(stance, ((0.0, 1.0),)):
        for number in range(count):
            x, height = box.x + low * box.w, step * (FILLED if count > 1 else 1.0)
            part = Rect(x, box.y + number * step, (high - low) * box.w, height)
            yield Bar("Points to", part, stance)
