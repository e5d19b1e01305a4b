"""The Present page: a briefing's scenes on one map that is never remounted.

Texts reach the map's frame as JSON in a hidden element; features go through the map's dynamic
group. The session's View is not changed.
"""

import difflib
import json
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlencode

import streamlit as st

from geo.app_context import Context, context
from geo.briefing import Briefing, list_builtin_briefings, open_briefing
from geo.errors import BriefingError
from geo.export.deck import Deck, build_deck
from geo.export.slide import Slide
from geo.export.slide_image import read_copy_of
from geo.export.stage import CLEAN, build_presentation
from geo.mapping.folium_map import build_base_map, build_feature_group, build_scene_state
from geo.page_registry import PRESENT, build_frame, find_page
from geo.streamlit_bridge import is_history_navigation
from geo.ui.briefing_session import current_briefing
from geo.ui.browser_session import session_context
from geo.ui.html import escape
from geo.ui.map_component import draw_folium_map
from geo.ui.navigation import build_streamlit_page
from geo.ui.page_context import PAGE_BEFORE, STAGE_DRAWN, address_params, query_pairs
from geo.view import View, from_query

_AT, _TOUCHED, _WRITTEN, _GO = "present_at", "present_touched", "present_written", "present_go"
_KEY = "stage_map"
_HEIGHT = 720  # pixels, before app.css lets the frame fill the window


def draw_presentation() -> None:
    """Draw the scene that the address names, or switch to the page that was requested."""
    _switch_page()
    where = session_context()  # as the features route has it, or the stage waits for ever
    requested, notices = _parse_request(where)
    briefing, position, more = _find_scene(requested.scene or "")
    at = f"{briefing.name}/{briefing.scenes[position].id}"
    st.session_state[_AT] = at
    st.session_state[STAGE_DRAWN] = True
    _write_address(at if requested.scene else "", requested.clean)
    version = where.store.version()
    deck, words = _build_deck(briefing, where, version)
    if requested.clean:
        words = json.dumps(json.loads(words) | {"mode": CLEAN, "shape": requested.clean})
    draw_stage(words, deck.slides[position], version, key=_KEY, on_change=_handle_request)
    if notices or more:
        with st.container(key="stage_notices"):  # above the stage, until the next step
            words = " ".join(("Something in the link could not be used.", *notices, *more))
            st.text(words)


def draw_stage(
    words: str, slide: Slide, version: str, *, key: str, on_change: Callable[[], None]
) -> None:
    """Draw the frame that fills the window, and a hidden element with its texts as JSON.

    `on_change` is called when the frame sends a request, which is then in the session state under
    `key`.
    """
    scene = build_scene_state(slide.key, slide.frame)
    with st.container(key="stage"):
        st.html(f"<div hidden data-slide>{escape(words)}</div>")
        draw_folium_map(
            build_base_map(build_frame(stage=True), PRESENT),
            key=key,
            height=_HEIGHT,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=build_feature_group(
                slide.selection, slide.view, version, scene=scene
            ),
            render=False,
            on_change=on_change,
        )


def _parse_request(where: Context) -> tuple[View, tuple[str, ...]]:
    """Return the requested view and notices; a step on the stage counts before the address."""
    query = _read_query()
    if st.session_state.pop(_TOUCHED, False) and not is_history_navigation():
        clean = from_query(query)[0].clean
        return View(page="present", scene=st.session_state[_AT], clean=clean), ()
    view, notices = from_query(query, page="present", vocabulary=where.link_vocabulary())
    returned = not st.session_state.get(STAGE_DRAWN)
    if is_history_navigation() and not view.scene and returned:
        # A step back from a page that was opened here: Streamlit leaves its query on this path.
        clean = view.clean
        return View(page="present", scene=st.session_state.get(_AT), clean=clean), ()
    return view, () if query == st.session_state.get(_WRITTEN) else notices


def _read_query() -> str:
    return urlencode(query_pairs(), errors="replace")


def _write_address(at: str, clean: str | None) -> None:
    """Write the scene to the address, unless a click in the navigation left it empty.

    In that run the browser would still add it to the address of the previous page.
    """
    params = {name: text for name, text in (("scene", at), ("clean", clean)) if text}
    link = urlencode(params)
    if _read_query() != link:
        st.query_params.from_dict(params)
    st.session_state[_WRITTEN] = link


def _find_scene(path: str) -> tuple[Briefing, int, tuple[str, ...]]:
    """Return the briefing and the position of the scene NAME/ID, or of the most similar one."""
    name, _, scene_id = path.partition("/")
    notices: list[str] = []
    try:
        briefing = current_briefing(name)
        if not briefing.scenes:
            raise BriefingError(f"The briefing {briefing.name!r} has no scene yet.")
    except BriefingError as error:
        notices.append(f"{error} The built-in one is shown.")
        where = context()
        name = list_builtin_briefings()[0]
        briefing = open_briefing(name, where.link_vocabulary(), where.evidence)
    if not scene_id or briefing.has(scene_id):
        return briefing, briefing.find_position(scene_id), tuple(notices)
    ids = [scene.id for scene in briefing.scenes]
    nearest = max(ids, key=lambda one: difflib.SequenceMatcher(None, scene_id, one).ratio())
    notices.append(f"There is no scene “{scene_id}”; the nearest is “{nearest}”.")
    return briefing, briefing.find_position(nearest), tuple(notices)


@lru_cache(maxsize=4)
def _build_deck(briefing: Briefing, where: Context, version: str) -> tuple[Deck, str]:
    deck = build_deck(briefing, where.store, where.evidence)
    deck = deck.add_images(read_copy_of(where.ledger))
    return deck, json.dumps(
        build_presentation(deck, store=where.store), ensure_ascii=False, separators=(",", ":")
    )


def _handle_request() -> None:
    """Handle a request of the frame: another scene, a scene's view, or leaving."""
    value = st.session_state.get(_KEY)
    request: dict[str, object] = value if isinstance(value, dict) else {}
    name = st.session_state.get(_AT, "").partition("/")[0]
    if isinstance(request.get("scene"), str):
        st.session_state[_AT] = f"{name}/{request['scene']}"
        st.session_state[_TOUCHED] = True
    elif isinstance(request.get("open"), str):
        st.session_state[_GO] = f"{name}/{request['open']}"
    elif request.get("leave"):
        st.session_state[_GO] = ""


def _switch_page() -> None:
    """Switch to the previous page or to a scene's view, if the frame requested it."""
    go = st.session_state.pop(_GO, None)
    if go is None:
        return
    if not go:
        st.switch_page(build_streamlit_page(find_page(st.session_state.get(PAGE_BEFORE, ""))))
    briefing, position, _ = _find_scene(go)
    view = briefing.scenes[position].view
    params = address_params(replace(view, clean=None, v=None))
    st.switch_page(build_streamlit_page(find_page(view.page)), query_params=params)
