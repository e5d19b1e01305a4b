"""An animated picture of the built-in data: processor time and bytes of a frame, and memory."""

from __future__ import annotations

import datetime as dt
import time
import tracemalloc
from dataclasses import replace

import pytest

from geo.app_context import context
from geo.export.animation import build_animation
from geo.export.image.animated import render_animation
from geo.playback import Playback
from geo.view import View
from tests.bench.measuring import Table

pytestmark = pytest.mark.bench

SIZE = (1280, 720)
VIEW = View(
    sources="all",
    date_from=dt.date(2024, 12, 6),
    date_to=dt.date(2024, 12, 17),
    play=Playback(1, 0.5),
)


@pytest.mark.parametrize("fmt", ["webp", "gif"])
def test_frame_of_an_animated_picture(table: Table, fmt: str):
    where = context()
    begun = time.process_time()
    made = build_animation(VIEW, where.store, where.evidence)
    words = time.process_time() - begun
    begun = time.process_time()
    body = render_animation(made, where.store, fmt, size=SIZE)
    drawn = time.process_time() - begun
    tracemalloc.start()
    render_animation(replace(made, slides=made.slides[:4]), where.store, fmt, size=SIZE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    frames = len(made.slides)
    about = f"{frames} frames of {SIZE[0]} x {SIZE[1]} as {fmt}"
    table.told(f"{about}: words of a frame", f"{1000 * words / frames:.0f} ms", "")
    table.told(f"{about}: a frame drawn", f"{1000 * drawn / frames:.0f} ms", "at most 1.5 s")
    table.told(f"{about}: a frame's bytes", f"{len(body) / frames:,.0f}", "at most 200,000")
    table.told(f"{about}: most memory of Python objects, four frames", f"{peak / 1e6:.0f} MB", "")
    assert drawn / frames < 1.5
    assert len(body) / frames < 200_000
