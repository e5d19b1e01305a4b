"""Options of an export of a view or a briefing: format, size, theme, and what else it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.errors import ExportError
from geo.export.formats import Format, check_format
from geo.mapping.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.export.slide_image import CopyReader
    from geo.playback import Playback

PICTURES: Mapping[str, Format] = {
    "png": Format("PNG picture", "png", "image/png"),
    "svg": Format("SVG drawing", "svg", "image/svg+xml"),
    "pdf": Format("PDF", "pdf", "application/pdf"),
    "pptx": Format(
        "PowerPoint",
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "html": Format("Page that works offline", "html", "text/html"),
    "webp": Format("Animated picture (WebP)", "webp", "image/webp"),
    "gif": Format("Animated picture (GIF)", "gif", "image/gif"),
}
"""Formats of a view, in the order in which they are offered."""

PACKS: Mapping[str, Format] = {
    **{name: PICTURES[name] for name in ("pptx", "pdf", "html")},
    "png": Format("PNG pictures (zip)", "zip", "application/zip"),
    "svg": Format("SVG drawings (zip)", "zip", "application/zip"),
    "webp": Format("Animated pictures (WebP, zip)", "zip", "application/zip"),
    "gif": Format("Animated pictures (GIF, zip)", "zip", "application/zip"),
}
"""Formats of a briefing: pictures of its scenes come in one zip."""

ANIMATED = ("webp", "gif")
"""Formats of PICTURES and PACKS that play days."""

SIZES: Mapping[str, tuple[int, int]] = {"16:9": (1920, 1080), "4:3": (1440, 1080)}
"""Width and height in pixels of the named sizes."""

SMALLEST, LARGEST, NARROWEST = 360, (7680, 4320), 2.5
"""Least pixels of a side; greatest width and height; greatest ratio of the sides."""

_SIZE = re.compile(r"\s*(\d{1,6})\s*[xX×]\s*(\d{1,6})\s*")


def parse_size(text: str) -> tuple[int, int]:
    """Return width and height in pixels of "1920x1080", "16:9" or "4:3".

    Raises
    ------
    geo.errors.ExportError
        If it is neither, or cannot be drawn.
    """
    if text.strip() in SIZES:
        return SIZES[text.strip()]
    found = _SIZE.fullmatch(text)
    if not found:
        msg = f"The size {text!r} cannot be used; give 16:9, 4:3, or pixels such as 1920x1080."
        raise ExportError(msg)
    return _check_size((int(found[1]), int(found[2])))


def _check_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return a size; raise ExportError if a side is too short, or too long beside the other."""
    width, height = size
    large = width > LARGEST[0] or height > LARGEST[1]
    if large or min(size) < SMALLEST or max(size) > NARROWEST * min(size):
        msg = (
            f"The size {width}x{height} cannot be used: each side has at least {SMALLEST} pixels, "
            f"the width at most {LARGEST[0]:,} and the height {LARGEST[1]:,}, and none is more "
            f"than {NARROWEST:g} times the other. Try 1920x1080."
        )
        raise ExportError(msg)
    return size


@dataclass(frozen=True)
class ExportOptions:
    """What file is made of a view or a briefing.

    Attributes
    ----------
    fmt : str
        One of PICTURES or PACKS: png, svg, pdf, pptx, html, webp, gif.
    size : (int, int)
        Width and height in pixels; of a pptx without a template only their ratio counts.
    theme : str
        "light", "dark" or "print".
    address : str
        Of a server; the links in the file begin with it.
    template : bytes, optional
        A PowerPoint file whose size, fonts and layouts a pptx takes over.
    read_copy : callable, optional
        Reads kept files (`Ledger.read_copy`): images that may be published are in the file.
    play : Playback, optional
        How an animated picture plays the days of a view, in place of the view's own playback.
    """

    fmt: str
    size: tuple[int, int] = SIZES["16:9"]
    theme: str = "light"
    address: str = ""
    template: bytes | None = None
    read_copy: CopyReader | None = None
    play: Playback | None = None

    def check(self, known: Mapping[str, Format]) -> None:
        """Raise ExportError if no such file can be made; `known` are the formats."""
        check_format(self.fmt, known)
        _check_size(self.size)
        if self.theme not in THEMES:
            msg = f"There is no theme {self.theme!r}; choose one of {', '.join(THEMES)}."
            raise ExportError(msg)
        if self.template is not None and self.fmt != "pptx":
            msg = f"A template is for pptx only, not for {self.fmt}; leave it out, or choose pptx."
            raise ExportError(msg)
