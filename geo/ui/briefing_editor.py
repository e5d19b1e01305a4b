"""The Briefing page: order and edit scenes, load and download a briefing.

Each change saves a new Briefing in the session; a built-in one is never changed.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from urllib.parse import parse_qs

import streamlit as st

from geo.briefing import Briefing, Scene, Statement, read_briefing, write_briefing
from geo.briefing.models import HEADLINE, NOTES, SAYS
from geo.errors import BriefingError
from geo.page_registry import find_page
from geo.selection import CLAIMS
from geo.text import formatting
from geo.ui.briefing_session import current_briefing, save_briefing, session_briefing
from geo.ui.html import escape, escape_markdown, headline, section, tag
from geo.ui.page_sections import current_page
from geo.view import to_query

_CHOSEN, _EPOCH, _FAULT = "scene_chosen", "scene_epoch", "briefing_fault"


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
            _draw_editor(briefing, _chosen_scene(briefing))
        else:
            words = (
                "No scene yet. Open any page, choose what it should show, and add it there under "
                "“Link, picture, slide, data and sources”."
            )
            st.html(tag("p", "hint", words))


def _draw_heading(briefing: Briefing) -> None:
    kept = (
        "It is kept in this browser session; download it to keep it."
        if session_briefing()
        else "It is built in; a change makes a copy of your own."
    )
    count = "1 scene" if len(briefing.scenes) == 1 else f"{len(briefing.scenes)} scenes"
    st.html(headline(briefing.title, briefing.subtitle, count))
    with st.container(horizontal=True, vertical_alignment="center"):
        if briefing.scenes and st.button("Present", key="present_all", type="primary"):
            _present(briefing)
        st.caption(kept)


def _draw_scene_list(briefing: Briefing) -> None:
    """Draw the scenes in their order, and the buttons that move or remove the chosen one."""
    words = {
        scene.id: f"{number}. {scene.headline.says}"
        for number, scene in enumerate(briefing.scenes, start=1)
    }
    chosen = _chosen_scene(briefing)
    if st.session_state.get(_CHOSEN) != chosen.id:
        st.session_state[_CHOSEN] = chosen.id
    st.radio(
        "Scenes, in their order",
        list(words),
        key=_CHOSEN,
        format_func=lambda one: escape_markdown(words.get(one)),
    )
    position, last = briefing.find_position(chosen.id), len(briefing.scenes) - 1
    with st.container(horizontal=True):
        for label, icon, by, off in (
            ("Move up", ":material/arrow_upward:", -1, position == 0),
            ("Move down", ":material/arrow_downward:", 1, position == last),
        ):
            move = partial(Briefing.move_scene, scene_id=chosen.id, by=by)
            st.button(label, icon=icon, disabled=off, on_click=_change, args=(move,))
        remove = partial(Briefing.remove_scene, scene_id=chosen.id)
        st.button("Take out", key="scene_out", on_click=_change, args=(remove,))


def _draw_editor(briefing: Briefing, scene: Scene) -> None:
    claims = _label_claims()
    key = f"{scene.id}_{st.session_state.get(_EPOCH, 0)}"
    with st.form(f"edit_{key}", border=False):
        title = st.text_input(
            "Headline", scene.headline.says, max_chars=HEADLINE, key=f"headline_{key}"
        )
        rests = _draw_claim_choice(
            "The headline rests on", scene.headline.claims, claims, f"rests_{key}"
        )
        statements = [
            (
                st.text_area(
                    f"Statement {n + 1}",
                    one.says,
                    max_chars=SAYS,
                    height=68,
                    key=f"says_{n}_{key}",
                    help="An empty one is taken out.",
                ),
                _draw_claim_choice("It rests on", one.claims, claims, f"claims_{n}_{key}"),
            )
            for n, one in enumerate((*scene.statements, Statement("", ())))
        ]
        notes = st.text_area(
            "Speaker notes", scene.notes, max_chars=NOTES, height=140, key=f"notes_{key}"
        )
        saved = st.form_submit_button("Save this scene", type="primary")
    _draw_view_summary(briefing, scene)
    if saved:
        stated = tuple(
            Statement(says.strip(), tuple(ids)) for says, ids in statements if says.strip()
        )
        first = Statement(title.strip(), tuple(rests))
        _save_scene(replace(scene, headline=first, statements=stated, notes=notes.strip()))


def _draw_claim_choice(
    label: str, value: tuple[str, ...], claims: dict[str, str], key: str
) -> list[str]:
    return st.multiselect(
        label,
        list(dict.fromkeys((*claims, *value))),
        value,
        key=key,
        format_func=lambda name: claims.get(name, name),
        placeholder="Choose reports",
        filter_mode="contains",
        select_all=False,
    )


def _label_claims() -> dict[str, str]:
    rows = current_page().context.store.read(CLAIMS)
    return {
        name: f"{name} · {says[:70]}{'…' if len(says) > 70 else ''}"
        for name, says in zip(rows["id"], rows["says"], strict=True)
    }


def _save_scene(scene: Scene) -> None:
    """Save an edited scene, or show what it lacks."""
    lacks = [] if scene.headline.says else ["The headline is empty; write one."]
    lacks += [] if scene.headline.claims else ["The headline names no report that it rests on."]
    lacks += [
        f"Statement {number} names no report that it rests on; choose one, or empty the statement."
        for number, one in enumerate(scene.statements, start=1)
        if not one.claims
    ]
    if lacks:
        st.error("The scene was not saved.")
        st.text("\n".join(lacks))
        return
    _change(partial(Briefing.replace_scene, scene_id=scene.id, scene=scene))
    st.rerun()


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
            query = parse_qs(to_query(view, explicit=True))
            st.switch_page(find_page(view.page).script, query_params=query)
        if st.button("Present from here", key=f"from_{scene.id}"):
            _present(briefing, scene.id)


def _draw_files(briefing: Briefing) -> None:
    st.html(section("Name it, keep it, load it"))
    for label, field, most in (("Title", "title", HEADLINE), ("Subtitle", "subtitle", SAYS)):
        key = f"{field}_{st.session_state.get(_EPOCH, 0)}"
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
        st.button("Start an empty one", key="briefing_new", on_click=save_briefing, args=(empty,))
        if session_briefing():
            discard = partial(save_briefing, None)
            st.button("Back to the built-in one", key="briefing_builtin", on_click=discard)
    epoch = st.session_state.get(_EPOCH, 0)
    file = st.file_uploader("Load a briefing (TOML)", type=["toml"], key=f"load_{epoch}")
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
    st.session_state[_EPOCH] = st.session_state.get(_EPOCH, 0) + 1
    st.rerun()


def _chosen_scene(briefing: Briefing) -> Scene:
    return briefing.scenes[briefing.find_position(st.session_state.get(_CHOSEN))]


def _change(edit: Callable[[Briefing], Briefing]) -> None:
    """Save the changed briefing and reset the widgets that edit it."""
    save_briefing(edit(current_briefing(None)))
    st.session_state[_EPOCH] = st.session_state.get(_EPOCH, 0) + 1


def _rename(field: str, key: str) -> None:
    text = " ".join(st.session_state[key].split())
    if text or field != "title":
        now = current_briefing(None)
        save_briefing(replace(now, title=text) if field == "title" else replace(now, subtitle=text))


def _present(briefing: Briefing, scene_id: str = "") -> None:
    at = f"{briefing.name}/{scene_id}" if scene_id else briefing.name
    st.switch_page(find_page("present").script, query_params={"scene": at})
