"""Sign-in, if the operator configured one: without it a page shows only the sign-in buttons."""

import streamlit as st
from streamlit.errors import StreamlitAuthError

from geo.streamlit_bridge import is_sign_in_configured, sign_in_providers


def is_allowed() -> bool:
    """Return whether the page may be shown: no sign-in is configured, or somebody is signed in."""
    return not is_sign_in_configured() or st.user.get("is_logged_in") is True


def draw_sign_in() -> None:
    """Draw a button for each provider instead of the page."""
    st.title("Sign in")
    st.text("This map is shown to people who signed in.")
    for provider in sign_in_providers():
        label = f"Sign in with {provider}" if provider else "Sign in"
        if st.button(label, type="primary", key=f"sign_in_{provider}"):
            try:
                st.login(provider or None)
            except StreamlitAuthError as error:
                st.error("The sign-in is not set up well. Tell the operator.")
                st.text(str(error))


def draw_sign_out() -> None:
    """Draw who is signed in and a sign-out button, if a sign-in is configured."""
    if is_sign_in_configured():
        with st.sidebar:
            st.text(str(st.user.get("email") or st.user.get("name") or "Signed in"))
            st.button("Sign out", key="sign_out", on_click=st.logout)
