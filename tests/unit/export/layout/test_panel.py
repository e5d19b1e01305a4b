"""The side panel's plan: what fits is shown and the rest is counted."""

import pytest

from geo.export.layout.metrics import GlyphTable
from geo.export.layout.panel import plan_panel
from geo.export.layout.panel_model import (
    DIFFER,
    KNOWN,
    UNSEEN,
    Attempt,
    PanelContent,
    PanelEntry,
    PanelStyle,
    PanelText,
    TextStyle,
)
from geo.mapping.legend import LegendEntry
from geo.mapping.symbols import LEGEND_GROUPS

FONT = GlyphTable("DejaVuSans.ttf")


def text(size: float = 10, **more) -> TextStyle[GlyphTable]:
    return TextStyle(FONT, size, **more)


def style(**more) -> PanelStyle[GlyphTable]:
    size = more.pop("size", 10)
    body = text(size)
    given = {
        "heading": text(12, after=4), "legend_heading": text(12, after=4), "group": text(8),
        "label": body, "question": body, "answer": body, "unseen": body, "more": body,
        "sign": 20, "row": 0, "row_pad": 2, "section_gap": 10,
    }  # fmt: skip
    return PanelStyle(**(given | more))


def entry(group: str, key: str, count: int = 3) -> LegendEntry:
    return {"group": group, "key": key, "label": f"Label {key}", "count": count}


def content(questions: int = 3, layers: int = 0, unseen: str = "Named before.") -> PanelContent:
    legend = [entry("place", "exact"), entry("stance", "leaving"), entry("stance", "staying")]
    legend += [entry("layer", str(n)) for n in range(layers)]
    asked = tuple((f"Question {n}?", "One says this; another says that.") for n in range(questions))
    return PanelContent(tuple(legend), asked, unseen)


def said(plan) -> list[str]:
    items = [one for column in plan.columns for part in column for one in part.items]
    return [one.block.text if isinstance(one, PanelText) else one.label.text for one in items]


LADDER = (Attempt(12, 3), Attempt(10, 3), Attempt(10, 2), Attempt(10, 1), Attempt(10, 0, rows=1))


def planned(height: float, widths=(300,), **more):
    parts = content(**more)
    return plan_panel(parts, LADDER, lambda one: style(size=one.size), widths, height)


def test_plan_uses_the_first_attempt_that_fits():
    assert planned(9_999).attempt == LADDER[0]
    smaller = planned(planned(9_999).height - 1)
    assert smaller.attempt == LADDER[1]
    assert smaller.height <= planned(9_999).height - 1


@pytest.mark.parametrize("height", [400, 250, 220, 180, 120])
def test_omitted_questions_are_counted(height):
    words = said(planned(height))
    shown = sum(one.startswith("Question") for one in words)
    more = {3: [], 2: ["and 1 more"], 1: ["and 2 more"], 0: ["3 questions"]}[shown]
    assert [one for one in words if one.startswith("and") or one.endswith("questions")] == more


def test_omitted_rows_are_counted():
    words = said(planned(10, layers=5))
    assert words.count("and 4 more") == 1
    assert sum(one in {f"Label {n}" for n in range(5)} for one in words) == 1


def test_sections_without_content_have_no_heading():
    words = said(planned(9_999, questions=0, unseen=""))
    assert KNOWN in words
    assert DIFFER not in words
    assert UNSEEN not in words


def test_panel_items_and_sections_do_not_overlap():
    plan = planned(9_999, layers=4)
    end = 0.0
    for section in plan.columns[0]:
        assert section.top >= end
        end = section.top + section.height
        y = 0.0
        for item in section.items:
            assert item.y >= y - 1e-9
            y = item.y + (item.height if isinstance(item, PanelEntry) else item.block.height)
        assert y <= section.height + 1e-9


def test_unseen_section_goes_below_the_shorter_column():
    few = planned(9_999, widths=(300, 300), questions=1, layers=9)
    many = planned(9_999, widths=(300, 300), questions=3)
    assert [part.title for part in few.columns[1]] == [DIFFER, UNSEEN]
    assert [part.title for part in many.columns[0]] == [KNOWN, UNSEEN]


def test_paired_entries_fit_the_column_width():
    made = style(title="", headed=("stance",), paired=("stance",), flowing=("place",), pair_gap=8)
    legend = tuple(entry("place", str(n)) for n in range(9)) + content().legend[1:]
    plan = plan_panel(PanelContent(legend), (Attempt(1, 0),), lambda _: made, (200,), 999)
    (section,) = plan.columns[0]
    assert LEGEND_GROUPS["stance"] in said(plan)
    boxes = [one for one in section.items if isinstance(one, PanelEntry)]
    assert all(one.x + one.width <= 200 + 1e-9 for one in boxes)
    assert len({one.y for one in boxes}) < len(boxes)
    assert len({(one.x, one.y) for one in boxes}) == len(boxes)


def test_spare_height_is_spread_between_sections():
    parts = content()
    made = style(widest_gap=30)
    near, far = (
        plan_panel(parts, (Attempt(1, 3),), lambda _: made, (300,), height).columns[0]
        for height in (10, 9_999)
    )
    assert near[1].top == pytest.approx(near[0].height + 10)
    assert far[1].top == pytest.approx(far[0].height + 30)
