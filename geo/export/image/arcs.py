"""Draw reports that give a distance from a place and no spot: lines, bands, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.export.image.basemap import on_land
from geo.export.image.display_list import Box
from geo.export.image.fonts import ITALIC
from geo.export.image.map_claims import Arc, Site
from geo.export.image.place_names import write_note
from geo.export.image.projection import MapCanvas
from geo.mapping.design import TYPE
from geo.mapping.theme import STROKES, UNPUBLISHED

_SIZE = float(TYPE["note"])
_AWAY = 7.0  # from the line to its words
_SMALLEST = 48.0  # of an arc that is named, across or down
_NEAR = 0.4  # of the map's larger side: an arc farther off is not named
_CLEAR = 2.0  # from a name to any arc
_TRIED = 25  # spots along an arc
_SIDES = ("left", "right", "top", "bottom")


def draw_arcs(canvas: MapCanvas, sites: Iterable[Site]) -> None:
    """Draw the band and the line of each report that is known by a distance."""
    for site in sites:
        for one in site.distances:
            if one.arc is None:
                continue
            line = UNPUBLISHED if one.review else STROKES["distance"]
            canvas.stroke(np.array([one.shape]), STROKES["place-distance"], alpha=one.strength)
            canvas.stroke(np.array([one.arc.line]), line, alpha=one.strength)


def name_arcs(canvas: MapCanvas, sites: Iterable[Site]) -> None:
    """Write each distance once beside its arc, clear of all arcs; name the others in a note."""
    found = {(arc.label, arc.line.wkb): arc for arc in _list_arcs(sites)}
    lines = shapely.union_all(project_arcs(canvas, sites))
    shapely.prepare(lines)
    write_note(canvas, [arc.label for arc in found.values() if not _name(canvas, arc, lines)])


def project_arcs(canvas: MapCanvas, sites: Iterable[Site]) -> list[BaseGeometry]:
    """Return the lines of all arcs in pixels of the sheet."""
    return [shapely.transform(arc.line, canvas.camera.pixels) for arc in _list_arcs(sites)]


def _list_arcs(sites: Iterable[Site]) -> Iterator[Arc]:
    return (one.arc for site in sites for one in site.distances if one.arc is not None)


def _name(canvas: MapCanvas, arc: Arc, lines: BaseGeometry) -> bool:
    """Write the name of an arc; return False if the arc is in sight and its name has no room."""
    parts = shapely.get_parts(arc.line)
    points = canvas.camera.pixels(shapely.get_coordinates(parts[shapely.length(parts).argmax()]))
    scale = canvas.scale
    if np.ptp(points, axis=0).max() < _SMALLEST * scale:
        return True
    size = _SIZE * scale
    height = 1.15 * size
    for x, y, text, bare in _list_tries(canvas, points, arc.label):
        width = ITALIC.width(text) * size
        for side in _SIDES:
            box = _box_beside(x, y, side, width, height, _AWAY * scale)
            if bare and any(area.intersects(shapely.box(*box)) for area in canvas.areas):
                continue
            if lines.intersects(shapely.box(*box).buffer(_CLEAR * scale)):
                continue
            if canvas.is_free(box, gap=4 * scale, edge=4 * scale):
                sea = not on_land(canvas.camera, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
                at = box[0], box[1] + 0.8 * height
                canvas.sheet.write(text, *at, ITALIC, size, "place", halo="sea" if sea else "halo")
                canvas.sheet.taken.append(box)
                return True
    return not shapely.linestrings(points).intersects(shapely.box(*canvas.camera.box))


def _list_tries(
    canvas: MapCanvas, points: np.ndarray, label: str
) -> Iterator[tuple[float, float, str, bool]]:
    """Yield spots for a name, its text, and whether it must be clear of hatched areas.

    First those along the arc, at last those at the edge beyond which it is.
    """
    for bare in (True, False):
        for x, y in _list_spots(points):
            yield x, y, label, bare
    x0, y0, x1, y1 = canvas.camera.box
    inside = np.clip(points, (x0, y0), (x1, y1))
    off = np.hypot(*(points - inside).T)
    nearest = int(off.argmin())
    if off[nearest] >= _NEAR * max(x1 - x0, y1 - y0):
        return
    x, y = inside[nearest].tolist()
    text = f"← {label}" if x < (x0 + x1) / 2 else f"{label} →"
    for down in (0, 24, -24, 48, -48, 96, -96):
        yield x, y + down * canvas.scale, text, True


def _list_spots(points: np.ndarray) -> Iterator[tuple[float, float]]:
    """Yield spots along a line, from its middle to its ends."""
    last = len(points) - 1
    steps = np.arange(_TRIED)
    away = np.ceil(steps / 2) / (_TRIED - 1) * np.where(steps % 2, 1, -1)
    for at in dict.fromkeys(np.rint((0.5 + away) * last).astype(int).tolist()):
        if 0 <= at <= last:
            yield float(points[at][0]), float(points[at][1])


def _box_beside(x: float, y: float, side: str, width: float, height: float, away: float) -> Box:
    left = {"left": x - away - width, "right": x + away}.get(side, x - width / 2)
    top = {"top": y - away - height, "bottom": y + away}.get(side, y - height / 2)
    return (left, top, left + width, top + height)
