"""Lay out the slide of a view: headline, lines, map, panel and footer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.export.layout.metrics import to_one_line
from geo.export.layout.text import balanced_width, fit_text, list_sources, plan_lines, wrap_text
from geo.export.pptx.blocks import lay_out_blocks
from geo.export.pptx.elements import (
    LEADING,
    MARGIN,
    POINT,
    Bar,
    Chart,
    Para,
    Picture,
    Piece,
    Rect,
    TextBox,
    cut_text,
    move,
    text_height,
    total_height,
    typeface,
)
from geo.export.pptx.panel import draw_panel, draw_strip
from geo.export.slide import Slide
from geo.export.slide_image import SlideImage

NUMBER_WIDTH = 0.5
_GAP = 0.16
_ONE_LINE, _TWO_LINES = (28.0, 26.0, 24.0), (22.0, 20.0, 18.0)
_LINES, _MOST_LINES = (14.0, 13.0, 12.0), (3, 3, 4)
_SMALL = 9.0
_IMAGE = 0.36  # of the panel's height, at most


@dataclass(frozen=True)
class Frame:
    """Layout shared by all slides of a deck, so that the map has the same position on each.

    Attributes
    ----------
    w, h : float
        Size of the slide.
    title : Rect
        Box of the headlines.
    top, floor : float
        Upper and lower edge of map and panel: below headline and lines, above the footer.
    strip : float
        Height of the strip below the map.
    own : bool
        Whether there is no template: the map goes to the slide's edge, and a headline's box is as
        high as its text.
    """

    w: float
    h: float
    title: Rect
    top: float
    floor: float
    strip: float
    own: bool

    def split(self) -> tuple[Rect, tuple[Rect, ...]]:
        """Return the box of the map, and those of the panel's columns, beside or below it."""
        left = 0.0 if self.own else MARGIN
        top = self.top + 0.05
        height = self.floor - top
        strip = self.strip + 0.1 if self.strip else 0.0
        if self.w / self.h < 1.15:
            right = self.w if self.own else self.w - MARGIN
            chart = Rect(left, top, right - left, (height - strip) * 0.53)
            y = chart.bottom + strip + 0.25
            half = (self.w - 2 * MARGIN - 0.4) / 2
            first = Rect(MARGIN, y, half, self.floor - y)
            return chart, (first, replace(first, x=MARGIN + (half + 0.4)))
        width = min(max(self.w * 0.34, 3.4), 4.5)
        x = self.w - MARGIN - width
        beside = Rect(x, top + 0.12, width, height - 0.12)
        return Rect(left, top, x - 0.34 - left, height - strip), (beside,)


def plan_frame(slides: Sequence[Slide], w: float, h: float, slot: Rect | None) -> Frame:
    """Return the layout shared by the slides of a deck; `slot` is a template's headline box."""
    own = slot is None
    slot = slot or Rect(MARGIN, 0.3, w - 2 * MARGIN, 1.0)
    top = max(
        _find_lines_top(_fit_headline(slide, slot), slot, own)
        + total_height(_fit_lines(slide, slot.w), slot.w)
        for slide in slides
    )
    floor = min(piece.box.y for slide in slides for piece in _draw_footer(slide, 1, w, h)) - _GAP
    frame = Frame(w, h, slot, top + 0.14, floor, 0.0, own)
    room = frame.split()[0].w - (MARGIN if own else 0)
    return replace(frame, strip=max(draw_strip(slide.legend, room)[1] for slide in slides))


def _find_lines_top(title: Para, slot: Rect, own: bool) -> float:
    """Return the top of the lines: below the headline or the template's title placeholder."""
    return slot.y + title.height(slot.w) + 0.07 if own else slot.bottom


def _fit_headline(slide: Slide, box: Rect) -> Para:
    return fit_title(to_one_line(slide.headline), box, _ONE_LINE, _TWO_LINES)


def find_even_width(title: Para, width: float) -> float:
    """Return the width, 4 inches or more, that breaks a title into lines of similar length."""
    if width <= 4:
        return width
    font = typeface(bold=title.bold, serif=title.serif)
    block = wrap_text(title.text, font, title.size * POINT, width)
    step = 0.2 / width
    return balanced_width(block, width, step=step, least=1 - math.ceil((width - 4) / 0.2) * step)


def fit_title(text: str, box: Rect, *sizes: tuple[float, ...]) -> Para:
    """Return a title in the first size that fits: `sizes` of one line, then of two, and so on."""
    tried = [
        (size, most)
        for most, choice in enumerate(sizes, start=1)
        for size in choice
        if text_height(most, size) <= box.h
    ]
    smallest, inside = sizes[-1][-1], box.h / (POINT * LEADING)
    last = (min(smallest, inside), max(1, min(len(sizes), int(inside / smallest))))
    points, most = zip(*tried, last, strict=True)
    font = typeface(bold=True, serif=True)
    block = fit_text(text, font, [size * POINT for size in points], box.w, most=most)
    return Para(block.text, block.size / POINT, bold=True, serif=True)


