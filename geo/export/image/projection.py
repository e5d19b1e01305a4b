"""A map on a sheet, in Web Mercator (EPSG:3857) as in the browser: positions, strokes, labels.

Spherical forward formulas: J. P. Snyder, Map Projections: A Working Manual (USGS Professional
Paper 1395, 1987), equations 7-1 and 7-2; the world is 256 * 2^zoom pixels round, as in EPSG:3857
tile schemes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.path import Path

from geo.evidence import find_case_meridian
from geo.export.image.display_list import Box, DisplayList, TextItem, inside, lines, overlap, spots
from geo.geodesy import WGS84
from geo.mapping.theme import Stroke
from geo.meridian import unwrap_longitude, unwrap_shapes
from geo.text.map_names import ENGLISH

if TYPE_CHECKING:
    from geo.camera import Camera as Wanted
    from geo.mapping.folium_map import MapExtent

LIMIT = 85.05  # degrees of latitude that Web Mercator can show
NEAREST = 256 * 2.0**18  # world width in pixels at the highest zoom
LARGER = 1.35  # than on a screen: a slide is read from the back of a room
FINE = 0.3  # pixels: smaller details are left out
NICE = tuple(step * 10**power for power in range(7) for step in (1, 2, 5))  # metres


def mercator(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Project degrees to Web Mercator on a world one unit wide; the origin is the upper left."""
    sine = np.sin(np.radians(np.clip(lat, -LIMIT, LIMIT)))
    return np.asarray(lon) / 360 + 0.5, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)


def to_mercator(geometry: np.ndarray) -> np.ndarray:
    """Project geometries (EPSG:4326) to Web Mercator on a world one unit wide; 2D.

    Longitudes are unwrapped about the case's meridian, so that x may be above 1.
    """
    moved: np.ndarray = shapely.transform(
        unwrap_shapes(geometry, find_case_meridian()), mercator, interleaved=False
    )
    return moved


