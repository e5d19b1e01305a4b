"""Render a DisplayList with matplotlib to PNG, SVG or PDF.

A Figure has one artist that draws every item, and the scale bar. pyplot is never used. rcParams are
global to the process, so drawing holds a lock.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Bbox

from geo.export.deck import Progress, ignore_progress
from geo.export.image.display_list import (
    Box,
    ColourBar,
    DisplayList,
    Dots,
    Item,
    Raster,
    Shape,
    TextItem,
    spots,
)
from geo.export.image.fonts import MEDIUM, SANS, properties

LOCK = threading.RLock()
DPI = 96  # a sheet pixel is a CSS pixel, 0.75 pt
RASTER_FROM = 5_000
_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "briefing",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "text.hinting": "none",
    "text.usetex": False,
    "text.parse_math": False,
    "path.simplify": True,
    "path.simplify_threshold": 0.1,
    "agg.path.chunksize": 0,
    "figure.max_open_warning": 0,
    "font.enable_last_resort": True,
}


@contextmanager
def settled() -> Iterator[None]:
    """Apply our rcParams under the lock; only one thread draws at a time."""
    with LOCK, matplotlib.rc_context(_SETTINGS):
        yield


def figure_of(sheet: DisplayList) -> Figure:
    """Return a Figure with exactly the sheet's pixel size."""
    width, height = map(_inches, sheet.size)
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor=sheet.hue("paper"))
    figure.add_artist(_Drawing(sheet))
    for bar in (item for item in sheet.items if isinstance(item, ColourBar)):
        _scale_bar(figure, sheet, bar)
    return figure


def _inches(pixels: int) -> float:
    """Convert pixels to inches, rounded up so that inches * DPI truncates to the same pixels."""
    inches = pixels / DPI
    return inches if int(inches * DPI) == pixels else math.nextafter(inches, math.inf)


def png(sheet: DisplayList) -> bytes:
    """Return a sheet as PNG, exactly its size in pixels."""
    out, fast = BytesIO(), {"compress_level": 4}
    with settled():
        figure_of(sheet).savefig(
            out, format="png", dpi=DPI, metadata={"Software": None}, pil_kwargs=fast
        )
    return out.getvalue()


def svg(sheet: DisplayList, title: str, description: str) -> bytes:
    """Return a sheet as SVG; text is converted to outlines, so that no font is needed."""
    out = BytesIO()
    texts = {"Title": SANS.printable(title), "Description": SANS.printable(description)}
    metadata = {**texts, "Date": None, "Creator": None}  # the same bytes each time
    with settled():
        figure_of(sheet).savefig(out, format="svg", dpi=2 * DPI, metadata=metadata)
    return out.getvalue()


def pdf(
    pages: Sequence[Callable[[], DisplayList]], title: str, progress: Progress = ignore_progress
) -> bytes:
    """Return a PDF whose text can be searched.

    Each of `pages` lays out a page, and `progress` is called after each.
    """
    from matplotlib.backends.backend_pdf import PdfPages

    out = BytesIO()
    metadata = {"Title": SANS.printable(title), "CreationDate": None}
    book = PdfPages(out, metadata=metadata | {"Creator": None, "Producer": None})
    for number, lay_out in enumerate(pages, start=1):
        with settled():
            book.savefig(figure_of(lay_out()), dpi=2 * DPI)
        progress(number, len(pages))
    with settled():
        book.close()
    return out.getvalue()


class _Drawing(Artist):
    """Artist that draws the sheet's items with the figure's renderer."""

    def __init__(self, sheet: DisplayList) -> None:
        super().__init__()
        self.sheet = sheet
        self.set_zorder(1)

    def draw(self, renderer: Any) -> None:
        """Draw every item, bottom to top."""
        for item in self.sheet.items:
            many = isinstance(item, Dots) and len(item.points) > RASTER_FROM
            raster = isinstance(item, Raster) or many
            if raster:  # which changes the figure's resolution
                renderer.start_rasterizing()
            _Pen(self, renderer).draw(item)
            if raster:
                renderer.stop_rasterizing()


