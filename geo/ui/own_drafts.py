"""A person's own drafts on the Evidence page: edit, send on, drop, download."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from geo.claim_files.writing import write_claims
from geo.ledger.change_notes import NOUNS
from geo.ledger.desk import Desk
from geo.ledger.entries import Entry
from geo.ui.claim_actions import make_act
from geo.ui.html import escape, html_table, link, tag
from geo.ui.page_context import PageContext
from geo.ui.record_changes import format_moment
from geo.ui.view_links import claim_address

MOST_SHOWN = 20
LONGEST = 240  # characters of a report here; its link has all
DOWNLOADS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
}


def draw_drafts(page: PageContext, desk: Desk, waiting: Sequence[Entry]) -> None:
    """Draw what this person drafted: what it is, its state, and what can be done with it."""
    events = desk.state().events
    rows = []
    for entry in reversed(waiting[-MOST_SHOWN:]):
        fields = entry.pending or {}
        text = fields.get("says") or fields.get("title") or fields.get("name") or ""
        says = escape(text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…")
        claim = entry.kind == "claim"
        what = link(says, claim_address(page, entry.record)) if claim else says
        since = format_moment(events[entry.numbers[-1] - 1].at)
        state = f"{entry.pending_state} ({'new' if entry.published is None else 'correction'})"
        rows.append((NOUNS[entry.kind], entry.record, what, state, since, _last_remark(entry)))
    head = ("", "Id", "", "State", "Since", "Last remark")
    st.html(tag("div", "reading full", html_table(head, rows)))
    if len(waiting) > MOST_SHOWN:
        st.html(tag("p", "hint", f"{len(waiting) - MOST_SHOWN} older ones are not listed."))
    drafts = [entry for entry in waiting if entry.pending_state == "draft"]
    with st.container(horizontal=True, key="drafts_actions"):
        _draw_send(desk, drafts)
        _draw_downloads(desk, waiting)
        if drafts:
            names = [(entry.kind, entry.record) for entry in reversed(drafts)]
            with st.popover("Drop all drafts"):
                st.html(tag("p", "hint", "The history keeps that they were there."))
                count = "1 draft was" if len(names) == 1 else f"{len(names)} drafts were"
                drop = make_act(lambda: desk.discard(names), f"{count} dropped.")
                st.button("Drop them", key="drop_all", on_click=drop)


def _last_remark(entry: Entry) -> str:
    """Return what a reviewer wrote last, such as why it was sent back."""
    return f"{entry.remarks[-1].by}: {entry.remarks[-1].text}" if entry.remarks else ""


def _draw_send(desk: Desk, drafts: Sequence[Entry]) -> None:
    claims = [entry.record for entry in drafts if entry.kind == "claim"]
    if claims and desk.ledger.shared:
        label = "Send it to review" if len(claims) == 1 else f"Send all {len(claims)} to review"
        count = f"Report {claims[0]} was" if len(claims) == 1 else f"{len(claims)} reports were"
        act = make_act(lambda: desk.submit(claims), f"{count} sent to review.")
        st.button(label, key="submit_all", type="primary", on_click=act)


def _draw_downloads(desk: Desk, waiting: Sequence[Entry]) -> None:
    claims = [entry.record for entry in waiting if entry.kind == "claim"]
    evidence = desk.evidence()
    for fmt, mime in DOWNLOADS.items() if claims else ():
        st.download_button(
            f"Download ({fmt.upper()})",
            data=partial(write_claims, evidence, claims, fmt),
            file_name=f"drafts.{fmt}",
            mime=mime,
            on_click="ignore",
            key=f"drafts_{fmt}",
        )
