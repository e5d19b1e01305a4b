"""Slide elements, independent of python-pptx.

Lengths are inches of a slide whose shorter side is 7.5; type sizes are points of that slide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from geo.export.layout.metrics import GlyphTable
from geo.export.layout.text import wrap_text
from geo.export.slide_image import SlideImage
from geo.mapping.legend import LegendEntry

SIDE = 7.5
"""The shorter side of a slide, in inches."""

MARGIN = 0.45
LEADING = 1.22
"""Line height as a multiple of the font size, the same for every font."""

POINT = 1 / 72  # inches


def typeface(*, bold: bool = False, serif: bool = False) -> GlyphTable:
    """Return metrics wider than those of any font with which the slide may be shown.

    They are those of DejaVu, and a little more: wider than Georgia, Calibri and their substitutes,
    so that no text overflows its box.
    """
    name = f"DejaVu{'Serif' if serif else 'Sans'}{'-Bold' if bold else ''}.ttf"
    return GlyphTable(name, stretch=1 / 0.985)


@dataclass(frozen=True)
class Rect:
    """A box: its left and top edge, width and height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Bottom edge."""
        return self.y + self.h


@dataclass(frozen=True)
class Para:
    """A paragraph of one style.

    Attributes
    ----------
    role : str
        Colour: "ink", "muted" or "faint".
    tail : str
        Text after it in the faint colour, such as a count.
    before : float
        Points of space above it.
    link : str
        URL; the part of the text that is this URL is linked, else the tail, else the whole text.
    spaced : bool
        Whether its letters are spaced, as in a small heading.
    """

    text: str
    size: float
    role: str = "ink"
    tail: str = ""
    bold: bool = False
    serif: bool = False
    before: float = 0.0
    link: str = ""
    spaced: bool = False

    def height(self, width: float) -> float:
        """Return the height in a box of the given width."""
        size = self.size * (1.12 if self.spaced else 1) * POINT
        font = typeface(bold=self.bold, serif=self.serif)
        block = wrap_text(f"{self.text}{self.tail}", font, size, width)
        return text_height(max(len(block.lines), 1), self.size) + self.before * POINT


@dataclass(frozen=True)
class TextBox:
    """A text box.

    Attributes
    ----------
    holder : str
        The placeholder that it fills: "title", "subtitle"; "number", aligned right; or none.
    kept : bool
        Whether it keeps the alignment of a template's placeholder.
    """

    name: str
    box: Rect
    paras: tuple[Para, ...]
    holder: str = ""
    kept: bool = False


@dataclass(frozen=True)
class Sign:
    """The symbol of a legend entry."""

    entry: LegendEntry
    box: Rect


@dataclass(frozen=True)
class Bar:
    """A filled bar or a hairline; its colour is a text role or a name of the palette."""

    name: str
    box: Rect
    colour: str


@dataclass(frozen=True)
class Chart:
    """The position of the map image."""

    box: Rect


@dataclass(frozen=True)
class Picture:
    """The image beside the chosen report."""

    image: SlideImage
    box: Rect


Piece = TextBox | Sign | Bar | Chart | Picture


def text_height(lines: int, size: float) -> float:
    """Return the height of lines in inches; `size` in points."""
    return lines * size * LEADING * POINT


def cut_text(text: str, size: float, width: float, most: int, *, bold: bool = False) -> str:
    """Cut text to a number of lines of `width` inches; `size` in points."""
    return wrap_text(text, typeface(bold=bold), size * POINT, width, most=max(most, 1)).text


def total_height(paras: Iterable[Para], width: float) -> float:
    """Return the height of paragraphs, one below the other."""
    return sum(para.height(width) for para in paras)


def move(pieces: Iterable[Piece], x: float, y: float) -> list[Piece]:
    """Return elements moved right and down."""
    return [
        replace(piece, box=replace(piece.box, x=piece.box.x + x, y=piece.box.y + y))
        for piece in pieces
    ]
