"""Every fault of every row is reported with its row and field, and nothing is kept by half."""

import json

import pytest

from geo.claim_files.keeping import KeepChoice, keep_file
from geo.claim_files.report import faults_csv, format_claim_file, to_json_values
from geo.claim_files.sheets import SheetReader
from geo.errors import LedgerError
from geo.ingest.readers.cell_tables import CellFile, CellRow, CellTable

HEAD = (
    "id,source,place,subject,says,evidence,attributed_to,observed_from,observed_to,date_class,"
    "certainty,stance,count_min,count_max,systems,origins,withdraw"
)
GOOD = {
    "source": "nyt-2024-12-13",
    "place": "khmeimim",
    "subject": "S-400",
    "says": "Two launchers stand on the apron.",
    "evidence": "satellite imagery",
    "observed_from": "2024-12-13",
    "certainty": "observed",
    "stance": "leaving",
    "systems": "S-400",
}
KINDS = (
    ({"place": "Khmemim"}, "place", "no such place", "khmeimim"),
    ({"source": "nobody"}, "source", "no such source", "add it"),
    ({"evidence": "Satelite Imagery"}, "evidence", "not a word", "satellite imagery"),
    ({"observed_from": "3/12/2024"}, "observed_from", "before or after", "2024-12-03"),
    ({"observed_from": "2024-02-30"}, "observed_from", "no such day", "YYYY-MM-DD"),
    ({"observed_from": "0024-12-13"}, "observed_from", "not between 1900 and 2100", "year"),
    ({"observed_from": "45639"}, "observed_from", "not a day", "YYYY-MM-DD"),
    ({"count_min": "about 4"}, "count_min", "not a whole number", "4"),
    ({"count_min": "5", "count_max": "3"}, "count_min", "above the largest", "swap"),
    ({"systems": "S-400; Su-35"}, "systems", "no such system", "add it"),
    ({"says": ""}, "says", "empty", "fill in"),
    ({"observed_from": "2024-12-14", "observed_to": "2024-12-13"}, "observed_from", "ends", "swap"),
    ({"withdraw": "wrong"}, "withdraw", "not there", "id"),
    ({"id": "no id!"}, "id", "not an id", "letters"),
    ({"origins": "maxar-2024-12-31"}, "origins", "no such origin", "maxar-2024-12"),
    ({"certainty": "sure"}, "certainty", "not a word", "observed"),
    ({"evidence": "imagery"}, "evidence", "not a word", "did you mean 'satellite imagery'"),
    ({"count_min": "-1"}, "count_min", "too small", "write 0 or more"),
    ({"count_max": "2000000000"}, "count_max", "too large", "write 1000000000 or less"),
)


def write_row(**changes: str) -> str:
    cells = GOOD | changes
    return ",".join(f'"{cells.get(name, "")}"' for name in HEAD.split(","))


@pytest.mark.parametrize(
    ("changes", "field", "why", "remedy"), KINDS, ids=lambda one: str(one)[:40]
)
def test_each_kind_of_fault_is_told_at_its_field(read, changes, field, why, remedy):
    found = read("\n".join((HEAD, write_row(), write_row(**changes))))
    assert [row.status for row in found.rows] == ["new", "faulty"]
    assert {(fault.row, fault.field) for fault in found.faults} == {(3, field)}
    assert why in found.faults[0].why
    assert remedy in found.faults[0].remedy


def test_two_hundred_bad_rows_are_each_told_and_none_is_kept(read, desk):
    rows = [write_row(**KINDS[at % len(KINDS)][0]) for at in range(200)]
    rows[13] = write_row(id="twice-1")
    rows[14] = write_row(id="twice-1", place="Khmemim", certainty="sure")
    found = read("\n".join((HEAD, *rows)))
    wrong = {fault.row for fault in found.faults}
    assert wrong == {at + 2 for at in range(200) if at != 13}
    assert {fault.field for fault in found.faults if fault.row == 16} == {
        *("id", "place", "certainty"),
    }
    assert all(fault.why and fault.remedy for fault in found.faults)
    with pytest.raises(LedgerError, match="nothing of it is kept"):
        keep_file(found, desk, KeepChoice())
    assert desk.state().head.number == 0
    event = keep_file(found, desk, KeepChoice(good_rows=True))
    assert [change.record for change in event.changes] == ["twice-1"]
    assert desk.state().head.number == 1


