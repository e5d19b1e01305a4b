"""The screen's typefaces for pictures: static cuts of the variable fonts that Streamlit brings.

matplotlib cannot use WOFF2 or a variable weight. So the glyphs that a slide may need are subset
(a whole font takes 7 to 20 s), and then set to one weight. The cuts are in matplotlib's cache
folder, named by a hash of fonts and recipe. DejaVu Sans draws the letters that a cut lacks.
"""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path

import matplotlib
from fontTools.ttLib import TTFont
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags

from geo.mapping.frontend_assets import find_font_file
from geo.store.folder.atomic_files import replace_files
from geo.text.direction import MARKS

RECIPE = "briefing cuts, 1"
EM = 100.0  # the size in which text is measured
MISSING = "□"
FALLBACK = "DejaVu Sans"
_RANGES = ((0x20, 0x17F), (0x218, 0x21B), (0x2BC, 0x2BF),
           (0x2009, 0x203A), (0x20AC, 0x20AC), (0x2116, 0x2122), (0x2190, 0x2193),
           (0x2212, 0x2212), (0x2248, 0x2248), (0x2260, 0x2265))  # fmt: skip
_FEATURES = ["kern"]


@dataclass(frozen=True)
class Face:
    """A typeface in one weight: a cut of a font of `geo.mapping.frontend_assets.FONTS`.

    The axes are those of the variable font; the weight is for the fallback, which has a bold.
    """

    name: str
    source: str
    axes: tuple[tuple[str, float], ...]
    weight: int

    @property
    def family(self) -> str:
        """The family's name: each cut is a family of its own, so that none is taken for another."""
        return f"Briefing {self.name}"

    def printable(self, text: str) -> str:
        """Return text in one line, with an empty box for each letter that no font holds."""
        return _printable(text, self)

    def width(self, text: str) -> float:
        """Return the width of a line of printable text, with kerning, in ems."""
        return _width(text, self)

    def advance(self, text: str) -> float:
        """Return how far a letter, or a word, moves the pen, in ems."""
        return _width(f"l{text}l", self) - _width("ll", self)


SANS = Face("Sans", "sans.woff2", (("wght", 400),), 400)
MEDIUM = Face("Sans Medium", "sans.woff2", (("wght", 600),), 700)
BOLD = Face("Sans Bold", "sans.woff2", (("wght", 700),), 700)
ITALIC = Face("Sans Italic", "sans-italic.woff2", (("wght", 400),), 400)
SERIF = Face("Serif Bold", "serif.woff2", (("wght", 700), ("opsz", 48)), 700)
FACES = (SANS, MEDIUM, BOLD, ITALIC, SERIF)


@lru_cache(maxsize=1)
def installed() -> frozenset[str]:
    """Make the cuts that are not cached yet, and return the families that can be used.

    A font that cannot be found or cut is left out; DejaVu Sans replaces it.
    """
    found = set()
    for source in dict.fromkeys(face.source for face in FACES):
        faces = [face for face in FACES if face.source == source]
        try:
            for face, path in zip(faces, _cut_files(source, faces), strict=True):
                fontManager.addfont(path)
                found.add(face.family)
        except Exception as why:
            # a picture in another typeface is better than none, whatever a font file holds
            log = logging.getLogger(__name__)
            log.warning("The font %s cannot be used, %s stands in: %s", source, FALLBACK, why)
    return frozenset(found)


def _cut_files(source: str, faces: list[Face]) -> list[Path]:
    file = find_font_file(source)
    if file is None:
        msg = f"Streamlit brings no {source}"
        raise FileNotFoundError(msg)
    data = file.read_bytes()
    recipe = repr((RECIPE, faces, _RANGES, _FEATURES)).encode()
    key = hashlib.sha256(recipe + data).hexdigest()[:16]
    folder = Path(matplotlib.get_cachedir()) / "briefing-fonts"
    paths = [folder / f"{face.name.replace(' ', '')}-{key}.ttf" for face in faces]
    if not all(path.is_file() for path in paths):
        folder.mkdir(parents=True, exist_ok=True)
        cut = partial(_write_cut, _subset(data))
        replace_files({path: partial(cut, face) for face, path in zip(faces, paths, strict=True)})
    return paths


def _subset(data: bytes) -> bytes:
    from fontTools import subset

    options = subset.Options()
    options.layout_features = _FEATURES
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6]
    options.hinting = False
    font = TTFont(BytesIO(data), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for a, b in _RANGES for code in range(a, b + 1)])
    subsetter.subset(font)
    font.flavor = None
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _write_cut(data: bytes, face: Face, path: Path) -> None:
    from fontTools.varLib import instancer

    variable = TTFont(BytesIO(data), recalcTimestamp=False)
    font = instancer.instantiateVariableFont(variable, dict(face.axes), inplace=True)
    names = dict.fromkeys((1, 3, 4), face.family)
    names |= {2: "Regular", 6: face.family.replace(" ", "")}
    for record in font["name"].names:
        record.string = names.get(record.nameID, record.string)
    font["OS/2"].usWeightClass = face.weight
    font["OS/2"].fsSelection = 0x40
    font["head"].macStyle = 0
    font.save(path)


@lru_cache(maxsize=256)
def properties(face: Face, points: float) -> FontProperties:
    """Return a face for matplotlib, with its fallback; size in points."""
    families = [face.family] if face.family in installed() else []
    if not families and face is SERIF:
        families = ["DejaVu Serif"]
    return FontProperties(family=[*families, FALLBACK], weight=face.weight, size=points)


@lru_cache(maxsize=8)
def _files(face: Face) -> tuple[str, ...]:
    found = fontManager._find_fonts_by_props(properties(face, EM))
    return tuple(str(getattr(one, "path", one)) for one in found)


@lru_cache(maxsize=8)
def _letters(face: Face) -> frozenset[int]:
    return frozenset(code for path in _files(face) for code in get_font(path).get_charmap())


@lru_cache(maxsize=8192)
def _printable(text: str, face: Face) -> str:
    known = _letters(face)
    return " ".join("".join(_shown(text, known)).split())


def _shown(text: str, known: frozenset[int]) -> Iterator[str]:
    for letter in text:
        kind = unicodedata.category(letter)
        if letter.isspace():
            yield " "
        elif letter in MARKS:
            yield letter
        elif kind in ("Cc", "Cf", "Cs", "Co", "Cn") or "\ufe00" <= letter <= "\ufe0f":
            continue
        elif ord(letter) in known:
            yield letter
        elif not kind.startswith("M"):
            yield MISSING


@lru_cache(maxsize=65536)
def _width(text: str, face: Face) -> float:
    if not text:
        return 0.0
    font = get_font(_files(face))
    font.set_size(EM, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64 / EM
