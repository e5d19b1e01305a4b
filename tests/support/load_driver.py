"""Drive many viewers of one server: each regularly changes a filter or the page.

A viewer acts like a browser: it waits for the page's run over the WebSocket, then requests the
map's features. Both must show the same selection.
"""

from __future__ import annotations

import itertools
import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.support.websocket_client import WebsocketClient

PAGES = ("overview", "khmeimim", "tartus", "convoys", "evidence")
ALONE = 40  # changes of the single viewer at the start
BREATH = 0.1  # seconds between these changes
TICK = os.sysconf("SC_CLK_TCK")


class Change(NamedTuple):
    """One change: its kind, and the durations of the run and of the features request."""

    kind: str
    run: float
    whole: float
    begun: float  # time.monotonic()


@dataclass
class LoadResult:
    """Measurements: changes, errors and the server's resources."""

    alone: list[Change] = field(default_factory=list)
    together: list[Change] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    megabytes: dict[str, float] = field(default_factory=dict)
    """Resident memory of the server: one viewer, all there, middle, end."""
    arriving: float = 0.0
    """Processor time of the server for a first page, seconds."""
    lasted: float = 0.0
    """Seconds that all were there."""
    busy: float = 0.0
    """Processor time that the server used meanwhile, seconds."""


def seconds(changes: list[Change], kind: str = "") -> tuple[float, float]:
    """Return the median and 95th percentile of whole changes in seconds."""
    taken = [change.whole for change in changes if not kind or change.kind == kind]
    cuts = quantiles(taken, n=20, method="inclusive")
    return cuts[9], cuts[18]


class Viewer:
    """A viewer that filters, and opens another page at every fourth change."""

    def __init__(self, url: str, seed: int, query: str = "") -> None:
        self._dice = random.Random(seed)
        self._turn = itertools.count(seed)
        self.begun = time.monotonic()  # durations of the last action
        self.visitor = WebsocketClient(url, PAGES[seed % len(PAGES)], query)
        self.look()

    def rest(self, seconds: float) -> None:
        """Wait the given seconds."""
        self.visitor.rest(seconds)

    def change(self) -> Change:
        """Make one change, and check the result."""
        self.begun = time.monotonic()
        kind = "page" if next(self._turn) % 4 == 3 else "filter"
        if kind == "page":
            others = [page for page in PAGES if page != self.visitor.page]
            self.visitor.page = self._dice.choice(others)
            self.visitor.rerun()
        else:
            self.visitor.rerun(self._filter())
        run = time.monotonic() - self.begun
        self.look()
        return Change(kind, run, time.monotonic() - self.begun, self.begun)

    def _filter(self) -> WidgetState:
        visitor = self.visitor
        what = self._dice.choice(("Day after", "Day before", "Sources", "Systems", "Take all"))
        if what == "Sources":
            radio = visitor.find("radio", what)
            return WidgetState(id=radio.id, string_value=self._dice.choice(list(radio.options)))
        if what == "Systems":
            box = visitor.find("multiselect", what)
            some = self._dice.sample(list(box.options), self._dice.randrange(3))
            state = WidgetState(id=box.id)
            state.string_array_value.data.extend(some)
            return state
        return WidgetState(id=visitor.find("button", what).id, trigger_value=True)

    def look(self) -> None:
        """Fetch the map's features; fail if their selection differs from the page's."""
        told = self.told()
        assert not any("went wrong" in one or "cannot be" in one or "error" in one for one in told)
        shown = self.visitor.shown()
        if shown is None:
            assert self.visitor.page == "evidence", "the page has no map"
            return
        answer = self.visitor.ask(f"/features/claims?{shown['q']}&v={shown['v']}")
        assert answer.status == 200, answer.body[:300]
        assert f'"token":"{shown["token"]}"'.encode() in answer.body, (
            "map and page show different selections"
        )

    def told(self) -> list[str]:
        """Return the warnings of the page."""
        kinds = {"alert": "body", "exception": "message"}
        return [
            getattr(getattr(one, kind), kinds[kind])
            for one in self.visitor.elements
            if (kind := one.WhichOneof("type")) in kinds
        ]


