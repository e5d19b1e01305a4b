"""The browser session: its key, and the context with its session layers."""

import streamlit as st

from geo.app_context import Context, context_for_key
from geo.server.session_cookie import COOKIE
from geo.session_keys import is_key, new_key

_KEY = "own_key"


def session_key() -> str:
    """Return the key in the session cookie, or one of this session if cookies are off."""
    cookie = st.context.cookies.get(COOKIE)
    if is_key(cookie):
        return str(cookie)
    return st.session_state.setdefault(_KEY, new_key())


def session_context() -> Context:
    """Return the app's context as this browser sees it."""
    return context_for_key(session_key())
