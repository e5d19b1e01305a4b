"""What every shared ledger keeps to, in a folder and in a database: several writers, and kills."""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from itertools import count

import pytest

from geo.errors import LedgerAwayError, LedgerChangedError, LedgerDamagedError, LedgerError
from geo.ledger import Desk, Head, RecordChange, Records, open_ledger
from geo.ledger.chain import make_event
from geo.ledger.postgis import PostgisLedger
from geo.ledger.state import LedgerState
from tests.support.ledger_records import ALL, make_claim
from tests.support.postgres_server import wait_for

forked = multiprocessing.get_context("fork")


def change(text: str = "words", name: str = "x-01") -> RecordChange:
    return RecordChange(kind="claim", record=name, action="draft", new={"id": name, "says": text})


def test_events_are_chained_and_read_back_as_they_were_written(ledger, address):
    assert (ledger.shared, ledger.head(), ledger.read(), ledger.verify()) == (
        *(True, Head(0, ""), ()),
        (),
    )
    texts = ("plain", "العربية\n\x00\u2028 'quoted' %s \\", "")
    events = tuple(ledger.append("Ä. Author", text, [change(text)]) for text in texts)
    assert ledger.read() == events
    assert [one.why for one in events] == list(texts)
    assert ledger.head() == Head(3, events[-1].hash)
    assert open_ledger(address).read(after=1) == events[1:]
    assert ledger.verify() == ()


def test_append_refuses_a_head_that_has_moved(ledger, address):
    seen = ledger.head()
    open_ledger(address).append("B", "", [change()])
    with pytest.raises(LedgerChangedError):
        ledger.append("A", "", [change()], expected=seen)
    assert ledger.append("A", "", [change()], expected=ledger.head()).number == 2


def test_others_see_an_event_within_a_second(ledger, address):
    other = open_ledger(address)
    assert other.head().number == 0
    event = ledger.append("A", "", [change()])
    wait_for(lambda: other.head() == Head(1, event.hash), seconds=1)


def test_refused_change_leaves_nothing(ledger):
    with pytest.raises(LedgerError, match="cannot be kept"):
        ledger.append("A", "", [change("lone \ud800")])
    assert ledger.append("A", "", [change()]).number == 1
    assert ledger.verify() == ()


def test_kept_copy_is_found_by_its_hash(ledger):
    name = ledger.keep_copy(b"\x00\xffsynthetic", "image/png")
    assert ledger.keep_copy(b"\x00\xffsynthetic", "image/png") == name
    assert ledger.read_copy(name) == (b"\x00\xffsynthetic", "image/png")
    assert ledger.read_copy("0" * 64) is ledger.read_copy("../x") is None


def test_copy_that_a_record_names_and_that_is_missing_is_found(ledger):
    """Of a draft, then of what is published; not of a withdrawn record, nor one of the case."""
    name, other, of_case = (digest * 64 for digest in "abc")
    kept = ledger.keep_copy(b"synthetic", "text/html")

    def act(action: str, record: str, old: str = "", new: str = "") -> RecordChange:
        fields = {"old": {"copy_sha256": old}} if old else {}
        fields |= {"new": {"copy_sha256": new}} if new else {}
        return RecordChange(kind="source", record=record, action=action, **fields)

    def missing() -> list[str]:
        assert {fault.kind for fault in ledger.verify()} <= {"lost"}
        return [fault.why.split()[2] for fault in ledger.verify()]

    ledger.append(
        "A", "", [act("draft", "s", new=kept), act("draft", "t", old=of_case, new=of_case)]
    )
    assert missing() == []
    image = RecordChange(kind="claim", record="c", action="draft", new={"image": {"sha256": other}})
    ledger.append("A", "", [act("draft", "s", new=name), image])
    assert missing() == [name, other]
    ledger.append(
        "A", "", [act("publish", "s", new=name), image.model_copy(update={"action": "withdraw"})]
    )
    assert missing() == [name]
    ledger.append("A", "", [act("withdraw", "s", old=name)])
    assert missing() == []


