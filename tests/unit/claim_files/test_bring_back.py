"""An exported file that was edited: what is new, changed, withdrawn, and in conflict."""

import json

import pytest

from geo.claim_files.keeping import KeepChoice, keep_file
from geo.claim_files.report import describe_difference
from geo.claim_files.writing import write_claims
from geo.errors import LedgerChangedError, LedgerError
from geo.ledger.records import Records

IDS = ["nyt-01", "nyt-02", "nyt-03"]


@pytest.fixture
def exported(builtin_records) -> dict:
    return json.loads(write_claims(builtin_records, IDS, "json", version="v1"))


def dump(content: dict) -> bytes:
    return json.dumps(content).encode()


def change(desk, name: str, **fields) -> None:
    """Let a desk's person change and publish a claim."""
    claim = next(one for one in desk.evidence().claims if one.id == name)
    desk.draft(Records(claims=(claim.model_dump(mode="json") | fields,)), "changed", submit=True)
    desk.publish([name], "checked")


def test_new_changed_and_unchanged_rows_are_told_apart(read, exported, desk):
    exported["claims"][0] |= {"certainty": "Likely", "count_min": 1}
    exported["claims"][1] |= {"note": "not the same one"}
    exported["claims"].append(
        {name: exported["claims"][2][name] for name in ("source", "place", "says", "subject")}
        | {"evidence": "photo", "certainty": "stated", "stance": "neutral"}
    )
    found = read(dump(exported), "back.json")
    claims = [row for row in found.rows if row.kind == "claims"]
    assert [row.status for row in claims] == ["changed", "changed", "unchanged", "new"]
    assert [describe_difference(one) for one in claims[0].differences] == [
        "certainty: observed -> likely",
        "count_min: 2 -> 1",
    ]
    event = keep_file(found, desk, KeepChoice(), "read again")
    assert [one.record for one in event.changes] == ["nyt-01", "nyt-02", claims[3].record]
    assert event.why == "read again"
    assert desk.state().list_queue() == ()
    assert read(dump(exported), "back.json").rows[0].status == "unchanged"


def test_a_row_that_is_missing_is_withdrawn_only_when_asked(read, exported, desk):
    exported["claims"] = exported["claims"][:1]
    assert {row.status for row in read(dump(exported), "back.json").rows} == {"unchanged"}
    found = read(dump(exported), "back.json", withdraw_missing=True, why="not theirs")
    gone = found.list_rows("withdrawn")
    assert [(row.record, row.reason) for row in gone] == [
        ("nyt-02", "not theirs"),
        ("nyt-03", "not theirs"),
    ]
    event = keep_file(found, desk, KeepChoice())
    assert [(one.record, one.action) for one in event.changes] == [
        ("nyt-02", "withdraw"),
        ("nyt-03", "withdraw"),
    ]
    assert "nyt-02" not in {claim.id for claim in desk.evidence().claims}


def test_missing_rows_of_a_file_that_names_no_export_are_refused(read, exported):
    del exported["about"]
    found = read(dump(exported), "back.json", withdraw_missing=True)
    assert "does not say which records" in found.faults[0].why


def test_a_withdrawal_and_an_edit_are_one_event(read, exported, desk):
    exported["claims"][0]["withdraw"] = "the source took it back"
    exported["claims"][1]["note"] = "kept"
    found = read(dump(exported), "back.json")
    event = keep_file(found, desk, KeepChoice(submit=True))
    assert [(one.record, one.action) for one in event.changes] == [
        ("nyt-02", "draft"),
        ("nyt-02", "submit"),
        ("nyt-01", "withdraw"),
    ]
    assert "nyt-01: the source took it back" in event.why
    assert desk.state().head.number == 1


@pytest.mark.parametrize("word", ["yes", "X", "1", "true"])
def test_a_withdrawal_without_a_reason_is_a_fault(read, exported, word):
    exported["claims"][0]["withdraw"] = word
    found = read(dump(exported), "back.json")
    assert [(fault.row, fault.field) for fault in found.faults] == [(1, "withdraw")]


@pytest.mark.parametrize("word", ["no", "", "0", "FALSE"])
def test_no_is_no_withdrawal(read, exported, word):
    exported["claims"][0]["withdraw"] = word
    assert {row.status for row in read(dump(exported), "back.json").rows} == {"unchanged"}


