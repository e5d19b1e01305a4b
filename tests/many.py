"""Many viewers of one server for a while: each changes a filter or the page now and then.

What a viewer does is what a browser does: the page's run over the websocket, to its end, then the
features that its map asks for. Both must tell of the same selection.
"""

from __future__ import annotations

import itertools
import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.visitor import Visitor

PAGES = ("overview", "khmeimim", "tartus", "convoys", "evidence")
ALONE = 40  # changes of the one viewer who is there before the others
BREATH = 0.1  # seconds between two of them
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Load:
    """What was measured: seconds of changes, faults in words, what the server used."""

    alone: list[tuple[str, float, float]] = field(default_factory=list)
    """Kind of change ("filter" or "page"), seconds of the page's run, and to the map's features."""
    together: list[tuple[str, float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    megabytes: dict[str, float] = field(default_factory=dict)
    """Resident memory of the server: one viewer, all there, middle, end."""
    arriving: float = 0.0
    """Processor time of the server for a first page, seconds."""
    lasted: float = 0.0
    """Seconds that all were there."""
    busy: float = 0.0
    """Processor time that the server used meanwhile, seconds."""


def seconds(changes: list[tuple[str, float, float]], kind: str = "") -> tuple[float, float]:
    """Return median and 95th percentile of whole changes, seconds."""
    taken = [whole for what, _, whole in changes if not kind or what == kind]
    cuts = quantiles(taken, n=20, method="inclusive")
    return cuts[9], cuts[18]


class Viewer:
    """Somebody who filters, and turns a page with every fourth change."""

    def __init__(self, url: str, seed: int) -> None:
        self._dice = random.Random(seed)
        self._turn = itertools.count(seed)
        self.visitor = Visitor(url, PAGES[seed % len(PAGES)])
        self.look()

    def change(self) -> tuple[str, float, float]:
        """Do one thing; return its kind, and seconds of the run and with the map's features."""
        begun = time.perf_counter()
        kind = "page" if next(self._turn) % 4 == 3 else "filter"
        if kind == "page":
            others = [page for page in PAGES if page != self.visitor.page]
            self.visitor.page = self._dice.choice(others)
            self.visitor.rerun()
        else:
            self.visitor.rerun(self._filter())
        run = time.perf_counter() - begun
        self.look()
        return kind, run, time.perf_counter() - begun

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
        """Get what the page's map shows; fail if it is of another selection than the page's."""
        told = [one.alert.body for one in self.visitor.elements
                if one.WhichOneof("type") == "alert"]  # fmt: skip
        told += [one.exception.message for one in self.visitor.elements
                 if one.WhichOneof("type") == "exception"]  # fmt: skip
        assert not any("went wrong" in one or "cannot be" in one or "error" in one for one in told)
        shown = self.visitor.shown()
        if shown is None:
            assert self.visitor.page == "evidence", "a page without its map"
            return
        answer = self.visitor.ask(f"/features/claims?{shown['q']}&v={shown['v']}")
        assert answer.status == 200, answer.body[:300]
        assert f'"token":"{shown["token"]}"'.encode() in answer.body, "map and page disagree"


def many(url: str, process: int, *, sessions: int, lasting: float, every: float = 10.0) -> Load:
    """Measure one viewer alone, then many together.

    Parameters
    ----------
    url : str
        Of the server.
    process : int
        Its id, for memory and processor time.
    sessions : int
    lasting, every : float
        Seconds that they stay, and between two changes of one of them.
    """
    load = Load()
    with ExitStack() as doors, ThreadPoolExecutor(sessions) as pool:
        first = Viewer(url, 0)
        doors.callback(first.visitor.close)
        for _ in range(ALONE):
            load.alone.append(first.change())
            first.visitor.rest(BREATH)
        load.megabytes["one viewer"] = resident(process)
        viewers, busy = [first], processor_seconds(process)
        for seed in range(1, sessions):
            viewers.append(Viewer(url, seed))
            doors.callback(viewers[-1].visitor.close)
        load.megabytes["all there"] = resident(process)
        load.arriving = (processor_seconds(process) - busy) / max(sessions - 1, 1)
        begun, busy = time.monotonic(), processor_seconds(process)
        middle = threading.Timer(lasting / 2, _note, (load, "middle", process))
        middle.start()
        doors.callback(middle.cancel)
        list(pool.map(lambda pair: _stay(*pair, load, begun, lasting, every), enumerate(viewers)))
        load.busy = processor_seconds(process) - busy
        load.lasted = time.monotonic() - begun
        load.megabytes["end"] = resident(process)
    return load


def _note(load: Load, when: str, process: int) -> None:
    load.megabytes[when] = resident(process)


def _stay(
    number: int, viewer: Viewer, load: Load, begun: float, lasting: float, every: float
) -> None:
    """Change something at this viewer's own times until the end."""
    due = begun + every * random.Random(f"phase {number}").random()
    while due < begun + lasting:
        try:
            viewer.visitor.rest(due - time.monotonic())
            load.together.append(viewer.change())
        except Exception as error:  # whatever it is, it is a fault of the run
            load.faults.append(f"viewer {number}: {type(error).__name__}: {str(error)[:300]}")
            return
        due = max(due + every, time.monotonic())


def family(process: int) -> list[int]:
    """Return a process and those that it started, and so on."""
    found, waiting = [], [process]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += [int(child) for child in task.read_text().split()]
    return found


def resident(process: int) -> float:
    """Return the memory of a process and its children that is in use, MB; Linux only."""
    kilobytes = 0
    for one in family(process):
        lines = Path(f"/proc/{one}/status").read_text().splitlines()
        kilobytes += next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
    return kilobytes * 1024 / 1e6


def processor_seconds(process: int) -> float:
    """Return the processor time of a process, its threads included, seconds; Linux only."""
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / TICK
