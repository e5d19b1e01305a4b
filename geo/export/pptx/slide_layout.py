"""Lay out the slide of a view: headline, lines, map, panel and footer."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.export.layout.metrics import to_one_line
from geo.export.layout.slide import list_sources, plan_lines
from geo.export.layout.text import balanced_width, fit_text, wrap_text
from geo.export.pptx.elements import (
    GAP,
    LEADING,
    MARGIN,
    POINT,
    Bar,
    Chart,
    Para,
    Piece,
    Rect,
    TextBox,
    moved,
    stacked,
    tall,
    typeface,
)
from geo.export.pptx.legend import strip
from geo.export.pptx.panel import panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.export.slide import Slide

NUMBER_WIDTH = 0.5
_ONE_LINE, _TWO_LINES = (28.0, 26.0, 24.0), (22.0, 20.0, 18.0)
_LINES, _MOST_LINES = (14.0, 13.0, 12.0), (3, 3, 4)
_SMALL = 9.0


@dataclass(frozen=True)
class Frame:
    """Layout shared by all slides of a deck, so that the map has the same position on each.

    Attributes
    ----------
    w, h : float
        The slide, in inches.
    title : Rect
        Where headlines stand.
    top, floor : float
        Upper edge of what is below headline and lines, lower edge of what is above the footer.
    strip : float
        Height of the strip below the map.
    own : bool
        Whether it is our own look: the map goes to the slide's edge, headlines take what they need.
    """

    w: float
    h: float
    title: Rect
    top: float
    floor: float
    strip: float
    own: bool

    @property
    def upright(self) -> bool:
        """Whether the panel is below the map instead of beside it."""
        return self.w / self.h < 1.15


@dataclass(frozen=True)
class Page:
    """The elements of one slide, and the full text of what was cut."""

    pieces: tuple[Piece, ...]
    left_out: tuple[str, ...]

    @property
    def chart(self) -> Rect:
        """Box of the map."""
        return next(piece.box for piece in self.pieces if isinstance(piece, Chart))


def frame_of(slides: Sequence[Slide], w: float, h: float, slot: Rect | None) -> Frame:
    """Return the layout shared by the slides of a deck.

    Parameters
    ----------
    slides : sequence of geo.export.slide.Slide
    w, h : float
        The slide, in inches, its shorter side 7.5.
    slot : Rect, optional
        Where a template has its title; without one, there is room for the longest headline.
    """
    own = slot is None
    slot = slot or Rect(MARGIN, 0.3, w - 2 * MARGIN, 1.0)
    top = max(_under(slide, slot, own) for slide in slides)
    floor = min(piece.box.y for slide in slides for piece in footer(slide, 1, w, h)) - GAP
    frame = Frame(w, h, slot, top + 0.14, floor, 0.0, own)
    room = _split(frame)[0].w - (MARGIN if own else 0)
    return replace(frame, strip=max(strip(slide, room)[1] for slide in slides))


def _under(slide: Slide, slot: Rect, own: bool) -> float:
    """Return the bottom edge of headline and lines."""
    told = lines(slide, slot.w)
    return _below(headline(slide, slot), slot, own) + stacked(told, slot.w)


def _below(title: Para, slot: Rect, own: bool) -> float:
    """Return the top of the lines: below the headline or the template's title placeholder."""
    return slot.y + title.height(slot.w) + 0.07 if own else slot.bottom


def headline(slide: Slide, box: Rect) -> Para:
    """Return a slide's headline, as large as fits."""
    return fit_title(to_one_line(slide.headline), box, _ONE_LINE, _TWO_LINES)


def even_width(title: Para, room: float) -> float:
    """Return the width that breaks a title into lines of similar length."""
    block = wrap_text(title.text, title.font, title.size * POINT, room)
    step = 0.2 / room
    return (
        room * 1
        if room <= 4
        else balanced_width(block, room, step=step, least=1 - math.ceil((room - 4) / 0.2) * step)
    )


def fit_title(text: str, box: Rect, *sizes: tuple[float, ...]) -> Para:
    """Return a title in the largest size that fits: those of one line first, then of two …"""
    tried = [
        (size, most)
        for most, choice in enumerate(sizes, start=1)
        for size in choice
        if tall(most, size) <= box.h
    ]
    smallest, inside = sizes[-1][-1], box.h / (POINT * LEADING)
    last = (min(smallest, inside), max(1, min(len(sizes), int(inside / smallest))))
    points, most = zip(*tried, last, strict=True)
    font = typeface(bold=True, serif=True)
    block = fit_text(text, font, [size * POINT for size in points], box.w, most=most)
    return Para(block.text, block.size / POINT, bold=True, serif=True)


