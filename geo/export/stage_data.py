"""Slides as plain data for the script that draws them round the map: stage.js, present.js."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.mapping.folium_map import build_map_state, build_scene_state

if TYPE_CHECKING:
    from geo.export.deck import Deck
    from geo.export.slide import Slide

PRESENT, CLEAN, HANDOUT = "present", "clean", "handout"
_KEPT = ("key", "headline", "lines", "window", "counted", "legend", "questions", "unseen",
         "sources", "credit", "notes", "link", "token")  # fmt: skip


def scene(slide: Slide, version: str) -> dict[str, Any]:
    """Return a slide's words, and under "show" what its map is told to show.

    Parameters
    ----------
    slide : geo.export.slide.Slide
    version : str
        The data version.
    """
    words = slide.as_dict()
    about = build_scene_state(slide.key, slide.frame)
    return {
        **{name: words[name] for name in _KEPT},
        "alt": slide.alt,
        "show": build_map_state(slide.selection, slide.view, version, scene=about),
    }


def presentation(deck: Deck, mode: str = PRESENT) -> dict[str, Any]:
    """Return a deck as the scripts read it.

    Parameters
    ----------
    deck : geo.export.deck.Deck
    mode : str
        PRESENT, or HANDOUT for a file that stands alone.
    """
    return {
        "mode": mode,
        "name": deck.name,
        "title": deck.title,
        "subtitle": deck.subtitle,
        "scenes": [scene(slide, deck.version) for slide in deck.slides],
    }
