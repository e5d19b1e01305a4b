"""Where the symbols of places stand on a picture: none covers another, or what is there already.

At low zoom a badge is at the place's label point; at high zoom at the edge of its outline, since
the position inside is unknown. A badge that would cover another one, a corner's furniture or a
small area is moved away and joined to its place by a leader line, which crosses no other badge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from geo.export.image.display_list import Box, inside, overlap
from geo.export.image.icons import BADGE
from geo.export.image.map_claims import Site
from geo.export.image.projection import MapCanvas

Point = tuple[float, float]
CLOSE = 10.5  # zoom from which claim lists are drawn, as in the browser
OFFSETS = ((-74, 46), (-74, -46), (-96, 0), (74, 46), (74, -46), (96, 0), (-50, 92), (50, 92),
           (-50, -92), (50, -92), (-140, 70), (140, 70), (-140, -70), (140, -70))  # fmt: skip
FARTHER = (60, 90, 120, 160, 200, 260, 320, 400, 500, 620)  # pixels on a screen, all round
AROUND = 24  # directions of those
SIZE = 0.9 * BADGE  # badge size beside labels that are larger than in the browser
DOT = 8.0


@dataclass(frozen=True, eq=False)
class SymbolPosition:
    """Position of a place's symbol, and the target of its leader line if it has one."""

    site: Site
    x: float
    y: float
    side: str
    target: Point | None = None
    close: bool = False
    clear: float = -np.inf  # x of the outline's right edge, pixels

    def box(self, scale: float) -> Box:
        """Return the bounding box of the badge, or of the dot of a place without reports."""
        half = (SIZE + 4 if self.site.reports else DOT + 4) / 2 * scale
        up = half + (4 * scale if self.site.disputed else 0)
        return (self.x - half, self.y - up, self.x + up, self.y + half)

    def leader(self, scale: float) -> tuple[Point, Point] | None:
        """Return the leader line from its target to the symbol's rim; None if there is none."""
        if self.target is None:
            return None
        across, down = self.target[0] - self.x, self.target[1] - self.y
        length = float(np.hypot(across, down))
        rim = (SIZE if self.site.reports else DOT) / 2 * scale
        if length <= rim:
            return None
        share = rim / length
        return self.target, (self.x + across * share, self.y + down * share)


def find_spots(canvas: MapCanvas, sites: Sequence[Site]) -> list[SymbolPosition]:
    """Return the position of each visible place, those with reports first."""
    spots: list[SymbolPosition] = []
    for site in sorted(
        sites, key=lambda one: (not one.reports, one.kind == "area", one.is_route, one.id)
    ):
        spot = _find_spot(canvas, site, spots)
        if spot is not None:
            spots.append(spot)
    return [_trim(canvas, spot, spots) for spot in spots]


def _find_spot(canvas: MapCanvas, site: Site, spots: list[SymbolPosition]) -> SymbolPosition | None:
    if not site.reports and (site.kind == "area" or site.is_route):
        return None
    camera, scale = canvas.camera, canvas.scale
    visible = canvas.seen(np.array([site.shape]))
    if not len(visible):
        return None
    x, y = camera.at(*site.position)
    if not inside((x, y, x, y), camera.box):
        x, y = camera.pixels(shapely.get_coordinates(shapely.point_on_surface(visible[:1])))[0]
    side = site.label_side
    frame = shrink(camera.box, (SIZE / 2 + 8) * scale if site.reports else 2 * DOT * scale)
    close = camera.zoom >= CLOSE and not site.is_route
    target, clear = None, -np.inf
    corners = camera.pixels(shapely.get_coordinates(visible))
    if close and site.kind != "area":
        x, y = _north_east(corners, 0.3 * SIZE * scale)
        side, clear = "right", float(corners[:, 0].max())
    elif close and np.ptp(corners, axis=0).max() >= 2 * SIZE * scale:
        x, y = corners[corners[:, 1].argmin()] - (0, 0.3 * SIZE * scale)
    elif site.kind == "area":
        target = (float(x), float(y))
    left, top = np.clip((x, y), frame[:2], frame[2:]).tolist()
    spot = SymbolPosition(site, left, top, side, close=close, clear=clear)
    if target is None and _is_free(canvas, spot, spots):
        return spot
    return _stand_off(canvas, spot, target or (float(x), float(y)), frame, spots)


