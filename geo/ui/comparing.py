"""The parts of the pages that set things side by side: two windows of days, and conflicts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from geo.compare import APPEARED, Comparison, compare_views, resolve_windows
from geo.corroboration import group_reports
from geo.facets import list_facets
from geo.page_registry import WEST_SYRIA
from geo.selection import CLAIMS, Selection, select
from geo.store import Query
from geo.text import formatting
from geo.ui.html import escape, html_table, tag
from geo.ui.page_context import change_view
from geo.ui.page_sections import current_page, draw_map

WORDS = {APPEARED: "appeared in the reports"}


def draw_comparison() -> None:
    """Draw two maps with one camera, each with its own days, and what differs between them."""
    now = current_page()
    store = now.context.store
    view = now.view
    days = list_facets(store, view.sources, view.layers).days
    every = select(replace(view, date_from=None, date_to=None), store).by_day
    first, second = resolve_windows(view, days, [day for day in every if day])
    found = compare_views(first, second, store)
    _head(found)
    with st.container(key="compare"):
        left, right = st.columns(2, gap="small")
    with left:
        _days("Days on the left", found.first, days)
        draw_map(found.first, view, frame=replace(WEST_SYRIA, lock=True), name="first")
    with right:
        st.html(
            tag(
                "p",
                "days-right",
                "Days on the right: the sidebar's days, now ",
                f"<b>{escape(_span(found.second))}</b>",
            )
        )
        draw_map(found.second, view, frame=replace(WEST_SYRIA, lock=True), name="second")
    _changes(found)


def _span(selection: Selection) -> str:
    return formatting.format_span(selection.view.date_from, selection.view.date_to)


def _head(found: Comparison) -> None:
    counts = " · ".join(f"{count} {name}" for name, count in found.counts.items())
    counted = f"{found.first.report_count} on the left, {found.second.report_count} on the right"
    st.html(tag(
        "header", "headline",
        f"<h1>{escape(_span(found.first))} beside {escape(_span(found.second))}</h1>",
        tag("p", "", escape(counts or "No system is named on either side"), " ",
            tag("b", "counted", escape(counted))),
    ))  # fmt: skip


def _days(label: str, selection: Selection, days: tuple[dt.date, dt.date]) -> None:
    key = f"compare_{days[0]}_{days[1]}"
    value = (max(selection.view.date_from or days[0], days[0]), selection.view.date_to or days[1])
    if days[0] == days[1]:
        return
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    st.slider(label, *days, key=key, format="D MMM", on_change=lambda: _chosen(key))


def _chosen(key: str) -> None:
    start, end = st.session_state[key]
    change_view(compare=start, compare_to=None if end == start else end)


def _changes(found: Comparison) -> None:
    rows = (
        (
            c.place,
            c.system,
            WORDS.get(c.change, c.change),
            c.words,
            ", ".join(c.before) or "—",
            ", ".join(c.after) or "—",
        )
        for c in found.changes
    )
    head = ("Place", "System", "Change", "In words", "Claims, left", "Claims, right")
    st.html(
        tag(
            "section",
            "reading full",
            "<h2>What differs, system by system</h2>",
            html_table(head, rows),
            "<p>Not observed is never gone: only a report that itself says something had left "
            "is told as such.</p>",
        )
    )


def draw_conflicts() -> None:
    """Draw each question beside the claims that answer it; the answer is left to the reader."""
    now = current_page()
    shown = set(now.selection.ids)
    st.html(tag("header", "headline", "<h1>Where sources differ</h1>",
                tag("p", "", "Each question beside the reports that answer it, without a verdict. ",
                    tag("b", "counted", escape(now.selection.report_count)))))  # fmt: skip
    for conflict in now.context.evidence.conflicts:
        rows = now.context.store.read(CLAIMS, Query(ids=tuple(conflict.claims)))
        cards = "".join(_answer(row, row["id"] in shown) for row in rows.to_dict("records"))
        st.html(
            tag(
                "section",
                "question",
                f"<h2>{escape(conflict.question)}</h2>",
                tag("div", "answers-grid", cards),
            )
        )


def _answer(row: dict, shown: bool) -> str:
    note = "" if shown else tag("span", "outside", "outside the view as it is filtered now")
    return tag(
        "article",
        f"claim {row['stance']}",
        tag("div", "kicker", escape(formatting.format_when(row)), " · ", escape(row["certainty"])),
        tag("p", "says", escape(row["says"])),
        tag("p", "source", escape(f"{row['reported']}; {row['attributed_to']}"), " ", note),
        tag("p", "source", escape(row["id"])),
    )


def draw_corroboration() -> None:
    """Draw what more than one source tells, and on how many origins of evidence it rests."""
    rows = [
        (
            group.thing,
            group.place,
            formatting.format_day(group.day),
            f"{len(group.claims)} reports ({', '.join(group.claims)})",
            f"{len(group.origins)} origins: independent"
            if group.independent
            else "1 origin: not independent",
            ", ".join(group.origins),
        )
        for group in group_reports(current_page().selection)
    ]
    if rows:
        head = ("Thing", "Place", "Day", "Reports", "Origins of evidence", "Which")
        note = "<p>Articles that read the same image rest on one origin of evidence.</p>"
        title = "<h2>Told by more than one source</h2>"
        st.html(tag("section", "reading full", title, html_table(head, rows), note))
