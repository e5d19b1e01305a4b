"""Export a deck to PowerPoint with native, editable text and shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.export.deck import ignore_progress

if TYPE_CHECKING:
    from geo.export.deck import Deck, Progress
    from geo.store import LayerStore


def write_pptx(
    deck: Deck,
    store: LayerStore,
    *,
    size: tuple[int, int] = (1920, 1080),
    theme: str = "light",
    template: bytes | None = None,
    progress: Progress = ignore_progress,
) -> bytes:
    """Return a deck as a PowerPoint file.

    A title slide, a slide for each of the deck's, and the sources. Words are text in real boxes,
    the headline in the layout's title; the legend is shapes; the map is a picture with its words
    as alternative text; what the speaker says, the sources with their claims and the link stand
    in the notes, and so does in full whatever had to be cut on the slide.

    Parameters
    ----------
    deck : geo.export.deck.Deck
    store : geo.store.LayerStore
        For the maps.
    size : (int, int)
        Width and height in pixels: the slides have their ratio, the maps their resolution.
    theme : str
        "light" or "dark"; with a template it only decides the map's colours.
    template : bytes, optional
        A PowerPoint file or template (.pptx, .potx): its slide size, fonts, colours and layouts
        are taken over, its own slides are not.
    progress : callable
        Told the slides done; may raise CancelledError.

    Returns
    -------
    bytes
        The same for the same input.

    Raises
    ------
    geo.errors.ExportError
        If the template cannot be used; the message says why and what to do.
    """
    from geo.export.pptx.writer import write

    return write(deck, store, size=size, theme=theme, template=template, progress=progress)
