"""Position and draw place badges, labels and claim lists without overlaps.

At low zoom a badge is at the place's label point; at high zoom at the edge of its outline, since
the position inside is unknown. A badge that would cover another badge, or a small area, is moved
away and joined to its place by a leader line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.path import Path

from geo.export.image.basemap import on_land
from geo.export.image.claim_list import draw_claim_list, plan_claim_list
from geo.export.image.display_list import Box, Shape, inside, overlap
from geo.export.image.fonts import BOLD, ITALIC, Face
from geo.export.image.icons import BADGE, badge
from geo.export.image.map_claims import Site
from geo.export.image.projection import MapCanvas
from geo.export.layout.text import TextBlock, balance_lines, wrap_text
from geo.mapping.design import TYPE
from geo.text.map_names import ENGLISH, list_names

Label = list[tuple[TextBlock[Face], str]]  # text blocks with their colours
CLOSE = 10.5  # zoom from which claim lists are drawn, as in the browser
SIDES = ("left", "right", "bottom", "top")
OFFSETS = ((-74, 46), (-74, -46), (-96, 0), (74, 46), (74, -46), (96, 0), (-50, 92), (50, 92),
           (-50, -92), (50, -92), (-140, 70), (140, 70), (-140, -70), (140, -70))  # fmt: skip
SIZE = 0.9 * BADGE  # badge size beside labels that are larger than in the browser
_DOT = 8.0


@dataclass(frozen=True, eq=False)
class SymbolPosition:
    """Position of a place's symbol, and the target of its leader line if it has one."""

    site: Site
    x: float
    y: float
    side: str
    target: tuple[float, float] | None = None
    close: bool = False
    clear: float = -np.inf  # x of the outline's right edge, pixels

    def box(self, scale: float) -> Box:
        """Return the bounding box of the badge, or of the dot of a place without reports."""
        half = (SIZE + 4 if self.site.reports else _DOT + 4) / 2 * scale
        up = half + (4 * scale if self.site.disputed else 0)
        return (self.x - half, self.y - up, self.x + up, self.y + half)


def draw_sites(canvas: MapCanvas, sites: list[Site]) -> None:
    """Draw symbol, label and list of each visible place, and reserve their space."""
    sheet, scale = canvas.sheet, canvas.scale
    spots: list[SymbolPosition] = []
    for site in sorted(
        sites, key=lambda one: (not one.reports, one.kind == "area", one.is_route, one.id)
    ):
        spot = _spot(canvas, site, spots)
        if spot is not None:
            spots.append(spot)
    for spot in spots:
        _leader(canvas, spot, spots)
    for spot in spots:
        if spot.site.reports:
            badge(sheet, spot.site, spot.x, spot.y, 0.9 * scale)
        else:
            sheet.add(Shape(Path.circle((spot.x, spot.y), _DOT / 2 * scale), fill="faint"))
        sheet.taken.append(spot.box(scale))
    for spot in sorted(spots, key=lambda one: -len(one.site.reports)):
        _name(canvas, spot)


def _spot(canvas: MapCanvas, site: Site, spots: list[SymbolPosition]) -> SymbolPosition | None:
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
    frame = _shrunk(camera.box, (SIZE / 2 + 8) * scale if site.reports else 2 * _DOT * scale)
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
    crowded = site.reports and any(_near(spot, one, scale) for one in spots)
    if target is None and not crowded:
        return spot
    return _standing_off(spot, target or (float(x), float(y)), frame, scale, spots)


def _north_east(corners: np.ndarray, out: float) -> tuple[float, float]:
    """Return the outline's point nearest to its upper right corner, moved `out` pixels outwards."""
    x, y = corners[:, 0].max(), corners[:, 1].min()
    line = shapely.linestrings(corners) if len(corners) > 1 else shapely.points(corners[0])
    edge = shapely.get_coordinates(shapely.shortest_line(line, shapely.Point(x, y)))[0]
    return float(edge[0]) + out, float(edge[1]) - out


def _standing_off(
    spot: SymbolPosition,
    target: tuple[float, float],
    frame: Box,
    scale: float,
    spots: list[SymbolPosition],
) -> SymbolPosition:
    for across, down in OFFSETS:
        x, y = target[0] + across * scale, target[1] + down * scale
        side = "left" if across < 0 else "right"
        moved = SymbolPosition(spot.site, x, y, side, target, spot.close)
        if inside((x, y, x, y), frame) and not any(_near(moved, one, scale) for one in spots):
            return moved
    return spot


def _near(one: SymbolPosition, other: SymbolPosition, scale: float) -> bool:
    return overlap(one.box(scale), other.box(scale)) > 0


def _shrunk(box: Box, by: float) -> Box:
    across, down = min(by, (box[2] - box[0]) / 2), min(by, (box[3] - box[1]) / 2)
    return (box[0] + across, box[1] + down, box[2] - across, box[3] - down)


def _leader(canvas: MapCanvas, spot: SymbolPosition, spots: list[SymbolPosition]) -> None:
    """Draw the leader line from a moved badge to a part of its place that no badge covers."""
    if spot.target is None:
        return
    camera, scale, target = canvas.camera, canvas.scale, spot.target
    if spot.site.kind == "area":
        shape = shapely.transform(spot.site.shape, camera.pixels)
        badges = [shapely.Point(one.x, one.y).buffer(0.52 * SIZE * scale) for one in spots]
        bare = shapely.difference(shape, shapely.union_all(badges))
        if not shapely.is_empty(bare):
            target = shapely.point_on_surface(bare).coords[0]
    path = Path([target, (spot.x, spot.y)])
    canvas.sheet.add(Shape(path, line="place", width=1.4 * scale, clip=camera.box))