def test_a_field_that_somebody_changed_meanwhile_is_a_conflict(read, exported, make_desk, desk):
    change(make_desk("Ben"), "nyt-01", certainty="claimed", note="from Ben")
    exported["claims"][0]["certainty"] = "likely"
    exported["claims"][1]["certainty"] = "stated"
    found = read(dump(exported), "back.json")
    assert [row.status for row in found.rows[:2]] == ["conflict", "changed"]
    [difference] = found.rows[0].differences
    assert (difference.old, difference.new, difference.now) == ("observed", "likely", "claimed")
    with pytest.raises(LedgerError, match="somebody else changed"):
        keep_file(found, desk, KeepChoice())
    left = keep_file(found, desk, KeepChoice(good_rows=True))
    assert [one.record for one in left.changes] == ["nyt-02"]
    taken = keep_file(read(dump(exported), "back.json"), desk, KeepChoice(conflicts=True))
    assert [one.record for one in taken.changes] == ["nyt-01"]
    kept = next(one for one in desk.evidence().claims if one.id == "nyt-01")
    assert (kept.certainty, kept.note) == ("likely", "from Ben")


def test_what_only_others_changed_stays_theirs(read, exported, make_desk):
    change(make_desk("Ben"), "nyt-01", note="from Ben")
    exported["claims"][0]["certainty"] = "likely"
    found = read(dump(exported), "back.json")
    assert found.rows[0].status == "changed"
    assert (found.rows[0].fields["certainty"], found.rows[0].fields["note"]) == (
        "likely",
        "from Ben",
    )
    del exported["claims"][0]["certainty"]
    assert read(dump(exported), "back.json").rows[0].status == "unchanged"


def test_a_change_after_the_file_was_shown_keeps_nothing(read, exported, make_desk, desk):
    exported["claims"][0]["certainty"] = "likely"
    found = read(dump(exported), "back.json")
    change(make_desk("Ben"), "nyt-01", certainty="claimed")
    with pytest.raises(LedgerChangedError):
        keep_file(found, desk, KeepChoice())


def test_an_id_of_a_withdrawn_record_is_not_used_again(read, exported, desk):
    desk.withdraw(["nyt-01"], "wrong")
    found = read(dump(exported), "back.json")
    assert found.rows[0].faults[0].field == "id"
    assert "withdrawn" in found.rows[0].faults[0].why


def test_one_like_it_is_told(read):
    found = read(
        "source,place,subject,says,evidence,observed_from,certainty,stance\n"
        "nyt-2024-12-13,khmeimim,An-124,Two planes.,photo,2024-12-13,stated,leaving\n"
    )
    assert "nyt-01" in found.rows[0].similar


def test_a_new_source_place_and_its_reports_come_in_one_file(read, desk):
    body = {
        "sources": [
            {
                "publisher": "Example Post",
                "url": "https://example.org/a",
                "reported_on": "2024-12-14",
            }
        ],
        "places": [{"name": "Example Field", "lat": 34.5, "lon": 36.0}],
        "claims": [
            {
                "source": "Example Post",
                "place": "Example Field",
                "says": f"Convoy {number} stops.",
                "subject": "convoy",
                "evidence": "Photo",
                "observed_from": "14 December 2024",
                "certainty": "Stated",
                "stance": "Undecided",
            }
            for number in (1, 2, 3)
        ],
    }
    found = read(json.dumps(body), "new.json")
    assert [str(fault) for fault in found.faults] == []
    event = keep_file(found, desk, KeepChoice(submit=True))
    assert {one.kind for one in event.changes} == {"claim", "source", "place"}
    ids = [row.record for row in found.rows if row.kind == "claims"]
    assert ids == [f"example-post-2024-12-14-{number:02d}" for number in (1, 2, 3)]
    desk.publish(ids)
    shown = {one.id: one for one in desk.state().evidence().claims}
    assert shown[ids[0]].place == "example-field"


def test_an_id_that_differs_in_its_case_is_told(read, exported):
    exported["claims"][0]["id"] = "NYT-01"
    found = read(dump(exported), "back.json")
    assert "did you mean 'nyt-01'" in found.rows[0].faults[0].remedy


def test_a_version_that_is_not_known_is_told(read, exported):
    exported["claims"][0]["record_version"] = "0" * 16
    found = read(dump(exported), "back.json")
    assert found.rows[0].status == "unchanged"
    assert found.notes == (
        "1 row of a version that is not known here: compared with the records as they are now.",
    )


def test_other_records_are_withdrawn_by_their_kind(read, desk):
    added = {"origins": [{"id": "made-1", "name": "Made", "noun": "image"}]}
    keep_file(read(json.dumps(added), "new.json"), desk, KeepChoice(submit=True))
    desk.publish([("origin", "made-1")])
    added["origins"][0]["withdraw"] = "not used"
    event = keep_file(read(json.dumps(added), "new.json"), desk, KeepChoice())
    assert [(one.kind, one.record, one.action) for one in event.changes] == [
        ("origin", "made-1", "withdraw")
    ]


def test_a_character_that_no_file_holds_is_a_fault(read, exported):
    exported["claims"][0]["says"] = "a\x00b"
    found = read(dump(exported), "back.json")
    assert [fault.field for fault in found.faults] == ["says"]
