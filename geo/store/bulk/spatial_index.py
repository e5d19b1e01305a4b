"""A large layer as plain numbers: where each row is and on which days it counts.

A place is two whole numbers of 32 bits: Web Mercator (EPSG:3857) with the world 2**32 units wide,
from its upper left corner, x to the east and y to the south; a unit is at most 9.4 mm. So the
edges of map tiles are whole numbers too, and a point is in exactly one tile of each zoom. Ten
million points with a day take 120 MB.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from geo.store.core.api import Box, Query

WORLD = 2**32
LIMIT = 85.0511287798066  # degrees of latitude at which Web Mercator is square
NOWHERE = np.uint32(WORLD - 1)  # both coordinates of a point that has no place on the map
UNDATED = np.iinfo(np.int32).min
BLOCK = 8_192  # rows whose bounds are known together
_RUN = 2**20  # rows that are looked at in one go

Window = tuple[int, int, int, int]  # left, top, right, bottom; all four belong to it
Sides = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
DayNumbers = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class SpatialIndex:
    """Bounds, vertices and days of all rows of a layer, in file order."""

    kind: str
    """As `LayerInfo.geometry`. Only points and lines have vertices."""
    sides: Sides
    """left, top, right, bottom of each row, uint32. A row without a geometry, or with a
    coordinate that is not finite, is in no window."""
    x: np.ndarray
    y: np.ndarray
    """Vertices of all parts of all rows, uint32; of a layer of single points the arrays of its
    sides."""
    parts: np.ndarray | None = None
    """Row i has the parts parts[i] to parts[i + 1]; None: each row is one part."""
    starts: np.ndarray | None = None
    """Part i has the vertices starts[i] to starts[i + 1]; None: each part is one vertex."""
    days: DayNumbers | None = None
    """First and last day on which each row counts, int32, days since 1970 or UNDATED. None: the
    layer has no dates."""

    def __len__(self) -> int:
        return len(self.sides[0])

    @property
    def nbytes(self) -> int:
        """Bytes held; an array that is used twice is counted once."""
        arrays = (*self.sides, self.x, self.y, self.parts, self.starts, *(self.days or ()))
        return sum({id(one): one.nbytes for one in arrays if one is not None}.values())

    def count_rows(
        self, query: Query, window: Window | None = None, found: np.ndarray | None = None
    ) -> int:
        """Return the number of rows that `find_rows` would yield."""
        return sum(
            run.stop - run.start if keep is None else int(np.count_nonzero(keep))
            for run, keep in self._match_runs(query, window, found)
        )

    def find_rows(
        self, query: Query, window: Window | None = None, found: np.ndarray | None = None
    ) -> Iterator[np.ndarray]:
        """Yield the positions of matching rows, ascending, in batches.

        Rows match by the days of the query (only), by bounds that intersect the window, and by
        `found`, the result of a text search (one bool a row).
        """
        for run, keep in self._match_runs(query, window, found):
            inside = np.arange(run.start, run.stop) if keep is None else np.flatnonzero(keep)
            if len(inside):
                yield inside if keep is None else inside + run.start

    def _match_runs(
        self, query: Query, window: Window | None, found: np.ndarray | None
    ) -> Iterator[tuple[slice, np.ndarray | None]]:
        for run in self._select_runs(query, window):
            left, top, right, bottom = (side[run] for side in self.sides)
            days = (self.days[0][run], self.days[1][run]) if self.days else None
            masks = _match((left, top, right, bottom), days, query, window)
            masks += [] if found is None else [found[run]]
            yield run, np.logical_and.reduce(masks) if masks else None

    def _select_runs(self, query: Query, window: Window | None) -> Iterator[slice]:
        """Yield slices of adjacent blocks that may contain a matching row."""
        sides, days = self._blocks
        every = np.ones(len(sides[0]), dtype=bool)
        candidates = np.logical_and.reduce([every, *_match(sides, days, query, window)])
        edges = np.flatnonzero(np.diff(candidates, prepend=False, append=False))
        for first, end in edges.reshape(-1, 2):
            stop = min(end * BLOCK, len(self))
            for start in range(first * BLOCK, stop, _RUN):
                yield slice(start, min(start + _RUN, stop))

    @cached_property
    def _blocks(self) -> tuple[Sides, DayNumbers | None]:
        """Bounds and days of each block of rows."""
        left, top = (_reduce_blocks(np.minimum, side) for side in self.sides[:2])
        right, bottom = (_reduce_blocks(np.maximum, side) for side in self.sides[2:])
        if self.days is None:
            return (left, top, right, bottom), None
        first, last = self.days
        days = _reduce_blocks(np.minimum, first), _reduce_blocks(np.maximum, last)
        return (left, top, right, bottom), days

    def compute_distances(self, rows: np.ndarray, x: float, y: float) -> np.ndarray:
        """Return the distance of rows from a point, in units; of polygons from their bounds."""
        left, top, right, bottom = (side[rows].astype(float) for side in self.sides)
        if self.kind == "line" and len(rows):
            return self._compute_line_distances(rows, x, y)
        across = np.maximum(np.maximum(left - x, x - right), 0)
        down = np.maximum(np.maximum(top - y, y - bottom), 0)
        distances: np.ndarray = np.hypot(across, down)
        return distances

    def _compute_line_distances(self, rows: np.ndarray, x: float, y: float) -> np.ndarray:
        at, begins = self.find_vertices(rows)
        part = np.zeros(len(at), dtype=np.int64)
        part[begins[1:]] = 1
        shapes = shapely.linestrings(
            np.column_stack([self.x[at], self.y[at]]).astype(float), indices=np.cumsum(part)
        )
        apart = shapely.distance(shapes, shapely.Point(x, y))
        assert self.parts is not None
        first = np.cumsum([0, *(self.parts[rows + 1] - self.parts[rows])])[:-1]
        return np.minimum.reduceat(apart, first)

    def find_vertices(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the vertices of some rows, and which of them begin a part: two arrays.

        The second holds ascending positions in the first.
        """
        parts = rows if self.parts is None else expand_ranges(self.parts, rows)
        if self.starts is None:
            return parts, np.arange(len(parts))
        begins = np.cumsum([0, *(self.starts[parts + 1] - self.starts[parts])])[:-1]
        return expand_ranges(self.starts, parts), begins


