"""What the last press did, or why it did nothing: shown once, in the place where it was pressed."""

import streamlit as st

_OUTCOMES = "outcomes"  # session key: by place, words and whether it failed


def keep_outcome(place: str, words: str, *, failed: bool = False) -> None:
    """Keep the outcome of a press until its place is drawn."""
    st.session_state.setdefault(_OUTCOMES, {})[place] = (words, failed)


def draw_outcome(place: str) -> None:
    """Draw the outcome of a place, once; its words may name what people typed."""
    words, failed = st.session_state.get(_OUTCOMES, {}).pop(place, ("", False))
    if failed:
        st.error("Nothing was changed.")
        st.text(words)
    elif words:
        st.success("Done.")
        st.text(words)
