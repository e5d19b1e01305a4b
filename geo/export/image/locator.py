"""The locator of a picture: where in the country its map is, as in geo/frontend/src/locator.js.

It takes the first place along the map's edges that covers nothing, and is left out where none is
free, or where the map shows most of what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.export.image.arcs import project_arcs
from geo.export.image.basemap import read_base
from geo.export.image.display_list import Box, Shape, overlap, rectangle
from geo.export.image.fonts import SANS
from geo.export.image.map_claims import Site
from geo.export.image.projection import MapCanvas, Projection, mercator
from geo.mapping.locator import find_locator_area
from geo.mapping.theme import STROKES
from geo.text.map_names import list_names

SHARE, NARROWEST, WIDEST = 0.15, 104.0, 136.0  # of the map's width; pixels on a screen
MARGIN, STEP, GAP = 10.0, 12.0, 4.0  # pixels on a screen
SMALLEST = 7.0  # pixels of the mark
SAYS_NOTHING = 0.5  # share of the locator that the map shows
ON_OUTLINE = 500.0
GROUND = ("world_land", "land_outer", "land")
LINES = ("coast", "coast_outer", "world_coast", "borders", "world_borders")


def draw_locator(canvas: MapCanvas, sites: Iterable[Site]) -> Box | None:
    """Draw the locator and reserve its space; return its box, None where it is left out."""
    inset = _plan(canvas)
    mark = _find_mark(canvas, inset)
    if mark is None:
        return None
    sites = list(sites)
    outlines = [
        shapely.transform(one.shape, canvas.camera.pixels) for one in sites if not one.is_route
    ]
    outlines += project_arcs(canvas, sites)
    box = _find_place(canvas, inset.box, outlines)
    if box is None:
        return None
    x, y = box[0] - inset.box[0], box[1] - inset.box[1]
    _draw(canvas, replace(inset, box=box), (mark[0] + x, mark[1] + y, mark[2] + x, mark[3] + y))
    canvas.sheet.mark("furniture", box)
    return box


def _plan(canvas: MapCanvas) -> Projection:
    """Return the locator's projection, at the sheet's upper left corner."""
    scale, (x0, _, x1, _) = canvas.scale, canvas.camera.box
    west, south, east, north = find_locator_area().bounds
    xs, ys = mercator(np.array([west, east]), np.array([north, south]))
    across, down = float(xs[1] - xs[0]), float(ys[1] - ys[0])
    widest = min(max(SHARE * (x1 - x0), NARROWEST * scale), WIDEST * scale)
    world = widest / max(across, down)
    box = (0.0, 0.0, across * world, down * world)
    return Projection(box, world, float(xs[0]), float(ys[0]), canvas.camera.unit)


def _find_mark(canvas: MapCanvas, inset: Projection) -> Box | None:
    """Return the extent of the map in the locator; None where it says nothing."""
    camera, least = canvas.camera, SMALLEST * canvas.scale
    corners = np.array([camera.to_unit(*camera.box[:2]), camera.to_unit(*camera.box[2:])])
    (x0, y0), (x1, y1) = inset.pixels(corners)
    width, height = max(x1 - x0, least), max(y1 - y0, least)
    x, y = (x0 + x1 - width) / 2, (y0 + y1 - height) / 2
    across, down = inset.box[2:]
    outside = x + width < 0 or y + height < 0 or x > across or y > down
    if outside or width >= SAYS_NOTHING * across or height >= SAYS_NOTHING * down:
        return None
    return (float(x), float(y), float(x + width), float(y + height))


def _find_place(canvas: MapCanvas, size: Box, outlines: list[BaseGeometry]) -> Box | None:
    """Return the nearest box to a corner that covers nothing; better on no outline."""
    gap = 2 * GAP * canvas.scale
    roads = [shapely.linestrings(one) for one in canvas.roads]
    found: list[tuple[float, Box]] = []
    for cost, box in _list_places(canvas, size[2], size[3]):
        if any(overlap(box, one, gap) for one in canvas.sheet.taken):
            continue
        area = shapely.box(*box)
        crossed = any(shapely.intersects(one, area) for one in (*outlines, *roads))
        found.append((cost + (ON_OUTLINE if crossed else 0), box))
    return min(found, default=(0.0, None), key=lambda one: one[0])[1]


def _list_places(canvas: MapCanvas, width: float, height: float) -> Iterator[tuple[float, Box]]:
    """Yield boxes that slide from each corner of the map along its edges, and what each costs."""
    scale, (x0, y0, x1, y1) = canvas.scale, canvas.camera.box
    edge, step = MARGIN * scale, STEP * scale
    left, top, right, bottom = x0 + edge, y0 + edge, x1 - edge - width, y1 - edge - height
    corners = (
        (right, top, -1, 1),
        (left, top, 1, 1),
        (left, bottom, 1, -1),
        (right, bottom, -1, -1),
    )
    for rank, (x, y, across, down) in enumerate(corners):
        reach = max(x1 - x0, y1 - y0) / 2
        for off in np.arange(0, reach, step):
            for at in ((x + across * off, y), (x, y + down * off)):
                if left <= at[0] <= right and top <= at[1] <= bottom:
                    box = (float(at[0]), float(at[1]), float(at[0] + width), float(at[1] + height))
                    yield 40 * rank + off / scale, box


def _draw(canvas: MapCanvas, inset: Projection, mark: Box) -> None:
    sheet, scale, box = canvas.sheet, canvas.scale, inset.box
    small = MapCanvas(sheet, inset)
    sheet.add(Shape(rectangle(box), fill="sea"))
    for name in GROUND:
        small.stroke(shapely.get_parts(read_base(name)[0]), STROKES["land"])
    for name in LINES:
        kind = name.removeprefix("world_").removesuffix("_outer").removesuffix("s")
        style = replace(STROKES[kind], width=0.8, dash=(3, 2) if kind == "border" else ())
        small.stroke(shapely.get_parts(read_base(name)[0]), style)
    area = find_locator_area()
    if area.name and area.point:
        _name(canvas, area.name, inset.at(*area.point))
    sheet.add(Shape(rectangle(mark), fill="ink", fill_alpha=0.16, line="ink", width=1.4 * scale))
    sheet.add(Shape(rectangle(box), line="line", width=scale))


def _name(canvas: MapCanvas, name: str, at: tuple[float, float]) -> None:
    """Write the country's names as the map has names; the Arabic one is that of the base map."""
    known = (one.get("name_ar") for one in read_base("labels")[1] if one.get("name") == name)
    lines = list_names(name, next(known, None), canvas.names)
    size = 10.5 * canvas.scale
    y = at[1] + 0.36 * size - (len(lines) - 1) * 0.6 * size
    for line in lines:
        spacing = 0.16 if line == name else 0.0
        canvas.sheet.write(
            line.upper(), at[0], y, SANS, size, "country",
            align="centre", halo="halo", spacing=spacing,
        )  # fmt: skip
        y += 1.2 * size
