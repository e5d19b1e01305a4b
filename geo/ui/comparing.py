"""Sections that compare: two windows of days, conflicting reports, corroborated reports."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from geo.compare import APPEARED, Comparison, compare_views, resolve_windows
from geo.corroboration import group_reports
from geo.evidence.loading import format_origin
from geo.facets import list_facets
from geo.page_registry import WEST_SYRIA
from geo.selection import Selection, select
from geo.text import formatting
from geo.ui.claim_panel import Row, read_answers
from geo.ui.html import escape, headline, html_table, link, section, tag
from geo.ui.page_context import PageContext, change_view
from geo.ui.page_sections import current_page, draw_map
from geo.ui.view_links import claim_address, question_anchor, view_address, view_of_origin

CHANGE_LABELS = {APPEARED: "appeared in the reports"}


def draw_comparison() -> None:
    """Draw two maps with one camera, each with its own days, and the differences."""
    page = current_page()
    found, days = compare_page(page)
    frame = replace(WEST_SYRIA, lock=True)
    counts = " · ".join(f"{count} {name}" for name, count in found.counts.items())
    st.html(
        headline(
            f"{format_window(found.first)} beside {format_window(found.second)}",
            counts or "No system is named on either side",
            f"{found.first.report_count} on the left, {found.second.report_count} on the right",
        )
    )
    with st.container(key="compare"):
        left, right = st.columns(2, gap="small")
    with left:
        _draw_left_days(found.first, days)
        draw_map(found.first, page.view, frame=frame, name="first")
    with right:
        window = f"<b>{escape(format_window(found.second))}</b>"
        text = f"Days on the right: the sidebar's days, now {window}"
        st.html(tag("p", "days-right", text))
        draw_map(found.second, page.view, frame=frame, name="second")
    _draw_changes(page, found)


def compare_page(page: PageContext) -> tuple[Comparison, tuple[dt.date, dt.date]]:
    """Return the comparison of the view's two windows, and the first and last day of the data."""
    view, store = page.view, page.context.store
    days = list_facets(store, view.sources, view.layers).days
    by_day = select(replace(view, date_from=None, date_to=None), store).days.by_day
    windows = resolve_windows(view, days, [*by_day])
    return compare_views(*windows, store), days


def format_window(selection: Selection) -> str:
    """Return the first and last day of a selection's view as text."""
    return formatting.format_span(selection.view.date_from, selection.view.date_to)


def _draw_left_days(selection: Selection, days: tuple[dt.date, dt.date]) -> None:
    if days[0] == days[1]:
        return
    key = f"compare_{days[0]}_{days[1]}"
    value = (max(selection.view.date_from or days[0], days[0]), selection.view.date_to or days[1])
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    st.slider(
        "Days on the left", *days, key=key, format="D MMM", on_change=lambda: _set_left_days(key)
    )


def _set_left_days(key: str) -> None:
    start, end = st.session_state[key]
    change_view(compare=start, compare_to=None if end == start else end)


def _link_claims(page: PageContext, ids: Iterable[str]) -> Markup:
    """Return ids as links that open their reports."""
    links = (link(escape(one), claim_address(page, one)) for one in ids)
    return Markup(", ").join(links) or Markup("—")


def _draw_changes(page: PageContext, found: Comparison) -> None:
    rows = (
        (
            c.place,
            c.system,
            CHANGE_LABELS.get(c.change, c.change),
            c.words,
            _link_claims(page, c.before),
            _link_claims(page, c.after),
        )
        for c in found.changes
    )
    head = ("Place", "System", "Change", "In words", "Reports, left", "Reports, right")
    note = (
        "<p>Not observed is never gone: only a report that itself says something had left "
        "is shown as such.</p>"
    )
    title = "What differs, system by system"
    st.html(section(title, html_table(head, rows), note, css="reading full"))


def draw_conflicts() -> None:
    """Draw each conflict's question beside the reports that answer it, without a verdict."""
    page = current_page()
    shown = set(page.selection.ids)
    text = "Each question beside the reports that answer it, without a verdict."
    st.html(headline("Where sources differ", text, page.selection.report_count))
    for conflict in page.context.evidence.conflicts:
        rows = read_answers(page, conflict)
        cards = "".join(_render_answer(page, row, row["id"] in shown) for row in rows)
        grid, anchor = tag("div", "answers-grid", cards), question_anchor(conflict.id)
        st.html(section(conflict.question, grid, css="question", anchor=anchor))


def _render_answer(page: PageContext, row: Row, shown: bool) -> str:
    note = "" if shown else tag("span", "outside", "outside the view as it is filtered now")
    when = escape(formatting.format_when(row))
    return tag(
        "article",
        f"claim {row['stance']}",
        tag("div", "kicker", when, " · ", escape(row["certainty"])),
        tag("p", "says", escape(row["says"])),
        tag("p", "source", escape(f"{row['reported']}; {row['attributed_to']}"), " ", note),
        tag(
            "p", "source", link(f"Open report {escape(row['id'])}", claim_address(page, row["id"]))
        ),
    )


def _link_origin(page: PageContext, origin: str) -> Markup:
    name = escape(format_origin(page.context.evidence, origin))
    return link(name, view_address(view_of_origin(page, origin)))


def draw_corroboration() -> None:
    """Draw what several sources report, and how many independent origins of evidence there are."""
    page = current_page()
    rows = [
        (
            group.thing,
            group.place,
            formatting.format_day(group.day),
            Markup(f"{len(group.claims)} reports: ") + _link_claims(page, group.claims),
            f"{len(group.origins)} origins: independent"
            if group.independent
            else "1 origin: not independent",
            Markup("; ").join(_link_origin(page, origin) for origin in group.origins),
        )
        for group in group_reports(page.selection)
    ]
    if rows:
        head = ("Thing", "Place", "Day", "Reports", "Origins of evidence", "Which")
        note = "<p>Articles that read the same image rest on one origin of evidence.</p>"
        title = "Reported by more than one source"
        st.html(section(title, html_table(head, rows), note, css="reading full"))
