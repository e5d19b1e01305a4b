"""Export sections: a picture or slide of the view, a scene, slides of a briefing."""

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
from geo.export.slide import build_slide
from geo.ui.briefing_editor import new_scene
from geo.ui.briefing_session import current_briefing, save_briefing
from geo.ui.export_controls import draw_export_control
from geo.ui.html import escape_markdown, section
from geo.ui.page_context import PageContext, server_address
from geo.ui.page_sections import current_page
from geo.view import View

_AT_END = "A new scene at its end"


def draw_view_export(page: PageContext) -> None:
    """Draw the export of this view as a picture or a slide."""
    view = replace(page.view, clean=None)
    start = _create_starter(partial(export_view, view), page.context, view.page)

    def name_file(kind: Format) -> str:
        return file_name(page.selection, kind.ending, stem="map")

    draw_export_control("picture", dict(PICTURES), (page.selection.token, view), start, name_file)


def _create_starter(
    export: Callable[..., bytes], where: Context, named: str
) -> Callable[[ExportOptions], Job[bytes]]:
    """Return a function that starts the export of a view or a briefing as a job."""
    server = server_address()

    def start(options: ExportOptions) -> Job[bytes]:
        chosen = replace(options, address=server)
        return Job(
            lambda progress: export(chosen, where.store, where.evidence, progress=progress),
            title=f"{options.fmt} of {named}",
        )

    return start


def draw_add_to_briefing(page: PageContext) -> None:
    """Draw the choice of adding this view to the briefing or replacing a scene."""
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
            "Add to the briefing", key="add_scene", disabled=full or not page.selection.shown
        )
    if full:
        st.text(f"The briefing has {SCENES} scenes, as many as it may hold; take one out first.")
    if not page.selection.shown:
        st.text("Nothing is shown, so there is no report that a scene could rest on.")
    if added:
        save_briefing(_add_view(page, briefing, target or ""))
        st.success("It is in the briefing now; word it on the page Briefing.")


def _add_view(page: PageContext, briefing: Briefing, target: str) -> Briefing:
    """Return the briefing with this view as a new scene, or in place of a scene's view."""
    view = replace(page.view, clean=None, scene=None, v=None)
    if target:
        old = briefing.scenes[briefing.find_position(target)]
        return briefing.replace_scene(target, replace(old, view=view))
    return briefing.add_scene(_create_scene(page, view))


def _create_scene(page: PageContext, view: View) -> Scene:
    slide = build_slide(view, page.context.store, page.context.evidence)
    rows = page.selection.rows
    chosen = rows[rows["id"] == page.view.claim]
    if len(chosen):
        claim = chosen.iloc[0]
        return new_scene(str(claim["says"]), "", (str(claim["id"]),), view)
    return new_scene(slide.headline, " ".join(slide.lines), slide.claims, view)


def draw_briefing_export() -> None:
    """Draw the export of the whole briefing as one file."""
    briefing, where = current_briefing(None), current_page().context
    start = _create_starter(partial(export_briefing, briefing), where, briefing.name)
    if briefing.scenes:
        st.html(section("Take it away as slides"))
        draw_export_control(
            "pack",
            dict(PACKS),
            (briefing, where.store.version()),
            start,
            lambda kind: f"{briefing.name}.{kind.ending}",
        )
