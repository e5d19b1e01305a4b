"""Write claims as CSV, and all tables as JSON, in the form in which they are read again."""

import csv
import io
import json
from datetime import date

from geo.claim_files.cells import hash_record
from geo.claim_files.columns import DATA_VERSION, RECORD_VERSION
from geo.claim_files.tables import CellValue, RecordTables, list_titles, write_row
from geo.text.escaping import escape_formula, replace_surrogates


def to_csv_file(tables: RecordTables) -> bytes:
    """Return the claims as CSV, UTF-8 with a byte order mark; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(list_titles("claims"))
    for fields in tables.records["claims"]:
        writer.writerow([_write(cell) for cell in write_row("claims", fields, tables.version)])
    return out.getvalue().encode("utf-8-sig")


def _write(cell: CellValue) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return escape_formula(cell) if isinstance(cell, str) else cell


def to_json_file(tables: RecordTables) -> bytes:
    """Return every table as JSON, each record with its version."""
    about: dict[str, object] = dict(tables.about)
    about["exported"] = {"claims": [str(one["id"]) for one in tables.records["claims"]]}
    content: dict[str, object] = {"about": about}
    technical = {DATA_VERSION: tables.version} if tables.version else {}
    for kind, records in tables.records.items():
        content[kind] = [
            {**fields, RECORD_VERSION: hash_record(fields), **technical} for fields in records
        ]
    return json.dumps(replace_surrogates(content), ensure_ascii=False, indent=1).encode()
