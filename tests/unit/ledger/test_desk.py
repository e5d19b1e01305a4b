"""The desk: adding, review, withdrawal, who may do what, and what each person then sees."""

from dataclasses import replace

import pytest

from geo.errors import (
    LedgerChangedError,
    LedgerError,
    LedgerPermissionError,
    NothingChangedError,
    SamePersonError,
    UnknownRecordError,
)
from geo.evidence.models import Claim
from geo.ledger import Desk, FolderLedger, Person, Records, RecordsRefusedError, make_person
from geo.settings import settings
from tests.support.ledger_records import (
    ALL,
    AUTHOR,
    ORIGIN,
    PLACE,
    READER,
    REVIEWER,
    SOURCE,
    SYSTEM,
    make_claim,
    make_new_claim,
)


@pytest.fixture
def at(ledger, tmp_path, builtin_records):
    """Return a function that gives a person's desk at one ledger, of each kind."""
    own = FolderLedger(tmp_path / "own", shared=False)

    def sit(person: Person, *, by_two: bool = False, shared: bool = True) -> Desk:
        return Desk(ledger if shared else own, builtin_records, person, review_by_two=by_two)

    return sit


def ids(evidence) -> set[str]:
    return {claim.id for claim in evidence.claims}


def test_draft_is_seen_by_its_author_only_until_it_is_published(at, builtin_records):
    author, reviewer = at(AUTHOR), at(REVIEWER)
    event = author.draft(Records(claims=(make_claim(),)), "from the paper")
    (name,) = {change.record for change in event.changes}
    assert name == "nyt-20"
    assert (event.by, event.why, event.number) == ("B. Author", "from the paper", 1)
    assert name in ids(author.evidence())
    assert author.evidence().review == {name: "draft"}
    assert name not in ids(reviewer.evidence())
    assert ids(reviewer.state().evidence()) == ids(builtin_records)
    author.submit([name])
    assert author.evidence().review == {name: "in review"}
    assert [entry.record for entry in reviewer.state().list_queue()] == [name]
    reviewer.publish([name], "checked")
    assert name in ids(reviewer.state().evidence())
    assert author.evidence().review == {}
    assert reviewer.state().list_queue() == ()


def test_publishing_a_claim_publishes_what_it_names_in_the_same_event(at):
    author, reviewer = at(AUTHOR), at(REVIEWER)
    records = Records((make_new_claim(),), (SOURCE,), (PLACE,), (ORIGIN,), (SYSTEM,))
    author.draft(records)
    submitted = author.submit(["synthetic-paper-01"])
    kinds = {"claim", "source", "place", "origin", "system"}
    assert {change.kind for change in submitted.changes} == kinds
    published = reviewer.publish(["synthetic-paper-01"])
    assert {change.kind for change in published.changes} == kinds
    shown = reviewer.state().evidence()
    assert shown.place_by_id["synthetic-yard"].map_label == "Yard"
    assert shown.source_by_id["synthetic-paper"].publisher == "Synthetic Paper"
    assert "synthetic crane" in {system.name for system in shown.systems}
    assert "synthetic-photo" in shown.origin_by_id


def test_edit_of_a_published_record_is_seen_by_others_once_it_is_published(at):
    author, reviewer = at(AUTHOR), at(REVIEWER)
    claim = author.evidence().claims[0]
    says = "Two An-124 transport planes stand with nose cones raised."
    author.draft(Records(claims=(claim.model_copy(update={"says": says}),)), submit=True)
    assert author.evidence().claims[0].says == says
    assert reviewer.state().evidence().claims[0] == claim
    reviewer.publish([claim.id], "shorter")
    assert reviewer.state().evidence().claims[0].says == says
    (note,) = reviewer.state().describe_changes(1)
    assert (note.verb, note.fields[0].field, note.fields[0].old) == ("changed", "says", claim.says)
    assert "C. Reviewer changed report nyt-01" in note.words
    assert claim.says in note.words


def test_withdrawn_report_is_gone_for_all_and_its_history_stays(at):
    desk = at(ALL)
    desk.withdraw(["nyt-01"], "the paper corrected it")
    assert "nyt-01" not in ids(desk.state().evidence())
    entry = desk.state().find_entry("claim", "nyt-01")
    assert (entry.state, entry.remarks[0].text) == ("withdrawn", "the paper corrected it")
    (event,) = desk.ledger.read()
    assert event.changes[0].old["says"].startswith("Two An-124")
    with pytest.raises(LedgerChangedError, match="withdrawn already"):
        desk.withdraw(["nyt-01"], "again")
    assert desk.new_claim_id("nyt-2024-12-13") == "nyt-20"