def test_every_fault_is_in_the_text_the_json_and_the_csv(read):
    found = read("\n".join((HEAD, *(write_row(**one[0]) for one in KINDS))))
    text, table = format_claim_file(found), faults_csv(found).decode("utf-8-sig")
    values = to_json_values(found)
    assert len(values["faults"]) == len(found.faults) == len(table.splitlines()) - 1
    for fault in found.faults:
        assert f"row {fault.row}, {fault.field}: {fault.why}" in text


def test_several_faults_of_one_row_are_told_at_once(read):
    found = read("\n".join((HEAD, write_row(place="x", says="", certainty="sure", stance="away"))))
    assert {fault.field for fault in found.faults} == {"place", "says", "certainty", "stance"}


def test_what_follows_from_a_faulty_cell_is_no_fault_of_its_own(read):
    found = read("\n".join((HEAD, write_row(observed_from="soon"))))
    assert [fault.field for fault in found.faults] == ["observed_from"]


def test_a_row_that_names_a_faulty_row_is_not_kept_without_it(read, desk):
    body = """{"sources": [{"id": "new-1", "publisher": "New", "url": "not an address"}],
        "claims": [{"source": "new-1", "place": "khmeimim", "says": "A thing.", "subject": "S-400",
        "evidence": "photo", "certainty": "stated", "stance": "neutral", "systems": ["S-400"]}]}"""
    found = read(body, "new.json")
    assert {row.kind: row.status for row in found.rows} == {"sources": "faulty", "claims": "faulty"}
    assert "row 1 of sources" in found.rows[0].faults[0].why
    with pytest.raises(LedgerError):
        keep_file(found, desk, KeepChoice(good_rows=True))


def test_a_record_with_a_field_that_is_not_known_is_not_kept_without_it(read, desk):
    whole = {**GOOD, "systems": ["S-400"]}
    body = json.dumps([{**whole, "Note": "mistyped name"}, {**whole, "says": "Another thing."}])
    found = read(body, "new.json")
    assert [row.status for row in found.rows] == ["faulty", "new"]
    event = keep_file(found, desk, KeepChoice(good_rows=True))
    assert [change.new["says"] for change in event.changes] == ["Another thing."]


def test_a_sheet_of_claims_without_a_header_is_a_fault(read):
    reader = SheetReader()
    rows = tuple(CellRow(at, ("nyt-2024-12-13", "khmeimim", "A thing.")) for at in (1, 2))
    reader.read(CellFile((CellTable("claims", rows),), ()))
    [fault] = reader.faults
    assert (fault.table, fault.row, fault.why) == ("claims", 1, "no row names the columns")


def test_an_emptied_list_of_a_known_report_is_told_in_words(read):
    found = read("id,says,origins\nnyt-01,Another sentence.,\n")
    [fault] = found.faults
    assert (fault.field, fault.why, fault.remedy) == (
        *("origins", "the cell is empty", "fill in the cell"),
    )


def test_columns_that_are_not_known_are_told_and_the_nearest_is_named(read):
    found = read(f"{HEAD},certanty,wkt\n{write_row()},x,y")
    assert [(fault.row, fault.field) for fault in found.faults] == [(1, "certanty")]
    assert "certainty" in found.faults[0].remedy


def test_a_row_with_more_cells_than_the_header_is_told(read):
    found = read(f"{HEAD}\n{write_row()},more\n{write_row()}")
    assert [fault.row for fault in found.faults] == [2]
    assert len(found.rows) == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("{", "not valid JSON"),
        ('{"other": []}', "no list of claims"),
        ('{"claims": [1]}', "a record is an object"),
        ('{"claims": [{"says": NaN}]}', "NaN"),
        ('{"claims": [{"sayz": "x"}]}', "no such field"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_json_that_cannot_be_used_is_told(read, body, why):
    found = read(body, "x.json")
    assert why in " ".join(f"{fault.why}" for fault in found.faults)


def test_texts_of_a_file_cannot_end_a_line_of_the_report(read):
    found = read("\n".join((HEAD, write_row(place="x\x1b[31m\u202ey"))))
    assert "\x1b" not in format_claim_file(found)
