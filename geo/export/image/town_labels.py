"""Label towns, countries and seas without overlapping other labels, symbols or roads.

A town's label takes its preferred side (from the data) if that is free. Otherwise textalloc finds
the nearest free position; if there is none, label and dot are left out. Placement is greedy, in
order of rank, as in the browser.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np
import shapely
from matplotlib.path import Path

from geo.export.image.basemap import on_land, read_base
from geo.export.image.display_list import (
    ASCENT,
    DESCENT,
    Box,
    DisplayList,
    Shape,
    TextItem,
    inside,
    overlap,
    width_of,
)
from geo.export.image.fonts import ITALIC, MEDIUM, SANS, Face
from geo.export.image.projection import MapCanvas, Projection
from geo.mapping.design import TYPE
from geo.text.direction import runs_right_to_left
from geo.text.map_names import list_names

GAP = 4.0  # pixels on a screen between names
LEADING = 1.15  # from one line of a name to the next, in its size
REACH = 8.0  # from a town's point to its name
NUDGES = ((0, 0), (0, 36), (0, -36), (48, 0), (-48, 0), (0, 72), (0, -72), (80, 36), (-80, 36),
          (80, -36), (-80, -36))  # fmt: skip
# rank: face, size, colour, radius of the dot
STYLES: dict[int, tuple[Face, float, str, float]] = {
    1: (MEDIUM, TYPE["label"], "ink", 4.0),
    2: (SANS, TYPE["text"], "ink", 3.0),
    3: (SANS, TYPE["note"], "muted", 2.75),
    4: (SANS, TYPE["small"], "muted", 2.75),
}


@dataclass(frozen=True)
class TownLabel:
    """A candidate town label, of one or two lines."""

    lines: tuple[str, ...]
    rank: int
    side: str
    x: float
    y: float

    def size(self, scale: float) -> tuple[float, float]:
        """Return width and height of the label, pixels."""
        face, size, _, _ = STYLES[self.rank]
        wide = max(width_of(line, face, size * scale) for line in self.lines)
        return wide, (ASCENT + DESCENT + LEADING * (len(self.lines) - 1)) * size * scale

    def dot(self, scale: float) -> Box:
        """Return the bounding box of the town's dot."""
        half = (STYLES[self.rank][3] + 1) * scale
        return (self.x - half, self.y - half, self.x + half, self.y + half)

    def beside(self, scale: float) -> Box:
        """Return the bounding box of the label on its preferred side."""
        width, height = self.size(scale)
        gap, x, y = REACH * scale, self.x - width / 2, self.y - height / 2
        if self.side in ("top", "bottom"):
            y = self.y - gap - height if self.side == "top" else self.y + gap
        else:
            x = self.x - gap - width if self.side == "left" else self.x + gap
        return (x, y, x + width, y + height)


def draw_towns(canvas: MapCanvas, wanted: Sequence[str]) -> None:
    """Label the towns visible at this zoom, and those in `wanted` at any zoom."""
    scale, sheet = canvas.scale, canvas.sheet
    placed: list[tuple[TownLabel, Box]] = []
    left: list[TownLabel] = []
    taken = list(sheet.taken)
    for town in _towns(canvas, wanted):
        if any(overlap(town.dot(scale), one) for one in sheet.taken):
            continue
        box = town.beside(scale)
        covered = any(overlap(box, one, GAP * scale) for one in taken) or _on_road(canvas, box)
        if inside(box, canvas.camera.box, 4 * scale) and not covered:
            placed.append((town, box))
            taken += [box, town.dot(scale)]
        else:
            left.append(town)
    placed += _allocated(canvas, left, taken, [one for one, _ in placed])
    for town, box in placed:
        _draw(canvas, town, box)


def _towns(canvas: MapCanvas, wanted: Sequence[str]) -> list[TownLabel]:
    camera, scale = canvas.camera, canvas.scale
    zoom = camera.zoom + np.log2(camera.unit / scale)
    found = []
    shapes, known = read_base("towns")
    ranked = sorted(
        zip(known, camera.pixels(shapely.get_coordinates(shapes)), strict=True),
        key=lambda one: (one[0]["name"] not in wanted, one[0]["rank"], -one[0]["population"]),
    )
    for one, (x, y) in ranked:
        if one["min_zoom"] > zoom + 0.25 and one["name"] not in wanted:
            continue
        if inside((x, y, x, y), camera.box, 6 * scale):
            rank = min(max(int(one["rank"]), 1), 4)
            lines = list_names(one["name"], one.get("name_ar"), canvas.names)
            found.append(TownLabel(lines, rank, one.get("side", "right"), float(x), float(y)))
    return found


def _on_road(canvas: MapCanvas, box: Box) -> bool:
    area = shapely.box(*box)
    return any(shapely.linestrings(one).intersects(area) for one in canvas.roads)