def test_report_sent_back_has_the_remark_and_can_be_submitted_again(at):
    author, reviewer = at(AUTHOR), at(REVIEWER)
    author.draft(Records(claims=(make_claim("nyt-20"),)), submit=True)
    reviewer.send_back(["nyt-20"], "Which apron?")
    entry = author.state().find_entry("claim", "nyt-20")
    assert (entry.state, entry.remarks[0].text, entry.remarks[0].returned) == (
        "draft",
        "Which apron?",
        True,
    )
    author.submit(["nyt-20"])
    reviewer.publish(["nyt-20"])
    assert author.state().find_entry("claim", "nyt-20").remarks[0].by == "C. Reviewer"


def test_review_by_two_needs_another_person(at):
    alone = at(replace(ALL, name="b.  AUTHOR"), by_two=True)
    at(AUTHOR, by_two=True).draft(Records(claims=(make_claim("nyt-20"),)), submit=True)
    with pytest.raises(SamePersonError, match="reviewed by another person"):
        alone.publish(["nyt-20"])
    at(ALL, by_two=True).publish(["nyt-20"])
    assert "nyt-20" in ids(alone.state().evidence())


def test_review_by_two_covers_what_a_claim_names(at):
    both, other = at(ALL, by_two=True), at(AUTHOR, by_two=True)
    both.draft(Records(sources=(SOURCE,)), submit=True)
    other.draft(Records(claims=(make_claim("nyt-20"),)), submit=True)
    both.publish(["nyt-20"])
    with pytest.raises(SamePersonError, match="Source synthetic-paper"):
        both.publish(["synthetic-paper"])


@pytest.mark.parametrize(
    ("person", "act", "words"),
    [
        (READER, lambda desk: desk.draft(Records(claims=(make_claim(),))), "no author"),
        (READER, lambda desk: desk.remark("nyt-01", "words"), "no author"),
        (AUTHOR, lambda desk: desk.publish(["nyt-20"]), "no reviewer"),
        (AUTHOR, lambda desk: desk.withdraw(["nyt-01"], "why"), "no reviewer"),
        (REVIEWER, lambda desk: desk.submit(["nyt-20"]), "no author"),
        (Person("", frozenset()), lambda desk: desk.draft(Records()), "signed in"),
    ],
)
def test_roles_say_who_may_do_what(at, person, act, words):
    at(ALL).draft(Records(claims=(make_claim("nyt-20"),)))
    with pytest.raises(LedgerPermissionError, match=words):
        act(at(person))
    assert len(at(ALL).ledger.read()) == 1


def test_draft_of_somebody_else_is_out_of_reach(at):
    at(AUTHOR).draft(Records(claims=(make_claim("nyt-20"),)))
    other = at(ALL)
    with pytest.raises(LedgerChangedError, match="not in review"):
        other.publish(["nyt-20"])
    with pytest.raises(LedgerPermissionError, match="no draft of yours"):
        other.submit(["nyt-20"])
    with pytest.raises(LedgerPermissionError, match="who alone can drop it"):
        other.withdraw(["nyt-20"], "why")
    with pytest.raises(UnknownRecordError):
        other.remark("nyt-20", "words")
    with pytest.raises(LedgerChangedError, match=r"has a change by B\. Author"):
        other.draft(Records(claims=(make_claim("nyt-20"),)))


def test_browser_without_a_shared_ledger_keeps_drafts_only(at):
    own = at(AUTHOR, shared=False)
    own.draft(Records(claims=(make_claim("nyt-20"),)))
    assert own.evidence().review == {"nyt-20": "draft"}
    for act in (own.submit, own.publish):
        with pytest.raises(LedgerPermissionError):
            act(["nyt-20"])
    own.withdraw(["nyt-20"], "a mistake")
    assert own.evidence().review == {}


def test_own_draft_can_be_dropped_or_taken_back(at):
    desk = at(AUTHOR)
    claim = desk.evidence().claims[0]
    desk.draft(Records(claims=(make_claim("nyt-20"), claim.model_copy(update={"note": "new"}))))
    desk.discard(["nyt-20", "nyt-01"])
    assert desk.evidence() == desk.state().evidence()
    assert desk.state().find_entry("claim", "nyt-20").state == "withdrawn"
    assert desk.state().find_entry("claim", "nyt-01").state == "published"
    assert desk.state().describe_changes(0) == ()


def test_every_fault_is_told_and_nothing_is_kept(at):
    desk = at(AUTHOR)
    bad = make_claim("nyt-20", place="nowhere", certainty="sure", systems=["nothing"])
    good = make_claim("nyt-21")
    with pytest.raises(RecordsRefusedError) as caught:
        desk.draft(Records(claims=(bad, good)))
    assert {fault.field for fault in caught.value.faults} == {"certainty"}
    bad = make_claim("nyt-20", place="nowhere", source="no-source", systems=["nothing"])
    faults = desk.check(Records(claims=(bad, good)))
    assert {fault.field for fault in faults} == {"place", "source", "systems"}
    assert {fault.record for fault in faults} == {"nyt-20"}
    assert desk.ledger.read() == ()


