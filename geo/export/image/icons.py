"""Small drawings: signs of stance and of evidence, the badge with its ring, the legend's shapes.

Their outlines are those of `geo.mapping.symbols`; sizes are those of the screen's style sheet.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path
from matplotlib.path import Path

from geo.export.image.display_list import (
    Box,
    DisplayList,
    Shape,
    arc,
    circle,
    lines,
    rectangle,
    rounded,
    spots,
)
from geo.export.image.fonts import BOLD
from geo.export.image.map_claims import Site
from geo.mapping.legend import LegendEntry
from geo.mapping.symbols import CERTAINTY, EVIDENCE_SIGN, SIGNS, STANCE
from geo.mapping.theme import STROKES

Point = tuple[float, float]
BADGE = 44.0  # pixels across on a screen
_INNER, _RING, _RING_WIDTH = 17 / 48, 20.5 / 48, 5.5 / 48  # of the badge


class _PathPen(BasePen):
    """Collects an SVG path as matplotlib's vertices and codes."""

    def __init__(self) -> None:
        super().__init__(None)
        self.vertices: list[tuple[float, float]] = []
        self.codes: list[int] = []

    def _add(self, code: int, *points: tuple[float, float]) -> None:
        self.vertices += points
        self.codes += [code] * len(points)

    def _moveTo(self, pt: Point) -> None:  # noqa: N802
        self._add(int(Path.MOVETO), pt)

    def _lineTo(self, pt: Point) -> None:  # noqa: N802
        self._add(int(Path.LINETO), pt)

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:  # noqa: N802
        self._add(int(Path.CURVE4), pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802
        self._add(int(Path.CLOSEPOLY), self.vertices[-1])


@lru_cache(maxsize=64)
def sign_path(group: str, name: str) -> Path:
    """Return the outline of a sign, in its own box of 16 by 16."""
    pen = _PathPen()
    parse_path(SIGNS[group][name], pen)
    return Path(np.array(pen.vertices), pen.codes)


def _placed(path: Path, x: float, y: float, size: float) -> Path:
    scale = size / 16
    return Path(spots(path) * scale + (x - size / 2, y - size / 2), path.codes)


def sign(
    sheet: DisplayList,
    group: str,
    name: str,
    x: float,
    y: float,
    size: float,
    colour: str,
    alpha: float = 1.0,
) -> None:
    """Draw a sign round a middle."""
    known = name if name in SIGNS[group] else {"evidence": "page", "stance": "dot"}[group]
    path = _placed(sign_path(group, known), x, y, size)
    sheet.add(Shape(path, line=sheet.hue(colour), width=1.6 * size / 16, round=True, alpha=alpha))


def stance_sign(
    sheet: DisplayList, stance: str, x: float, y: float, size: float, alpha: float = 1.0
) -> None:
    """Draw the mark of a stance in its colour."""
    known = STANCE.get(stance)
    colour = stance if known else "neutral"
    sign(sheet, "stance", known.mark if known else "dot", x, y, size, colour, alpha)


def evidence_sign(sheet: DisplayList, kind: str, x: float, y: float, size: float) -> None:
    """Draw the sign of an evidence kind."""
    sign(sheet, "evidence", EVIDENCE_SIGN.get(kind, "page"), x, y, size, "faint")


def badge(sheet: DisplayList, site: Site, x: float, y: float, scale: float) -> None:
    """Draw the number of a place's reports in a ring of their stances, and where sources differ."""
    size = BADGE * scale
    sheet.add(Shape(circle(x, y + 0.02 * size, 0.5 * size), fill="#000000", fill_alpha=0.10))
    sheet.add(Shape(circle(x, y, 0.49 * size), fill=sheet.hue("ring-gap")))
    parts = site.arcs
    total = len(site.reports)
    gap = 1.5 / (2 * np.pi * 20.5) if len(parts) > 1 else 0.0
    start = 0.0
    for stance, count, strength in parts:
        share = count / total
        end = start + max(share - gap, 0.01)
        path = circle(x, y, _RING * size) if share == 1 else arc(x, y, _RING * size, start, end)
        sheet.add(Shape(path, line=sheet.hue(stance), width=_RING_WIDTH * size, alpha=strength))
        start += share
    sheet.add(
        Shape(
            circle(x, y, _INNER * size),
            fill=sheet.hue("badge"),
            line=sheet.hue("ring-gap"),
            width=2 / 48 * size,
        )
    )
    text = f"{total:,}"
    points = min(0.43 * size, 0.62 * size / max(BOLD.width(text), 0.1))
    sheet.write(text, x, y + 0.335 * points, BOLD, points, "badge-ink", align="centre")
    if site.disputed:
        conflict_mark(sheet, x + 0.37 * size, y - 0.37 * size, 19 * scale)


def conflict_mark(sheet: DisplayList, x: float, y: float, size: float) -> None:
    """Draw the sign that sources differ, in a circle."""
    sheet.add(
        Shape(
            circle(x, y, size / 2),
            fill=sheet.hue("paper"),
            line=sheet.hue("faint"),
            width=max(1.0, 0.055 * size),
        )
    )
    unequal(sheet, x, y, size, "ink")


def unequal(sheet: DisplayList, x: float, y: float, size: float, colour: str) -> None:
    """Draw the sign ≠, as lines: it must look the same in every font."""
    half, up, lean = 0.24 * size, 0.095 * size, 0.12 * size
    parts = [
        np.array([(x - half, y - up), (x + half, y - up)]),
        np.array([(x - half, y + up), (x + half, y + up)]),
        np.array([(x - lean, y + 2.4 * up), (x + lean, y - 2.4 * up)]),
    ]
    sheet.add(Shape(lines(parts), line=sheet.hue(colour), width=0.075 * size, round=True))


def swatch(sheet: DisplayList, entry: LegendEntry, x: float, y: float, size: float) -> None:
    """Draw what stands before a legend's entry, round a middle; size is its width, pixels."""
    group, key, k = entry["group"], entry["key"], size / 26
    if group == "stance":
        stance_sign(sheet, key, x, y, 0.82 * size)
    elif group == "layer":
        sheet.add(Shape(circle(x, y, 7 * k), fill=entry["colour"]))
    elif group == "certainty":
        alpha = CERTAINTY.get(key, ("", 0.5))[1]
        sheet.add(Shape(circle(x, y, 8 * k), fill=sheet.hue("place"), fill_alpha=alpha))
    else:
        _place_swatch(sheet, key, x, y, k)


def _place_swatch(sheet: DisplayList, key: str, x: float, y: float, k: float) -> None:
    box: Box = (x - 12 * k, y - 8 * k, x + 12 * k, y + 8 * k)
    place = sheet.hue("place")
    if key == "locality":
        sheet.stroked(rounded(box, 4 * k), STROKES["place-locality"], k)
    elif key == "vicinity":
        sheet.stroked(circle(x, y, 9 * k), STROKES["place-vicinity"], 0.8 * k)
    elif key == "area":
        stripes = []
        for rise in np.arange(-12, 24, 5.0):
            spots = np.array([max(rise, 0.0), min(rise + 16, 24.0)])
            stripes.append(np.column_stack([box[0] + k * spots, box[3] - k * (spots - rise)]))
        sheet.add(Shape(lines(stripes), line=place, width=1.4 * k))
        sheet.stroked(rectangle(box), STROKES["place-area"], k)
    elif key in ("route", "route-weak"):
        stroke = STROKES[key]
        path = lines([np.array([(x - 15 * k, y), (x + 15 * k, y)])])
        dash = (9.0 * k, 4.0 * k) if key == "route" else tuple(d * k for d in stroke.dash)
        sheet.add(
            Shape(
                path,
                line=sheet.hue(stroke.colour),
                width=stroke.width * k,
                dash=dash,
                round=stroke.round,
                alpha=stroke.opacity,
            )
        )
    elif key == "exact":
        turn = np.linspace(-0.65, 0.65, 24) * np.pi
        bow = np.column_stack([x + 7 * k * np.sin(turn), y - 3 * k - 7 * k * np.cos(turn)])
        sheet.add(Shape(Path(np.vstack([bow, [(x, y + 10 * k)], bow[:1]])), fill=place))
    else:
        faint = sheet.hue("faint")
        sheet.add(Shape(rounded(box, 2 * k), line=faint, width=1.5 * k))
        rows = [np.array([(x - 8 * k, y + d * k), (x + 8 * k, y + d * k)]) for d in (-3, 0, 3)]
        sheet.add(Shape(lines(rows), line=faint, width=1.2 * k))
