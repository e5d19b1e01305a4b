"""What cannot be read just now, in words; the page shows it again by itself once it can be."""

from __future__ import annotations

import time
from math import inf

import streamlit as st

from geo.errors import GeoError
from geo.ui.browser_session import session_context
from geo.ui.page_context import PageContext

_EVERY = "4s"
_WAIT = 3.0  # seconds; the clock's next turn is after them
_MOST = 5


def draw_unreadable_layers(board: PageContext) -> None:
    """Draw the names of the layers that cannot be read, and why; nothing where all can be."""
    reasons: dict[str, list[str]] = {}
    for fault in board.context.store.faults():
        reasons.setdefault(f"{fault.why} {fault.remedy}", []).append(fault.name)
    named = {name for names in reasons.values() for name in names}
    # What only this run could not read is soon tried again.
    passing = {name: why for name, why in board.selection.unreadable.items() if name not in named}
    for name, why in passing.items():
        reasons.setdefault(why, []).append(name)
    if reasons:
        with st.sidebar:
            st.warning("Layers that cannot be read just now are left out.")
            for why, names in list(reasons.items())[:_MOST]:
                more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
                st.text(f"{', '.join(names[:_MOST])}{more}: {why}")
        rerun_when_store_changes(after=_WAIT if passing else inf)


def rerun_when_store_changes(*, after: float = inf) -> None:
    """Draw the page anew once the store says something else than now, or anything at all.

    `after`: seconds after which it is drawn anew in any case.
    """
    try:
        version = session_context().store.version()
    except GeoError:  # it does not answer
        version = ""
    _until_it_changes(version, time.monotonic() + after)


@st.fragment(run_every=_EVERY)
def _until_it_changes(version: str, due: float) -> None:
    try:
        changed = session_context().store.version() != version
    except GeoError:
        return
    if changed or time.monotonic() > due:
        st.rerun()
