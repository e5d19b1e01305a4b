"""Export a view or a briefing as a picture or a document, for pages and the command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.errors import ExportError
from geo.export.animated_files import draw_animations, write_animation
from geo.export.deck import Progress, build_deck, build_view_deck, ignore_progress
from geo.export.options import ANIMATED, PACKS, PICTURES

if TYPE_CHECKING:
    from geo.briefing import Briefing
    from geo.evidence import Evidence
    from geo.export.deck import Deck
    from geo.export.options import ExportOptions
    from geo.store import LayerStore
    from geo.view import View


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
        If format, size, theme or template cannot be used, or the view has nothing to animate.
    """
    options.check(PICTURES)
    if options.fmt in ANIMATED:
        return write_animation(view, options, store, evidence, progress=progress)
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
    if options.fmt in ANIMATED:
        from geo.export.pptx.reproducible_zip import zip_files

        return zip_files(draw_animations(briefing, options, store, evidence, progress=progress))
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
