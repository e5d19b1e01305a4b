"""Slides as plain data for the browser's stage: geo/frontend/src/presenter.js reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from geo.export.layout.stage import CanvasPlan, StageWords, plan_stage
from geo.mapping.folium_map import build_map_state, build_scene_state

if TYPE_CHECKING:
    from typing import TypedDict

    from geo.export.deck import Deck
    from geo.export.slide import Slide

    class StageScene(StageWords):
        """A slide: its words, its link, and what its map shows."""

        key: str
        notes: str
        link: str
        token: str
        alt: str
        show: dict[str, Any]

    class StageDeck(TypedDict):
        """What the stage reads: scenes, and how much of each fits on each canvas."""

        mode: str
        name: str
        title: str
        subtitle: str
        shape: str | None
        scenes: Sequence[StageScene]
        plans: list[CanvasPlan]


PRESENT, CLEAN, HANDOUT = "present", "clean", "handout"


def build_scene(slide: Slide, version: str) -> StageScene:
    """Return a slide's words, and under "show" the message for its map."""
    return {
        "key": slide.key,
        "headline": slide.headline,
        "lines": list(slide.lines),
        "window": slide.window,
        "counted": slide.counted,
        "legend": list(slide.legend),
        "questions": [
            {"id": one.id, "question": one.question, "answers": one.answers}
            for one in slide.questions
        ],
        "unseen": slide.unseen,
        "sources": list(slide.sources),
        "credit": slide.credit,
        "notes": slide.notes,
        "link": slide.link,
        "token": slide.selection.token,
        "alt": slide.alt,
        "show": build_map_state(
            slide.selection, slide.view, version, scene=build_scene_state(slide.key, slide.frame)
        ),
    }


def build_stage(
    scenes: Sequence[StageScene],
    mode: str,
    *,
    shape: str | None = None,
    name: str = "",
    title: str = "",
    subtitle: str = "",
) -> StageDeck:
    """Return scenes with their plans.

    Parameters
    ----------
    mode : str
        PRESENT, CLEAN for a canvas without controls, HANDOUT for a file that works offline.
    shape : str, optional
        "16:9" or "4:3"; without one, the stage fills its window.
    """
    return {
        "mode": mode,
        "name": name,
        "title": title,
        "subtitle": subtitle,
        "shape": shape,
        "scenes": scenes,
        "plans": plan_stage(scenes),
    }


def build_presentation(deck: Deck, mode: str = PRESENT) -> StageDeck:
    """Return a deck as the scripts read it; see `build_stage`."""
    scenes = [build_scene(slide, deck.version) for slide in deck.slides]
    return build_stage(scenes, mode, name=deck.name, title=deck.title, subtitle=deck.subtitle)
