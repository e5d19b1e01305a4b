"""The map of a slide: base map, what was reported, names, scale bar, north arrow, in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.path import Path

from geo.export.image import arcs, overlays, town_labels
from geo.export.image.airfield import draw_airfield, draw_local, name_airfield, name_local
from geo.export.image.basemap import draw_ground
from geo.export.image.claim_list import plan_claim_list
from geo.export.image.density import draw_density, draw_scales
from geo.export.image.display_list import Box, ColourBar, DisplayList, Shape, rectangle
from geo.export.image.fonts import MEDIUM, SANS
from geo.export.image.locator import draw_locator
from geo.export.image.map_claims import Site, sites_of
from geo.export.image.place_symbols import draw_sites
from geo.export.image.projection import LARGER, MapCanvas, Projection, camera_for
from geo.export.layout.text import cut_line
from geo.mapping.design import TYPE

if TYPE_CHECKING:
    from geo.export.slide import Slide
    from geo.store import LayerStore

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
    """Draw the map of a slide into a box of the sheet; return its projection.

    Parameters
    ----------
    credit : str
        Attribution of the base map, written into the map's corner; empty to leave it out.
    inset : float
        Pixels from the map's left edge to its scale bar; 0 for what suits a map alone.
    """
    sites = sites_of(slide.selection, store)
    fitted = sites_of(slide.fitted, store) if slide.played else sites
    beside = _beside(fitted, slide, LARGER * sheet.unit, box[2] - box[0])
    view = slide.view
    camera = camera_for(box, sheet.unit, slide.frame, view.at, screen=view.screen, beside=beside)
    canvas = MapCanvas(sheet, camera, names=view.names)
    scenery = slide.frame.scenery
    draw_ground(canvas)
    draw_local(canvas)
    draw_density(canvas, slide.selection)
    if "airfield" in scenery:
        draw_airfield(canvas)
    if "rings" in scenery:
        overlays.draw_rings(canvas, store)
    if any(site.is_route and site.reports for site in sites):
        overlays.draw_routes(canvas, store)
    overlays.draw_outlines(canvas, sites)
    arcs.draw_arcs(canvas, sites)
    overlays.draw_layers(canvas, slide.selection)
    left = box[0] + (inset or 24 * canvas.scale)
    _draw_furniture(canvas, left, credit)
    draw_scales(canvas, slide.selection, left, box[3] - 76 * canvas.scale)
    draw_sites(canvas, sites)
    arcs.name_arcs(canvas, sites)
    if slide.played:
        _keep_clear(canvas, fitted)
    _name_ground(canvas, slide, store, sites)
    return camera


def _name_ground(canvas: MapCanvas, slide: Slide, store: LayerStore, sites: list[Site]) -> None:
    """Draw the locator, and name what is not reported, where the places leave room."""
    scenery = slide.frame.scenery
    if "locator" in scenery:
        draw_locator(canvas, sites)
    overlays.name_points(canvas, slide.selection)
    town_labels.draw_towns(canvas, slide.frame.towns)
    if "rings" in scenery:
        overlays.ring_names(canvas, store)
    if "airfield" in scenery:
        name_airfield(canvas, sites)
    name_local(canvas)
    town_labels.draw_regions(canvas)


def _keep_clear(canvas: MapCanvas, sites: list[Site]) -> None:
    """Keep names away from where any picture of an animation has symbols: they stay in place."""
    sheet = canvas.sheet
    other = DisplayList(sheet.size, sheet.unit, sheet.theme)
    draw_sites(MapCanvas(other, canvas.camera), sites)
    sheet.taken += other.taken


def draw_maps(
    sheet: DisplayList,
    box: Box,
    slide: Slide,
    store: LayerStore,
    *,
    credit: str = "",
    inset: float = 0.0,
) -> None:
    """Draw the map of a slide, or its maps side by side, each below its days and its count.

    Where the box is higher than wide, they are one below the other. Parameters as `draw_map`.
    """
    if not slide.parts:
        draw_map(sheet, box, slide, store, credit=credit, inset=inset)
        return
    x0, y0, x1, y1 = box
    unit, count = sheet.unit, len(slide.parts)
    size, gap = 23 * unit, 20 * unit
    head, beside = 1.7 * size, x1 - x0 >= y1 - y0
    width = (x1 - x0 - gap * (count - 1)) / count if beside else x1 - x0
    height = y1 - y0 if beside else (y1 - y0 - gap * (count - 1)) / count
    for number, part in enumerate(slide.parts):
        left = x0 + number * (width + gap) if beside else x0
        top = y0 if beside else y0 + number * (height + gap)
        edge = left + (inset or 24 * unit if left == x0 else 0)
        _write_window(sheet, part, edge, top + 0.62 * head, left + width - edge)
        last = number == count - 1
        frame = (left, top + head, left + width, top + height)
        draw_map(
            sheet,
            frame,
            part,
            store,
            credit=credit if last else "",
            inset=inset if left == x0 else 0.0,
        )
        draw_edge(sheet, frame)


def _write_window(sheet: DisplayList, part: Slide, x: float, y: float, room: float) -> None:
    """Write the side, the days and the number of reports of one of several maps."""
    size = 23 * sheet.unit
    days = cut_line(f"{part.key.capitalize()}: {part.window}", MEDIUM, size, room)
    end = sheet.write(days, x, y, MEDIUM, size, "ink").box[2] + 0.7 * size
    counted = cut_line(part.counted, SANS, 0.85 * size, x + room - end)
    sheet.write(counted, end, y, SANS, 0.85 * size, "muted")


def _beside(sites: list[Site], slide: Slide, scale: float, width: float) -> float:
    """Return the room at the map's right that the list of the page's place needs."""
    if not slide.frame.listed:
        return 0.0
    room = (BESIDE * scale, 1e6)
    fans = [plan_claim_list(one, scale, room) for one in sites if one.id in slide.page.places]
    needed = max((fan.width for fan in fans if fan is not None), default=200 * scale)
    return min(needed + 40 * scale, 0.46 * width)


def _draw_furniture(canvas: MapCanvas, left: float, credit: str) -> None:
    """Draw north arrow and scale bar into the map's lower left corner, and its credit opposite."""
    sheet, camera, scale = canvas.sheet, canvas.camera, canvas.scale
    x0, _, x1, y1 = camera.box
    foot, size = y1 - 20 * scale, TYPE["text"] * scale
    _north(sheet, left + 6 * scale, foot, scale)
    left += 26 * scale
    metres = camera.scale_metres(min(140 * scale, 0.3 * (x1 - x0)))
    length = metres / camera.metres_per_pixel
    text = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    bar = (left, foot - 28 * scale, left + max(length, len(text) * 0.6 * size), foot)
    sheet.add(ColourBar(bar, camera.metres_per_pixel, metres, size, sheet.hue("ink")))
    sheet.mark("furniture", (x0, foot - 48 * scale, bar[2] + 8 * scale, y1))
    if credit:
        small = TYPE["fine"] * scale
        text = cut_line(credit, SANS, small, x1 - bar[2] - 40 * scale)
        at = x1 - 8 * scale, y1 - 6 * scale
        words = sheet.write(text, *at, SANS, small, "muted", align="right", halo="halo")
        sheet.mark("furniture", (words.x - 6 * scale, y1 - 18 * scale, x1, y1))


def _north(sheet: DisplayList, x: float, foot: float, scale: float) -> None:
    """Draw the north arrow of the screen: north is up everywhere on Web Mercator."""
    points = np.array([(13, 2), (19, 20), (13, 16), (7, 20), (13, 2)]) * scale
    at = (x - 13 * scale, foot - 39 * scale)
    sheet.add(Shape(Path(points + at, closed=True), fill="ink"))
    sheet.write("N", x, foot, MEDIUM, TYPE["text"] * scale, "ink", align="centre")


def draw_edge(sheet: DisplayList, box: Box) -> None:
    """Draw the thin line round a map: in the dark, sea and paper are much alike."""
    sheet.add(Shape(rectangle(box), line="line", width=1.2 * sheet.unit))
