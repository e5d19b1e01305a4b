"""Lay out the legend's strip below the map, and the side panel.

The panel has dates and count, legend entries, differing sources and systems no longer named.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from geo.export.layout.metrics import GlyphTable, to_one_line
from geo.export.layout.panel import count_text, plan_panel
from geo.export.layout.panel_model import (
    DIFFER,
    KNOWN,
    UNSEEN,
    Attempt,
    PanelContent,
    PanelPlan,
    PanelStyle,
    PanelText,
    Section,
    TextStyle,
)
from geo.export.layout.text import ALL, fit_text, wrap_text
from geo.export.pptx.elements import (
    LEADING,
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
from geo.export.slide import Slide
from geo.mapping.legend import LegendEntry

_PANEL_GROUPS = ("place", "rating", "review", "layer")
_STRIP_GROUPS = ("stance", "when", "certainty", "signs")
"""Groups of entries in the panel, and in the strip."""

_SIGN, _SMALL_SIGN = 0.42, 0.25  # from an entry's left edge to its label
_APART, _GROUPS_APART = 0.2, 0.42
_SIZES = (12.5, 12.0, 11.5, 11.0, 10.5, 10.0)


def _select_entries(legend: Sequence[LegendEntry], groups: Sequence[str]) -> list[LegendEntry]:
    """Return the entries of the given groups, in group order."""
    return [entry for group in groups for entry in legend if entry["group"] == group]


def _format_count(entry: LegendEntry) -> str:
    """Return the count of an entry after a space; empty for none."""
    count = count_text(entry)
    return f" {count}" if count else ""


def _format_entry(entry: LegendEntry) -> str:
    """Return label and count of an entry."""
    return f"{to_one_line(entry['label'])}{_format_count(entry)}"


def _fits_row(entry: LegendEntry, size: float, width: float) -> bool:
    """Return whether an entry fits into a row of the panel."""
    return _measure(_format_entry(entry), size) <= (width - _SIGN) * 0.985


def draw_strip(legend: Sequence[LegendEntry], width: float) -> tuple[list[Piece], float]:
    """Return stance and certainty side by side from (0, 0), and their height."""
    groups = [_select_entries(legend, (group,)) for group in _STRIP_GROUPS]
    flows = {size: _flow(groups, size, width) for size in (10.5, 10.0, 9.5)}
    size = min(flows, key=lambda size: (flows[size][1], -size))
    pieces, count = flows[size]
    return pieces, count * (text_height(1, size) + 0.05)


def _flow(groups: list[list[LegendEntry]], size: float, room: float) -> tuple[list[Piece], int]:
    """Return the elements of groups in as few rows as they take, and the number of rows."""
    pieces: list[Piece] = []
    pitch = text_height(1, size) + 0.05
    x, row = 0.0, 0
    for group in filter(None, groups):
        widths = [
            min(_measure(_format_entry(entry), size) * 1.0244 + _SMALL_SIGN, room)
            for entry in group
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
            label_width = width - _SMALL_SIGN - _measure(_format_count(entry), size)
            label = cut_text(to_one_line(entry["label"]), size, label_width, 1)
            pieces += move(_draw_entry(entry, label, size, width, _SMALL_SIGN), x, row * pitch)
            x += width + _APART
    return pieces, row + 1 if pieces else 0


def _measure(text: str, size: float) -> float:
    """Return the width of a line in inches; `size` in points."""
    return typeface().width(text) * size * POINT


def _draw_entry(
    entry: LegendEntry,
    label: str,
    size: float,
    width: float,
    sign: float = _SIGN,
    lines: int = 1,
) -> list[Piece]:
    """Return symbol, label and count of an entry, from (0, 0); `size` in points."""
    para = Para(label, size, tail=_format_count(entry))
    room = Rect(sign, 0, width - sign, text_height(lines, size))
    words = TextBox(f"Legend: {label}", room, (para,))
    return [Sign(entry, Rect(0, 0, sign - 0.08, text_height(1, size))), words]


def draw_panel(slide: Slide, columns: Sequence[Rect]) -> tuple[list[Piece], list[str]]:
    """Return the panel's elements in one or two columns, and the full text of what did not fit."""
    pieces: list[Piece] = []
    cut: list[str] = []
    content = replace(slide.panel, legend=tuple(_select_entries(slide.legend, _PANEL_GROUPS)))
    contents = [content]
    if len(columns) > 1:
        contents = [PanelContent(content.legend), replace(content, legend=())]
    for position, (part, box) in enumerate(zip(contents, columns, strict=True)):
        plan = plan_panel(
            part,
            _list_attempts(part),
            partial(_style, legend=part.legend, room=box.w),
            (box.w,),
            box.h,
            lead=None if position else _plan_lead(slide, box.w),
        )
        pieces += _draw(plan, box)
        cut += _list_cut_text(part, plan.attempt, box.w)
    return pieces, list(dict.fromkeys(cut))


