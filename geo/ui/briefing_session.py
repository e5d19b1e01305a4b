"""The briefing that a browser session edits, and the built-in ones."""

import streamlit as st

from geo.app_context import context
from geo.briefing import Briefing, list_builtin_briefings, open_briefing
from geo.errors import BriefingError

_BRIEFING = "briefing"


def session_briefing() -> Briefing | None:
    """Return the briefing that is edited in this session; None if there is none."""
    return st.session_state.get(_BRIEFING)


def save_briefing(briefing: Briefing | None) -> None:
    """Save the edited briefing in this session; None removes it."""
    st.session_state[_BRIEFING] = briefing


def briefing_names() -> tuple[str, ...]:
    """Return the names of the edited briefing and of the built-in ones."""
    edited = session_briefing()
    names = (*((edited.name,) if edited else ()), *list_builtin_briefings())
    return tuple(dict.fromkeys(names))


def current_briefing(name: str | None) -> Briefing:
    """Return the edited briefing if it has that name, else the built-in one of that name.

    No name means the first of `briefing_names`; a name is never read as a path. A BriefingError
    says that there is no such briefing, or that it has faults.
    """
    name = name or briefing_names()[0]
    edited = session_briefing()
    if edited is not None and edited.name == name:
        return edited
    if name not in list_builtin_briefings():
        msg = f"There is no briefing {name!r}; there are: {', '.join(briefing_names())}."
        raise BriefingError(msg)
    return open_briefing(name, context().link_vocabulary())
