"""The sections that pages consist of: headline, map, panel, tables."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from geo import summary
from geo.errors import ViewError
from geo.evidence.day_counts import OBSERVED_AXIS, explain_days
from geo.export.data.cell_types import as_text, to_column
from geo.large_layer import LargeLayerRows
from geo.mapping.folium_map import MapExtent, build_base_map, build_feature_group
from geo.mapping.lazy_folium import folium
from geo.page_registry import PageSpec
from geo.playback import parse_playback
from geo.selection import Selection
from geo.store import row_ids
from geo.text import formatting
from geo.text.direction import lead_with
from geo.ui import claim_panel
from geo.ui.claims_table import LEDGER_WIDTHS, list_claim_columns
from geo.ui.expanding import draw_expander
from geo.ui.html import escape, headline, link, section, tag
from geo.ui.map_component import draw_folium_map
from geo.ui.page_context import PageContext, change_view, is_view_changed, keep_camera
from geo.ui.view_links import view_address
from geo.view import View
from geo.view_layers import LayerRows

log = logging.getLogger(__name__)
_EPOCH = "table_epoch"
_LINK_OUTDATED = "link_outdated"  # session key: the camera of the shown link is an earlier one
SHARE_PANEL = "away_open"  # session key of the share panel: whether it is open
LEDGER_HEIGHT = 640  # pixels
LEDGER_ROW = 78  # pixels: four lines; Streamlit wraps text in rows of more than 64
LAYER_ROWS = 2_000  # of a further layer, in the table
SetDays = Callable[[dt.date | None, dt.date | None], None]
MAP_HEIGHT = 620  # pixels, before app.css fits it to the window


def current_page() -> PageContext:
    """Return the page context of this run."""
    return st.session_state["page"]


def draw_heading() -> None:
    """Draw the page's headline, subtitle and number of reports."""
    page = current_page()
    title = summary.build_title(page.selection, page.spec.heading)
    subtitle = summary.build_subtitle(page.selection)
    st.html(headline(title, subtitle, summary.count_reports(page.selection)))


def draw_map_and_panel() -> None:
    """Draw the map with the panel beside it."""
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
    set_days: SetDays | None = None,
) -> None:
    """Draw the page's map, or one of several; a rerun changes only its dynamic feature group.

    `set_days` is called with the days that somebody chose on the map, None for all.
    """
    page = current_page()
    frame = frame or page.spec.frame
    if frame is not None:
        version = version or page.context.store.version()
        shown = selection or page.selection, view or page.view, version
        shared = bool(st.session_state.get(SHARE_PANEL))
        build_group = partial(build_feature_group, *shown, shared=shared)
        _draw_map_frame(build_group, frame, name, set_days or _set_days)


@st.fragment
def _draw_map_frame(
    build_group: Callable[[], folium.FeatureGroup], frame: MapExtent, name: str, set_days: SetDays
) -> None:
    """Draw the frame of a map. Its messages rerun the frame alone: a camera needs no new page."""
    spec = current_page().spec
    key = f"map_{spec.path}{name}"
    if is_view_changed() or st.session_state.pop(_LINK_OUTDATED, False):
        st.rerun()
    draw_folium_map(
        build_base_map(frame, f"{spec.path}{name}", spec.places, lead_with(spec.heading)),
        key=key,
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=build_group(),
        render=False,
        on_change=lambda: _handle_map_request(spec, key, set_days),
    )


def _handle_map_request(spec: PageSpec, key: str, set_days: SetDays) -> None:
    """Open what was picked on the map, set the days or how they are played, keep the camera."""
    value = st.session_state.get(key)
    asked = value if isinstance(value, dict) else {}
    try:
        if "camera" in asked:
            keep_camera(spec, asked["camera"])
            st.session_state[_LINK_OUTDATED] = True
        if isinstance(asked.get("pick"), str):
            _choose_claim(asked["pick"])
        if isinstance(asked.get("days"), list):
            start, end = (dt.date.fromisoformat(day) if day else None for day in asked["days"])
            set_days(start, end)
        if isinstance(asked.get("play"), str):
            change_view(play=parse_playback(asked["play"]))
    except (TypeError, ValueError, ViewError):
        log.warning("the map sent no claim, days, playback or camera: %r", asked)


def _set_days(start: dt.date | None, end: dt.date | None) -> None:
    change_view(date_from=start, date_to=end)


def draw_panel() -> None:
    """Draw the panel, with a button back from a chosen report."""
    page = current_page()
    if page.view.claim:
        st.button(
            "Back to the summary",
            key="close_panel",
            type="tertiary",
            icon=":material/arrow_back:",
            on_click=_choose_claim,
        )
    label = 'tabindex="0" role="region" aria-label="What is chosen, in words"'
    with st.container(key="panel"):
        st.html(f'<div class="panel" {label}>{claim_panel.render_panel(page)}</div>')
        if page.view.claim:
            from geo.ui.claim_actions import draw_claim_record

            draw_claim_record(page)


