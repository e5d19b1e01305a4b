"""The stage's plan: everything that fits is shown and the rest is counted."""

import json
from dataclasses import replace

import pytest

from geo.export.slide import Question
from geo.export.stage import CANVASES, FOOT, HEAD, build_scene, plan_stage
from geo.mapping.symbols import LEGEND_GROUPS
from tests.support.stage import deck


def scene(position: int = 0, **changes):
    slide = replace(deck().slides[position], **changes)
    return build_scene(slide, deck().version)


def test_every_canvas_plans_every_scene():
    scenes = [build_scene(slide, deck().version) for slide in deck().slides]
    plans = plan_stage(scenes)
    assert [(plan["width"], plan["height"]) for plan in plans] == list(CANVASES)
    for plan in plans:
        assert len(plan["scenes"]) == len(scenes)
        assert plan["head"] <= HEAD * plan["height"]
        assert plan["foot"] <= FOOT * plan["height"]
        for words, shown in zip(scenes, plan["scenes"], strict=True):
            assert "cut" not in shown
            assert shown["sources"] == len(words["sources"])
            assert shown["questions"] >= min(1, len(words["questions"]))
    assert len(json.dumps(plans)) < 10_000


def test_taller_canvases_show_at_least_as_much():
    plans = plan_stage([scene()])
    shown = [plan["scenes"][0]["questions"] for plan in plans if plan["width"] == 90]
    assert shown == sorted(shown)


def test_questions_are_omitted_before_layers():
    asked = tuple(Question(str(n), f"Question {n}?", "one / other " * 9) for n in range(30))
    (some, *_) = plan_stage([scene(questions=asked)])
    assert 0 < some["scenes"][0]["questions"] < 30
    assert some["scenes"][0]["tight"]
    layers = tuple(
        {"group": "layer", "key": str(n), "label": f"Layer {n}", "count": n, "colour": "#4a7c59"}
        for n in range(40)
    )
    (few, *_) = plan_stage([scene(questions=asked, legend=deck().slides[0].legend + layers)])
    assert few["scenes"][0]["questions"] == 0
    assert 0 < few["scenes"][0]["layers"] < 40


def test_long_headline_and_lines_are_cut():
    long = scene(headline="word " * 200, lines=("A sentence of some length. " * 20,) * 4)
    for plan in plan_stage([long, scene()]):
        cut = plan["scenes"][0]["cut"]
        assert cut["headline"].endswith("…")
        assert cut["lines"][-1].endswith("…")
        assert "cut" not in plan["scenes"][1]


@pytest.mark.parametrize("count", [0, 1, 60])
def test_sources_are_shown_while_they_fit(count):
    words = scene(sources=tuple(f"Publisher number {n}" for n in range(count)))
    for plan in plan_stage([words]):
        shown = plan["scenes"][0]["sources"]
        assert shown == count if count < 2 else 0 < shown < count
        assert plan["foot"] <= FOOT * plan["height"]


def test_scene_legend_uses_the_known_groups():
    assert {entry["group"] for entry in scene()["legend"]} <= {*LEGEND_GROUPS, "shades"}