def test_record_that_is_there_already_changes_nothing(at, builtin_records):
    desk = at(AUTHOR)
    assert desk.check(Records(claims=builtin_records.claims)) == []
    with pytest.raises(NothingChangedError):
        desk.draft(Records(claims=builtin_records.claims, places=builtin_records.places))


def test_edit_of_an_older_version_is_refused(at):
    first, second = at(ALL), at(AUTHOR)
    seen = second.state().head.number
    claim = first.evidence().claims[0]
    first.draft(Records(claims=(claim.model_copy(update={"note": "one"}),)))
    first.publish(["nyt-01"])
    with pytest.raises(LedgerChangedError, match="changed since you opened it"):
        second.draft(Records(claims=(claim.model_copy(update={"note": "two"}),)), seen=seen)


def test_source_that_reports_name_cannot_be_withdrawn(at):
    with pytest.raises(LedgerError, match=r"still named by nyt-01, .* and \d+ more"):
        at(ALL).withdraw([("source", "nyt-2024-12-13")], "why")


def test_place_that_the_case_needs_cannot_be_withdrawn(at, builtin_records):
    """The airfield is at it, and a page is about it."""
    desk = at(ALL)
    desk.withdraw([one.id for one in builtin_records.claims if one.place == "khmeimim"], "all gone")
    with pytest.raises(RecordsRefusedError) as caught:
        desk.withdraw([("place", "khmeimim")], "not needed")
    assert {fault.record for fault in caught.value.faults}
    desk.draft(Records(places=(PLACE,)))
    desk.publish(["synthetic-yard"])
    desk.withdraw(["synthetic-yard"], "not needed")
    assert "synthetic-yard" not in desk.state().evidence().place_by_id


def test_publishing_checks_the_evidence_of_today(at):
    author, reviewer = at(AUTHOR), at(ALL)
    reviewer.draft(Records(sources=(SOURCE,)))
    reviewer.publish(["synthetic-paper"])
    author.draft(Records(claims=(make_claim("new-01", source="synthetic-paper"),)), submit=True)
    reviewer.withdraw(["synthetic-paper"], "not a paper")
    with pytest.raises(RecordsRefusedError, match="no such source"):
        reviewer.publish(["new-01"])


@pytest.mark.parametrize(
    "act", [lambda d: d.withdraw(["nyt-01"], " "), lambda d: d.remark("a", "")]
)
def test_reason_is_required(at, act):
    with pytest.raises(LedgerError, match="The reason is empty"):
        act(at(ALL))


def test_new_place_has_a_name_of_its_own(at):
    again = PLACE | {"name": "KHMEIMIM air-base"}
    [fault] = at(ALL).check(Records(places=(again,)))
    assert (fault.record, fault.field, fault.value) == ("synthetic-yard", "name", again["name"])
    assert "(khmeimim)" in fault.why
    assert at(ALL).check(Records(places=(PLACE,))) == []


def test_similar_reports_share_source_place_subject_and_days(at, builtin_records):
    desk, like = at(AUTHOR), builtin_records.claims[0]
    again = like.model_copy(update={"id": "nyt-20", "says": "Other words.", "subject": "an-124"})
    assert desk.find_similar(again) == (like,)
    later = {"observed_from": None, "observed_to": None, "date_class": "undated"}
    assert desk.find_similar(again.model_copy(update=later)) == ()
    assert desk.find_similar(again.model_copy(update={"place": "tartus"})) == ()


def test_claims_without_an_id_each_receive_one(at):
    event = at(AUTHOR).draft(Records(claims=(make_claim(), make_claim(subject="lorry"))))
    assert [change.record for change in event.changes] == ["nyt-20", "nyt-21"]
    assert event.changes[0].new["origins"] == ["unnamed:nyt-20"]
    assert Claim.model_validate(event.changes[0].new)


def test_settings_name_authors_and_reviewers(monkeypatch):
    monkeypatch.setenv("LEDGER_AUTHORS", "anna@example.org, ben")
    monkeypatch.setenv("LEDGER_REVIEWERS", "Chief")
    settings.cache_clear()
    try:
        assert make_person("Anna@Example.org").roles == {"reader", "author"}
        assert make_person(" chief ").roles == {"reader", "reviewer"}
        assert make_person("").roles == {"reader"}
    finally:
        monkeypatch.undo()
        settings.cache_clear()
