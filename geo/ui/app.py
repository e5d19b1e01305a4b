"""Run a page: navigation, sign-in, the View, the page's script, the sidebar."""

import logging
import time
from urllib.parse import urlsplit

import streamlit as st

from geo.errors import GeoError, LedgerError, StoreError
from geo.evidence.case import builtin_case
from geo.page_registry import find_page, first_page, list_pages
from geo.server.metrics import record_page_error, record_page_run

log = logging.getLogger(__name__)
STYLESHEET = "<style>@import url('./map/theme/app.css');</style>"


def run() -> None:
    """Draw the page that the address names; an error is shown as a message."""
    start = time.perf_counter()
    st.html(STYLESHEET)
    try:
        _run_page()
    except GeoError as error:
        log.warning("page: %s", error)
        record_page_error(_current_path())
        st.error("This page cannot be shown just now.")
        st.text(str(error))
        if isinstance(error, StoreError | LedgerError):
            from geo.ui.store_status import rerun_when_store_changes

            rerun_when_store_changes()
    except Exception:
        log.exception("page")
        record_page_error(_current_path())
        st.error("Something went wrong on this page. Reload it; the other pages go on working.")
    finally:
        record_page_run(_current_path(), time.perf_counter() - start)


def _current_path() -> str:
    """Return the path of the page that this session showed last."""
    return st.session_state.get("configured", "none")


def _run_page() -> None:
    from geo.server.startup import freeze_objects_once
    from geo.ui import known_as_of, navigation, page_context, person, sidebar, sign_in, store_status
    from geo.ui.browser_session import session_context

    pages = [navigation.build_streamlit_page(spec) for spec in list_pages()]
    person.remember_person()
    if not sign_in.is_allowed():
        st.navigation(pages, position="hidden")
        sign_in.draw_sign_in()
        return
    chosen = _select_page(pages)
    spec = find_page(chosen.url_path or first_page().path)
    if st.session_state.get("configured") != spec.path:  # each call redraws the whole page
        st.session_state["configured"] = spec.path
        st.set_page_config(page_title=f"{spec.title} · {builtin_case().title}", layout="wide")
    present = session_context()  # before the page is drawn: what is published meanwhile is newer
    if spec.fullscreen:
        chosen.run()
        store_status.follow_ledger(present, on_wall=True)
        freeze_objects_once()
        return
    st.session_state[page_context.PAGE_BEFORE] = spec.path
    st.session_state.pop(page_context.STAGE_DRAWN, None)
    st.session_state["page"] = page = page_context.resolve_view(spec)
    _draw_notices(page_context.pop_link_notices())
    if page.view.clean:
        from geo.ui import screenshot_view

        screenshot_view.draw_screenshot(page)
        return
    known_as_of.draw_state(page)
    chosen.run()
    sidebar.draw_sidebar(page)
    store_status.draw_unreadable_layers(page)
    store_status.follow_ledger(present)
    sign_in.draw_sign_out()
    freeze_objects_once()


def _draw_notices(notices: tuple[str, ...]) -> None:
    """Draw what the address asks for and cannot be shown."""
    from geo.link_values import MISSING_LAYERS
    from geo.ui.html import escape_markdown

    unusable = [notice for notice in notices if not notice.startswith(MISSING_LAYERS)]
    if unusable:
        st.info("Something in the link could not be used.")
    for notice in unusable:
        st.text(notice)
    for notice in notices:
        if notice not in unusable:
            st.info(escape_markdown(notice))


def _select_page(pages: list[st.Page]) -> st.Page:
    """Return the selected page; the navigation is hidden on a fullscreen page.

    The address gives a first answer; after a click in the navigation it is the old one.
    """
    from geo.view import CANVASES

    def fullscreen(path: str) -> bool:
        return find_page(path).fullscreen or st.query_params.get("clean") in ("1", *CANVASES)

    expected = fullscreen(urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2])
    chosen = st.navigation(pages, position="hidden" if expected else "top")
    hidden = fullscreen(chosen.url_path or first_page().path)
    if hidden != expected:
        chosen = st.navigation(pages, position="hidden" if hidden else "top")
    return chosen
