"""A column of WKB geometries, of which 2D points are never decoded."""

from functools import cached_property

import numpy as np
import pyarrow as pa
import shapely
from geopandas import GeoSeries

from geo.store.core.normalise import WGS84, mask_finite

_POINT_HEADER = np.array([1, 1, 0, 0, 0], dtype=np.uint8)  # WKB: little endian, point
_EWKB_POINT = (1, 1, 0, 0, 0x20)  # the same, with SRID


class WkbColumn:
    """Geometries in EPSG:4326, x = longitude, from WKB; null or unreadable values count as none."""

    def __init__(self, stored: pa.Array) -> None:
        self._stored = stored

    @cached_property
    def shapes(self) -> np.ndarray:
        """Decoded geometries; None where a row has none."""
        return decode_wkb(self._stored)

    @cached_property
    def _points(self) -> np.ndarray | None:
        """(rows, 2) if every geometry is a 2D point with finite coordinates, else None."""
        points = decode_points(self._stored)
        return points if points is not None and np.isfinite(points).all() else None

    @property
    def bounds(self) -> np.ndarray:
        """(rows, 4): xmin, ymin, xmax, ymax; NaN where a row has no geometry."""
        points = self._points
        return shapely.bounds(self.shapes) if points is None else np.tile(points, 2)

    @property
    def centres(self) -> np.ndarray:
        """(rows, 2): see :func:`compute_centres`."""
        return compute_centres(self.shapes) if self._points is None else self._points

    @property
    def samples(self) -> dict[tuple[int, bool], shapely.Geometry]:
        """One geometry of each type, by shapely's type id and whether it has z."""
        some = self.shapes if self._points is None else shapely.points(self._points[:1])
        pairs = np.column_stack([shapely.get_type_id(some), shapely.has_z(some)])
        found, first = np.unique(pairs, axis=0, return_index=True)
        return {tuple(kind): some[at] for kind, at in zip(found.tolist(), first, strict=True)}

    def to_wkb(self) -> pa.Array:
        """Return the WKB that geopandas writes into a file."""
        if self._points is not None:
            return self._stored.cast(pa.binary())
        return pa.array(GeoSeries(self.shapes, crs=WGS84).to_arrow(geometry_encoding="WKB"))

    def to_ewkb(self, srid: int) -> pa.Array:
        """Return EWKB with this SRID in hexadecimal digits, for PostGIS."""
        points = self._points
        if points is None:
            shapes = shapely.set_srid(self.shapes, srid)
            text = shapely.to_wkb(shapes, hex=True, include_srid=True, flavor="extended")
            return pa.array(text, pa.string())
        raw = np.empty((len(points), 25), dtype=np.uint8)
        raw[:, :5] = _EWKB_POINT
        raw[:, 5:9] = np.array([srid], dtype="<u4").view(np.uint8)
        raw[:, 9:] = points.astype("<f8").view(np.uint8)
        digits = pa.py_buffer(raw.tobytes().hex().upper().encode())
        ends = pa.py_buffer(np.arange(len(points) + 1, dtype=np.int32) * 50)
        return pa.StringArray.from_buffers(len(points), ends, digits)


def decode_wkb(stored: pa.Array) -> np.ndarray:
    """Return the geometries of a WKB array; None where one is missing or invalid."""
    stored = getattr(stored, "storage", stored)  # of an extension type, if one is registered
    with np.errstate(invalid="ignore"):  # a coordinate that is NaN
        blobs = stored.to_numpy(zero_copy_only=False)
        shapes: np.ndarray = shapely.from_wkb(blobs, on_invalid="ignore")
    return shapes


def decode_points(places: pa.Array) -> np.ndarray | None:
    """Return (rows, 2) of a WKB array of 2D points, read from its bytes; None for anything else."""
    if places.null_count or not len(places):
        return None
    width = np.int64 if pa.types.is_large_binary(places.type) else np.int32
    _, offsets, data = places.buffers()
    ends = np.frombuffer(offsets, width)[places.offset : places.offset + len(places) + 1]
    if not (np.diff(ends) == 21).all():
        return None
    raw = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]].reshape(-1, 21)
    if not (raw[:, :5] == _POINT_HEADER).all():
        return None
    return np.ascontiguousarray(raw[:, 5:]).view("<f8")


def compute_centres(shapes: np.ndarray) -> np.ndarray:
    """Return (rows, 2): the centre of each geometry's bounds, x first; NaN if not finite."""
    centres = np.full((len(shapes), 2), np.nan)
    finite = mask_finite(shapes)
    low, high = np.hsplit(shapely.bounds(shapes[finite]), 2)
    centres[finite] = (low + high) / 2
    return centres
