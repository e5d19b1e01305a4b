"""The panel beside the map: days and count, shapes, where sources differ, what is not observed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.export.layout.metrics import to_one_line
from geo.export.layout.text import wrap_text
from geo.export.pptx.elements import (
    POINT,
    Para,
    Piece,
    Rect,
    TextBox,
    cut_text,
    heading,
    moved,
    stacked,
    typeface,
)
from geo.export.pptx.legend import SHAPES, entries, fits, label, rows

if TYPE_CHECKING:
    from geo.export.slide import Slide

KNOWN, DIFFER, UNSEEN = "How well it is known", "Where sources differ", "Not observed"
_SIZES = (12.5, 12.0, 11.5, 11.0, 10.5, 10.0)
_GAP, _WIDEST_GAP = 0.24, 0.34
_PLENTY = 99


@dataclass(frozen=True)
class _Plan:
    """How much of it is shown, and how large."""

    size: float
    questions: int
    answer_lines: int = _PLENTY
    rows: int = _PLENTY
    unseen_lines: int = _PLENTY


@dataclass(frozen=True)
class _Block:
    """A part of the panel, from its upper left corner."""

    height: float
    pieces: tuple[Piece, ...]


def panel(slide: Slide, columns: tuple[Rect, ...]) -> tuple[list[Piece], list[str]]:
    """Return the panel's pieces, and in full what was left out of it.

    Parameters
    ----------
    slide : geo.export.slide.Slide
    columns : tuple of Rect
        One, or two side by side.
    """
    pieces: list[Piece] = []
    left_out: list[str] = []
    for position, box in enumerate(columns):
        for plan in _plans(slide):
            part = _parts(slide, plan, columns)[position]
            if _height(part) <= box.h:
                break
        left_out += _left_out(slide, plan, box.w)
        spare = (box.h - _height(part)) / max(len(part) - 1, 1)
        y = box.y
        for block in part:
            pieces += moved(block.pieces, box.x, y)
            y += block.height + min(_GAP + max(spare, 0), _WIDEST_GAP)
    return pieces, list(dict.fromkeys(left_out))


def _plans(slide: Slide) -> Iterator[_Plan]:
    """Yield plans from the most to the least that can be shown."""
    every, listed = len(slide.questions), len(entries(slide, SHAPES))
    yield from (_Plan(size, every) for size in _SIZES)
    smallest = _SIZES[-1]
    yield from (_Plan(smallest, count) for count in range(every - 1, 0, -1))
    few = min(every, 1)
    yield from (_Plan(smallest, count, 2, unseen_lines=4) for count in range(every, 0, -1))
    yield from (_Plan(size, few, 2, unseen_lines=3) for size in (9.5, 9.0))
    yield from (_Plan(9.0, few, 1, shown, 2) for shown in range(listed, -1, -1))
    yield _Plan(9.0, 0, 1, 0, 1)


def _parts(slide: Slide, plan: _Plan, columns: tuple[Rect, ...]) -> tuple[list[_Block], ...]:
    rooms = [box.w for box in columns]
    first = [_head(slide, rooms[0]), *_legend(slide, plan, rooms[0])]
    second = [*_questions(slide, plan, rooms[-1]), *_unseen(slide, plan, rooms[-1])]
    return (first, second) if len(columns) > 1 else ([*first, *second],)


def _height(blocks: list[_Block]) -> float:
    return sum(block.height for block in blocks) + _GAP * max(len(blocks) - 1, 0)


def _words(name: str, paras: tuple[Para, ...], room: float) -> _Block:
    height = stacked(paras, room)
    return _Block(height, (TextBox(name, Rect(0, 0, room, height), paras),))


def _head(slide: Slide, room: float) -> _Block:
    window, sizes = to_one_line(slide.window), (14.0, 13.0, 12.0)
    whole = (
        size
        for size in sizes
        if len(wrap_text(window, typeface(bold=True), size * POINT, room).lines) <= 1
    )
    size = next(whole, sizes[-1])
    window = cut_text(window, size, room, 2, bold=True)
    counted = cut_text(to_one_line(slide.counted), 11, room, 1)
    paras = (Para(window, size, bold=True), Para(counted, 11, "muted", before=1))
    return _words("Days and count", paras, room)


def _legend(slide: Slide, plan: _Plan, room: float) -> list[_Block]:
    listed = entries(slide, SHAPES)
    if not listed:
        return []
    title = heading(KNOWN)
    y = title.height(room) + 0.08
    pieces: list[Piece] = [TextBox(KNOWN, Rect(0, 0, room, title.height(room)), (title,))]
    made, height = rows(listed[: plan.rows], _uncut_text(listed, plan, room), room)
    pieces += moved(made, 0, y)
    y += height
    if (more := len(listed) - plan.rows) > 0:
        para = Para(f"and {more} more in the notes", plan.size, "faint")
        pieces.append(TextBox("Legend: more", Rect(0, y, room, para.height(room)), (para,)))
        y += para.height(room)
    return [_Block(y, tuple(pieces))]


def _uncut_text(listed: list[dict[str, Any]], plan: _Plan, room: float) -> float:
    """Return the plan's size, or the next smaller one at which every label stays whole."""
    sizes = [size for size in (plan.size, *_SIZES, 9.5, 9.0) if size <= plan.size]
    whole = (size for size in sizes if all(fits(one, size, room) for one in listed))
    return next(whole, plan.size)


def _questions(slide: Slide, plan: _Plan, room: float) -> list[_Block]:
    if not slide.questions:
        return []
    paras = [heading(DIFFER)]
    for one in slide.questions[: plan.questions]:
        asked = cut_text(to_one_line(one.question), plan.size, room, plan.answer_lines, bold=True)
        paras.append(Para(asked, plan.size, bold=True, before=5))
        if one.answers:
            told = cut_text(to_one_line(one.answers), plan.size, room, plan.answer_lines)
            paras.append(Para(told, plan.size, "muted", before=1))
    more = len(slide.questions) - plan.questions
    if more > 0:
        says = f"and {more} more in the notes" if plan.questions else f"{more}: see the notes"
        paras.append(Para(says, plan.size, "faint", before=5))
    return [_words(DIFFER, tuple(paras), room)]


def _unseen(slide: Slide, plan: _Plan, room: float) -> list[_Block]:
    if not slide.unseen:
        return []
    told = cut_text(to_one_line(slide.unseen), plan.size, room, plan.unseen_lines)
    return [_words(UNSEEN, (heading(UNSEEN), Para(told, plan.size, before=4)), room)]


def _left_out(slide: Slide, plan: _Plan, room: float) -> list[str]:
    """Return in full what the plan may have cut; told once too often does no harm."""
    full: list[str] = []
    if plan.questions < len(slide.questions) or plan.answer_lines < _PLENTY:
        full += [f"{DIFFER}:", *(f"- {one.question} {one.answers}" for one in slide.questions)]
    if slide.unseen and plan.unseen_lines < _PLENTY:
        full.append(f"{UNSEEN}: {slide.unseen}")
    listed = entries(slide, SHAPES)
    if plan.rows < len(listed) or not all(fits(one, 9.0, room) for one in listed):
        full += [f"{KNOWN}:", *("- " + "".join(label(entry)) for entry in listed)]
    return full
