"""The Evidence page: a report goes from the form to a review and is published or withdrawn."""

import datetime as dt
from collections.abc import Callable

import pytest

from geo.app_context import context
from geo.session_keys import new_key
from geo.settings import settings
from tests.app.test_app_briefing import field, press
from tests.app.test_app_sign_in import auth, opened  # noqa: F401  a fixture
from tests.support.app_elements import assert_no_error, clear_caches, link_values, read_text
from tests.support.hostile_texts import TEXTS

NAME = "Your name, which stands at what you add or review"
SAYS = "What is reported, as one sentence in your own words"
QUEUE, DRAFTS, CHANGES = "queue_open", "drafts_open", "changes_open"
SENTENCE = "A synthetic helicopter of a test stands on the apron."


@pytest.fixture
def shared(tmp_path, monkeypatch) -> None:
    """Use a shared ledger in which people without a sign-in write, and two review."""
    monkeypatch.setenv("LEDGER_URL", str(tmp_path / "ledger"))
    monkeypatch.setenv("EDIT_WITHOUT_SIGN_IN", "1")
    monkeypatch.setenv("REVIEW_BY_TWO", "1")
    clear_caches()
    yield
    monkeypatch.undo()
    clear_caches()


@pytest.fixture
def visit(open_page) -> Callable:
    """Open the Evidence page of one browser or another, by a name of its own."""
    keys: dict[str, str] = {}

    def visited(browser: str = "one", page: str = "evidence", query: str = "", **state):
        key = keys.setdefault(browser, new_key())
        return assert_no_error(open_page(page, query, own_key=key, **state))

    return visited


@pytest.fixture
def enter(visit) -> Callable:
    """Open the Evidence page under a name."""

    def entered(name: str, query: str = "", **state):
        at = visit(name, query=query, **state)
        if any(one.label == NAME for one in at.text_input):
            field(at, NAME).set_value(name)
            at = assert_no_error(press(at, "Use this name"))
        return at

    return entered


def choose(at, label: str, value: str):
    return field(at, label, "selectbox").set_value(value).run()


def fill(at, says: str = SENTENCE):
    at = press(at, "Add a report")
    at = choose(at, "Source", "nyt-2024-12-13")
    at = field(at, SAYS, "text_area").set_value(says).run()
    at = field(at, "About, if no system").set_value("helicopter").run()
    at = field(at, "Day", "date_input").set_value(dt.date(2024, 12, 13)).run()
    at = choose(at, "Place", "khmeimim")
    return assert_no_error(choose(at, "Evidence", "photo"))


def labels(at) -> set[str]:
    return {one.label for one in at.button}


def outcome(at) -> str:
    said = (*at.success, *at.error)
    return " ".join(one.value for one in said).replace("\\", "")


def is_shown(at, says: str = SENTENCE) -> bool:
    return any(says in set(table.value.get("What is reported", ())) for table in at.dataframe)


def test_report_goes_through_a_review_by_two_to_its_withdrawal(shared, enter):
    author = fill(enter("A. Author"))
    author = assert_no_error(press(author, "Send to review"))
    assert "was sent to review" in outcome(author)
    assert is_shown(author)
    (claim,) = link_values(author, "claim")
    other = enter("R. Reviewer", **{QUEUE: True})
    assert not is_shown(other)
    assert SENTENCE in read_text(other)
    own = enter("A. Author", **{QUEUE: True})
    assert "another person reviews it (REVIEW_BY_TWO)" in read_text(own)
    assert "Publish" not in labels(own)
    back = press(other, "Send back")
    assert "Write what is to be changed" in outcome(back)
    field(back, "Remark").set_value("Name the runway.")
    back = assert_no_error(press(back, "Send back"))
    author = enter("A. Author", f"claim={claim}")
    assert "Name the runway." in read_text(author)
    author = assert_no_error(press(author, "Send this draft to review"))
    other = assert_no_error(press(enter("R. Reviewer", **{QUEUE: True}), "Publish"))
    assert is_shown(enter("A third"))
    gone = enter("R. Reviewer", f"claim={claim}")
    field(gone, "Why it is withdrawn").set_value("The source took it back.")
    gone = assert_no_error(press(gone, "Withdraw this report"))
    assert not is_shown(gone)
    changes = read_text(enter("A third", **{CHANGES: True}))
    assert "The source took it back." in changes
    assert "R. Reviewer published report" in changes


