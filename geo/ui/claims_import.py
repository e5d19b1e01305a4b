"""Bring a workbook of reports: the file is read, compared and shown before anything is kept.

Text from a file, its name included, is never used in labels: Streamlit renders them as Markdown,
in which an image address would be fetched (FIELD-NOTES 3).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import streamlit as st

from geo.claim_files.keeping import KeepChoice, explain_refusal, keep_file, list_kept
from geo.claim_files.models import ClaimFile, FileRow
from geo.claim_files.reading import read_claim_file
from geo.claim_files.report import STATUSES, count_rows, faults_csv, format_value
from geo.claim_files.writing import write_template
from geo.errors import GeoError
from geo.export.background_job import Job
from geo.export.formats import WORKBOOKS
from geo.ledger.desk import Desk
from geo.ui.export_sections import draw_job_progress
from geo.ui.html import escape, html_table, section, tag
from geo.ui.reading_job import start_reading

OPEN = "claims_import_open"
_READ, _EPOCH, _DONE = "claims_import_read", "claims_import_epoch", "claims_import_done"
_ENDINGS = ("xlsx", "csv", "tsv", "json")
_MOST_MB = 20
_SHOWN = 200  # rows of each table; the reports have all


@dataclass(frozen=True)
class _Brought:
    """A file and the job that reads it; `head` is the ledger's when it began."""

    id: str
    name: str
    body: bytes
    job: Job[ClaimFile]


def draw_claims_import(desk: Desk) -> None:
    """Draw an expander: template, uploader, and what the uploaded file would change."""
    expander = st.expander("Bring a workbook of reports", key=OPEN, on_change="rerun")
    if not expander.open:
        return
    with expander:
        _draw_done()
        evidence = desk.evidence()
        words = (
            "An XLSX, CSV or JSON file of reports, such as the template or a download of the "
            "reports shown. Rows that are new or changed are shown here before anything is kept."
        )
        st.html(tag("p", "hint", words))
        st.download_button(
            "Template with drop-down lists (XLSX)",
            data=partial(write_template, evidence),
            file_name="reports-template.xlsx",
            mime=WORKBOOKS["xlsx"].media_type,
            key="claims_template",
            on_click="ignore",
        )
        file = st.file_uploader(
            "File of reports",
            type=list(_ENDINGS),
            key=f"claims_file_{st.session_state.get(_EPOCH, 0)}",
            max_upload_size=_MOST_MB,
        )
        if file is None:
            st.session_state.pop(_READ, None)
            return
        brought: _Brought | None = st.session_state.get(_READ)
        if brought is None or brought.id != file.file_id:
            brought = _start(desk, file.file_id, file.name, file.getvalue())
        _draw_brought(desk, brought)


def _draw_done() -> None:
    done = st.session_state.pop(_DONE, "")
    if done:
        st.success("Kept.")
        st.text(done)


def _start(desk: Desk, id: str, name: str, body: bytes) -> _Brought:
    read = partial(read_claim_file, body, name, desk)
    job = start_reading(read, title="reading a file of reports")
    brought = _Brought(id, name, body, job)
    st.session_state[_READ] = brought
    return brought


def _read_again(desk: Desk, brought: _Brought) -> None:
    _start(desk, brought.id, brought.name, brought.body)


def _start_over() -> None:
    st.session_state.pop(_READ, None)
    st.session_state[_EPOCH] = st.session_state.get(_EPOCH, 0) + 1


def _draw_brought(desk: Desk, brought: _Brought) -> None:
    again = partial(_read_again, desk, brought)
    if not brought.job.finished:
        draw_job_progress(brought.job, "Reading", key="claims_import", stop=_start_over)
    elif brought.job.result is None:
        st.error("The file could not be read.")
        st.text(brought.job.error)
        st.button("Try again", key="claims_import_again", on_click=again)
    else:
        _draw_result(desk, brought.job.result)
        st.button("Read it again", key="claims_import_again", type="tertiary", on_click=again)


def _draw_result(desk: Desk, file: ClaimFile) -> None:
    """Draw the counts, the faults, the differences, and what may be kept."""
    counts = [f"{n:,} {STATUSES[status]}" for status, n in count_rows(file).items() if n]
    rows = f"{len(file.rows):,} {'row' if len(file.rows) == 1 else 'rows'}"
    summary = f"{rows}: {', '.join(counts)}." if counts else "No row of a report was found."
    notes = (tag("p", "", escape(note)) for note in file.notes)
    st.html(section(file.name, tag("p", "", escape(summary)), *notes, css="reading full"))
    _draw_faults(file)
    _draw_changes(file)
    _draw_keep(desk, file)


