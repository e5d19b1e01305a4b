"""The fields of one scene on the Briefing page: what is typed is kept, and saved when asked."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from geo.briefing import Briefing, Scene, Statement
from geo.briefing.models import HEADLINE, NOTES, SAYS
from geo.builtin_layers import find_store
from geo.selection import CLAIMS
from geo.ui.briefing_session import (
    change_briefing,
    current_briefing,
    field_epoch,
    find_draft,
    keep_draft,
    renew_fields,
    save_briefing,
)
from geo.ui.page_sections import current_page
from geo.ui.playback_choice import draw_playback_choice, read_playback

_HOW_PLAYED = (
    "On the stage it plays by itself; the key K halts it and lets it go on. Slides and documents "
    "show all the days that are played; the animated pictures show them one after the other."
)


def draw_scene_editor(briefing: Briefing, scene: Scene) -> None:
    """Draw the fields of a scene; what is typed is kept at once, as a draft until it is saved."""
    draft = find_draft(briefing, scene) or scene
    count = len(draft.statements) + 1
    key = f"{scene.id}_{field_epoch()}"
    claims = _label_claims(scene.view.as_of)
    keep = partial(_keep_typed, briefing, scene, key, count)
    st.text_input(
        "Headline",
        draft.headline.says,
        max_chars=HEADLINE,
        key=f"says_0_{key}",
        on_change=keep,
    )
    _draw_claim_choice("The headline rests on", draft.headline.claims, claims, f"0_{key}", keep)
    for n, one in enumerate((*draft.statements, Statement("", ())), start=1):
        st.text_area(
            f"Statement {n}",
            one.says,
            max_chars=SAYS,
            height=68,
            key=f"says_{n}_{key}",
            help="An empty one is taken out.",
            on_change=keep,
        )
        _draw_claim_choice("It rests on", one.claims, claims, f"{n}_{key}", keep)
    st.text_area(
        "Speaker notes",
        draft.notes,
        max_chars=NOTES,
        height=140,
        key=f"notes_{key}",
        on_change=keep,
    )
    _draw_playback(scene, key)
    with st.container(horizontal=True, vertical_alignment="center"):
        saved = st.button("Save this scene", key="scene_save", type="primary")
        if draft is not scene:
            drop = partial(_drop_draft, briefing, scene)
            st.button("Drop what is not saved", key="scene_drop", on_click=drop)
    if saved:
        typed = _read_typed(scene, key, count)
        stated = tuple(one for one in typed.statements if one.says)
        _save_scene(replace(typed, statements=stated))


def _draw_playback(scene: Scene, key: str) -> None:
    """Draw how the scene plays its days, and what that means for stage and slides."""
    change = partial(_set_playback, scene.id, key)
    draw_playback_choice(key, scene.view.play, optional=True, on_change=change)
    if scene.view.play:
        st.caption(_HOW_PLAYED)


def _set_playback(scene_id: str, key: str) -> None:
    """Keep the playback of a scene at once, whatever else is typed and not saved."""
    briefing = current_briefing(None)
    scene = briefing.scenes[briefing.find_position(scene_id)]
    view = replace(scene.view, play=read_playback(key))
    save_briefing(briefing.replace_scene(scene_id, replace(scene, view=view)))


def _read_typed(scene: Scene, key: str, count: int) -> Scene:
    """Return the scene with what its fields hold now; statements may be empty or incomplete."""
    held = st.session_state

    def stated(n: int) -> Statement:
        return Statement(held[f"says_{n}_{key}"].strip(), tuple(held[f"claims_{n}_{key}"]))

    said = [stated(n) for n in range(1, count + 1)]
    while said and said[-1] == Statement("", ()):
        said.pop()
    notes = held[f"notes_{key}"].strip()
    return replace(scene, headline=stated(0), statements=tuple(said), notes=notes)


def _keep_typed(briefing: Briefing, scene: Scene, key: str, count: int) -> None:
    typed = _read_typed(scene, key, count)
    keep_draft(briefing, scene, None if typed == scene else typed)


def _drop_draft(briefing: Briefing, scene: Scene) -> None:
    keep_draft(briefing, scene, None)
    renew_fields()


def _draw_claim_choice(
    label: str,
    value: tuple[str, ...],
    claims: dict[str, str],
    key: str,
    keep: Callable[[], None],
) -> None:
    st.multiselect(
        label,
        list(dict.fromkeys((*claims, *value))),
        value,
        key=f"claims_{key}",
        on_change=keep,
        format_func=lambda name: claims.get(name, name),
        placeholder="Choose reports",
        filter_mode="contains",
        select_all=False,
    )


def _label_claims(as_of: str | None) -> dict[str, str]:
    """Return the label of each claim by its id, as the reports stood in the scene."""
    rows = find_store(current_page().context.store, as_of).read(CLAIMS)
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
    briefing = current_briefing(None)
    change_briefing(partial(Briefing.replace_scene, scene_id=scene.id, scene=scene))
    keep_draft(briefing, scene, None)
    st.rerun()