def measure_single_viewer(viewer: Viewer) -> list[Change]:
    """Let the only viewer of a server make changes one after the other."""
    changes = []
    for _ in range(ALONE):
        changes.append(viewer.change())
        viewer.rest(BREATH)
    return changes


def measure_viewers(
    url: str, process: int, *, sessions: int, lasting: float, every: float = 10.0
) -> LoadResult:
    """Measure one viewer alone, then many together.

    Parameters
    ----------
    url : str
        The server's URL.
    process : int
        The server's process id, for memory and processor time.
    sessions : int
    lasting, every : float
        Seconds of the whole run, and between two changes of one viewer.
    """
    load = LoadResult()
    with ExitStack() as doors:
        first = Viewer(url, 0)
        doors.callback(first.visitor.close)
        load.alone = measure_single_viewer(first)
        load.megabytes["one viewer"] = resident_memory(process)
        viewers, busy = [first], processor_seconds(process)
        for seed in range(1, sessions):
            viewers.append(Viewer(url, seed))
            doors.callback(viewers[-1].visitor.close)
        load.megabytes["all there"] = resident_memory(process)
        load.arriving = (processor_seconds(process) - busy) / max(sessions - 1, 1)
        busy = processor_seconds(process)
        middle = (0.5, partial(_note, load, "middle", process))
        run_viewers(viewers, load, lasting=lasting, every=every, meanwhile=[middle])
        load.busy = processor_seconds(process) - busy
        load.megabytes["end"] = resident_memory(process)
    return load


def run_viewers(
    viewers: Sequence[Viewer],
    load: LoadResult,
    *,
    lasting: float,
    every: float,
    meanwhile: Sequence[tuple[float, Callable[[], None]]] = (),
) -> None:
    """Run viewers, each making changes at its own times.

    Parameters
    ----------
    viewers : sequence of Viewer
    load : Load
        Receives the changes and the faults.
    lasting, every : float
        Seconds of the whole run, and between two changes of one viewer.
    meanwhile : sequence of (float, callable)
        Shares of the run's time, and functions to call then.
    """
    with ExitStack() as doors, ThreadPoolExecutor(len(viewers)) as pool:
        begun = time.monotonic()
        for share, act in meanwhile:
            timer = threading.Timer(share * lasting, _done, (act, load))
            doors.callback(timer.join)
            doors.callback(timer.cancel)
            timer.start()
        list(pool.map(lambda pair: _stay(*pair, load, begun, lasting, every), enumerate(viewers)))
        load.lasted = time.monotonic() - begun


def _done(act: Callable[[], None], load: LoadResult) -> None:
    try:
        act()
    except Exception as error:
        load.faults.append(f"meanwhile: {type(error).__name__}: {str(error)[:300]}")


def _note(load: LoadResult, when: str, process: int) -> None:
    load.megabytes[when] = resident_memory(process)


def _stay(
    number: int, viewer: Viewer, load: LoadResult, begun: float, lasting: float, every: float
) -> None:
    """Make changes at this viewer's times until the end."""
    due = begun + every * random.Random(f"phase {number}").random()
    while due < begun + lasting:
        try:
            viewer.rest(due - time.monotonic())
            load.together.append(viewer.change())
        except Exception as error:  # every exception is a fault of the run
            load.faults.append(f"viewer {number}: {type(error).__name__}: {str(error)[:300]}")
            return
        due = max(due + every, time.monotonic())


def process_tree(process: int) -> list[int]:
    """Return a process and all its descendants."""
    found, waiting = [], [process]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += [int(child) for child in task.read_text().split()]
    return found


def resident_memory(process: int) -> float:
    """Return the resident memory of a process tree, MB; Linux only."""
    kilobytes = 0
    for one in process_tree(process):
        lines = Path(f"/proc/{one}/status").read_text().splitlines()
        kilobytes += next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
    return kilobytes * 1024 / 1e6


def processor_seconds(process: int) -> float:
    """Return the processor seconds of a process tree with its threads; Linux only."""
    taken = 0
    for one in process_tree(process):
        after_name = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        taken += int(after_name[11]) + int(after_name[12])
    return taken / TICK
