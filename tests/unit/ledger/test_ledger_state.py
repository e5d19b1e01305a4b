"""The fold: any sequence of acts gives the same state step by step and from scratch."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from geo.errors import LedgerError
from geo.ledger import Desk, FolderLedger, LedgerState, Person, Records
from tests.support.ledger_records import PLACE, SOURCE, make_claim

NAMES = ("new-01", "new-02", "nyt-01", "nyt-02")
ROLES = frozenset({"reader", "author", "reviewer"})
PEOPLE = tuple(Person(name, ROLES) for name in ("Ann", "Ben", "Cleo"))


@dataclass(frozen=True)
class Act:
    """One act of one person, which the desk may refuse."""

    who: int
    kind: str
    name: str
    words: str
    submit: bool


ACTS = st.builds(
    Act,
    who=st.integers(0, 2),
    kind=st.sampled_from(
        ["draft", "draft", "submit", "return", "publish", "publish", "withdraw", "remark", "drop"]
    ),
    name=st.sampled_from(NAMES),
    words=st.sampled_from(["A lorry stands there.", "A ship lies there.", "Nothing is there."]),
    submit=st.booleans(),
)


def perform(desk: Desk, act: Act) -> None:
    if act.kind == "draft":
        claim = make_claim(act.name, says=act.words, place="synthetic-yard")
        claim["source"] = "synthetic-paper"
        records = Records((claim,), (SOURCE,), (PLACE,))
        desk.draft(records, act.words, submit=act.submit)
    elif act.kind == "remark":
        desk.remark(act.name, act.words)
    else:
        done = {
            "submit": desk.submit,
            "return": desk.send_back,
            "publish": desk.publish,
            "withdraw": desk.withdraw,
            "drop": desk.discard,
        }
        done[act.kind]([act.name], act.words)


@hypothesis_settings(max_examples=30)
@given(acts=st.lists(ACTS, min_size=1, max_size=14), by_two=st.booleans())
def test_any_acts_fold_to_the_same_state_and_delete_nothing(
    tmp_path_factory, builtin_records, acts, by_two
):
    ledger = FolderLedger(tmp_path_factory.mktemp("ledger"))
    desks = [Desk(ledger, builtin_records, one, review_by_two=by_two) for one in PEOPLE]
    step_by_step, count = LedgerState.start(builtin_records), 0
    for act in acts:
        try:
            perform(desks[act.who], act)
        except LedgerError:
            assert len(ledger.read()) == count, "a refused act leaves nothing behind"
            continue
        events = ledger.read()
        count += 1
        assert len(events) == count
        step_by_step = step_by_step.apply(events[-1])
    assert ledger.verify() == ()
    whole = LedgerState.start(builtin_records).apply_all(ledger.read())
    assert dict(whole.entries) == dict(step_by_step.entries)
    assert whole.evidence() == step_by_step.evidence()
    assert whole.entries.keys() >= LedgerState.start(builtin_records).entries.keys()
    for event in ledger.read():
        for change in event.changes:
            assert event.number in whole.entries[change.kind, change.record].numbers
    check_what_people_see(whole, by_two)


def check_what_people_see(state: LedgerState, by_two: bool) -> None:
    shown = {claim.id for claim in state.evidence().claims}
    assert state.evidence().review == {}
    for (kind, name), entry in state.entries.items():
        if kind == "claim":
            assert (name in shown) == (entry.published is not None)
    for person in PEOPLE:
        own = state.evidence(person.name)
        waiting = {one.record for one in state.list_waiting(person.name) if one.kind == "claim"}
        assert set(own.review) == waiting
    for event in state.events if by_two else ():
        for change in event.changes:
            if change.action == "publish":
                before = state.rewind(event.number - 1).find_entry(change.kind, change.record)
                assert before.author != event.by


def test_state_of_an_earlier_event_is_what_it_was_then(tmp_path, builtin_records):
    desk = Desk(FolderLedger(tmp_path), builtin_records, PEOPLE[0], review_by_two=False)
    seen = [desk.state().evidence()]
    desk.draft(Records(claims=(make_claim("new-01"),)))
    seen.append(desk.state().evidence())
    desk.publish(["new-01"])
    seen.append(desk.state().evidence())
    desk.withdraw(["new-01"], "an error")
    seen.append(desk.state().evidence())
    state = desk.state()
    assert [state.rewind(number).evidence() for number in range(4)] == seen
    assert seen[0] is seen[1]
    assert seen[0].claims == seen[3].claims != seen[2].claims


def test_waiting_reports_are_listed_from_the_oldest(tmp_path, builtin_records):
    desk = Desk(FolderLedger(tmp_path), builtin_records, PEOPLE[0], review_by_two=False)
    for name in ("new-02", "new-01"):
        desk.draft(Records(claims=(make_claim(name),)), submit=True)
    assert [entry.record for entry in desk.state().list_queue()] == ["new-02", "new-01"]


@pytest.mark.parametrize("gone", ["synthetic-yard", "synthetic-paper"])
def test_report_that_names_a_record_which_the_case_lost_is_left_out(
    tmp_path, builtin_records, gone
):
    """An operator may remove a place or source from the case's files below its ledger."""
    desk = Desk(FolderLedger(tmp_path), builtin_records, PEOPLE[0], review_by_two=False)
    named = {"place": "synthetic-yard", "source": "synthetic-paper"}
    desk.draft(Records((make_claim("new-01", **named),), (SOURCE,), (PLACE,)))
    desk.publish(["new-01"])
    events = [
        event.model_copy(
            update={"changes": tuple(one for one in event.changes if one.record != gone)}
        )
        for event in desk.ledger.read()
    ]
    state = LedgerState.start(builtin_records).apply_all(events)
    assert "new-01" not in {claim.id for claim in state.evidence().claims}
    assert len(state.evidence().claims) == len(builtin_records.claims)


