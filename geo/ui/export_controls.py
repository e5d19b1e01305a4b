"""Long work on a page: what to make, progress, a stop, then the file or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from geo.errors import ExportError
from geo.export.background_job import Job
from geo.export.export import SIZES, ExportOptions, parse_size
from geo.export.formats import Format
from geo.mapping.theme import THEMES

POLL = 0.4  # seconds between two looks at work that goes on
_SIZES = {
    "1920x1080": "1920 × 1080",
    "1280x720": "1280 × 720",
    "3840x2160": "3840 × 2160",
    "1440x1080": "1440 × 1080 (4:3)",
    "other": "Other …",
}
_LOOKS = {"light": "Light", "dark": "Dark"}


@dataclass(frozen=True)
class _Made:
    """Work under way or done, and for what it was started."""

    job: Job[bytes]
    of: object
    options: ExportOptions
    file: str


def draw_export_control(
    key: str,
    kinds: dict[str, Format],
    of: object,
    start: Callable[[ExportOptions], Job[bytes]],
    name: Callable[[Format], str],
) -> None:
    """Draw the choice of what to make, and what becomes of it.

    Parameters
    ----------
    key : str
        Of the widgets; unique on the page.
    kinds : dict of str to Format
    of : object
        What it is made of. When that differs from what a finished file was made of, the file is
        not offered any more: it would show something else than the page.
    start : callable
        Starts the work.
    name : callable
        Gives the file's name.
    """
    options = _choose_options(key, kinds)
    slot = f"made_{key}"
    if options and st.button(
        f"Make the {kinds[options.fmt].title}", key=f"make_{key}", type="primary"
    ):
        _stop(slot)
        st.session_state[slot] = _Made(start(options), of, options, name(kinds[options.fmt]))
    made: _Made | None = st.session_state.get(slot)
    if made is not None and made.of != of:
        _stop(slot)
    elif made is not None and made.job.finished:
        _outcome(made, kinds[made.options.fmt], key)
    elif made is not None:
        draw_job_progress(made.job, "Drawing", key=key, stop=partial(_stop, slot))


def _choose_options(key: str, kinds: dict[str, Format]) -> ExportOptions | None:
    """Return what is chosen; None, and why in words, where that cannot be made."""
    template = None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        fmt = st.selectbox(
            "Kind",
            list(kinds),
            key=f"kind_{key}",
            width=230,
            format_func=lambda one: kinds[one].title,
        )
        size = st.selectbox(
            "Size in pixels",
            list(_SIZES),
            key=f"size_{key}",
            width=200,
            format_func=_SIZES.__getitem__,
            disabled=fmt == "html",
        )
        if size == "other":
            size = st.text_input("Width x height", "1600x900", key=f"free_{key}", width=150)
        theme = st.selectbox(
            "Looks", list(THEMES), key=f"theme_{key}", width=120, format_func=_LOOKS.__getitem__
        )
    if fmt == "pptx":
        file = st.file_uploader(
            "Template of your own (PowerPoint), if you like", type=["pptx"], key=f"template_{key}"
        )
        template = file.getvalue() if file else None
    try:
        return ExportOptions(
            fmt,
            SIZES["16:9"] if fmt == "html" else parse_size(size),
            theme,
            template=template,
        )
    except ExportError as error:
        st.error("That size cannot be drawn.")
        st.text(str(error))
        return None


def _stop(slot: str) -> None:
    made: _Made | None = st.session_state.pop(slot, None)
    if made is not None:
        made.job.cancel()


@st.fragment(run_every=POLL)
def draw_job_progress(job: Job, words: str, *, key: str, stop: Callable[[], None]) -> None:
    """Tell how far some work is; when it has ended, the page is drawn anew.

    Parameters
    ----------
    job : geo.export.background_job.Job
    words : str
        What it does: "Drawing".
    key : str
        Of the button that stops it.
    stop : callable
        Called when somebody presses that button.
    """
    if job.finished:
        st.rerun()
    steps = f" {job.done} of {job.of}" if job.of > 1 else ""
    st.progress(job.share, f"{words}{steps} …")
    st.button("Stop", key=f"stop_{key}", on_click=stop)


def _outcome(made: _Made, kind: Format, key: str) -> None:
    body = made.job.result
    if body is None:
        st.error("The file was not made.")
        st.text(made.job.error)
        return
    width, height = made.options.size
    told = f"{len(body) / 1e6:.1f} MB" if len(body) > 1e6 else f"{len(body) / 1e3:,.0f} kB"
    if kind.ending == "png":
        st.image(body, width="stretch")
        told = f"{width} × {height} pixels, {told}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            f"Save {made.file}",
            body,
            made.file,
            kind.media_type,
            type="primary",
            key=f"save_{key}",
            on_click="ignore",
        )
        st.caption(told)
