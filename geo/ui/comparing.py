"""Sections that compare: two windows of days, conflicting reports, corroborated reports."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import streamlit as st
from markupsafe import Markup

from geo.builtin_layers import find_store
from geo.compare import APPEARED, LEFT, RIGHT, Comparison
from geo.corroboration import group_reports
from geo.evidence.loading import format_origin
from geo.evidence.rating_words import write_ratings
from geo.evidence.record_changes import NOT_THE_THING, WITHDRAWN, count_record_changes
from geo.export.page_rows import collect_page_rows, describe_states, find_window, format_windows
from geo.facets import list_facets
from geo.page_registry import build_frame
from geo.text import formatting
from geo.ui.claim_panel import Row, read_answers
from geo.ui.html import escape, headline, html_table, link, section, tag
from geo.ui.known_as_of import draw_choice
from geo.ui.page_context import PageContext, change_view
from geo.ui.page_sections import SetDays, current_page, draw_map
from geo.ui.signs import render_stance, render_stances
from geo.ui.view_links import claim_address, question_anchor, view_address, view_of_origin

Window = tuple[dt.date, dt.date]  # first and last day
MAPS = {LEFT: "first", RIGHT: "second"}  # names of the maps by side
MOST_CHANGES = 200  # of reports between two states, in the table
CHANGE_LABELS = {APPEARED: "appeared in the reports"}


def draw_comparison() -> None:
    """Draw two maps with one camera, each with its own days, and the differences."""
    page = current_page()
    found = compare_page(page)
    frame = build_frame(lock=True)
    counts = " · ".join(f"{count} {name}" for name, count in found.counts.items())
    st.html(
        headline(
            format_windows(found),
            counts or "No system is named on either side",
            f"{found.first.plain_count} on the left, {found.second.plain_count} on the right",
        )
    )
    with st.container(key="compare"):
        columns = st.columns(2, gap="small")
    days = list_facets(page.context.store, page.view.sources, page.view.layers, page.view.axis).days
    windows = {LEFT: find_window(found.first), RIGHT: find_window(found.second)}
    ends = [*days, *windows[LEFT], *windows[RIGHT]]
    for column, (side, selection) in zip(
        columns, ((LEFT, found.first), (RIGHT, found.second)), strict=True
    ):
        with column:
            set_days = partial(_set_window, side, windows[LEFT], days)
            _draw_slider(side, (min(ends), max(ends)), windows[side], set_days)
            if side == LEFT:
                draw_choice(page, "compare_as_of", "Reports on the left", "as on the right")
            else:
                draw_choice(page, "as_of", "Reports on the right", "as they stand now")
            version = find_store(page.context.store, selection.view.as_of).version()
            draw_map(
                selection,
                page.view,
                frame=frame,
                name=MAPS[side],
                version=version,
                set_days=set_days,
            )
    _draw_record_changes(page, found)
    _draw_changes(page, found)


def compare_page(page: PageContext) -> Comparison:
    """Return the comparison of the view's two windows."""
    rows = collect_page_rows(page.view, page.context.store, page.context.evidence)
    assert rows.comparison is not None
    return rows.comparison


def _draw_slider(side: str, ends: Window, chosen: Window, set_days: SetDays) -> None:
    """Draw the choice of the days of one map."""
    if ends[0] == ends[1]:
        return
    key = f"compare_{side}_{ends[0]}_{ends[1]}"
    if st.session_state.get(key) != chosen:
        st.session_state[key] = chosen
    label, change = f"Days on the {side}", lambda: set_days(*st.session_state[key])
    form = "D MMM YYYY" if formatting.needs_year(*ends) else "D MMM"
    st.slider(label, *ends, key=key, format=form, on_change=change)


def _set_window(
    side: str, left: Window, days: Window, start: dt.date | None, end: dt.date | None
) -> None:
    """Set the days of one side, None for all of `days`; the other side keeps its own."""
    start, end = start or days[0], end or days[1]
    if side == LEFT:
        change_view(compare=start, compare_to=end)
    else:
        change_view(date_from=start, date_to=end, compare=left[0], compare_to=left[1])


def _show_state(page: PageContext, as_of: str | None) -> PageContext:
    """Return the page with a view of the reports as they stood, for links."""
    return replace(page, view=replace(page.view, as_of=as_of, compare_as_of=None))


def _link_claims(page: PageContext, ids: Iterable[str]) -> Markup:
    """Return ids as links that open their reports."""
    links = (link(tag("span", "report-id", escape(one)), claim_address(page, one)) for one in ids)
    return Markup(", ").join(links) or Markup("—")


def _draw_record_changes(page: PageContext, found: Comparison) -> None:
    """Draw which reports the later state has, lacks, or has differently; nothing for one state."""
    if found.first.as_of == found.second.as_of:
        return
    left, right = (_show_state(page, one.view.as_of) for one in (found.first, found.second))
    rows = (
        (_link_claims(left if one.kind == WITHDRAWN else right, [one.claim]), one.kind, one.words)
        for one in found.records[:MOST_CHANGES]
    )
    counts = count_record_changes(found.records)
    said = " · ".join(f"{count} {kind}" for kind, count in counts.items())
    title = f"What was known: {describe_states(found)}"
    if len(found.records) > MOST_CHANGES:
        said += f"; the first {MOST_CHANGES} are listed, fewer with a filter of the sidebar"
    none = "The reports of both sides are the same in both states."
    note = f"<p>{escape(f'{said}. {NOT_THE_THING}' if said else none)}</p>"
    table = html_table(("Report", "Change", "In words"), rows) if said else ""
    st.html(section(title, table, note, css="reading full"))


def _draw_changes(page: PageContext, found: Comparison) -> None:
    left, right = (_show_state(page, one.view.as_of) for one in (found.first, found.second))
    rows = (
        (
            c.place,
            c.system,
            CHANGE_LABELS.get(c.change, c.change),
            c.words,
            _link_claims(left, c.before),
            _link_claims(right, c.after),
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
    answers = [(one, read_answers(page, one)) for one in page.context.evidence.conflicts]
    st.html(render_stances(row["stance"] for _, rows in answers for row in rows))
    for conflict, rows in answers:
        cards = "".join(_render_answer(page, row, row["id"] in shown) for row in rows)
        grid, anchor = tag("div", "answers-grid", cards), question_anchor(conflict.id)
        st.html(section(conflict.question, grid, css="question", anchor=anchor))


def _render_answer(page: PageContext, row: Row, shown: bool) -> str:
    note = "" if shown else tag("span", "outside", "outside the view as it is filtered now")
    when = escape(formatting.format_when(row))
    ratings = write_ratings(row, page.context.evidence.vocabulary_by_id)
    return tag(
        "article",
        f"claim {row['stance']}",
        tag("div", "kicker", when, " · ", escape(row["certainty"])),
        tag("div", "kicker", render_stance(row["stance"])),
        tag("p", "says", escape(row["says"])),
        tag("p", "source", escape(f"{row['reported']}; {row['attributed_to']}"), " ", note),
        tag("p", "source", escape(ratings)) if ratings else "",
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
        note = "<p>Sources that read the same image rest on one origin of evidence.</p>"
        title = "Reported by more than one source"
        st.html(section(title, html_table(head, rows), note, css="reading full"))
