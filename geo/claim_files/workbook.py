"""Write an XLSX workbook of claims, or an empty template, with drop-down lists and a guide."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.claim_files.columns import (
    DATA_VERSION,
    RECORD_VERSION,
    TABLE_KINDS,
    WITHDRAW,
    FileColumn,
    TableKind,
    list_columns,
)
from geo.claim_files.filling import is_needed
from geo.claim_files.guide import describe_field, find_words, list_guide
from geo.claim_files.sheets import ABOUT, FIELDS, LISTS
from geo.claim_files.tables import CellValue, RecordTables, list_titles, write_row
from geo.evidence import Evidence
from geo.text.escaping import escape_formula

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format as CellFormat
    from xlsxwriter.worksheet import Worksheet

_SPARE_ROWS = 2_000
_HINT = 250  # characters of the hint at a cell; a workbook holds 255
_IDS_A_ROW = 50
_WIDTHS = {
    **dict.fromkeys(("source", "place", "subject", "evidence", "attributed_to", "state"), 24),
    **dict.fromkeys(("systems", "origins", "note", "withdraw", "publisher", "name"), 30),
    **dict.fromkeys(("title", "url", "url_note", "drawn_note", "geometry", "missing"), 40),
    "says": 60,
}
_EPOCH = dt.datetime(2024, 1, 1)  # of writing, so that the same rows give the same bytes
_BEGIN = (
    "One row is one report of one source. Fill in the sheet “claims”; a new source, place, origin "
    "or system goes into its sheet. The sheet “Fields and words” explains every column."
)
_BRING_BACK = (
    "Edit any row and bring the file back: new and changed rows are shown before anything is "
    "kept. A row that is missing is not withdrawn; to withdraw one, write the reason into "
    "the column “withdraw”."
)


@dataclass(frozen=True)
class _Formats:
    head: CellFormat
    optional_head: CellFormat
    text: CellFormat
    quoted: CellFormat
    day: CellFormat
    number: CellFormat
    plain: CellFormat


def to_workbook(tables: RecordTables, evidence: Evidence) -> bytes:
    """Return the workbook of some records, empty for a template; the same ones give the same bytes.

    No cell is a formula, dates are dates, and every text is written as a text.
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"created": _EPOCH, "title": "Claims"})
    formats = _make_formats(book)
    sheets = {kind: book.add_worksheet(kind) for kind in TABLE_KINDS}
    guide, lists, about = (book.add_worksheet(name) for name in (FIELDS, LISTS, ABOUT))
    ranges = _write_lists(lists, tables, evidence, formats)
    for kind, sheet in sheets.items():
        _write_table(sheet, kind, tables, formats)
        _add_help(sheet, kind, len(tables.records[kind]), evidence, ranges)
    _write_guide(guide, evidence, formats)
    _write_about(about, tables, formats)
    sheets["claims"].activate()
    book.close()
    return out.getvalue()


def _make_formats(book: Workbook) -> _Formats:
    top = {"valign": "top", "text_wrap": True}
    head = {"bold": True, "valign": "top", "border": 1, "border_color": "#8a949a"}
    return _Formats(
        head=book.add_format(head | {"bg_color": "#1d3b4f", "font_color": "#ffffff"}),
        optional_head=book.add_format(head | {"bg_color": "#dfe6ea", "font_color": "#1b2a33"}),
        text=book.add_format(top | {"num_format": "@"}),
        quoted=book.add_format(top | {"num_format": "@", "quote_prefix": True}),
        day=book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"}),
        number=book.add_format({"valign": "top"}),
        plain=book.add_format(top),
    )


def _write_table(
    sheet: Worksheet, kind: TableKind, tables: RecordTables, formats: _Formats
) -> None:
    columns = {column.name: column for column in list_columns(kind)}
    titles = list_titles(kind)
    for at, title in enumerate(titles):
        column = columns.get(title)
        needed = column is not None and is_needed(kind, column)
        sheet.write_string(0, at, title, formats.head if needed else formats.optional_head)
        hidden = {"hidden": title in (RECORD_VERSION, DATA_VERSION)}
        width = _WIDTHS.get(title, max(14, len(title) + 3))
        sheet.set_column(at, at, width, _choose_format(column, formats), hidden)
    for number, fields in enumerate(tables.records[kind], 1):
        for at, cell in enumerate(write_row(kind, fields, tables.version)):
            _write_cell(sheet, number, at, cell, formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(tables.records[kind])), len(titles) - 1)


def _choose_format(column: FileColumn | None, formats: _Formats) -> CellFormat:
    if column is not None and column.kind in ("day", "whole", "number"):
        return formats.day if column.kind == "day" else formats.number
    return formats.text


def _write_cell(
    sheet: Worksheet, row: int, column: int, cell: CellValue, formats: _Formats
) -> None:
    if isinstance(cell, dt.date):
        if cell.year < 1900:  # before the first day that a spreadsheet has
            sheet.write_string(row, column, cell.isoformat(), formats.text)
        else:
            sheet.write_datetime(row, column, dt.datetime(*cell.timetuple()[:3]), formats.day)
    elif isinstance(cell, str):
        quoted = escape_formula(cell) != cell
        sheet.write_string(row, column, cell, formats.quoted if quoted else formats.text)
    elif cell is not None:
        sheet.write_number(row, column, cell, formats.number)


