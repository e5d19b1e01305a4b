"""Briefings: the built-in one, TOML round trips, and faults with line numbers."""

import re
import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.app_context import context
from geo.briefing import (
    Briefing,
    Scene,
    Statement,
    list_builtin_briefings,
    open_briefing,
    read_briefing,
    write_briefing,
)
from geo.briefing.models import HEADLINE, NOTES, SAYS
from geo.briefing.toml_format import BYTES_LIMIT
from geo.errors import BriefingError
from geo.export.slide import build_slide
from geo.ledger import Desk, FolderLedger
from geo.text.slugs import slugify
from tests.support.ledger_days import EDITOR
from tests.support.random_views import builtin_views
from tests.support.small_cases import copy_new_case

KNOWN = context().link_vocabulary()
CLAIMS = sorted(KNOWN.claims - KNOWN.places)
GOOD = """\
title = "T"

[[scene]]
id = "one"
link = "khmeimim?from=2024-12-12"
headline = "H"
claims = ["nyt-01"]
notes = \"\"\"
[[scene]]
claims = 3
\"\"\"

[[scene.statement]]
says = "S"
claims = ["nyt-02"]

[[scene]]
id = "two"
link = "overview"
headline = "H"
claims = ["nyt-01"]
"""


def texts(most: int) -> st.SearchStrategy[str]:
    plain = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n")
    return st.text(plain, min_size=1, max_size=most).map(str.strip).filter(bool)


def statements() -> st.SearchStrategy[Statement]:
    claims = st.lists(st.sampled_from(CLAIMS), min_size=1, max_size=4).map(tuple)
    return st.builds(Statement, texts(80) | st.just("“{{7*7}} ${1}” \\u003c '''"), claims)


@st.composite
def briefings(draw: st.DrawFn) -> Briefing:
    made = Briefing("b", draw(texts(60)), draw(st.just("") | texts(60)))
    for _ in range(draw(st.integers(1, 4))):
        made = made.add_scene(
            Scene(
                id=draw(st.sampled_from(["a", "Über uns!", "…", "a"])),
                view=draw(builtin_views()),
                headline=draw(statements()),
                statements=tuple(draw(st.lists(statements(), max_size=3))),
                notes=draw(st.just("") | texts(200)),
            )
        )
    return made


@given(briefings())
def test_briefing_round_trips_through_its_file(briefing):
    assert read_briefing(write_briefing(briefing), briefing.name, KNOWN) == briefing


@pytest.mark.parametrize("name", list_builtin_briefings())
def test_builtin_briefing_has_8_to_12_valid_scenes(name):
    briefing = open_briefing(name, KNOWN)
    assert 8 <= len(briefing.scenes) <= 12
    where = context()
    for scene in briefing.scenes:
        slide = build_slide(scene.view, where.store, where.evidence, scene=scene)
        assert slide.selection.shown, scene.id
        assert scene.notes, scene.id
        assert all(statement.claims for statement in (scene.headline, *scene.statements))
        told = " ".join(slide.references)
        assert all(claim in told for claim in (*scene.claims, *slide.selection.ids)), scene.id


def test_briefing_of_a_case_without_scenes_rests_on_what_the_ledger_holds(tmp_path, fresh_context):
    folder = copy_new_case(tmp_path / "case")
    shutil.rmtree(folder / "scenes", ignore_errors=True)
    asked = {"CASE": str(folder), "LEDGER_URL": str(tmp_path / "ledger")}
    before = fresh_context(**asked)
    [name] = list_builtin_briefings()
    opened = open_briefing(name, before.link_vocabulary(), before.evidence)
    withdrawn = opened.scenes[0].claims[0]
    Desk(FolderLedger(tmp_path / "ledger"), before.evidence, EDITOR).withdraw([withdrawn], "wrong")
    after = fresh_context(**asked)
    opened = open_briefing(name, after.link_vocabulary(), after.evidence)
    assert withdrawn not in {claim for scene in opened.scenes for claim in scene.claims}