def _north_east(corners: np.ndarray, out: float) -> Point:
    """Return the outline's point nearest to its upper right corner, moved `out` pixels outwards."""
    x, y = corners[:, 0].max(), corners[:, 1].min()
    line = shapely.linestrings(corners) if len(corners) > 1 else shapely.points(corners[0])
    edge = shapely.get_coordinates(shapely.shortest_line(line, shapely.Point(x, y)))[0]
    return float(edge[0]) + out, float(edge[1]) - out


def _list_offsets() -> Iterator[Point]:
    yield from OFFSETS
    for radius in FARTHER:
        for step in range(AROUND):
            turn = 2 * np.pi * step / AROUND
            yield radius * float(np.cos(turn)), radius * float(np.sin(turn))


def _stand_off(
    canvas: MapCanvas,
    spot: SymbolPosition,
    target: Point,
    frame: Box,
    spots: list[SymbolPosition],
) -> SymbolPosition:
    scale = canvas.scale
    middle, target = target, _bare(canvas, spot.site, target, spots)
    for across, down in _list_offsets():
        x, y = middle[0] + across * scale, middle[1] + down * scale
        side = "left" if across < 0 else "right"
        moved = SymbolPosition(spot.site, x, y, side, target, spot.close)
        if inside((x, y, x, y), frame) and _is_free(canvas, moved, spots):
            return moved
    return spot


def _bare(canvas: MapCanvas, site: Site, target: Point, spots: Sequence[SymbolPosition]) -> Point:
    """Return a point of an area that no badge covers, if there is one; else the target."""
    if site.kind != "area":
        return target
    camera = canvas.camera
    shape = shapely.transform(site.shape, camera.pixels)
    shape = shapely.intersection(shape, shapely.box(*camera.box))
    badges = [shapely.Point(one.x, one.y).buffer(0.56 * SIZE * canvas.scale) for one in spots]
    bare = shapely.difference(shape, shapely.union_all(badges))
    if shapely.is_empty(bare):
        return target
    x, y = shapely.point_on_surface(bare).coords[0]
    return float(x), float(y)


def _is_free(canvas: MapCanvas, spot: SymbolPosition, spots: list[SymbolPosition]) -> bool:
    """Return whether a symbol and its leader line are clear of others and theirs."""
    scale, own = canvas.scale, spot.box(canvas.scale)
    boxes = [*canvas.sheet.taken, *(one.box(scale) for one in spots)]
    if any(overlap(own, one) for one in boxes):
        return False
    line = spot.leader(scale)
    lines = [one.leader(scale) for one in spots]
    if any(_crosses(one, own) for one in lines):
        return False
    above = [one for one in boxes if line is None or not _covers(one, line[0])]
    return line is None or not any(_crosses(line, one) for one in above)


def _covers(box: Box, point: Point) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _crosses(line: tuple[Point, Point] | None, box: Box) -> bool:
    return line is not None and bool(shapely.LineString(line).intersects(shapely.box(*box)))


def _trim(
    canvas: MapCanvas, spot: SymbolPosition, spots: Sequence[SymbolPosition]
) -> SymbolPosition:
    """Return a symbol whose leader line begins where it leaves the badges above its place."""
    line = spot.leader(canvas.scale)
    if line is None:
        return spot
    others = [shapely.box(*one.box(canvas.scale)) for one in spots if one is not spot]
    rest = shapely.difference(shapely.LineString(line), shapely.union_all(others))
    if rest.is_empty:
        return replace(spot, target=None)
    last = shapely.get_parts(rest)[-1].coords
    return replace(spot, target=(float(last[0][0]), float(last[0][1])))


def shrink(box: Box, by: float) -> Box:
    """Return a box that is smaller on each side."""
    across, down = min(by, (box[2] - box[0]) / 2), min(by, (box[3] - box[1]) / 2)
    return (box[0] + across, box[1] + down, box[2] - across, box[3] - down)
