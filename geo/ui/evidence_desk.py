"""What the Evidence page offers beside its table: adding a report, the review, drafts, changes."""

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from geo.errors import LedgerError
from geo.ledger.desk import Desk
from geo.ledger.entries import Entry
from geo.ui import report_session
from geo.ui.change_log import draw_changes
from geo.ui.claims_import import draw_claims_import
from geo.ui.expanding import draw_expander
from geo.ui.html import tag
from geo.ui.outcome import draw_outcome
from geo.ui.own_drafts import draw_drafts
from geo.ui.page_context import PageContext
from geo.ui.page_sections import current_page
from geo.ui.person import draw_person, session_desk
from geo.ui.report_form import draw_report_form, open_form
from geo.ui.review_queue import draw_queue, explain_no_review, is_for, list_shown


def draw_desk() -> None:
    """Draw who one is, and the button that opens the form or the form itself."""
    draw_outcome("page")
    if current_page().view.as_of is not None:  # what was known earlier cannot be changed
        return
    try:
        _draw_desk(session_desk())
    except LedgerError as error:
        _draw_away(error)


def _draw_away(error: LedgerError) -> None:
    st.warning("The ledger of changes cannot be used just now; the reports can be read.")
    st.text(str(error))


def _draw_desk(desk: Desk) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="desk_bar"):
        if may_write(desk) and not report_session.is_open():
            begun = report_session.typed_report().is_begun
            label = "Go on with your report" if begun else "Add a report"
            st.button(label, key="report_open", icon=":material/add:", on_click=open_form)
        draw_person(desk)
    _draw_duty(desk)
    if may_write(desk):
        draw_report_form(current_page(), desk)


def _draw_duty(desk: Desk) -> None:
    """Tell a reviewer that something waits; the queue is below the table."""
    if not desk.ledger.shared or explain_no_review(desk):
        return
    count = sum(is_for(desk, entry) for entry in list_shown(desk.state().list_queue()))
    if count:
        words = "1 waits for your review" if count == 1 else f"{count} wait for your review"
        st.html(tag("p", "hint", f"{words}, below the table."))


def may_write(desk: Desk) -> bool:
    """Return whether a person may add and correct reports."""
    return bool(desk.person.name) and "author" in desk.person.roles


def draw_review() -> None:
    """Draw what waits for review, the person's drafts, and what changed, where there is any."""
    with suppress(LedgerError):  # said above the table already
        _draw_review(session_desk())


def _draw_review(desk: Desk) -> None:
    page, state = current_page(), desk.state()
    if page.view.as_of is None:
        _draw_waiting(page, desk)
    if state.events and desk.ledger.shared:
        expander = st.expander("What changed since …", key="changes_open", on_change="rerun")
        if expander.open:
            with expander:
                draw_changes(page, desk)


def _draw_waiting(page: PageContext, desk: Desk) -> None:
    """Draw the queue, the person's own drafts, and the import of a workbook."""
    state = desk.state()
    waiting = state.list_waiting(desk.person.name) if desk.person.name else ()
    queue = list_shown(state.list_queue()) if desk.ledger.shared else ()
    draw_outcome("queue")  # also after the last one of the queue was published
    if queue:
        with draw_expander(f"Waiting for review: {len(queue)}", "queue_open") as opened:
            if opened:
                draw_queue(desk, queue)
    if waiting:
        with draw_expander(_count_own(waiting), "drafts_open") as opened:
            if opened:
                draw_drafts(page, desk, waiting)
    if may_write(desk):
        draw_claims_import(desk)


def _count_own(waiting: Sequence[Entry]) -> str:
    shown = list_shown(waiting)
    reviewed = sum(entry.pending_state == "in review" for entry in shown)
    drafts = f"Your drafts: {len(shown) - reviewed}"
    return f"{drafts}, in review: {reviewed}" if reviewed else drafts
