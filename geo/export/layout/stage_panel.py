"""The plan of the panel beside the map of a stage, in units of its canvas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from geo.export.layout.metrics import GlyphTable
from geo.export.layout.panel import plan_panel
from geo.export.layout.panel_model import Attempt, PanelContent, PanelStyle, TextStyle
from geo.mapping.symbols import LEGEND_GROUPS
from geo.mapping.theme import STAGE, STAGE_LEADING, STAGE_TIGHT

SPARE = 1.01  # for kerning and rounding in the browser
SANS = GlyphTable("sans.woff2", (("wght", 400),), SPARE)
SEMIBOLD = GlyphTable("sans.woff2", (("wght", 600),), SPARE)
AIDS = ("signs", "when")  # groups of the legend that are left out before further layers are


def plan_stage_panel(content: PanelContent, width: float, height: float) -> Attempt:
    """Return how much of a panel is shown in a column of that size."""
    return plan_panel(content, _attempts(content), _style, (width,), height).attempt


def _attempts(content: PanelContent) -> Iterator[Attempt]:
    """Yield attempts; of size 1 is the usual spacing, of size 0 the tight one."""
    asked = len(content.questions)
    layers = sum(entry["group"] == "layer" for entry in content.legend)
    yield Attempt(1, asked, layers)
    yield from (Attempt(0, shown, layers) for shown in range(asked, min(asked, 1), -1))
    for without in ((), ("signs",), AIDS):
        yield from (Attempt(0, n, layers, without=without) for n in range(min(asked, 1), -1, -1))
    yield from (Attempt(0, 0, shown, without=AIDS) for shown in range(layers - 1, -1, -1))


def _style(attempt: Attempt) -> PanelStyle[GlyphTable]:
    sizes = STAGE if attempt.size == 1 else {**STAGE, **STAGE_TIGHT}
    text, leading = sizes["text"], STAGE_LEADING["text"]
    heading = TextStyle(SEMIBOLD, sizes["small"], leading=STAGE_LEADING["heading"], spaced=True)
    heading = replace(heading, after=sizes["heading-after"])
    # the row above a group ends with a gap of its own
    group = replace(heading, before=sizes["group-gap"] - sizes["row-gap"])
    body = TextStyle(SANS, text, leading=leading)
    return PanelStyle(
        heading=heading,
        legend_heading=heading,
        group=group,
        label=replace(body, leading=STAGE_LEADING["row"]),
        question=TextStyle(SEMIBOLD, text, leading=STAGE_LEADING["question"]),
        answer=body,
        unseen=body,
        more=replace(body, before=sizes["more-before"]),
        sign=sizes["sign"] + sizes["sign-gap"],
        narrow_sign=sizes["narrow-sign"] + sizes["sign-gap"],
        row=0.0,
        row_pad=sizes["row-gap"],
        shade_height=sizes["shades"],
        section_gap=sizes["section-gap"],
        title="",
        headed=tuple(group for group in LEGEND_GROUPS if group != "signs"),
        paired=("stance",),
        flowing=("when", "signs", "certainty"),
        label_lines=9,
        pair_gap=sizes["pair-gap"],
        question_gap=sizes["question-gap"],
    )
