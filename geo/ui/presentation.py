"""The Present page: a briefing's scenes on one map that is never mounted anew.

Words reach the map's frame as JSON in a hidden element, which the frame reads as text; what the
map shows goes through its one dynamic group. The session's own View is left alone.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlencode

import streamlit as st
from streamlit_folium import st_folium

from geo.app_context import Context, context
from geo.briefing import Briefing, list_builtin_briefings, open_briefing
from geo.errors import BriefingError
from geo.export.deck import Deck, deck_of
from geo.export.slide import Slide
from geo.export.stage_data import CLEAN, build_presentation
from geo.mapping.folium_map import build_base_map, build_feature_group, build_scene_state
from geo.page_registry import PAGES, WEST_SYRIA, find_page
from geo.server.streamlit_bridge import is_history_navigation
from geo.ui.briefing_session import current_briefing
from geo.ui.html import escape
from geo.view import View, from_query, to_query

BEFORE = "page_before"  # the page that the person came from
_AT, _TOUCHED, _WRITTEN, _GO = "present_at", "present_touched", "present_written", "present_go"
_KEY = "stage_map"
_HEIGHT = 720  # pixels, before app.css lets the frame fill the window


def draw_presentation() -> None:
    """Draw the scene that the address names, or leave for the page that was asked for."""
    _leave()
    where = context()
    asked, told = _asked_for(where)
    briefing, position, more = _found(asked.scene or "")
    at = f"{briefing.name}/{briefing.scenes[position].id}"
    st.session_state[_AT] = at
    _write(at if asked.scene else "", asked.clean)
    version = where.store.version()
    deck, words = _words(briefing, where, version)
    if asked.clean:
        words = json.dumps(json.loads(words) | {"mode": CLEAN, "shape": asked.clean})
    draw_stage(words, deck.slides[position], version, key=_KEY, on_change=_asked)
    _notices((*told, *more))


def draw_stage(
    words: str, slide: Slide, version: str, *, key: str, on_change: Callable[[], None]
) -> None:
    """Draw the frame that fills the window, and beside it, hidden, what stands in it.

    Parameters
    ----------
    words : str
        JSON, as `geo.export.stage_data` describes it.
    slide : geo.export.slide.Slide
        What the map shows now.
    version : str
        The data version.
    key : str
    on_change : callable
        Called when the frame asks for something, with its value under `key`.
    """
    with st.container(key="stage"):
        st.html(f"<div hidden data-slide>{escape(words)}</div>")
        st_folium(
            build_base_map(replace(WEST_SYRIA, stage=True), "present"),
            key=key,
            height=_HEIGHT,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=build_feature_group(
                slide.selection,
                slide.view,
                version,
                scene=build_scene_state(slide.key, slide.frame),
            ),
            render=False,
            on_change=on_change,
        )


def _notices(notices: tuple[str, ...]) -> None:
    """Say over the stage what could not be used of the link, until the next step."""
    if not notices:
        return
    with st.container(key="stage_notices"):
        st.info("Something in the link could not be used.")
        for notice in notices:
            st.text(notice)


def _asked_for(where: Context) -> tuple[View, tuple[str, ...]]:
    """Return what the address asks for; a step on the stage comes first, unless taken back."""
    query = _address()
    if st.session_state.pop(_TOUCHED, False) and not is_history_navigation():
        clean = from_query(query)[0].clean
        return View(page="present", scene=st.session_state[_AT], clean=clean), ()
    view, notices = from_query(query, page="present", vocabulary=where.link_vocabulary())
    return view, () if query == st.session_state.get(_WRITTEN) else notices


def _address() -> str:
    pairs = [(name, text) for name in st.query_params for text in st.query_params.get_all(name)]
    return urlencode(pairs, errors="replace")


def _write(at: str, clean: str | None) -> None:
    """Put the scene into the address, except where a click in the navigation left it empty.

    In that run the browser would still put it behind the address of the page that was left.
    """
    params = {name: text for name, text in (("scene", at), ("clean", clean)) if text}
    link = urlencode(params)
    if _address() != link:
        st.query_params.from_dict(params)
    st.session_state[_WRITTEN] = link


def _found(asked: str) -> tuple[Briefing, int, tuple[str, ...]]:
    """Return the briefing and the position of the scene that NAME/ID names, or the nearest."""
    name, _, scene_id = asked.partition("/")
    notices: list[str] = []
    try:
        briefing = current_briefing(name)
        if not briefing.scenes:
            raise BriefingError(f"The briefing {briefing.name!r} has no scene yet.")
    except BriefingError as error:
        notices.append(f"{error} The shipped one is shown.")
        briefing = open_briefing(list_builtin_briefings()[0], context().link_vocabulary())
    if not scene_id or briefing.has(scene_id):
        return briefing, briefing.find_position(scene_id), tuple(notices)
    ids = [scene.id for scene in briefing.scenes]
    nearest = max(ids, key=lambda one: difflib.SequenceMatcher(None, scene_id, one).ratio())
    notices.append(f"There is no scene “{scene_id}”; the nearest is “{nearest}”.")
    return briefing, briefing.find_position(nearest), tuple(notices)


@lru_cache(maxsize=4)
def _words(briefing: Briefing, where: Context, version: str) -> tuple[Deck, str]:
    deck = deck_of(briefing, where.store, where.evidence)
    return deck, json.dumps(build_presentation(deck), ensure_ascii=False, separators=(",", ":"))


def _asked() -> None:
    """Do what the frame asks for: another scene, the view behind one, or to leave."""
    value = st.session_state.get(_KEY)
    asked: dict[str, Any] = value if isinstance(value, dict) else {}
    name = st.session_state.get(_AT, "").partition("/")[0]
    if isinstance(asked.get("scene"), str):
        st.session_state[_AT] = f"{name}/{asked['scene']}"
        st.session_state[_TOUCHED] = True
    elif isinstance(asked.get("open"), str):
        st.session_state[_GO] = f"{name}/{asked['open']}"
    elif asked.get("leave"):
        st.session_state[_GO] = ""


def _leave() -> None:
    """Go to the page that the person came from, or on purpose to the view of a scene."""
    go = st.session_state.pop(_GO, None)
    if go is None:
        return
    if not go:
        st.switch_page(find_page(st.session_state.get(BEFORE, PAGES[0].path)).script)
    briefing, position, _ = _found(go)
    view = briefing.scenes[position].view
    query = to_query(replace(view, clean=None), explicit=True)
    st.switch_page(find_page(view.page).script, query_params=parse_qs(query))
