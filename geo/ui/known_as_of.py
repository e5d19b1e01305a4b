"""The reports as they stood: which state a page shows, the way to the present, and the choice."""

import datetime as dt
from collections import Counter
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

import streamlit as st

from geo.builtin_layers import find_evidence, find_store
from geo.evidence.known_as_of import describe_as_of
from geo.ledger import LedgerState
from geo.opened_link import describe_state, is_unfinished
from geo.page_registry import COMPARE
from geo.store.core.time_zone import case_time_zone
from geo.text import formatting
from geo.ui.browser_session import session_context
from geo.ui.html import escape, tag
from geo.ui.page_context import PageContext, change_view

NOW = "now"
MOST_DAYS = 120  # that can be chosen; a link names any


def draw_state(page: PageContext) -> None:
    """Draw one quiet line on an earlier state, with the way to the present; nothing for now."""
    lines = []
    if page.view.as_of is not None:
        lines.append(describe_state(page.view.as_of, session_context()))
    if page.spec.path == COMPARE and page.view.compare_as_of is not None:
        left = describe_state(page.view.compare_as_of, session_context())
        lines.append(f"On the left: {left[0].lower()}{left[1:]}")
    if not lines:
        return
    with st.container(key="known_as_of", horizontal=True, vertical_alignment="center"):
        st.html(tag("p", "hint", escape(" ".join(lines))), width="content")
        st.button("Show the present", key="show_present", type="tertiary", on_click=show_present)


def show_present() -> None:
    """Show the reports as they stand now."""
    change_view(as_of=None, compare_as_of=None)


def draw_choice(page: PageContext, field: str, label: str, now: str) -> None:
    """Draw the choice of a state: now, or the end of a day on which reports changed.

    `now` is the text for none. Nothing is drawn where nothing was ever changed.
    """
    value = getattr(page.view, field)
    state = session_context().state
    known = list_change_days(state, case_time_zone()) if state else {}
    over = [day for day in known if not is_unfinished(day.isoformat())]
    days = {day: known[day] for day in over[:MOST_DAYS]}
    if not days and value is None and not _is_earlier_beside(page):
        return
    texts = {NOW: now} | {
        day.isoformat(): f"as of {formatting.format_day(day)} "
        f"({count} {'change' if count == 1 else 'changes'} on it)"
        for day, count in days.items()
    }
    if value and value not in texts:
        changed_at = find_evidence(find_store(page.context.store, value)).changed_at
        texts[value] = describe_as_of(value, changed_at)
    key = f"state_{field}"
    chosen = value or NOW
    if st.session_state.get(key, NOW) != chosen:
        st.session_state[key] = chosen
    change = partial(_choose, key, field)
    st.selectbox(label, tuple(texts), key=key, format_func=texts.__getitem__, on_change=change)


def _is_earlier_beside(page: PageContext) -> bool:
    """Whether Compare has an earlier state on a side: both get a choice, so that maps line up."""
    earlier = (page.view.as_of, page.view.compare_as_of)
    return page.spec.path == COMPARE and any(state is not None for state in earlier)


def _choose(key: str, field: str) -> None:
    chosen = st.session_state[key]
    change_view(**{field: None if chosen == NOW else chosen})


@lru_cache(maxsize=8)
def list_change_days(state: LedgerState, zone: str) -> dict[dt.date, int]:
    """Return the days on which the reports changed for all, newest first, with how often."""
    local = ZoneInfo(zone)
    counts = Counter(note.at.astimezone(local).date() for note in state.describe_changes(0))
    return {day: counts[day] for day in sorted(counts, reverse=True)}