def _fit_lines(slide: Slide, width: float) -> tuple[Para, ...]:
    """Return the sentences under the headline in the largest size that fits, the last ones cut."""
    texts = _list_lines(slide)
    sizes = [size * POINT for size in _LINES]
    blocks = plan_lines(texts, typeface(), sizes, width, most=_MOST_LINES) if texts else []
    return tuple(Para(one.text, one.size / POINT, "muted", before=2) for one in blocks)


def _list_lines(slide: Slide) -> list[str]:
    return [text for text in map(to_one_line, slide.still_lines) if text]


def lay_out_slide(
    slide: Slide, number: int, frame: Frame
) -> tuple[list[Piece], Rect, tuple[str, ...]]:
    """Return a slide's elements, the box of its map, and the full text of what was cut.

    `number` is its position in the file, from 1.
    """
    slot = frame.title
    title, lines = _fit_headline(slide, slot), _fit_lines(slide, slot.w)
    lines_top = _find_lines_top(title, slot, frame.own)
    chart, columns = frame.split()
    body, cut = _lay_out_body(slide, frame, chart, columns)
    box = slot
    if frame.own:
        box = replace(slot, w=find_even_width(title, slot.w), h=lines_top - slot.y)
    pieces: list[Piece] = [TextBox("Headline", box, (title,), "title", kept=not frame.own)]
    if lines:
        below = Rect(slot.x, lines_top, slot.w, total_height(lines, slot.w))
        pieces.append(TextBox("Lines", below, lines))
    pieces += [
        Bar("Rule", Rect(MARGIN, frame.top - 0.02, frame.w - 2 * MARGIN, 0.012), "muted"),
        *body,
        *_draw_footer(slide, number, frame.w, frame.h),
    ]
    headline = to_one_line(slide.headline)
    full = [headline] if title.text != headline else []
    if [para.text for para in lines] != _list_lines(slide):
        full += slide.lines
    return pieces, chart, (*full, *cut)


def _lay_out_body(
    slide: Slide, frame: Frame, chart: Rect, columns: tuple[Rect, ...]
) -> tuple[list[Piece], tuple[str, ...]]:
    """Return map, strip and panel, or what a slide shows instead, and the texts that were cut."""
    if slide.blocks:
        top = frame.top + 0.14
        room = Rect(MARGIN, top, frame.w - 2 * MARGIN, frame.floor - top)
        return lay_out_blocks(slide.blocks, room)
    left = max(chart.x, MARGIN)
    image, columns = _lay_out_image(slide.image, columns) if slide.image else ([], columns)
    panel, cut = draw_panel(slide, columns)
    strip, _ = draw_strip(slide.legend, chart.right - left)
    return [Chart(chart), *move(strip, left, chart.bottom + 0.1), *image, *panel], tuple(cut)


def _lay_out_image(
    image: SlideImage, columns: tuple[Rect, ...]
) -> tuple[list[Piece], tuple[Rect, ...]]:
    """Return the image with its credit at the top of the last column, and what is left of each."""
    *others, column = columns
    high = min(column.w * image.ratio, _IMAGE * column.h)
    box = Rect(column.x, column.y, high / image.ratio, high)
    credit = Para(cut_text(to_one_line(image.credit), _SMALL, column.w, 3), _SMALL, "muted")
    below = Rect(column.x, box.bottom + 0.04, column.w, credit.height(column.w))
    taken = below.bottom + 0.2 - column.y
    rest = replace(column, y=column.y + taken, h=column.h - taken)
    pieces: list[Piece] = [Picture(image, box), TextBox("Image credit", below, (credit,))]
    return pieces, (*others, rest)


def _draw_footer(slide: Slide, number: int, w: float, h: float) -> list[Piece]:
    """Return sources, credit and slide number, laid out from the bottom edge upwards."""
    room = w - 2 * MARGIN - NUMBER_WIDTH - 0.2
    paras = []
    if slide.sources:
        tail = ", named at the end"
        named, _ = list_sources(
            slide.sources, "Sources:", tail, typeface(), _SMALL * POINT, room, most=2
        )
        paras.append(Para(named.text, _SMALL, "faint"))
    credit = Para(to_one_line(slide.credit), _SMALL, "faint", before=1)
    if slide.link.startswith(("http://", "https://")):
        credit = replace(credit, tail=" Open this view", link=slide.link)
    paras.append(credit)
    height = total_height(paras, room)
    return [
        TextBox("Sources and credit", Rect(MARGIN, h - 0.24 - height, room, height), tuple(paras)),
        draw_number(number, w, h),
    ]


def draw_number(number: int, w: float, h: float) -> TextBox:
    """Return the number of a slide, in the lower right corner."""
    box = Rect(w - MARGIN - NUMBER_WIDTH, h - 0.24 - 0.17, NUMBER_WIDTH, 0.17)
    return TextBox("Slide number", box, (Para(str(number), 10, "faint"),), "number")
