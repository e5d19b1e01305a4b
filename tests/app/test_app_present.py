"""The Present page and the screenshot view: content, links and session state."""

import html
import json
import re
from dataclasses import replace

import pytest

from geo.app_context import context
from geo.briefing import Briefing, open_briefing
from geo.page_registry import find_page, list_pages
from tests.support.app_elements import assert_no_error, link_values, read_text
from tests.support.stage import NAME, deck

SHIPPED = open_briefing(NAME, context().link_vocabulary())
IDS = [scene.id for scene in SHIPPED.scenes]
PATHS = [spec.path for spec in list_pages() if not spec.fullscreen]


def sent(at) -> dict:
    """Return the content of the stage's hidden element."""
    (body,) = [part.value for part in at.html if "data-slide" in part.value]
    assert not re.search(r"<(?!div hidden data-slide>|/div>)", body)
    return json.loads(html.unescape(re.sub(r"<[^>]*>", "", body)))


def shown(at) -> dict:
    """Return the content of the map's dynamic group."""
    (instance,) = at.get("component_instance")
    group = json.loads(instance.proto.json_args)["feature_group"]
    return json.loads(re.findall(r"window\.briefingMap\.show\((.*)\);", group)[0])


def mounted(at) -> str:
    (instance,) = at.get("component_instance")
    script = json.loads(instance.proto.json_args)["script"]
    return re.sub(r"_[a-z0-9]+", "", script)


@pytest.mark.parametrize(
    ("query", "scene"),
    [
        ("", IDS[0]),
        (f"scene={NAME}", IDS[0]),
        (f"scene={NAME}/tartus", "tartus"),
        (f"scene={NAME}%2Fconvoy", "convoy"),
    ],
)
def test_link_selects_briefing_and_scene(open_page, query, scene):
    at = assert_no_error(open_page("present", query))
    assert not at.info
    assert shown(at)["scene"]["key"] == scene
    assert link_values(at, "scene") == ([f"{NAME}/{scene}"] if query else [])
    assert [one["key"] for one in sent(at)["scenes"]] == IDS


def test_present_page_contains_only_the_stage(open_page):
    at = assert_no_error(open_page("present"))
    assert not at.sidebar.markdown
    assert len(at.get("component_instance")) == 1
    assert "headline" not in "".join(part.value for part in at.html if "<header" in part.value)


def test_base_map_is_the_same_for_every_scene(open_page):
    maps = {mounted(open_page("present", f"scene={NAME}/{one}")) for one in (IDS[0], "tartus")}
    assert len(maps) == 1
    assert '"stage"' in maps.pop()


@pytest.mark.parametrize(
    ("query", "told", "scene"),
    [
        (f"scene={NAME}/khmeimim-14", "khmeimim-14", "khmeimim-12"),
        ("scene=nowhere/x", "nowhere", IDS[0]),
        ("scene=..%2F..%2Fetc", "..", IDS[0]),
        (f"scene={NAME}/{{{{7*7}}}}", "{{7*7}}", None),
        ("colour=red", "colour", IDS[0]),
        ("clean=huge", "huge", IDS[0]),
    ],
)
def test_unusable_part_of_a_link_is_reported_once(open_page, query, told, scene):
    at = assert_no_error(open_page("present", query))
    assert any(told in text.value for text in at.text)
    assert scene in (None, shown(at)["scene"]["key"])
    assert not assert_no_error(at.run()).info


def test_presenting_does_not_change_the_filters(open_page):
    at = open_page("tartus", "from=2024-12-12&to=2024-12-12&sources=all")
    before = at.session_state["view"]
    at = assert_no_error(at.switch_page(find_page("present").script).run())
    assert shown(at)["scene"]["key"] == IDS[0]
    assert at.session_state["view"] == before
    at = assert_no_error(at.switch_page(find_page("overview").script).run())
    assert replace(before, page="overview") == at.session_state["view"]


def test_edited_briefing_is_presented(open_page):
    first = replace(SHIPPED.scenes[0], id="mine")
    own = Briefing(NAME, "Mine", "", (first, SHIPPED.scenes[1]))
    at = assert_no_error(open_page("present", briefing=own))
    assert [one["key"] for one in sent(at)["scenes"]] == ["mine", IDS[1]]
    assert sent(at)["title"] == "Mine"


def test_empty_briefing_is_reported_and_the_builtin_one_shown(open_page):
    at = assert_no_error(open_page("present", briefing=Briefing("empty", "Empty")))
    assert any("no scene" in text.value for text in at.text)
    assert shown(at)["scene"]["key"] == IDS[0]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("clean", ["1", "4:3"])
def test_screenshot_view_of_a_page_is_only_a_stage(open_page, path, clean):
    at = assert_no_error(open_page(path, f"sources=all&from=2024-12-12&clean={clean}"))
    said = sent(at)
    assert (said["mode"], said["shape"]) == ("clean", "16:9" if clean == "1" else clean)
    (scene,) = said["scenes"]
    assert scene["key"] == path
    assert scene["headline"]
    assert scene["sources"]
    assert bool(scene.get("blocks")) != bool(find_page(path).frame)
    assert scene["token"] == shown(at)["token"]
    assert not at.sidebar.markdown
    assert not at.info


def test_screenshot_view_of_a_presentation_shows_its_scene(open_page):
    at = assert_no_error(open_page("present", f"scene={NAME}/tartus&clean=1"))
    assert (sent(at)["mode"], shown(at)["scene"]["key"]) == ("clean", "tartus")
    assert link_values(at, "clean") == ["16:9"]


def test_invalid_canvas_shape_is_reported(open_page):
    at = assert_no_error(open_page("tartus", "clean=huge"))
    assert any("huge" in text.value for text in at.text)
    assert "Tartus" in read_text(at)


def test_stage_texts_equal_those_of_the_slides(open_page):
    for scene, slide in zip(sent(open_page("present"))["scenes"], deck().slides, strict=True):
        assert (scene["headline"], scene["token"]) == (slide.headline, slide.selection.token)
        assert scene["lines"] == list(slide.lines)
        assert scene["notes"] == slide.notes