def test_builtin_briefing_shows_every_conflict_of_the_articles():
    where = context()
    briefing = open_briefing("thirteen-december", KNOWN)
    shown = {
        question.id
        for scene in briefing.scenes
        for question in build_slide(scene.view, where.store, where.evidence, scene=scene).questions
    }
    assert shown >= {
        conflict.id for conflict in where.evidence.conflicts if conflict.set == "articles"
    }


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('headline = "H"', 'headlin = "H"', 6, "headlin: no such field"),
        ('id = "two"', 'id = "one"', 18, "earlier scene"),
        ('id = "two"', 'id = "T W O"', 18, "cannot be used"),
        ('claims = ["nyt-02"]', 'claims = ["nyt-99"]', 15, "'nyt-99'"),
        ('claims = ["nyt-02"]', 'claims = ["khmeimim"]', 15, "'khmeimim'"),
        ('claims = ["nyt-02"]', "claims = []", 15, "scene 1, statement 1, claims"),
        ('says = "S"', "says = 3", 14, "3 cannot be used"),
        ('says = "S"\n', "", 13, "says: it is missing"),
        ("from=2024-12-12", "from=yesterday", 5, "yesterday"),
        ('link = "overview"', 'link = "nowhere"', 19, "nowhere"),
        ('title = "T"', 'title = "T', 1, "not TOML"),
        ('headline = "H"', f'headline = "{"x" * (HEADLINE + 1)}"', 6, "at most"),
        ('says = "S"', f'says = "{"x" * (SAYS + 1)}"', 14, "at most"),
        ("claims = 3", "x" * (NOTES + 1), 8, "at most"),
    ],
)
def test_fault_is_reported_with_its_line(old, new, line, words):
    assert read_briefing(GOOD, "good", KNOWN).scenes[0].notes
    with pytest.raises(BriefingError) as refused:
        read_briefing(GOOD.replace(old, new, 1), "bad", KNOWN)
    told = re.findall(rf"^- line {line}, .*", str(refused.value), re.MULTILINE)
    assert any(words in sentence for sentence in told), refused.value


def test_all_faults_are_reported_at_once():
    bad = GOOD.replace('id = "one"', 'id = "!"').replace('says = "S"', "says = 1")
    with pytest.raises(BriefingError, match="2 faults"):
        read_briefing(bad, "bad", KNOWN)


@pytest.mark.parametrize(
    "file", [b"\xff\xfe\x00", b"a = " + b"[" * 5000, b"", b"x" * (BYTES_LIMIT + 1)]
)
def test_file_that_is_no_briefing_is_rejected(file):
    with pytest.raises(BriefingError, match="cannot be used"):
        read_briefing(file, "bad", KNOWN)


def test_missing_briefing_error_lists_the_briefings():
    with pytest.raises(BriefingError, match="thirteen-december"):
        open_briefing("nowhere", KNOWN)


@given(briefings(), st.integers(-3, 3), st.integers(0, 3))
def test_moving_a_scene_keeps_all_scenes(briefing, by, which):
    chosen = briefing.scenes[min(which, len(briefing.scenes) - 1)].id
    moved = briefing.move_scene(chosen, by)
    assert sorted(s.id for s in moved.scenes) == sorted(s.id for s in briefing.scenes)
    ends = len(briefing.scenes) - 1
    assert moved.find_position(chosen) == min(max(briefing.find_position(chosen) + by, 0), ends)


def test_scene_is_replaced_in_place_and_removed_by_id():
    briefing = read_briefing(GOOD, "good", KNOWN)
    other = replace(briefing.scenes[1], headline=Statement("New", ("nyt-03",)))
    changed = briefing.replace_scene("one", other)
    assert [scene.id for scene in changed.scenes] == ["one", "two"]
    assert changed.scenes[0].headline.says == "New"
    assert [scene.id for scene in changed.remove_scene("one").scenes] == ["two"]


def test_scene_id_contains_only_ascii_letters():
    assert slugify("Où? Там — “S-400”!") == "ou-s-400"
