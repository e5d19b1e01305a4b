"""A ledger in a folder: order, hashes, what verify finds, and interrupted events."""

import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import LedgerChangedError, LedgerDamagedError, LedgerError
from geo.ledger import FolderLedger, Head, RecordChange

EVENTS = "events.jsonl"


def change(text: str = "words", name: str = "x-01") -> RecordChange:
    return RecordChange(kind="claim", record=name, action="draft", new={"id": name, "says": text})


def fill(path: Path, count: int = 4) -> FolderLedger:
    ledger = FolderLedger(path)
    for number in range(1, count + 1):
        ledger.append("A. Author", f"reason {number}", [change(f"words {number}")])
    return ledger


def test_new_ledger_is_empty_and_clean(tmp_path):
    ledger = FolderLedger(tmp_path / "ledger")
    assert (ledger.head(), ledger.read(), ledger.verify()) == (Head(0, ""), (), ())
    assert not (tmp_path / "ledger").exists()


def test_each_event_names_the_hash_of_the_one_before(tmp_path):
    ledger = fill(tmp_path)
    events = ledger.read()
    assert [one.number for one in events] == [1, 2, 3, 4]
    assert [one.previous for one in events] == ["", *(one.hash for one in events[:-1])]
    assert ledger.head() == Head(4, events[-1].hash)
    assert ledger.read(after=2) == events[2:]
    assert FolderLedger(tmp_path).read() == events
    assert ledger.verify() == ()


def test_another_ledger_of_the_same_folder_sees_each_event_at_once(tmp_path):
    reader, writer = FolderLedger(tmp_path), FolderLedger(tmp_path)
    for number in range(1, 4):
        event = writer.append("A", "", [change()])
        assert reader.head() == Head(number, event.hash)


def test_append_refuses_when_the_head_is_no_longer_the_expected_one(tmp_path):
    ledger = fill(tmp_path, 1)
    seen = ledger.head()
    FolderLedger(tmp_path).append("B", "", [change()])
    with pytest.raises(LedgerChangedError, match="event 2 is new"):
        ledger.append("A", "", [change()], expected=seen)
    assert len(ledger.read()) == 2


@pytest.mark.parametrize("value", [float("nan"), b"bytes", "lone \ud800", {1, 2}])
def test_change_that_json_cannot_hold_is_refused_in_words(tmp_path, value):
    ledger = FolderLedger(tmp_path)
    bad = RecordChange(kind="claim", record="x", action="draft", new={"says": value})
    with pytest.raises(LedgerError, match="cannot be kept"):
        ledger.append("A", "", [bad])
    assert (ledger.read(), ledger.verify()) == ((), ())


@pytest.mark.parametrize(("by", "changes"), [("", [change()]), ("A", [])])
def test_event_without_name_or_change_is_refused(tmp_path, by, changes):
    with pytest.raises(LedgerError, match="cannot be kept"):
        FolderLedger(tmp_path).append(by, "", changes)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(value=JSON, why=st.text(st.characters(codec="utf-8")))
def test_any_json_is_read_back_as_it_was_written(tmp_path_factory, value, why):
    path = tmp_path_factory.mktemp("ledger")
    one = RecordChange(kind="place", record="x", action="draft", new={"value": value})
    event = FolderLedger(path).append("Ä. Öthor", why, [one])
    assert FolderLedger(path).read() == (event,)
    assert event.why == why
    assert json.dumps(event.changes[0].new, sort_keys=True) == json.dumps(one.new, sort_keys=True)
    assert FolderLedger(path).verify() == ()


