"""The controls of an export: options, progress, a stop button, then the file or the error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from geo.errors import ExportError
from geo.export.background_job import Job
from geo.export.deck import Progress
from geo.export.export import SIZES, ExportOptions, parse_size
from geo.export.formats import Format
from geo.ui.page_context import server_address

POLL = 0.4  # seconds between two checks of a running job
_SIZES = {
    "1920x1080": "1920 × 1080",
    "1280x720": "1280 × 720",
    "3840x2160": "3840 × 2160",
    "1440x1080": "1440 × 1080 (4:3)",
    "other": "Other …",
}
_THEME_LABELS = {"light": "Light", "dark": "Dark"}


@dataclass(frozen=True)
class _StartedExport:
    """A running or finished export, its subject and its options."""

    job: Job[bytes]
    subject: object
    options: ExportOptions
    file: str


def draw_export_control(
    key: str,
    kinds: dict[str, Format],
    subject: object,
    export: Callable[[ExportOptions, Progress], bytes],
    *,
    title: str,
    name: Callable[[Format], str],
) -> None:
    """Draw the options of an export, its progress and its result.

    `key` is part of the widgets' keys, `title` the subject's name in the log. `export` makes the
    file in another thread, and `name` returns the file's name. A file of another subject is not
    offered, since it would differ from the page.
    """
    options = _draw_options(key, kinds)
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


def _draw_options(key: str, kinds: dict[str, Format]) -> ExportOptions | None:
    """Draw the options and return them; None, with an error, if they cannot be used."""
    template = None
    titles = {fmt: kind.title for fmt, kind in kinds.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        fmt = _draw_choice("Kind", f"kind_{key}", titles, 230)
        size = _draw_choice("Size in pixels", f"size_{key}", _SIZES, 200, disabled=fmt == "html")
        if size == "other":
            size = st.text_input("Width x height", "1600x900", key=f"free_{key}", width=150)
        theme = _draw_choice("Looks", f"theme_{key}", _THEME_LABELS, 120)
    if fmt == "pptx":
        label = "Template of your own (PowerPoint), if you like"
        file = st.file_uploader(label, type=["pptx"], key=f"template_{key}")
        template = file.getvalue() if file else None
    try:
        pixels = SIZES["16:9"] if fmt == "html" else parse_size(size)
        return ExportOptions(fmt, pixels, theme, template=template, address=server_address())
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
    if kind.ending == "png":
        st.image(body, width="stretch")
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