def expand_ranges(starts: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the numbers starts[i] to starts[i + 1] - 1 for each wanted i, concatenated."""
    lengths = starts[wanted + 1] - starts[wanted]
    ends = np.cumsum(lengths)
    shift = np.repeat(starts[wanted] - ends + lengths, lengths)
    return shift + np.arange(len(shift))


def _reduce_blocks(how: np.ufunc, values: np.ndarray) -> np.ndarray:
    return how.reduceat(values, np.arange(0, len(values), BLOCK)) if len(values) else values


def _match(
    sides: Sides, days: DayNumbers | None, query: Query, window: Window | None
) -> list[np.ndarray]:
    """Return masks of rows, or of blocks that may contain such rows; all of them must hold."""
    masks = []
    if query.windowed and days is None:
        masks.append(np.full(len(sides[0]), query.undated))
    elif query.windowed and days is not None:
        (first, last), (low, high) = days, _to_day_range(query)
        keep = (last >= low) & (first <= high)
        masks.append(keep | (first == UNDATED) if query.undated else keep)
    if window is not None:
        left, top, right, bottom = sides
        # NOWHERE is outside every window
        x0, y0, x1, y1 = (np.uint32(min(max(int(side), 0), WORLD - 2)) for side in window)
        masks += [(left <= x1) & (right >= x0), (top <= y1) & (bottom >= y0)]
    return masks


def _to_day_range(query: Query) -> tuple[int, int]:
    """Return the first and last day number of a window; undated rows are outside it."""
    epoch = np.datetime64(0, "D")
    low, high = UNDATED + 1, np.iinfo(np.int32).max
    if query.date_from is not None:
        low = int((np.datetime64(query.date_from, "D") - epoch).astype(int))
    if query.date_to is not None:
        high = int((np.datetime64(query.date_to, "D") - epoch).astype(int))
    return low, high


def to_units(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Convert degrees (EPSG:4326) to units, two uint32 arrays; NOWHERE outside the map."""
    with np.errstate(invalid="ignore"):
        good = (np.abs(lon) <= 180) & (np.abs(lat) <= LIMIT)  # False for NaN and infinity
        x = (lon / 360 + 0.5) * WORLD
        y = (0.5 - np.arctanh(np.sin(np.radians(np.where(good, lat, 0)))) / (2 * np.pi)) * WORLD
    across, down = (
        np.where(good, np.clip(np.floor(one), 0, WORLD - 2), NOWHERE).astype(np.uint32)
        for one in (x, y)
    )
    return across, down


def is_within_map(box: Box | None) -> bool:
    """Whether the index covers a box (degrees, EPSG:4326) completely; True without a box."""
    if box is None:
        return True
    xmin, ymin, xmax, ymax = box
    return xmin >= -180 and xmax <= 180 and ymin >= -LIMIT and ymax <= LIMIT


def to_window(box: Box) -> Window:
    """Convert a box (xmin, ymin, xmax, ymax; degrees, EPSG:4326) to units, edges included."""
    xmin, ymin, xmax, ymax = box
    lon = np.clip(np.array([xmin, xmax]), -180, 180)
    lat = np.clip(np.array([ymax, ymin]), -LIMIT, LIMIT)
    (x0, x1), (y0, y1) = (one.astype(int).tolist() for one in to_units(lon, lat))
    return x0, y0, x1, y1


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Convert units to longitude and latitude (EPSG:4326)."""
    lat = np.degrees(np.arcsin(np.tanh(2 * np.pi * (0.5 - y / WORLD))))
    return (x / WORLD - 0.5) * 360, float(lat)
