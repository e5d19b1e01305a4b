"""The side panel of a picture: its styles, and the drawing of what `layout.panel` plans."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from geo.export.image.display_list import Box, DisplayList, width_of
from geo.export.image.fonts import MEDIUM, SANS, SERIF, Face
from geo.export.image.icons import swatch, unequal
from geo.export.layout.panel import plan_panel
from geo.export.layout.panel_model import (
    Attempt,
    PanelContent,
    PanelEntry,
    PanelPlan,
    PanelStyle,
    PanelText,
    TextStyle,
)

if TYPE_CHECKING:
    from geo.export.slide import Slide

SCALES = (1.14, 1.07, 1.0, 0.94, 0.88, 0.82, 0.77, 0.72, 0.67, 0.62)
COMFORTABLE = 0.88  # in this size, questions are counted before letters get smaller still
AIDS = ("signs", "when")  # groups of the legend that are left out before further layers are
INDENT = 44.0  # units from the panel's edge to the text behind a sign
ROW = 22.0


def plan_sidebar(
    slide: Slide,
    widths: Sequence[float],
    height: float,
    unit: float,
    *,
    largest: float = math.inf,
) -> PanelPlan[Face]:
    """Return the plan of the panel, as large and as whole as the room allows; pixels.

    Letters get a little smaller first; then the last questions are counted instead of shown;
    then letters get smaller still; at the very end further layers are counted as well. Letters
    are at most `largest` times the usual ones.
    """
    content = slide.panel
    attempts = (one for one in _attempts(content) if one.size <= largest)
    return plan_panel(content, attempts, lambda one: _style(unit * one.size), widths, height)


def _attempts(content: PanelContent) -> Iterator[Attempt]:
    asked = len(content.questions)
    layers = sum(entry["group"] == "layer" for entry in content.legend)
    for scale in SCALES:
        fewest = asked if scale > COMFORTABLE else min(asked, 2 if scale > 0.7 else 1)
        for questions in range(asked if scale == COMFORTABLE else fewest, fewest - 1, -1):
            yield Attempt(scale, questions, layers)
    smallest = SCALES[-1]
    yield from (Attempt(smallest, 0, layers, without=some) for some in (("signs",), AIDS))
    yield from (Attempt(smallest, 0, shown, without=AIDS) for shown in range(layers, -1, -1))


def _style(unit: float) -> PanelStyle[Face]:
    heading = TextStyle(SERIF, 25 * unit, leading=1.2, after=9 * unit)
    muted = TextStyle(SANS, 20 * unit, "muted", indent=INDENT * unit)
    size = ROW * unit
    return PanelStyle(
        heading=heading,
        legend_heading=heading,
        group=TextStyle(SANS, 18 * unit, "faint", before=10 * unit, after=2 * unit),
        label=TextStyle(SANS, size, leading=1.2),
        question=TextStyle(MEDIUM, 21 * unit, indent=INDENT * unit),
        answer=muted,
        unseen=TextStyle(SANS, 21 * unit),
        more=TextStyle(SANS, 20 * unit, "muted", before=8 * unit, indent=INDENT * unit),
        sign=INDENT * unit,
        row=1.48 * size,
        row_pad=0.28 * size,
        section_gap=27 * unit,
        headed=("when", "stance", "certainty", "rating", "layer"),
        paired=("when", "stance"),
        flowing=("signs",),
        narrow_sign=0.86 * INDENT * unit,
        dotted=("certainty",),
        label_lines=2,
        count_gap=12 * unit,
        pair_gap=28 * unit,
        dot_step=66 * unit,
        question_gap=12 * unit,
        nothing="Nothing is shown.",
    )


def draw_sidebar(sheet: DisplayList, plan: PanelPlan[Face], boxes: Sequence[Box]) -> None:
    """Draw the plan's columns, each in its box; what goes beyond the box is left out."""
    unit = plan.style.sign / INDENT
    for column, (left, top, _, bottom) in zip(plan.columns, boxes, strict=True):
        for section in column:
            for item in section.items:
                y = top + section.top + item.y
                if isinstance(item, PanelText):
                    _draw_text(sheet, item, left, y, bottom, unit)
                elif y + item.height <= bottom + 1:
                    draw = _draw_dot if item.entry["group"] in plan.style.dotted else _draw_row
                    draw(sheet, item, left + item.x, y, unit)


def _draw_text(
    sheet: DisplayList, item: PanelText[Face], x: float, y: float, bottom: float, unit: float
) -> None:
    """Draw the lines of a text that end above `bottom`, a question behind the sign ≠."""
    block = item.block
    if item.role == "question" and y + block.leading <= bottom + 1:
        unequal(sheet, x + 15 * unit, y + block.leading / 2, 30 * unit)
    sheet.write_block(block, x + item.style.indent, y, item.style.colour, bottom=bottom + 1)


def _draw_row(sheet: DisplayList, item: PanelEntry[Face], x: float, y: float, unit: float) -> None:
    """Draw a sign, its meaning, and its count at the right edge."""
    label = item.label
    top = y + (item.height - max(label.height, label.leading)) / 2
    swatch(sheet, item.entry, x + 15 * unit, top + label.leading / 2, 27 * unit)
    sheet.write_block(label, x + item.sign, top, "ink")
    at = x + item.width, label.baseline(top)
    sheet.write(item.count, *at, SANS, label.size, "muted", align="right")


def _draw_dot(sheet: DisplayList, item: PanelEntry[Face], x: float, y: float, unit: float) -> None:
    """Draw a dot of certainty, with its count behind it."""
    size, step = item.label.size, item.width
    middle, dot = y + 0.72 * size, min(27 * unit, 0.55 * step)
    swatch(sheet, item.entry, x + 0.31 * dot + 2 * unit, middle, dot)
    text = f"{item.entry['count']:,}"
    room = step - 0.62 * dot - 14 * unit
    small = min(size, size * room / max(width_of(text, SANS, size), 1e-6))
    sheet.write(text, x + 0.62 * dot + 7 * unit, middle + 0.33 * small, SANS, small, "muted")