def _allocated(
    canvas: MapCanvas, towns: list[TownLabel], taken: list[Box], placed: list[TownLabel]
) -> list[tuple[TownLabel, Box]]:
    """Place the remaining labels with textalloc, whose y axis points up."""
    from textalloc.non_overlapping_boxes import get_non_overlapping_boxes

    if not towns:
        return []
    scale = canvas.scale
    x0, y0, x1, y1 = canvas.camera.box
    width, height = x1 - x0, y1 - y0
    dots = [(town.x, -town.y) for town in (*towns, *placed)]
    segments = [np.hstack([one[:-1], one[1:]]) * (1, -1, 1, -1) for one in canvas.roads]
    asked: dict[str, Any] = {
        "original_boxes": [(one.x, -one.y, *one.size(scale), 0) for one in towns],
        "xlims": (x0 + 3 * scale, x1 - 3 * scale),
        "ylims": (-y1 + 3 * scale, -y0 - 3 * scale),
        "aspect_ratio": width / height,
        "margin": GAP / 2 * scale / width,
        "min_distance": 0.6 * REACH * scale / width,
        "max_distance": 1.2 * REACH * scale / width,
        "nbr_candidates": 12,
        "scatter_xy": np.vstack([dots, *(_filled(box, 10 * scale) for box in taken)]),
        "lines_xyxy": np.vstack(segments) if segments else None,
    }
    # textalloc has no defaults: None switches its other features off
    asked |= dict.fromkeys(signature(get_non_overlapping_boxes).parameters.keys() - asked.keys())
    boxes, _ = get_non_overlapping_boxes(**asked)
    return [
        (towns[position], (left, -(low + high), left + across, -low))
        for left, low, across, high, _, position in boxes
    ]


def _filled(box: Box, step: float) -> np.ndarray:
    """Return a grid of points over a box, spaced too closely for a label to fit between."""
    x0, y0, x1, y1 = box
    across = np.linspace(x0, x1, max(2, int(np.ceil((x1 - x0) / step)) + 1))
    down = np.linspace(y0, y1, max(2, int(np.ceil((y1 - y0) / step)) + 1))
    grid = np.meshgrid(across, down)
    return np.column_stack([grid[0].ravel(), -grid[1].ravel()])


def _draw(canvas: MapCanvas, town: TownLabel, box: Box) -> None:
    sheet, scale = canvas.sheet, canvas.scale
    face, size, colour, radius = STYLES[town.rank]
    dot = Path.circle((town.x, town.y), radius * scale)
    sheet.add(Shape(dot, fill="land", line=colour, width=1.5 * scale))
    halo = "halo" if on_land(canvas.camera, (box[0] + box[2]) / 2, town.y) else "sea"
    align, x = "centre", (box[0] + box[2]) / 2
    if box[2] <= town.x or box[0] >= town.x:
        align, x = ("right", box[2]) if box[2] <= town.x else ("left", box[0])
    for number, line in enumerate(town.lines):
        foot = box[1] + (ASCENT + LEADING * number) * size * scale
        sheet.write(line, x, foot, face, size * scale, colour, align=align, halo=halo)
    sheet.taken += [box, town.dot(scale)]


def draw_regions(canvas: MapCanvas) -> None:
    """Label countries and the sea in spaced capitals, only in free space."""
    drawn: set[str] = set()
    zoom = canvas.camera.zoom
    shapes, known = read_base("labels")
    spots = canvas.camera.pixels(shapely.get_coordinates(shapes))
    for one, (x, y) in zip(known, spots, strict=True):
        if one["name"] in drawn or not one.get("min_zoom", 0) <= zoom <= one.get("max_zoom", 20):
            continue
        lines = list_names(one["name"], one.get("name_ar"), canvas.names)
        free = _find_room(canvas, lines, (float(x), float(y)), sea=one["kind"] == "sea")
        for words in free:
            canvas.label(words)
        if free:
            drawn.add(one["name"])


def _find_room(
    canvas: MapCanvas, lines: Sequence[str], spot: tuple[float, float], *, sea: bool
) -> tuple[TextItem, ...]:
    """Return the lines of a region's name where they are free, best on their own ground."""
    scale, free = canvas.scale, []
    for across, down in NUDGES:
        middle = spot[0] + across * scale, spot[1] + (down + 5) * scale
        words = tuple(_write_region(canvas, lines, middle, sea=sea))
        if all(canvas.is_free(one.box, gap=3 * GAP * scale, edge=8 * scale) for one in words):
            free.append(words)
    best = (one for one in free if all(_on(canvas.camera, words.box, sea) for words in one))
    return next(best, free[0] if free else ())


def _write_region(
    canvas: MapCanvas, lines: Sequence[str], middle: tuple[float, float], *, sea: bool
) -> Iterator[TextItem]:
    """Yield the lines of a region's name, centred; joined scripts are not spaced."""
    sheet, (x, y) = canvas.sheet, middle
    shadow = DisplayList(sheet.size, sheet.unit, sheet.theme)
    face, spacing, colour = (ITALIC, 0.16, "sea-name") if sea else (SANS, 0.38, "country")
    size = TYPE["label"] * canvas.scale
    for line in lines:
        apart = 0.0 if runs_right_to_left(line) else spacing
        yield shadow.write(line.upper(), x, y, face, size, colour, align="centre", spacing=apart)
        y += LEADING * size


def _on(camera: Projection, box: Box, sea: bool) -> bool:
    """Return whether a label is entirely on the sea, or entirely on land."""
    middle = (box[1] + box[3]) / 2
    spots = np.linspace(box[0], box[2], 5)
    return all(on_land(camera, float(x), middle) is not sea for x in spots)
