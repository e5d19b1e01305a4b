"""Export sections: a picture or slide of the view, a scene, slides of a briefing."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo.briefing import Scene, Statement
from geo.briefing.models import HEADLINE, SAYS, SCENES
from geo.export.deck import Progress
from geo.export.export import PACKS, PICTURES, ExportOptions, export_briefing, export_view
from geo.export.formats import file_name
from geo.export.slide import build_slide
from geo.text.slugs import slugify
from geo.ui.briefing_session import current_briefing, save_briefing
from geo.ui.export_controls import draw_export_control
from geo.ui.html import escape_markdown, section
from geo.ui.page_context import PageContext
from geo.ui.page_sections import current_page
from geo.view import View

_AT_END = "A new scene at its end"


def draw_view_export(page: PageContext) -> None:
    """Draw the export of this view as a picture or a slide."""
    view, where = replace(page.view, clean=None), page.context

    def export(options: ExportOptions, progress: Progress) -> bytes:
        return export_view(view, options, where.store, where.evidence, progress=progress)

    draw_export_control(
        "picture",
        dict(PICTURES),
        (page.selection.token, view),
        export,
        title=view.page,
        name=lambda kind: file_name(page.selection, kind.ending, stem="map"),
    )


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
        view = replace(page.view, clean=None, scene=None, v=None)
        if target:
            scene = replace(briefing.scenes[briefing.find_position(target)], view=view)
            save_briefing(briefing.replace_scene(target, scene))
        else:
            save_briefing(briefing.add_scene(_create_scene(page, view)))
        st.success("It is in the briefing now; word it on the page Briefing.")


def _create_scene(page: PageContext, view: View) -> Scene:
    """Return a new scene of the view, whose headline and statement rest on all its claims."""
    rows = page.selection.rows
    chosen = rows[rows["id"] == page.view.claim]
    if len(chosen):
        title, lines, claims = str(chosen["says"].iloc[0]), "", tuple(chosen["id"])
    else:
        slide = build_slide(view, page.context.store, page.context.evidence)
        title, lines, claims = slide.headline, " ".join(slide.lines), slide.claims
    statements = (Statement(lines[:SAYS], claims),) if lines else ()
    headline = Statement(title[:HEADLINE], claims)
    return Scene(slugify(title) or view.page, view, headline, statements)


def draw_briefing_export() -> None:
    """Draw the export of the whole briefing as one file."""
    briefing, where = current_briefing(None), current_page().context

    def export(options: ExportOptions, progress: Progress) -> bytes:
        return export_briefing(briefing, options, where.store, where.evidence, progress=progress)

    if briefing.scenes:
        st.html(section("Take it away as slides"))
        draw_export_control(
            "pack",
            dict(PACKS),
            (briefing, where.store.version()),
            export,
            title=briefing.name,
            name=lambda kind: f"{briefing.name}.{kind.ending}",
        )
