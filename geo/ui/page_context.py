"""The session's View: the one thing that filters, links and the map change and read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from geo.app_context import Context
from geo.page_registry import PageSpec
from geo.selection import Selection, select
from geo.server.streamlit_bridge import is_history_navigation
from geo.ui.browser_session import session_context
from geo.view import Camera, View, from_query, to_query

_VIEW, _WRITTEN, _TOUCHED, _NOTICES = "view", "link_written", "view_touched", "notices"
_SETTLED = "link_settled"  # whether the browser's address was the view's already


@dataclass(frozen=True)
class PageContext:
    """What a page is made from: the View, its Selection, and where they come from."""

    page: PageSpec
    view: View
    selection: Selection
    context: Context


def current_view() -> View:
    """Return the session's view."""
    return st.session_state.get(_VIEW) or View()


def change_view(**changes: Any) -> None:
    """Change the session's view; called from a widget's callback."""
    st.session_state[_VIEW] = replace(current_view(), **changes)
    st.session_state[_TOUCHED] = True


def reset_filters() -> None:
    """Take every filter off."""
    st.session_state[_VIEW] = current_view().without_filters()
    st.session_state[_TOUCHED] = True


def resolve_view(page: PageSpec) -> PageContext:
    """Settle which view this run shows, write it to the link, and select its rows.

    The link counts when the session is new, when somebody went back or forward, or when it changed
    without a widget (a link that was edited by hand); otherwise the session's view does.
    """
    where = session_context()
    link, at, off_map = _link()
    touched = st.session_state.pop(_TOUCHED, False)
    went = link and link != st.session_state.get(_WRITTEN)
    # Going back twice at once asks for the second page with the widgets of the first, which nobody
    # touched. Where the address stood as it was written, an other one is newer than any widget too.
    newer = (link and is_history_navigation()) or (
        went and (not touched or st.session_state[_SETTLED])
    )
    if _VIEW not in st.session_state or newer:
        wanted, notices = from_query(link, page=page.path, vocabulary=where.link_vocabulary())
        st.session_state[_VIEW] = replace(wanted, v=None)
        st.session_state[_NOTICES] = (*notices, *off_map)
    # The map writes its camera into the address by itself; a camera belongs to its page.
    current = replace(current_view(), page=page.path, at=at)
    st.session_state[_VIEW] = current
    _write(current)
    return PageContext(
        page, current, select(current.narrow_to_places(page.places), where.store), where
    )


def pop_link_notices() -> tuple[str, ...]:
    """Return what could not be used of the link, once a link."""
    return st.session_state.pop(_NOTICES, ())


def _link() -> tuple[str, Camera | None, tuple[str, ...]]:
    """Return the address's query without the camera, the camera, and why it cannot be used."""
    pairs = [(name, text) for name in st.query_params for text in st.query_params.get_all(name)]
    rest = [(name, text) for name, text in pairs if name != "at"]
    at = [pair for pair in pairs if pair[0] == "at"]
    camera, notices = from_query(urlencode(at, errors="replace"))
    return urlencode(rest, errors="replace"), camera.at, notices


def _write(current: View) -> None:
    # The source set is always written, so that a link is never empty: an empty one is a click in
    # the navigation, which keeps the view.
    pairs = [("sources", current.sources)]
    pairs += parse_qsl(to_query(replace(current, sources="articles", at=None)))
    link = urlencode(pairs)
    st.session_state[_SETTLED] = link == _link()[0]
    if not st.session_state[_SETTLED]:
        if current.at:
            pairs += parse_qsl(to_query(View(at=current.at)))
        params: dict[str, list[str]] = {}
        for name, text in pairs:
            params.setdefault(name, []).append(text)
        st.query_params.from_dict(params)
    st.session_state[_WRITTEN] = link
