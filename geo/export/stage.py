"""Slides as plain data for the browser's stage, with a plan of its header, panel and footer.

geo/frontend/src/presenter.js reads the data. Lengths of the plan are units of a canvas of at least
90 by 56.25. The browser takes the largest planned canvas inside its window, and wraps text itself
in the sizes of `geo.mapping.theme.STAGE`, measured here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from geo.export.layout.metrics import GlyphTable
from geo.export.layout.panel_model import Attempt, PanelContent
from geo.export.layout.stage_panel import SANS, SEMIBOLD, SPARE, plan_stage_panel
from geo.export.layout.text import fit_text, list_sources, plan_lines, wrap_text
from geo.export.stage_playback import StagePlayback, build_stage_playback
from geo.mapping.folium_map import build_map_state, build_scene_state
from geo.mapping.legend import LegendEntry
from geo.mapping.theme import STAGE, STAGE_LEADING

if TYPE_CHECKING:
    from geo.export.deck import Deck
    from geo.export.slide import Slide
    from geo.store import LayerStore

PRESENT, CLEAN, HANDOUT = "present", "clean", "handout"
CANVASES = ((100.0, 56.25), (90.0, 56.25), (90.0, 60.0), (90.0, 67.5), (90.0, 90.0))
HEAD, FOOT = 0.34, 0.16  # of the canvas' height, at most
IMAGE = 0.36  # of the panel's height, at most
RULES = 0.6  # units: borders and the line of progress, at most
SERIF = GlyphTable("serif.woff2", (("wght", 700), ("opsz", 20)), SPARE)  # widest in use
HEADLINES = ((1.0, 3), (0.87, 3), (0.74, 4), (0.65, 5))  # share of the size, lines


class StageScene(TypedDict):
    """A slide: its words, its link, and under "show" the message for its map."""

    key: str
    headline: str
    lines: list[str]
    window: str
    counted: str
    legend: list[LegendEntry]
    questions: list[dict[str, str]]
    unseen: str
    sources: list[str]
    credit: str
    notes: str
    link: str
    token: str
    alt: str
    show: dict[str, Any]
    blocks: NotRequired[list[dict[str, str]]]
    image: NotRequired[StageImage]
    playback: NotRequired[StagePlayback]


class StageImage(TypedDict):
    """The image beside the chosen report; `ratio` is its height for a width of 1."""

    src: str
    alt: str
    credit: str
    ratio: float


class ScenePlan(TypedDict):
    """What of a scene is shown on a canvas: type size of the headline, numbers of items.

    `image` is the height of the image, `without` names groups of the legend that are left out.
    Under "cut" are a shorter headline and shorter lines, where the whole ones do not fit.
    """

    headline: float
    sources: int
    questions: int
    layers: int
    tight: bool
    without: NotRequired[list[str]]
    image: NotRequired[float]
    cut: NotRequired[dict[str, str | list[str]]]


class CanvasPlan(TypedDict):
    """A canvas and its scenes in order; lengths in units, the same head and foot for all."""

    width: float
    height: float
    head: float
    foot: float
    scenes: list[ScenePlan]


def build_scene(
    slide: Slide, version: str, store: LayerStore | None = None, *, offline: bool = False
) -> StageScene:
    """Return a slide as the scripts read it; of several maps, the last one is shown.

    With a store it has the playback of its days.

    The address of its image is relative to the application's root; `offline`: it holds the image.
    """
    several = slide.parts and not slide.blocks
    shown = slide.parts[-1] if several else slide
    which = [f"On the map: the {shown.key} side, {shown.window}."] if several else []
    scene: StageScene = {
        "key": slide.key,
        "headline": slide.headline,
        "lines": [*slide.lines, *which],
        "window": slide.window,
        "counted": slide.counted,
        "legend": list(shown.legend),
        "questions": [asdict(one) for one in slide.questions],
        "unseen": slide.unseen,
        "sources": list(slide.sources),
        "credit": slide.credit,
        "notes": slide.notes,
        "link": slide.link,
        "token": slide.selection.token,
        "alt": shown.alt,
        "show": build_map_state(
            slide.selection, slide.view, version, scene=build_scene_state(slide.key, slide.frame)
        ),
    }
    if slide.blocks:
        scene["blocks"] = [asdict(one) for one in slide.blocks]
    elif slide.image:
        image = slide.image
        ratio = round(image.ratio, 4)
        scene["image"] = StageImage(
            src=image.address if offline else image.find_path(slide.view.as_of),
            alt=image.alt,
            credit=image.credit,
            ratio=ratio,
        )
    if store and (playback := build_stage_playback(slide, store)):
        scene["playback"] = playback
    elif slide.playing:
        scene["lines"].append(slide.playing)
    return scene


def build_stage(
    scenes: Sequence[StageScene], mode: str, *, shape: str | None = None
) -> dict[str, object]:
    """Return scenes with their plans; `mode` is PRESENT, CLEAN (no controls) or HANDOUT (offline).

    `shape` is "16:9" or "4:3"; without one, the stage fills its window.
    """
    deck = {"mode": mode, "name": "", "title": "", "subtitle": "", "shape": shape}
    return {**deck, "scenes": scenes, "plans": plan_stage(scenes)}


def build_presentation(
    deck: Deck, mode: str = PRESENT, *, store: LayerStore | None = None
) -> dict[str, object]:
    """Return a deck as the scripts read it; see `build_stage`. With a store its scenes play."""
    offline = mode == HANDOUT
    scenes = [build_scene(slide, deck.version, store, offline=offline) for slide in deck.slides]
    stage = build_stage(scenes, mode)
    return stage | {"name": deck.name, "title": deck.title, "subtitle": deck.subtitle}


def plan_stage(scenes: Sequence[StageScene]) -> list[CanvasPlan]:
    """Return a plan for each canvas that a window may have."""
    return [_plan_canvas(scenes, width, height) for width, height in CANVASES]


def _plan_canvas(scenes: Sequence[StageScene], width: float, height: float) -> CanvasPlan:
    heads = [_plan_head(scene, width, HEAD * height) for scene in scenes]
    feet = [_plan_foot(scene, width, FOOT * height) for scene in scenes]
    head = max((one[0] for one in heads), default=0.0)
    foot = max((one[0] for one in feet), default=0.0)
    room = height - head - foot - RULES - STAGE["panel-top"] - STAGE["panel-bottom"]
    planned: list[ScenePlan] = []
    for scene, (_, size, cut), (_, sources) in zip(scenes, heads, feet, strict=True):
        image, taken = _plan_image(scene, room)
        attempt = _plan_side(scene, room - taken)
        plan = ScenePlan(
            headline=round(size, 2),
            sources=sources,
            questions=attempt.questions,
            layers=attempt.rows,
            tight=attempt.size < 1,
        )
        if attempt.without:
            plan["without"] = list(attempt.without)
        if image:
            plan["image"] = round(image, 2)
        planned.append({**plan, "cut": cut} if cut else plan)
    head, foot = round(head, 2), round(foot, 2)
    return CanvasPlan(width=width, height=height, head=head, foot=foot, scenes=planned)


def _plan_head(
    scene: StageScene, width: float, most: float
) -> tuple[float, float, dict[str, str | list[str]]]:
    """Return the height of the header, the size of its headline, and what had to be cut."""
    room = width - 2 * STAGE["margin"]
    days = f"{scene['window']}  {scene['counted']}"
    when = wrap_text(days, SEMIBOLD, STAGE["when"], room, leading=STAGE_LEADING["when"])
    sizes = [share * STAGE["headline"] for share, _ in HEADLINES]
    leading = STAGE_LEADING["headline"]
    counts = [count for _, count in HEADLINES]
    headline = fit_text(scene["headline"], SERIF, sizes, room, most=counts, leading=leading)
    used = STAGE["head-top"] + STAGE["head-bottom"] + STAGE["headline-before"]
    used += when.height + headline.height + STAGE["lines-before"]
    leading = STAGE_LEADING["lines"]
    count = max(1, int((most - used) / (STAGE["lines"] * leading)))
    texts = [text for text in scene["lines"] if text.strip()]
    sizes = [STAGE["lines"]]
    lines = plan_lines(texts, SANS, sizes, room, most=[count], leading=leading) if texts else []
    cut: dict[str, str | list[str]] = {}
    if not headline.whole:
        cut["headline"] = headline.text
    if len(lines) < len(texts) or not all(line.whole for line in lines):
        cut["lines"] = [line.text for line in lines]
    return used + sum(line.height for line in lines), headline.size, cut


def _plan_foot(scene: StageScene, width: float, most: float) -> tuple[float, int]:
    """Return the height of the footer, and how many sources it names."""
    room = width - 2 * STAGE["margin"] - STAGE["steps"] - STAGE["foot-gap"]
    size, leading = STAGE["foot"], STAGE_LEADING["foot"]
    credit = wrap_text(scene["credit"], SANS, size, room, leading=leading)
    around = STAGE["foot-top"] + STAGE["foot-bottom"]
    if not scene["sources"]:
        return around + max(credit.height, STAGE["step"]), 0
    count = max(1, int((most - around - credit.height) / (size * leading)))
    named, shown = list_sources(
        scene["sources"], "Sources", "", SANS, size, room, most=count, leading=leading
    )
    return around + max(named.height + credit.height, STAGE["step"]), shown


def _plan_image(scene: StageScene, room: float) -> tuple[float, float]:
    """Return the height of the image, and that of all it takes from the panel."""
    if "image" not in scene:
        return 0.0, 0.0
    image = scene["image"]
    width = STAGE["panel"] - STAGE["panel-left"] - STAGE["margin"]
    high = min(width * image["ratio"], IMAGE * room)
    credit = wrap_text(image["credit"], SANS, STAGE["foot"], width, leading=STAGE_LEADING["foot"])
    return high, high + STAGE["credit-before"] + credit.height + STAGE["section-gap"]


def _plan_side(scene: StageScene, height: float) -> Attempt:
    """Return how much of the panel is shown in so many units."""
    questions = tuple(
        (one["question"], one["answers"].replace(" / ", " ≠ ")) for one in scene["questions"]
    )
    content = PanelContent(tuple(scene["legend"]), questions, scene["unseen"])
    width = STAGE["panel"] - STAGE["panel-left"] - STAGE["margin"]
    return plan_stage_panel(content, width, height)
