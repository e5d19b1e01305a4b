"""Label towns, countries and seas without overlapping other labels, symbols or roads.

A town's label takes its preferred side (from the data) if that is free. Otherwise textalloc finds
the nearest free position; if there is none, label and dot are left out. Placement is greedy, in
order of rank, as in the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.export.image.basemap import features, on_land, shapes
from geo.export.image.display_list import (
    ASCENT,
    DESCENT,
    Box,
    DisplayList,
    Shape,
    circle,
    inside,
    overlap,
    width_of,
)
from geo.export.image.fonts import ITALIC, MEDIUM, SANS, Face
from geo.export.image.projection import Projection

GAP = 4.0  # pixels on a screen between names
REACH = 8.0  # from a town's point to its name
NUDGES = ((0, 0), (0, 36), (0, -36), (48, 0), (-48, 0), (0, 72), (0, -72), (80, 36), (-80, 36),
          (80, -36), (-80, -36))  # fmt: skip
# textalloc features that are switched off
UNUSED: dict[str, Any] = {
    "verbose": False,
    "draw_all": False,
    "draw_lines": False,
    "direction": None,
    "scatter_sizes": None,
    "scatter_plot_bbs": None,
    "text_scatter_sizes": None,
    "avoid_label_lines_overlap": False,
    "avoid_crossing_label_lines": False,
    "priority_strategy": None,
}
# rank: face, size, colour, radius of the dot
STYLES: dict[int, tuple[Face, float, str, float]] = {
    1: (MEDIUM, 15, "ink", 4.0),
    2: (SANS, 14, "ink", 3.0),
    3: (SANS, 13, "muted", 2.75),
    4: (SANS, 12, "muted", 2.75),
}


@dataclass(frozen=True)
class TownLabel:
    """A candidate town label."""

    name: str
    rank: int
    side: str
    x: float
    y: float

    def size(self, scale: float) -> tuple[float, float]:
        """Return width and height of the label, pixels."""
        face, size, _, _ = STYLES[self.rank]
        return width_of(self.name, face, size * scale), (ASCENT + DESCENT) * size * scale


def draw_towns(
    sheet: DisplayList,
    camera: Projection,
    wanted: Sequence[str],
    scale: float,
    roads: list[np.ndarray],
) -> None:
    """Label the towns visible at this zoom, and those in `wanted` at any zoom."""
    towns = _towns(camera, wanted, scale)
    placed: list[tuple[TownLabel, Box]] = []
    left: list[TownLabel] = []
    taken = list(sheet.taken)
    for town in towns:
        box = _beside(town, scale)
        if _dot_covered(sheet, town):
            continue
        free = inside(box, camera.box, 4 * scale) and not _covers(box, taken, roads, scale)
        if free:
            placed.append((town, box))
            taken += [box, _dot_box(town, scale)]
        else:
            left.append(town)
    placed += _allocated(left, taken, placed, camera, scale, roads)
    for town, box in placed:
        _draw(sheet, camera, town, box, scale)


def _towns(camera: Projection, wanted: Sequence[str], scale: float) -> list[TownLabel]:
    zoom = camera.zoom + np.log2(camera.unit / scale)
    found = []
    spots = camera.pixels(shapely.get_coordinates(shapes("towns")))
    known = sorted(
        zip(features("towns"), spots, strict=True),
        key=lambda one: (one[0]["name"] not in wanted, one[0]["rank"], -one[0]["population"]),
    )
    for one, (x, y) in known:
        if one["min_zoom"] > zoom + 0.25 and one["name"] not in wanted:
            continue
        if inside((x, y, x, y), camera.box, 6 * scale):
            rank = min(max(int(one["rank"]), 1), 4)
            found.append(TownLabel(one["name"], rank, one.get("side", "right"), float(x), float(y)))
    return found


def _dot_box(town: TownLabel, scale: float) -> Box:
    half = (STYLES[town.rank][3] + 1) * scale
    return (town.x - half, town.y - half, town.x + half, town.y + half)


def _dot_covered(sheet: DisplayList, town: TownLabel) -> bool:
    return any(inside((town.x, town.y, town.x, town.y), one) for one in sheet.taken)


def _beside(town: TownLabel, scale: float) -> Box:
    width, height = town.size(scale)
    gap, x, y = REACH * scale, town.x, town.y
    if town.side == "left":
        return (x - gap - width, y - height / 2, x - gap, y + height / 2)
    if town.side == "top":
        return (x - width / 2, y - gap - height, x + width / 2, y - gap)
    if town.side == "bottom":
        return (x - width / 2, y + gap, x + width / 2, y + gap + height)
    return (x + gap, y - height / 2, x + gap + width, y + height / 2)


def _covers(box: Box, taken: Sequence[Box], roads: list[np.ndarray], scale: float) -> bool:
    if any(overlap(box, one, GAP * scale) for one in taken):
        return True
    area = shapely.box(*box)
    return any(shapely.linestrings(one).intersects(area) for one in roads)


def _allocated(
    towns: list[TownLabel],
    taken: list[Box],
    placed: list[tuple[TownLabel, Box]],
    camera: Projection,
    scale: float,
    roads: list[np.ndarray],
) -> list[tuple[TownLabel, Box]]:
    """Place the remaining labels with textalloc, whose y axis points up."""
    from textalloc.non_overlapping_boxes import get_non_overlapping_boxes

    if not towns:
        return []
    x0, y0, x1, y1 = camera.box
    width, height = x1 - x0, y1 - y0
    dots = [(town.x, -town.y) for town in (*towns, *(one for one, _ in placed))]
    points = np.vstack([dots, *(_filled(box, 10 * scale) for box in taken)])
    segments = [np.hstack([one[:-1], one[1:]]) * (1, -1, 1, -1) for one in roads]
    asked: dict[str, Any] = {
        "original_boxes": [(one.x, -one.y, *one.size(scale), 0) for one in towns],
        "xlims": (x0 + 3 * scale, x1 - 3 * scale),
        "ylims": (-y1 + 3 * scale, -y0 - 3 * scale),
        "aspect_ratio": width / height,
        "margin": GAP / 2 * scale / width,
        "min_distance": 0.6 * REACH * scale / width,
        "max_distance": 1.2 * REACH * scale / width,
        "nbr_candidates": 12,
        "scatter_xy": points,
        "lines_xyxy": np.vstack(segments) if segments else None,
    }
    boxes, _ = get_non_overlapping_boxes(**asked, **UNUSED)
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


def _draw(sheet: DisplayList, camera: Projection, town: TownLabel, box: Box, scale: float) -> None:
    face, size, colour, radius = STYLES[town.rank]
    dot = circle(town.x, town.y, radius * scale)
    sheet.add(Shape(dot, fill=sheet.hue("land"), line=sheet.hue(colour), width=1.5 * scale))
    middle = (box[0] + box[2]) / 2
    halo = "halo" if on_land(camera, middle, town.y) else "sea"
    foot = box[1] + ASCENT * size * scale
    sheet.write(town.name, box[0], foot, face, size * scale, colour, halo=sheet.hue(halo))
    sheet.taken += [box, _dot_box(town, scale)]


def draw_regions(sheet: DisplayList, camera: Projection, scale: float) -> None:
    """Label countries and the sea in spaced capitals, only in free space."""
    drawn: set[str] = set()
    spots = camera.pixels(shapely.get_coordinates(shapes("labels")))
    for one, (x, y) in zip(features("labels"), spots, strict=True):
        name, sea = one["name"], one["kind"] == "sea"
        if name in drawn or not one.get("min_zoom", 0) <= camera.zoom <= one.get("max_zoom", 20):
            continue
        face, spacing = (ITALIC, 0.16) if sea else (SANS, 0.38)
        colour = "sea-name" if sea else "country"
        shadow = DisplayList(sheet.size, sheet.unit, sheet.theme)
        tried = [
            shadow.write(
                name.upper(),
                float(x) + across * scale,
                float(y) + (down + 5) * scale,
                face,
                15 * scale,
                colour,
                align="centre",
                spacing=spacing,
            )
            for across, down in NUDGES
        ]
        free = [one for one in tried if _free(sheet, camera, one.box, scale)]
        words = next((one for one in free if _on(camera, one.box, sea)), free[0] if free else None)
        if words is not None:
            drawn.add(name)
            sheet.add(words)
            sheet.taken.append(words.box)


def _free(sheet: DisplayList, camera: Projection, box: Box, scale: float) -> bool:
    gap = 3 * GAP * scale
    return inside(box, camera.box, 8 * scale) and not any(
        overlap(box, other, gap) for other in sheet.taken
    )


def _on(camera: Projection, box: Box, sea: bool) -> bool:
    """Return whether a label is entirely on the sea, or entirely on land."""
    middle = (box[1] + box[3]) / 2
    spots = np.linspace(box[0], box[2], 5)
    return all(on_land(camera, float(x), middle) is not sea for x in spots)
