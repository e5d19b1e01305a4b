"""Draw map overlays: place outlines, hatched areas, routes, distance rings and uploaded layers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from geo.export.image.basemap import small_name
from geo.export.image.density import in_sight
from geo.export.image.display_list import Dots, Shape, spots
from geo.export.image.map_claims import Site, drawable
from geo.export.image.projection import MapCanvas
from geo.large_layer import LargeLayerRows
from geo.mapping.feature_json import read_labels
from geo.mapping.symbols import choose_layer_colour
from geo.mapping.theme import STROKES, UNPUBLISHED, Stroke

if TYPE_CHECKING:
    from geo.selection import Selection
    from geo.store import LayerStore

HATCH_GAP, HATCH_WIDTH = 7.0, 2.0  # pixels on a screen
FEW_POINTS = 300  # that are named, as on the map
LONGEST_LABEL = 28  # characters
MANY_POINTS = 5_000
_PLAIN = Stroke("place", 2, fill=0.10)


def draw_outlines(canvas: MapCanvas, sites: Iterable[Site]) -> None:
    """Draw each place in the style of its location class; places without reports are muted."""
    for site in sites:
        if site.is_route:
            continue
        if not site.reports and site.kind != "area":
            _outline(canvas, site.shape, "quiet", 1.0)
        for kind in dict.fromkeys(one.kind for one in site.reports if one.arc is None):
            some = [one for one in site.reports if one.kind == kind]
            _outline(canvas, some[0].shape, kind, max(one.strength for one in some))
        outlined = [one for one in site.reports if one.arc is None]
        if outlined and all(one.review for one in outlined):
            canvas.stroke(canvas.seen(np.array([site.shape])), UNPUBLISHED)


def _outline(canvas: MapCanvas, shape: BaseGeometry, kind: str, strength: float) -> None:
    style = STROKES.get(f"place-{kind}", _PLAIN)
    visible = canvas.seen(np.array([shape]))
    if style.hatched:
        _hatching(canvas, visible, style, strength)
    parts = shapely.get_parts(visible)
    points = shapely.get_coordinates(parts[shapely.get_dimensions(parts) == 0])
    scale, clip = canvas.scale, canvas.camera.box
    for x, y in canvas.camera.pixels(points):
        circle = Path.circle((x, y), 6 * scale)
        canvas.sheet.stroke(circle, style, scale, alpha=strength, clip=clip)
    canvas.stroke(visible, style, alpha=strength)


def _hatching(canvas: MapCanvas, areas: np.ndarray, style: Stroke, strength: float) -> None:
    """Fill areas with diagonal hatching, clipped to their outline."""
    scale, clip = canvas.scale, canvas.camera.box
    gap = HATCH_GAP * scale * 2**0.5 / canvas.camera.world
    canvas.areas.extend(shapely.transform(area, canvas.camera.pixels) for area in areas)
    for area in areas:
        x0, y0, x1, y1 = shapely.bounds(area)
        first = np.ceil((x0 + y0) / gap) * gap
        ends = [[(one - y1, y1), (one - y0, y0)] for one in np.arange(first, x1 + y1, gap)]
        if ends:
            path = canvas.path(shapely.intersection(shapely.linestrings(ends), area))
            width, alpha = HATCH_WIDTH * scale * 0.8, 0.9 * strength
            canvas.sheet.add(Shape(path, line=style.colour, width=width, alpha=alpha, clip=clip))


def draw_routes(canvas: MapCanvas, store: LayerStore) -> None:
    """Draw the inferred road, and the onward legs in a weaker stroke; labels avoid them."""
    rows, shapes = drawable(store.read("routes"))
    for shape, inference in zip(shapes, rows["inference"], strict=True):
        inferred = ("route-casing", "route")
        for name in inferred if inference == "inferred" else ("route-weak",):
            path = canvas.stroke(np.array([shape]), STROKES[name])
        starts = np.flatnonzero(np.asarray(path.codes) == Path.MOVETO)
        strings = np.split(spots(path), starts[1:])
        canvas.roads.extend(one for one in strings if len(one) > 1)


def draw_rings(canvas: MapCanvas, store: LayerStore) -> None:
    """Draw the distance rings round the naval base."""
    _, shapes = drawable(store.read("rings"))
    canvas.stroke(shapes, STROKES["ring"])


def ring_names(canvas: MapCanvas, store: LayerStore) -> None:
    """Label each ring with its distance in km, where there is free space."""
    rows = store.read("rings")
    known = zip(rows["radius_km"], rows["label_lon"], rows["label_lat"], strict=True)
    for radius, lon, lat in known:
        x, y = canvas.camera.at(lon, lat)
        small_name(canvas, f"{radius:g} km", (x, y + 4 * canvas.scale), "centre", halo="sea")


def draw_layers(canvas: MapCanvas, selection: Selection) -> None:
    """Draw the other layers in the legend's colours: points as markers, the rest as paths.

    A large layer is drawn only if few of its features are visible; otherwise see `density`.
    """
    camera = canvas.camera
    for layer in selection.layers:
        colour = choose_layer_colour(layer.name, layer.colour)
        frame = in_sight(layer, camera) if isinstance(layer, LargeLayerRows) else layer.frame
        if frame is None:
            continue
        parts = shapely.get_parts(shapely.get_parts(drawable(frame)[1]))
        flat = shapely.get_dimensions(parts)
        for dimension, fill in ((2, 0.15), (1, 0.0)):
            some = parts[flat == dimension]
            valid = np.where(shapely.is_valid(some), some, shapely.make_valid(some))
            canvas.stroke(valid, Stroke(colour, 2, fill=fill))
        _cloud(canvas, shapely.get_coordinates(parts[flat == 0]), colour)


def name_points(canvas: MapCanvas, selection: Selection) -> None:
    """Name the points of layers that have few, each where there is free space beside it."""
    scale, reach = canvas.scale, 9 * canvas.scale
    for layer in selection.layers:
        if isinstance(layer, LargeLayerRows) or not 0 < layer.shown <= FEW_POINTS:
            continue
        labels = read_labels(layer.frame, layer.info)
        for label, shape in zip(labels, layer.frame.geometry, strict=True):
            if not label or shape is None or shape.geom_type != "Point" or shape.is_empty:
                continue
            if not math.isfinite(shape.x + shape.y):
                continue
            x, y = canvas.camera.at(shape.x, shape.y)
            text = label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
            small_name(canvas, text, (x + reach, y + 4 * scale), "left")


def _cloud(canvas: MapCanvas, places: np.ndarray, colour: str) -> None:
    x0, y0, x1, y1 = canvas.camera.box
    points, near = canvas.camera.pixels(places), 10 * canvas.scale
    keep = (points > (x0 - near, y0 - near)) & (points < (x1 + near, y1 + near))
    points = points[keep.all(axis=1)]
    radius = (4.0 if len(points) <= MANY_POINTS else 2.5) * canvas.scale
    if len(points):
        rim = canvas.sheet.hue("halo") if len(points) < 3000 else ""
        canvas.sheet.add(Dots(points, radius, colour, rim, 0.75, canvas.camera.box))
