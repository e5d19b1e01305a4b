"""The Briefing page and exports: edit, order, load and download."""

import pytest

from geo.app_context import context
from geo.briefing import Briefing, open_briefing, read_briefing, write_briefing
from geo.errors import ExportError
from geo.playback import Playback
from geo.ui import export_sections
from tests.support.app_elements import assert_no_error, link_values, read_text

SHIPPED = open_briefing("thirteen-december", context().link_vocabulary())
FIRST, SECOND, *_ = SHIPPED.scenes


def edited_briefing(at) -> Briefing:
    return at.session_state["briefing"]


def press(at, label: str):
    button = next(one for one in at.button if one.label == label)
    return button.click().run()


def field(at, label: str, kind: str = "text_input"):
    return next(one for one in getattr(at, kind) if one.label == label)


def test_builtin_briefing_is_shown_unchanged(open_page):
    at = assert_no_error(open_page("briefing"))
    assert SHIPPED.title in read_text(at)
    assert len(field(at, "Scenes, in their order", "radio").options) == len(SHIPPED.scenes)
    assert "briefing" not in at.session_state


def test_moving_and_removing_a_scene_changes_a_copy(open_page):
    at = assert_no_error(press(open_page("briefing"), "Move down"))
    assert [one.id for one in edited_briefing(at).scenes][:2] == [SECOND.id, FIRST.id]
    at = assert_no_error(press(at, "Take out"))
    assert FIRST.id not in {one.id for one in edited_briefing(at).scenes}
    at = assert_no_error(press(at, "Back to the built-in one"))
    assert open_briefing("thirteen-december", context().link_vocabulary()) == SHIPPED
    assert edited_briefing(at) is None


def test_scene_texts_can_be_edited(open_page):
    at = open_page("briefing")
    field(at, "Headline").set_value("Two bases, one road")
    field(at, "Statement 3", "text_area").set_value("A third statement.")
    [one for one in at.multiselect if one.label == "It rests on"][-1].set_value(["nyt-05"])
    field(at, "Speaker notes", "text_area").set_value("Slowly.")
    at = assert_no_error(press(at, "Save this scene"))
    scene = edited_briefing(at).scenes[0]
    assert scene.headline.says == "Two bases, one road"
    assert scene.headline.claims == FIRST.headline.claims
    assert [one.says for one in scene.statements][2:] == ["A third statement."]
    assert scene.statements[2].claims == ("nyt-05",)
    assert (scene.notes, scene.view) == ("Slowly.", FIRST.view)
    assert field(at, "Headline").value == "Two bases, one road"


@pytest.mark.parametrize(
    ("label", "kind", "value", "told"),
    [
        ("Headline", "text_input", "", "The headline is empty"),
        ("The headline rests on", "multiselect", [], "headline names no report"),
        ("Statement 3", "text_area", "No claim for this.", "Statement 3 names no report"),
    ],
)
def test_incomplete_scene_is_not_saved_and_gives_the_reason(open_page, label, kind, value, told):
    at = open_page("briefing")
    field(at, label, kind).set_value(value)
    at = press(at, "Save this scene")
    assert not at.exception
    assert [one.value for one in at.error] == ["The scene was not saved."]
    assert told in " ".join(one.value for one in at.text)
    assert "briefing" not in at.session_state


def test_emptied_statement_is_removed(open_page):
    at = open_page("briefing")
    field(at, "Statement 1", "text_area").set_value(" ")
    at = assert_no_error(press(at, "Save this scene"))
    assert edited_briefing(at).scenes[0].statements == FIRST.statements[1:]


def test_briefing_title_can_be_changed(open_page):
    at = open_page("briefing")
    at = assert_no_error(field(at, "Title").set_value("Friday\nthe 13th").run())
    assert edited_briefing(at).title == "Friday the 13th"
    assert "Friday the 13th" in read_text(at)


def load(at, name: str, body: bytes):
    return (
        field(at, "Load a briefing (TOML)", "file_uploader")
        .upload(name, body, "application/toml")
        .run()
    )


def test_briefing_is_loaded_from_a_file(open_page):
    mine = SHIPPED.remove_scene(FIRST.id)
    at = assert_no_error(load(open_page("briefing"), "mine.toml", write_briefing(mine).encode()))
    assert edited_briefing(at).name == "mine"
    assert edited_briefing(at).scenes == mine.scenes


def test_broken_briefing_file_is_reported_by_line(open_page):
    bad = write_briefing(SHIPPED).replace('"nyt-10"', '"nyt-99"', 1)
    at = load(open_page("briefing"), "bad.toml", bad.encode())
    assert not at.exception
    told = " ".join(one.value for one in at.text)
    line = bad[: bad.index('"nyt-99"')].count("\n")
    assert f"line {line}, scene 1, claims: there is no claim 'nyt-99'" in told
    assert "briefing" not in at.session_state


def test_empty_briefing_explains_how_to_add_a_scene(open_page):
    at = assert_no_error(press(open_page("briefing"), "Start an empty one"))
    assert "No scene yet" in read_text(at)
    assert "Present" not in {one.label for one in at.button}
    assert field(at, "Download the briefing", "download_button").disabled


