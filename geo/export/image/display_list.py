"""What is drawn, before it is drawn: words and shapes with their places, in pixels.

The origin is the sheet's upper left corner and y grows downwards, as on the screen. Whatever
lays something out adds to a Sheet; `canvas` then draws it in any format. So tests can ask where
each word stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from matplotlib.path import Path

from geo.export.image.fonts import Face
from geo.mapping.theme import THEMES, Stroke

Box = tuple[float, float, float, float]  # left, top, right, bottom, pixels
ASCENT, DESCENT = 0.74, 0.24  # of a line of letters, in its size


@dataclass(frozen=True)
class TextItem:
    """One line of text.

    Attributes
    ----------
    x, y : float
        Where the line begins, on its foot.
    size : float
        Pixels.
    colour : str
        "#rrggbb".
    halo : str
        Colour of a rim that lifts the text off what lies below; empty for none.
    spacing : float
        Room added after each letter, in sizes.
    angle : float
        Degrees, anticlockwise.
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
        """What the line takes."""
        top, bottom = self.y - ASCENT * self.size, self.y + DESCENT * self.size
        return (self.x, top, self.x + self.width, bottom)


@dataclass(frozen=True, eq=False)
class Shape:
    """A path: filled, stroked, or both.

    Attributes
    ----------
    fill, line : str
        Colours, "#rrggbb"; empty for none.
    dash : tuple of float
        Lengths of line and gap in turn, pixels.
    clip : Box, optional
        What lies outside is not drawn.
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
    """Many equal points as one thing; a raster image in a vector file where they are thousands."""

    points: np.ndarray
    radius: float
    colour: str
    rim: str
    alpha: float
    clip: Box


@dataclass(frozen=True, eq=False)
class Raster:
    """A picture, (height, width, 4) of uint8, whose pixels are squares that fill a box."""

    pixels: np.ndarray
    box: Box
    clip: Box


@dataclass(frozen=True)
class ColourBar:
    """A scale bar, drawn by matplotlib-scalebar.

    Attributes
    ----------
    box : Box
        Of the bar with its number.
    metres_per_pixel : float
    metres : float
        That the bar is long.
    """

    box: Box
    metres_per_pixel: float
    metres: float
    size: float
    colour: str


Item = TextItem | Shape | Dots | Raster | ColourBar


@dataclass
class DisplayList:
    """Things to draw, from below to above.

    Attributes
    ----------
    size : tuple of int
        Width and height, pixels.
    unit : float
        Pixels of one unit of the design, which was made on 1920 by 1080.
    taken : list of Box
        Where something stands that names must keep off.
    """

    size: tuple[int, int]
    unit: float
    theme: str
    items: list[Item] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)

    @property
    def colours(self) -> Mapping[str, str]:
        """The palette of the theme, by name."""
        return THEMES[self.theme]

    @property
    def words(self) -> list[TextItem]:
        """All that can be read, in the order in which it is drawn."""
        return [item for item in self.items if isinstance(item, TextItem)]

    def add(self, *items: Item) -> None:
        """Draw these above what is there."""
        self.items += items

    def write(
        self, text: str, x: float, y: float, face: Face, size: float, colour: str, *,
        align: str = "left", alpha: float = 1.0, halo: str = "", spacing: float = 0.0,
    ) -> TextItem:  # fmt: skip
        """Write a line whose left end, middle or right end stands at x; colour is a name."""
        text = face.printable(text)
        shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
        left = x - shift * width_of(text, face, size, spacing)
        words = TextItem(text, left, y, face, size, self.hue(colour), alpha, halo, spacing)
        if text:
            self.add(words)
        return words

    def hue(self, colour: str) -> str:
        """Return the colour of that name, or the colour itself."""
        return self.colours.get(colour, colour)

    def stroked(
        self,
        path: Path,
        stroke: Stroke,
        scale: float,
        *,
        alpha: float = 1.0,
        clip: Box | None = None,
    ) -> None:
        """Draw a path as `geo.mapping.theme` says, its lengths times `scale`."""
        colour = self.hue(stroke.colour)
        self.add(
            Shape(
                path,
                fill=colour if stroke.fill else "",
                line=colour if stroke.width else "",
                width=stroke.width * scale,
                dash=tuple(length * scale for length in stroke.dash),
                round=stroke.round,
                alpha=stroke.opacity if stroke.opacity != 1 else alpha,
                fill_alpha=stroke.fill,
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


def circle(x: float, y: float, radius: float) -> Path:
    """Return a circle."""
    return Path.circle((x, y), radius)


def arc(x: float, y: float, radius: float, start: float, end: float) -> Path:
    """Return a part of a circle; angles in turns, clockwise from the top."""
    steps = max(2, int(abs(end - start) * 96) + 2)
    angles = np.linspace(start, end, steps) * 2 * np.pi
    return Path(np.column_stack([x + radius * np.sin(angles), y - radius * np.cos(angles)]))


def lines(parts: Iterable[np.ndarray]) -> Path:
    """Return several lines as one path; each an array of (x, y) in pixels."""
    parts = [part for part in parts if len(part) > 1]
    if not parts:
        return Path(np.empty((0, 2)))
    codes = np.full(sum(map(len, parts)), Path.LINETO, dtype=Path.code_type)
    codes[np.cumsum([0, *map(len, parts[:-1])])] = Path.MOVETO
    return Path(np.vstack(parts), codes)


def spots(path: Path) -> np.ndarray:
    """Return a path's vertices, (n, 2)."""
    return np.asarray(path.vertices, dtype=float)


def overlap(one: Box, other: Box, gap: float = 0.0) -> float:
    """Return the area that two boxes share, each made larger by half of `gap`."""
    across = min(one[2], other[2]) - max(one[0], other[0]) + gap
    down = min(one[3], other[3]) - max(one[1], other[1]) + gap
    return max(0.0, across) * max(0.0, down)


def inside(box: Box, frame: Box, gap: float = 0.0) -> bool:
    """Say whether a box stands within another, and that far from its edge."""
    return (
        box[0] >= frame[0] + gap
        and box[1] >= frame[1] + gap
        and box[2] <= frame[2] - gap
        and box[3] <= frame[3] - gap
    )
