"""A briefing's slides, in order, with what its title and its list of sources say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo import summary
from geo.export.slide import Slide, slide_of
from geo.text import formatting

if TYPE_CHECKING:
    from geo.briefing import Briefing
    from geo.evidence import Evidence
    from geo.store import LayerStore
    from geo.view import View

Progress = Callable[[int, int], None]
"""Told how many steps of how many are done; may raise CancelledError, which ends the work."""


def unheard(done: int, of: int) -> None:
    """Take no notice of progress."""


@dataclass(frozen=True)
class Deck:
    """Slides under a title.

    Attributes
    ----------
    days : str
        The days that its slides cover, in words.
    references : tuple of str
        Each source of a claim shown or named on any slide, once, with address and date.
    link : str
        Where the briefing is shown, without a view; after a server's address if one is known.
    version : str
        The data version.
    """

    name: str
    title: str
    subtitle: str
    days: str
    slides: tuple[Slide, ...]
    references: tuple[str, ...]
    link: str
    version: str


def deck_of(
    briefing: Briefing, store: LayerStore, evidence: Evidence, *, address: str = ""
) -> Deck:
    """Return the slides of a briefing.

    Parameters
    ----------
    briefing : geo.briefing.Briefing
    store : geo.store.LayerStore
    evidence : geo.evidence.Evidence
    address : str
        Of a server; the links begin with it.
    """
    slides = tuple(
        slide_of(scene.view, store, evidence, scene=scene, address=address)
        for scene in briefing.scenes
    )
    days = [day for slide in slides for day in summary.find_day_range(slide.selection) if day]
    return Deck(
        name=briefing.name,
        title=briefing.title,
        subtitle=briefing.subtitle,
        days=formatting.format_span(min(days), max(days)) if days else "",
        slides=slides,
        references=_merged(slides),
        link=f"{address.rstrip('/')}/present?scene={briefing.name}",
        version=store.version(),
    )


def deck_of_view(view: View, store: LayerStore, evidence: Evidence, *, address: str = "") -> Deck:
    """Return a deck of one slide, that of a view: its headline is the title.

    Parameters
    ----------
    view : geo.view.View
    store : geo.store.LayerStore
    evidence : geo.evidence.Evidence
    address : str
        Of a server; the links begin with it.
    """
    slide = slide_of(view, store, evidence, address=address)
    return Deck(
        name=slide.key,
        title=slide.headline,
        subtitle=slide.page.about,
        days=slide.window,
        slides=(slide,),
        references=slide.citations,
        link=slide.link,
        version=store.version(),
    )


def _merged(slides: tuple[Slide, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for slide in slides for one in slide.citations))
