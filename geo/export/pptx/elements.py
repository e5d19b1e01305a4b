"""Slide elements, independent of python-pptx.

Lengths are inches of a slide whose shorter side is 7.5; type sizes are points of that slide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.export.layout.metrics import GlyphTable
from geo.export.layout.text import wrap_text

if TYPE_CHECKING:
    from geo.mapping.legend import LegendEntry

SIDE = 7.5
"""The shorter side of a slide, in inches."""

MARGIN = 0.45
GAP = 0.16

LEADING = 1.22
"""Line height as a multiple of the font size, the same for every font."""

POINT = 1 / 72  # inches


def typeface(*, bold: bool = False, serif: bool = False) -> GlyphTable:
    """Return metrics that are wider than the fonts which the reader may have.

    They are those of DejaVu, which comes with matplotlib, and a little more: wider than Georgia
    and Calibri and than what replaces these, so that no text leaves its box.
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

    def moved(self, x: float, y: float) -> Rect:
        """Return the box moved right and down."""
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True)
class Para:
    """A paragraph of one style.

    Attributes
    ----------
    tail : str
        A few more letters, in a fainter colour: a count.
    role : str
        Colour: "ink", "muted" or "faint".
    before : float
        Points of space above it.
    link : str
        Where its address leads; it stands in the text, or else tail or whole text lead there.
    spaced : bool
        Whether its letters stand apart, as in a small heading.
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

    def height(self, room: float) -> float:
        """Return the height in a box of the given width."""
        size = self.size * (1.12 if self.spaced else 1) * POINT
        block = wrap_text(f"{self.text}{self.tail}", self.font, size, room)
        return tall(max(len(block.lines), 1), self.size) + self.before * POINT

    @property
    def font(self) -> GlyphTable:
        """Font metrics of the text."""
        return typeface(bold=self.bold, serif=self.serif)


@dataclass(frozen=True)
class TextBox:
    """A text box.

    Attributes
    ----------
    holder : str
        The placeholder that it fills: "title", "subtitle", "number".
    right : bool
        Whether it is set to the right.
    kept : bool
        Whether it stands where a template has it, aligned as there.
    """

    name: str
    box: Rect
    paras: tuple[Para, ...]
    holder: str = ""
    right: bool = False
    kept: bool = False


@dataclass(frozen=True)
class Sign:
    """The symbol of a legend entry."""

    entry: LegendEntry
    box: Rect


@dataclass(frozen=True)
class Bar:
    """A filled bar or a hairline; its colour is a role, or a name of the palette."""

    name: str
    box: Rect
    colour: str


@dataclass(frozen=True)
class Chart:
    """The position of the map image."""

    box: Rect


Piece = TextBox | Sign | Bar | Chart


def tall(lines: int, size: float) -> float:
    """Return the height of lines in inches; `size` in points."""
    return lines * size * LEADING * POINT


def cut_text(text: str, size: float, room: float, most: int, *, bold: bool = False) -> str:
    """Cut text to a number of lines of `room` inches; `size` in points."""
    return wrap_text(text, typeface(bold=bold), size * POINT, room, most=max(most, 1)).text


def stacked(paras: Iterable[Para], room: float) -> float:
    """Return the total height of paragraphs."""
    return sum(para.height(room) for para in paras)


def moved(pieces: Iterable[Piece], x: float, y: float) -> list[Piece]:
    """Return pieces moved right and down."""
    return [replace(piece, box=piece.box.moved(x, y)) for piece in pieces]
