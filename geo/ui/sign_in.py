"""Signing in, where the operator set it up: until then a page shows a button and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.auth_util import get_secrets_auth_section
from streamlit.errors import StreamlitAuthError

from geo.server.streamlit_bridge import is_sign_in_configured


def is_allowed() -> bool:
    """Whether the page may be shown: no sign-in is set up, or somebody is signed in."""
    return not is_sign_in_configured() or st.user.get("is_logged_in") is True


def draw_sign_in() -> None:
    """Draw what stands there instead of the page: one button for each provider."""
    st.title("Sign in")
    st.text("This map is shown to people who signed in.")
    for provider in _providers():
        label = f"Sign in with {provider}" if provider else "Sign in"
        if st.button(label, type="primary", key=f"sign_in_{provider}"):
            try:
                st.login(provider or None)
            except StreamlitAuthError as error:
                st.error("The sign-in is not set up well. Tell the operator.")
                st.text(str(error))


def draw_sign_out() -> None:
    """Draw who is signed in, and the way out, where there is a sign-in."""
    if is_sign_in_configured():
        with st.sidebar:
            st.text(str(st.user.get("email") or st.user.get("name") or "Signed in"))
            st.button("Sign out", key="sign_out", on_click=st.logout)


def _providers() -> list[str]:
    """Return the names of the providers, the empty one where there is one without a name."""
    section: Mapping[str, object] = get_secrets_auth_section() or {}
    named = [str(name) for name, value in section.items() if isinstance(value, Mapping)]
    return ["", *named] if "client_id" in section or not named else named