def test_queue_counts_reports_and_stays_open_until_the_last_is_decided_on(shared, enter):
    at = press(choose(fill(enter("A. Author")), "Place", "new:"), "Send to review")
    at = field(at, "Name of the place").set_value("Test ridge").run()
    at = field(at, "Position").set_value("35.4, 35.9").run()
    at = press(at, "Send to review")
    at = field(at, SAYS, "text_area").set_value("A synthetic lorry of a test stands there.").run()
    at = field(at, "About, if no system").set_value("lorry").run()
    at = assert_no_error(press(at, "Send to review"))
    assert "Your drafts: 0, in review: 2" in {one.label for one in at.expander}
    assert "wait for your review" not in read_text(enter("A. Author"))
    other = enter("R. Reviewer", **{QUEUE: True})
    assert "Waiting for review: 2" in {one.label for one in other.expander}
    assert "2 wait for your review" in read_text(other)
    other = assert_no_error(press(other, "Publish"))
    assert "was published" in outcome(other)
    assert "Waiting for review: 1" in {one.label for one in other.expander}
    field(other, "Remark").set_value("Which lorry?")
    other = assert_no_error(press(other, "Send back"))
    assert "was sent back" in outcome(other)
    assert "R. Reviewer: Which lorry?" in read_text(enter("A. Author", **{DRAFTS: True}))


def test_draft_is_seen_by_its_author_only_and_is_marked(shared, enter):
    author = assert_no_error(press(fill(enter("A. Author")), "Keep as draft"))
    (table, *_) = author.dataframe
    states = dict(zip(table.value["What is reported"], table.value["Review"], strict=True))
    assert states[SENTENCE] == "draft"
    assert "draft" in read_text(author).lower()
    assert not is_shown(enter("R. Reviewer"))
    assert {"Edit this draft", "Drop this draft", "Send this draft to review"} <= labels(author)
    dropped = assert_no_error(press(author, "Drop this draft"))
    assert not is_shown(dropped)


def test_correction_of_a_published_report_waits_and_others_see_the_old_one(shared, enter):
    author = press(enter("A. Author", "claim=nyt-01"), "Correct this report")
    old = field(author, SAYS, "text_area").value
    new = f"{old[:-1]} at noon."
    author = field(author, SAYS, "text_area").set_value(new).run()
    author = field(author, "Why it is corrected").set_value("The article says when.").run()
    author = assert_no_error(press(author, "Send to review"))
    assert is_shown(author, new)
    other = enter("R. Reviewer", **{QUEUE: True})
    assert is_shown(other, old)
    assert f"{old}{new}" in read_text(other)
    press(other, "Publish")
    third = enter("A third", "claim=nyt-01")
    assert is_shown(third, new)
    assert "The article says when." in read_text(third)
    assert "History: 3 changes" in read_text(third)


def test_all_faults_are_shown_at_once_and_nothing_typed_is_lost(shared, enter, visit):
    at = press(enter("A. Author"), "Add a report")
    at = field(at, SAYS, "text_area").set_value(SENTENCE).run()
    at = press(at, "Send to review")
    text = read_text(at)
    assert "4 things are wrong; nothing is kept yet." in text
    for why in ("no source is chosen", "it names nothing", "no kind of evidence", "no day is"):
        assert why in text
    visit("A. Author", page="overview")
    again = visit("A. Author")
    assert field(again, SAYS, "text_area").value == SENTENCE
    assert "4 things are wrong" in read_text(again)


def test_next_report_keeps_source_day_and_place_and_warns_of_a_similar_one(shared, enter):
    at = press(fill(enter("A. Author")), "Keep as draft")
    assert field(at, "Source", "selectbox").value == "nyt-2024-12-13"
    assert field(at, "Day", "date_input").value == dt.date(2024, 12, 13)
    assert field(at, "Place", "selectbox").value == "khmeimim"
    assert field(at, SAYS, "text_area").value == ""
    at = field(at, "About, if no system").set_value("helicopter").run()
    at = field(at, SAYS, "text_area").set_value("Another sentence of the test.").run()
    assert "Much the same is there already" in read_text(at)


