"""What runs for every page: navigation, the View, the page itself, the filters beside it."""

from __future__ import annotations

import logging

import streamlit as st

from geo.errors import GeoError
from geo.mapping.pages import PageSpec

log = logging.getLogger(__name__)
LOOKS = "<style>@import url('./map/theme/app.css');</style>"


def run() -> None:
    """Draw the page that the address names. Nothing that goes wrong shows a traceback."""
    st.html(LOOKS)
    try:
        _page()
    except GeoError as error:
        log.warning("page: %s", error)
        st.error("This page cannot be shown just now.")
        st.text(str(error))
    except Exception:
        log.exception("page")
        st.error("Something went wrong on this page. Reload it; the other pages go on working.")


def _page() -> None:
    from geo.mapping.pages import PAGES, page_spec
    from geo.server.warm import settle_once
    from geo.ui import clean, presenting, sidebar, state

    pages = {
        st.Page(spec.script, title=spec.title, url_path=spec.path,
                default=spec is PAGES[0]): spec
        for spec in PAGES
    }  # fmt: skip
    chosen = st.navigation(list(pages), position="top")
    spec = page_spec(chosen.url_path or PAGES[0].path)
    _configure(spec)
    if spec.bare:
        chosen.run()
        settle_once()
        return
    st.session_state[presenting.BEFORE] = spec.path
    st.session_state["board"] = board = state.begin(spec)
    for notice in state.notices():
        st.info("Something in the link could not be used.")
        st.text(notice)
    if board.view.clean:
        clean.canvas(board)
        return
    chosen.run()
    sidebar.render(board)
    settle_once()


def _configure(spec: PageSpec) -> None:
    """Name the page in the browser, when it changes: each such message redraws the whole page."""
    if st.session_state.get("configured") != spec.path:
        st.session_state["configured"] = spec.path
        st.set_page_config(page_title=f"{spec.title} · Syria, December 2024", layout="wide")
