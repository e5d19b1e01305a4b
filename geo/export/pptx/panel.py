"""Lay out the side panel: dates and count, legend, differing sources, systems no longer named.

`layout.panel` plans it; here are its styles, and its pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from geo.export.layout.metrics import GlyphTable
from geo.export.layout.panel import plan_panel
from geo.export.layout.panel_model import (
    DIFFER,
    KNOWN,
    UNSEEN,
    Attempt,
    PanelContent,
    PanelEntry,
    PanelPlan,
    PanelStyle,
    PanelText,
    Section,
    TextStyle,
)
from geo.export.layout.text import ALL, fit_text, wrap_text
from geo.export.pptx.elements import LEADING, POINT, Para, Piece, Rect, TextBox, moved, typeface
from geo.export.pptx.legend import SHAPES, SIGN, entries, entry_pieces, fits, label

if TYPE_CHECKING:
    from geo.export.slide import Slide
    from geo.mapping.legend import LegendEntry

_SIZES = (12.5, 12.0, 11.5, 11.0, 10.5, 10.0)
_IN_NOTES = "and {n} more in the notes"
_ROWS = "Legend: more"


def panel(slide: Slide, columns: tuple[Rect, ...]) -> tuple[list[Piece], list[str]]:
    """Return the panel's elements, and the full text of what did not fit.

    Parameters
    ----------
    slide : geo.export.slide.Slide
    columns : tuple of Rect
        One, or two side by side.
    """
    pieces: list[Piece] = []
    left_out: list[str] = []
    content = replace(slide.panel, legend=tuple(entries(slide.legend, SHAPES)))
    contents = [content]
    if len(columns) > 1:
        contents = [PanelContent(content.legend), replace(content, legend=())]
    for position, (part, box) in enumerate(zip(contents, columns, strict=True)):
        plan = plan_panel(
            part,
            _attempts(part),
            partial(_style, legend=part.legend, room=box.w),
            (box.w,),
            box.h,
            lead=None if position else _plan_lead(slide, box.w),
        )
        pieces += _draw(plan, box)
        left_out += _left_out(part, plan, box.w)
    return pieces, list(dict.fromkeys(left_out))


def _attempts(content: PanelContent) -> Iterator[Attempt]:
    """Yield layout attempts, from most to least content; `size` in points."""
    every, listed = len(content.questions), len(content.legend)
    yield from (Attempt(size, every) for size in _SIZES)
    smallest = _SIZES[-1]
    yield from (Attempt(smallest, count) for count in range(every - 1, 0, -1))
    few = min(every, 1)
    shorter = {"answer_lines": 2, "unseen_lines": 4}
    yield from (Attempt(smallest, count, **shorter) for count in range(every, 0, -1))
    yield from (Attempt(size, few, ALL, 2, 3) for size in (9.5, 9.0))
    yield from (Attempt(9.0, few, shown, 1, 2) for shown in range(listed, -1, -1))
    yield Attempt(9.0, 0, 0, 1, 1)


def _text(
    size: float,
    colour: str = "ink",
    *,
    bold: bool = False,
    before: float = 0.0,
    after: float = 0.0,
    spaced: bool = False,
) -> TextStyle[GlyphTable]:
    """Return a paragraph style; size and spacing in points."""
    return TextStyle(
        typeface(bold=bold),
        size * POINT,
        colour,
        LEADING,
        before * POINT,
        after * POINT,
        spaced=spaced,
    )


def _style(
    attempt: Attempt, legend: tuple[LegendEntry, ...], room: float
) -> PanelStyle[GlyphTable]:
    size = attempt.size
    heading = _text(9.5, "faint", bold=True, spaced=True)
    # labels are set in the next smaller size at which every one stays whole
    sizes = (one for one in (size, *_SIZES, 9.5, 9.0) if one <= size)
    label_size = next((one for one in sizes if all(fits(e, one, room) for e in legend)), size)
    return PanelStyle(
        heading=heading,
        legend_heading=replace(heading, after=0.08),
        group=heading,
        label=_text(label_size),
        question=_text(size, bold=True, before=5),
        answer=_text(size, "muted", before=1),
        unseen=_text(size, before=4),
        rows_more=_text(size, "faint"),
        more=_text(size, "faint", before=5),
        sign=SIGN,
        row=0.0,
        row_pad=0.04,
        section_gap=0.24,
        widest_gap=0.34,
        groups=SHAPES,
        shortened=SHAPES,
        rows_left=_IN_NOTES,
        questions_left=_IN_NOTES,
        no_questions="{n}: see the notes",
    )


def _plan_lead(slide: Slide, room: float) -> Section[GlyphTable]:
    """Return the top lines: date range and number of reports."""
    bold, font = typeface(bold=True), typeface()
    sizes = [size * POINT for size in (14, 13, 12)]
    days = fit_text(slide.window, bold, sizes, room, most=(1, 1, 2), leading=LEADING)
    count = wrap_text(slide.counted, font, 11 * POINT, room, most=1, leading=LEADING)
    items = (
        PanelText("days", days, TextStyle(bold, days.size), 0.0),
        PanelText("count", count, TextStyle(font, count.size, "muted", before=POINT), days.height),
    )
    return Section("Days and count", items, days.height + POINT + count.height)


def _draw(plan: PanelPlan[GlyphTable], box: Rect) -> Iterator[Piece]:
    """Yield the elements of a column: rows, and one text box for consecutive texts."""
    for section in plan.columns[0]:
        name, y = section.title, box.y + section.top
        for is_text, items in groupby(section.items, lambda one: isinstance(one, PanelText)):
            run = list(items)
            if is_text:
                paras = tuple(_para(one) for one in run if isinstance(one, PanelText))
                height = sum(para.height(box.w) for para in paras)
                top = y + run[0].y
                yield TextBox(name, Rect(box.x, top, box.w, height), paras)
                name = _ROWS
            for one in run:
                if isinstance(one, PanelEntry):
                    yield from moved(entry_pieces(one), box.x, y + one.y)


def _para(item: PanelText[GlyphTable]) -> Para:
    style, block = item.style, item.block
    return Para(
        block.text,
        block.size / POINT,
        style.colour,
        bold=style.font == typeface(bold=True),
        before=style.before / POINT,
        spaced=style.spaced,
    )


def _left_out(content: PanelContent, plan: PanelPlan[GlyphTable], room: float) -> list[str]:
    """Return the full text of everything the plan may have cut; extra text is harmless."""
    attempt, full = plan.attempt, list[str]()
    if attempt.questions < len(content.questions) or attempt.answer_lines < ALL:
        listed = [f"- {question} {answers}" for question, answers in content.questions]
        full += [f"{DIFFER}:", *listed] if listed else []
    if content.unseen and attempt.unseen_lines < ALL:
        full.append(f"{UNSEEN}: {content.unseen}")
    whole = all(fits(one, 9.0, room) for one in content.legend)
    if attempt.rows < len(content.legend) or not whole:
        full += [f"{KNOWN}:", *("- " + "".join(label(entry)) for entry in content.legend)]
    return full
