"""Pages of an earlier state of the reports: what they say, and the way to the present."""

import pytest

from geo.app_context import context
from geo.builtin_layers import find_store
from geo.selection import select
from geo.view import View, to_query
from tests.support import ledger_days
from tests.support.app_elements import assert_no_error, clear_caches, read_text

DAY = "2025-03-02"


@pytest.fixture
def history(tmp_path, monkeypatch):
    """Share a ledger with the history of `ledger_days`."""
    monkeypatch.setenv("LEDGER_URL", str(tmp_path / "ledger"))
    ledger_days.write_history(tmp_path / "ledger")
    clear_caches()
    yield context()
    monkeypatch.undo()
    clear_caches()


def test_link_shows_what_was_shared_and_leads_to_the_present(history, open_page):
    shared = View(sources="all").to_share(find_store(history.store, DAY).shared_version())
    at = assert_no_error(open_page("evidence", to_query(shared, explicit=True)))
    text = read_text(at)
    assert "The reports as they stood on 1 March 2025, 09:00 UTC; 2 changes since." in text
    assert "108 of 108 reports, 6 background, as of 1 March 2025, 09:00 UTC" in text
    assert {ledger_days.WITHDRAWN, ledger_days.ADDED} <= set(at.dataframe[0].value["id"])
    at = assert_no_error(at.button(key="show_present").click().run())
    assert at.session_state["view"].as_of is None
    assert "as they stood on" not in read_text(at)
    assert tuple(at.dataframe[0].value["id"]) == select(View(sources="all"), history.store).ids


def test_state_is_chosen_among_the_days_of_changes(history, open_page):
    at = open_page("overview", "sources=all", more_open=True)
    choice = at.selectbox(key="state_as_of")
    assert choice.options[0] == "as they stand now"
    assert [one.split(" (")[0] for one in choice.options[1:]] == [
        "as of 5 March 2025",
        "as of 4 March 2025",
        "as of 1 March 2025",
    ]
    at = assert_no_error(choice.set_value("2025-03-01").run())
    assert at.session_state["view"].as_of == "2025-03-01"
    assert "108 of 108 reports" in read_text(at)


def test_compare_lists_what_changed_in_words(history, open_page):
    at = assert_no_error(open_page("compare", "sources=all&compare_as_of=2025-02-28"))
    text = read_text(at)
    assert "What was known: as of 28 February 2025 beside now" in text
    assert "Certainty: claimed (was likely)." in text
    assert "A withdrawn report says nothing of the thing that it was about." in text


def test_other_state_than_the_ledger_has_is_told(history, open_page):
    at = assert_no_error(open_page("overview", "as_of=99-00000000"))
    assert any("as_of names no state of these reports" in one.value for one in at.text)
    assert at.session_state["view"].as_of is None


def test_without_a_ledger_any_day_shows_the_records_of_the_case(open_page):
    at = assert_no_error(open_page("overview", "as_of=2024-12-20"))
    assert "the case's own records before the first change; nothing changed since" in read_text(at)
    assert "45 of 45 reports" in read_text(at)


def test_both_sides_of_compare_have_the_choice_of_a_state_once_one_has_an_earlier_one(open_page):
    at = assert_no_error(open_page("compare", "compare_as_of=2024-12-20"))
    assert {"Reports on the left", "Reports on the right"} <= {one.label for one in at.selectbox}
