"""The form on the Evidence page that adds a report or corrects one."""

import streamlit as st
from pydantic import ValidationError

from geo.errors import LedgerError
from geo.evidence import Claim, RecordFault
from geo.ledger.desk import Desk
from geo.ledger.records import Records, RecordsRefusedError
from geo.ui import report_session
from geo.ui.html import escape, link, tag
from geo.ui.outcome import draw_outcome, keep_outcome
from geo.ui.page_context import PageContext, change_view
from geo.ui.report_fields import draw_fields
from geo.ui.report_preview import render_preview
from geo.ui.report_records import DAY, BuiltReport, build_report
from geo.ui.report_words import name_field
from geo.ui.typed_report import TypedReport, type_claim
from geo.ui.view_links import claim_address

MOST_SIMILAR = 5
_KEEP = "What you type is kept for this browser, also when you leave the page."


def draw_report_form(page: PageContext, desk: Desk) -> None:
    """Draw the form, if somebody opened it."""
    if not report_session.is_open():
        return
    typed = report_session.typed_report()
    with st.container(border=True, key="report_form"):
        title = f"Correct report {typed.editing}" if typed.editing else "Add a report"
        st.html(tag("h2", "form-title", escape(title)))
        left, right = st.columns((2.1, 1), gap="large")
        with left:
            draw_fields(desk.evidence(), desk.evidence().case.frame)
        with right, st.container(key="report_review"):
            _draw_review(page, desk, report_session.typed_report())


def open_form() -> None:
    """Open the form where it was left."""
    report_session.show_form()


def correct_claim(claim: Claim, desk: Desk) -> None:
    """Open the form with a report that is there."""
    seen = desk.state().head.number
    report_session.begin_report(type_claim(claim, desk.evidence(), seen))


def _draw_review(page: PageContext, desk: Desk, typed: TypedReport) -> None:
    """Draw the preview, what is similar, what is wrong, and the buttons that keep the report."""
    built = _build(desk, typed)
    preview = render_preview(built, desk.evidence())
    st.html(tag("h3", "form-part", "As readers will see it") + preview)
    _draw_similar(page, desk, built)
    if report_session.is_tried():
        faults = find_faults(desk, built)
        st.html(render_faults(faults) if faults else tag("p", "hint", "Nothing is wrong now."))
    if typed.editing:
        key = report_session.field_key("why")
        label, keep = "Why it is corrected", report_session.keep_field
        st.text_input(label, typed.why, key=key, on_change=keep, args=("why", key))
    with st.container(horizontal=True):
        if desk.ledger.shared and st.button("Send to review", key="report_submit", type="primary"):
            _keep_report(desk, typed, built, submit=True)
        if st.button("Keep as draft", key="report_draft"):
            _keep_report(desk, typed, built, submit=False)
    draw_outcome("form")
    with st.container(horizontal=True):
        st.button("Close", key="report_close", type="tertiary", on_click=_close)
        st.button("Clear the form", key="report_clear", type="tertiary", on_click=_clear)
    st.caption(report_session.form_fault() or _KEEP)


def _build(desk: Desk, typed: TypedReport) -> BuiltReport:
    taken = {record for _, record in desk.state().entries}
    return build_report(
        typed, desk.evidence(), taken, lambda source: desk.new_claim_id(source or "report")
    )


def _to_records(built: BuiltReport) -> Records:
    return Records(
        claims=(built.claim,),
        sources=(built.source,) if built.source else (),
        places=(built.place,) if built.place else (),
        origins=built.origins,
        systems=built.systems,
    )


def find_faults(desk: Desk, built: BuiltReport) -> list[RecordFault]:
    """Return every fault of the form, those that stand for a fault of the form only once."""
    named = {fault.field for fault in built.faults}
    if DAY in named:
        named |= {"observed_from", "observed_to"}
    found = desk.check(_to_records(built))
    return [*built.faults, *(one for one in found if one.field not in named)]


def render_faults(faults: list[RecordFault]) -> str:
    """Return faults as a list: the field, why, the value, and what to do."""
    items = (
        tag("li", "", tag("b", "", escape(name_field(fault.field))), escape(_explain(fault)))
        for fault in faults
    )
    count = "1 thing is wrong" if len(faults) == 1 else f"{len(faults)} things are wrong"
    head = tag("p", "", escape(f"{count}; nothing is kept yet."))
    return tag("section", "form-faults", head, tag("ul", "", *items))


def _explain(fault: RecordFault) -> str:
    value = {"''": "empty", "None": "empty", "missing": "empty"}.get(fault.value, fault.value)
    return f": {fault.why} ({value}). {fault.remedy[:1].upper()}{fault.remedy[1:]}."


def _draw_similar(page: PageContext, desk: Desk, built: BuiltReport) -> None:
    """Draw a warning with links, if claims that say much the same are there already."""
    try:
        similar = desk.find_similar(Claim.model_validate(built.claim))
    except ValidationError:  # it is not filled in yet
        return
    if similar:
        items = (
            tag("li", "", link(escape(one.says), claim_address(page, one.id)))
            for one in similar[:MOST_SIMILAR]
        )
        head = tag("p", "", "Much the same is there already: same source, place, subject and days.")
        st.html(tag("section", "form-similar", head, tag("ul", "", *items)))


def _keep_report(desk: Desk, typed: TypedReport, built: BuiltReport, *, submit: bool) -> None:
    """Keep the report as a draft, or show all its faults."""
    seen = typed.seen if typed.editing else None
    try:
        if find_faults(desk, built):
            report_session.try_report()
        else:
            desk.draft(_to_records(built), typed.why, submit=submit, seen=seen)
            kept = built.claim["id"]
            done = "was sent to review" if submit else "is kept as a draft, which only you see"
            keep_outcome("page" if typed.editing else "form", f"Report {kept} {done}.")
            next_one = TypedReport() if typed.editing else _go_on(typed, built)
            report_session.begin_report(next_one, opened=not typed.editing)
            change_view(claim=kept)
    except RecordsRefusedError:
        report_session.try_report()
    except LedgerError as error:
        keep_outcome("form", str(error), failed=True)
    st.rerun()


def _go_on(typed: TypedReport, built: BuiltReport) -> TypedReport:
    """Return the form for the next report of the same source, day and place."""
    source, place = built.claim["source"], built.claim["place"] or ""
    same = typed.model_copy(update={"source": source, "place": place})
    return same.start_next()


def _close() -> None:
    report_session.show_form(opened=False)


def _clear() -> None:
    report_session.begin_report(TypedReport())
