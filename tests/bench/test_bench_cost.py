"""Processor time of a change, beside that of an empty Streamlit page that has only the slider."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.support.app_server import Server, serve_app
from tests.support.load_driver import Viewer, processor_seconds
from tests.support.websocket_client import WebsocketClient

pytestmark = pytest.mark.bench

WARM = 20  # changes before the measurement
CHANGES = 200
ROUNDS = 2
DAY = 86_400_000_000  # microseconds, as a slider of days counts


def measure(server: Server, change: Callable[[], object]) -> float:
    """Return the server's milliseconds of processor time a change."""
    for _ in range(WARM):
        change()
    before = processor_seconds(server.process.pid)
    for _ in range(CHANGES):
        change()
    return 1000 * (processor_seconds(server.process.pid) - before) / CHANGES


def test_a_change_costs_at_most_twice_an_empty_rerun(tmp_path: Path):
    with (
        serve_app("tests/bench/empty_page.py", log=tmp_path / "empty.txt") as empty,
        serve_app(log=tmp_path / "app.txt") as app,
        WebsocketClient(empty.url, "") as baseline,
    ):
        viewer = Viewer(app.url, 0)
        slider, turn = baseline.find("slider", "Days"), iter(range(1_000_000))

        def press() -> None:
            state = WidgetState(id=slider.id)
            first, last = slider.default
            state.double_array_value.data.extend([first + next(turn) % 20 * DAY, last])
            baseline.rerun(state)

        rounds = [(measure(empty, press), measure(app, viewer.change)) for _ in range(ROUNDS)]
        viewer.visitor.close()
    print("\n")
    for bare, ours in rounds:
        print(
            f"  processor time of a change with the map's features {ours:.1f} ms; of an empty "
            f"rerun {bare:.1f} ms: {ours / bare:.2f} times (at most 2)"
        )
