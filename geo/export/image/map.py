"""The map of a slide: base map, what was reported, names, scale bar, north arrow, in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.path import Path

from geo.export.image import overlays, town_labels
from geo.export.image.basemap import airfield_names, draw_airfield, draw_ground
from geo.export.image.claim_list import plan_claim_list
from geo.export.image.density import draw_density, draw_scales
from geo.export.image.display_list import Box, ColourBar, DisplayList, Shape, rectangle
from geo.export.image.fonts import MEDIUM, SANS
from geo.export.image.map_claims import Site, sites_of
from geo.export.image.place_symbols import draw_sites
from geo.export.image.projection import Projection, camera_for
from geo.export.layout.text import cut_line

if TYPE_CHECKING:
    from geo.export.slide import Slide
    from geo.store import LayerStore

LARGER = 1.35  # than on a screen: a slide is read from the back of a room
BESIDE = 440.0  # pixels on a screen that the list of a place takes


def draw_map(
    sheet: DisplayList,
    box: Box,
    slide: Slide,
    store: LayerStore,
    *,
    credit: str = "",
    inset: float = 0.0,
) -> Projection:
    """Draw the map of a slide into a box of the sheet.

    Parameters
    ----------
    credit : str
        Where the base map comes from, written into the map's corner; empty to leave it out.
    inset : float
        Pixels from the map's left edge to its scale bar; 0 for what suits a map alone.

    Returns
    -------
    Camera
        Where it looks.
    """
    scale = LARGER * sheet.unit
    width = box[2] - box[0]
    sites = sites_of(slide.selection, store)
    beside = _beside(sites, slide, scale, width) if slide.frame.listed else 0.0
    camera = camera_for(box, sheet.unit, slide.frame, slide.view.at, beside=beside)
    draw_ground(sheet, camera, scale)
    draw_density(sheet, camera, slide.selection)
    if "airfield" in slide.frame.scenery:
        draw_airfield(sheet, camera, scale)
    if "rings" in slide.frame.scenery:
        overlays.draw_rings(sheet, camera, store, scale)
    moving = any(site.is_route and site.reports for site in sites)
    roads = overlays.draw_routes(sheet, camera, store, scale) if moving else []
    overlays.draw_outlines(sheet, camera, sites, scale)
    overlays.draw_layers(sheet, camera, slide.selection, scale)
    inset = inset or 24 * scale
    draw_furniture(sheet, camera, scale, inset, credit)
    draw_scales(sheet, camera, slide.selection, scale, box[3] - 76 * scale, inset)
    draw_sites(sheet, camera, sites, scale, roads)
    town_labels.draw_towns(sheet, camera, slide.frame.towns, scale, roads)
    if "rings" in slide.frame.scenery:
        overlays.ring_names(sheet, camera, store, scale)
    if "airfield" in slide.frame.scenery:
        airfield_names(sheet, camera, scale)
    town_labels.draw_regions(sheet, camera, scale)
    return camera


def _beside(sites: list[Site], slide: Slide, scale: float, width: float) -> float:
    """Return the room at the map's right that the list of the page's place needs."""
    fans = [
        plan_claim_list(one, scale, (BESIDE * scale, 1e6))
        for one in sites
        if one.id in slide.page.places
    ]
    needed = max((fan.width for fan in fans if fan is not None), default=200 * scale)
    return min(needed + 40 * scale, 0.46 * width)


def draw_furniture(
    sheet: DisplayList, camera: Projection, scale: float, inset: float, credit: str = ""
) -> None:
    """Draw north arrow and scale bar into the map's lower left corner, and its credit opposite."""
    x0, _, x1, y1 = camera.box
    left, foot = x0 + inset, y1 - 20 * scale
    size = 14 * scale
    _north(sheet, left + 6 * scale, foot, scale)
    left += 26 * scale
    metres = camera.scale_metres(min(140 * scale, 0.3 * (x1 - x0)))
    length = metres / camera.metres_per_pixel
    text = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    bar = (left, foot - 28 * scale, left + max(length, len(text) * 0.6 * size), foot)
    sheet.add(ColourBar(bar, camera.metres_per_pixel, metres, size, sheet.hue("ink")))
    sheet.taken.append((x0, foot - 48 * scale, bar[2] + 8 * scale, y1))
    if credit:
        small = 10.5 * scale
        room = x1 - bar[2] - 40 * scale
        text = cut_line(credit, SANS, small, room)
        box = (x1, y1 - 18 * scale, x1, y1)
        words = sheet.write(
            text,
            x1 - 8 * scale,
            y1 - 6 * scale,
            SANS,
            small,
            "muted",
            align="right",
            halo=sheet.hue("halo"),
        )
        sheet.taken.append((words.box[0] - 6 * scale, *box[1:]))


def _north(sheet: DisplayList, x: float, foot: float, scale: float) -> None:
    """Draw the north arrow of the screen: north is up everywhere on Web Mercator."""
    points = np.array([(13, 2), (19, 20), (13, 16), (7, 20), (13, 2)]) * scale
    at = (x - 13 * scale, foot - 39 * scale)
    sheet.add(Shape(Path(points + at, closed=True), fill=sheet.hue("ink")))
    sheet.write("N", x, foot, MEDIUM, 14 * scale, "ink", align="centre")


def draw_edge(sheet: DisplayList, box: Box) -> None:
    """Draw the thin line round a map: in the dark, sea and paper are much alike."""
    sheet.add(Shape(rectangle(box), line=sheet.hue("line"), width=1.2 * sheet.unit))
