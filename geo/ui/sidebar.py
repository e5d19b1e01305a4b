"""The filters beside every page. Each widget shows a part of the View and changes only that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import streamlit as st

from geo.evidence.models import CERTAINTIES, STANCES
from geo.facets import list_facets
from geo.mapping.basemaps import BASES
from geo.mapping.symbols import CERTAINTY, STANCE
from geo.selection import BUILTIN_LAYERS, UPLOAD_PREVIEW
from geo.ui.page_context import PageContext, change_view, reset_filters

SOURCE_WORDS = {"articles": "The two articles", "wider": "Wider reporting", "all": "Both"}
ANY = "any"


def draw_sidebar(board: PageContext) -> None:
    """Draw the sidebar for what the board shows."""
    options = list_facets(board.context.store, board.view.sources, board.view.layers)
    with st.sidebar:
        st.markdown(f"**{board.selection.report_count}**")
        _nothing(board)
        _days(board, options.days)
        _choice("Sources", "sources", board.view.sources, tuple(SOURCE_WORDS), SOURCE_WORDS.get)
        _many("Systems", "systems", board.view.systems, options.systems)
        _many("Evidence", "evidence", board.view.evidence, options.evidence)
        _certainty(board.view.certainty)
        _many("Points to", "stances", board.view.stances, STANCES, lambda s: STANCE[s].label)
        _search(board.view.q)
        _map_choices(board)
        st.button("Take all filters off", key="reset", on_click=reset_filters, width="stretch")


def _nothing(board: PageContext) -> None:
    if board.selection.total and not board.selection.shown:
        st.warning("No report matches all of these filters.")
        st.button(
            "Show everything again", key="reset_empty", on_click=reset_filters, type="primary"
        )


def _put(key: str, value: Any, default: Any = None) -> None:
    """Set a widget's value before it is drawn, where the view changed elsewhere.

    A value that the widget has by itself is not set: a widget that was set is sent once more, in
    full, with the next run.
    """
    if st.session_state.get(key, default) != value:
        st.session_state[key] = value


def _changed(field: str, key: str, read: Callable[[Any], Any]) -> Callable[[], None]:
    def callback() -> None:
        change_view(**{field: read(st.session_state[key])})

    return callback


def _many(
    label: str,
    field: str,
    value: tuple[str, ...],
    options: tuple[str, ...],
    words: Callable[[str], str] = str,
) -> None:
    key = f"filter_{field}"
    options = tuple(dict.fromkeys((*options, *value)))
    _put(key, list(value), [])
    st.multiselect(
        label,
        options,
        key=key,
        format_func=words,
        placeholder="All",
        filter_mode="contains",
        select_all=False,  # it would stand first, and Enter would choose every match
        on_change=_changed(field, key, tuple),
    )


def _choice(
    label: str, field: str, value: str, options: tuple[str, ...], words: Callable[[str], Any]
) -> None:
    key = f"filter_{field}"
    _put(key, value, options[0])
    st.radio(label, options, key=key, format_func=words, on_change=_changed(field, key, str))


def _certainty(value: str | None) -> None:
    key = "filter_certainty"
    _put(key, value or ANY, ANY)
    st.selectbox(
        "At least this certain",
        (ANY, *CERTAINTIES),
        key=key,
        format_func=lambda name: "Any" if name == ANY else CERTAINTY[name][0],
        on_change=_changed("certainty", key, lambda name: None if name == ANY else name),
    )


def _search(value: str) -> None:
    key = "filter_q"
    _put(key, value, "")
    st.text_input(
        "Search the words",
        key=key,
        placeholder="radar, Maxar, طرطوس …",
        max_chars=200,
        on_change=_changed("q", key, str),
    )


def _places(board: PageContext, places: tuple[str, ...]) -> None:
    if board.page.places:
        return
    names = {place.id: place.name for place in board.context.evidence.places}
    _many("Places", "places", board.view.places, places, lambda place: names.get(place, place))


def _days(board: PageContext, days: tuple[dt.date, dt.date]) -> None:
    first, last = days
    view = board.view
    start = min(max(view.date_from or first, first), last)
    end = min(max(view.date_to or last, start), last)
    if first < last:
        key = f"days_{first}_{last}"
        _put(key, (start, end))
        st.slider("Days", first, last, key=key, format="D MMM", on_change=_slid(key, first, last))
    with st.container(horizontal=True):
        for label, by in (("Day before", -1), ("Day after", 1)):
            st.button(
                label, key=f"day{by}", width="stretch", on_click=_step, args=(start, end, days, by)
            )
    st.caption("A report dated “by” a day counts on that day, one with a span on each of its days.")
    if not view.windowed:
        return
    left_out = board.selection.undated_left_out
    if left_out or view.undated:
        _put("filter_undated", view.undated, False)
        noun = "report" if left_out == 1 else "reports"
        st.checkbox(
            f"Keep {left_out} undated {noun}" if left_out else "Keep undated reports",
            key="filter_undated",
            on_change=_changed("undated", "filter_undated", bool),
        )


def _slid(key: str, first: dt.date, last: dt.date) -> Callable[[], None]:
    def callback() -> None:
        start, end = st.session_state[key]
        whole = (start, end) == (first, last)
        change_view(date_from=None if whole else start, date_to=None if whole else end)

    return callback


def _step(start: dt.date, end: dt.date, days: tuple[dt.date, dt.date], by: int) -> None:
    """Go to a single day: the next one, or an end of the window that stands now."""
    day = start + dt.timedelta(by) if start == end else (start if by > 0 else end)
    day = min(max(day, days[0]), days[1])
    change_view(date_from=day, date_to=day)


def _map_choices(board: PageContext) -> None:
    """Offer what changes the map but not the rows; drawn when somebody opens it."""
    part = st.expander("Places and base map", key="more_open", on_change="rerun")
    if not part.open:
        return
    with part:
        facets = list_facets(board.context.store, board.view.sources, board.view.layers)
        _places(board, facets.places)
        further = {
            info.name: info.title
            for info in board.context.store.layers()
            if info.name not in (*BUILTIN_LAYERS, UPLOAD_PREVIEW)
        }
        if further:
            _many(
                "Further layers",
                "layers",
                board.view.layers,
                tuple(further),
                lambda name: further.get(name, name),
            )
        key = "filter_base"
        names = {base.name: base.title for base in BASES}
        _put(key, board.view.base, BASES[0].name)
        st.selectbox(
            "Base map",
            tuple(names),
            key=key,
            format_func=names.__getitem__,
            on_change=_changed("base", key, str),
        )
