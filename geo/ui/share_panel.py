"""The share panel; what it holds is loaded when it is opened for the first time."""

import streamlit as st

from geo.ui.page_sections import SHARE_PANEL


def draw_share_panel() -> None:
    """Draw an expander with the link, the downloads and the exports of this view."""
    expander = st.expander(
        "Link, picture, slide, data and sources", key=SHARE_PANEL, on_change="rerun"
    )
    if expander.open:
        from geo.ui.share_sections import draw_share_sections

        with expander:
            draw_share_sections()