def test_what_changed_names_only_what_all_see(tmp_path, builtin_records):
    ledger = FolderLedger(tmp_path)
    ann, ben = (Desk(ledger, builtin_records, one, review_by_two=False) for one in PEOPLE[:2])
    ann.draft(Records(claims=(make_claim("new-01"), make_claim("new-02"))), submit=True)
    ben.publish(["new-01"], "checked")
    ann.discard(["new-02"])
    ben.withdraw(["new-01"], "wrong")
    words = [note.words for note in ben.state().describe_changes(0)]
    assert words == [
        "Ben published report new-01 (A crane stands on the apron.); why: checked",
        "Ben withdrew report new-01 (A crane stands on the apron.); why: wrong",
    ]
    own = ann.state().describe_history(author="Ann")
    assert [note.verb for note in own] == [
        *("drafted", "asked for a review of") * 2,
        "published",
        "withdrew",
        "withdrew",
    ]


def test_history_of_what_is_published_names_who_drafted_it_and_hides_other_drafts(
    tmp_path, builtin_records
):
    ledger = FolderLedger(tmp_path)
    ann, ben = (Desk(ledger, builtin_records, one, review_by_two=False) for one in PEOPLE[:2])
    ann.draft(Records(claims=(make_claim("new-01"), make_claim("new-02"))), submit=True)
    ben.send_back(["new-01"], "which crane?")
    ann.submit(["new-01"])
    ben.publish(["new-01"], "checked")
    state = ben.state()
    seen = [note.words for note in state.describe_history(author="A reader")]
    assert seen == [
        "Ann drafted report new-01",
        "Ann asked for a review of report new-01",
        "Ben sent back report new-01",
        "Ann asked for a review of report new-01",
        "Ben published report new-01 (A crane stands on the apron.); why: checked",
    ]
    assert state.describe_history(("claim", "new-02"), author="A reader") == ()
    reviewer = state.describe_history(("claim", "new-02"), author="Ben", reviews=True)
    assert [note.verb for note in reviewer] == ["drafted", "asked for a review of"]
    assert reviewer[0].title == "A crane stands on the apron."
