"""Shared by stage tests: the built-in briefing's slides, and waiting for a scene."""

from __future__ import annotations

from functools import cache

from playwright.sync_api import Frame, Page

from geo.app_context import context
from geo.briefing import open_briefing
from geo.export.deck import Deck, build_deck
from geo.export.slide import Slide

NAME = "thirteen-december"
# True in the frame whose stage shows the scene completely, without animation.
SETTLED = """([key, token]) => [...document.querySelectorAll("iframe")].some(frame => {
  const inside = frame.contentDocument;
  return inside && inside.querySelector(".stage")?.dataset.scene === key
    && frame.contentWindow.paintedSelection?.token === token
    && inside.fonts.status === "loaded" && !inside.body.classList.contains("flying");
})"""
# All text of the stage by part, without its controls.
WORDS = """() => {
  const all = (css) => [...document.querySelectorAll(css)].map((node) => node.textContent);
  return {
    headline: all("h1")[0], when: all(".stage-when > *"), lines: all(".stage-lines p"),
    legend: all(".stage-row"), questions: all(".stage-question h3"),
    more: all(".stage-side .stage-more"), answers: all(".stage-question p"),
    rest: all(".stage-side section > p"), sources: all(".stage-sources p"),
    count: all(".stage-count")[0],
  };
}"""


@cache
def deck() -> Deck:
    """Return the built-in briefing's slides."""
    where = context()
    return build_deck(open_briefing(NAME, where.link_vocabulary()), where.store, where.evidence)


def slide_query(slide: Slide | None = None) -> str:
    """Return the query of a link to a scene, or to the briefing."""
    return f"scene={NAME}/{slide.key}" if slide else f"scene={NAME}"


def wait_for_slide(page: Page, slide: Slide) -> Frame:
    """Wait until the stage shows a slide; return the map's frame."""
    page.wait_for_function(SETTLED, arg=[slide.key, slide.selection.token], timeout=20_000)
    return next(frame for frame in page.frames if "component/streamlit_folium" in frame.url)


def find_text_differences(found: dict, slide: Slide, position: int, of: int) -> list[str]:
    """Return the texts on a stage that differ from its slide."""
    legend = [
        f"{one['label']} {one['count']:,}" if one["count"] else one["label"] for one in slide.legend
    ]
    asked = [question.question for question in slide.questions]
    answers = [
        one.answers.replace(" / ", " ≠ ").replace(" against ", " ≠ ") for one in slide.questions
    ]
    shown, left = found["questions"], len(asked) - len(found["questions"])
    sources = [f"Sources {'; '.join(slide.sources)}"] if slide.sources else []
    pairs = {
        "headline": (found["headline"], slide.headline),
        "days and count": (found["when"], [slide.window, slide.counted]),
        "lines": (found["lines"], list(slide.lines)),
        "legend": (found["legend"], legend),
        "questions": (shown, asked[: len(shown)]),
        "answers": (found["answers"], answers[: len(shown)]),
        "questions left out": (found["more"], [f"and {left} more"] if left else []),
        "not observed": (
            [t for t in found["rest"] if t not in found["more"]],
            [slide.unseen] if slide.unseen else [],
        ),
        "sources": (found["sources"], [*sources, slide.credit]),
        "position": (found["count"], f"{position + 1} / {of}"),
    }
    return [
        f"{slide.key}: {what}: {said!r} instead of {due!r}"
        for what, (said, due) in pairs.items()
        if said != due
    ]
