"""Real failures: a full disk, parallel writers and a killed worker.

These tests join stores and imports; tests/unit/ingest covers the worker alone.
"""

import multiprocessing
import os
import resource
import signal
import threading
from pathlib import Path

import pytest

from geo.errors import GeoError, StoreError
from geo.ingest import read_upload
from geo.ingest.sandbox import runner
from geo.ingest.save_result import ORIGINALS, save_layer, share_layer
from geo.session_keys import new_key
from geo.store.folder.store import FolderStore
from geo.store.session_layers import SessionLayers

SPAWN = multiprocessing.get_context("spawn")
HEAD = b"id,name,lat,lon,day\n"
SMALL = HEAD + b"a,Synthetic alpha,35.41,35.95,2024-12-12\n"
LARGE = HEAD + b"".join(
    b"%d,%s,35.41,35.95,2024-12-12\n" % (n, os.urandom(20).hex().encode()) for n in range(20_000)
)
FULL = 100_000  # bytes: the maximum file size on the simulated full disk


def on_a_full_disk(folder: str, key: str, body: bytes, answers) -> None:
    """Save a session layer and share a layer while files are limited to FULL bytes."""
    reading = read_upload(body, "mine.csv")
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, FULL))
    root = Path(folder)
    for save in (
        lambda: save_layer(SessionLayers(root / "own").make(key), "own-mine", reading, "Mine"),
        lambda: share_layer(FolderStore(root), root, reading, body, title="Mine", who="A"),
    ):
        try:
            answers.put(save().title)
        except GeoError as error:
            answers.put(str(error))


def run_in_process(work, *args) -> list:
    answers = SPAWN.Queue()
    process = SPAWN.Process(target=work, args=(*args, answers))
    process.start()
    found = [answers.get(timeout=60) for _ in range(2)]
    process.join()
    assert process.exitcode == 0
    return found


def test_full_disk_is_reported_and_keeps_saved_layers(tmp_path):
    key = new_key()
    folders = SessionLayers(tmp_path / "own")
    small = read_upload(SMALL, "mine.csv")
    save_layer(folders.make(key), "own-mine", small, "Accepted before")
    told = run_in_process(on_a_full_disk, str(tmp_path), key, LARGE)
    assert "cannot be written" in told[0]
    assert "unchanged" in told[0]
    assert "nothing was shared" in told[1]
    own = folders.open(key)
    assert [(one.name, one.title, one.rows) for one in own.layers()] == [
        ("own-mine", "Accepted before", 1)
    ]
    assert FolderStore(tmp_path).layers() == ()
    for folder in (tmp_path, tmp_path / ORIGINALS, tmp_path / "own" / key):
        left = {path.name for path in folder.iterdir()} - {".store.lock", "own", ORIGINALS}
        assert left <= {"own-mine.parquet", "catalogue.json"}, left
    assert run_in_process(on_a_full_disk, str(tmp_path), key, SMALL) == ["Mine", "Mine"]


def share(folder: str, who: str, ready, answers) -> None:
    """Share layers with the same titles as a parallel process."""
    reading = read_upload(SMALL, "mine.csv")
    store = FolderStore(folder)
    ready.wait(60)
    for number in range(8):
        try:
            share_layer(store, Path(folder), reading, who.encode(), title=f"Mine {number}", who=who)
            answers.put((who, number))
        except StoreError as error:
            answers.put(str(error))


def test_only_one_of_two_parallel_shares_of_a_title_succeeds(tmp_path):
    answers, ready = SPAWN.Queue(), SPAWN.Barrier(2)
    people = [
        SPAWN.Process(target=share, args=(str(tmp_path), who, ready, answers))
        for who in ("Alpha", "Bravo")
    ]
    for one in people:
        one.start()
    told = [answers.get(timeout=60) for _ in range(16)]
    for one in people:
        one.join()
    taken = [one for one in told if isinstance(one, tuple)]
    refused = [one for one in told if isinstance(one, str)]
    assert sorted(number for _, number in taken) == list(range(8))
    assert len(refused) == 8
    assert all("already. Choose another title" in one for one in refused)
    store = FolderStore(tmp_path)
    originals = {path.name.rsplit("-", 2)[0]: path for path in (tmp_path / ORIGINALS).iterdir()}
    assert len(originals) == len(list((tmp_path / ORIGINALS).iterdir())) == 8
    for who, number in taken:  # the layer and its original belong to the one who succeeded
        assert f"Shared by {who} " in store.layer(f"mine-{number}").attribution
        assert originals[f"mine-{number}"].read_bytes() == who.encode()


def save_many(folder: str, key: str, ready, answers) -> None:
    """Save session layers in parallel with another process of the same session."""
    reading = read_upload(SMALL, "mine.csv")
    ready.wait(60)
    store = SessionLayers(Path(folder)).make(key)
    for number in range(8):
        name = f"own-{os.getpid()}-{number}"
        answers.put(save_layer(store, name, reading, f"Mine {number}").name)
        save_layer(store, "own-same", reading, "Same")


def test_parallel_saves_of_session_layers_lose_none(tmp_path):
    answers, ready, key = SPAWN.Queue(), SPAWN.Barrier(2), new_key()
    both = [
        SPAWN.Process(target=save_many, args=(str(tmp_path), key, ready, answers)) for _ in "ab"
    ]
    for one in both:
        one.start()
    told = {answers.get(timeout=60) for _ in range(16)}
    for one in both:
        one.join()
    assert [one.exitcode for one in both] == [0, 0]
    store = SessionLayers(tmp_path).open(key)
    assert {info.name for info in store.layers()} == told | {"own-same"}
    assert store.faults() == ()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_killed_worker_is_reported_and_the_next_one_reads(how, monkeypatch):
    started = threading.Event()
    found = []
    start = runner.subprocess.Popen

    def watched(*args, **kwargs):
        found.append(start(*args, **kwargs))
        started.set()
        return found[-1]

    monkeypatch.setattr(runner.subprocess, "Popen", watched)
    readings = []
    reader = threading.Thread(target=lambda: readings.append(read_upload(LARGE, "mine.csv")))
    reader.start()
    assert started.wait(30)
    os.kill(found[0].pid, how)
    reader.join(60)
    (reading,) = readings
    assert (reading.verdict, reading.accepted) == ("reject", 0)
    assert "stopped" in reading.messages[0].text
    assert read_upload(SMALL, "mine.csv").accepted == 1
