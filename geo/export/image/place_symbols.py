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

from geo.export.image.basemap import on_land, seen
from geo.export.image.claim_list import draw_claim_list, plan_claim_list
from geo.export.image.display_list import Box, DisplayList, Shape, circle, inside, lines, overlap
from geo.export.image.fonts import BOLD, ITALIC, Face
from geo.export.image.icons import BADGE, badge
from geo.export.image.map_claims import Site
from geo.export.image.projection import Projection
from geo.export.layout.text import TextBlock, balance_lines, fit_text, wrap_text

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


def draw_sites(
    sheet: DisplayList, camera: Projection, sites: list[Site], scale: float, roads: list[np.ndarray]
) -> None:
    """Draw symbol, label and list of each visible place, and reserve their space."""
    spots: list[SymbolPosition] = []
    for site in sorted(sites, key=_rank):
        spot = _spot(camera, site, scale, spots)
        if spot is not None:
            spots.append(spot)
    for spot in spots:
        _leader(sheet, camera, spot, scale, spots)
    for spot in spots:
        if spot.site.reports:
            badge(sheet, spot.site, spot.x, spot.y, 0.9 * scale)
        else:
            faint = sheet.hue("faint")
            sheet.add(Shape(circle(spot.x, spot.y, _DOT / 2 * scale), fill=faint))
        sheet.taken.append(spot.box(scale))
    for spot in sorted(spots, key=lambda one: -len(one.site.reports)):
        _name(sheet, camera, spot, scale, roads)


def _rank(site: Site) -> tuple[bool, bool, bool, str]:
    return (not site.reports, site.kind == "area", site.is_route, site.id)


def _spot(
    camera: Projection, site: Site, scale: float, spots: list[SymbolPosition]
) -> SymbolPosition | None:
    if not site.reports and (site.kind == "area" or site.is_route):
        return None
    visible = seen(np.array([site.shape]), camera)
    x, y = camera.at(*site.position)
    side = site.label_side
    inset = (SIZE / 2 + 8) * scale if site.reports else 2 * _DOT * scale
    frame = _shrunk(camera.box, inset)
    if not len(visible):
        return None
    if not inside((x, y, x, y), camera.box):
        x, y = camera.pixels(shapely.get_coordinates(shapely.point_on_surface(visible[:1])))[0]
    close = camera.zoom >= CLOSE and not site.is_route
    target, clear = None, -np.inf
    if close:
        corners = camera.pixels(shapely.get_coordinates(visible))
        wide = np.ptp(corners, axis=0).max()
        north = corners[corners[:, 1].argmin()]
        if site.kind != "area":
            x, y = _north_east(visible, camera, corners, 0.3 * SIZE * scale)
            side, clear = "right", float(corners[:, 0].max())
        elif wide >= 2 * SIZE * scale:
            x, y = north[0], north[1] - 0.3 * SIZE * scale
        else:
            target = (float(x), float(y))
    elif site.kind == "area":
        target = (float(x), float(y))
    spot = SymbolPosition(site, *_clamped(x, y, frame), side, close=close, clear=clear)
    crowded = site.reports and any(_near(spot, one, scale) for one in spots)
    if target is None and not crowded:
        return spot
    return _standing_off(spot, target or (float(x), float(y)), frame, scale, spots)


def _north_east(
    visible: np.ndarray, camera: Projection, corners: np.ndarray, out: float
) -> tuple[float, float]:
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


def _clamped(x: float, y: float, frame: Box) -> tuple[float, float]:
    return (float(min(max(x, frame[0]), frame[2])), float(min(max(y, frame[1]), frame[3])))


def _leader(
    sheet: DisplayList,
    camera: Projection,
    spot: SymbolPosition,
    scale: float,
    spots: list[SymbolPosition],
) -> None:
    """Draw the leader line from a moved badge to a part of its place that no badge covers."""
    if spot.target is None:
        return
    target = spot.target
    if spot.site.kind == "area":
        shape = shapely.transform(spot.site.shape, camera.pixels)
        badges = [shapely.Point(one.x, one.y).buffer(0.52 * SIZE * scale) for one in spots]
        bare = shapely.difference(shape, shapely.union_all(badges))
        if not shapely.is_empty(bare):
            target = shapely.point_on_surface(bare).coords[0]
    path = lines([np.array([target, (spot.x, spot.y)])])
    sheet.add(Shape(path, line=sheet.hue("place"), width=1.4 * scale, clip=camera.box))


