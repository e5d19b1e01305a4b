"""A file that was exported and not edited changes nothing, in every format."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.claim_files.reading import compare_rows, read_claim_file
from geo.claim_files.sheets import SheetReader
from geo.claim_files.writing import write_claims
from geo.evidence import Claim, Evidence, load_evidence
from geo.evidence.rules import FIRST_DAY, LAST_DAY
from geo.ingest.readers.cell_tables import read_cell_tables
from geo.ingest.sandbox.cell_reader import cell_limits
from geo.ledger.desk import Desk
from geo.ledger.folder import FolderLedger
from geo.ledger.people import Person
from geo.settings import case_folder

FORMATS = ("xlsx", "csv", "json")
CASE = load_evidence(case_folder())
BASE = CASE.claims[0]
ANY_TEXT = st.text(min_size=1, max_size=40)
AWKWARD = st.sampled_from(
    [
        *("=1+1", "'=1+1", "-5", "007", "1e5", "  blanks  ", "a;b", "[1]", '{"a": 1}', "x\r\ny"),
        *(
            "\x00\x07",
            "_x0041_",
            "TRUE",
            "2024-12-13",
            "12/13/2024",
            "‮abc",
            "#DIV/0!",
            "x" * 40_000,
        ),
        *("'quoted'", '"quoted"', "a,b", "@x", "+x", "\n", "\n0", "\ufffe", "\ttab", "؛"),
    ]
)
TEXTS = ANY_TEXT | AWKWARD
DAYS = st.dates(FIRST_DAY, LAST_DAY)


@st.composite
def claims(draw: st.DrawFn, number: int) -> Claim:
    """Return a claim with any content that the rules allow."""
    first, last = sorted((draw(DAYS), draw(DAYS)))
    date_class = draw(st.sampled_from(("day", "range", "by", "undated")))
    days = {
        "day": (first, first),
        "range": (first, last),
        "by": (None, last),
        "undated": (None, None),
    }[date_class]
    counts = sorted(draw(st.tuples(*[st.integers(0, 10**9)] * 2)))
    fields = {
        "id": f"made-{number:02d}",
        "subject": draw(TEXTS),
        "says": "1 " + draw(TEXTS),  # a number, so that "several" is not vague
        "attributed_to": draw(TEXTS),
        "state": draw(st.none() | TEXTS),
        "note": draw(st.none() | TEXTS),
        "date_class": date_class,
        "observed_from": days[0],
        "observed_to": days[1],
        "count_min": draw(st.none() | st.just(counts[0])),
        "count_max": draw(st.none() | st.just(counts[1])),
        "systems": draw(st.lists(st.sampled_from([one.name for one in CASE.systems]), max_size=3)),
        "origins": draw(st.lists(TEXTS.map(lambda one: f"unnamed:{one}"), min_size=1, max_size=3)),
    }
    return Claim.model_validate(dict(BASE) | fields)


MANY_CLAIMS = st.integers(1, 4).flatmap(
    lambda count: st.tuples(*[claims(number) for number in range(count)])
)


def read_back(body: bytes, fmt: str, evidence: Evidence, folder) -> object:
    desk = Desk(FolderLedger(str(folder)), evidence, Person("Ana", frozenset({"author"})))
    if fmt == "json":
        return read_claim_file(body, "back.json", desk)
    reader = SheetReader()
    reader.read(read_cell_tables(body, f"back.{fmt}", cell_limits()))
    return compare_rows(reader, f"back.{fmt}", desk)


@pytest.mark.parametrize("fmt", FORMATS)
def test_exported_evidence_comes_back_unchanged(fmt, tmp_path):
    ids = [claim.id for claim in CASE.claims]
    found = read_back(write_claims(CASE, ids, fmt, version="abc"), fmt, CASE, tmp_path)
    assert not found.faults
    assert {row.status for row in found.rows} == {"unchanged"}
    assert [row.record for row in found.rows if row.kind == "claims"] == ids


@pytest.mark.parametrize("fmt", FORMATS)
def test_same_rows_give_the_same_bytes(fmt):
    ids = [claim.id for claim in CASE.claims][:9]
    assert write_claims(CASE, ids, fmt) == write_claims(CASE, ids, fmt)


@pytest.mark.parametrize("fmt", FORMATS)
@settings(max_examples=40)
@given(made=MANY_CLAIMS)
def test_any_claim_comes_back_unchanged(fmt, made, tmp_path_factory):
    evidence = replace(CASE, claims=made)
    body = write_claims(evidence, [claim.id for claim in made], fmt)
    found = read_back(body, fmt, evidence, tmp_path_factory.mktemp("ledger"))
    assert [str(fault) for fault in found.faults] == []
    assert [(row.record, row.differences) for row in found.rows if row.status != "unchanged"] == []


@pytest.mark.parametrize("name", ["claims", "sources", "places", "origins", "systems"])
def test_files_of_the_case_are_read_as_they_are(name, tmp_path):
    body = (case_folder() / f"{name}.json").read_bytes()
    found = read_back(body, "json", CASE, tmp_path)
    assert not found.faults
    assert {row.status for row in found.rows} == {"unchanged"}


def test_workbook_that_was_read_in_the_sandbox_is_unchanged(tmp_path):
    desk = Desk(FolderLedger(str(tmp_path)), CASE, Person("Ana", frozenset({"author"})))
    found = read_claim_file(write_claims(CASE, ["nyt-01"], "xlsx"), "one.xlsx", desk)
    assert {row.status for row in found.rows} == {"unchanged"}
    assert found.exported == {"claims": ("nyt-01",)}


def test_data_of_the_page_as_csv_is_read_too(tmp_path, builtin_store):
    """`data --format csv` has more columns, which follow from others."""
    from geo.export.data.data_file import export_data
    from geo.selection import select
    from geo.view import View

    chosen = select(View(page="evidence", sources="all"), builtin_store)
    body = export_data(chosen, "csv", link="http://x/?a=b", version="v")
    found = read_back(body, "csv", CASE, tmp_path)
    assert [str(fault) for fault in found.faults] == []
    assert {row.status for row in found.rows} == {"unchanged"}
    assert len(found.rows) == len(CASE.claims)
