"""Outlines of the ring round a place's number: stances told apart by pattern, time by thinning.

Each stance has an arc as long as its share of the reports, solid, double, striped or thin
(`PATTERNS`). Reports whose day is not known exactly are at the end of their arc, which thins out
over them: the thinner, the fewer of the days on which they may hold are shown. Certainty is opacity
and has no part in this. The browser draws the same: geo/frontend/src/ring_shapes.js.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Outline: TypeAlias = list[Point]
BOX = 48.0  # units of the box that the ring is drawn in
INNER, WIDTH = 17.6, 6.0  # radius of the ring's inner edge, and its width
PATTERNS = {
    "leaving": ((0.0, 1.0),),
    "staying": ((0.0, 0.36), (0.64, 1.0)),
    "undecided": ((0.0, 1.0),),
    "neutral": ((0.0, 0.42),),
}
"""Bands of each stance, as shares of the ring's width from its inner edge."""
STRIPED = "undecided"
STRIPE, FILLED = 4.4, 0.56  # length of a stripe with its gap; share of it that is filled
SOFT = 0.6  # width at the end of reports that hold on the days shown, as a share of the full one
THINNEST, THIN_BAND = 0.2, 0.16  # of the width: of the ring where it thins out, and of a band
GAP = 1.6  # between arcs, along the ring
STEP = 1 / 72  # turns between two points of an outline, at most


@dataclass(frozen=True)
class RingPart:
    """The arc of a stance: its number of reports, and the strengths of those without a known day.

    `tail` is as `geo.evidence.day_precision` gives it; `opacity` is by certainty.
    """

    stance: str
    count: int
    tail: tuple[float, ...] = ()
    opacity: float = 1.0


def outline_ring(parts: Sequence[RingPart]) -> list[list[Outline]]:
    """Return the closed outlines of each part, in a box of 48 by 48, clockwise from the top."""
    total = sum(part.count for part in parts)
    middle = 2 * math.pi * (INNER + WIDTH / 2)
    gap = GAP / middle if len(parts) > 1 else 0.0
    found, start = [], 0.0
    for part in parts:
        share = part.count / total
        length = max(share - gap, 0.01)
        found.append(list(_outline_part(part, start, length, length * middle)))
        start += share
    return found


def _outline_part(part: RingPart, start: float, length: float, run: float) -> Iterator[Outline]:
    knots = _list_knots(part)
    for low, high in PATTERNS.get(part.stance, PATTERNS["leaving"]):
        if part.stance != STRIPED:
            yield _outline_band(knots, (0.0, 1.0), (low, high), (start, length))
            continue
        count = max(1, round(run / STRIPE))
        for number in range(count):
            ends = (number / count, (number + FILLED) / count)
            yield _outline_band(knots, ends, (low, high), (start, length))


def _list_knots(part: RingPart) -> list[Point]:
    """Return where along the arc (0 to 1) which share of its width is reached."""
    ordered = sorted(part.tail, reverse=True)
    known = part.count - len(ordered)
    knots = [(0.0, 1.0), (known / part.count, 1.0)]
    for number, strength in enumerate(ordered, start=1):
        knots.append(((known + number) / part.count, max(SOFT * strength, THINNEST)))
    return knots


def _find_width(knots: Sequence[Point], at: float) -> float:
    for (x0, y0), (x1, y1) in pairwise(knots):
        if at <= x1:
            return y0 if x1 == x0 else y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return knots[-1][1]


def _outline_band(knots: Sequence[Point], ends: Point, band: Point, arc: Point) -> Outline:
    """Return a part of a band, from `ends` to `ends` of an arc (start and length in turns)."""
    steps = max(2, math.ceil((ends[1] - ends[0]) * arc[1] / STEP))
    outer: Outline = []
    inner: Outline = []
    for number in range(steps + 1):
        at = ends[0] + (ends[1] - ends[0]) * number / steps
        width = _find_width(knots, at)
        low = band[0] * width
        high = max(band[1] * width, low + THIN_BAND)
        angle = 2 * math.pi * (arc[0] + arc[1] * at)
        for into, share in ((outer, high), (inner, low)):
            radius = INNER + WIDTH * share
            across, up = radius * math.sin(angle), radius * math.cos(angle)
            into.append((BOX / 2 + across, BOX / 2 - up))
    return [*outer, *reversed(inner)]