def _list_attempts(content: PanelContent) -> Iterator[Attempt]:
    """Yield layout attempts, from most to least content; `size` in points."""
    every, listed = len(content.questions), len(content.legend)
    yield from (Attempt(size, every) for size in _SIZES)
    smallest = _SIZES[-1]
    yield from (Attempt(smallest, count) for count in range(every - 1, 0, -1))
    few = min(every, 1)
    yield from (Attempt(smallest, count, ALL, 2, 4) for count in range(every, 0, -1))
    yield from (Attempt(size, few, ALL, 2, 3) for size in (9.5, 9.0))
    yield from (Attempt(9.0, few, shown, 1, 2) for shown in range(listed, -1, -1))
    yield Attempt(9.0, 0, 0, 1, 1)


def _style(
    attempt: Attempt, legend: tuple[LegendEntry, ...], room: float
) -> PanelStyle[GlyphTable]:
    def text(size: float, colour: str = "ink", before: float = 0.0) -> TextStyle[GlyphTable]:
        return TextStyle(typeface(), size * POINT, colour, LEADING, before * POINT)

    size, bold = attempt.size, typeface(bold=True)
    heading = replace(text(9.5, "faint"), font=bold, spaced=True)
    # Labels are set in the largest size at which none is cut.
    sizes = (one for one in (size, *_SIZES, 9.5, 9.0) if one <= size)
    label_size = next((one for one in sizes if all(_fits_row(e, one, room) for e in legend)), size)
    return PanelStyle(
        heading=heading,
        legend_heading=replace(heading, after=0.08),
        group=heading,
        label=text(label_size),
        label_lines=2,
        question=replace(text(size, before=5), font=bold),
        answer=text(size, "muted", before=1),
        unseen=text(size, before=4),
        more=text(size, "faint", before=5),
        sign=_SIGN,
        row=0.0,
        row_pad=0.04,
        section_gap=0.24,
        widest_gap=0.34,
        shortened=_PANEL_GROUPS,
        some_left="and {n} more in the notes",
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
                paras = tuple(_to_para(one) for one in run if isinstance(one, PanelText))
                height = sum(para.height(box.w) for para in paras)
                yield TextBox(name, Rect(box.x, y + run[0].y, box.w, height), paras)
                name = "Legend: more"
                continue
            for one in run:
                if not isinstance(one, PanelText):
                    size = one.label.size / POINT
                    lines = len(one.label.lines)
                    row = _draw_entry(one.entry, one.label.text, size, one.width, lines=lines)
                    yield from move(row, box.x, y + one.y)


def _to_para(item: PanelText[GlyphTable]) -> Para:
    style, block = item.style, item.block
    return Para(
        block.text,
        block.size / POINT,
        style.colour,
        bold=style.font == typeface(bold=True),
        before=style.before / POINT,
        spaced=style.spaced,
    )


def _list_cut_text(content: PanelContent, attempt: Attempt, width: float) -> list[str]:
    """Return the full text of everything the attempt may have cut; extra text is harmless."""
    full: list[str] = []
    if attempt.questions < len(content.questions) or attempt.answer_lines < ALL:
        listed = [f"- {question} {answers}" for question, answers in content.questions]
        full += [f"{DIFFER}:", *listed] if listed else []
    if content.unseen and attempt.unseen_lines < ALL:
        full.append(f"{UNSEEN}: {content.unseen}")
    whole = all(_fits_row(one, 9.0, width) for one in content.legend)
    if attempt.rows < len(content.legend) or not whole:
        full += [f"{KNOWN}:", *(f"- {_format_entry(entry)}" for entry in content.legend)]
    return full