def lines(slide: Slide, room: float) -> tuple[Para, ...]:
    """Return the sentences under the headline, as large as fits, the last ones cut."""
    texts = [text for text in map(to_one_line, slide.lines) if text]
    sizes = [size * POINT for size in _LINES]
    blocks = plan_lines(texts, typeface(), sizes, room, most=_MOST_LINES) if texts else []
    return tuple(Para(one.text, one.size / POINT, "muted", before=2) for one in blocks)


def page(slide: Slide, number: int, frame: Frame) -> Page:
    """Return the elements of a slide.

    Parameters
    ----------
    slide : geo.export.slide.Slide
    number : int
        Its place in the file, from 1.
    frame : Frame
        What it shares with the others.
    """
    title, told = headline(slide, frame.title), lines(slide, frame.title.w)
    slot = frame.title
    at = _below(title, slot, frame.own)
    foot = footer(slide, number, frame.w, frame.h)
    chart, columns = _split(frame)
    beside, left_out = panel(slide, columns)
    signs, _ = strip(slide, chart.right - max(chart.x, MARGIN))
    below = moved(signs, max(chart.x, MARGIN), chart.bottom + 0.1)
    held = replace(slot, w=even_width(title, slot.w), h=at - slot.y) if frame.own else slot
    pieces: list[Piece] = [TextBox("Headline", held, (title,), "title", kept=not frame.own)]
    if told:
        pieces.append(TextBox("Lines", Rect(slot.x, at, slot.w, stacked(told, slot.w)), told))
    rule = Rect(MARGIN, frame.top - 0.02, frame.w - 2 * MARGIN, 0.012)
    pieces += [Bar("Rule", rule, "muted"), Chart(chart), *below, *beside, *foot]
    full = [to_one_line(slide.headline)] if title.text != to_one_line(slide.headline) else []
    if [para.text for para in told] != [text for text in map(to_one_line, slide.lines) if text]:
        full += list(slide.lines)
    return Page(tuple(pieces), (*full, *left_out))


def _split(frame: Frame) -> tuple[Rect, tuple[Rect, ...]]:
    """Return the box of the map, and the columns of the panel."""
    left = 0.0 if frame.own else MARGIN
    top, floor = frame.top + 0.05, frame.floor
    strip_room = frame.strip + 0.1 if frame.strip else 0.0
    if frame.upright:
        right = frame.w if frame.own else frame.w - MARGIN
        chart = Rect(left, top, right - left, (floor - top - strip_room) * 0.53)
        y = chart.bottom + strip_room + 0.25
        half = (frame.w - 2 * MARGIN - 0.4) / 2
        first = Rect(MARGIN, y, half, floor - y)
        return chart, (first, first.moved(half + 0.4, 0))
    width = min(max(frame.w * 0.34, 3.4), 4.5)
    x = frame.w - MARGIN - width
    beside = Rect(x, top + 0.12, width, floor - top - 0.12)
    return Rect(left, top, x - 0.34 - left, floor - top - strip_room), (beside,)


def footer(slide: Slide, number: int, w: float, h: float) -> list[Piece]:
    """Return sources, credit and slide number, laid out from the bottom edge upwards."""
    room = w - 2 * MARGIN - NUMBER_WIDTH - 0.2
    credit, link = to_one_line(slide.credit), slide.link
    paras = [Para(_sources(slide, room), _SMALL, "faint")] if slide.sources else []
    if link.startswith(("http://", "https://")):
        tail = " Open this view"
        paras.append(Para(credit, _SMALL, "faint", tail, before=1, link=link))
    else:
        paras.append(Para(credit, _SMALL, "faint", before=1))
    height = stacked(paras, room)
    return [
        TextBox("Sources and credit", Rect(MARGIN, h - 0.24 - height, room, height), tuple(paras)),
        numbered(number, w, h),
    ]


def numbered(number: int, w: float, h: float) -> TextBox:
    """Return the number of a slide, in the lower right corner."""
    box = Rect(w - MARGIN - NUMBER_WIDTH, h - 0.24 - 0.17, NUMBER_WIDTH, 0.17)
    return TextBox("Slide number", box, (Para(str(number), 10, "faint"),), "number", right=True)


def _sources(slide: Slide, room: float) -> str:
    tail = ", named at the end"
    return list_sources(slide.sources, "Sources:", tail, typeface(), _SMALL * POINT, room, most=2)[
        0
    ].text
