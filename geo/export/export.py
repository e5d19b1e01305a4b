"""Export a view or a briefing as a picture or a document, for pages and the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.errors import ExportError
from geo.export.deck import Progress, build_deck, build_view_deck, ignore_progress
from geo.export.formats import Format, check_format
from geo.mapping.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.briefing import Briefing
    from geo.evidence import Evidence
    from geo.export.deck import Deck
    from geo.export.slide_image import CopyReader
    from geo.store import LayerStore
    from geo.view import View

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
}
"""Formats of a view, in the order in which they are offered."""

PACKS: Mapping[str, Format] = {
    **{name: PICTURES[name] for name in ("pptx", "pdf", "html")},
    "png": Format("PNG pictures (zip)", "zip", "application/zip"),
    "svg": Format("SVG drawings (zip)", "zip", "application/zip"),
}
"""Formats of a briefing: pictures of its scenes come in one zip."""

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
        One of PICTURES or PACKS: png, svg, pdf, pptx, html.
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
    """

    fmt: str
    size: tuple[int, int] = SIZES["16:9"]
    theme: str = "light"
    address: str = ""
    template: bytes | None = None
    read_copy: CopyReader | None = None

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


def export_view(
    view: View,
    options: ExportOptions,
    store: LayerStore,
    evidence: Evidence,
    *,
    progress: Progress = ignore_progress,
) -> bytes:
    """Return a view as a picture or a document, in one of the formats of PICTURES.

    Raises
    ------
    geo.errors.ExportError
        If format, size, theme or template cannot be used.
    """
    options.check(PICTURES)
    deck = build_view_deck(view, store, evidence, address=options.address)
    [slide] = deck.slides
    # A stage has one map; a question with its answers is easier to read on a slide of its own.
    if slide.parts and (options.fmt == "html" or (options.fmt == "pptx" and slide.blocks)):
        deck = replace(deck, slides=slide.parts)
    deck = deck.add_images(options.read_copy)
    if options.fmt in ("pptx", "html"):
        return _write_document(deck, options, store, progress)
    [(_, picture)] = draw_slides(deck, options, store, progress=progress)
    return picture


def export_briefing(
    briefing: Briefing,
    options: ExportOptions,
    store: LayerStore,
    evidence: Evidence,
    *,
    progress: Progress = ignore_progress,
) -> bytes:
    """Return a briefing as one file, in one of the formats of PACKS; pictures come in a zip.

    Raises
    ------
    geo.errors.ExportError
        If the briefing has no scene, or format, size, theme or template cannot be used.
    """
    options.check(PACKS)
    if not briefing.scenes:
        raise ExportError(f"The briefing {briefing.title!r} has no scene yet; add one first.")
    deck = build_deck(briefing, store, evidence, address=options.address)
    deck = deck.add_images(options.read_copy)
    if options.fmt in ("pptx", "html", "pdf"):
        return _write_document(deck, options, store, progress)
    from geo.export.pptx.reproducible_zip import zip_files

    return zip_files(draw_slides(deck, options, store, progress=progress))


def draw_slides(
    deck: Deck, options: ExportOptions, store: LayerStore, *, progress: Progress = ignore_progress
) -> Iterator[tuple[str, bytes]]:
    """Yield each slide of a deck as a picture, with a file name: 01-setting.png and so on.

    Raises
    ------
    geo.errors.ExportError
        If the format is not png, svg or pdf, or size or theme cannot be used.
    """
    from geo.export.image.render import render_picture

    options.check({name: PICTURES[name] for name in ("png", "svg", "pdf")})
    fmt, digits = options.fmt, max(2, len(str(len(deck.slides))))
    progress(0, len(deck.slides))
    for number, slide in enumerate(deck.slides, start=1):
        made = render_picture(slide, store, fmt, size=options.size, theme=options.theme)
        yield f"{number:0{digits}}-{slide.key}.{fmt}", made
        progress(number, len(deck.slides))


def _write_document(
    deck: Deck, options: ExportOptions, store: LayerStore, progress: Progress
) -> bytes:
    size, theme, template = options.size, options.theme, options.template
    if options.fmt == "html":
        from geo.export.html.offline_html import write_handout

        return write_handout(deck, store, theme=theme, progress=progress)
    if options.fmt == "pptx":
        from geo.export.pptx.writer import write_pptx

        return write_pptx(deck, store, size=size, theme=theme, template=template, progress=progress)
    from geo.export.image.render import render_pages

    return render_pages(deck, store, size=size, theme=theme, progress=progress)
