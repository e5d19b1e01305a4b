"""The queue on the Evidence page: what waits for review, and what reviewers do with it."""

from collections.abc import Sequence

import streamlit as st

from geo.ledger.change_notes import NOUNS, find_field_changes
from geo.ledger.desk import Desk
from geo.ledger.entries import Entry
from geo.text.names import is_same_person
from geo.ui.claim_actions import make_act
from geo.ui.claim_card import write_statement
from geo.ui.html import escape, tag
from geo.ui.record_changes import format_moment, render_field_changes, render_new_record
from geo.ui.report_preview import make_preview_row, render_mark
from geo.ui.report_records import BuiltReport

MOST_SHOWN = 20


def draw_queue(desk: Desk, queue: Sequence[Entry]) -> None:
    """Draw what waits for review (`list_shown`), the oldest first, with a reviewer's buttons."""
    why_not = explain_no_review(desk)
    if why_not:
        st.html(tag("p", "hint", escape(why_not)))
    allowed = [entry for entry in queue if not why_not and is_for(desk, entry)]
    if len(allowed) > 1:
        names = [(entry.kind, entry.record) for entry in allowed]
        count = len(names)
        act = make_act(lambda: desk.publish(names), f"{count} were published.", "queue")
        st.button(f"Publish all {count}", key="publish_all", on_click=act)
    for entry in queue[:MOST_SHOWN]:
        with st.container(border=True, key=f"queue_{entry.kind}_{entry.record}"):
            st.html(render_waiting(desk, entry))
            if entry in allowed:
                _draw_buttons(desk, entry)
            elif not why_not:
                words = "You wrote it: another person reviews it (REVIEW_BY_TWO)."
                st.html(tag("p", "hint", words))
    if len(queue) > MOST_SHOWN:
        st.html(tag("p", "hint", f"{len(queue) - MOST_SHOWN} more wait behind these."))


def explain_no_review(desk: Desk) -> str:
    """Return why a person cannot review at all; empty for a reviewer."""
    if "reviewer" in desk.person.roles and desk.person.name:
        return ""
    who = f"{desk.person.name} is" if desk.person.name else "Without a name you are"
    return f"{who} no reviewer here: LEDGER_REVIEWERS names who is."


def is_for(desk: Desk, entry: Entry) -> bool:
    """Return whether this reviewer may decide on what waits, as far as its author goes."""
    return not (desk.review_by_two and is_same_person(entry.author, desk.person.name))


def list_shown(waiting: Sequence[Entry]) -> list[Entry]:
    """Return what waits by itself: a new source or place is shown with the report that names it."""
    return [entry for entry in waiting if entry.kind == "claim" or not _is_named(entry, waiting)]


def _is_named(entry: Entry, queue: Sequence[Entry]) -> bool:
    """Return whether a claim that waits names this source, place, origin or system."""
    return any(entry.record in _list_names(one) for one in queue if one.kind == "claim")


def _list_names(claim: Entry) -> set[str]:
    fields = claim.pending or {}
    several = (*fields.get("systems", ()), *fields.get("origins", ()))
    return {str(one) for one in (fields.get("source"), fields.get("place"), *several)}


def render_waiting(desk: Desk, entry: Entry) -> str:
    """Return what waits: by whom, since when, and what is new against the published record."""
    fields = entry.pending or {}
    events, state = desk.state().events, desk.state()
    since = format_moment(events[entry.numbers[-1] - 1].at) if entry.numbers else ""
    noun = NOUNS[entry.kind]
    new = entry.published is None
    kicker = f"{'New' if new else 'Corrected'} {noun} {entry.record} · {entry.author} · {since}"
    parts = [tag("div", "kicker", escape(kicker))]
    parts.append(_render_gist(desk, entry))
    why = events[entry.numbers[-1] - 1].why if entry.numbers else ""
    parts += [tag("p", "source", escape(f"Why: {why}"))] if why else []
    if new:
        table = render_new_record(fields)
        parts.append(tag("details", "", "<summary>All fields</summary>", table))
    else:
        parts.append(render_field_changes(find_field_changes(entry.published or {}, fields)))
    if entry.kind == "claim":
        for other in state.entries.values():
            waits = other.pending is not None and other.record in _list_names(entry)
            if waits and other.kind != "claim" and is_same_person(other.author, entry.author):
                head = f"<summary>With a new {NOUNS[other.kind]}: {escape(other.record)}</summary>"
                parts.append(tag("details", "", head, render_new_record(other.pending or {})))
    parts += [
        tag("p", "source", escape(f"{one.by}: {one.text} ({format_moment(one.at)})"))
        for one in entry.remarks
    ]
    style = f"claim whole {fields.get('stance', '')}"
    return tag("article", f"waiting {style}", *parts)


def _render_gist(desk: Desk, entry: Entry) -> str:
    """Return what waits in one sentence: of a report, as readers will see it."""
    fields = entry.pending or {}
    if entry.kind == "claim":
        evidence = desk.state().evidence(entry.author)
        sentence = write_statement(make_preview_row(BuiltReport(fields), evidence))
        return tag("p", "says", escape(sentence)) + render_mark(fields)
    return tag("p", "says", escape(fields.get("title") or fields.get("name") or entry.record))


def _draw_buttons(desk: Desk, entry: Entry) -> None:
    name = (entry.kind, entry.record)
    key = f"remark_{entry.kind}_{entry.record}"

    def text() -> str:
        return str(st.session_state.get(key, ""))

    st.text_input("Remark", key=key, placeholder="needed to send it back")
    done = f"{NOUNS[entry.kind].capitalize()} {entry.record}"
    publish = make_act(lambda: desk.publish([name], text()), f"{done} was published.", "queue")
    back = make_act(lambda: desk.send_back([name], text()), f"{done} was sent back.", "queue")
    remark = make_act(lambda: desk.remark(name, text()), f"The remark on {done} is kept.", "queue")
    with st.container(horizontal=True):
        st.button("Publish", key=f"publish_{key}", type="primary", on_click=publish)
        st.button("Send back", key=f"back_{key}", on_click=back)
        st.button("Only remark", key=f"only_{key}", on_click=remark)