@given(data=st.data())
def test_change_of_any_byte_is_found(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("ledger")
    fill(path, 3)
    content = bytearray((path / EVENTS).read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    (path / EVENTS).write_bytes(content)
    faults = FolderLedger(path).verify()
    assert faults
    assert all(fault.why and fault.remedy for fault in faults)


@given(data=st.data())
def test_removed_or_moved_events_and_any_truncation_are_found(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("ledger")
    fill(path, 4)
    content = (path / EVENTS).read_bytes()
    lines = content.splitlines(keepends=True)
    kind = data.draw(st.sampled_from(["remove", "swap", "truncate", "repeat"]))
    if kind == "remove":
        del lines[data.draw(st.integers(0, 3))]
    elif kind == "swap":
        one, other = data.draw(st.permutations(range(4)))[:2]
        lines[one], lines[other] = lines[other], lines[one]
    elif kind == "repeat":
        lines.insert(data.draw(st.integers(0, 4)), lines[data.draw(st.integers(0, 3))])
    changed = b"".join(lines)
    if kind == "truncate":
        changed = content[: data.draw(st.integers(0, len(content) - 1))]
    (path / EVENTS).write_bytes(changed)
    assert FolderLedger(path).verify()


def test_event_lost_from_the_end_is_named(tmp_path):
    fill(tmp_path, 4)
    lines = (tmp_path / EVENTS).read_bytes().splitlines(keepends=True)
    (tmp_path / EVENTS).write_bytes(b"".join(lines[:2]))
    (fault,) = FolderLedger(tmp_path).verify()
    assert (fault.kind, fault.number) == ("lost", 3)
    assert "events 3 to 4 are lost" in fault.why
    with pytest.raises(LedgerDamagedError, match="events 3 to 4 are lost"):
        FolderLedger(tmp_path).append("A", "", [change()])


def test_changed_event_and_what_follows_do_not_count_any_more(tmp_path):
    fill(tmp_path, 4)
    content = (tmp_path / EVENTS).read_bytes().replace(b"words 3", b"words 5")
    (tmp_path / EVENTS).write_bytes(content)
    ledger = FolderLedger(tmp_path)
    assert [one.number for one in ledger.read()] == [1, 2]
    assert ledger.fault().number == 3
    with pytest.raises(LedgerDamagedError, match="Event 3: its content does not match its hash"):
        ledger.append("A", "", [change()])


def test_ledger_restored_from_a_copy_is_read_anew(tmp_path):
    ledger = fill(tmp_path, 4)
    copy = (tmp_path / EVENTS).read_bytes()
    (tmp_path / EVENTS).write_bytes(copy.replace(b"words 2", b"words 9") + b"x\n")
    assert len(ledger.read()) == 1 or ledger.fault()
    (tmp_path / "copy").write_bytes(copy)
    (tmp_path / "copy").replace(tmp_path / EVENTS)
    assert (len(ledger.read()), ledger.fault(), ledger.verify()) == (4, None, ())


@pytest.mark.parametrize("content", ["", "{}", '{"number": 0, "hash": ""}', "[1]"])
def test_changed_head_file_is_found(tmp_path, content):
    fill(tmp_path, 2)
    (tmp_path / "head.json").write_text(content)
    assert FolderLedger(tmp_path).verify()
    with pytest.raises(LedgerDamagedError, match=r"head\.json"):
        FolderLedger(tmp_path).append("A", "", [change()])


def test_removed_head_file_is_found(tmp_path):
    fill(tmp_path, 3)
    (tmp_path / "head.json").unlink()
    assert FolderLedger(tmp_path).verify()


@given(length=st.integers(1, 150))
def test_interrupted_event_is_left_out_reported_and_moved_aside(tmp_path_factory, length):
    path = tmp_path_factory.mktemp("ledger")
    open_before = fill(path, 2)
    whole = (path / EVENTS).read_bytes()
    torn = whole.splitlines()[0][:length]
    (path / EVENTS).write_bytes(whole + torn)
    for ledger in (open_before, FolderLedger(path)):
        assert [one.number for one in ledger.read()] == [1, 2]
        (fault,) = ledger.verify()
        assert (fault.kind, fault.number) == ("cut off", 3)
        assert "never confirmed" in fault.why
    event = open_before.append("A", "", [change()])
    assert (event.number, FolderLedger(path).read()[-1]) == (3, event)
    assert FolderLedger(path).verify() == ()
    (kept,) = (path / "cut-off").iterdir()
    assert kept.read_bytes() == torn


def test_event_without_its_head_counts_and_the_next_one_follows(tmp_path):
    """A writer may be killed between the two files."""
    ledger = fill(tmp_path, 3)
    head = (tmp_path / "head.json").read_bytes()
    ledger.append("A", "", [change()])
    (tmp_path / "head.json").rename(tmp_path / ".head.json.new")
    (tmp_path / "head.json").write_bytes(head)
    assert (len(FolderLedger(tmp_path).read()), FolderLedger(tmp_path).verify()) == (4, ())
    assert FolderLedger(tmp_path).append("A", "", [change()]).number == 5
    assert FolderLedger(tmp_path).verify() == ()


def test_failed_write_leaves_the_ledger_as_it_was(tmp_path, monkeypatch):
    ledger = fill(tmp_path, 2)
    before = (tmp_path / EVENTS).read_bytes()
    monkeypatch.setattr(os, "write", lambda *_: 5)  # the disk is full
    with pytest.raises(LedgerError, match="the disk is full"):
        ledger.append("A", "", [change()])
    monkeypatch.undo()
    assert (tmp_path / EVENTS).read_bytes() == before
    assert ledger.append("A", "", [change()]).number == 3
    assert ledger.verify() == ()


def test_folder_that_cannot_be_written_is_an_error_in_words(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(LedgerError, match="cannot be written"):
        FolderLedger(tmp_path / "file").append("A", "", [change()])


def test_threads_with_one_ledger_lose_nothing(tmp_path):
    ledger = FolderLedger(tmp_path)

    def work(name: str) -> None:
        for number in range(20):
            ledger.append(name, f"{number}", [change()])

    threads = [threading.Thread(target=work, args=(f"T{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = FolderLedger(tmp_path).read()
    assert len(events) == 60
    assert {(one.by, one.why) for one in events} == {
        (f"T{n}", f"{m}") for n in range(3) for m in range(20)
    }
    assert ledger.verify() == ()


def test_kept_copy_is_found_by_its_hash_and_a_changed_one_is_reported(tmp_path):
    ledger = FolderLedger(tmp_path)
    name = ledger.keep_copy(b"%PDF synthetic", "application/pdf")
    assert ledger.keep_copy(b"%PDF synthetic", "application/pdf") == name
    assert ledger.read_copy(name) == (b"%PDF synthetic", "application/pdf")
    assert ledger.read_copy("0" * 64) is None
    assert ledger.read_copy("../events.jsonl") is None
    assert ledger.verify() == ()
    (tmp_path / "files" / name).write_bytes(b"%PDF other")
    with pytest.raises(LedgerDamagedError, match=name):
        ledger.read_copy(name)
    assert name in ledger.verify()[0].why
