"""Slides as pictures, drawn without a browser: PNG, SVG, PDF, the same on every machine.

matplotlib is imported with the first picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import ExportError
from geo.export.deck import Progress, ignore_progress
from geo.mapping.theme import THEMES

if TYPE_CHECKING:
    from geo.export.deck import Deck
    from geo.export.image.sheet_grid import FixedParts
    from geo.export.slide import Slide
    from geo.store import LayerStore

FORMATS = ("png", "svg", "pdf")
SMALLEST = (320, 240)
LARGEST = (7680, 4320)
FULL_HD = (1920, 1080)


def render_picture(
    slide: Slide,
    store: LayerStore,
    fmt: str,
    *,
    size: tuple[int, int] = FULL_HD,
    theme: str = "light",
    fixed: FixedParts | None = None,
) -> bytes:
    """Return a slide as a picture: the same bytes for the same slide, data and libraries.

    Parameters
    ----------
    store : geo.store.LayerStore
        For places, roads and rings.
    fmt : str
        "png", of exactly that size; "svg" or "pdf", where a pixel is 1/96 inch.
    size : tuple of int
        Width and height in pixels, from SMALLEST to LARGEST, of any shape. Where the width is
        less than 1.25 times the height, the column is below the map.
    theme : str
        "light", "dark" or "print".
    fixed : FixedParts, optional
        What the picture shares with others of an animation.

    Raises
    ------
    geo.errors.ExportError
        If there is no such format, theme or size.
    geo.errors.StoreError
        If places, roads or rings cannot be read.
    """
    _check(fmt, FORMATS, "format")
    _check_sheet(size, theme)
    from geo.export.image import matplotlib_backend
    from geo.export.image.sheet_grid import FREE
    from geo.export.image.slide_layout import slide_sheet

    with matplotlib_backend.settled():
        sheet = slide_sheet(slide, store, size, theme, fixed=fixed or FREE)
        if fmt == "png":
            return matplotlib_backend.png(sheet)
        if fmt == "svg":
            alt = f"{slide.alt} {slide.image.described}" if slide.image else slide.alt
            return matplotlib_backend.svg(sheet, slide.headline, alt)
        return matplotlib_backend.pdf([lambda: sheet], slide.headline)


def render_map(
    slide: Slide, store: LayerStore, *, size: tuple[int, int] = (1340, 760), theme: str = "light"
) -> bytes:
    """Return the map of a slide alone as PNG, with scale bar, north arrow and base credit.

    Size, theme and errors are those of `render_picture`.
    """
    _check_sheet(size, theme)
    from geo.export.image import matplotlib_backend
    from geo.export.image.slide_layout import map_sheet

    with matplotlib_backend.settled():
        return matplotlib_backend.png(map_sheet(slide, store, size, theme))


def render_pages(
    deck: Deck,
    store: LayerStore,
    *,
    size: tuple[int, int] = FULL_HD,
    theme: str = "light",
    progress: Progress = ignore_progress,
) -> bytes:
    """Return a briefing as one PDF: a title page, its slides with page numbers, its sources.

    Size, theme and errors are those of `render_picture`; `progress` is called after each page.
    """
    _check_sheet(size, theme)
    from geo.export.image.pdf_booklet import pages_pdf

    return pages_pdf(deck, store, size, theme, progress)


def _check(value: str, known: tuple[str, ...], what: str) -> None:
    if value not in known:
        msg = f"There is no {what} {value!r} for pictures; choose one of {', '.join(known)}."
        raise ExportError(msg)


def _check_sheet(size: tuple[int, int], theme: str) -> None:
    _check(theme, tuple(THEMES), "theme")
    width, height = size
    whole = all(isinstance(side, int) and not isinstance(side, bool) for side in size)
    (least_width, least_height), (most_width, most_height) = SMALLEST, LARGEST
    fits = least_width <= width <= most_width and least_height <= height <= most_height
    if not whole or not fits:
        msg = (
            f"A picture of {width} x {height} pixels cannot be made; the width must be a whole "
            f"number from {least_width} to {most_width}, the height from {least_height} to "
            f"{most_height}."
        )
        raise ExportError(msg)