class _Pen:
    """Draw items on a renderer, converting sheet pixels to its coordinates."""

    def __init__(self, drawing: _Drawing, renderer: Any) -> None:
        figure: Any = drawing.get_figure(root=True)
        self.renderer = renderer
        self.scale = figure.bbox.width / drawing.sheet.size[0]
        self.height = figure.bbox.height
        self.flip = Affine2D().scale(self.scale, -self.scale).translate(0, self.height)

    def draw(self, item: Item) -> None:
        """Draw an item, unless it is a scale bar."""
        match item:
            case TextItem():
                self.words(item)
            case Shape():
                self.shape(item)
            case Dots():
                self.dots(item)
            case Raster():
                self.raster(item)

    def _context(self, colour: str, alpha: float, clip: Box | None = None) -> Any:
        gc = self.renderer.new_gc()
        gc.set_foreground(colour)
        gc.set_alpha(alpha)
        gc.set_snap(False)
        if clip is not None:
            corners = self.flip.transform([(clip[0], clip[3]), (clip[2], clip[1])])
            gc.set_clip_rectangle(Bbox(corners))
        return gc

    def shape(self, item: Shape) -> None:
        """Fill, then stroke; each has its own opacity."""
        if not len(spots(item.path)):
            return
        if item.fill and item.fill_alpha:
            gc = self._context(item.fill, item.fill_alpha, item.clip)
            gc.set_linewidth(0)
            face = matplotlib.colors.to_rgba(item.fill, item.fill_alpha)
            self.renderer.draw_path(gc, item.path, self.flip, face)
            gc.restore()
        if item.line and item.width and item.alpha:
            gc = self._context(item.line, item.alpha, item.clip)
            gc.set_linewidth(item.width * self.scale)
            gc.set_capstyle("round" if item.round else "butt")
            if item.dash:
                gc.set_dashes(0, [length * self.scale for length in item.dash])
            self.renderer.draw_path(gc, item.path, self.flip)
            gc.restore()

    def dots(self, item: Dots) -> None:
        """Draw one mark at every point."""
        gc = self._context(item.rim or item.colour, item.alpha, item.clip)
        gc.set_linewidth(0.8 * self.scale if item.rim else 0)
        face = matplotlib.colors.to_rgba(item.colour, item.alpha)
        size = Affine2D().scale(item.radius * self.scale)
        self.renderer.draw_markers(gc, Path.unit_circle(), size, Path(item.points), self.flip, face)
        gc.restore()

    def raster(self, item: Raster) -> None:
        """Draw an image with nearest-neighbour scaling."""
        gc = self._context("#000000", 1.0, item.clip)
        (left, foot), (right, head) = self.flip.transform(
            [(item.box[0], item.box[3]), (item.box[2], item.box[1])]
        ).round()
        high, wide = item.pixels.shape[:2]
        across = np.arange(int(right - left)) * wide // max(int(right - left), 1)
        up = (high - 1) - np.arange(int(head - foot)) * high // max(int(head - foot), 1)
        self.renderer.draw_image(gc, left, foot, item.pixels[up][:, across].copy())
        gc.restore()

    def words(self, item: TextItem) -> None:
        """Draw a line of text, with its halo if it has one."""
        x = item.x
        for part in item.text if item.spacing else (item.text,):
            if item.halo:
                self._halo(item, part, x)
            self._line(item, part, x)
            x += item.size * (item.face.advance(part) + item.spacing) if item.spacing else 0

    def _line(self, item: TextItem, text: str, x: float) -> None:
        gc = self._context(item.colour, item.alpha)
        left, foot = self.flip.transform((x, item.y))
        if self.renderer.flipy():
            foot = self.height - foot
        points = round(item.size * 72 / DPI, 3)
        self.renderer.draw_text(gc, left, foot, text, properties(item.face, points), 0.0)
        gc.restore()

    def _halo(self, item: TextItem, text: str, x: float) -> None:
        vertices, codes = text_to_path.get_text_path(properties(item.face, 72.0), text)
        if not len(vertices):
            return
        size = item.size / text_to_path.FONT_SCALE
        place = Affine2D().scale(size, -size).translate(x, item.y) + self.flip
        gc = self._context(item.halo, 0.85 * item.alpha)
        gc.set_linewidth(max(2.0, 0.24 * item.size) * self.scale)
        gc.set_capstyle("round")
        self.renderer.draw_path(gc, Path(np.asarray(vertices), codes), place)
        gc.restore()


def _scale_bar(figure: Figure, sheet: DisplayList, bar: ColourBar) -> None:
    from matplotlib_scalebar.scalebar import ScaleBar

    left, top, right, bottom = bar.box
    width, height = sheet.size
    place = (left / width, 1 - bottom / height, (right - left) / width, (bottom - top) / height)
    axes = figure.add_axes(place, frameon=False, xticks=[], yticks=[], zorder=2)
    axes.set_xlim(0, right - left)
    axes.set_ylim(0, bottom - top)
    in_kilometres = bar.metres >= 1000
    face = properties(MEDIUM, round(bar.size * 72 / DPI, 3))
    axes.add_artist(
        ScaleBar(
            bar.metres_per_pixel,
            "m",
            fixed_value=bar.metres / 1000 if in_kilometres else bar.metres,
            fixed_units="km" if in_kilometres else "m",
            location="lower left",
            width_fraction=0.09 * bar.size / (bottom - top) * 2,
            pad=0,
            border_pad=0,
            sep=0.22 * bar.size * 72 / DPI,
            frameon=False,
            color=bar.colour,
            scale_loc="top",
            scale_formatter=lambda value, unit: f"{value:g} {unit}",
            font_properties={
                "family": face.get_family(),
                "weight": MEDIUM.weight,
                "size": face.get_size_in_points(),
            },
            rotation="horizontal-only",
        )
    )
