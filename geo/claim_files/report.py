"""A claim file that was read, in words, as JSON values, and its faults as CSV."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict

from geo.claim_files.models import CellFault, ClaimFile, FieldDifference, FileRow, RowStatus
from geo.ingest.base.safe_text import format_count, printable
from geo.text.escaping import escape_formula, replace_surrogates

STATUSES: dict[RowStatus, str] = {
    "new": "new",
    "changed": "changed",
    "withdrawn": "to be withdrawn",
    "conflict": "in conflict with a later change",
    "unchanged": "unchanged",
    "faulty": "with faults",
}
"""What rows are called, in the order in which they are shown."""
_SHOWN = 2_000  # faults in a text; JSON and CSV have all
_HEADER = ("table", "row", "field", "value", "why", "remedy")
_LONGEST = 120


def count_rows(file: ClaimFile) -> dict[RowStatus, int]:
    """Return how many rows of each status there are."""
    return {status: file.count(status) for status in STATUSES}


def describe_counts(file: ClaimFile) -> str:
    """Return the counts as one sentence: "3 rows: 2 new, 1 unchanged"."""
    counts = [f"{n:,} {STATUSES[status]}" for status, n in count_rows(file).items() if n]
    return f"{format_count(len(file.rows), 'row')}" + (f": {', '.join(counts)}" if counts else "")


def format_value(value: object) -> str:
    """Return a value of a record as text for a report; "nothing" for an empty one."""
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, list):
        return printable("; ".join(map(str, value)), _LONGEST)
    return printable(value, _LONGEST)


def describe_difference(difference: FieldDifference) -> str:
    """Return a change of one field: "certainty: stated -> observed"."""
    text = f"{difference.field}: {format_value(difference.old)} -> {format_value(difference.new)}"
    if difference.contradicts:
        text += f", but it was changed meanwhile to {format_value(difference.now)}"
    return text


def describe_row(row: FileRow) -> Iterator[str]:
    """Yield what a row does, one line a difference."""
    where = f"{row.table}, row {row.number}" if row.number else row.table
    head = f"- {where}: {row.record or 'no id'} is {STATUSES[row.status]}"
    yield f"{head}: {printable(row.reason, _LONGEST)}" if row.reason else head
    for difference in row.differences:
        yield f"  {describe_difference(difference)}"
    if row.filled:
        filled = (f"{name} = {format_value((row.fields or {}).get(name))}" for name in row.filled)
        yield f"  filled in: {', '.join(filled)}"
    if row.similar:
        yield f"  one like it is there already: {', '.join(row.similar)}"


def format_claim_file(file: ClaimFile) -> str:
    """Return the result of reading a file as text for a terminal, without control characters."""
    lines = [f"{file.name}: {describe_counts(file)}", *(f"  {note}" for note in file.notes)]
    for status in STATUSES:
        if status not in ("unchanged", "faulty"):
            lines += [line for row in file.list_rows(status) for line in describe_row(row)]
    faults = file.faults
    lines += [f"x {fault}" for fault in faults[:_SHOWN]]
    if len(faults) > _SHOWN:
        lines.append(f"x and {len(faults) - _SHOWN:,} more; --json lists them all")
    return "\n".join(printable(line, 4_000) for line in lines)


def to_json_values(file: ClaimFile) -> dict[str, object]:
    """Return the result of reading a file as JSON values, whose keys are a stable interface."""
    rows = [_row_to_dict(row) for row in file.rows]
    answer: dict[str, object] = {
        "name": file.name,
        "counts": count_rows(file),
        "rows": rows,
        "faults": [asdict(fault) for fault in file.faults],
        "notes": list(file.notes),
    }
    return dict(replace_surrogates(answer))


def _row_to_dict(row: FileRow) -> dict[str, object]:
    return {
        "table": row.table,
        "row": row.number,
        "kind": row.kind,
        "id": row.record,
        "status": row.status,
        "changes": [
            {"field": one.field, "old": one.old, "new": one.new, "now": one.now}
            for one in row.differences
        ],
        "filled": list(row.filled),
        "similar": list(row.similar),
        "reason": row.reason,
    }


def faults_csv(file: ClaimFile) -> bytes:
    """Return every fault as CSV: UTF-8 with a BOM, no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADER)
    for fault in file.faults:
        writer.writerow(_cells(fault))
    return out.getvalue().encode("utf-8-sig", "replace")


def _cells(fault: CellFault) -> list[str]:
    texts = (fault.table, str(fault.row or ""), fault.field, fault.value, fault.why, fault.remedy)
    return [escape_formula(printable(text, 1_000)) for text in texts]
