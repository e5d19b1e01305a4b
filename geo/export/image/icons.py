"""Small drawings: signs of stance and of evidence, the badge with its ring, the legend's shapes.

Their outlines are those of `geo.mapping.symbols`; sizes are those of the screen's style sheet.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from matplotlib.path import Path

from geo.evidence.vocabularies import UNRATED
from geo.export.image.display_list import (
    Box,
    DisplayList,
    Shape,
    lines,
    rectangle,
    rounded,
    spots,
)
from geo.export.image.fonts import BOLD
from geo.export.image.map_claims import Site
from geo.mapping.legend import LegendEntry
from geo.mapping.ring_shapes import BOX, outline_ring
from geo.mapping.symbols import CERTAINTY, CONFLICT, EVIDENCE_SIGN, SIGNS, STANCE
from geo.mapping.theme import STROKES, UNPUBLISHED

Point = tuple[float, float]
BADGE = 44.0  # pixels across on a screen
THINNEST_MARK = 0.45  # share of its height that a mark of time keeps
_CODES = {"moveTo": 1, "lineTo": 2, "curveTo": 4, "closePath": 79}  # of matplotlib's Path
_INNER = 16.6 / 48  # of the badge


@lru_cache(maxsize=64)
def sign_path(group: str, name: str) -> Path:
    """Return the outline of a sign, in its own box of 16 by 16."""
    pen = RecordingPen()
    parse_path(SIGNS[group][name], pen)
    vertices: list[Point] = []
    codes: list[int] = []
    for command, points in pen.value:
        if command in _CODES:
            points = points or vertices[-1:]  # of a closed path, which matplotlib ignores
            vertices += points
            codes += [_CODES[command]] * len(points)
    return Path(np.array(vertices), codes)


def sign(
    sheet: DisplayList, group: str, key: str, x: float, y: float, size: float, alpha: float = 1.0
) -> None:
    """Draw the mark of a stance in its colour, or the sign of an evidence kind, round a middle."""
    colour = key if key in STANCE else "neutral"
    name = STANCE[colour].mark
    if group == "evidence":
        colour, name = "faint", EVIDENCE_SIGN.get(key, "page")
    _line_sign(sheet, sign_path(group, name), x, y, size, colour, alpha)


def _line_sign(
    sheet: DisplayList, path: Path, x: float, y: float, size: float, colour: str, alpha: float = 1.0
) -> None:
    path = Path(spots(path) * (size / 16) + (x - size / 2, y - size / 2), path.codes)
    sheet.add(Shape(path, line=colour, width=1.6 * size / 16, round=True, alpha=alpha))


def day_mark(
    sheet: DisplayList, kind: str, x: float, y: float, size: float, hold: float = 1.0
) -> None:
    """Draw how exactly a day is known, round a middle; the thinner, the less of its days is shown.

    `hold` is the share of the days on which it may hold that are shown, 0 to 1.
    """
    path = sign_path("when", kind)
    k = size / 20
    points = (spots(path) - (10, 4)) * (k, k * max(hold, THINNEST_MARK)) + (x, y)
    sheet.add(Shape(Path(points, path.codes), fill="muted"))


def badge(sheet: DisplayList, site: Site, x: float, y: float, scale: float) -> None:
    """Draw the number of a place's reports in a ring of their stances, and where sources differ."""
    size = BADGE * scale
    shadow, disc, inner = (
        Path.circle((x, y + down * size), radius * size)
        for down, radius in ((0.02, 0.5), (0, 0.49), (0, _INNER))
    )
    sheet.add(Shape(shadow, fill="#000000", fill_alpha=0.10), Shape(disc, fill="ring-gap"))
    parts = site.arcs
    for part, outlines in zip(parts, outline_ring(parts), strict=True):
        corner = np.array([x, y]) - size / 2
        closed = (Path(np.array([*one, one[0]]) * (size / BOX) + corner) for one in outlines)
        path = Path.make_compound_path(*closed)
        sheet.add(Shape(path, fill=part.stance, fill_alpha=part.opacity))
    sheet.add(Shape(inner, fill="badge", line="ring-gap", width=2 / 48 * size))
    text = f"{len(site.reports):,}"
    points = min(0.43 * size, 0.62 * size / max(BOLD.width(text), 0.1))
    sheet.write(text, x, y + 0.335 * points, BOLD, points, "badge-ink", align="centre")
    if site.unpublished:
        sheet.stroke(Path.circle((x, y), 0.58 * size), UNPUBLISHED, scale)  # its name has the word
    if site.disputed:
        _circled(sheet, x + 0.37 * size, y - 0.37 * size, 19 * scale)


def unequal(sheet: DisplayList, x: float, y: float, size: float) -> None:
    """Draw the sign ≠, as lines: it must look the same in every font."""
    half, up, lean = 0.24 * size, 0.095 * size, 0.12 * size
    parts = [
        np.array([(x - half, y - up), (x + half, y - up)]),
        np.array([(x - half, y + up), (x + half, y + up)]),
        np.array([(x - lean, y + 2.4 * up), (x + lean, y - 2.4 * up)]),
    ]
    sheet.add(Shape(lines(parts), line="ink", width=0.075 * size, round=True))


