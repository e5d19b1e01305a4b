"""A map on a sheet: what of it is visible, how it is drawn, and where labels are free to go."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from matplotlib.path import Path

from geo.export.image.display_list import (
    Box,
    DisplayList,
    TextItem,
    inside,
    lines,
    overlap,
    spots,
)
from geo.export.image.projection import Projection
from geo.mapping.theme import Stroke

LARGER = 1.35  # than on a screen: a slide is read from the back of a room
FINE = 0.3  # pixels: smaller details are left out


@dataclass(frozen=True, eq=False)
class MapCanvas:
    """A sheet with a projection. Geometries are in Web Mercator on a world one unit wide.

    Attributes
    ----------
    roads : list of numpy.ndarray
        Visible part of each road, (n, 2), sheet pixels; labels avoid them.
    """

    sheet: DisplayList
    camera: Projection
    roads: list[np.ndarray] = field(default_factory=list)

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
