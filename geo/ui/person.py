"""Who one is to the ledger: signed in, named once where that is allowed, or a reader."""

import streamlit as st

from geo.app_context import desk_for_key, name_person
from geo.ledger.desk import Desk
from geo.ledger.people import Person
from geo.settings import settings
from geo.streamlit_bridge import is_sign_in_configured
from geo.ui.browser_session import session_key
from geo.ui.html import escape, tag

LONGEST_NAME = 80


def remember_person() -> None:
    """Tell the ledger who is signed in, for requests without a page; nobody after a sign-out."""
    if is_sign_in_configured():
        name_person(session_key(), str(st.user.get("email") or st.user.get("name") or ""))


def session_desk() -> Desk:
    """Return what this browser's person may do with the ledger, shared or the browser's own."""
    remember_person()
    return desk_for_key(session_key())


def may_name_oneself() -> bool:
    """Return whether people without a sign-in may change the ledger under a name they type."""
    chosen = settings()
    return bool(chosen.ledger_url) and chosen.edit_without_sign_in and not is_sign_in_configured()


def draw_person(desk: Desk) -> None:
    """Draw under which name one works, ask for it where it is not known, or say why one reads."""
    person = desk.person
    if not desk.ledger.shared:
        words = (
            f"Only this browser shows what you add, for {settings().own_days:g} days after a "
            "change: download it to keep it."
        )
        st.html(tag("p", "hint", words))
    elif may_name_oneself():
        _draw_name(person)
    elif not person.name:
        words = (
            "The reports can be read here, not changed: there is no sign-in. The operator sets one "
            "up, or sets EDIT_WITHOUT_SIGN_IN=1."
        )
        st.html(tag("p", "hint", words))
    else:
        st.html(tag("p", "hint", escape(f"You are {person.name}: {_list_roles(person)}.")))


def _draw_name(person: Person) -> None:
    if person.name and not st.session_state.get("person_changing"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(tag("p", "hint", escape(f"You are {person.name}: {_list_roles(person)}.")))
            st.button("Another name", key="person_change", type="tertiary", on_click=_ask_name)
        return
    with (
        st.form("person_form", border=False, width=560),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(
            "Your name, which stands at what you add or review",
            person.name,
            key="person_name",
            max_chars=LONGEST_NAME,
            placeholder="First and last name",
        )
        st.form_submit_button("Use this name", on_click=_take_name)


def _list_roles(person: Person) -> str:
    """Return what a person may do, in words."""
    if {"author", "reviewer"} <= person.roles:
        return "you may add, correct, review and publish reports"
    may = {"author": "add and correct reports", "reviewer": "review and publish reports"}
    words = next((words for role, words in may.items() if role in person.roles), "")
    return f"you may {words or 'read; the operator names authors and reviewers'}"


def _ask_name() -> None:
    st.session_state["person_changing"] = True


def _take_name() -> None:
    name = " ".join(str(st.session_state.get("person_name", "")).split())
    if name:
        name_person(session_key(), name)
        st.session_state.pop("person_changing", None)
