"""What cannot be read just now, in words; the page shows it again by itself once it can be."""

from __future__ import annotations

import streamlit as st

from geo.errors import GeoError
from geo.store import LayerStore
from geo.ui.own import here

_EVERY = "4s"
_MOST = 5


def unreadable(store: LayerStore) -> None:
    """Draw the names of the layers that cannot be read, and why; nothing where all can be."""
    faults = store.faults()
    if not faults:
        return
    reasons: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        reasons.setdefault((fault.why, fault.remedy), []).append(fault.name)
    with st.sidebar:
        st.warning("Layers that cannot be read just now are left out.")
        for (why, remedy), names in list(reasons.items())[:_MOST]:
            more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
            st.text(f"{', '.join(names[:_MOST])}{more}: {why} {remedy}")
    shown_again()


def shown_again() -> None:
    """Draw the page anew once the store says something else than now, or anything at all."""
    try:
        version = here().store.version()
    except GeoError:  # it does not answer
        version = ""
    _until_it_changes(version)


@st.fragment(run_every=_EVERY)
def _until_it_changes(version: str) -> None:
    try:
        changed = here().store.version() != version
    except GeoError:
        return
    if changed:
        st.rerun()
