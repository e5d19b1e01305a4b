"""Names of places and their claim lists on a picture, each where it covers nothing.

A name is tried on all sides of its symbol and farther from it; a list gets the room between what is
there, and says how many lines have none. A name without any room is in a note in a corner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from geo.export.image.basemap import on_land
from geo.export.image.claim_list import ClaimList, draw_claim_list, entries_of, plan_claim_list
from geo.export.image.display_list import Box, inside, overlap
from geo.export.image.fonts import BOLD, ITALIC, SANS, Face
from geo.export.image.map_claims import Site
from geo.export.image.projection import MapCanvas
from geo.export.image.symbol_spots import DOT, SIZE, SymbolPosition, shrink
from geo.export.layout.text import TextBlock, balance_lines, wrap_text
from geo.mapping.design import TYPE
from geo.text.map_names import ENGLISH, list_names

Label = list[tuple[TextBlock[Face], str]]  # text blocks with their colours
SIDES = ("left", "right", "bottom", "top")
FEW = 4  # lines of a list that is too short to choose its place for
_SHIFTS = ((0.0, 0.0), (0.0, -26.0), (0.0, 26.0), (14.0, -52.0), (14.0, 52.0), (40.0, 0.0),
           (90.0, 0.0), (90.0, -40.0), (90.0, 40.0))  # fmt: skip
_AWAY = 0.25  # cost of a pixel on a screen between symbol and name
_OVER = 0.02  # cost of a square pixel of a hatched area that is covered
_GAP = 4.0  # pixels on a screen round each text


@dataclass(frozen=True, eq=False)
class PlacedName:
    """A name with its box and the cost of its place; `fan` is the list, with its corner."""

    cost: float
    box: Box
    blocks: Label
    side: str
    fan: tuple[ClaimList, float, float] | None = None

    @property
    def lines(self) -> int:
        """Lines of its list."""
        return len(self.fan[0].entries) if self.fan else 0


def list_label_blocks(
    site: Site, scale: float, names: str = ENGLISH, note: str = ""
) -> Iterator[Label]:
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
            notes += [(note, SANS, "muted")] if note else []
            below = [
                (wrap_text(words, font, TYPE["text"] * scale, 270 * scale, leading=1.25), ink)
                for words, font, ink in notes
            ]
            yield [(name, colour), *below]


def draw_name(canvas: MapCanvas, spot: SymbolPosition) -> bool:
    """Draw a place's label, and its list at high zoom; return whether there was room for it."""
    listed = spot.close and spot.site.kind != "area" and bool(spot.site.reports)
    found = _find_place(canvas, spot, listed=listed)
    if found is not None and listed and found.fan is None and entries_of(spot.site):
        note = _count_unlisted(spot.site)
        found = _find_place(canvas, spot, listed=False, note=note) or found
    if found is None:
        return False
    _write(canvas, found)
    return True


def _count_unlisted(site: Site) -> str:
    number = len(entries_of(site))
    return f"{number} systems, not listed here" if number > 1 else "1 system, not listed here"


def _find_place(
    canvas: MapCanvas, spot: SymbolPosition, *, listed: bool, note: str = ""
) -> PlacedName | None:
    """Return the free place of least cost; with a list, the one that shows most of its lines."""
    best: PlacedName | None = None
    for blocks in list_label_blocks(spot.site, canvas.scale, canvas.names, note):
        for rank, (side, shift) in enumerate(_list_sides(spot, listed=listed)):
            box = _text_box(canvas, spot, blocks, side, shift, listed)
            if not canvas.is_free(box, gap=_GAP * canvas.scale, edge=_GAP * canvas.scale):
                continue
            fan = _plan_list(canvas, spot.site, box, side) if listed else None
            cost = rank + _AWAY * float(np.hypot(*shift))
            cost += _measure_roads(canvas, box) + _measure_areas(canvas, box, fan)
            place = PlacedName(cost, box, blocks, side, fan)
            if best is None or _is_better(place, best):
                best = place
    return best


def _is_better(place: PlacedName, best: PlacedName) -> bool:
    if place.lines != best.lines and min(place.lines, best.lines) < FEW:
        return place.lines > best.lines
    return place.cost < best.cost - 4


