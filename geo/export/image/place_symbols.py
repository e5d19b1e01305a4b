"""Draw the symbols of places with leader lines, names and lists; nothing covers anything else."""

from __future__ import annotations

import numpy as np
from matplotlib.path import Path

from geo.export.image.display_list import Box, Shape
from geo.export.image.icons import badge
from geo.export.image.map_claims import Site
from geo.export.image.place_names import draw_name, name_the_rest
from geo.export.image.projection import MapCanvas
from geo.export.image.symbol_spots import DOT, SymbolPosition, find_spots

_STEP = 6.0  # pixels on a screen: a leader line is kept free in boxes of this size


def draw_sites(canvas: MapCanvas, sites: list[Site]) -> None:
    """Draw symbol, label and list of each visible place, and reserve their space."""
    sheet, scale = canvas.sheet, canvas.scale
    spots = find_spots(canvas, sites)
    for spot in spots:
        _leader(canvas, spot)
    for spot in spots:
        if spot.site.reports:
            badge(sheet, spot.site, spot.x, spot.y, 0.9 * scale)
        else:
            sheet.add(Shape(Path.circle((spot.x, spot.y), DOT / 2 * scale), fill="faint"))
        sheet.mark("badge", spot.box(scale))
    named = sorted(spots, key=lambda one: -len(one.site.reports))
    name_the_rest(canvas, [spot for spot in named if not draw_name(canvas, spot)])


def _leader(canvas: MapCanvas, spot: SymbolPosition) -> None:
    """Draw the leader line of a moved badge; no name is written on it."""
    line = spot.leader(canvas.scale)
    if line is None:
        return
    sheet, scale = canvas.sheet, canvas.scale
    path = Path([*line])
    sheet.add(Shape(path, line="place", width=1.4 * scale, clip=canvas.camera.box))
    sheet.leaders.append(line)
    start, end = np.array(line)
    count = max(1, int(np.ceil(np.hypot(*(end - start)) / (_STEP * scale))))
    half = _STEP / 2 * scale
    for share in (np.arange(count) + 0.5) / count:
        x, y = start + (end - start) * share
        box: Box = (float(x) - half, float(y) - half, float(x) + half, float(y) + half)
        sheet.taken.append(box)
