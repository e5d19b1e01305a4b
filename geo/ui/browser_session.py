"""What this browser sees: its own layers over those of all."""

from __future__ import annotations

import streamlit as st

from geo.app_context import Context, context_for_key
from geo.server.session_cookie import COOKIE
from geo.session_keys import is_key, new_key

_KEY = "own_key"


def session_key() -> str:
    """Return this browser's key: its cookie's, or one of this session where it takes none."""
    told = st.context.cookies.get(COOKIE)
    if is_key(told):
        return str(told)
    return st.session_state.setdefault(_KEY, new_key())


def session_context() -> Context:
    """Return what the process works on, as this browser sees it."""
    return context_for_key(session_key())
