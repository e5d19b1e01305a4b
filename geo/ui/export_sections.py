"""What is made of a view or of a briefing: pictures, slides, a page to hand over, a new scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from geo.app_context import Context
from geo.briefing import Briefing, Scene
from geo.briefing.models import SCENES
from geo.export.background_job import Job
from geo.export.export import PACKS, PICTURES, ExportOptions, export_briefing, export_view
from geo.export.formats import Format, file_name
from geo.export.slide import slide_of
from geo.ui.briefing_editor import new_scene
from geo.ui.briefing_session import current_briefing, save_briefing
from geo.ui.export_controls import draw_export_control
from geo.ui.html import escape_markdown, tag
from geo.ui.page_context import PageContext
from geo.ui.page_sections import current_page
from geo.ui.share_panel import server_address
from geo.view import View

_AT_END = "A new scene at its end"


def draw_view_export(now: PageContext) -> None:
    """Draw what makes a picture or a slide of this view."""
    view = replace(now.view, clean=None)
    start = _starter(partial(export_view, view), now.context, view.page)

    def name(kind: Format) -> str:
        return file_name(now.selection, kind.ending, stem="map")

    draw_export_control("picture", dict(PICTURES), (now.selection.token, view), start, name)


def _starter(
    export: Callable[..., bytes], where: Context, named: str
) -> Callable[[ExportOptions], Job[bytes]]:
    """Return a function that starts the job which makes a file of a view or a briefing."""
    server = server_address()

    def start(options: ExportOptions) -> Job[bytes]:
        chosen = replace(options, address=server)
        return Job(
            lambda progress: export(chosen, where.store, where.evidence, progress=progress),
            title=f"{options.fmt} of {named}",
        )

    return start


def draw_add_to_briefing(now: PageContext) -> None:
    """Draw what puts this view into the briefing."""
    briefing = current_briefing(None)
    ids = ("", *(scene.id for scene in briefing.scenes))
    words = {scene.id: f"In place of: {scene.headline.says}" for scene in briefing.scenes}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        target = st.selectbox(
            f"Briefing “{escape_markdown(briefing.title)}”",
            ids,
            key=f"add_to_{len(ids)}",
            width=460,
            format_func=lambda one: words.get(one, _AT_END),
        )
        full = len(briefing.scenes) >= SCENES and not target
        added = st.button(
            "Add to the briefing", key="add_scene", disabled=full or not now.selection.shown
        )
    if full:
        st.text(f"The briefing has {SCENES} scenes, as many as it may hold; take one out first.")
    if not now.selection.shown:
        st.text("Nothing is shown, so there is no claim that a scene could rest on.")
    if added:
        save_briefing(_with(now, briefing, target or ""))
        st.success("It is in the briefing now; word it on the page Briefing.")


def _with(now: PageContext, briefing: Briefing, target: str) -> Briefing:
    """Return the briefing with this view as a new scene, or in the place of one: words stay."""
    view = replace(now.view, clean=None, scene=None, v=None)
    if target:
        old = briefing.scenes[briefing.find_position(target)]
        return briefing.replace_scene(target, replace(old, view=view))
    return briefing.add_scene(_scene(now, view))


def _scene(now: PageContext, view: View) -> Scene:
    slide = slide_of(view, now.context.store, now.context.evidence)
    rows = now.selection.rows
    chosen = rows[rows["id"] == now.view.claim]
    if len(chosen):
        claim = chosen.iloc[0]
        return new_scene(str(claim["says"]), "", (str(claim["id"]),), view)
    return new_scene(slide.headline, " ".join(slide.lines), slide.claims, view)


def draw_briefing_export() -> None:
    """Draw what makes one file of the whole briefing."""
    briefing, where = current_briefing(None), current_page().context
    start = _starter(partial(export_briefing, briefing), where, briefing.name)
    if briefing.scenes:
        st.html(tag("section", "reading", "<h2>Take it away as slides</h2>"))
        draw_export_control(
            "pack",
            dict(PACKS),
            (briefing, where.store.version()),
            start,
            lambda kind: f"{briefing.name}.{kind.ending}",
        )