def swatch(sheet: DisplayList, entry: LegendEntry, x: float, y: float, size: float) -> None:
    """Draw what stands before a legend's entry, round a middle; size is its width, pixels."""
    group, key, k = entry["group"], entry["key"], size / 26
    if group == "stance":
        _stance_swatch(sheet, key, x, y, size)
    elif group == "when":
        day_mark(sheet, key, x, y, 0.86 * size)
    elif group == "signs" and key == CONFLICT:
        _circled(sheet, x, y, 0.72 * size)
    elif group == "signs":
        _line_sign(sheet, sign_path("evidence", key), x, y, 0.72 * size, "muted")
    elif group == "layer":
        sheet.add(Shape(Path.circle((x, y), 7 * k), fill=entry["colour"]))
    elif group == "certainty":
        alpha = CERTAINTY.get(key, ("", 0.5))[1]
        sheet.add(Shape(Path.circle((x, y), 8 * k), fill="place", fill_alpha=alpha))
    elif group == "rating":
        tag = (x - 11 * k, y - 5.5 * k, x + 11 * k, y + 5.5 * k)
        dash = (3.0 * k, 2.0 * k) if key == UNRATED else ()
        sheet.add(Shape(rounded(tag, 3 * k), line="faint", width=1.5 * k, dash=dash))
    elif group == "review":
        sheet.stroke(Path.circle((x, y), 8 * k), UNPUBLISHED, k)
    else:
        _place_swatch(sheet, key, x, y, k)


def _stance_swatch(sheet: DisplayList, stance: str, x: float, y: float, size: float) -> None:
    """Draw a piece of a stance's ring, and its mark beside it."""
    k = size / 27
    piece = sign_path("ring", stance)
    sheet.add(Shape(Path((spots(piece) - (12, 10)) * k + (x, y), piece.codes), fill=stance))
    sign(sheet, "stance", stance, x + 4.6 * k, y, 16 * k)


def _circled(sheet: DisplayList, x: float, y: float, size: float) -> None:
    """Draw the sign ≠ in its circle."""
    circle = Path.circle((x, y), size / 2)
    sheet.add(Shape(circle, fill="paper", line="faint", width=max(1.0, 0.055 * size)))
    unequal(sheet, x, y, size)


def _place_swatch(sheet: DisplayList, key: str, x: float, y: float, k: float) -> None:
    box: Box = (x - 12 * k, y - 8 * k, x + 12 * k, y + 8 * k)
    if key == "locality":
        sheet.stroke(rounded(box, 4 * k), STROKES["place-locality"], k)
    elif key == "vicinity":
        sheet.stroke(Path.circle((x, y), 9 * k), STROKES["place-vicinity"], 0.8 * k)
    elif key == "area":
        stripes = []
        for rise in np.arange(-12, 24, 5.0):
            ends = np.array([max(rise, 0.0), min(rise + 16, 24.0)])
            stripes.append(np.column_stack([box[0] + k * ends, box[3] - k * (ends - rise)]))
        sheet.add(Shape(lines(stripes), line="place", width=1.4 * k))
        sheet.stroke(rectangle(box), STROKES["place-area"], k)
    elif key == "distance":
        _arc_swatch(sheet, x, y + 8 * k, k)
    elif key in ("route", "route-weak"):
        style = STROKES[key]
        style = replace(style, dash=(9.0, 4.0)) if key == "route" else style
        sheet.stroke(Path([(x - 15 * k, y), (x + 15 * k, y)]), style, k)
    elif key == "exact":
        turn = np.linspace(-0.65, 0.65, 24) * np.pi
        bow = np.column_stack([x + 7 * k * np.sin(turn), y - 3 * k - 7 * k * np.cos(turn)])
        sheet.add(Shape(Path(np.vstack([bow, [(x, y + 10 * k)], bow[:1]])), fill="place"))
    else:
        sheet.add(Shape(rounded(box, 2 * k), line="faint", width=1.5 * k))
        rows = lines(np.array([(x - 8 * k, y + d * k), (x + 8 * k, y + d * k)]) for d in (-3, 0, 3))
        sheet.add(Shape(rows, line="faint", width=1.2 * k))


def _arc_swatch(sheet: DisplayList, x: float, foot: float, k: float) -> None:
    """Draw a piece of an arc within its band."""
    turn = np.linspace(-0.32, 0.32, 24) * np.pi
    inner, middle, outer = (
        np.column_stack([x + radius * k * np.sin(turn), foot - radius * k * np.cos(turn)])
        for radius in (10.0, 14.0, 18.0)
    )
    band = Path(np.vstack([outer, inner[::-1], outer[:1]]))
    sheet.stroke(band, STROKES["place-distance"], k)
    sheet.stroke(Path(middle), STROKES["distance"], k)
