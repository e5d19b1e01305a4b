"""What runs for every page: navigation, the View, the page itself, the filters beside it."""

from __future__ import annotations

import logging
import time
from urllib.parse import urlsplit

import streamlit as st

from geo.errors import GeoError, StoreError
from geo.page_registry import PageSpec
from geo.server.metrics import record_page_error, record_page_run

log = logging.getLogger(__name__)
LOOKS = "<style>@import url('./map/theme/app.css');</style>"


def run() -> None:
    """Draw the page that the address names. Nothing that goes wrong shows a traceback."""
    begun = time.perf_counter()
    st.html(LOOKS)
    try:
        _page()
    except GeoError as error:
        log.warning("page: %s", error)
        record_page_error(_path())
        st.error("This page cannot be shown just now.")
        st.text(str(error))
        if isinstance(error, StoreError):
            from geo.ui.store_status import rerun_when_store_changes

            rerun_when_store_changes()
    except Exception:
        log.exception("page")
        record_page_error(_path())
        st.error("Something went wrong on this page. Reload it; the other pages go on working.")
    finally:
        record_page_run(_path(), time.perf_counter() - begun)


def _path() -> str:
    """Return the path of the page that this session was led to last."""
    return st.session_state.get("configured", "none")


def _page() -> None:
    from geo.page_registry import PAGES, find_page
    from geo.server.startup import freeze_objects_once
    from geo.ui import page_context, presentation, screenshot_view, sidebar, sign_in, store_status

    pages = {
        st.Page(spec.script, title=spec.title, url_path=spec.path, default=spec is PAGES[0]): spec
        for spec in PAGES
    }
    if not sign_in.is_allowed():
        st.navigation(list(pages), position="hidden")
        sign_in.draw_sign_in()
        return
    chosen = _chosen(list(pages))
    spec = find_page(chosen.url_path or PAGES[0].path)
    _configure(spec)
    if spec.fullscreen:
        chosen.run()
        freeze_objects_once()
        return
    st.session_state[presentation.BEFORE] = spec.path
    st.session_state["board"] = board = page_context.resolve_view(spec)
    for notice in page_context.pop_link_notices():
        st.info("Something in the link could not be used.")
        st.text(notice)
    if board.view.clean:
        screenshot_view.draw_screenshot(board)
        return
    chosen.run()
    sidebar.draw_sidebar(board)
    store_status.draw_unreadable_layers(board)
    sign_in.draw_sign_out()
    freeze_objects_once()


def _chosen(pages: list[st.Page]) -> st.Page:
    """Return the page that is asked for, with the navigation over it unless it is bare.

    What the address says is known before the page is, but is old news on a change of page.
    """
    from geo.page_registry import PAGES, find_page
    from geo.view import CANVASES

    def bare(path: str) -> bool:
        return find_page(path).fullscreen or st.query_params.get("clean") in ("1", *CANVASES)

    guess = bare(urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2])
    chosen = st.navigation(pages, position="hidden" if guess else "top")
    hidden = bare(chosen.url_path or PAGES[0].path)
    if hidden != guess:
        chosen = st.navigation(pages, position="hidden" if hidden else "top")
    return chosen


def _configure(spec: PageSpec) -> None:
    """Name the page in the browser, when it changes: each such message redraws the whole page."""
    if st.session_state.get("configured") != spec.path:
        st.session_state["configured"] = spec.path
        st.set_page_config(page_title=f"{spec.title} · Syria, December 2024", layout="wide")
