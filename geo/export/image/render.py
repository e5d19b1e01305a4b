"""Slides as pictures, drawn without a browser: PNG, SVG, PDF, all the same on every machine.

Nothing of matplotlib is imported before the first picture is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import ExportError
from geo.export.deck import Progress, ignore_progress

if TYPE_CHECKING:
    from geo.export.deck import Deck
    from geo.export.slide import Slide
    from geo.store import LayerStore

__all__ = ["FORMATS", "LARGEST", "SMALLEST", "render_map", "render_pages", "render_picture"]

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
) -> bytes:
    """Return a slide as a picture.

    Parameters
    ----------
    slide : geo.export.slide.Slide
    store : geo.store.LayerStore
        For places, roads and rings.
    fmt : str
        "png", of exactly that size; "svg" or "pdf", where a pixel is 1/96 inch.
    size : tuple of int
        Width and height in pixels, from SMALLEST to LARGEST, of any shape. Where the width is
        less than 1.25 times the height, the column stands below the map.
    theme : str
        "light" or "dark".

    Returns
    -------
    bytes
        The same for the same slide, data and versions of the libraries.

    Raises
    ------
    geo.errors.ExportError
        If there is no such format, theme or size.
    geo.errors.StoreError
        If places, roads or rings cannot be read.
    """
    _check(fmt, FORMATS, "format")
    size = _checked(size, theme)
    from geo.export.image import matplotlib_backend
    from geo.export.image.slide_layout import slide_sheet

    with matplotlib_backend.settled():
        sheet = slide_sheet(slide, store, size, theme)
    if fmt == "png":
        return matplotlib_backend.png(sheet)
    if fmt == "svg":
        return matplotlib_backend.svg(sheet, slide.headline, slide.alt)
    return matplotlib_backend.pdf(sheet, slide.headline)


def render_map(
    slide: Slide, store: LayerStore, *, size: tuple[int, int] = (1340, 760), theme: str = "light"
) -> bytes:
    """Return the map of a slide alone as PNG, with scale bar, north arrow and base credit.

    Parameters
    ----------
    size : tuple of int
        Width and height in pixels, as for `render_picture`.

    Raises
    ------
    geo.errors.ExportError
        If there is no such theme or size.
    """
    size = _checked(size, theme)
    from geo.export.image import matplotlib_backend
    from geo.export.image.slide_layout import map_sheet

    with matplotlib_backend.settled():
        sheet = map_sheet(slide, store, size, theme)
    return matplotlib_backend.png(sheet)


def render_pages(
    deck: Deck,
    store: LayerStore,
    *,
    size: tuple[int, int] = FULL_HD,
    theme: str = "light",
    progress: Progress = ignore_progress,
) -> bytes:
    """Return a briefing as one PDF: a title page, its slides with page numbers, its sources.

    Parameters
    ----------
    deck : geo.export.deck.Deck
    size : tuple of int
        Of each page, as for `render_picture`.
    progress : callable
        Told after each page how many of how many are done; what it raises ends the work.

    Raises
    ------
    geo.errors.ExportError
        If there is no such theme or size.
    """
    size = _checked(size, theme)
    from geo.export.image.pdf_booklet import pages_pdf

    return pages_pdf(deck, store, size, theme, progress)


def _check(value: str, known: tuple[str, ...], what: str) -> None:
    if value not in known:
        msg = f"There is no {what} {value!r} for pictures; choose one of {', '.join(known)}."
        raise ExportError(msg)


def _checked(size: tuple[int, int], theme: str) -> tuple[int, int]:
    from geo.mapping.theme import THEMES

    _check(theme, tuple(THEMES), "theme")
    width, height = size
    whole = all(isinstance(side, int) and not isinstance(side, bool) for side in size)
    if not whole or not (
        SMALLEST[0] <= width <= LARGEST[0] and SMALLEST[1] <= height <= LARGEST[1]
    ):
        msg = (
            f"A picture of {width} x {height} pixels cannot be made; the width must be a whole "
            f"number from {SMALLEST[0]} to {LARGEST[0]}, the height from {SMALLEST[1]} to "
            f"{LARGEST[1]}."
        )
        raise ExportError(msg)
    return (width, height)