def _list_sides(spot: SymbolPosition, *, listed: bool) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield sides with a shift away from the symbol and downwards, the preferred one first."""
    sides = (spot.side, *(side for side in SIDES if side != spot.side))
    if listed:
        sides = ("right", "left") if spot.side != "left" else ("left", "right")
    for shift in _SHIFTS:
        for side in sides:
            yield side, shift


def _text_box(
    canvas: MapCanvas,
    spot: SymbolPosition,
    blocks: Label,
    side: str,
    shift: tuple[float, float],
    listed: bool,
) -> Box:
    scale = canvas.scale
    width = max(one.width for one, _ in blocks)
    height = sum(one.height for one, _ in blocks)
    gap = ((SIZE / 2 + 10.5 if spot.site.reports else DOT) + shift[0]) * scale
    if side in ("left", "right"):
        x = spot.x - gap - width if side == "left" else spot.x + gap
        y = spot.y - min(height / 2, 13 * scale)
        if listed:
            y = max(y, canvas.camera.box[1] + 8 * scale)
        if side == "right" and spot.clear < x + 4 * SIZE * scale:
            x = max(x, spot.clear + 10 * scale)
        y += shift[1] * scale
    else:
        x = spot.x - width / 2 + 1.5 * shift[1] * scale
        y = spot.y + gap if side == "bottom" else spot.y - gap - height
    return (x, y, x + width, y + height)


def _measure_roads(canvas: MapCanvas, box: Box) -> float:
    area = shapely.box(*box)
    roads = [shapely.linestrings(road).intersection(area).length for road in canvas.roads]
    return float(sum(roads) * canvas.scale)


def _measure_areas(
    canvas: MapCanvas, box: Box, fan: tuple[ClaimList, float, float] | None
) -> float:
    """Return the cost of what a name and its list cover of hatched areas."""
    boxes = [box]
    if fan is not None:
        plan, x, y = fan
        boxes.append((x, y, x + plan.width, y + plan.height))
    covered = sum(one.intersection(shapely.box(*box)).area for one in canvas.areas for box in boxes)
    return _OVER * float(covered) / canvas.scale**2


def _plan_list(
    canvas: MapCanvas, site: Site, name: Box, side: str
) -> tuple[ClaimList, float, float] | None:
    """Return the list below the label, or above it if more lines fit there, and its corner."""
    scale = canvas.scale
    frame, gap = shrink(canvas.camera.box, 12 * scale), 5 * scale
    across = frame[2] - name[0] if side == "right" else name[2] - frame[0]
    whole = plan_claim_list(site, scale, (across, 1e6))
    if whole is None:
        return None
    x = name[0] if side == "right" else name[2] - whole.width
    taken = [
        one
        for one in canvas.sheet.taken
        if one[0] < x + whole.width + 2 * scale and one[2] > x - 2 * scale
    ]
    top, foot = name[3] + gap, name[1] - gap
    floor = min([frame[3], *(one[1] - gap for one in taken if one[3] > top)])
    roof = max([frame[1], *(one[3] + gap for one in taken if one[1] < foot)])
    below = plan_claim_list(site, scale, (across, floor - top))
    above = plan_claim_list(site, scale, (across, foot - roof))
    if above and (below is None or (len(below.entries) < FEW + 1 and above.more < below.more)):
        return above, x, foot - above.height
    return (below, x, top) if below else None


def _write(canvas: MapCanvas, name: PlacedName) -> None:
    sheet, box = canvas.sheet, name.box
    middle = (box[0] + box[2]) / 2
    halo = "halo" if on_land(canvas.camera, middle, (box[1] + box[3]) / 2) else "sea"
    aligned = {"left": ("right", box[2]), "right": ("left", box[0])}
    align, x = aligned.get(name.side, ("centre", middle))
    y = box[1]
    for text, colour in name.blocks:
        for line in text.lines:
            at = x, y + 0.76 * text.leading
            sheet.write(line, *at, text.font, text.size, colour, align=align, halo=halo)
            y += text.leading
    sheet.mark("name", box)
    if name.fan is not None:
        fan, left, top = name.fan
        sheet.mark("list", draw_claim_list(sheet, fan, left, top))


def name_the_rest(canvas: MapCanvas, spots: list[SymbolPosition]) -> None:
    """Name the places whose name had no room in a note, where the map has room for that."""
    write_note(canvas, [one.site.label for one in spots])


def write_note(canvas: MapCanvas, names: list[str]) -> None:
    """Write what had no room beside its symbol or line in a note, where the map has room for it."""
    if not names:
        return
    scale, camera = canvas.scale, canvas.camera
    frame = shrink(camera.box, 10 * scale)
    words = f"{len(names)} more: {', '.join(names)}"
    for size in (13.0, 11.0, 9.5):
        for width in (320, 220, 150):
            text = wrap_text(words, ITALIC, size * scale, width * scale)
            box = _find_corner(canvas, frame, (text.width, text.height))
            if box is not None:
                canvas.sheet.write_block(text, box[0], box[1], "ink")
                canvas.sheet.mark("name", box)
                return


def _find_corner(canvas: MapCanvas, frame: Box, size: tuple[float, float]) -> Box | None:
    """Return the first free box of a size, from the lower left corner upwards."""
    step = 12 * canvas.scale
    y = frame[3] - size[1]
    while y >= frame[1]:
        x = frame[0]
        while x + size[0] <= frame[2]:
            box = (x, y, x + size[0], y + size[1])
            if inside(box, frame) and not any(
                overlap(box, one, _GAP * canvas.scale) for one in canvas.sheet.taken
            ):
                return box
            x += step
        y -= step
    return None
