"""Report unreadable layers, and rerun the page when the store changes."""

import time
from math import inf

import streamlit as st

from geo.app_context import Context
from geo.errors import GeoError, LedgerError
from geo.ledger import Ledger
from geo.settings import settings
from geo.ui.browser_session import session_context
from geo.ui.html import escape, tag
from geo.ui.page_context import PageContext

_EVERY = "4s"
_RETRY = 3.0  # seconds until a layer that only this run could not read is tried again
_MAX_SHOWN = 5


def draw_unreadable_layers(page: PageContext) -> None:
    """Draw the names of unreadable layers with the reasons; nothing if there are none."""
    reasons: dict[str, list[str]] = {}
    for fault in page.context.store.faults():
        reasons.setdefault(f"{fault.why} {fault.remedy}", []).append(fault.name)
    named = {name for names in reasons.values() for name in names}
    transient = {name: why for name, why in page.selection.unreadable.items() if name not in named}
    for name, why in transient.items():
        reasons.setdefault(why, []).append(name)
    if reasons:
        with st.sidebar:
            st.warning("Layers that cannot be read just now are left out.")
            for why, names in list(reasons.items())[:_MAX_SHOWN]:
                more = f" and {len(names) - _MAX_SHOWN} more" if len(names) > _MAX_SHOWN else ""
                st.text(f"{', '.join(names[:_MAX_SHOWN])}{more}: {why}")
        rerun_when_store_changes(after=_RETRY if transient else inf)


def rerun_when_store_changes(*, after: float = inf) -> None:
    """Rerun the page when the store changes or answers again, or `after` seconds in any case."""
    try:
        version = session_context().store.version()
    except GeoError:  # the store does not answer
        version = ""
    _until_it_changes(version, time.monotonic() + after)


def follow_ledger(where: Context, *, on_wall: bool = False) -> None:
    """Rerun a page soon after what it shows is published, where a ledger is shared.

    `where` is the present that the page was drawn from; `on_wall` leaves out notices. The page's
    script asks for the version and presses the hidden button: an open page costs no run, and no
    click of its reader is lost. The page then sends its map another version: the map fetches what
    is new, and stays in place.
    """
    if settings().ledger_url:
        if not on_wall:
            _draw_ledger_fault(where.ledger)
        with st.container(key="follow_ledger"):
            st.html(tag("span", "ledger-version", escape(where.store.version())))
            st.button("Show what was published meanwhile", key="follow_ledger_now")


def _draw_ledger_fault(ledger: Ledger | None) -> None:
    """Draw why what is shown may be older than the ledger: it is damaged, or does not answer."""
    if ledger is None:
        return
    title = "The ledger of changes is damaged; what is shown is older."
    try:
        ledger.head()
        fault = ledger.fault()
        why = str(fault) if fault else ""
    except LedgerError as error:
        title, why = "The ledger of changes cannot be read; what is shown may be older.", str(error)
    if why:
        with st.sidebar:
            st.warning(title)
            st.text(why)


@st.fragment(run_every=_EVERY)
def _until_it_changes(version: str, due: float) -> None:
    try:
        changed = session_context().store.version() != version
    except GeoError:
        return
    if changed or time.monotonic() > due:
        st.rerun()
