"""The parts that pages are made of. Each draws what the session's board holds."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from geo import summary
from geo.errors import ViewError
from geo.export.data.cell_types import as_text, to_column
from geo.large_layer import LargeLayerRows
from geo.mapping.folium_map import MapExtent, build_base_map, build_feature_group
from geo.selection import LayerRows, Selection
from geo.store import row_ids
from geo.text import formatting
from geo.ui import claim_panel
from geo.ui.html import escape, tag
from geo.ui.page_context import PageContext, change_view
from geo.view import View

log = logging.getLogger(__name__)
_EPOCH = "table_epoch"
LEDGER_HEIGHT = 640  # pixels
LAYER_ROWS = 2_000  # of a further layer, in the table
MAP_HEIGHT = 620  # pixels, before app.css fits it to the window


def current_page() -> PageContext:
    """Return what this run shows."""
    return st.session_state["board"]


def draw_heading() -> None:
    """Draw the page's headline, what it says in short, and the count."""
    selection = current_page().selection
    st.html(tag(
        "header", "headline",
        f"<h1>{escape(summary.build_title(selection, current_page().page.heading))}</h1>",
        tag("p", "", escape(summary.build_subtitle(selection)), " ",
            tag("b", "counted", escape(selection.report_count))),
    ))  # fmt: skip


def draw_map_and_panel() -> None:
    """Draw the map and, beside it, the panel."""
    left, right = st.columns((2.6, 1), gap="medium")
    with left:
        draw_map()
    with right:
        draw_panel()


def draw_map(
    selection: Selection | None = None,
    view: View | None = None,
    *,
    frame: MapExtent | None = None,
    name: str = "",
    version: str = "",
) -> None:
    """Draw a map: the page's own, or one of several. Only its small dynamic group changes."""
    now = current_page()
    frame = frame or now.page.frame
    if frame is None:
        return
    key = f"map_{now.page.path}{name}"
    st_folium(
        build_base_map(frame, f"{now.page.path}{name}", now.page.places),
        key=key,
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=build_feature_group(
            selection or now.selection, view or now.view, version or now.context.store.version()
        ),
        render=False,
        on_change=lambda: _picked(key, first=name == "first"),
    )


def _picked(key: str, *, first: bool = False) -> None:
    """Do what was asked for on the map: open a claim or a place, or set the days."""
    value = st.session_state.get(key)
    asked = value if isinstance(value, dict) else {}
    try:
        if isinstance(asked.get("pick"), str):
            change_view(claim=asked["pick"])
            _mark_in_table()
        if isinstance(asked.get("days"), list):
            start, end = (dt.date.fromisoformat(day) if day else None for day in asked["days"])
            change_view(
                **(
                    {"compare": start, "compare_to": end}
                    if first
                    else {"date_from": start, "date_to": end}
                )
            )
    except (TypeError, ValueError, ViewError):
        log.warning("the map asked for something that is no claim and no day: %r", asked)


def draw_panel() -> None:
    """Draw the panel, with a way back from a chosen claim."""
    now = current_page()
    if now.view.claim:
        st.button(
            "Back to the summary",
            key="close_panel",
            type="tertiary",
            icon=":material/arrow_back:",
            on_click=_close,
        )
    label = 'tabindex="0" role="region" aria-label="What is chosen, in words"'
    with st.container(key="panel"):
        st.html(f'<div class="panel" {label}>{claim_panel.render_panel(now)}</div>')


def _close() -> None:
    change_view(claim=None)
    _mark_in_table()


def _mark_in_table() -> None:
    st.session_state[_EPOCH] = st.session_state.get(_EPOCH, 0) + 1


def draw_system_days() -> None:
    """Draw which system was seen or reported on which day; a blank is no sign of absence."""
    days, cells = summary.tabulate_system_days(current_page().selection)
    if not cells:
        return
    head = "".join(f"<th>{escape(formatting.format_short_day(day))}</th>" for day in days)
    words = {"seen": "seen", "reported": "reported", "none": "no report"}
    body = "".join(
        f"<tr><th>{escape(system)}</th>"
        + "".join(
            f"<td class={status}>{words[status]}</td>"
            for day in days
            for status in [by_day.get(day, "none")]
        )
        + "</tr>"
        for system, by_day in cells.items()
    )
    st.html(
        tag(
            "section",
            "reading",
            "<h2>By system and day</h2>",
            f'<div class="wide"><table class="days"><thead><tr><th>System</th>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
            "<p>● seen in imagery or on video&emsp;○ reported in words&emsp;· no report of it on "
            "that day, which is no sign that it had gone</p>",
        )
    )


