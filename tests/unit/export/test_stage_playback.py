"""A scene on the stage has its windows with the words and the reports of each."""

import datetime as dt
from dataclasses import replace

import pytest

from geo.app_context import context
from geo.briefing import Briefing, Scene, Statement, read_briefing, write_briefing
from geo.cli.common import select_rows
from geo.errors import BriefingError
from geo.export.deck import build_deck, build_view_deck
from geo.export.stage import build_presentation
from geo.playback import Playback
from geo.view import View

DAY = dt.date(2024, 12, 9)
VIEW = View(page="tartus", sources="all", date_from=DAY, date_to=DAY, play=Playback(7, 0.5, True))
SAID = Statement("Ships leave.", ("nyt-01",))


@pytest.fixture(scope="module")
def where():
    return context()


def stage_of(where, *views):
    scenes = tuple(Scene(f"s{number}", view, SAID) for number, view in enumerate(views))
    deck = build_deck(Briefing("mine", "Mine", scenes=scenes), where.store, where.evidence)
    return deck, build_presentation(deck, store=where.store)["scenes"]


def test_each_window_has_the_words_and_the_reports_of_its_selection(where):
    deck, [scene] = stage_of(where, VIEW)
    played = scene["playback"]
    assert (played["days"], played["seconds"], played["loop"]) == (7, 0.5, True)
    assert played["from"] == "2024-12-09"
    assert played["to"] == deck.slides[0].view.date_to.isoformat() > "2025-01-01"
    seen = set()
    for frame in played["frames"]:
        start, end = map(dt.date.fromisoformat, frame["days"])
        chosen = select_rows(replace(VIEW, date_from=start, date_to=end), where)
        assert frame["ids"] == list(chosen.ids)
        assert chosen.report_count.split(",")[0] in frame["counted"]
        places = [
            count
            for entry, count in zip(scene["legend"], frame["counts"], strict=True)
            if entry["group"] == "stance"
        ]
        assert sum(places) == len(chosen.ids)
        seen |= set(frame["ids"])
    assert seen == set(deck.slides[0].selection.ids)


def test_what_does_not_move_says_that_the_stage_plays(where):
    deck, [scene] = stage_of(where, VIEW)
    assert "in steps of 7 days" in deck.slides[0].still_lines[-1]
    assert scene["lines"] == list(deck.slides[0].lines)  # the stage does move
    without = build_presentation(deck)["scenes"][0]
    assert "playback" not in without
    assert without["lines"][-1] == deck.slides[0].playing


@pytest.mark.parametrize(
    "view",
    [
        replace(VIEW, play=None),
        replace(VIEW, page="compare", compare=DAY),
    ],
)
def test_scenes_without_one_moving_map_are_not_played(where, view):
    _, [scene] = stage_of(where, view)
    assert "playback" not in scene


def test_page_of_a_view_plays_only_days_that_its_map_has(where):
    for last, played in ((DAY, False), (DAY + dt.timedelta(9), True)):
        deck = build_view_deck(replace(VIEW, date_to=last), where.store, where.evidence)
        [scene] = build_presentation(deck, store=where.store)["scenes"]
        assert ("playback" in scene) == played


def test_too_many_windows_are_not_played_and_it_says_so(where, monkeypatch):
    monkeypatch.setattr("geo.export.played_days.MOST_FRAMES", 2)
    _, [scene] = stage_of(where, VIEW)
    assert "playback" not in scene
    assert scene["lines"][-1].startswith("Not played on the stage.")


@pytest.mark.parametrize("odd", [{"axis": "reported"}, {"as_of": "2024-12-20"}, {"q": "zzz"}])
def test_odd_scenes_are_played(where, odd):
    _, [scene] = stage_of(where, replace(VIEW, **odd))
    assert scene["playback"]["frames"]


def test_playback_of_a_scene_is_kept_in_its_file(where):
    scenes = (Scene("days", VIEW, SAID), Scene("still", replace(VIEW, play=None), SAID))
    briefing = Briefing("mine", "Mine", scenes=scenes)
    assert read_briefing(write_briefing(briefing), "mine", where.link_vocabulary()) == briefing


def test_unusable_playback_of_a_file_is_a_fault_with_its_line(where):
    text = write_briefing(Briefing("mine", "Mine", scenes=(Scene("days", VIEW, SAID),)))
    broken = text.replace("7d%2C0.5s%2Cloop", "0d")
    line = next(n for n, one in enumerate(broken.splitlines(), 1) if "play=0d" in one)
    with pytest.raises(BriefingError, match=rf"line {line}, scene 1, link.*play.*“0d”"):
        read_briefing(broken, "mine", where.link_vocabulary())