def test_added_view_becomes_a_scene_with_its_claims(open_page):
    at = open_page("khmeimim", "from=2024-12-12&to=2024-12-12", away_open=True)
    at = assert_no_error(press(at, "Add to the briefing"))
    scene = edited_briefing(at).scenes[-1]
    assert scene.view.page == "khmeimim"
    assert str(scene.view.date_from) == "2024-12-12"
    assert scene.headline.says == "Khmeimim air base, 12 December 2024"
    assert len(scene.claims) == 6
    known = context().link_vocabulary()
    assert read_briefing(
        write_briefing(edited_briefing(at)), edited_briefing(at).name, known
    ) == edited_briefing(at)


def test_selected_claim_is_added_as_a_scene(open_page):
    at = open_page("khmeimim", "claim=nyt-01", away_open=True)
    at = assert_no_error(press(at, "Add to the briefing"))
    assert edited_briefing(at).scenes[-1].claims == ("nyt-01",)
    assert "An-124" in edited_briefing(at).scenes[-1].headline.says


def test_replacing_a_scenes_view_keeps_its_texts(open_page):
    at = open_page("tartus", "", away_open=True)
    target = next(one for one in at.selectbox if one.label.startswith("Briefing"))
    target.set_value(SECOND.id)
    at = assert_no_error(press(at, "Add to the briefing"))
    scene = edited_briefing(at).scenes[1]
    assert (scene.id, scene.headline, scene.view.page) == (SECOND.id, SECOND.headline, "tartus")


def test_empty_view_cannot_be_added(open_page):
    at = assert_no_error(open_page("khmeimim", "q=zeppelin", away_open=True))
    assert field(at, "Add to the briefing", "button").disabled


def made(at, key: str):
    at.session_state[f"made_{key}"].job.wait(60)
    return at.run()


def test_image_is_offered_until_the_view_changes(open_page):
    at = open_page("khmeimim", "from=2024-12-13&to=2024-12-13", away_open=True)
    field(at, "Size in pixels", "selectbox").set_value("1280x720")
    at = press(at, "Make the PNG picture")
    at = assert_no_error(made(at, "picture"))
    body = at.session_state["made_picture"].job.result
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(body[n : n + 4], "big") for n in (16, 20)] == [1280, 720]
    labels = [one.label for one in at.download_button]
    assert "Save map_2024-12-13_khmeimim.png" in labels
    at = assert_no_error(press(at, "Day before"))
    assert not any(one.label.startswith("Save ") for one in at.download_button)


def test_failed_image_export_gives_the_reason(open_page, monkeypatch):
    def fails(*_, **__):
        raise ExportError("There is no room for this picture.")

    monkeypatch.setattr(export_sections, "export_view", fails)
    at = made(press(open_page("overview", away_open=True), "Make the PNG picture"), "picture")
    assert not at.exception
    assert [one.value for one in at.error] == ["The file was not made."]
    assert "There is no room for this picture." in [one.value for one in at.text]
    assert not any(one.label.startswith("Save ") for one in at.download_button)


def test_invalid_image_size_is_rejected(open_page):
    at = open_page("overview", away_open=True)
    at = field(at, "Size in pixels", "selectbox").set_value("other").run()
    at = field(at, "Width x height").set_value("9x9").run()
    assert "That size cannot be drawn." in [one.value for one in at.error]
    assert not any(one.label.startswith("Make the") for one in at.button)


def test_long_export_can_be_stopped(open_page, monkeypatch):
    import threading

    started, go_on = threading.Event(), threading.Event()

    def slow(*_, progress, **__):
        progress(1, 3)
        started.set()
        go_on.wait(30)
        progress(2, 3)
        return b"whole"

    monkeypatch.setattr(export_sections, "export_briefing", slow)
    at = press(open_page("briefing"), "Make the PowerPoint")
    assert started.wait(30)
    job = at.session_state["made_pack"].job
    at = press(at.run(), "Stop")
    go_on.set()
    assert job.wait(30)
    assert (job.result, job.cancelled) == (None, True)
    assert "made_pack" not in at.session_state


def test_scene_opens_its_view(open_page):
    at = open_page("briefing", **{"scene_chosen": SECOND.id})
    at = assert_no_error(press(at, "Open what it shows"))
    assert "Khmeimim air base, 12 December 2024" in read_text(at)
    assert link_values(at, "from") == ["2024-12-12"]


def test_playback_of_a_scene_is_kept_at_once_and_can_be_undone(open_page):
    at = open_page("briefing")
    assert field(at, "Play the days", "selectbox").value == 0
    assert field(at, "Seconds a step", "selectbox").disabled
    at = assert_no_error(field(at, "Play the days", "selectbox").set_value(3).run())
    assert edited_briefing(at).scenes[0].view.play == Playback(3)
    assert any("K halts it" in one.value for one in at.caption)
    at = assert_no_error(field(at, "Seconds a step", "selectbox").set_value(0.5).run())
    at = assert_no_error(field(at, "Loop", "checkbox").check().run())
    assert edited_briefing(at).scenes[0].view.play == Playback(3, 0.5, True)
    at = assert_no_error(press(at, "Save this scene"))  # the texts do not undo it
    assert edited_briefing(at).scenes[0].view.play == Playback(3, 0.5, True)
    at = assert_no_error(field(at, "Play the days", "selectbox").set_value(0).run())
    assert edited_briefing(at).scenes[0].view == FIRST.view
    at = assert_no_error(press(at, "Undo"))
    assert edited_briefing(at).scenes[0].view.play == Playback(3, 0.5, True)
    assert field(at, "Play the days", "selectbox").value == 3
