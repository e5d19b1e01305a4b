"""What is drawn, before it is drawn: words and shapes with their places, in pixels.

The origin is the sheet's upper left corner and y grows downwards, as on the screen. Layout adds
to a DisplayList, `matplotlib_backend` draws it in any format, and tests ask where words are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from matplotlib.path import Path

from geo.export.image.fonts import Face
from geo.export.layout.text import TextBlock
from geo.mapping.theme import THEMES, Stroke

MarkKind = Literal["badge", "name", "list", "furniture"]
Box = tuple[float, float, float, float]  # left, top, right, bottom, pixels
ASCENT, DESCENT = 0.74, 0.24  # of a line of letters, in its size


@dataclass(frozen=True)
class TextItem:
    """One line of text; x and y are the left end of its baseline, the size is in pixels.

    Colours are "#rrggbb". The halo is a rim between the text and what is below, empty for none;
    spacing is added after each letter, in sizes.
    """

    text: str
    x: float
    y: float
    face: Face
    size: float
    colour: str
    alpha: float = 1.0
    halo: str = ""
    spacing: float = 0.0

    @property
    def width(self) -> float:
        """Pixels."""
        return width_of(self.text, self.face, self.size, self.spacing)

    @property
    def box(self) -> Box:
        """Bounding box of the line."""
        top, bottom = self.y - ASCENT * self.size, self.y + DESCENT * self.size
        return (self.x, top, self.x + self.width, bottom)


@dataclass(frozen=True, eq=False)
class Shape:
    """A path: filled, stroked, or both; nothing is drawn outside of `clip`.

    Colours are "#rrggbb", empty for none; a dash has lengths of line and gap in turn, pixels.
    """

    path: Path
    fill: str = ""
    line: str = ""
    width: float = 1.0
    dash: tuple[float, ...] = ()
    round: bool = False
    alpha: float = 1.0
    fill_alpha: float = 1.0
    clip: Box | None = None


@dataclass(frozen=True, eq=False)
class Dots:
    """Many equal points as one item; an embedded image in a vector file if they are thousands."""

    points: np.ndarray
    radius: float
    colour: str
    rim: str
    alpha: float
    clip: Box


@dataclass(frozen=True, eq=False)
class Raster:
    """An image, (height, width, 4) of uint8, whose pixels are squares that fill a box."""

    pixels: np.ndarray
    box: Box
    clip: Box


@dataclass(frozen=True)
class ColourBar:
    """A scale bar, drawn by matplotlib-scalebar; `box` holds its number too."""

    box: Box
    metres_per_pixel: float
    metres: float
    size: float
    colour: str


@dataclass(frozen=True)
class Mark:
    """The room of something on a map: nothing else is drawn there."""

    kind: MarkKind
    box: Box


Item = TextItem | Shape | Dots | Raster | ColourBar


@dataclass
class DisplayList:
    """Items to draw, from bottom to top, on a sheet of `size` (width, height) pixels.

    A unit is in pixels too; the design was made on 1920 by 1080 units. Labels keep off `taken`;
    `marks` say what is there, and `leaders` are the lines from symbols to their places.
    """

    size: tuple[int, int]
    unit: float
    theme: str
    items: list[Item] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    leaders: list[tuple[tuple[float, float], tuple[float, float]]] = field(default_factory=list)

    @property
    def words(self) -> list[TextItem]:
        """All text, in the order in which it is drawn."""
        return [item for item in self.items if isinstance(item, TextItem)]

    def mark(self, kind: MarkKind, box: Box) -> None:
        """Reserve the room of something on a map."""
        self.marks.append(Mark(kind, box))
        self.taken.append(box)

    def hue(self, colour: str) -> str:
        """Return the colour of that name, or the colour itself."""
        return THEMES[self.theme].get(colour, colour)

    def add(self, *items: Item) -> None:
        """Draw these above what is there; colours of shapes may be names."""
        for item in items:
            if isinstance(item, Shape):
                item = replace(item, fill=self.hue(item.fill), line=self.hue(item.line))
            self.items.append(item)

    def write(
        self, text: str, x: float, y: float, face: Face, size: float, colour: str, *,
        align: str = "left", alpha: float = 1.0, halo: str = "", spacing: float = 0.0,
    ) -> TextItem:  # fmt: skip
        """Write a line whose left end, middle or right end is at x; colours may be names."""
        text = face.printable(text)
        shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
        left = x - shift * width_of(text, face, size, spacing)
        ink, rim = self.hue(colour), self.hue(halo)
        words = TextItem(text, left, y, face, size, ink, alpha, rim, spacing)
        if text:
            self.add(words)
        return words

    def write_block(
        self, block: TextBlock[Face], x: float, y: float, colour: str, *, bottom: float = np.inf
    ) -> float:
        """Write lines below y, as far as they end above `bottom`; return where they end."""
        for line in block.lines:
            if y + block.leading > bottom:
                break
            self.write(line, x, block.baseline(y), block.font, block.size, colour)
            y += block.leading
        return y

    def stroke(
        self,
        path: Path,
        style: Stroke,
        scale: float,
        *,
        alpha: float = 1.0,
        clip: Box | None = None,
    ) -> None:
        """Draw a path in a style of `geo.mapping.theme`, its lengths times `scale`."""
        self.add(
            Shape(
                path,
                fill=style.colour if style.fill else "",
                line=style.colour if style.width else "",
                width=style.width * scale,
                dash=tuple(length * scale for length in style.dash),
                round=style.round,
                alpha=style.opacity if style.opacity != 1 else alpha,
                fill_alpha=style.fill,
                clip=clip,
            )
        )


def width_of(text: str, face: Face, size: float, spacing: float = 0.0) -> float:
    """Return the width of a line, in pixels."""
    if not spacing:
        return face.width(text) * size
    return size * (sum(face.advance(letter) + spacing for letter in text) - spacing)


def rectangle(box: Box) -> Path:
    """Return the outline of a box."""
    x0, y0, x1, y1 = box
    return Path(np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]), closed=True)


def rounded(box: Box, radius: float) -> Path:
    """Return the outline of a box with round corners."""
    x0, y0, x1, y1 = box
    r = min(radius, (x1 - x0) / 2, (y1 - y0) / 2)
    points = [(x0 + r, y0), (x1 - r, y0), (x1, y0), (x1, y0 + r), (x1, y1 - r), (x1, y1),
              (x1 - r, y1), (x0 + r, y1), (x0, y1), (x0, y1 - r), (x0, y0 + r), (x0, y0),
              (x0 + r, y0)]  # fmt: skip
    step = [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path(np.array(points), [Path.MOVETO, *step * 4])


def arc(x: float, y: float, radius: float, start: float, end: float) -> Path:
    """Return a part of a circle; angles in turns, clockwise from the top."""
    steps = max(2, int(abs(end - start) * 96) + 2)
    angles = np.linspace(start, end, steps) * 2 * np.pi
    return Path(np.column_stack([x + radius * np.sin(angles), y - radius * np.cos(angles)]))


def lines(parts: Iterable[np.ndarray]) -> Path:
    """Return several lines as one path; each an array of (x, y) in pixels."""
    return Path.make_compound_path(*(Path(part) for part in parts if len(part) > 1))


def spots(path: Path) -> np.ndarray:
    """Return a path's vertices, (n, 2)."""
    return np.asarray(path.vertices, dtype=float)


def overlap(one: Box, other: Box, gap: float = 0.0) -> float:
    """Return the area that two boxes share, each made larger by half of `gap`."""
    across = min(one[2], other[2]) - max(one[0], other[0]) + gap
    down = min(one[3], other[3]) - max(one[1], other[1]) + gap
    return max(0.0, across) * max(0.0, down)


def inside(box: Box, frame: Box, gap: float = 0.0) -> bool:
    """Return whether a box is within another, and at least `gap` from its edge."""
    start = box[0] >= frame[0] + gap and box[1] >= frame[1] + gap
    return start and box[2] <= frame[2] - gap and box[3] <= frame[3] - gap