def _write_lists(
    sheet: Worksheet, tables: RecordTables, evidence: Evidence, formats: _Formats
) -> dict[str, str]:
    """Write each list of words and names into a column of its own; return the ranges by name."""
    lists = _collect_lists(tables, evidence)
    ranges = {}
    for at, (name, rows) in enumerate(lists.items()):
        first = 2 * at
        for column, title in enumerate((name, "that is")):
            sheet.write_string(0, first + column, title, formats.optional_head)
        sheet.set_column(first, first, 26, formats.text)
        sheet.set_column(first + 1, first + 1, 36, formats.text)
        for number, pair in enumerate(rows, 1):
            for column, text in enumerate(pair):
                _write_cell(sheet, number, first + column, text or None, formats)
        if rows:
            letters = _column_letters(first)
            ranges[name] = f"='{LISTS}'!${letters}$2:${letters}${len(rows) + 1}"
    sheet.freeze_panes(1, 0)
    return ranges


def _collect_lists(tables: RecordTables, evidence: Evidence) -> dict[str, list[tuple[str, str]]]:
    names = evidence.system_names
    found: dict[str, list[tuple[str, str]]] = {
        "sources": [(one.id, one.reported) for one in evidence.sources],
        "places": [(one.id, one.name) for one in evidence.places],
        "systems": [
            (name, " < ".join(names.list_families(name)))
            for name in names.sort(evidence.known_systems)
        ],
        "origins": [(one.id, one.name) for one in evidence.origins],
    }
    for kind in TABLE_KINDS:
        for column in list_columns(kind):
            words = find_words(column, evidence) if column.kind in ("word", "text") else ()
            if words:
                found[f"{kind} {column.name}"] = [
                    (word, _mean(column.name, word, evidence)) for word in words
                ]
    return found


def _mean(field: str, word: str, evidence: Evidence) -> str:
    from geo.claim_files.guide import describe_word

    return describe_word(field, word, evidence)


def _add_help(
    sheet: Worksheet, kind: TableKind, rows: int, evidence: Evidence, ranges: dict[str, str]
) -> None:
    """Add a hint and, where there are words to choose from, a drop-down list to each column."""
    last = rows + _SPARE_ROWS
    for at, column in enumerate(list_columns(kind)):
        hint = describe_field(kind, column.name, evidence)[:_HINT]
        options: dict[str, object] = {
            "validate": "any",
            "input_title": column.name[:32],
            "input_message": hint or column.name,
        }
        own = f"{kind} {column.name}"
        listed = ranges.get(own) or ranges.get(column.refers or "")
        if listed:
            options |= {"validate": "list", "source": listed}
            options |= {"error_type": "stop" if own in ranges else "warning"}
            options |= {
                "error_title": column.name[:32],
                "error_message": _explain_list(column, own in ranges),
            }
            options |= {"show_error": column.kind != "list"}
        elif column.kind == "day":
            first, end = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
            options |= {"validate": "date", "criteria": "between", "minimum": first}
            options |= {"maximum": end, "error_type": "warning"}
            options |= {"error_title": column.name[:32], "error_message": "Write YYYY-MM-DD."}
        sheet.data_validation(1, at, last, at, options)
    if kind == "claims":
        at = list_titles(kind).index(WITHDRAW)
        hint = describe_field(kind, WITHDRAW, evidence)[:_HINT]
        help_ = {"validate": "any", "input_title": WITHDRAW, "input_message": hint}
        sheet.data_validation(1, at, last, at, help_)


def _explain_list(column: FileColumn, is_vocabulary: bool) -> str:
    if is_vocabulary:
        return "Choose one of the words of the list; the sheet “Fields and words” explains them."
    return f"It is not in the list. Is it a new row of the sheet “{column.refers}”?"


def _write_guide(sheet: Worksheet, evidence: Evidence, formats: _Formats) -> None:
    for at, (title, width) in enumerate(
        (("sheet", 12), ("column", 24), ("word", 24), ("needed", 10), ("what it means", 100))
    ):
        sheet.write_string(0, at, title, formats.head)
        sheet.set_column(at, at, width, formats.text)
    for number, row in enumerate(list_guide(evidence), 1):
        cells = (row.table, row.field, row.word, row.needed, row.note)
        for at, text in enumerate(cells):
            _write_cell(sheet, number, at, text or None, formats)
    sheet.freeze_panes(1, 0)


def _write_about(sheet: Worksheet, tables: RecordTables, formats: _Formats) -> None:
    sheet.set_column(0, 0, 24, formats.text)
    sheet.set_column(1, 1, 120, formats.text)
    rows: list[tuple[str, str]] = [("how to use it", _BEGIN), ("bring it back", _BRING_BACK)]
    rows += tables.about.items()
    ids = [str(one["id"]) for one in tables.records["claims"]]
    rows += [("exported claims", " ".join(some)) for some in _chunk(ids)]
    for number, (name, text) in enumerate(rows):
        for at, cell in enumerate((name, text)):
            _write_cell(sheet, number, at, cell, formats)


def _chunk(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[at : at + _IDS_A_ROW] for at in range(0, len(ids), _IDS_A_ROW))


def _column_letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
