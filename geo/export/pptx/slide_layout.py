"""Where everything stands on the slide of a view: headline, lines, map, panel, footer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.export.pptx.elements import (
    GAP,
    MARGIN,
    Bar,
    Chart,
    Para,
    Piece,
    Rect,
    TextBox,
    moved,
    stacked,
)
from geo.export.pptx.legend import strip
from geo.export.pptx.panel import panel
from geo.export.pptx.text_metrics import LEADING, cut, plain, tall, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.export.slide import Slide

NUMBER_WIDTH = 0.5
_ONE_LINE, _TWO_LINES = (28.0, 26.0, 24.0), (22.0, 20.0, 18.0)
_LINES, _LINES_TALL = (14.0, 13.0, 12.0), 0.9
_SMALL = 9.0


@dataclass(frozen=True)
class Frame:
    """What all slides of a deck share, so that the map does not jump from one to the next.

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
        """Whether the panel stands below the map instead of beside it."""
        return self.w / self.h < 1.15


@dataclass(frozen=True)
class Page:
    """The pieces of one slide, and in full what had to be cut on it."""

    pieces: tuple[Piece, ...]
    left_out: tuple[str, ...]

    @property
    def chart(self) -> Rect:
        """Where its map stands."""
        return next(piece.box for piece in self.pieces if isinstance(piece, Chart))


def frame_of(slides: Sequence[Slide], w: float, h: float, slot: Rect | None) -> Frame:
    """Return what the slides of a deck share.

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
    """Return the lower edge of headline and lines."""
    told = lines(slide, slot.w)
    return _below(headline(slide, slot), slot, own) + stacked(told, slot.w)


def _below(title: Para, slot: Rect, own: bool) -> float:
    """Return where the lines begin: under the headline, or under a template's place for it."""
    return slot.y + title.height(slot.w) + 0.07 if own else slot.bottom


def headline(slide: Slide, box: Rect) -> Para:
    """Return a slide's headline, as large as fits."""
    return fitted(plain(slide.headline), box, _ONE_LINE, _TWO_LINES)


def even(title: Para, room: float) -> float:
    """Return the width that parts a title of two lines into about equal ones."""
    count = len(wrapped(title.text, title.size, room, bold=True, serif=True))
    while count > 1 and room > 4:
        if len(wrapped(title.text, title.size, room - 0.2, bold=True, serif=True)) > count:
            break
        room -= 0.2
    return room


def fitted(text: str, box: Rect, *sizes: tuple[float, ...]) -> Para:
    """Return a title in the largest size that fits: those of one line first, then of two …"""
    for most, choice in enumerate(sizes, start=1):
        for size in choice:
            fits = len(wrapped(text, size, box.w, bold=True, serif=True)) <= most
            if fits and tall(most, size) <= box.h:
                return Para(text, size, bold=True, serif=True)
    size = sizes[-1][-1]
    most = max(1, min(len(sizes), int(box.h * 72 / (size * LEADING))))
    size = min(size, box.h * 72 / LEADING)
    return Para(cut(text, size, box.w, most, bold=True, serif=True), size, bold=True, serif=True)


def lines(slide: Slide, room: float) -> tuple[Para, ...]:
    """Return the sentences under the headline, as large as fits, the last ones cut."""
    texts = [text for text in map(plain, slide.lines) if text]
    for size in _LINES:
        paras = tuple(Para(text, size, "muted", before=2) for text in texts)
        if stacked(paras, room) <= _LINES_TALL:
            return paras
    kept: list[Para] = []
    size = _LINES[-1]
    left = int(_LINES_TALL * 72 / (size * LEADING + 2))
    for text in texts[:left]:
        shown = cut(text, size, room, max(left - len(kept), 1))
        left -= len(wrapped(shown, size, room)) - 1
        kept.append(Para(shown, size, "muted", before=2))
        if left <= len(kept):
            break
    return tuple(kept)


def page(slide: Slide, number: int, frame: Frame) -> Page:
    """Return the pieces of a slide.

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
    held = replace(slot, w=even(title, slot.w), h=at - slot.y) if frame.own else slot
    pieces: list[Piece] = [TextBox("Headline", held, (title,), "title", kept=not frame.own)]
    if told:
        pieces.append(TextBox("Lines", Rect(slot.x, at, slot.w, stacked(told, slot.w)), told))
    rule = Rect(MARGIN, frame.top - 0.02, frame.w - 2 * MARGIN, 0.012)
    pieces += [Bar("Rule", rule, "muted"), Chart(chart), *below, *beside, *foot]
    full = [plain(slide.headline)] if title.text != plain(slide.headline) else []
    if [para.text for para in told] != [text for text in map(plain, slide.lines) if text]:
        full += list(slide.lines)
    return Page(tuple(pieces), (*full, *left_out))


def _split(frame: Frame) -> tuple[Rect, tuple[Rect, ...]]:
    """Return where the map stands, and the columns of the panel."""
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
    """Return sources, credit and the slide's number, from the lower edge upwards."""
    room = w - 2 * MARGIN - NUMBER_WIDTH - 0.2
    credit, link = plain(slide.credit), slide.link
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
    named = [plain(one) for one in slide.sources]
    for count in range(len(named), 0, -1):
        more = len(named) - count
        tail = f"; and {more} more, named at the end" if more else ""
        text = f"Sources: {'; '.join(named[:count])}{tail}."
        if len(wrapped(text, _SMALL, room)) <= 2:
            return text
    return cut(f"Sources: {'; '.join(named)}.", _SMALL, room, 2)