def test_new_source_and_place_are_published_with_their_report(shared, enter):
    at = choose(fill(enter("A. Author")), "Source", "new:")
    for label, value in {
        "Publisher": "The Synthetic Gazette",
        "Address": "https://example.org/synthetic",
    }.items():
        at = field(at, label).set_value(value).run()
    at = field(at, "Published on", "date_input").set_value(dt.date(2024, 12, 14)).run()
    at = choose(at, "Place", "new:")
    at = field(at, "Name of the place").set_value("Test ridge").run()
    at = field(at, "Position").set_value("35°24'N 35°54'E").run()
    at = assert_no_error(press(at, "Send to review"))
    assert "was sent to review" in outcome(at)
    press(enter("R. Reviewer", **{QUEUE: True}), "Publish")
    third = enter("A third")
    assert is_shown(third)
    (claim,) = link_values(at, "claim")
    read = read_text(enter("A third", f"claim={claim}"))
    assert "Test ridge" in read
    assert "The Synthetic Gazette on 14 December 2024" in read


def test_without_a_sign_in_or_permission_a_shared_ledger_is_read_only(shared, visit, monkeypatch):
    monkeypatch.setenv("EDIT_WITHOUT_SIGN_IN", "0")
    settings.cache_clear()
    at = visit(query="claim=nyt-01")
    assert not labels(at) & {"Add a report", "Use this name", "Correct this report", "Withdraw"}
    assert "The reports can be read here, not changed" in read_text(at)


def test_reader_by_setting_is_told_who_may(shared, enter, monkeypatch):
    monkeypatch.setenv("LEDGER_AUTHORS", "A. Author")
    monkeypatch.setenv("LEDGER_REVIEWERS", "R. Reviewer")
    settings.cache_clear()
    press(fill(enter("A. Author")), "Send to review")
    at = enter("A third", **{QUEUE: True})
    assert not labels(at) & {"Add a report", "Publish", "Send back"}
    assert "A third is no reviewer here: LEDGER_REVIEWERS names who is." in read_text(at)
    assert "you may read" in read_text(at)


def test_without_a_shared_ledger_drafts_are_of_the_browser_and_kept(visit):
    at = assert_no_error(press(fill(visit("one")), "Keep as draft"))
    assert is_shown(at)
    assert "Send to review" not in labels(at)
    again = visit("one", **{DRAFTS: True})
    assert is_shown(again)
    assert "Drafts" not in {one.label for one in visit("other").expander}
    assert not is_shown(visit("other"))
    again = assert_no_error(press(again, "Drop them"))
    assert not is_shown(again)


@pytest.mark.usefixtures("shared", "auth")
def test_name_of_the_sign_in_stands_at_what_is_added():
    user = {"is_logged_in": True, "email": "a.author@example.org", "name": "A. Author"}
    at = opened("evidence", {}, user)
    assert NAME not in {one.label for one in at.text_input}
    at = assert_no_error(press(fill(at), "Keep as draft"))
    assert "a.author@example.org drafted it" in read_text(at)


def test_an_earlier_state_cannot_be_changed(shared, enter):
    at = enter("A. Author", "claim=nyt-01&as_of=2024-12-20")
    assert not labels(at) & {"Add a report", "Correct this report"}


def test_name_is_asked_once(shared, enter, visit):
    enter("A. Author")
    assert "You are A. Author" in read_text(visit("A. Author"))


@pytest.mark.parametrize("text", TEXTS[::6])
def test_hostile_text_is_shown_as_text(shared, enter, text):
    at = fill(enter("A. Author"), says=f"{text} .")
    at = field(at, "Note").set_value(text).run()
    at = assert_no_error(press(at, "Send to review"))
    at = enter("A. Author", **{QUEUE: True, DRAFTS: True})
    for part in (*at.markdown, *at.caption, *at.success, *at.error, *at.info, *at.warning):
        assert text not in part.value
    shown = " ".join(one.value for one in at.html if not one.value.startswith("<style"))
    assert "<script" not in shown.lower()
    assert "onerror=window" not in shown.replace("&lt;img src=x onerror=window", "")


def test_the_case_is_as_it_was(visit):
    assert len(context().evidence.claims) == 107
