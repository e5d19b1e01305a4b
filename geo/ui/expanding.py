"""An expander whose label counts something: it stays open while the count changes."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

_LABELS = "expander_labels"  # session key: the label of each, as last drawn


@contextmanager
def draw_expander(label: str, key: str) -> Iterator[bool]:
    """Draw an expander; its contents are wanted if it gives True.

    Streamlit takes an expander with another label for another one, which is closed.
    """
    labels = st.session_state.setdefault(_LABELS, {})
    if labels.get(key, label) != label:
        st.session_state[key] = bool(st.session_state.get(key))
    labels[key] = label
    expander = st.expander(label, key=key, on_change="rerun")
    with expander:
        yield bool(expander.open)
