"""The session's View, which filters, links and the map read and change."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit as st

from geo.app_context import Context
from geo.opened_link import is_known, open_link, put_back
from geo.page_registry import PageSpec, first_page, list_pages
from geo.selection import Selection, select
from geo.streamlit_bridge import base_path, is_history_navigation
from geo.ui.browser_session import session_context
from geo.view import View, from_query, to_query

_VIEW, _WRITTEN, _TOUCHED, _NOTICES = "view", "link_written", "view_touched", "notices"
_CAMERA = ("at", "screen")  # parameters that the map itself writes into the address
_SETTLED = "link_settled"  # whether the address was that of the view already
PAGE_BEFORE = "page_before"  # session key: the page that the stage was opened from
STAGE_DRAWN = "stage_drawn"  # session key: whether the stage was drawn, and no page since


@dataclass(frozen=True)
class PageContext:
    """What a page is drawn from: its spec, the View, the Selection, and the app's context."""

    spec: PageSpec
    view: View
    selection: Selection
    context: Context


def current_view() -> View:
    """Return the session's view."""
    return st.session_state.get(_VIEW) or View()


def change_view(**changes: Any) -> None:
    """Change fields of the session's view, from a widget's callback."""
    view = replace(current_view(), **changes)
    layer, slash, _ = (view.claim or "").partition("/")
    if "layers" in changes and slash and layer not in view.layers:
        view = replace(view, claim=None)  # a feature of a layer that was hidden
    st.session_state[_VIEW] = view
    st.session_state[_TOUCHED] = True


def is_view_changed() -> bool:
    """Return whether a callback changed the view, and the page has not been drawn since."""
    return bool(st.session_state.get(_TOUCHED))


def keep_camera(page: PageSpec, camera: list[str] | None) -> None:
    """Remember what a page's map shows: its camera and its size, as in a link; None: its own.

    A page that was left before its map sent the camera has it in its address.
    """
    if current_view().page != page.path:
        return
    at, screen = camera or ("", "")
    kept, _ = from_query(urlencode({"at": at, "screen": screen}))
    st.session_state[_VIEW] = replace(current_view(), at=kept.at, screen=kept.screen)


def reset_filters() -> None:
    """Remove all filters from the session's view."""
    st.session_state[_VIEW] = current_view().without_filters()
    st.session_state[_TOUCHED] = True


def resolve_view(page: PageSpec) -> PageContext:
    """Resolve the view of this run, write it to the address, and select its rows.

    The address counts if the session is new, after a step back or forward, or if it changed
    without a widget (edited by hand); otherwise the session's view counts.
    """
    where = session_context()
    link, camera, off_map = _parse_address()
    touched = st.session_state.pop(_TOUCHED, False)
    changed = link and link != st.session_state.get(_WRITTEN)
    # Two steps back at once ask for the second page with the widgets of the first, untouched. If
    # the address was as written, a different one is newer than any widget.
    newer = (link and is_history_navigation()) or (
        changed and (not touched or st.session_state[_SETTLED])
    )
    opened = _VIEW not in st.session_state or newer
    if not opened and current_view().page == page.path:
        # The map has sent its camera since; Streamlit repeats the address that was written last.
        camera = current_view()
    if opened:
        found = open_link(link, page.path, where)
        st.session_state[_VIEW] = replace(found.view, v=None)
        st.session_state[_NOTICES] = (*found.notices, *off_map)
    elif not _are_states_known(where):
        change_view(as_of=None, compare_as_of=None)
    current = replace(current_view(), page=page.path, at=camera.at, screen=camera.screen)
    st.session_state[_VIEW] = current
    _write_address(current)
    where = put_back(where, current.as_of)
    return PageContext(
        page, current, select(current.narrow_to_places(page.places), where.store), where
    )


def _are_states_known(where: Context) -> bool:
    """Whether the ledger has the states of the session's view; not if it is another one now."""
    view = current_view()
    return all(one is None or is_known(one, where) for one in (view.as_of, view.compare_as_of))


def pop_link_notices() -> tuple[str, ...]:
    """Return the notices about unusable parts of the address, and clear them."""
    return st.session_state.pop(_NOTICES, ())


def server_address(here: str | None = None) -> str:
    """Return the address above the pages, as the browser knows it: a proxy's path prefix included.

    It is empty if unknown, and has no slash at its end. ``here`` is the address of a page, by
    default that of this run.
    """
    parts = urlsplit(st.context.url or "" if here is None else here)
    above, _, last = parts.path.rpartition("/")
    if parts.path == base_path() or (last and last not in {page.path for page in list_pages()}):
        above = parts.path
    return f"{parts.scheme}://{parts.netloc}{above}" if parts.netloc else ""


def share_link(page: PageContext) -> str:
    """Return the address of the view with every value and the version of the shared data."""
    path = "" if page.spec.path == first_page().path else page.spec.path
    shared = page.view.to_share(page.context.store.shared_version())
    return f"{server_address()}/{path}?{to_query(shared, explicit=True)}"


def query_pairs() -> list[tuple[str, str]]:
    """Return the names and values of the address's query, repeated names included."""
    return [(name, text) for name in st.query_params for text in st.query_params.get_all(name)]


def _parse_address() -> tuple[str, View, tuple[str, ...]]:
    """Return the query without the camera, a view with the camera, and notices about it."""
    pairs = query_pairs()
    rest = [(name, text) for name, text in pairs if name not in _CAMERA]
    camera, notices = from_query(
        urlencode([pair for pair in pairs if pair[0] in _CAMERA], errors="replace")
    )
    return urlencode(rest, errors="replace"), camera, notices


def address_params(current: View) -> dict[str, list[str]]:
    """Return the query parameters of a page at a view, as `resolve_view` writes them.

    A switch of pages with these adds no second step to the browser's history.
    """
    # Always write the source set: an empty query means a click in the navigation.
    pairs = [("sources", current.sources)]
    pairs += parse_qsl(to_query(replace(current, sources="", at=None, screen=None)))
    pairs += parse_qsl(to_query(current, only=_CAMERA))
    params: dict[str, list[str]] = {}
    for name, text in pairs:
        params.setdefault(name, []).append(text)
    return params


def _write_address(current: View) -> None:
    params = address_params(current)
    link = urlencode({k: v for k, v in params.items() if k not in _CAMERA}, doseq=True)
    st.session_state[_SETTLED] = link == _parse_address()[0]
    if not st.session_state[_SETTLED]:
        st.query_params.from_dict(params)
    st.session_state[_WRITTEN] = link
