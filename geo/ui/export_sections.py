"""Export a view or a briefing: its options, progress, a stop button, then the file or the error."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from geo.briefing import Scene, Statement
from geo.briefing.models import HEADLINE, SAYS, SCENES
from geo.errors import ExportError
from geo.export.background_job import Job
from geo.export.deck import Progress
from geo.export.export import export_briefing, export_view
from geo.export.formats import Format, file_name
from geo.export.options import ANIMATED, PACKS, PICTURES, SIZES, ExportOptions, parse_size
from geo.export.page_slide import build_page_slide
from geo.export.slide_image import read_copy_of
from geo.mapping.theme import THEME_LABELS
from geo.playback import Playback
from geo.text.slugs import slugify
from geo.ui.briefing_session import current_briefing, save_briefing
from geo.ui.html import escape_markdown, section
from geo.ui.page_context import PageContext, server_address
from geo.ui.page_sections import current_page
from geo.ui.playback_choice import draw_playback_choice, read_playback
from geo.view import View

POLL = 0.4  # seconds between two checks of a running job
_SIZES = {
    "1920x1080": "1920 × 1080",
    "1280x720": "1280 × 720",
    "3840x2160": "3840 × 2160",
    "1440x1080": "1440 × 1080 (4:3)",
    "other": "Other …",
}
_AT_END = "A new scene at its end"


def draw_view_export(page: PageContext) -> None:
    """Draw the export of this view as a picture or a slide."""
    view, where = replace(page.view, clean=None), page.context

    def export(options: ExportOptions, progress: Progress) -> bytes:
        options = replace(options, read_copy=read_copy_of(where.ledger))
        return export_view(view, options, where.store, where.evidence, progress=progress)

    draw_export_control(
        "picture",
        PICTURES,
        (page.selection.token, view),
        export,
        title=view.page,
        name=lambda kind: file_name(page.selection, kind.ending, stem="map"),
        play=view.play or Playback(),
    )


def draw_add_to_briefing(page: PageContext) -> None:
    """Draw the choice of adding this view to the briefing or replacing a scene."""
    briefing = current_briefing(None)
    ids = ("", *(scene.id for scene in briefing.scenes))
    words = {
        scene.id: f"In place of scene {number}: {scene.headline.says}"
        for number, scene in enumerate(briefing.scenes, start=1)
    }
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
        slide = build_page_slide(view, page.context.store, page.context.evidence)
        title, lines, claims = slide.headline, " ".join(slide.lines), slide.claims
    statements = (Statement(lines[:SAYS], claims),) if lines else ()
    headline = Statement(title[:HEADLINE], claims)
    return Scene(slugify(title) or view.page, view, headline, statements)


def draw_briefing_export() -> None:
    """Draw the export of the whole briefing as one file."""
    briefing, where = current_briefing(None), current_page().context

    def export(options: ExportOptions, progress: Progress) -> bytes:
        options = replace(options, read_copy=read_copy_of(where.ledger))
        return export_briefing(briefing, options, where.store, where.evidence, progress=progress)

    if briefing.scenes:
        st.html(section("Take it away as slides"))
        draw_export_control(
            "pack",
            PACKS,
            (briefing, where.store.version()),
            export,
            title=briefing.name,
            name=lambda kind: f"{briefing.name}.{kind.ending}",
        )


@dataclass(frozen=True)
class _StartedExport:
    """A running or finished export, its subject and its options."""

    job: Job[bytes]
    subject: object
    options: ExportOptions
    file: str


def draw_export_control(
    key: str,
    kinds: Mapping[str, Format],
    subject: object,
    export: Callable[[ExportOptions, Progress], bytes],
    *,
    title: str,
    name: Callable[[Format], str],
    play: Playback | None = None,
) -> None:
    """Draw the options of an export, its progress and its result.

    `key` is part of the widgets' keys, `title` the subject's name in the log. `export` makes the
    file in another thread, and `name` returns the file's name. A file of another subject is not
    offered, since it would differ from the page. `play` is how an animated picture plays days at
    first; None where each scene has its own.
    """
    options = _draw_options(key, kinds, play)
    slot = f"made_{key}"
    if options:
        kind = kinds[options.fmt]
        if st.button(f"Make the {kind.title}", key=f"make_{key}", type="primary"):
            _stop(slot)
            job = Job(partial(export, options), title=f"{options.fmt} of {title}")
            st.session_state[slot] = _StartedExport(job, subject, options, name(kind))
    started: _StartedExport | None = st.session_state.get(slot)
    if started is not None and started.subject != subject:
        _stop(slot)
    elif started is not None and started.job.finished:
        _draw_result(started, kinds[started.options.fmt], key)
    elif started is not None:
        draw_job_progress(started.job, "Drawing", key=key, stop=partial(_stop, slot))


def _draw_options(
    key: str, kinds: Mapping[str, Format], play: Playback | None
) -> ExportOptions | None:
    """Draw the options and return them; None, with an error, if they cannot be used."""
    template = None
    titles = {fmt: kind.title for fmt, kind in kinds.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        fmt = _draw_choice("Kind", f"kind_{key}", titles, 230)
        size = _draw_choice("Size in pixels", f"size_{key}", _SIZES, 200, disabled=fmt == "html")
        if size == "other":
            size = st.text_input("Width x height", "1600x900", key=f"free_{key}", width=150)
        theme = _draw_choice("Looks", f"theme_{key}", dict(THEME_LABELS), 120)
    if fmt == "pptx":
        label = "Template of your own (PowerPoint), if you like"
        file = st.file_uploader(label, type=["pptx"], key=f"template_{key}")
        template = file.getvalue() if file else None
    if play and fmt in ANIMATED:
        draw_playback_choice(key, play)
        play = read_playback(key)
    try:
        pixels = SIZES["16:9"] if fmt == "html" else parse_size(size)
        options = ExportOptions(fmt, pixels, theme, template=template, address=server_address())
        return replace(options, play=play)
    except ExportError as error:
        st.error("That size cannot be drawn.")
        st.text(str(error))
        return None


def _draw_choice(
    label: str, key: str, titles: dict[str, str], width: int, *, disabled: bool = False
) -> str:
    label_of = titles.__getitem__
    return st.selectbox(
        label, list(titles), key=key, width=width, format_func=label_of, disabled=disabled
    )


def _stop(slot: str) -> None:
    started: _StartedExport | None = st.session_state.pop(slot, None)
    if started is not None:
        started.job.cancel()


@st.fragment(run_every=POLL)
def draw_job_progress(job: Job, words: str, *, key: str, stop: Callable[[], None]) -> None:
    """Draw the progress of a job and a stop button; rerun the page when the job has ended."""
    if job.finished:
        st.rerun()
    steps = f" {job.done} of {job.of}" if job.of > 1 else ""
    st.progress(job.share, f"{words}{steps} …")
    st.button("Stop", key=f"stop_{key}", on_click=stop)


def _draw_result(started: _StartedExport, kind: Format, key: str) -> None:
    body = started.job.result
    if body is None:
        st.error("The file was not made.")
        st.text(started.job.error)
        return
    caption = f"{len(body) / 1e6:.1f} MB" if len(body) > 1e6 else f"{len(body) / 1e3:,.0f} kB"
    if kind.ending in ("png", "gif"):
        st.image(body, width="stretch")
    if kind.ending in ("png", *ANIMATED):
        width, height = started.options.size
        caption = f"{width} × {height} pixels, {caption}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            f"Save {started.file}",
            body,
            started.file,
            kind.media_type,
            type="primary",
            key=f"save_{key}",
            on_click="ignore",
        )
        st.caption(caption)
