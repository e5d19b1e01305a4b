"""How much room text takes, told from above: no box on a slide is then too small for its words.

Widths are those of DejaVu, which comes with matplotlib: the same on every machine, and wider than
Georgia and Calibri and than what replaces them where they are missing.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo.export.data.cell_types import clean_text

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

LEADING = 1.22
"""Height of a line in units of the type size; it is set as such, whatever the font."""

_POINTS = 72
_SAMPLE = 200
_SPARE = 0.985
_LETTERS = 500  # of a line, at most, whatever its size


def plain(text: str) -> str:
    """Return text as one line that every file can hold."""
    return " ".join(clean_text(text).split())


def wide(text: str, size: float, *, bold: bool = False, serif: bool = False) -> float:
    """Return the width of a line in inches; `size` in points."""
    return sum(_em(letter, bold, serif) for letter in text) * size / _POINTS


def tall(lines: int, size: float) -> float:
    """Return the height of lines in inches; `size` in points."""
    return lines * size * LEADING / _POINTS


@lru_cache(maxsize=2048)
def wrapped(
    text: str, size: float, room: float, *, bold: bool = False, serif: bool = False
) -> tuple[str, ...]:
    """Return text in lines of at most `room` inches; a word that is too long is broken."""
    room *= _SPARE
    lines: list[str] = []
    line, used = "", 0.0
    space = wide(" ", size, bold=bold, serif=serif)
    for word in text.split(" "):
        width = wide(word, size, bold=bold, serif=serif)
        if line and used + space + width <= room:
            line, used = f"{line} {word}", used + space + width
            continue
        if line:
            lines.append(line)
        line, used = word, width
        while used > room and len(line) > 1:
            part = _head(line, size, room, bold, serif)
            lines.append(part)
            line = line[len(part) :]
            used -= wide(part, size, bold=bold, serif=serif)
    return (*lines, line)


def cut(
    text: str, size: float, room: float, most: int, *, bold: bool = False, serif: bool = False
) -> str:
    """Return text that takes at most so many lines; "…" stands for what was left out."""
    head = text[: most * _LETTERS]
    lines = wrapped(head, size, room, bold=bold, serif=serif)
    if len(lines) <= most and head == text:
        return text
    kept = lines[: max(most, 1)]
    ending = wide("…", size, bold=bold, serif=serif)
    last = _head(kept[-1], size, room * _SPARE - ending, bold, serif).rstrip(" ,;:.–-")
    return " ".join([*kept[:-1], f"{last}…"])


def _head(text: str, size: float, room: float, bold: bool, serif: bool) -> str:
    """Return as many letters as fit, at least one."""
    used = 0.0
    for position, letter in enumerate(text):
        used += _em(letter, bold, serif) * size / _POINTS
        if used > room and position:
            return text[:position]
    return text


@lru_cache(maxsize=8192)
def _em(letter: str, bold: bool, serif: bool) -> float:
    if unicodedata.combining(letter):
        return 0.0
    width = float(_face(bold, serif).getlength(letter)) / _SAMPLE
    return max(width, 1.0) if unicodedata.east_asian_width(letter) in "WF" else width


@lru_cache(maxsize=4)
def _face(bold: bool, serif: bool) -> FreeTypeFont:
    from matplotlib import get_data_path
    from PIL import ImageFont

    name = f"DejaVu{'Serif' if serif else 'Sans'}{'-Bold' if bold else ''}.ttf"
    path = Path(get_data_path()) / "fonts" / "ttf" / name
    return ImageFont.truetype(str(path), _SAMPLE, layout_engine=ImageFont.Layout.BASIC)
