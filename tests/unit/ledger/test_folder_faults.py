"""A ledger's folder in the hands of others: forged, moved, changed in its place, linked, stuck."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from geo.errors import LedgerAwayError, LedgerDamagedError, LedgerError
from geo.ledger import FolderLedger, RecordChange, chain, folder, head_file

EVENTS = "events.jsonl"


def change(text: str = "words") -> RecordChange:
    return RecordChange(kind="claim", record="x-01", action="draft", new={"says": text})


def fill(path: Path, count: int = 4) -> FolderLedger:
    ledger = FolderLedger(path)
    for number in range(1, count + 1):
        ledger.append("A. Author", "", [change(f"words {number}")])
    return ledger


@pytest.mark.parametrize("forged", [1, 2])
def test_event_that_another_program_added_with_a_right_hash_is_found(tmp_path, forged):
    opened = fill(tmp_path)
    last = opened.read()[-1]
    for _ in range(forged):
        last, line = chain.make_event(last, "Forger", "", [change("forged")], datetime.now(UTC))
        with (tmp_path / EVENTS).open("ab") as file:
            file.write(line + b"\n")
    (fault,) = FolderLedger(tmp_path).verify()
    assert (fault.number, fault.kind) == (5, "tampered")
    for ledger in (opened, FolderLedger(tmp_path)):
        ledger.read()
        assert ledger.fault() == fault
        with pytest.raises(LedgerDamagedError, match="Event 5: it and what follows"):
            ledger.append("A", "", [change()])


def test_writers_killed_before_the_head_one_after_the_other_lose_nothing(tmp_path, monkeypatch):
    ledger = fill(tmp_path, 2)
    for number in (3, 4):
        with monkeypatch.context() as patch:
            patch.setattr(head_file, "place_head", killed)
            with pytest.raises(KeyboardInterrupt):
                FolderLedger(tmp_path).append("A", "", [change()])
        confirmed = number if number == 3 else 3  # the second one is killed while it confirms
        assert len(FolderLedger(tmp_path).read()) == confirmed
        assert FolderLedger(tmp_path).verify() == ()
    assert ledger.append("A", "", [change()]).number == 4
    assert (ledger.verify(), ledger.fault()) == ((), None)


def killed(_: Path) -> None:
    raise KeyboardInterrupt


def test_folder_that_is_moved_away_is_no_new_ledger_and_is_read_again_when_it_is_back(tmp_path):
    ledger = fill(tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    for act in (ledger.head, ledger.read, lambda: ledger.append("A", "", [change()])):
        with pytest.raises(LedgerAwayError, match="moved or emptied: its 4 events are gone"):
            act()
    assert not (tmp_path / "here").exists()
    (tmp_path / "there").rename(tmp_path / "here")
    assert ledger.append("A", "", [change()]).number == 5
    assert ledger.verify() == ()


def test_folder_of_a_browser_that_is_removed_begins_anew(tmp_path):
    ledger = FolderLedger(tmp_path / "own", shared=False)
    ledger.append("you", "", [change()])
    (tmp_path / "own" / EVENTS).unlink()
    (tmp_path / "own" / "head.json").unlink()
    assert ledger.append("you", "", [change()]).number == 1


def test_event_changed_in_its_place_is_found_by_who_has_the_ledger_open(tmp_path):
    ledger = fill(tmp_path)
    content = (tmp_path / EVENTS).read_bytes()
    with (tmp_path / EVENTS).open("r+b") as file:
        file.write(content.replace(b"words 2", b"words 9"))
    with pytest.raises(LedgerDamagedError, match="Event 2: its content does not match"):
        ledger.append("A", "", [change()])
    with (tmp_path / EVENTS).open("r+b") as file:
        file.write(content)
    assert ledger.append("A", "", [change()]).number == 5


def test_readers_are_told_of_events_lost_from_the_end_until_they_are_back(tmp_path):
    ledger = fill(tmp_path)
    whole, head = (tmp_path / EVENTS).read_bytes(), (tmp_path / "head.json").read_bytes()
    (tmp_path / EVENTS).write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
    assert (len(ledger.read()), ledger.fault().kind) == (2, "lost")
    (tmp_path / EVENTS).write_bytes(whole)
    (tmp_path / "head.json").write_bytes(head)
    assert (len(ledger.read()), ledger.fault()) == (4, None)


def test_link_in_the_folder_leads_no_writer_elsewhere(tmp_path):
    ledger = fill(tmp_path / "ledger", 1)
    (tmp_path / "other").write_text("of somebody else")
    (tmp_path / "ledger" / ".head.json.new").symlink_to(tmp_path / "other")
    assert ledger.append("A", "", [change()]).number == 2
    assert (tmp_path / "other").read_text() == "of somebody else"
    assert ledger.verify() == ()


def test_head_file_nested_too_deep_is_reported_as_changed(tmp_path):
    fill(tmp_path, 1)
    (tmp_path / "head.json").write_text("[" * 200_000)
    (fault,) = FolderLedger(tmp_path).verify()
    assert "head.json was changed" in fault.why


def test_writer_that_never_ends_lets_others_go_with_a_message(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "_PATIENCE", 0.1)
    ledger = fill(tmp_path, 1)
    with FileLock(tmp_path / ".ledger.lock"), pytest.raises(LedgerError, match="has been writing"):
        ledger.append("A", "", [change()])
    assert ledger.append("A", "", [change()]).number == 2


def test_rest_of_an_interrupted_event_stays_until_it_can_be_moved(tmp_path):
    ledger = fill(tmp_path, 1)
    with (tmp_path / EVENTS).open("ab") as file:
        file.write(b'{"torn')
    (tmp_path / "cut-off").write_text("in the way")
    with pytest.raises(LedgerError, match="cannot be written"):
        ledger.append("A", "", [change()])
    assert [fault.kind for fault in ledger.verify()] == ["cut off"]
    (tmp_path / "cut-off").unlink()
    assert ledger.append("A", "", [change()]).number == 2
    assert [one.read_bytes() for one in (tmp_path / "cut-off").iterdir()] == [b'{"torn']


def test_file_that_cannot_be_read_just_now_is_away_and_not_a_new_ledger(tmp_path):
    ledger = fill(tmp_path, 2)
    os.rename(tmp_path / EVENTS, tmp_path / "kept")  # noqa: PTH104
    (tmp_path / EVENTS).mkdir()
    with pytest.raises(LedgerAwayError, match="cannot be read"):
        ledger.head()
    (tmp_path / EVENTS).rmdir()
    (tmp_path / "kept").rename(tmp_path / EVENTS)
    assert (ledger.head().number, ledger.fault()) == (2, None)
