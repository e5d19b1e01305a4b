"""The workbook: what a spreadsheet shows, and what a hostile one can do."""

import datetime as dt
import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from geo.claim_files.columns import list_columns
from geo.claim_files.guide import list_guide
from geo.claim_files.reading import read_claim_file
from geo.claim_files.writing import write_claims, write_template
from geo.ingest.base.model import FileRejectedError
from geo.ingest.readers.cell_tables import BadCell, read_cell_tables
from geo.ingest.sandbox.cell_reader import cell_limits, read_untrusted_cells
from tests.support.hostile_files import entry


def parts(body: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {one: archive.read(one).decode() for one in archive.namelist()}


@pytest.fixture(scope="session")
def template(builtin_records) -> bytes:
    return write_template(builtin_records)


def test_template_has_lists_hints_and_a_frozen_header(template, builtin_records):
    sheet = parts(template)["xl/worksheets/sheet1.xml"]
    assert 'state="frozen"' in sheet
    assert 'ySplit="1"' in sheet
    rules = re.findall(r"<dataValidation (.*?)</dataValidation>|<dataValidation [^>]*/>", sheet)
    assert sheet.count("<dataValidation ") == len(list_columns("claims")) + 1
    assert sum("list" in rule for rule in rules) >= 10
    lists = CalamineWorkbook.from_filelike(io.BytesIO(template)).get_sheet_by_name("Lists")
    first = [row[0] for row in lists.to_python()][1:]
    assert [one for one in first if one] == [one.id for one in builtin_records.sources]


def test_every_field_and_every_word_is_explained(builtin_records):
    rows = list(list_guide(builtin_records))
    bare = [(one.table, one.field, one.word) for one in rows if one.word and not one.note]
    assert {(table, field) for table, field, _ in bare} <= {
        *(("sources", "set"), ("sources", "kind"), ("places", "label_side")),
    }
    assert not [(one.table, one.field) for one in rows if not one.word and one.note[:1] == "("]


def test_technical_columns_are_hidden_and_days_are_days(builtin_records):
    body = write_claims(builtin_records, ["nyt-01"], "xlsx", version="abc")
    assert parts(body)["xl/worksheets/sheet1.xml"].count('hidden="1"') == 2
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name("claims")
    head, first = sheet.to_python()
    assert head[0] == "id"
    assert first[head.index("observed_from")] == dt.date(2024, 12, 13)
    assert first[head.index("data_version")] == "abc"


def test_no_cell_is_a_formula(builtin_records):
    from dataclasses import replace

    claim = builtin_records.claims[0].model_copy(
        update={"says": "=HYPERLINK(1)", "note": "@x", "state": "+1"}
    )
    evidence = replace(builtin_records, claims=(claim,))
    body = write_claims(evidence, [claim.id], "xlsx")
    sheet = parts(body)["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert 'quotePrefix="1"' in parts(body)["xl/styles.xml"]
    assert "'=HYPERLINK(1)" in write_claims(evidence, [claim.id], "csv").decode()


def test_errors_and_formulas_without_a_result_are_told():
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("claims")
    sheet.write_row(0, 0, ("id", "says", "note"))
    sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    sheet.write_formula(2, 1, '="a"', None, "a")
    sheet.write_formula(3, 1, "=B1", None, "")
    book.close()
    [table] = read_cell_tables(out.getvalue(), "x.xlsx", cell_limits()).tables
    cells = {row.number: row.cells[1] for row in table.rows}
    assert cells[2] == BadCell("#DIV/0!", "the cell has a spreadsheet error")
    assert cells[3] == "a"


def hostile() -> dict[str, tuple[str, bytes]]:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    entities = io.BytesIO()
    with zipfile.ZipFile(entities, "w") as archive:
        archive.writestr("[Content_Types].xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    return {
        "xls": ("a.xls", old),
        "encrypted": ("a.xlsx", old),
        "macros": ("a.xlsm", b"PK\x03\x04" + bytes(50)),
        "bomb": ("a.xlsx", bomb.getvalue()),
        "entities": ("a.xlsx", entities.getvalue()),
        "another archive": ("a.xlsx", entry("readme.txt")),
        "outside": ("a.xlsx", entry("../../x")),
        "cut off": ("a.xlsx", b"PK\x03\x04" + bytes(50)),
        "empty": ("a.csv", b""),
        "picture": ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        "geojson name": ("a.gpkg", b"SQLite format 3\x00" + bytes(50)),
        "too large": ("a.csv", b"id,says\n" + b"x,y\n" * 6_000_000),
    }


@pytest.mark.parametrize("kind", hostile())
def test_a_file_that_is_no_workbook_is_refused_with_a_remedy(kind):
    name, body = hostile()[kind]
    with pytest.raises(FileRejectedError) as error:
        read_untrusted_cells(body, name)
    assert error.value.why
    assert error.value.remedy


def test_a_sheet_with_too_many_rows_is_refused():
    body = b"id,says\n" + b"x,y\n" * 20_001
    with pytest.raises(FileRejectedError, match="20,000"):
        read_cell_tables(body, "x.csv", cell_limits())


def test_a_filled_template_is_read(template, desk, tmp_path):
    """Fill the template as a person would, keeping its other sheets."""
    head = [column.name for column in list_columns("claims")]
    cells = {
        "source": "nyt-2024-12-13",
        "place": "Khmeimim",
        "says": "Three lorries wait.",
        "subject": "lorries",
        "evidence": "Photo",
        "observed_from": "2024-12-13",
        "certainty": "stated",
        "stance": "neutral",
    }
    texts = "".join(
        f'<c r="{chr(65 + head.index(name))}2" t="inlineStr"><is><t>{text}</t></is></c>'
        for name, text in sorted(cells.items(), key=lambda one: head.index(one[0]))
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts(template).items():
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(
                    "</row></sheetData>", f'</row><row r="2">{texts}</row></sheetData>'
                )
                text = text.replace(":Z1", ":Z2")
            archive.writestr(name, text)
    found = read_claim_file(out.getvalue(), "filled.xlsx", desk)
    assert [str(fault) for fault in found.faults] == []
    assert [(row.number, row.status) for row in found.rows] == [(2, "new")]


def repack(body: bytes, changes: dict[str, str], more: dict[str, bytes] | None = None) -> bytes:
    """Return a workbook with texts of its first sheet replaced, and with more files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts(body).items():
            if name == "xl/worksheets/sheet1.xml":
                for old, new in changes.items():
                    text = text.replace(old, new)
            archive.writestr(name, text)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def test_macros_and_links_to_other_files_are_told_and_not_followed(template):
    more = {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"}
    found = read_cell_tables(repack(template, {}, more), "x.xlsx", cell_limits())
    assert [note.split(";")[0] for note in found.notes] == [
        "The workbook has macros",
        "The workbook refers to other files",
    ]


def test_a_sheet_that_claims_to_be_huge_is_refused(template):
    cell = (
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    with pytest.raises(FileRejectedError) as error:
        read_untrusted_cells(repack(template, {"</sheetData>": cell}), "huge.xlsx")
    assert error.value.remedy