def _blocks(site: Site, scale: float) -> Iterator[list[tuple[TextBlock[Face], str]]]:
    """Yield the label wrapped to 1, 2 and 3 lines; text blocks with their colours."""
    text = site.label
    area = site.kind == "area"
    face, size, colour = (ITALIC, 17.0, "place") if area else (BOLD, 18.0, "ink")
    for width, most in ((270, 1), (190, 2), (120, 3)):
        name = balance_lines(
            fit_text(text, face, (size * scale,), width * scale, most=(most,), leading=1.18),
            width * scale,
        )
        if name.whole or most == 3:
            note = wrap_text("area approximate", ITALIC, 14 * scale, 270 * scale, leading=1.25)
            yield [(name, colour), (note, "place")] if area else [(name, colour)]


def _name(
    sheet: DisplayList,
    camera: Projection,
    spot: SymbolPosition,
    scale: float,
    roads: list[np.ndarray],
) -> None:
    """Draw a place's label, and its list at high zoom, at the position with the least overlap."""
    listed = spot.close and spot.site.kind != "area" and bool(spot.site.reports)
    sides = (spot.side, *(side for side in SIDES if side != spot.side))
    best: tuple[float, Box, list[tuple[TextBlock[Face], str]], str] | None = None
    for blocks in _blocks(spot.site, scale):
        for rank, side in enumerate(sides if not listed else (*sides[:1], "left")):
            box = _text_box(spot, blocks, side, scale, camera, listed)
            cost = _cost(sheet, camera, box, spot.box(scale), scale, roads) + rank
            if best is None or cost < best[0] - 4:
                best = (cost, box, blocks, side)
    if best is None or best[0] > 1e6:
        return
    _, box, blocks, side = best
    halo = "halo" if on_land(camera, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2) else "sea"
    y = box[1]
    for text, colour in blocks:
        y = _write(sheet, text, box, y, side, colour, sheet.hue(halo))
    sheet.taken.append(box)
    if listed:
        _list(sheet, camera, spot, box, side, scale)


def _write(
    sheet: DisplayList, text: TextBlock[Face], box: Box, y: float, side: str, colour: str, halo: str
) -> float:
    align = {"left": "right", "right": "left"}.get(side, "centre")
    x = {"left": box[2], "right": box[0]}.get(side, (box[0] + box[2]) / 2)
    for line in text.lines:
        foot = y + 0.76 * text.leading
        sheet.write(line, x, foot, text.font, text.size, colour, align=align, halo=halo)
        y += text.leading
    return y


def _text_box(
    spot: SymbolPosition,
    blocks: list[tuple[TextBlock[Face], str]],
    side: str,
    scale: float,
    camera: Projection,
    listed: bool,
) -> Box:
    width = max(one.width for one, _ in blocks)
    height = sum(one.height for one, _ in blocks)
    gap = (SIZE / 2 + 8 if spot.site.reports else _DOT) * scale
    if side in ("left", "right"):
        x = spot.x - gap - width if side == "left" else spot.x + gap
        y = spot.y - min(height / 2, 13 * scale)
        if listed:
            y = max(y, camera.box[1] + 8 * scale)
        if side == "right" and spot.clear < x + 4 * SIZE * scale:
            x = max(x, spot.clear + 10 * scale)
    else:
        x = spot.x - width / 2
        y = spot.y + gap if side == "bottom" else spot.y - gap - height
    return (x, y, x + width, y + height)


def _cost(
    sheet: DisplayList,
    camera: Projection,
    box: Box,
    own: Box,
    scale: float,
    roads: list[np.ndarray],
) -> float:
    """Return the overlap cost of a box: other items weigh most, roads less; skip badge `own`."""
    cost = sum(overlap(box, one, 4 * scale) for one in sheet.taken if one != own) * 10
    if not inside(box, camera.box, 4 * scale):
        cost += 1e7
    if roads:
        area = shapely.box(*box)
        cost += sum(shapely.linestrings(one).intersection(area).length for one in roads) * scale
    return float(cost)


def _list(
    sheet: DisplayList, camera: Projection, spot: SymbolPosition, name: Box, side: str, scale: float
) -> None:
    """Draw the list below the label, or above it if more lines fit there."""
    frame = _shrunk(camera.box, 12 * scale)
    across = frame[2] - name[0] if side == "right" else name[2] - frame[0]
    gap = 5 * scale
    below = plan_claim_list(spot.site, scale, (across, frame[3] - name[3] - gap))
    above = plan_claim_list(spot.site, scale, (across, name[1] - gap - frame[1]))
    fan = below
    if above is not None and (below is None or (len(below.entries) < 5 and below.more)):
        fan = above if below is None or above.more < below.more else below
    if fan is None:
        return
    x = name[0] if side == "right" else name[2] - fan.width
    y = name[3] + gap if fan is below else name[1] - gap - fan.height
    sheet.taken.append(draw_claim_list(sheet, fan, x, y))
