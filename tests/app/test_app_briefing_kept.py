"""A briefing survives a reload, another scene, an empty one, and a removed file."""

from collections.abc import Callable

import pytest

from geo.app_context import context, session_layers
from geo.briefing import open_briefing
from geo.errors import StoreError
from geo.session_keys import new_key
from geo.ui.briefing_session import FILE
from tests.app.test_app_briefing import edited_briefing, field, load, press
from tests.support.app_elements import assert_no_error, read_text

BUILT_IN = open_briefing("thirteen-december", context().link_vocabulary())
FIRST, SECOND, *_ = BUILT_IN.scenes


@pytest.fixture
def visit(open_page) -> Callable:
    """Open pages in fresh sessions of one browser: its key is in each of them, as in a cookie."""
    key = new_key()
    return lambda page="briefing", **state: open_page(page, own_key=key, **state)


def choose(at, scene_id: str):
    return field(at, "Scenes, in their order", "radio").set_value(scene_id).run()


def test_changed_briefing_is_there_after_a_reload(visit):
    press(visit(), "Move down")
    at = assert_no_error(visit())
    assert [one.id for one in edited_briefing(at).scenes][:2] == [SECOND.id, FIRST.id]
    assert "kept for this browser" in " ".join(one.value for one in at.caption)


def test_another_browser_sees_nothing_of_it(visit, open_page):
    press(visit(), "Move down")
    at = open_page("briefing")
    assert "briefing" not in at.session_state


def test_loaded_and_renamed_briefing_is_there_after_a_reload(visit):
    from geo.briefing import write_briefing

    at = load(visit(), "mine.toml", write_briefing(BUILT_IN.remove_scene(FIRST.id)).encode())
    field(at, "Title").set_value("Friday").run()
    kept = edited_briefing(visit())
    assert (kept.name, kept.title, len(kept.scenes)) == ("mine", "Friday", len(BUILT_IN.scenes) - 1)


def test_empty_briefing_is_kept_and_undone_even_after_a_reload(visit):
    at = press(press(visit(), "Move down"), "Start an empty one")
    assert edited_briefing(at).scenes == ()
    at = assert_no_error(visit())
    assert "No scene yet" in read_text(at)
    at = assert_no_error(press(at, "Undo"))
    assert [one.id for one in edited_briefing(at).scenes][:2] == [SECOND.id, FIRST.id]
    at = assert_no_error(press(at, "Undo"))
    assert edited_briefing(at) is None
    assert "Undo" not in {one.label for one in at.button}
    assert edited_briefing(visit()) is None


@pytest.mark.parametrize("label", ["Take out", "Move down", "Back to the built-in one"])
def test_each_change_can_be_undone(visit, label):
    at = press(visit(), "Move down")
    before = edited_briefing(at)
    at = press(press(at, label), "Undo")
    assert edited_briefing(at) == before


def test_typed_texts_survive_another_scene_and_a_reload(visit):
    at = visit()
    field(at, "Headline").set_value("Typed, not saved").run()
    field(at, "Statement 3", "text_area").set_value("Rests on nothing yet").run()
    at = choose(at, SECOND.id)
    assert field(at, "Headline").value == SECOND.headline.says
    assert "not saved yet" in field(at, "Scenes, in their order", "radio").options[0]
    at = choose(at, FIRST.id)
    assert field(at, "Headline").value == "Typed, not saved"
    again = assert_no_error(visit())
    assert field(again, "Headline").value == "Typed, not saved"
    assert field(again, "Statement 3", "text_area").value == "Rests on nothing yet"
    assert "briefing" not in again.session_state or edited_briefing(again) is None
    at = press(again, "Drop what is not saved")
    assert field(at, "Headline").value == FIRST.headline.says


def test_typing_and_choosing_in_one_step_keeps_what_was_typed(visit):
    """A click on another scene sends the field that it leaves in the same run."""
    at = visit()
    field(at, "Headline").set_value("Left by a click")
    at = choose(choose(at, SECOND.id), FIRST.id)
    assert field(at, "Headline").value == "Left by a click"


def test_saved_scene_is_no_draft_any_more(visit):
    at = visit()
    field(at, "Headline").set_value("Saved").run()
    at = assert_no_error(press(at, "Save this scene"))
    assert edited_briefing(at).scenes[0].headline.says == "Saved"
    assert "not saved yet" not in str(field(at, "Scenes, in their order", "radio").options)
    assert "Drop what is not saved" not in {one.label for one in at.button}


def test_change_in_another_tab_is_seen(visit):
    one, other = visit(), visit()
    press(one, "Move down")
    at = other.run()
    assert [scene.id for scene in edited_briefing(at).scenes][:2] == [SECOND.id, FIRST.id]


def test_kept_briefing_that_cannot_be_read_is_told_and_not_replaced(visit):
    at = press(visit(), "Move down")
    key = at.session_state["own_key"]
    text = session_layers().read_file(key, FILE)[1]
    session_layers().write_file(key, FILE, text.replace(FIRST.claims[0], "nyt-99"))
    at = visit()
    assert not at.exception
    assert "cannot be shown now" in " ".join(one.value for one in at.caption)
    assert "nyt-99" in session_layers().read_file(key, FILE)[1]


def test_folder_that_cannot_be_written_is_told_and_the_session_goes_on(visit, monkeypatch):
    def refuse(*_: object) -> int:
        raise StoreError("There is no room to keep it (full). Tell the operator.")

    monkeypatch.setattr("geo.store.session_layers.SessionLayers.write_file", refuse)
    at = press(visit(), "Move down")
    assert not at.exception
    assert [one.id for one in edited_briefing(at).scenes][:2] == [SECOND.id, FIRST.id]
    assert "download it to keep it" in " ".join(one.value for one in at.caption)
