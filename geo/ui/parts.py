"""The parts that pages are made of. Each draws what the session's board holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from geo import summary, wording
from geo.mapping.element import base_map, feature_group
from geo.selection import count_by_day
from geo.ui import facets, panels
from geo.ui.state import Board, change
from geo.ui.text import esc, tag

MAP_HEIGHT = 620  # pixels, before app.css fits it to the window


def board() -> Board:
    """Return what this run shows."""
    return st.session_state["board"]


def heading(place: str = "") -> None:
    """Draw the page's headline, what it says in short, and the count."""
    selection = board().selection
    st.html(tag(
        "header", "headline",
        f"<h1>{esc(summary.title(selection, place))}</h1>",
        tag("p", "", esc(summary.subtitle(selection)), " ", tag("b", "counted", esc(selection.counted))),
    ))  # fmt: skip


def map_and_panel() -> None:
    """Draw the map and, beside it, the panel."""
    left, right = st.columns((2.6, 1), gap="medium")
    with left:
        draw_map()
    with right:
        draw_panel()


def draw_map() -> None:
    """Draw the page's map. Only the small dynamic group changes with the view."""
    now = board()
    store = now.where.store
    versions = {info.name: info.version for info in store.layers()}
    key = f"map_{now.page.path}"
    frame = now.page.frame
    if frame is None:
        return
    st_folium(
        base_map(frame, now.page.path),
        key=key,
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=feature_group(now.selection, now.view, versions),
        render=False,
        on_change=lambda: _picked(key),
    )


def _picked(key: str) -> None:
    """Open what was picked on the map; a second pick of the same closes it."""
    value = st.session_state.get(key) or {}
    if isinstance(value, dict) and isinstance(value.get("pick"), str):
        change(claim=value["pick"])


def draw_panel() -> None:
    """Draw the panel, with a way back from a chosen claim."""
    now = board()
    if now.view.claim:
        st.button("Back to the summary", key="close_panel", type="tertiary",
                  icon=":material/arrow_back:", on_click=_close)  # fmt: skip
    with st.container(key="panel"):
        st.html(tag("div", "panel", panels.panel(now)))


def _close() -> None:
    change(claim=None)


def timeline() -> None:
    """Draw the day histogram; a brush on it sets the window of days."""
    now = board()
    st.session_state.setdefault("brushes", 0)
    key = f"timeline_{st.session_state['brushes']}"
    st.vega_lite_chart(
        _histogram(now), key=key, on_select=lambda: _brushed(key), selection_mode="brush",
        width="stretch", height=110,
    )  # fmt: skip


def _histogram(now: Board) -> dict[str, Any]:
    first, last = facets.options(now.where.store, now.view.sources, now.view.layers).days
    shown = now.selection.by_day
    every = count_by_day(facets.without_days(now.selection.view, now.where.store))
    days = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    values = [
        {"d": day.isoformat(), "n": n, "k": kind}
        for day in days
        for kind, n in (
            ("shown", shown.get(day, 0)),
            ("other days", max(every.get(day, 0) - shown.get(day, 0), 0)),
        )
        if n
    ]
    domain = [f"{first}T00:00:00Z", f"{last + dt.timedelta(1)}T00:00:00Z"]
    return {
        "data": {"values": values},
        "mark": {"type": "bar", "width": {"band": 0.7}},
        "params": [{"name": "brush", "select": {"type": "interval", "encodings": ["x"]}}],
        "encoding": {
            "x": {"field": "d", "type": "temporal", "timeUnit": "utcyearmonthdate",
                  "scale": {"type": "utc", "domain": domain}, "title": None,
                  "axis": {"format": "%-d %b", "grid": False, "tickCount": 8, "labelFontSize": 13}},
            "y": {"field": "n", "type": "quantitative", "stack": True, "title": None,
                  "axis": {"tickMinStep": 1, "tickCount": 2, "labelFontSize": 13}},
            "color": {"field": "k", "legend": None,
                      "scale": {"domain": ["shown", "other days"], "range": ["#3b7ea8", "#b9b7ae"]}},
        },
    }  # fmt: skip


def system_days() -> None:
    """Draw which system was seen or reported on which day; a blank is no sign of absence."""
    days, cells = summary.system_days(board().selection)
    if not cells:
        return
    head = "".join(f"<th>{esc(wording.short_day(day))}</th>" for day in days)
    words = {"seen": ("●", "seen"), "reported": ("○", "reported"), None: ("·", "no report")}
    body = "".join(
        f"<tr><th>{esc(system)}</th>"
        + "".join(
            f'<td class="{by_day.get(day, "none")}"><span aria-hidden="true">{mark}</span>'
            f'<span class="aloud">{text}</span></td>'
            for day in days
            for mark, text in [words[by_day.get(day)]]
        )
        + "</tr>"
        for system, by_day in cells.items()
    )
    st.html(tag(
        "section", "reading", "<h2>By system and day</h2>",
        f'<div class="wide"><table class="days"><thead><tr><th>System</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
        "<p>● seen in imagery or on video&emsp;○ reported in words&emsp;· no report of it on "
        "that day, which is no sign that it had gone</p>",
    ))  # fmt: skip


def _brushed(key: str) -> None:
    """Set the window to the days that the brush touches."""
    selection = (st.session_state.get(key) or {}).get("selection", {})
    ends = next((value for value in selection.get("brush", {}).values() if len(value) == 2), None)
    if not ends:
        return
    start, end = (dt.datetime.fromtimestamp(ms / 1000, dt.UTC).date() for ms in sorted(ends))
    now = board()
    first, last = facets.options(now.where.store, now.view.sources, now.view.layers).days
    start, end = min(max(start, first), last), min(max(end, first), last)
    change(date_from=start, date_to=end)
    st.session_state["brushes"] += 1


def table(*, always: bool = False) -> None:
    """Draw the table of the claims shown; a row that is chosen is marked on the map."""
    now = board()
    if always:
        _table(now)
        return
    part = st.expander(f"Table: {now.selection.counted}", key="table_open", on_change="rerun")
    if part.open:
        with part:
            _table(now)


def _table(now: Board) -> None:
    rows = now.selection.rows
    columns = {
        "id": rows["id"],
        "When": [wording.when(row) for row in rows.to_dict("records")],
        "Place": rows["place_name"].fillna("—"),
        "Systems": [", ".join(names) for names in rows["systems"]],
        "What is reported": rows["says"],
        "Evidence": rows["evidence"],
        "Certainty": rows["certainty"],
        "Points to": rows["stance"],
        "Number": [wording.count(*pair) for pair in zip(rows["count_min"], rows["count_max"], strict=True)],
        "Attributed to": rows["attributed_to"],
        "Reported by": rows["publisher"],
        "Sources differ": ["≠" if len(names) else "" for names in rows["conflicts"]],
    }
    import pandas as pd

    key = f"table_{now.page.path}_{now.selection.token}"
    st.dataframe(
        pd.DataFrame(columns).reset_index(drop=True), key=key, hide_index=True, width="stretch",
        on_select=lambda: _chosen(key, tuple(rows["id"])), selection_mode="single-row",
        column_config={"What is reported": st.column_config.TextColumn(width="large")},
    )  # fmt: skip


def _chosen(key: str, ids: tuple[str, ...]) -> None:
    positions = st.session_state[key]["selection"]["rows"]
    change(claim=ids[positions[0]] if positions else None)