def _draw_faults(file: ClaimFile) -> None:
    faults = file.faults
    if not faults:
        return
    head = ("Table", "Row", "Column", "Value", "Why", "What to do")
    rows = (
        (one.table, one.row or "", one.field, one.value, one.why, one.remedy)
        for one in faults[:_SHOWN]
    )
    more = len(faults) - min(len(faults), _SHOWN)
    note = tag("p", "", f"{more:,} more are in the report.") if more else ""
    things = "1 thing" if len(faults) == 1 else f"{len(faults):,} things"
    title = f"What is wrong: {things}"
    st.html(section(title, html_table(head, rows), note, css="reading full"))
    st.download_button(
        "Download the report (CSV)",
        faults_csv(file),
        "faults.csv",
        "text/csv",
        key="claims_import_report",
        on_click="ignore",
    )


def _draw_changes(file: ClaimFile) -> None:
    """Draw each row that would change something, field by field."""
    rows = file.list_rows("new", "changed", "conflict", "withdrawn")
    if not rows:
        return
    head = ("Row", "Id", "What it does", "Field", "It was", "It becomes")
    cells = [line for row in rows[:_SHOWN] for line in _list_lines(row)]
    more = len(rows) - min(len(rows), _SHOWN)
    note = tag("p", "", f"{more:,} more rows are not shown here.") if more else ""
    st.html(section("What would change", html_table(head, cells), note, css="reading full"))


def _list_lines(row: FileRow) -> Iterator[tuple[object, ...]]:
    start = (row.number or "", row.record, STATUSES[row.status])
    if row.status == "withdrawn":
        yield (*start, "", "", row.reason)
    elif row.status == "new":
        yield (*start, "", "", _describe_new(row))
    for difference in row.differences:
        was = format_value(difference.old)
        if difference.contradicts:
            was += f"; since then: {format_value(difference.now)}"
        yield (*start, difference.field, was, format_value(difference.new))
        start = ("", "", "")


def _describe_new(row: FileRow) -> str:
    fields = row.fields or {}
    text = format_value(fields.get("says") or fields.get("title") or fields.get("name"))
    if row.filled:
        filled = (f"{name} = {format_value(fields.get(name))}" for name in row.filled)
        text += f" (filled in: {', '.join(filled)})"
    if row.similar:
        text += f" One like it is there already: {', '.join(row.similar)}."
    return text


def _draw_keep(desk: Desk, file: ClaimFile) -> None:
    """Draw the choices that the file needs, the reason, and the buttons that keep it."""
    conflicts = file.count("conflict") > 0 and st.checkbox(
        "Take the file's values where others changed them since", key="claims_conflicts"
    )
    left = bool(file.faults) or (file.count("conflict") > 0 and not conflicts)
    good_rows = left and bool(list_kept(file, KeepChoice(conflicts=conflicts)))
    choice = KeepChoice(
        good_rows=good_rows
        and st.checkbox(
            "Keep the other rows, and leave those with a fault or a conflict",
            key="claims_good_rows",
        ),
        conflicts=conflicts,
    )
    refusal = explain_refusal(file, choice)
    if refusal:
        st.text(refusal)
        return
    kept = list_kept(file, choice)
    why = st.text_input("Why (the ledger keeps it)", key="claims_why", max_chars=300)
    with st.container(horizontal=True):
        number = "1 row" if len(kept) == 1 else f"{len(kept):,} rows"
        draft = st.button(f"Keep {number} as drafts", key="claims_keep", type="primary")
        submit = desk.ledger.shared and st.button("Send them to review", key="claims_submit")
    if draft or submit:
        _keep(desk, file, KeepChoice(choice.good_rows, choice.conflicts, submit=submit), why)


def _keep(desk: Desk, file: ClaimFile, choice: KeepChoice, why: str) -> None:
    try:
        event = keep_file(file, desk, choice, why)
    except GeoError as error:
        st.error("Nothing was kept.")
        st.text(str(error))
        return
    records = len({(one.kind, one.record) for one in event.changes})
    what = "1 record" if records == 1 else f"{records:,} records"
    where = "in review" if choice.submit else "drafts"
    st.session_state[_DONE] = f"{what} of {file.name}, {where}; event {event.number}"
    _start_over()
    st.rerun()