def draw_table() -> None:
    """Draw, when it is opened, the table of the claims shown; a chosen row is marked on the map."""
    now = current_page()
    part = st.expander(f"Table: {now.selection.report_count}", key="table_open", on_change="rerun")
    if part.open:
        with part:
            _table(now)
            for rows in now.selection.layers:
                _layer_table(now, rows)


def draw_ledger() -> None:
    """Draw the table of the claims shown, with the chosen one beside it in full."""
    left, right = st.columns((2.4, 1), gap="medium")
    with left:
        _table(current_page(), height=LEDGER_HEIGHT)
    with right:
        if not current_page().view.claim:
            st.html(tag("p", "hint", "Choose a row to read it in full, with its source."))
        draw_panel()


def _table(now: PageContext, height: int | Literal["auto"] = "auto") -> None:
    rows = now.selection.rows
    columns = {
        "id": rows["id"],
        "What is reported": rows["says"],
        "When": [
            formatting.format_when(row)
            for row in rows[[*formatting.DATE_COLUMNS]].to_dict("records")
        ],
        "Place": rows["place_name"].fillna("—"),
        "Systems": [", ".join(names) for names in rows["systems"]],
        "Evidence": rows["evidence"],
        "Certainty": rows["certainty"],
        "Points to": rows["stance"],
        "Number": [
            formatting.format_count(*pair)
            for pair in zip(rows["count_min"], rows["count_max"], strict=True)
        ],
        "Attributed to": rows["attributed_to"],
        "Reported by": rows["publisher"],
        "Sources differ": ["≠" if len(names) else "" for names in rows["conflicts"]],
    }
    ids = tuple(rows["id"])
    # What is chosen on the map is marked here by drawing the table anew; a choice made in the
    # table itself leaves it as it is.
    key = f"table_{now.page.path}_{now.selection.token}_{st.session_state.get(_EPOCH, 0)}"
    chosen = [ids.index(now.view.claim)] if now.view.claim in ids else []
    st.dataframe(
        pd.DataFrame(columns).reset_index(drop=True),
        key=key,
        hide_index=True,
        width="stretch",
        height=height,
        on_select=lambda: _chosen(key, ids),
        selection_mode="single-row",
        selection_default={"selection": {"rows": chosen}},
        column_config={"What is reported": st.column_config.TextColumn(width="large")},
    )


def _layer_table(now: PageContext, rows: LayerRows | LargeLayerRows) -> None:
    """Draw a further layer's rows as they stand; a chosen one opens in the panel."""
    shown = rows.head(LAYER_ROWS)
    more = f", the first {len(shown):,} here" if len(shown) < rows.shown else ""
    st.text(f"{rows.title}: {rows.shown:,} of {rows.total:,} rows{more}")
    info = now.context.store.layer(rows.name)
    ids = tuple(f"{rows.name}/{name}" for name in row_ids(shown, info))
    key = f"table_{now.page.path}_{rows.name}_{now.selection.token}"
    st.dataframe(
        as_text_frame(shown.drop(columns=shown.geometry.name)),
        key=key,
        hide_index=True,
        width="stretch",
        on_select=lambda: _chosen(key, ids),
        selection_mode="single-row",
    )


def as_text_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame that can be shown whatever its cells hold: each as text, days as days."""
    columns = [to_column(str(name), frame.iloc[:, n]) for n, name in enumerate(frame.columns)]
    texts = {
        column.name: ["" if cell is None else as_text(cell) for cell in column.cells]
        for column in columns
    }
    return pd.DataFrame(texts, dtype="str")


def _chosen(key: str, ids: tuple[str, ...]) -> None:
    positions = st.session_state[key]["selection"]["rows"]
    change_view(claim=ids[positions[0]] if positions else None)
