"""Density tiles: pictures of how many features of a large layer each part of the map holds.

A cell is two by two pixels of the map at its zoom. Density classes are the same for every tile,
zoom, view and process, so that a tile depends on its address only and neighbours match.
datashader aggregates; it compiles its loops at first use, which takes seconds
(see `compile_datashader`).
"""

from __future__ import annotations

import base64
import io
import math
import os
import threading
import zlib
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import LayerNotFoundError
from geo.large_layer import LargeLayerRows
from geo.lru_cache import LruCache
from geo.mapping.drawing_windows import list_turns, project_box
from geo.mapping.symbols import choose_layer_colour
from geo.mapping.theme import DENSITY_THEMES, compute_palette
from geo.store.bulk.spatial_index import WORLD, to_degrees

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo.selection import Selection
    from geo.store.core.api import Box

CELLS = 256  # on a tile's side
CELL_PIXELS = 2  # of the map on a spot's side, at whole zooms
ZOOMS = range(23)
DENSITY_CLASSES = (1, 2, 6, 20, 80, 400)
"""From how many features on a spot has each shade; below the first nothing is drawn."""
_SHADES = np.digitize(np.arange(DENSITY_CLASSES[-1] + 1), DENSITY_CLASSES).astype(np.uint8)
_CHUNK_ROWS = 2**20  # rows that datashader is given at a time
_CACHE_BYTES = 64_000_000  # bytes of tiles that are kept


def label_classes() -> tuple[str, ...]:
    """Return the range of each density class, in features per cell."""
    spans = [
        f"{low:,}" if end == low + 1 else f"{low:,}–{end - 1:,}"
        for low, end in pairwise(DENSITY_CLASSES)
    ]
    return (*spans, f"{DENSITY_CLASSES[-1]:,}+")


def count_features(
    rows: LargeLayerRows, corner: tuple[float, float], spot: float, size: tuple[int, int]
) -> np.ndarray:
    """Count the features per cell of a map box.

    Parameters
    ----------
    corner : tuple of float
        x and y of the upper left corner, in units (`geo.store.bulk.spatial_index`).
    spot : float
        Units from one cell to the next.
    size : tuple of int
        Width and height, cells.

    Returns
    -------
    numpy.ndarray
        (height, width), uint32: points on a cell, or how often lines run over it.
    """
    compile_datashader()
    (left, top), (width, height) = corner, size
    total = np.zeros((height, width), dtype=np.uint32)
    window = (int(left), int(top), int(left + width * spot), int(top + height * spot))
    for x, y in _iterate_vertices(rows, window, corner):
        if len(x):
            total += _aggregate(rows.info.geometry, x, y, spot, size)
    return total


def _aggregate(
    kind: str, x: np.ndarray, y: np.ndarray, spot: float, size: tuple[int, int]
) -> np.ndarray:
    """Count points or lines per cell; x and y are in units from the upper left corner."""
    import datashader
    import pandas as pd

    width, height = size
    x_range, y_range = (0.0, width * spot), (0.0, height * spot)
    canvas = datashader.Canvas(width, height, x_range=x_range, y_range=y_range)
    draw = canvas.points if kind == "point" else canvas.line
    drawn: Any = draw(pd.DataFrame({"x": x, "y": y}), "x", "y", datashader.count())
    return np.asarray(drawn.to_numpy(), dtype=np.uint32)


