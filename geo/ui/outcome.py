"""What the last press did, or why it did nothing: shown once, in the place where it was pressed."""

import streamlit as st

from geo.ui.html import escape_markdown

_OUTCOMES = "outcomes"  # session key: by place, words and whether it failed


def keep_outcome(place: str, words: str, *, failed: bool = False) -> None:
    """Keep the outcome of a press until its place is drawn."""
    st.session_state.setdefault(_OUTCOMES, {})[place] = (words, failed)


def draw_outcome(place: str) -> None:
    """Draw the outcome of a place, once; its words may name what people typed."""
    words, failed = st.session_state.get(_OUTCOMES, {}).pop(place, ("", False))
    if failed:
        st.error(escape_markdown(f"Nothing was changed. {words}"))
    elif words:
        st.success(escape_markdown(words))
