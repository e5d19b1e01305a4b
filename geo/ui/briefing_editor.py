"""The Briefing page: order and edit scenes, load and download a briefing.

Each change saves a new Briefing in the session; a built-in one is never changed.
"""

from dataclasses import replace
from functools import partial

import streamlit as st

from geo.briefing import Briefing, Scene, read_briefing, write_briefing
from geo.briefing.models import HEADLINE, SAYS
from geo.errors import BriefingError
from geo.page_registry import find_page
from geo.settings import settings
from geo.text import formatting
from geo.ui.briefing_session import (
    briefing_fault,
    can_undo,
    change_briefing,
    current_briefing,
    field_epoch,
    find_draft,
    renew_fields,
    save_briefing,
    session_briefing,
    undo_change,
)
from geo.ui.html import escape, escape_markdown, headline, section, tag
from geo.ui.page_context import address_params
from geo.ui.page_sections import current_page
from geo.ui.scene_editor import draw_scene_editor

_CHOSEN, _FAULT = "scene_chosen", "briefing_fault"
_RADIO = "scene_radio"  # a widget's state is lost when another page is shown; _CHOSEN is not


def draw_briefing_editor() -> None:
    """Draw the list of scenes with the editor of the chosen one beside it."""
    briefing = current_briefing(None)
    _draw_heading(briefing)
    error = st.session_state.pop(_FAULT, "")
    if error:
        st.error("The file was not loaded; the briefing is as it was.")
        st.text(error)
    left, right = st.columns((1, 1.5), gap="large")
    with left:
        if briefing.scenes:
            _draw_scene_list(briefing)
        _draw_files(briefing)
    with right:
        if briefing.scenes:
            chosen = _chosen_scene(briefing)
            draw_scene_editor(briefing, chosen)
            _draw_view_summary(briefing, chosen)
        else:
            words = (
                "No scene yet. Open any page, choose what it should show, and add it there under "
                "“Link, picture, slide, data and sources”."
            )
            st.html(tag("p", "hint", words))


def _draw_heading(briefing: Briefing) -> None:
    days = settings().own_days
    kept = (
        f"It is kept for this browser, {days:g} days after the last change; download it to keep it "
        "longer."
        if session_briefing()
        else "It is built in; a change makes a copy of your own."
    )
    count = "1 scene" if len(briefing.scenes) == 1 else f"{len(briefing.scenes)} scenes"
    st.html(headline(briefing.title, briefing.subtitle, count))
    with st.container(horizontal=True, vertical_alignment="center"):
        if briefing.scenes and st.button("Present", key="present_all", type="primary"):
            _present(briefing)
        if can_undo():
            st.button("Undo", key="briefing_undo", icon=":material/undo:", on_click=_undo)
        st.caption(briefing_fault() or kept)


def _draw_scene_list(briefing: Briefing) -> None:
    """Draw the scenes in their order, and the buttons that move or remove the chosen one."""
    words = {
        scene.id: f"{number}. {scene.headline.says}"
        + (" (not saved yet)" if find_draft(briefing, scene) else "")
        for number, scene in enumerate(briefing.scenes, start=1)
    }
    chosen = _chosen_scene(briefing)
    st.session_state[_CHOSEN] = chosen.id
    if st.session_state.get(_RADIO) != chosen.id:
        st.session_state[_RADIO] = chosen.id
    st.radio(
        "Scenes, in their order",
        list(words),
        key=_RADIO,
        on_change=_choose_scene,
        format_func=lambda one: escape_markdown(words.get(one)),
    )
    position, last = briefing.find_position(chosen.id), len(briefing.scenes) - 1
    with st.container(horizontal=True):
        for label, icon, by, off in (
            ("Move up", ":material/arrow_upward:", -1, position == 0),
            ("Move down", ":material/arrow_downward:", 1, position == last),
        ):
            move = partial(Briefing.move_scene, scene_id=chosen.id, by=by)
            st.button(label, icon=icon, disabled=off, on_click=change_briefing, args=(move,))
        remove = partial(Briefing.remove_scene, scene_id=chosen.id)
        st.button("Take out", key="scene_out", on_click=change_briefing, args=(remove,))


def _draw_view_summary(briefing: Briefing, scene: Scene) -> None:
    view = scene.view
    days = formatting.format_span(view.date_from, view.date_to)
    words = (
        f"Shows: {find_page(view.page).title}, {days}. To change what it shows, open it, change "
        "the page, and put it back there."
    )
    st.html(tag("p", "source", escape(words)))
    with st.container(horizontal=True):
        if st.button("Open what it shows", key=f"open_{scene.id}"):
            params = address_params(replace(view, clean=None, v=None))
            st.switch_page(find_page(view.page).script, query_params=params)
        if st.button("Present from here", key=f"from_{scene.id}"):
            _present(briefing, scene.id)


def _draw_files(briefing: Briefing) -> None:
    st.html(section("Name it, keep it, load it"))
    for label, field, most in (("Title", "title", HEADLINE), ("Subtitle", "subtitle", SAYS)):
        key = f"{field}_{field_epoch()}"
        rename = partial(_rename, field, key)
        text = getattr(briefing, field)
        st.text_input(label, text, max_chars=most, key=key, on_change=rename)
    with st.container(horizontal=True):
        st.download_button(
            "Download the briefing",
            write_briefing(briefing).encode(),
            f"{briefing.name}.toml",
            "application/toml",
            on_click="ignore",
            disabled=not briefing.scenes,
        )
        empty = Briefing("my-briefing", "My briefing")
        begin = partial(_replace_briefing, empty)
        st.button("Start an empty one", key="briefing_new", on_click=begin)
        if session_briefing():
            discard = partial(_replace_briefing, None)
            st.button("Back to the built-in one", key="briefing_builtin", on_click=discard)
    file = st.file_uploader("Load a briefing (TOML)", type=["toml"], key=f"load_{field_epoch()}")
    if file is not None:
        _load(file.name, file.getvalue())


def _load(name: str, body: bytes) -> None:
    try:
        vocabulary = current_page().context.link_vocabulary()
        briefing = read_briefing(body, name.rsplit(".", 1)[0], vocabulary)
    except BriefingError as error:
        st.session_state[_FAULT] = str(error)
    else:
        save_briefing(briefing)
    renew_fields()
    st.rerun()


def _chosen_scene(briefing: Briefing) -> Scene:
    return briefing.scenes[briefing.find_position(st.session_state.get(_CHOSEN))]


def _choose_scene() -> None:
    st.session_state[_CHOSEN] = st.session_state[_RADIO]


def _replace_briefing(briefing: Briefing | None) -> None:
    save_briefing(briefing)
    renew_fields()


def _undo() -> None:
    undo_change()
    renew_fields()


def _rename(field: str, key: str) -> None:
    text = " ".join(st.session_state[key].split())
    if text or field != "title":
        now = current_briefing(None)
        save_briefing(replace(now, title=text) if field == "title" else replace(now, subtitle=text))


def _present(briefing: Briefing, scene_id: str = "") -> None:
    at = f"{briefing.name}/{scene_id}" if scene_id else briefing.name
    st.switch_page(find_page("present").script, query_params={"scene": at})