def _choose_claim(claim: str | None = None) -> None:
    """Choose a report or place, or none, and redraw the table so that it marks the choice."""
    change_view(claim=claim)
    st.session_state[_EPOCH] = st.session_state.get(_EPOCH, 0) + 1


def draw_system_days() -> None:
    """Draw a table of systems by day: seen, reported, or no report."""
    page = current_page()
    days, cells = summary.tabulate_system_days(page.selection)
    if not cells:
        return
    head = "".join(f"<th>{escape(formatting.format_short_day(day))}</th>" for day in days)
    words = {"seen": "seen", "reported": "reported", "none": "no report"}
    body = "".join(
        f"<tr><th>{link(escape(system), view_address(replace(page.view, systems=(system,))))}</th>"
        + "".join(
            f"<td class={status}>{words[status]}</td>"
            for day in days
            for status in [by_day.get(day, "none")]
        )
        + "</tr>"
        for system, by_day in cells.items()
    )
    happened = "" if page.view.axis == OBSERVED_AXIS else " on which it happened"
    st.html(
        section(
            f"By system and day{happened}",
            f'<div class="wide"><table class="days"><thead><tr><th>System</th>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
            "<p>● seen: imagery, video or tracking of the place itself on that day&emsp;"
            "○ reported: in words, near the place, or on some day of a span&emsp;"
            "· no report of it on that day, which is no sign that it had gone</p>",
        )
    )


def draw_table() -> None:
    """Draw an expander with the tables of reports and of further layers."""
    page = current_page()
    with draw_expander(summary.name_table(page.selection), "table_open") as opened:
        if opened:
            _draw_claims_table(page)
            for rows in page.selection.layers:
                _draw_layer_table(page, rows)


def draw_ledger() -> None:
    """Draw the table of reports with the chosen one beside it."""
    left, right = st.columns((2.7, 1), gap="medium")
    with left:
        _draw_claims_table(current_page())
    with right:
        if not current_page().view.claim:
            st.html(tag("p", "hint", "Choose a row to read it in full, with its source."))
        draw_panel()


def _draw_claims_table(page: PageContext) -> None:
    rows = page.selection.rows
    st.html(tag("p", "hint", escape(explain_days(page.selection.days, page.view.axis))))
    ids = tuple(rows["id"])
    # The epoch redraws the table after a choice on the map; a choice in the table keeps it.
    key = f"table_{page.spec.path}_{page.selection.token}_{st.session_state.get(_EPOCH, 0)}"
    chosen = [ids.index(page.view.claim)] if page.view.claim in ids else []
    st.dataframe(
        list_claim_columns(page),
        key=key,
        hide_index=True,
        width="stretch",
        height=min(LEDGER_HEIGHT, 38 + LEDGER_ROW * max(len(ids), 1)),
        row_height=LEDGER_ROW,
        on_select=lambda: _choose_row(key, ids),
        selection_mode="single-row",
        selection_default={"selection": {"rows": chosen}},
        column_config={
            name: st.column_config.TextColumn("≠" if width < 60 else None, width=width, help=name)
            for name, width in (LEDGER_WIDTHS | {"Reported on": 126, "Review": 76}).items()
        },
    )


def _draw_layer_table(page: PageContext, rows: LayerRows | LargeLayerRows) -> None:
    """Draw the rows of a further layer as text; a chosen one opens in the panel."""
    shown = rows.head(LAYER_ROWS)
    more = f", the first {len(shown):,} here" if len(shown) < rows.shown else ""
    zone = f"; {rows.zone_note}" if rows.zone_note else ""
    st.text(f"{rows.title}: {rows.shown:,} of {rows.total:,} rows{more}; {rows.days}{zone}")
    info = page.context.store.layer(rows.name)
    ids = tuple(f"{rows.name}/{name}" for name in row_ids(shown, info))
    key = f"table_{page.spec.path}_{rows.name}_{page.selection.token}"
    st.dataframe(
        as_text_frame(shown.drop(columns=shown.geometry.name)),
        key=key,
        hide_index=True,
        width="stretch",
        on_select=lambda: _choose_row(key, ids),
        selection_mode="single-row",
    )


def as_text_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with every cell as text, so that Streamlit can show any type."""
    columns = [to_column(str(name), frame.iloc[:, n]) for n, name in enumerate(frame.columns)]
    texts = {
        column.name: ["" if cell is None else as_text(cell) for cell in column.cells]
        for column in columns
    }
    return pd.DataFrame(texts, dtype="str")


def _choose_row(key: str, ids: tuple[str, ...]) -> None:
    positions = st.session_state[key]["selection"]["rows"]
    change_view(claim=ids[positions[0]] if positions else None)
