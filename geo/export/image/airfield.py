"""Runways with their numbers, and aprons, as in geo/frontend/src/airfield.js and labels.js.

A number is at its own end of the strip: beyond it, or beside it, never on a strip, on the outline
of a place or on another name. Of aprons no outline is held: each is a mark with a name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from geo.export.image.basemap import read_base
from geo.export.image.display_list import ASCENT, Box, Shape, inside
from geo.export.image.fonts import ITALIC, MEDIUM, SANS
from geo.export.image.map_claims import Site
from geo.export.image.place_names import write_note
from geo.export.image.projection import MapCanvas
from geo.export.image.small_names import (
    LEADING,
    MARK,
    SIZE,
    NameSpot,
    Pixels,
    SmallName,
    list_boxes,
)
from geo.mapping.theme import STROKES

NAMES_FROM_ZOOM = 12
GAP, TO_LINE, EDGE = 4.0, 2.0, 3.0  # from a name to other names, to lines, to the map's edge
BESIDE, BEYOND = 5.0, (14.0, 22.0, 30.0, 38.0)
APART = (8.0, 24.0, 40.0, 60.0, 80.0)
ALONG = (0.05, 0.1, 0.15)
ENDS = ("top", "bottom", "left", "right")


Together = Callable[[Sequence[SmallName]], SmallName | None]


def draw_airfield(canvas: MapCanvas) -> None:
    """Draw the runways, and a mark for each apron."""
    for shape, known in zip(*read_base("airfield"), strict=True):
        if known["kind"] == "runway":
            canvas.stroke(np.array([shape]), STROKES["runway"])
        elif canvas.camera.zoom >= NAMES_FROM_ZOOM - 1:
            _draw_mark(canvas, _spot(canvas, shape), MARK)


def draw_local(canvas: MapCanvas) -> None:
    """Draw the local geography of the case, from its areas to its lines."""
    shapes, known = read_base("local")
    order = sorted(range(len(shapes)), key=lambda i: (-shapely.get_dimensions(shapes[i]), i))
    for position in order:
        style = STROKES[f"local-{known[position]['kind']}"]
        flat = shapely.get_dimensions(shapes[position]) < 2
        canvas.stroke(shapes[[position]], replace(style, fill=0.0) if flat else style)


def name_local(canvas: MapCanvas) -> None:
    """Name the local geography that has a name, where there is free space."""
    if canvas.camera.zoom < NAMES_FROM_ZOOM:
        return
    for shape, known in zip(*read_base("local"), strict=True):
        at = _spot(canvas, shapely.point_on_surface(shape))
        if "name" in known and not _is_covered(canvas, at):
            spots = (NameSpot(at, ("right", "left", "top", "bottom"), 6.0),)
            _lay(canvas, [SmallName(at, known["name"], spots)], lambda _: None, [])


def name_airfield(canvas: MapCanvas, sites: Iterable[Site]) -> None:
    """Name the ends of the runways, and the aprons, where there is free space."""
    if canvas.camera.zoom < NAMES_FROM_ZOOM:
        return
    parts = list(zip(*read_base("airfield"), strict=True))
    strips = [(one, known) for one, known in parts if known["kind"] == "runway"]
    outlines = [one.shape for one in sites if not one.is_route]
    lines = [_line(canvas, one) for one in (*outlines, *(shape for shape, _ in strips))]
    numbers = [one for shape, known in strips for one in _name_ends(canvas, shape, known)]
    aprons = [
        SmallName(at, known["name"], (NameSpot(at, ("left", "right", "top", "bottom"), 8.0),),
                  "outline not held", ITALIC)
        for shape, known in parts
        if known["kind"] == "apron" and not _is_covered(canvas, at := _spot(canvas, shape))
    ]  # fmt: skip
    out = (MARK + 0.5) * canvas.scale
    canvas.sheet.taken += [
        (one.at[0] - out, one.at[1] - out, one.at[0] + out, one.at[1] + out) for one in aprons
    ]
    numbers = [one for one in numbers if inside((*one.at, *one.at), canvas.camera.box, EDGE)]
    areas = [shapely.transform(one, canvas.camera.pixels) for one in outlines]
    left = [] if _lay_numbers(canvas, numbers, lines, areas) else [one.runway for one in numbers]
    if not _lay(canvas, aprons, _join_aprons, lines):
        left += [one.text for one in aprons]
    write_note(canvas, list(dict.fromkeys(left)))


def _spot(canvas: MapCanvas, shape: BaseGeometry) -> Pixels:
    x, y = canvas.camera.pixels(shapely.get_coordinates(shape))[0]
    return float(x), float(y)


def _line(canvas: MapCanvas, shape: BaseGeometry) -> BaseGeometry:
    """Return an outline as a line in sheet pixels."""
    moved = shapely.transform(shape, canvas.camera.pixels)
    return shapely.boundary(moved) if shapely.get_dimensions(moved) == 2 else moved


def _is_covered(canvas: MapCanvas, at: Pixels) -> bool:
    spot = (*at, *at)
    if not inside(spot, canvas.camera.box, 6 * canvas.scale):
        return True
    return any(inside(spot, one) for one in canvas.sheet.taken)


def _name_ends(
    canvas: MapCanvas, shape: BaseGeometry, known: Mapping[str, object]
) -> Iterator[SmallName]:
    """Yield the numbers of a runway at their ends; what is no pair of numbers once, at the top."""
    corners = canvas.camera.pixels(shapely.get_coordinates(shape)[:4])
    if np.hypot(*(corners[1] - corners[0])) > np.hypot(*(corners[2] - corners[1])):
        corners = np.roll(corners, -1, axis=0)
    ends = sorted(((corners[:2].mean(0)), (corners[2:].mean(0))), key=lambda one: one[1])
    side = str(known.get("side", ""))
    names = [_name_end(ends[0], ends[1], side), _name_end(ends[1], ends[0], side)]
    numbers = str(known["designator"]).split("/")
    if len(numbers) != 2 or not all(one[:1].isdigit() for one in numbers):
        spots = names[0].spots + names[1].spots
        text = str(known["designator"])
        yield replace(names[0], text=text, spots=spots, runway=f"runway {text}")
        return
    digits = "".join(one for one in numbers[0][:2] if one.isdigit())
    heading = math.radians(10 * int(digits))
    east, south = ends[1] - ends[0]
    first = 0 if east * math.sin(heading) - south * math.cos(heading) > 0 else 1
    runway = f"runway {known['designator']}"
    for position, text in zip((first, 1 - first), numbers, strict=True):
        yield replace(names[position], text=text, runway=runway)


def _name_end(end: np.ndarray, other: np.ndarray, outer: str) -> SmallName:
    """Return a name without words, with the spots where the number at an end may be."""
    east, south = end - other
    at = (float(end[0]), float(end[1]))
    if abs(south) < abs(east):
        out, beside = ("right" if east > 0 else "left"), ("top", "bottom")
        beyond: tuple[str, ...] = (out,)
    else:
        out = "bottom" if south > 0 else "top"
        beside = ("right", "left") if outer == "east" else ("left", "right")
        beyond = (*(f"{out}-{one}" for one in (beside[:1] if outer else beside)), out)
    along = ((float(x), float(y)) for x, y in (end + share * (other - end) for share in ALONG))
    spots = (
        NameSpot(at, (*beyond, *beside), BESIDE),
        *(NameSpot(one, beside, BESIDE) for one in along),
        *(NameSpot(at, beyond, off) for off in BEYOND),
    )
    return SmallName(at, "", spots, face=MEDIUM, end=out)


def _lay_numbers(
    canvas: MapCanvas,
    numbers: Sequence[SmallName],
    lines: list[BaseGeometry],
    areas: list[BaseGeometry],
) -> bool:
    """Write all numbers inside of the outline, or all outside of it; False if none has room.

    They are written by themselves, or those of an end together.
    """
    ends = [[one for one in numbers if one.end == end] for end in ENDS]
    joined = [_join_numbers(some) for some in ends if some]
    for names, within in ((numbers, True), (numbers, False), (joined, False), (joined, True)):
        wanted = [replace(one, within=within) for one in names]
        placed = _find_rooms(canvas, wanted, lines, areas)
        if len(placed) == len(wanted):
            for name, box, side in placed:
                _write(canvas, name, box, side)
            return True
    return False


def _join_numbers(some: Sequence[SmallName]) -> SmallName:
    """Return one name for the numbers at ends that are too near each other."""
    if len(some) < 2:
        return some[0]
    ranked = sorted(some, key=lambda one: one.at)
    x, y = np.mean([one.at for one in ranked], axis=0)
    at, end = (float(x), float(y)), some[0].end
    aside = (f"{end}-left", f"{end}-right") if end in ("top", "bottom") else ("top", "bottom")
    spots = tuple(NameSpot(at, (end, *aside), off) for off in (BESIDE, *BEYOND))
    return replace(ranked[0], at=at, text=" · ".join(one.text for one in ranked), spots=spots)


def _join_aprons(some: Sequence[SmallName]) -> SmallName | None:
    """Return one name for all aprons in sight; it has their mark before it."""
    if len(some) < 2:
        return None
    spots = tuple(NameSpot(one.at, one.spots[0].sides, off) for off in APART for one in some)
    text, note = f"{len(some)} aprons", "outlines not held"
    return replace(some[0], text=text, note=note, spots=spots, marked=True)


def _lay(
    canvas: MapCanvas, names: Sequence[SmallName], join: Together, lines: list[BaseGeometry]
) -> bool:
    """Write all names where they have room, or one for all of them; False if none has room."""
    placed = _find_rooms(canvas, names, lines)
    if len(placed) < len(names):
        joined = join(names)
        placed = _find_rooms(canvas, [joined], lines) if joined else []
    for name, box, side in placed:
        _write(canvas, name, box, side)
    return bool(placed) or not names


def _find_rooms(
    canvas: MapCanvas,
    names: Iterable[SmallName],
    lines: list[BaseGeometry],
    areas: Sequence[BaseGeometry] = (),
) -> list[tuple[SmallName, Box, str]]:
    found: list[tuple[SmallName, Box, str]] = []
    scale, before = canvas.scale, len(canvas.sheet.taken)
    for name in names:
        for box, side in list_boxes(name, scale):
            free = canvas.is_free(box, gap=2 * GAP * scale, edge=EDGE * scale)
            area = shapely.box(*box).buffer(TO_LINE * scale)
            if not free or any(shapely.intersects(one, area) for one in lines):
                continue
            middle = shapely.centroid(area)
            if name.within in (None, any(shapely.intersects(one, middle) for one in areas)):
                found.append((name, box, side))
                canvas.sheet.taken.append(box)
                break
    del canvas.sheet.taken[before:]
    return found


def _write(canvas: MapCanvas, name: SmallName, box: Box, side: str) -> None:
    sheet, size = canvas.sheet, SIZE * canvas.scale
    align = next((one for one in ("left", "right") if side.endswith(one)), "centre")
    x = {"left": box[2], "right": box[0]}.get(align, (box[0] + box[2]) / 2)
    align = {"left": "right", "right": "left"}.get(align, align)
    face = MEDIUM if name.face is MEDIUM else SANS
    foot = box[1] + 0.08 * size + ASCENT * size
    shift = 4 * MARK * canvas.scale if name.marked and align != "right" else 0
    words = sheet.write(name.text, x + shift, foot, face, size, "faint", align=align, halo="halo")
    if name.marked:
        at = (words.box[0] - 2.6 * MARK * canvas.scale, foot - 0.28 * size)
        _draw_mark(canvas, at, 0.9 * MARK)
    if name.note:
        at = (x, foot + LEADING * canvas.scale)
        sheet.write(name.note, *at, ITALIC, size, "faint", align=align, halo="halo")
    sheet.taken.append(box)


def _draw_mark(canvas: MapCanvas, at: Pixels, radius: float) -> None:
    circle = Path.circle(at, radius * canvas.scale)
    width, clip = 1.4 * canvas.scale, canvas.camera.box
    canvas.sheet.add(Shape(circle, fill="land", line="runway", width=width, clip=clip))