def list_label_blocks(site: Site, scale: float, names: str = ENGLISH) -> Iterator[Label]:
    """Yield the label wrapped to 1, 2 and 3 lines; below it what else is said of the place.

    `names` is a key of `geo.text.map_names.NAME_CHOICES`; of both names the second is not wrapped.
    """
    label, *second = list_names(site.label, site.arabic, names)
    area = site.kind == "area"
    face, size, colour = (ITALIC, TYPE["lead"], "place") if area else (BOLD, TYPE["name"], "ink")
    for width, most in ((270 * scale, 1), (190 * scale, 2), (120 * scale, 3)):
        text = wrap_text(label, face, size * scale, width, most=most, leading=1.18)
        name = balance_lines(text, width)
        if name.whole or most == 3:
            notes = [(one, face, colour) for one in second]
            notes += [("area approximate", ITALIC, "place")] if area else []
            notes += [(site.unpublished, BOLD, "ink")] if site.unpublished else []
            below = [
                (wrap_text(words, font, TYPE["text"] * scale, 270 * scale, leading=1.25), ink)
                for words, font, ink in notes
            ]
            yield [(name, colour), *below]


def _name(canvas: MapCanvas, spot: SymbolPosition) -> None:
    """Draw a place's label, and its list at high zoom, at the position with the least overlap."""
    listed = spot.close and spot.site.kind != "area" and bool(spot.site.reports)
    others = ["left"] if listed else [side for side in SIDES if side != spot.side]
    best: tuple[float, Box, Label, str] | None = None
    for blocks in list_label_blocks(spot.site, canvas.scale, canvas.names):
        for rank, side in enumerate((spot.side, *others)):
            box = _text_box(canvas, spot, blocks, side, listed)
            cost = _cost(canvas, box, spot.box(canvas.scale)) + rank
            if best is None or cost < best[0] - 4:
                best = (cost, box, blocks, side)
    if best is None or best[0] > 1e6:
        return
    _, box, blocks, side = best
    middle = (box[0] + box[2]) / 2
    halo = "halo" if on_land(canvas.camera, middle, (box[1] + box[3]) / 2) else "sea"
    align, x = {"left": ("right", box[2]), "right": ("left", box[0])}.get(side, ("centre", middle))
    y = box[1]
    for text, colour in blocks:
        for line in text.lines:
            at = x, y + 0.76 * text.leading
            canvas.sheet.write(line, *at, text.font, text.size, colour, align=align, halo=halo)
            y += text.leading
    canvas.sheet.taken.append(box)
    if listed:
        _list(canvas, spot, box, side)


def _text_box(
    canvas: MapCanvas, spot: SymbolPosition, blocks: Label, side: str, listed: bool
) -> Box:
    scale = canvas.scale
    width = max(one.width for one, _ in blocks)
    height = sum(one.height for one, _ in blocks)
    gap = (SIZE / 2 + 8 if spot.site.reports else _DOT) * scale
    if side in ("left", "right"):
        x = spot.x - gap - width if side == "left" else spot.x + gap
        y = spot.y - min(height / 2, 13 * scale)
        if listed:
            y = max(y, canvas.camera.box[1] + 8 * scale)
        if side == "right" and spot.clear < x + 4 * SIZE * scale:
            x = max(x, spot.clear + 10 * scale)
    else:
        x = spot.x - width / 2
        y = spot.y + gap if side == "bottom" else spot.y - gap - height
    return (x, y, x + width, y + height)


def _cost(canvas: MapCanvas, box: Box, own: Box) -> float:
    """Return the overlap cost of a box: other items weigh most, roads less; skip badge `own`."""
    scale, area = canvas.scale, shapely.box(*box)
    cost = sum(overlap(box, one, 4 * scale) for one in canvas.sheet.taken if one != own) * 10
    if not inside(box, canvas.camera.box, 4 * scale):
        cost += 1e7
    roads = [shapely.linestrings(road).intersection(area).length for road in canvas.roads]
    return float(cost + sum(roads) * scale)


def _list(canvas: MapCanvas, spot: SymbolPosition, name: Box, side: str) -> None:
    """Draw the list below the label, or above it if more lines fit there."""
    scale = canvas.scale
    frame, gap = _shrunk(canvas.camera.box, 12 * scale), 5 * scale
    across = frame[2] - name[0] if side == "right" else name[2] - frame[0]
    fan = below = plan_claim_list(spot.site, scale, (across, frame[3] - name[3] - gap))
    above = plan_claim_list(spot.site, scale, (across, name[1] - gap - frame[1]))
    few = below is None or (len(below.entries) < 5 and below.more)
    if above is not None and few and (below is None or above.more < below.more):
        fan = above
    if fan is None:
        return
    x = name[0] if side == "right" else name[2] - fan.width
    y = name[3] + gap if fan is below else name[1] - gap - fan.height
    canvas.sheet.taken.append(draw_claim_list(canvas.sheet, fan, x, y))
