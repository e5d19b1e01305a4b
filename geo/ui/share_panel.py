"""The share panel: link, data files, sources, pictures and slides of one Selection."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

import streamlit as st

from geo.errors import GeoError
from geo.export.data.citations import write_citations
from geo.export.data.data_file import export_data, export_layer
from geo.export.formats import CITATIONS, FORMATS, Format, file_name
from geo.large_layer import LargeLayerRows
from geo.ui.page_context import PageContext, share_link
from geo.ui.page_sections import current_page

log = logging.getLogger(__name__)


def draw_share_panel() -> None:
    """Draw an expander with the link, the downloads and the exports of this view."""
    expander = st.expander(
        "Link, picture, slide, data and sources", key="away_open", on_change="rerun"
    )
    if not expander.open:
        return
    from geo.ui import export_sections

    page = current_page()
    link = share_link(page)
    with expander:
        first, second, third = st.tabs(("Link, data and sources", "Picture or slide", "Briefing"))
    with first:
        st.caption("This link restores the whole view; the button at its right copies it.")
        st.code(link, language=None, wrap_lines=True)
        st.caption(f"Data: {page.selection.report_count}, exactly the rows shown.")
        _draw_downloads(page, link)
        _draw_layer_downloads(page, link)
    with second:
        export_sections.draw_view_export(page)
    with third:
        export_sections.draw_add_to_briefing(page)


def _draw_downloads(page: PageContext, link: str) -> None:
    about = {"link": link, "version": page.context.store.version()}
    selection = page.selection
    with st.container(horizontal=True):
        for fmt, kind in FORMATS.items():
            make = partial(export_data, selection, fmt, **about)
            _draw_download(kind, file_name(selection, kind.ending), make)
    with st.container(horizontal=True):
        for fmt, kind in CITATIONS.items():
            make = partial(write_citations, selection, page.context.evidence, fmt, **about)
            _draw_download(kind, file_name(selection, kind.ending, stem="sources"), make)


def _draw_layer_downloads(page: PageContext, link: str) -> None:
    about = {"link": link, "version": page.context.store.version()}
    for rows in page.selection.layers:
        info = page.context.store.layer(rows.name)
        st.caption(f"Layer {rows.name}: {rows.shown:,} of {rows.total:,} rows")
        if isinstance(rows, LargeLayerRows) and rows.download_refusal:
            st.text(rows.download_refusal)
            continue
        with st.container(horizontal=True):
            for fmt, kind in FORMATS.items():
                make = partial(export_layer, rows, info, fmt, **about)
                _draw_download(kind, file_name(page.selection, kind.ending, stem=rows.name), make)


def _draw_download(kind: Format, name: str, make: Callable[[], bytes]) -> None:
    st.download_button(
        kind.title,
        data=_error_as_file(make, name),
        file_name=name,
        mime=kind.media_type,
        key=f"get_{name}",
        on_click="ignore",
    )


def _error_as_file(make: Callable[[], bytes], name: str) -> Callable[[], bytes]:
    """Return a function that makes the file, or a text file with the error."""

    def make_or_explain() -> bytes:
        try:
            return make()
        except GeoError as error:
            log.warning("download %s: %s", name, error)
            return f"This file could not be made. {error}\n".encode()

    return make_or_explain
