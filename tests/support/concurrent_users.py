"""Concurrent users: some upload layers, others read; nobody may see another browser's layers."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from geo.page_registry import list_pages
from tests.support.websocket_client import WebsocketClient

WORD = "Synthetic person"
THOUGHT = 1.0  # seconds that a reader stays on a page


def table(word: str, rows: int = 3) -> bytes:
    """Return a CSV with the owner's name in every row."""
    lines = (f"{n},{word},35.41,35.95,2024-12-12\n" for n in range(rows))
    return ("id,name,lat,lon,day\n" + "".join(lines)).encode()


@dataclass
class Durations:
    """Measured durations, seconds."""

    uploads: list[float] = field(default_factory=list)
    reruns: list[float] = field(default_factory=list)


def run_concurrent_users(url: str, *, bringing: int, reading: int, rows: int) -> Durations:
    """Let users upload one layer each while others open pages; check what each user sees.

    Parameters
    ----------
    url : str
        The server's URL.
    bringing, reading : int
        Numbers of users who upload or read; all start at once.
    rows : int
        Rows of each uploaded file.
    """
    told, ready, done = Durations(), threading.Barrier(bringing + reading), threading.Event()

    def bring(number: int, visitor: WebsocketClient) -> str:
        ready.wait(120)
        begun = time.monotonic()
        name = visitor.upload_and_accept("mine.csv", table(f"{WORD} {number}", rows))
        told.uploads.append(time.monotonic() - begun)
        return name

    def read(visitor: WebsocketClient) -> None:
        ready.wait(120)
        while not done.is_set():
            begun = time.monotonic()
            visitor.rerun()
            told.reruns.append(time.monotonic() - begun)
            assert "Something went wrong" not in visitor.words
            assert WORD not in visitor.words
            assert visitor.features("claims")
            visitor.rest(THOUGHT)

    with ExitStack() as doors, ThreadPoolExecutor(bringing + reading) as pool:
        owners = [doors.enter_context(WebsocketClient(url)) for _ in range(bringing)]
        readers = [
            doors.enter_context(WebsocketClient(url, list_pages()[number % 4].path))
            for number in range(reading)
        ]
        busy = [pool.submit(read, one) for one in readers]
        try:
            names = list(pool.map(bring, range(bringing), owners))
        finally:
            done.set()
        for one in busy:
            one.result()
        _check(names, owners, readers, rows)
    return told


def _check(
    names: list[str], owners: list[WebsocketClient], readers: list[WebsocketClient], rows: int
) -> None:
    """Check that each owner sees only their own layer, and readers see none."""
    assert len(set(names)) == len(owners)
    for number, owner in enumerate(owners):
        features = owner.features(names[number])
        assert len(features) == rows
        assert {one["properties"]["label"] for one in features} == {f"{WORD} {number}"}
        owner.rerun()
        shown = {other for other in range(len(names)) if names[other] in owner.words}
        assert shown <= {number}
    for visitor in (*owners, *readers):
        for number, name in enumerate(names):
            if number >= len(owners) or visitor is not owners[number]:
                assert visitor.features(name) == []
