"""What a person takes away from a page: the link, the data, the sources. All of one Selection."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from geo.errors import GeoError
from geo.export.data.citations import write_citations
from geo.export.data.data_file import export_data, export_layer
from geo.export.formats import CITATIONS, FORMATS, Format, file_name
from geo.large_layer import LargeLayerRows
from geo.ui.page_context import PageContext
from geo.ui.page_sections import current_page
from geo.view import to_query

log = logging.getLogger(__name__)


def draw_share_panel() -> None:
    """Draw, when it is opened, the link to this view and what can be made of it."""
    part = st.expander("Link, picture, slide, data and sources", key="away_open", on_change="rerun")
    if not part.open:
        return
    from geo.ui import export_sections

    now = current_page()
    link = share_link(now)
    with part:
        first, second, third = st.tabs(("Link, data and sources", "Picture or slide", "Briefing"))
    with first:
        st.caption("This link restores the whole view; the button at its right copies it.")
        st.code(link, language=None, wrap_lines=True)
        st.caption(f"Data: {now.selection.report_count}, exactly the rows shown.")
        _buttons(now, link)
        _layers(now, link)
    with second:
        export_sections.draw_view_export(now)
    with third:
        export_sections.draw_add_to_briefing(now)


def server_address() -> str:
    """Return the address of the server as the browser knows it, without a page."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def share_link(now: PageContext) -> str:
    """Return the address of the view, every value written out, with the data version."""
    base = (st.context.url or "").split("?")[0]
    shared = replace(now.view, v=now.context.store.version())
    return f"{base}?{to_query(shared, explicit=True)}"


def _buttons(now: PageContext, link: str) -> None:
    about = {"link": link, "version": now.context.store.version()}
    selection = now.selection
    with st.container(horizontal=True):
        for fmt, kind in FORMATS.items():
            make = partial(export_data, selection, fmt, **about)
            _button(kind, file_name(selection, kind.ending), make)
    with st.container(horizontal=True):
        for fmt, kind in CITATIONS.items():
            make = partial(write_citations, selection, now.context.evidence, fmt, **about)
            _button(kind, file_name(selection, kind.ending, stem="sources"), make)


def _layers(now: PageContext, link: str) -> None:
    about = {"link": link, "version": now.context.store.version()}
    for rows in now.selection.layers:
        info = now.context.store.layer(rows.name)
        st.caption(f"Layer {rows.name}: {rows.shown:,} of {rows.total:,} rows")
        if isinstance(rows, LargeLayerRows) and rows.download_refusal:
            st.text(rows.download_refusal)
            continue
        with st.container(horizontal=True):
            for fmt, kind in FORMATS.items():
                make = partial(export_layer, rows, info, fmt, **about)
                _button(kind, file_name(now.selection, kind.ending, stem=rows.name), make)


def _button(kind: Format, name: str, make: Callable[[], bytes]) -> None:
    st.download_button(
        kind.title,
        data=_in_words(make, name),
        file_name=name,
        mime=kind.media_type,
        key=f"get_{name}",
        on_click="ignore",
    )


def _in_words(make: Callable[[], bytes], name: str) -> Callable[[], bytes]:
    """Return the maker of a file; where it fails, the file says why instead of being nothing."""

    def made() -> bytes:
        try:
            return make()
        except GeoError as error:
            log.warning("download %s: %s", name, error)
            return f"This file could not be made. {error}\n".encode()

    return made
