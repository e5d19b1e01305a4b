"""Widths of text: the protocol that the layout measures with, and glyph tables that implement it.

Widths are in ems: multiply them by the type size to get them in the unit of the size.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from geo.export.data.cell_types import clean_text
from geo.mapping.frontend_assets import find_font_file


class FontMetrics(Hashable, Protocol):
    """A typeface in one weight, as the layout sees it; measured text is cached by its hash."""

    def printable(self, text: str) -> str:
        """Return text as one line of characters that the renderer can draw."""
        ...

    def width(self, text: str) -> float:
        """Return the width of a printable line, in ems."""
        ...

    def advance(self, text: str) -> float:
        """Return by how much a word or letter inside a line makes it wider, in ems."""
        ...


@dataclass(frozen=True)
class GlyphTable:
    """Metrics that add up the advance widths of a font file, without kerning.

    Attributes
    ----------
    source : str
        A name of `geo.mapping.frontend_assets.FONTS`, or a file of matplotlib's DejaVu fonts.
    axes : tuple
        Values of a variable font, by axis tag.
    stretch : float
        Factor on each width: above 1 for letter spacing, or where the reader's fonts are unknown.
    """

    source: str
    axes: tuple[tuple[str, float], ...] = ()
    stretch: float = 1.0

    def printable(self, text: str) -> str:
        """Return text as one line that every file can hold."""
        return to_one_line(text)

    def width(self, text: str) -> float:
        """Return the width of a line, in ems."""
        return sum(_glyph_width(letter, self.source, self.axes) for letter in text) * self.stretch

    def advance(self, text: str) -> float:
        """Return the width of a word, in ems: the same inside a line as alone."""
        return self.width(text)


def to_one_line(text: str) -> str:
    """Return text as one line that every file can hold."""
    return " ".join(clean_text(text).split())


@lru_cache(maxsize=16384)
def _glyph_width(letter: str, source: str, axes: tuple[tuple[str, float], ...]) -> float:
    if unicodedata.combining(letter):
        return 0.0
    glyphs, widths = _advance_widths(source, axes)
    width = widths[glyphs.get(ord(letter), ".notdef")]
    return max(width, 1.0) if unicodedata.east_asian_width(letter) in "WF" else width


@lru_cache(maxsize=16)
def _advance_widths(
    source: str, axes: tuple[tuple[str, float], ...]
) -> tuple[dict[int, str], dict[str, float]]:
    """Return the glyph of each code point, and the width of each glyph in ems."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.models import normalizeLocation

    font = TTFont(_font_path(source), lazy=True)
    ranges = font["fvar"].axes if axes else ()
    limits = {axis.axisTag: (axis.minValue, axis.defaultValue, axis.maxValue) for axis in ranges}
    location = normalizeLocation(dict(axes), limits)
    em, glyphs = font["head"].unitsPerEm, font.getGlyphSet(location=location, normalized=True)
    return font.getBestCmap(), {name: glyphs[name].width / em for name in glyphs}


def _font_path(source: str) -> Path:
    """Return the file of a font; DejaVu stands in for a font that Streamlit does not bring."""
    found = find_font_file(source)
    if found is not None:
        return found
    spec = find_spec("matplotlib")
    folder = Path(next(iter(spec.submodule_search_locations or ()))) if spec else Path()
    named = folder / "mpl-data" / "fonts" / "ttf" / source
    return named if named.is_file() else named.with_name("DejaVuSans.ttf")
