"""Draw map overlays: place outlines, hatched areas, routes, distance rings and uploaded layers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from geo.export.image.basemap import path_of, seen, small_name
from geo.export.image.density import in_sight
from geo.export.image.display_list import Box, DisplayList, Dots, Shape, circle, lines, spots
from geo.export.image.map_claims import Site, drawable
from geo.export.image.projection import Projection, to_mercator
from geo.large_layer import LargeLayerRows
from geo.mapping.symbols import choose_layer_colour
from geo.mapping.theme import STROKES, Stroke

if TYPE_CHECKING:
    from geo.selection import Selection
    from geo.store import LayerStore

HATCH_GAP, HATCH_WIDTH = 7.0, 2.0  # pixels on a screen
MANY_POINTS = 5_000
_PLAIN = Stroke("place", 2, fill=0.10)


def draw_outlines(
    sheet: DisplayList, camera: Projection, sites: Iterable[Site], scale: float
) -> None:
    """Draw each place in the style of its location class; places without reports are muted."""
    for site in sites:
        if site.is_route:
            continue
        if not site.reports:
            if site.kind != "area":
                _outline(sheet, camera, site.shape, "quiet", 1.0, scale)
            continue
        kinds = dict.fromkeys(one.kind for one in site.reports)
        for kind in kinds:
            some = [one for one in site.reports if one.kind == kind]
            strength = max(one.strength for one in some)
            _outline(sheet, camera, some[0].shape, kind, strength, scale)


def _outline(
    sheet: DisplayList,
    camera: Projection,
    shape: BaseGeometry,
    kind: str,
    strength: float,
    scale: float,
) -> None:
    stroke = STROKES.get(f"place-{kind}", _PLAIN)
    visible = seen(np.array([shape]), camera)
    if not len(visible):
        return
    if stroke.hatched:
        _hatching(sheet, camera, visible, stroke, strength, scale)
    points = shapely.get_parts(visible)[shapely.get_dimensions(shapely.get_parts(visible)) == 0]
    for x, y in camera.pixels(shapely.get_coordinates(points)):
        sheet.stroked(circle(x, y, 6 * scale), stroke, scale, alpha=strength, clip=camera.box)
    path = path_of(visible, camera)
    sheet.stroked(path, stroke, scale, alpha=strength, clip=camera.box)


def _hatching(
    sheet: DisplayList,
    camera: Projection,
    areas: np.ndarray,
    stroke: Stroke,
    strength: float,
    scale: float,
) -> None:
    """Fill areas with diagonal hatching, clipped to their outline."""
    gap = HATCH_GAP * scale * 2**0.5 / camera.world
    for area in areas:
        x0, y0, x1, y1 = shapely.bounds(area)
        first = np.ceil((x0 + y0) / gap) * gap
        sums = np.arange(first, x1 + y1, gap)
        ends = [[(one - y1, y1), (one - y0, y0)] for one in sums]
        cut = shapely.intersection(shapely.linestrings(ends), area) if ends else []
        path = path_of(np.asarray(cut, dtype=object), camera) if len(cut) else lines([])
        sheet.add(
            Shape(
                path,
                line=sheet.hue(stroke.colour),
                width=HATCH_WIDTH * scale * 0.8,
                alpha=0.9 * strength,
                clip=camera.box,
            )
        )


def draw_routes(
    sheet: DisplayList, camera: Projection, store: LayerStore, scale: float
) -> list[np.ndarray]:
    """Draw the inferred road, and the onward legs in a weaker stroke.

    Returns
    -------
    list of numpy.ndarray
        Visible part of each line, (n, 2), in pixels; labels avoid them.
    """
    rows = store.read("routes")
    rows = rows[drawable(rows)]
    shapes = to_mercator(rows.geometry.to_numpy())
    drawn = []
    for shape, inference in zip(shapes, rows["inference"], strict=True):
        path = path_of(seen(np.array([shape]), camera), camera)
        weak = inference != "inferred"
        for name in ("route-weak",) if weak else ("route-casing", "route"):
            sheet.stroked(path, STROKES[name], scale, clip=camera.box)
        drawn += [one for one in _strings(path) if len(one) > 1]
    return drawn


def _strings(path: Path) -> list[np.ndarray]:
    if path.codes is None:
        return []
    starts = np.flatnonzero(np.asarray(path.codes) == Path.MOVETO)
    return np.split(spots(path), starts[1:])


def draw_rings(sheet: DisplayList, camera: Projection, store: LayerStore, scale: float) -> None:
    """Draw the distance rings round the naval base."""
    rows = store.read("rings")
    rows = rows[drawable(rows)]
    shapes = to_mercator(rows.geometry.to_numpy())
    path = path_of(seen(shapes, camera), camera) if len(shapes) else lines([])
    sheet.stroked(path, STROKES["ring"], scale, clip=camera.box)


def ring_names(sheet: DisplayList, camera: Projection, store: LayerStore, scale: float) -> None:
    """Label each ring with its distance in km, where there is free space."""
    rows = store.read("rings")
    known = zip(rows["radius_km"], rows["label_lon"], rows["label_lat"], strict=True)
    for radius, lon, lat in known:
        x, y = camera.at(lon, lat)
        text = f"{radius:g} km"
        small_name(sheet, camera, text, (x, y + 4 * scale), "centre", scale, halo="sea")


def draw_layers(sheet: DisplayList, camera: Projection, selection: Selection, scale: float) -> None:
    """Draw the other layers in the legend's colours: points as markers, the rest as paths.

    A large layer is drawn only if few of its features are visible; otherwise see `density`.
    """
    for position, layer in enumerate(selection.layers):
        colour = choose_layer_colour(position, layer.colour)
        frame = in_sight(layer, camera) if isinstance(layer, LargeLayerRows) else layer.frame
        if frame is None:
            continue
        geometry = frame.geometry.to_numpy()[drawable(frame)]
        if not len(geometry):
            continue
        parts = shapely.get_parts(shapely.get_parts(to_mercator(shapely.force_2d(geometry))))
        flat = shapely.get_dimensions(parts)
        _shapes(sheet, camera, parts[flat == 2], colour, scale, fill=0.15)
        _shapes(sheet, camera, parts[flat == 1], colour, scale, fill=0.0)
        _cloud(sheet, camera, parts[flat == 0], colour, scale)


def _shapes(
    sheet: DisplayList,
    camera: Projection,
    parts: np.ndarray,
    colour: str,
    scale: float,
    fill: float,
) -> None:
    stroke = Stroke(colour, 2, fill=fill)
    parts = np.where(shapely.is_valid(parts), parts, shapely.make_valid(parts))
    path = path_of(seen(parts, camera), camera) if len(parts) else lines([])
    if len(spots(path)):
        sheet.stroked(path, stroke, scale, clip=camera.box)


def _cloud(
    sheet: DisplayList, camera: Projection, parts: np.ndarray, colour: str, scale: float
) -> None:
    if not len(parts):
        return
    points = camera.pixels(shapely.get_coordinates(parts))
    x0, y0, x1, y1 = camera.box
    near = 10 * scale
    keep = (
        (points[:, 0] > x0 - near)
        & (points[:, 0] < x1 + near)
        & (points[:, 1] > y0 - near)
        & (points[:, 1] < y1 + near)
    )
    points = points[keep]
    radius = (4.0 if len(points) <= MANY_POINTS else 2.5) * scale
    clip: Box = camera.box
    if len(points):
        rim = sheet.hue("halo") if len(points) < 3000 else ""
        sheet.add(Dots(points, radius, colour, rim, 0.75, clip))
