"""A reading as CSV, as plain values for JSON, and as text for a terminal."""

from __future__ import annotations

import csv
import io
from typing import Any

from geo.export.data.csv import safe_cell
from geo.ingest.base.diagnostics import counted, listed
from geo.ingest.base.model import ImportResult, RejectedRow
from geo.ingest.base.safe_text import printable

_HEAD = ("file", "row", "line", "field", "value", "why", "remedy")
_VERDICTS = {
    "accept": "accepted",
    "accept-with-warning": "accepted, with warnings",
    "reject": "rejected",
}
_SIGNS = {"info": " ", "warning": "!", "error": "x"}
_FEW = 20


def report_csv(reading: ImportResult) -> bytes:
    """Return what was set aside, one fault a row, as CSV: UTF-8 with a byte order mark.

    No cell of it is a formula. The messages on the file as a whole stand first, without a row.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEAD)
    name = safe_cell(printable(reading.name))
    for message in reading.messages:
        if message.level != "info":
            writer.writerow([name, "", "", "", "", safe_cell(message.text), ""])
    for one in reading.set_aside:
        texts = [one.field, one.value, one.why, one.remedy]
        line = "" if one.line is None else one.line
        writer.writerow(
            [safe_cell(one.file), one.row, line, *(safe_cell(printable(t, 1_000)) for t in texts)]
        )
    return out.getvalue().encode("utf-8-sig", "replace")


def as_plain(reading: ImportResult) -> dict[str, Any]:
    """Return a reading without its rows, for JSON."""
    return {
        "verdict": reading.verdict,
        "accepted": reading.accepted,
        "messages": [{"level": one.level, "text": one.text} for one in reading.messages],
        "set_aside": [_fault(one) for one in reading.set_aside],
        "set_aside_rows": reading.set_aside_rows,
        "guessed": _guessed(reading),
        "repairs": [{"id": one.id, "what": one.what, "rows": one.rows} for one in reading.repairs],
    }


def as_text(reading: ImportResult) -> str:
    """Return a reading in words for a terminal: no character in it steers one."""
    rows = counted(reading.accepted, "row")
    lines = [f"{printable(reading.name)}: {_VERDICTS[reading.verdict]}, {rows}"]
    guessed = _guessed(reading)
    if guessed:
        told = (
            f"{key.replace('_', ' ')} {_value(value)}"
            for key, value in guessed.items()
            if key != "columns"
        )
        lines.append(f"  read as: {'; '.join(told)}")
    lines += [f"{_SIGNS[one.level]} {one.text}" for one in reading.messages]
    for one in reading.set_aside[:_FEW]:
        where = f"row {one.row}" + (f" (line {one.line})" if one.line is not None else "")
        field = f", {printable(one.field, 60)}" if one.field else ""
        value = f" “{printable(one.value, 80)}”:" if one.value else ":"
        lines.append(f"- {where}{field}{value} {one.why} {one.remedy}")
    if len(reading.set_aside) > _FEW:
        lines.append(f"- and {len(reading.set_aside) - _FEW:,} more; --json gives them all")
    lines += [
        f"+ repair “{one.id}”: {one.what} ({counted(one.rows, 'row')})" for one in reading.repairs
    ]
    return "\n".join(lines)


def _fault(one: RejectedRow) -> dict[str, Any]:
    found = {
        "row": one.row,
        "field": one.field,
        "value": one.value,
        "why": one.why,
        "remedy": one.remedy,
        "file": one.file,
    }
    return found if one.line is None else found | {"line": one.line}


def _guessed(reading: ImportResult) -> dict[str, Any]:
    from dataclasses import asdict

    found = asdict(reading.guessed)
    return {key: value for key, value in found.items() if value not in (None, "", ())}


def _value(value: Any) -> str:
    return listed(value) if isinstance(value, (tuple, list)) else printable(value, 60)