def _iterate_vertices(
    rows: LargeLayerRows, window: tuple[int, int, int, int], corner: tuple[float, float]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield vertices relative to the corner, in chunks; NaN separates lines.

    They are shifted by half a unit, so that none falls on the edge of a cell.
    """
    columns = rows.index
    for found in _join_chunks(columns.find_rows(rows.window, window, rows.search_mask)):
        at, begins = columns.find_vertices(found)
        x, y = columns.x[at] + 0.5 - corner[0], columns.y[at] + 0.5 - corner[1]
        if rows.info.geometry == "line":
            x, y = (np.insert(one, begins[1:], np.nan) for one in (x, y))
        yield x, y


def _join_chunks(parts: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Join chunks into fewer large ones, since each datashader call costs some milliseconds."""
    held: list[np.ndarray] = []
    for part in parts:
        held.append(part)
        if sum(map(len, held)) >= _CHUNK_ROWS:
            yield np.concatenate(held)
            held = []
    if held:
        yield np.concatenate(held)


def classify_density(
    rows: LargeLayerRows, corner: tuple[float, float], spot: float, size: tuple[int, int]
) -> np.ndarray:
    """Return the density class of each cell, 0 for none; see `count_features`.

    The corner may be beyond the world's edge, on a map that crosses the 180th meridian.
    """
    (left, top), right = corner, corner[0] + size[0] * spot
    turns = list_turns(left, right)
    counts = sum(count_features(rows, (left - turn * WORLD, top), spot, size) for turn in turns)
    return _SHADES.take(counts, mode="clip")


def encode_png(shade: np.ndarray, colour: str, theme: str) -> bytes:
    """Encode density classes as a palette PNG; class 0 is transparent."""
    from PIL import Image

    colours = [(0, 0, 0, 0), *compute_palette(colour, theme, len(DENSITY_CLASSES))]
    image = Image.fromarray(shade, mode="P")
    image.putpalette([number for entry in colours for number in entry[:3]])
    out = io.BytesIO()
    clear = bytes(entry[3] for entry in colours)
    image.save(out, "PNG", transparency=clear, compress_level=1, compress_type=zlib.Z_RLE)
    return out.getvalue()


_tiles: LruCache[bytes] = LruCache(_CACHE_BYTES)
# Parallel tiles compete for the interpreter; leave one core for other requests.
_drawing = threading.BoundedSemaphore(max((os.cpu_count() or 1) - 1, 1))


def find_tiled_rows(selection: Selection, name: str) -> tuple[LargeLayerRows, str]:
    """Return the rows of a layer that is drawn as density tiles, and its colour.

    Raises
    ------
    geo.errors.LayerNotFoundError
        If the view has no such layer, or it is not a large layer of points or lines.
    """
    for rows in selection.layers:
        if rows.name == name:
            if isinstance(rows, LargeLayerRows) and rows.can_be_tiled:
                return rows, choose_layer_colour(rows.name, rows.colour)
            msg = f"The layer {name!r} is not drawn as density; ask for its features."
            raise LayerNotFoundError(msg)
    msg = f"The layer {name!r} is not part of this view; add layer={name} to the link."
    raise LayerNotFoundError(msg)


def render_tile(selection: Selection, name: str, square: tuple[int, int, int], theme: str) -> bytes:
    """Render one density tile of a layer.

    Parameters
    ----------
    square : tuple of int
        z, x and y of the XYZ scheme (EPSG:3857, y to the south).
    theme : str
        "light" or "dark".

    Returns
    -------
    bytes
        A PNG, CELLS by CELLS pixels.

    Raises
    ------
    geo.errors.LayerNotFoundError
        See `find_tiled_rows`.
    """
    rows, colour = find_tiled_rows(selection, name)
    key = (rows.store, rows.info, rows.window, rows.terms, colour, theme, square)

    def draw() -> bytes:
        zoom, x, y = square
        side = WORLD >> zoom
        with _drawing:
            shade = classify_density(rows, (x * side, y * side), side / CELLS, (CELLS, CELLS))
            return encode_png(shade, colour, theme)

    return _tiles.get_or_compute(key, draw, len)


def render_overlay(rows: LargeLayerRows, colour: str, box: Box, wide: int) -> dict[str, Any]:
    """Render the density of a layer as one image, for files without a server.

    Parameters
    ----------
    colour : str
        "#rrggbb".
    box : tuple of float
        (xmin, ymin, xmax, ymax), EPSG:4326, unwrapped.
    wide : int
        Cells from its left to its right edge.

    Returns
    -------
    dict
        `bounds`, [[south, west], [north, east]], and the picture as an address that holds it,
        for each of DENSITY_THEMES.
    """
    left, top, right, bottom = project_box(box)
    spot = (right - left) / wide
    shade = classify_density(rows, (left, top), spot, (wide, math.ceil((bottom - top) / spot)))
    east, south = to_degrees(left + wide * spot, top + shade.shape[0] * spot)
    west, north = to_degrees(left, top)
    made = {theme: encode_png(shade, colour, theme) for theme in DENSITY_THEMES}
    addresses = {
        theme: f"data:image/png;base64,{base64.b64encode(body).decode()}"
        for theme, body in made.items()
    }
    return {"bounds": [[south, west], [north, east]], **addresses}


_warming = threading.Lock()


def compile_datashader() -> None:
    """Compile the loops of datashader for points and lines, once a process."""
    with _warming:  # else each of several first tiles would compile them
        _compile_once()


@lru_cache(maxsize=1)
def _compile_once() -> None:
    from PIL import Image

    Image.init()  # finds how to write each format, once
    some = np.array([0.2, 0.8, np.nan])
    for kind in ("point", "line"):  # by the way of every tile: compiled is what these types need
        _aggregate(kind, some, some, 0.5, (2, 2))
