"""Bring a workbook of reports: what it would change is shown before anything is kept."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.claim_files.writing import write_claims
from geo.evidence import builtin_evidence
from geo.ledger import Desk, FolderLedger
from geo.ledger.people import Person
from geo.ui.claims_import import OPEN
from tests.support.app_elements import assert_no_error, read_text

HEAD = "source,place,subject,says,evidence,observed_from,certainty,stance\n"
GOOD = "nyt-2024-12-13,khmeimim,S-400,It is there.,photo,2024-12-13,stated,neutral\n"
BAD = "nyt-2024-12-13,Khmemim,S-400,![x](http://127.0.0.1:9/x.png),photo,soon,stated,neutral\n"


def draw(folder: str) -> None:
    """Draw the import alone, at a ledger in a folder."""
    from geo.evidence import builtin_evidence
    from geo.ledger import Desk, FolderLedger
    from geo.ledger.people import Person
    from geo.ui.claims_import import draw_claims_import

    person = Person("Ana", frozenset({"reader", "author", "reviewer"}))
    draw_claims_import(Desk(FolderLedger(folder), builtin_evidence(), person))


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "ledger")


@pytest.fixture
def desk(folder) -> Desk:
    return Desk(FolderLedger(folder), builtin_evidence(), Person("Ana", frozenset({"author"})))


@pytest.fixture
def at(folder) -> AppTest:
    opened = AppTest.from_function(draw, args=(folder,), default_timeout=30)
    opened.session_state[OPEN] = True
    return assert_no_error(opened.run())


def bring(at: AppTest, body: str | bytes, name: str = "reports.csv") -> AppTest:
    data = body.encode() if isinstance(body, str) else body
    at.file_uploader[0].upload(name, data, "application/octet-stream").run()
    at.session_state["claims_import_read"].job.wait(60)
    return at.run()


def read_all(at: AppTest) -> str:
    """Return every text of the page, also those that are shown as they are."""
    return " ".join((read_text(at), *(one.value for one in at.text)))


def press(at: AppTest, key: str) -> AppTest:
    return assert_no_error(at.button(key=key).click().run())


def test_new_rows_are_shown_and_kept_as_drafts_in_one_event(at, desk):
    assert_no_error(bring(at, HEAD + GOOD + GOOD.replace("It is", "A second is")))
    told = read_all(at)
    assert "2 rows: 2 new." in told
    assert "It is there." in told
    assert "nyt-20" in told
    assert desk.state().head.number == 0
    press(at, "claims_keep")
    assert "2 records of reports.csv, drafts; event 1" in read_all(at)
    assert [one.record for one in desk.state().list_waiting("Ana")] == ["nyt-20", "nyt-21"]


def test_rows_are_sent_to_review(at, desk):
    bring(at, HEAD + GOOD)
    at.text_input(key="claims_why").set_value("a new article").run()
    press(at, "claims_submit")
    assert [one.record for one in desk.state().list_queue()] == ["nyt-20"]
    assert desk.state().events[0].why == "a new article"


def test_faults_are_shown_and_nothing_is_kept_until_the_good_rows_are_chosen(at, desk):
    bring(at, HEAD + GOOD + BAD)
    told = read_all(at)
    for words in ("What is wrong: 2 things", "Khmemim", "did you mean 'khmeimim'", "soon"):
        assert words in told
    assert "nothing of it is kept" in told
    assert not [one for one in at.button if one.key == "claims_keep"]
    at.checkbox(key="claims_good_rows").check().run()
    press(at, "claims_keep")
    assert len(desk.state().list_waiting("Ana")) == 1


def test_what_an_edited_workbook_changes_is_shown_field_by_field(at, desk):
    body = write_claims(builtin_evidence(), ["nyt-01"], "csv").decode("utf-8-sig")
    bring(at, body.replace(",observed,leaving,2,2,", ",likely,leaving,2,2,"))
    told = read_all(at)
    assert "1 row: 1 changed." in told
    assert "certainty" in told
    press(at, "claims_keep")
    changed = desk.state().find_entry("claim", "nyt-01").pending
    assert changed["certainty"] == "likely"


def test_an_unedited_workbook_offers_nothing_to_keep(at):
    bring(at, write_claims(builtin_evidence(), ["nyt-01"], "xlsx"), "same.xlsx")
    told = read_all(at)
    assert "unchanged" in told
    assert "Nothing in 'same.xlsx' is different" in told


def test_a_file_that_cannot_be_read_is_told(at):
    bring(at, b"PK\x03\x04 no workbook", "![x](http://127.0.0.1:9).xlsx")
    assert "The archive is damaged" in read_all(at)


def test_the_uploader_takes_workbooks_only(at):
    assert set(at.file_uploader[0].proto.type) == {".xlsx", ".csv", ".tsv", ".json"}


def test_the_page_keeps_a_workbook_as_drafts_of_the_browser(open_page, monkeypatch):
    monkeypatch.setenv("LEDGER_URL", "")
    at = open_page("evidence", **{OPEN: True})
    at.file_uploader(key="claims_file_0").upload("reports.csv", (HEAD + GOOD).encode(), "text/csv")
    at.run()
    at.session_state["claims_import_read"].job.wait(60)
    assert_no_error(at.run())
    assert not [one for one in at.button if one.key == "claims_submit"]
    press(at, "claims_keep")
    told = read_all(at)
    assert "1 record of reports.csv, drafts; event 1" in told
    assert "draft" in told
