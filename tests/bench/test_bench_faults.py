"""100 viewers of three processes during a database outage and the loss of a process.

LOAD_SESSIONS and LOAD_SECONDS set its size, LOAD_EVERY the seconds between changes (10). Every
response is checked (`tests/support/checking_viewers.py`); the timings are printed.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from geo.builtin_layers import open_with_builtin
from geo.settings import Settings
from geo.store import LayerSpec
from geo.store.postgis.store import PostgisStore
from tests.bench.measuring import points
from tests.support.checking_viewers import AnswerTally, CheckingViewer, ExpectedAnswers, OutageTimes
from tests.support.deployment import Deployment, get_without_cookie, run_deployment
from tests.support.load_driver import (
    Change,
    LoadResult,
    measure_single_viewer,
    resident_memory,
    run_viewers,
    seconds,
)
from tests.support.postgres_server import Postgres, wait_for

pytestmark = pytest.mark.bench

SESSIONS = int(os.environ.get("LOAD_SESSIONS", "100"))
LASTING = float(os.environ.get("LOAD_SECONDS", "300"))
EVERY = float(os.environ.get("LOAD_EVERY", "10"))  # seconds
START = 180.0  # seconds for three processes to start and prepare density tiles
LAYERS = {"many": 24_000, "own": 300}  # numbers of synthetic points; "many" is a large layer
OWN = "own", "layer=own"
BAD = re.compile(r'"level": "(ERROR|CRITICAL)"|Traceback')


class Faults:
    """Causes the faults of a deployment one after the other."""

    def __init__(self, site: Deployment, postgres: Postgres, truth: ExpectedAnswers) -> None:
        self._site, self._postgres = site, postgres
        self._right = truth.body(*OWN)
        self._order = threading.Lock()
        self.times = OutageTimes()
        self.back = 0.0
        """Seconds from the database's restart until all processes answer correctly."""
        self.lost = 0
        """Pages that the killed process had open."""

    def end(self) -> None:
        """Crash the database."""
        with self._order:
            self.times.ended = time.monotonic()
            self._postgres.stop()
            wait_for(lambda: {status for status, _ in self._answers()} == {503})
            self.times.missed = time.monotonic()

    def start(self) -> None:
        """Start the database again."""
        with self._order:
            self.times.started = time.monotonic()
            self._postgres.start()
            begun = time.monotonic()
            wait_for(lambda: set(self._answers()) == {(200, self._right)})
            self.times.shown = time.monotonic()
            self.back = self.times.shown - begun

    def kill(self) -> None:
        """Kill the process with the most open pages."""
        with self._order:
            pages = self._site.sessions()
            self.lost = max(pages)
            process = self._site.apps[pages.index(self.lost)].process
            self.times.killed = time.monotonic()
            process.kill()
            process.wait()

    def _answers(self) -> list[tuple[int, bytes]]:
        found = [
            get_without_cookie(app.url, f"/features/{OWN[0]}?{OWN[1]}") for app in self._site.apps
        ]
        return [(status, body) for status, _, body in found]


@pytest.fixture
def truth(postgres: Postgres) -> tuple[ExpectedAnswers, str]:
    """Return the expected answers and the URL of the database with the data."""
    database = postgres.fresh()
    rows = {name: points(count) for name, count in LAYERS.items()}
    with closing(PostgisStore(database)) as store:
        for name, frame in rows.items():
            store.write(
                name,
                frame,
                LayerSpec(id_column="id", time_columns=("day", "day"), label_column="name"),
            )
            order = store.read(name)["id"]
            rows[name] = frame.set_index("id").loc[order].reset_index()
    version = open_with_builtin(database).version()
    return ExpectedAnswers(rows, version, Settings.model_fields["vector_limit"].default), database


def test_viewers_see_only_correct_answers_during_faults(
    truth: tuple[ExpectedAnswers, str], postgres: Postgres, tmp_path: Path
):
    right, database = truth
    load, seen = LoadResult(), AnswerTally()
    with run_deployment(tmp_path, database, within=START) as site, ExitStack() as doors:
        faults = Faults(site, postgres, right)
        doors.callback(_restart_database, faults)
        viewers = []
        for seed in range(SESSIONS):
            viewers.append(CheckingViewer(site.url, seed, right, faults.times, seen))
            doors.callback(viewers[-1].visitor.close)
            if not seed:
                load.alone = measure_single_viewer(viewers[0])
        before = [resident_memory(app.process.pid) for app in site.apps]
        meanwhile = [(0.25, faults.end), (0.5, faults.start), (0.75, faults.kill)]
        run_viewers(viewers, load, lasting=LASTING, every=EVERY, meanwhile=meanwhile)
        after = [
            resident_memory(app.process.pid) for app in site.apps if app.process.poll() is None
        ]
    print(f"\n\n{told(load, faults, seen)}")
    print(f"  memory: {_sizes(before)}; at the end {_sizes(after)}\n")
    assert not load.faults, load.faults[:5]
    assert len(seen.returned) == faults.lost > 0
    assert seen.told, "no viewer made a request during the outage"
    answers = Counter(seen.answers)
    for name in LAYERS:
        assert answers[name, 200] > SESSIONS
        assert answers[name, 503]
    assert not any(BAD.search(log.read_text()) for log in site.logs)
    assert len(after) == 2
    assert max(after) < 1.5 * max(before), "memory grows"


def _restart_database(faults: Faults) -> None:
    """Restore the server for other tests."""
    if faults.times.ended < faults.times.started == float("inf"):
        faults.start()


def _sizes(megabytes: list[float]) -> str:
    return ", ".join(f"{one:,.0f} MB" for one in megabytes)


def told(load: LoadResult, faults: Faults, seen: AnswerTally) -> str:
    """Return the results as text."""
    times = faults.times
    lines = [
        f"{SESSIONS} viewers for {LASTING:.0f} s, a change every {EVERY:.0f} s each: "
        f"{len(load.together)} changes of {SESSIONS * LASTING / EVERY:.0f} due, "
        f"{len(load.faults)} faults, {len(seen.answers)} answers of /features"
    ]
    for what, begin, end in (
        ("before", 0, times.ended),
        ("database away", times.ended, times.started),
        ("after", times.started, times.killed),
        ("after the kill", times.killed, float("inf")),
    ):
        lines.append(_line(what, [one for one in load.together if begin <= one.begun < end]))
    lines.insert(1, _line("alone", load.alone))
    lines.append(
        f"  the outage was reported after {times.missed - times.ended:.1f} s; all processes gave "
        f"the right answer {faults.back:.1f} s after the database was back"
    )
    slowest = max(seen.returned, default=0)
    lines.append(
        f"  {len(seen.returned)} viewers of the killed process came back, the last "
        f"within {slowest:.2f} s"
    )
    return "\n".join(lines)


def _line(what: str, changes: list[Change]) -> str:
    if len(changes) < 2:
        return f"  {what:15}{len(changes):6} changes"
    p50, p95 = seconds(changes)
    longest = max(change.whole for change in changes)
    return (
        f"  {what:15}{len(changes):6} changes, p50 {p50:.3f} s, p95 {p95:.3f} s, "
        f"longest {longest:.2f} s"
    )
