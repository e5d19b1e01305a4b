"""What a slide is put together from, before any of it is PowerPoint.

Lengths are inches of a slide whose shorter side is 7.5; type sizes are points of that slide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from geo.export.pptx.text_metrics import tall, wrapped

SIDE = 7.5
"""The shorter side of a slide, in inches."""

MARGIN = 0.45
GAP = 0.16


@dataclass(frozen=True)
class Rect:
    """A box: its left and top edge, width and height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Its lower edge."""
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
        """Return how tall it is in a box of some width."""
        text = f"{self.text}{self.tail}"
        size = self.size * (1.12 if self.spaced else 1)
        lines = wrapped(text, size, room, bold=self.bold, serif=self.serif)
        return tall(len(lines), self.size) + self.before / 72


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
    """The drawing beside an entry of the legend."""

    entry: dict[str, Any]
    box: Rect


@dataclass(frozen=True)
class Bar:
    """A filled bar or a hairline; its colour is a role, or a name of the palette."""

    name: str
    box: Rect
    colour: str


@dataclass(frozen=True)
class Chart:
    """Where the map stands."""

    box: Rect


Piece = TextBox | Sign | Bar | Chart


def heading(text: str) -> Para:
    """Return a small heading above a part of the panel."""
    return Para(text.upper(), 9.5, "faint", bold=True, spaced=True)


def stacked(paras: Iterable[Para], room: float) -> float:
    """Return how tall paragraphs are one above the other."""
    return sum(para.height(room) for para in paras)


def moved(pieces: Iterable[Piece], x: float, y: float) -> list[Piece]:
    """Return pieces moved right and down."""
    return [replace(piece, box=piece.box.moved(x, y)) for piece in pieces]
