"""The briefings of a session: the shipped ones, and the one that is edited in it."""

from __future__ import annotations

import streamlit as st

from geo.app_context import context
from geo.briefing import Briefing, list_builtin_briefings, open_briefing
from geo.errors import BriefingError

BRIEFING = "briefing"


def session_briefing() -> Briefing | None:
    """Return the briefing that is edited in this session, if there is one."""
    return st.session_state.get(BRIEFING)


def save_briefing(briefing: Briefing | None) -> None:
    """Keep a briefing in this session, in the place of the one before; None keeps none."""
    st.session_state[BRIEFING] = briefing


def briefing_names() -> tuple[str, ...]:
    """Return the names of the briefings that this session can show, its own one first."""
    own = session_briefing()
    names = (*((own.name,) if own else ()), *list_builtin_briefings())
    return tuple(dict.fromkeys(names))


def current_briefing(name: str | None) -> Briefing:
    """Return a briefing: the session's own one of that name, else the shipped one.

    Parameters
    ----------
    name : str or None
        None or an empty name is the first of `known_briefings`.

    Raises
    ------
    geo.errors.BriefingError
        If there is none of that name, or it has faults. A name is never read as a path.
    """
    name = name or briefing_names()[0]
    own = session_briefing()
    if own is not None and own.name == name:
        return own
    if name not in list_builtin_briefings():
        msg = f"There is no briefing {name!r}; there are: {', '.join(briefing_names())}."
        raise BriefingError(msg)
    return open_briefing(name, context().link_vocabulary())