def write_some(address: str, name: str, events: int) -> None:
    ledger = open_ledger(address)
    for number in range(events):
        ledger.append(name, f"{number}", [change(name=f"{name}-{number}")])


def test_three_writers_of_200_events_lose_nothing(ledger, address):
    writers = [forked.Process(target=write_some, args=(address, f"w{n}", 200)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    events = open_ledger(address).read()
    assert len(events) == 600
    assert Counter(one.by for one in events) == {f"w{n}": 200 for n in range(3)}
    for n in range(3):  # each writer's own are in their order
        assert [one.why for one in events if one.by == f"w{n}"] == [str(i) for i in range(200)]
    assert ledger.verify() == ()


def test_desks_of_two_ledgers_retry_and_lose_nothing(ledger, address, builtin_records):
    """Each expects the head that it knows; the one that was slower checks again and repeats."""
    desks = [Desk(one, builtin_records, ALL) for one in (ledger, open_ledger(address))]
    for number in range(6):
        desks[number % 2].draft(Records(claims=(make_claim(f"new-{number:02d}"),)))
    assert [change.record for one in ledger.read() for change in one.changes] == [
        f"new-{number:02d}" for number in range(6)
    ]


def publish_until_killed(address, records, first: int, confirmed) -> None:
    desk = Desk(open_ledger(address), records, ALL, review_by_two=False)
    for number in count(first):
        name = f"kill-{number:04d}"
        desk.draft(Records(claims=(make_claim(name),)))
        desk.publish([name], "checked")
        confirmed.send(name)


def test_writer_killed_while_publishing_loses_nothing_that_was_confirmed(
    ledger, address, builtin_records
):
    chance, published, first = random.Random(7), [], 0
    for _ in range(20):
        reader, writer = forked.Pipe(duplex=False)
        arguments = (address, builtin_records, first, writer)
        process = forked.Process(target=publish_until_killed, args=arguments)
        process.start()
        writer.close()
        published.append(reader.recv())
        end = time.monotonic() + chance.uniform(0, 0.05)
        while reader.poll(max(0, end - time.monotonic())):
            published.append(reader.recv())
            if time.monotonic() > end:
                break
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        while reader.poll():
            try:
                published.append(reader.recv())
            except EOFError:
                break
        first = int(published[-1].removeprefix("kill-")) + 1000
        assert [fault for fault in ledger.verify() if fault.kind != "cut off"] == []
    ledger.append("A. Author", "after all kills", [change()])
    assert ledger.verify() == ()
    assert len(published) >= 20
    state = LedgerState.start(builtin_records).apply_all(open_ledger(address).read())
    assert set(published) <= {claim.id for claim in state.evidence().claims}
    for entry in state.entries.values():  # an act counts whole or not at all
        assert entry.state in ("published", "draft")


def tamper(postgres, address: str, command: str) -> None:
    database = address.partition("@/")[2].partition("?")[0]
    postgres.run("ALTER TABLE briefing_map.ledger_events DISABLE TRIGGER USER", database)
    postgres.run(command.format("briefing_map.ledger_events"), database)


@pytest.mark.parametrize(
    ("command", "number", "kind"),
    [
        ("UPDATE {} SET body = replace(body, 'words 2', 'words 9')", 2, "tampered"),
        ("UPDATE {} SET hash = 'x' WHERE number = 3", 3, "tampered"),
        ("DELETE FROM {} WHERE number = 2", 2, "tampered"),
        ("DELETE FROM {} WHERE number = 4", 4, "lost"),
        ("DELETE FROM {}", 1, "lost"),
        ("INSERT INTO {} SELECT 5, 'y', body FROM {} WHERE number = 4", 5, "tampered"),
    ],
)
def test_tampering_in_the_database_is_found(postgres, command, number, kind):
    address = postgres.fresh()
    ledger = open_ledger(address)
    for n in range(1, 5):
        ledger.append("A", "", [change(f"words {n}")])
    tamper(postgres, address, command.replace("{}", "{0}"))
    (fault,) = ledger.verify()
    assert (fault.number, fault.kind) == (number, kind)
    with pytest.raises(LedgerDamagedError):
        open_ledger(address).append("A", "", [change()])


def test_row_of_another_program_is_found_by_who_has_the_ledger_open(postgres):
    """It has a right hash; the head is not moved."""
    address = postgres.fresh()
    ledger = open_ledger(address)
    last = ledger.append("A", "", [change()])
    event, line = make_event(last, "Forger", "", [change("forged")], last.at)
    body = line.decode().replace("{", "{{").replace("}", "}}")
    tamper(postgres, address, f"INSERT INTO {{0}} VALUES (2, '{event.hash}', '{body}')")
    with pytest.raises(LedgerDamagedError, match="Event 2: it and what follows were not written"):
        ledger.append("A", "", [change()])


def test_changed_copy_in_the_database_is_not_taken_for_kept(postgres):
    address = postgres.fresh()
    ledger = open_ledger(address)
    ledger.keep_copy(b"synthetic", "text/html")
    database = address.partition("@/")[2].partition("?")[0]
    postgres.run("ALTER TABLE briefing_map.ledger_copies DISABLE TRIGGER USER", database)
    postgres.run("UPDATE briefing_map.ledger_copies SET data = 'other'", database)
    with pytest.raises(LedgerDamagedError, match="Restore its row"):
        ledger.keep_copy(b"synthetic", "text/html")


def test_ledger_whose_head_row_is_missing_takes_no_event(postgres):
    address = postgres.fresh()
    database = address.partition("@/")[2].partition("?")[0]
    postgres.run("ALTER TABLE briefing_map.ledger_head DISABLE TRIGGER USER", database)
    postgres.run("DELETE FROM briefing_map.ledger_head", database)
    with pytest.raises(LedgerDamagedError, match="its head is missing"):
        open_ledger(address).append("A", "", [change()])
    assert open_ledger(address).read() == ()


@pytest.mark.parametrize(
    "command",
    [
        "UPDATE briefing_map.ledger_events SET body = ''",
        "DELETE FROM briefing_map.ledger_events",
        "TRUNCATE briefing_map.ledger_events",
        "DELETE FROM briefing_map.ledger_copies",
        "UPDATE briefing_map.ledger_head SET number = 0, hash = ''",
        "DELETE FROM briefing_map.ledger_head",
    ],
)
def test_database_lets_nobody_change_the_ledger(postgres, command):
    address = postgres.fresh()
    open_ledger(address).append("A", "", [change()])
    with pytest.raises(Exception, match="ledger"):
        postgres.run(command, address.partition("@/")[2].partition("?")[0])
    assert open_ledger(address).verify() == ()


def test_reader_account_reads_and_cannot_write(postgres):
    address = postgres.fresh()
    open_ledger(address).append("A", "", [change()])
    postgres.run("CREATE ROLE ledger_reader LOGIN IN ROLE briefing_map_reader")
    postgres.run("CREATE ROLE ledger_loader LOGIN IN ROLE briefing_map_loader")
    name = address.partition("@/")[2].partition("?")[0]
    reader = open_ledger(postgres.url(name, "ledger_reader"))
    assert len(reader.read()) == 1
    with pytest.raises(LedgerError, match="not allowed"):
        reader.append("A", "", [change()])
    assert open_ledger(postgres.url(name, "ledger_loader")).append("A", "", [change()]).number == 2


def test_database_that_does_not_answer_is_an_error_without_the_address():
    ledger = open_ledger("postgresql://me:hunter2@/x?host=/nowhere")
    for _ in range(2):
        with pytest.raises(LedgerAwayError, match="ledger's database") as caught:
            ledger.head()
        assert "hunter2" not in str(caught.value)
    assert isinstance(ledger, PostgisLedger)


@pytest.mark.parametrize("address", ["", "s3://bucket/x", "file://elsewhere/x"])
def test_unknown_address_is_refused_in_words(address):
    with pytest.raises(LedgerError):
        open_ledger(address)


def test_database_without_tables_names_the_command(postgres):
    with pytest.raises(LedgerError, match="store-upgrade"):
        open_ledger(postgres.empty()).head()
