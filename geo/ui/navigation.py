"""The pages as Streamlit's navigation has them."""

import streamlit as st

from geo.page_registry import PageSpec, first_page
from geo.ui.html import escape_markdown


def build_streamlit_page(spec: PageSpec) -> st.Page:
    """Return a page for `st.navigation` and `st.switch_page`; pages may share one script."""
    return st.Page(
        spec.script,
        title=escape_markdown(spec.title),
        url_path=spec.path,
        default=spec.path == first_page().path,
    )