@dataclass(frozen=True)
class Projection:
    """Transform between the map extent and its box on the sheet.

    Attributes
    ----------
    box : Box
        Of the map on the sheet, pixels.
    world : float
        Width of the whole world, pixels.
    left, top : float
        World position of the box's upper left corner, in world widths.
    unit : float
        Pixels of one unit of the design.
    """

    box: Box
    world: float
    left: float
    top: float
    unit: float

    @property
    def zoom(self) -> float:
        """The zoom that shows the same on a screen, where the sheet is 1920 pixels wide."""
        return math.log2(self.world / 256 / self.unit)

    @property
    def reach(self) -> Box:
        """The visible extent with a margin of 12 units, in world widths."""
        beyond = 12 * self.unit / self.world
        right, bottom = self.to_unit(*self.box[2:])
        return (self.left - beyond, self.top - beyond, right + beyond, bottom + beyond)

    def pixels(self, unit_xy: np.ndarray) -> np.ndarray:
        """Convert positions on the one-unit world to sheet pixels; (n, 2) arrays."""
        return (unit_xy - (self.left, self.top)) * self.world + self.box[:2]

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Convert longitude and latitude (degrees, EPSG:4326) to sheet pixels."""
        lon = unwrap_longitude(lon, find_case_meridian())
        x, y = self.pixels(np.column_stack(mercator(np.array([lon]), np.array([lat]))))[0]
        return float(x), float(y)

    def to_unit(self, x: float, y: float) -> tuple[float, float]:
        """Convert sheet pixels to a position on the one-unit world."""
        across, down = x - self.box[0], y - self.box[1]
        return across / self.world + self.left, down / self.world + self.top

    def back(self, x: float, y: float) -> tuple[float, float]:
        """Convert sheet pixels to longitude (unwrapped) and latitude, degrees, EPSG:4326."""
        across, down = self.to_unit(x, y)
        lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))
        return (across - 0.5) * 360, lat

    @cached_property
    def metres_per_pixel(self) -> float:
        """Ground distance of a pixel, west to east at the map's centre, on the WGS84 ellipsoid."""
        x, y = (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2
        half = min(50 * self.unit, self.world / 720)
        _, _, metres = WGS84.inv(*self.back(x - half, y), *self.back(x + half, y))
        return float(metres) / (2 * half)

    def scale_metres(self, pixels: float) -> float:
        """Return the longest round length, in metres, that fits into `pixels`."""
        most = pixels * self.metres_per_pixel
        return float(max((step for step in NICE if step <= most), default=NICE[0]))


def camera_for(
    box: Box,
    unit: float,
    frame: MapExtent,
    wanted: Wanted | None,
    *,
    screen: tuple[int, int] | None = None,
    beside: float = 0.0,
) -> Projection:
    """Return the projection for the wanted camera, or fit the frame's bounds.

    `screen` is the size in pixels of the map that the camera was chosen on: all that it showed is
    fitted into the box, which shows more where its shape differs. Without it, the camera's zoom
    gives the browser's metres per pixel for a sheet 1920 pixels wide. `beside` are the pixels kept
    free at the right of the frame's bounds.
    """
    width, height = box[2] - box[0], box[3] - box[1]
    if wanted is not None:
        scale = min(width / screen[0], height / screen[1]) if screen else unit
        world = min(256 * 2**wanted.zoom * scale, NEAREST * unit)
        lon = unwrap_longitude(wanted.lon, find_case_meridian())
        x, y = (float(one[0]) for one in mercator(np.array([lon]), np.array([wanted.lat])))
        return Projection(box, world, x - width / world / 2, y - height / world / 2, unit)
    xmin, ymin, xmax, ymax = frame.box
    xs, ys = mercator(np.array([xmin, xmax]), np.array([ymax, ymin]))
    room = width - beside
    pad = min(0.05 * min(room, height), 40 * unit)
    wide, high = max(xs[1] - xs[0], 1e-9), max(ys[1] - ys[0], 1e-9)
    world = min((room - 2 * pad) / wide, (height - 2 * pad) / high, NEAREST * unit)
    left = (xs[0] + xs[1]) / 2 - room / world / 2
    return Projection(box, world, left, (ys[0] + ys[1]) / 2 - height / world / 2, unit)


@dataclass(frozen=True, eq=False)
class MapCanvas:
    """A sheet with a projection. Geometries are in Web Mercator on a world one unit wide.

    Attributes
    ----------
    roads : list of numpy.ndarray
        Visible part of each road, (n, 2), sheet pixels; labels avoid them.
    areas : list of shapely geometry
        Hatched areas, sheet pixels; labels avoid them.
    names : str
        Which names are drawn; a key of `geo.text.map_names.NAME_CHOICES`.
    """

    sheet: DisplayList
    camera: Projection
    roads: list[np.ndarray] = field(default_factory=list)
    areas: list[shapely.Geometry] = field(default_factory=list)
    names: str = ENGLISH

    @property
    def scale(self) -> float:
        """Sheet pixels of one pixel on a screen."""
        return LARGER * self.sheet.unit

    def seen(self, geometry: np.ndarray) -> np.ndarray:
        """Return what is visible of geometries, cut at the map's edge."""
        reach = self.camera.reach
        near = shapely.intersects(shapely.envelope(geometry), shapely.box(*reach))
        cut = shapely.clip_by_rect(geometry[near], *reach)
        kept: np.ndarray = cut[~shapely.is_empty(cut)]
        return kept

    def path(self, geometry: np.ndarray) -> Path:
        """Return lines and areas as one path, in sheet pixels."""
        thin = shapely.simplify(geometry, FINE / self.camera.world, preserve_topology=False)
        parts = shapely.get_parts(thin)
        dimensions = shapely.get_dimensions(parts)
        rings = shapely.get_rings(parts[dimensions == 2])
        strings = np.concatenate([rings, parts[dimensions == 1]])
        return lines(self.camera.pixels(shapely.get_coordinates(one)) for one in strings)

    def stroke(self, geometry: np.ndarray, style: Stroke, *, alpha: float = 1.0) -> Path:
        """Draw what is visible of lines and areas, and return it as a path."""
        path = self.path(self.seen(geometry))
        if len(spots(path)):
            self.sheet.stroke(path, style, self.scale, alpha=alpha, clip=self.camera.box)
        return path

    def is_free(self, box: Box, *, gap: float = 0.0, edge: float = 0.0) -> bool:
        """Return whether a box is on the map and that far from its edge and from taken boxes."""
        taken = self.sheet.taken
        return inside(box, self.camera.box, edge) and not any(overlap(box, b, gap) for b in taken)

    def label(self, words: TextItem) -> None:
        """Draw a text, and reserve its space."""
        self.sheet.add(words)
        self.sheet.taken.append(words.box)
