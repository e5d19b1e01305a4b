"""What the share panel holds: link, data files, sources, pictures and slides of one Selection."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from geo.builtin_layers import find_evidence, find_store
from geo.errors import GeoError
from geo.export.bundle import BUNDLE, write_bundle
from geo.export.data.citations import write_citations
from geo.export.data.data_file import export_data, export_layer
from geo.export.formats import CITATIONS, FORMATS, WORKBOOKS, Format, file_name
from geo.export.page_rows import PageRows, collect_page_rows
from geo.large_layer import LargeLayerRows
from geo.selection import Selection
from geo.session_keys import SESSION_PREFIX
from geo.ui import export_sections
from geo.ui.html import escape_markdown
from geo.ui.page_context import PageContext, server_address, share_link
from geo.ui.page_sections import current_page

log = logging.getLogger(__name__)


def draw_share_sections() -> None:
    """Draw the link, the downloads and the exports of this view."""
    page = current_page()
    rows = collect_page_rows(page.view, page.context.store, page.context.evidence)
    page = replace(page, view=rows.view, selection=rows.selection)
    link = share_link(page)
    first, second, third = st.tabs(("Link, data and sources", "Picture or slide", "Briefing"))
    with first:
        st.caption("This link restores the whole view; the button at its right copies it.")
        with st.container(key="link_panel"):
            st.code(link, language=None, wrap_lines=True)
        _draw_left_behind(page.selection)
        _draw_downloads(page, rows, link)
    with second:
        export_sections.draw_view_export(page)
    with third:
        export_sections.draw_add_to_briefing(page)


def _draw_left_behind(selection: Selection) -> None:
    """Tell which of the layers shown the link does not bring to others."""
    names = [f"“{one.title}”" for one in selection.layers if one.name.startswith(SESSION_PREFIX)]
    if names:
        text = (
            f"Only your browser has {', '.join(names)}: whoever opens the link sees the view "
            f"without {'it' if len(names) == 1 else 'them'}. Send the "
            f"{'file' if len(names) == 1 else 'files'} along."
        )
        st.info(escape_markdown(text))


def _draw_downloads(page: PageContext, taken: PageRows, link: str) -> None:
    """Draw the downloads of the reports, of their sources, and of each further layer."""
    origin = {"link": link, "version": page.context.store.shared_version()}
    about: dict[str, Any] = dict(origin)
    selection, extra = page.selection, taken.column
    which = f"with a column “{extra.name}”" if extra else "exactly the rows shown"
    st.caption(f"Data: {selection.report_count}, {which}.")
    if st.checkbox("Outlines in CSV (WKT), in place of latitude and longitude", key="csv_wkt"):
        about["geometry"] = "wkt"
    stem = _name_files(taken)
    export = partial(export_data, selection, extra=extra, **about)
    _draw_files(selection, stem or "claims", FORMATS, export)
    shown = find_evidence(find_store(page.context.store, page.view.as_of))
    workbook = partial(_write_workbook, shown, selection.ids, **origin)
    _draw_files(selection, f"{stem}-workbook" if stem else "workbook", WORKBOOKS, workbook)
    cite = partial(write_citations, selection, page.context.evidence, **origin)
    _draw_files(selection, f"{stem}-sources" if stem else "sources", CITATIONS, cite)
    _draw_bundle(page, f"{stem}-bundle" if stem else "bundle")
    for side, part in taken.layers:
        for rows in part.layers:
            where = f", {side}" if side else ""
            zone = f"; {rows.zone_note}" if rows.zone_note else ""
            st.caption(f"Layer {rows.name}{where}: {rows.shown:,} of {rows.total:,} rows{zone}")
            if isinstance(rows, LargeLayerRows) and rows.download_refusal:
                st.text(rows.download_refusal)
                continue
            name = f"{rows.name}-{side}" if side else rows.name
            info = page.context.store.layer(rows.name)
            _draw_files(part, name, FORMATS, partial(export_layer, rows, info, **about))


def _draw_bundle(page: PageContext, stem: str) -> None:
    """Draw the download of the evidence bundle, which is made when it is asked for."""
    where, address = page.context, server_address()
    view = replace(page.view, clean=None)
    st.caption(
        "All in one, to hand over or to keep: reports, sources, kept copies, images that may be "
        "published, the picture, the link, and a list of SHA-256 that shows any later change."
    )

    def make(_: str) -> bytes:
        ledger = where.ledger
        return write_bundle(view, where.store, where.evidence, ledger=ledger, address=address)

    _draw_files(page.selection, stem, BUNDLE, make)


def _name_files(taken: PageRows) -> str:
    """Return how the files of a page begin that shows more than one Selection; else ""."""
    if taken.comparison:
        first = taken.comparison.first.view
        return "-".join(str(day) for day in ("compare", first.date_from, first.date_to) if day)
    return taken.view.page if taken.column else ""


def _write_workbook(*args: Any, **options: Any) -> bytes:
    """Write reports as a workbook; what reads and writes them is loaded with the first one."""
    from geo.claim_files.writing import write_claims

    return write_claims(*args, **options)


def _draw_files(
    selection: Selection, stem: str, kinds: Mapping[str, Format], make: Callable[[str], bytes]
) -> None:
    """Draw a row of download buttons; an error while a file is made is saved as the file."""

    def make_or_explain(fmt: str, name: str) -> bytes:
        try:
            return make(fmt)
        except GeoError as error:
            log.warning("download %s: %s", name, error)
            return f"This file could not be made. {error}\n".encode()

    with st.container(horizontal=True):
        for fmt, kind in kinds.items():
            name = file_name(selection, kind.ending, stem=stem)
            st.download_button(
                kind.title,
                data=partial(make_or_explain, fmt, name),
                file_name=name,
                mime=kind.media_type,
                key=f"get_{name}",
                on_click="ignore",
            )
