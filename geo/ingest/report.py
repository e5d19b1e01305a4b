"""An import result as CSV, as JSON values, and as text for a terminal."""

import csv
import io
from dataclasses import asdict

from geo.ingest.base.model import ImportResult, RowFault
from geo.ingest.base.safe_text import format_count, printable, quote_names
from geo.ingest.extent import describe_extent, measure_extent
from geo.text.escaping import escape_formula

_HEADER = ("file", "row", "line", "field", "value", "why", "remedy")
_VERDICTS = {
    "accept": "accepted",
    "accept-with-warning": "accepted, with warnings",
    "reject": "rejected",
}
_SIGNS = {"info": " ", "warning": "!", "error": "x"}
_MAX_ROWS = 20


def report_csv(result: ImportResult) -> bytes:
    """Return warnings, errors, rejected rows and rows kept without a date as CSV: UTF-8 with a BOM.

    Cells are escaped, so that a spreadsheet evaluates none of them as a formula. Messages about
    the file as a whole come first and have no row number.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADER)
    name = escape_formula(printable(result.name))
    for message in result.messages:
        if message.level != "info":
            writer.writerow([name, "", "", "", "", escape_formula(message.text), ""])
    for one in (*result.rejected, *result.undated):
        texts = (one.field, one.value, one.why, one.remedy)
        cells = [escape_formula(printable(text, 1_000)) for text in texts]
        line = "" if one.line is None else one.line
        writer.writerow([escape_formula(one.file), one.row, line, *cells])
    return out.getvalue().encode("utf-8-sig", "replace")


def to_json_dict(result: ImportResult) -> dict[str, object]:
    """Return a result without its accepted rows as JSON, whose keys are a stable interface."""
    extent = measure_extent(result)
    return {
        "verdict": result.verdict,
        "accepted": result.accepted,
        "bbox": extent.bbox,
        "days": extent.days and [day.isoformat() for day in extent.days],
        "undated": extent.undated,
        "layers": result.detected.layers_read,
        "messages": [asdict(one) for one in result.messages],
        "set_aside": [_fault_to_dict(one) for one in result.rejected],
        "set_aside_rows": result.rejected_count,
        "kept_undated": [_fault_to_dict(one) for one in result.undated],
        "guessed": _detected_to_dict(result),
        "repairs": [asdict(one) for one in result.repairs],
    }


def format_report(result: ImportResult) -> str:
    """Return a result as text for a terminal, without control characters."""
    lines = [f"{printable(result.name)}: {_VERDICTS[result.verdict]}, {describe_extent(result)}"]
    detected = [
        f"{key.replace('_', ' ')} {_format_value(value)}"
        for key, value in _detected_to_dict(result).items()
        if key != "columns"
    ]
    if detected:
        lines.append(f"  detected: {'; '.join(detected)}")
    lines += [f"{_SIGNS[one.level]} {one.text}" for one in result.messages]
    faults = (*result.rejected, *result.undated)
    for one in faults[:_MAX_ROWS]:
        where = f"row {one.place}" + (f" (line {one.line})" if one.line is not None else "")
        field = f", {printable(one.field, 60)}" if one.field else ""
        value = f" “{printable(one.value, 80)}”:" if one.value else ":"
        lines.append(f"- {where}{field}{value} {one.why} {one.remedy}")
    if len(faults) > _MAX_ROWS:
        lines.append(f"- and {len(faults) - _MAX_ROWS:,} more; --json lists them all")
    lines += [
        f"+ repair “{one.id}”: {one.what} ({format_count(one.rows, 'row')})"
        for one in result.repairs
        if not one.made
    ]
    return "\n".join(lines)


def _fault_to_dict(row: RowFault) -> dict[str, object]:
    """Return a fault of a row, with its line and its layer only if it has them."""
    names = ("row", "field", "value", "why", "remedy", "file", "line")
    fault = {name: value for name in names if (value := getattr(row, name)) is not None}
    return fault | ({"layer": row.layer} if row.layer else {})


def _detected_to_dict(result: ImportResult) -> dict[str, object]:
    """Return what was detected, without empty values."""
    return {
        "shape" if key == "schema" else key: value
        for key, value in asdict(result.detected).items()
        if value not in (None, "", ())
    }


def _format_value(value: object) -> str:
    if isinstance(value, (tuple, list)):
        names = [" and ".join(one) if isinstance(one, (tuple, list)) else one for one in value]
        return quote_names(names)
    return printable(value, 60)
