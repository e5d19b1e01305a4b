"""A shared ledger that is gone while its pages are open: they say so, and show what they knew."""

import pytest

from geo.app_context import context
from geo.evidence import builtin_evidence
from geo.ledger import Desk, Records
from geo.session_keys import new_key
from tests.support.app_elements import assert_no_error, clear_caches
from tests.support.ledger_records import ALL, make_claim


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    """Share a ledger in a folder with one report that it added; return the folder."""
    monkeypatch.setenv("LEDGER_URL", str(tmp_path / "ledger"))
    clear_caches()
    desk = Desk(context().ledger, builtin_evidence(), ALL, review_by_two=False)
    desk.draft(Records(claims=(make_claim("nyt-99"),)))
    desk.publish(["nyt-99"])
    yield tmp_path / "ledger"
    monkeypatch.undo()
    clear_caches()


def read_notices(at) -> str:
    return " ".join(part.value for part in (*at.sidebar.warning, *at.sidebar.text))


@pytest.mark.parametrize("page", ["overview", "evidence", "present"])
def test_pages_say_that_the_ledger_is_gone_and_show_what_they_knew(open_page, ledger, page):
    def visit():
        return assert_no_error(open_page(page, own_key=new_key()))

    version = context().store.version()
    assert read_notices(visit()) == ""
    ledger.rename(ledger.with_name("elsewhere"))
    shown = read_notices(visit())
    wall = page == "present"
    assert ("its 2 events are gone" in shown, "may be older" in shown) == (not wall, not wall)
    assert context().store.version() == version
    ledger.with_name("elsewhere").rename(ledger)
    assert read_notices(visit()) == ""
