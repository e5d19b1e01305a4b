"""Build a deck: a briefing's slides in order, its title and its list of sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo import summary
from geo.export.page_slide import build_page_slide
from geo.export.played_days import describe_playback, widen_to_played_days
from geo.export.slide import Slide
from geo.export.slide_image import CopyReader
from geo.text import formatting

if TYPE_CHECKING:
    from geo.briefing import Briefing, Scene
    from geo.evidence import Evidence
    from geo.store import LayerStore
    from geo.view import View

Progress = Callable[[int, int], None]
"""Called with (steps done, total steps); may raise CancelledError to stop the work."""


def ignore_progress(done: int, of: int) -> None:
    """Ignore progress."""


@dataclass(frozen=True)
class Deck:
    """Slides with a title, their date range, the data version, and a link to the briefing.

    `references` are the sources of claims on any slide, each once, with address and date. The
    link is relative if no server address is known.
    """

    name: str
    title: str
    subtitle: str
    days: str
    slides: tuple[Slide, ...]
    references: tuple[str, ...]
    link: str
    version: str

    def add_images(self, read_copy: CopyReader | None) -> Deck:
        """Return the deck with the image of each slide's chosen report, where it may be shown."""
        slides = tuple(one.add_image(read_copy) for one in self.slides)
        return replace(self, slides=slides)


def build_deck(
    briefing: Briefing, store: LayerStore, evidence: Evidence, *, address: str = ""
) -> Deck:
    """Return the slides of a briefing; the server address is the prefix of links."""
    slides = tuple(
        build_scene_slide(scene, store, evidence, address=address) for scene in briefing.scenes
    )
    days = [day for slide in slides for day in summary.find_day_range(slide.selection) if day]
    return Deck(
        name=briefing.name,
        title=briefing.title,
        subtitle=briefing.subtitle,
        days=formatting.format_span(min(days), max(days)) if days else "",
        slides=slides,
        references=tuple(dict.fromkeys(one for slide in slides for one in slide.citations)),
        link=f"{address.rstrip('/')}/present?scene={briefing.name}",
        version=store.version(),
    )


def build_scene_slide(
    scene: Scene, store: LayerStore, evidence: Evidence, *, address: str = ""
) -> Slide:
    """Return the slide of a scene; of one that plays its days, with all of them."""
    view = widen_to_played_days(scene.view, store)
    slide = build_page_slide(view, store, evidence, scene=scene, address=address)
    return replace(slide, playing=describe_playback(slide, store))


def build_view_deck(
    view: View, store: LayerStore, evidence: Evidence, *, address: str = ""
) -> Deck:
    """Return a deck with one slide for a view; its headline is the title."""
    slide = build_page_slide(view, store, evidence, address=address)
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
