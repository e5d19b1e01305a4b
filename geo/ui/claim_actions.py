"""What one may do with the chosen report, below the panel: correct, send on, withdraw."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import streamlit as st

from geo.errors import LedgerError
from geo.ledger.desk import Desk
from geo.ledger.entries import Entry
from geo.page_registry import EVIDENCE, find_page
from geo.text.names import is_same_person
from geo.ui.claim_history import render_history
from geo.ui.html import escape, tag
from geo.ui.outcome import draw_outcome, keep_outcome
from geo.ui.page_context import PageContext, address_params
from geo.ui.person import session_desk
from geo.ui.report_form import correct_claim

TAKEN_BACK = "Taken back by the author."


def draw_claim_record(page: PageContext) -> None:
    """Draw history and remarks of the chosen report, and the buttons that this person may press."""
    claim = page.view.claim
    if not claim:
        return
    with suppress(LedgerError):  # it is not available just now; the report can be read
        desk = session_desk()
        history = render_history(desk, claim)
        if history:
            st.html(history)
        if page.view.as_of is None:  # what was known earlier cannot be changed
            _draw_actions(page, desk, claim)


def _draw_actions(page: PageContext, desk: Desk, claim_id: str) -> None:
    entry = desk.state().find_entry("claim", claim_id)
    if entry is None or not desk.person.name:
        return
    own = is_same_person(entry.author, desk.person.name)
    if entry.pending is not None and not own:
        words = f"A correction by {entry.author} waits for review." if entry.published else ""
        st.html(tag("p", "hint", escape(words)))
        return
    with st.container(horizontal=True, key="claim_actions"):
        if "author" in desk.person.roles:
            _draw_author_buttons(page, desk, entry)
        if _may_withdraw(desk, entry):
            with st.popover("Withdraw"):
                _draw_reason(desk, entry)
    draw_outcome("claim")


def _draw_author_buttons(page: PageContext, desk: Desk, entry: Entry) -> None:
    name, waits = entry.record, entry.pending_state
    if waits != "in review":
        label = "Edit this draft" if waits == "draft" else "Correct this report"
        if st.button(label, key=f"correct_{name}"):
            _correct(page, desk, name)
    if waits == "draft" and desk.ledger.shared:
        act = make_act(lambda: desk.submit([name]), f"Report {name} was sent to review.")
        st.button("Send this draft to review", key=f"submit_{name}", type="primary", on_click=act)
    if waits == "draft":
        act = make_act(lambda: desk.discard([name]), f"The draft of {name} was dropped.")
        st.button("Drop this draft", key=f"drop_{name}", on_click=act)
    if waits == "in review":
        act = make_act(lambda: desk.send_back([name], TAKEN_BACK), f"{name} is a draft again.")
        st.button("Take it back", key=f"back_{name}", on_click=act)


def _may_withdraw(desk: Desk, entry: Entry) -> bool:
    return entry.published is not None and desk.ledger.shared and "reviewer" in desk.person.roles


def _draw_reason(desk: Desk, entry: Entry) -> None:
    name = entry.record
    st.html(tag("p", "hint", "It stays in the history, and in links made before."))
    key = f"withdraw_why_{name}"
    st.text_input("Why it is withdrawn", key=key)
    st.button(
        "Withdraw this report", key=f"withdraw_{name}", on_click=_withdraw, args=(desk, name, key)
    )


def _correct(page: PageContext, desk: Desk, name: str) -> None:
    """Open the form with the report, on the page that has the form."""
    claim = next((one for one in desk.evidence().claims if one.id == name), None)
    if claim is None:
        return
    correct_claim(claim, desk)
    if page.spec.path == EVIDENCE:
        st.rerun()
    params = address_params(replace(page.view, page=EVIDENCE, at=None, screen=None))
    st.switch_page(find_page(EVIDENCE).script, query_params=params)


def _withdraw(desk: Desk, name: str, key: str) -> None:
    why = str(st.session_state.get(key, ""))
    make_act(lambda: desk.withdraw([name], why), f"Report {name} was withdrawn.")()


def make_act(act: Callable[[], object], done: str, place: str = "page") -> Callable[[], None]:
    """Return a callback that does something with the ledger and keeps what came of it."""

    def run() -> None:
        try:
            act()
        except LedgerError as error:
            keep_outcome("claim" if place == "page" else place, str(error), failed=True)
        else:
            keep_outcome(place, done)

    return run
