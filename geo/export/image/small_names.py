"""Names of one or two lines beside spots of a picture, and the boxes that they may take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geo.export.image.display_list import Box, width_of
from geo.export.image.fonts import MEDIUM, SANS, Face

SIZE, LEADING = 12.0, 14.0  # pixels on a screen
MARK = 2.5  # radius of the mark of an apron

Pixels = tuple[float, float]


@dataclass(frozen=True)
class NameSpot:
    """Where a name may be: `off` screen pixels from a spot of the sheet, at one of its sides."""

    at: Pixels
    sides: tuple[str, ...]
    off: float


@dataclass(frozen=True)
class SmallName:
    """A name of one or two lines, with the spots where it may be in order of preference."""

    at: Pixels
    text: str
    spots: tuple[NameSpot, ...]
    note: str = ""
    face: Face = SANS
    end: str = ""  # of a strip: "top", "bottom", "left" or "right"
    marked: bool = False  # a mark is drawn before it
    runway: str = ""  # of which it is a number
    within: bool | None = None  # whether it must be inside of an outline, or outside


def list_boxes(name: SmallName, scale: float) -> Iterator[tuple[Box, str]]:
    """Yield the boxes that a name may take, in pixels of the sheet, and their sides."""
    size = SIZE * scale
    widths = [width_of(name.text, MEDIUM if name.face is MEDIUM else SANS, size)]
    widths += [width_of(name.note, name.face, size)] if name.note else []
    width, height = max(widths), LEADING * scale * len(widths)
    if name.marked:
        width = max(width, widths[0] + 4 * MARK * scale)
    for spot in name.spots:
        for side in spot.sides:
            yield _box_beside(spot.at, side, width, height, spot.off * scale), side


def _box_beside(at: Pixels, side: str, width: float, height: float, off: float) -> Box:
    x, y = at
    first, _, aside = side.partition("-")
    left, top = x - width / 2, y - height / 2
    if first in ("top", "bottom"):
        top = y - off - height if first == "top" else y + off
        left = {"left": x - width, "right": x}.get(aside, left)
    else:
        left = x - off - width if first == "left" else x + off
    return (left, top, left + width, top + height)
