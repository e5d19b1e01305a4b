"""Lay out legend entries: rows in the panel, and a strip below the map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo.export.layout.metrics import GlyphTable, to_one_line
from geo.export.layout.panel import count_text
from geo.export.layout.panel_model import PanelEntry
from geo.export.pptx.elements import (
    POINT,
    Para,
    Piece,
    Rect,
    Sign,
    TextBox,
    cut_text,
    moved,
    tall,
    typeface,
)

if TYPE_CHECKING:
    from geo.export.slide import Slide
    from geo.mapping.legend import LegendEntry

SHAPES, SHADES = ("place", "layer"), ("stance", "certainty")
"""Groups of entries in the panel, and in the strip."""

SIGN, _SMALL_SIGN = 0.42, 0.25
_APART, _GROUPS_APART = 0.2, 0.42


def entries(legend: Sequence[LegendEntry], groups: Sequence[str]) -> list[LegendEntry]:
    """Return the entries of the given groups, in group order."""
    return [entry for group in groups for entry in legend if entry["group"] == group]


def label(entry: LegendEntry) -> tuple[str, str]:
    """Return label and count of an entry; the count has a leading space or is empty."""
    count = count_text(entry)
    return to_one_line(entry["label"]), f" {count}" if count else ""


def fits(entry: LegendEntry, size: float, room: float) -> bool:
    """Return whether an entry fits into a row of the panel."""
    return _label_width("".join(label(entry)), size) <= (room - SIGN) * 0.985


def strip(slide: Slide, room: float) -> tuple[list[Piece], float]:
    """Lay out stance and certainty side by side from (0, 0); return them and their height."""
    groups = [entries(slide.legend, (group,)) for group in SHADES]
    shown = [group for group in groups if group]
    flows = {size: _flow(shown, size, room) for size in (10.5, 10.0, 9.5)}
    size = min(flows, key=lambda size: (flows[size][1], -size))
    pieces, count = flows[size]
    return pieces, count * (tall(1, size) + 0.05)


def _flow(groups: list[list[LegendEntry]], size: float, room: float) -> tuple[list[Piece], int]:
    pieces: list[Piece] = []
    pitch = tall(1, size) + 0.05
    x, row = 0.0, 0
    for group in groups:
        widths = [_width(entry, size, room) for entry in group]
        whole = sum(widths) + _APART * (len(group) - 1)
        start = x + _GROUPS_APART - _APART if x else 0.0
        if x and start + whole > room:
            start, row = 0.0, row + 1
        x = start
        full = math.ceil(len(group) / math.ceil(whole / room))
        for position, (entry, width) in enumerate(zip(group, widths, strict=True)):
            if x and (x + width > room or (whole > room and position % full == 0)):
                x, row = 0.0, row + 1
            pieces += moved(_entry(entry, size, width, _SMALL_SIGN), x, row * pitch)
            x += width + _APART
    return pieces, row + 1 if pieces else 0


def _width(entry: LegendEntry, size: float, room: float) -> float:
    return min(_label_width("".join(label(entry)), size) * 1.0244 + _SMALL_SIGN, room)


def _label_width(text: str, size: float) -> float:
    """Return the width of a line in inches; `size` in points."""
    return typeface().width(text) * size * POINT


def entry_pieces(row: PanelEntry[GlyphTable]) -> list[Piece]:
    """Return the elements of a panel row: symbol, label and count."""
    return _pieces(row.entry, row.label.text, row.label.size / POINT, row.width, SIGN)


def _entry(entry: LegendEntry, size: float, room: float, sign: float) -> list[Piece]:
    name, count = label(entry)
    shown = cut_text(name, size, room - sign - _label_width(count, size), 1)
    return _pieces(entry, shown, size, room, sign)


def _pieces(entry: LegendEntry, shown: str, size: float, room: float, sign: float) -> list[Piece]:
    height = tall(1, size)
    para = Para(shown, size, tail=label(entry)[1])
    words = TextBox(f"Legend: {shown}", Rect(sign, 0, room - sign, height), (para,))
    return [Sign(entry, Rect(0, 0, sign - 0.08, height)), words]
