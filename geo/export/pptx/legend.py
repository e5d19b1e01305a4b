"""Lay out legend entries: rows in the panel, and a strip below the map."""

from __future__ import annotations

import math
from collections.abc import Sequence

from geo.export.layout.metrics import to_one_line
from geo.export.layout.panel import count_text
from geo.export.pptx.elements import (
    POINT,
    Para,
    Piece,
    Rect,
    Sign,
    TextBox,
    cut_text,
    move,
    text_height,
    typeface,
)
from geo.mapping.legend import LegendEntry

PANEL_GROUPS, STRIP_GROUPS = ("place", "layer"), ("stance", "certainty")
"""Groups of entries in the panel, and in the strip."""

SIGN, _SMALL_SIGN = 0.42, 0.25  # from an entry's left edge to its label
_APART, _GROUPS_APART = 0.2, 0.42


def select_entries(legend: Sequence[LegendEntry], groups: Sequence[str]) -> list[LegendEntry]:
    """Return the entries of the given groups, in group order."""
    return [entry for group in groups for entry in legend if entry["group"] == group]


def format_count(entry: LegendEntry) -> str:
    """Return the count of an entry after a space; empty for none."""
    count = count_text(entry)
    return f" {count}" if count else ""


def format_entry(entry: LegendEntry) -> str:
    """Return label and count of an entry."""
    return f"{to_one_line(entry['label'])}{format_count(entry)}"


def fits_row(entry: LegendEntry, size: float, width: float) -> bool:
    """Return whether an entry fits into a row of the panel."""
    return _measure(format_entry(entry), size) <= (width - SIGN) * 0.985


def draw_strip(legend: Sequence[LegendEntry], width: float) -> tuple[list[Piece], float]:
    """Return stance and certainty side by side from (0, 0), and their height."""
    groups = [select_entries(legend, (group,)) for group in STRIP_GROUPS]
    shown = [group for group in groups if group]
    flows = {size: _flow(shown, size, width) for size in (10.5, 10.0, 9.5)}
    size = min(flows, key=lambda size: (flows[size][1], -size))
    pieces, count = flows[size]
    return pieces, count * (text_height(1, size) + 0.05)


def _flow(groups: list[list[LegendEntry]], size: float, room: float) -> tuple[list[Piece], int]:
    """Return the elements of groups in as few rows as they take, and the number of rows."""
    pieces: list[Piece] = []
    pitch = text_height(1, size) + 0.05
    x, row = 0.0, 0
    for group in groups:
        widths = [
            min(_measure(format_entry(entry), size) * 1.0244 + _SMALL_SIGN, room) for entry in group
        ]
        whole = sum(widths) + _APART * (len(group) - 1)
        start = x + _GROUPS_APART - _APART if x else 0.0
        if x and start + whole > room:
            start, row = 0.0, row + 1
        x = start
        full = math.ceil(len(group) / math.ceil(whole / room))
        for position, (entry, width) in enumerate(zip(group, widths, strict=True)):
            if x and (x + width > room or (whole > room and position % full == 0)):
                x, row = 0.0, row + 1
            label_width = width - _SMALL_SIGN - _measure(format_count(entry), size)
            label = cut_text(to_one_line(entry["label"]), size, label_width, 1)
            pieces += move(draw_entry(entry, label, size, width, _SMALL_SIGN), x, row * pitch)
            x += width + _APART
    return pieces, row + 1 if pieces else 0


def _measure(text: str, size: float) -> float:
    """Return the width of a line in inches; `size` in points."""
    return typeface().width(text) * size * POINT


def draw_entry(
    entry: LegendEntry, label: str, size: float, width: float, sign: float = SIGN
) -> list[Piece]:
    """Return symbol, label and count of an entry, from (0, 0); `size` in points."""
    height = text_height(1, size)
    para = Para(label, size, tail=format_count(entry))
    words = TextBox(f"Legend: {label}", Rect(sign, 0, width - sign, height), (para,))
    return [Sign(entry, Rect(0, 0, sign - 0.08, height)), words]
