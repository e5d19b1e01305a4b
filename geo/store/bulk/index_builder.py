"""Builds the spatial index of a layer, once a version, and keeps the indexes in memory."""

from collections.abc import Collection
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import shapely

from geo.lru_cache import LruCache
from geo.store.bulk.spatial_index import (
    LIMIT,
    NOWHERE,
    UNDATED,
    DayNumbers,
    Sides,
    SpatialIndex,
    is_within_map,
    to_units,
    to_window,
)
from geo.store.bulk.wkb_column import decode_points, decode_wkb
from geo.store.core.api import LayerInfo, LayerStore, Query
from geo.store.core.date_window import Days, compute_day_ranges
from geo.store.core.errors import check_version
from geo.store.core.normalise import mask_finite

_CAPACITY = 1_500_000_000  # bytes of all indexes together
_MOST_POSITIONS = 2**17  # rows: for more of them, reading by filter is as fast
_NONE = np.empty(0, dtype=np.uint32)
_Piece: TypeAlias = tuple[np.ndarray, ...]
"""Geometries of a batch: the four sides of each row, x and y of the vertices, the count of
vertices in each part, and of parts in each row."""

_indexes: LruCache[SpatialIndex] = LruCache(_CAPACITY)


def load_index(store: LayerStore, name: str) -> SpatialIndex:
    """Return the spatial index of a layer; raises as `LayerStore.layer`."""
    owner = store.find_owner(name)
    return load_index_of_version(owner, owner.layer(name))


def load_index_of_version(owner: LayerStore, info: LayerInfo) -> SpatialIndex:
    """Return the index of the version that `info` describes; `owner` holds the layer itself.

    LayerUnreadableError: the layer was replaced, and the index of that version is not held.
    """
    key = (owner, info.name, info.version)
    return _indexes.get_or_compute(key, lambda: _build(owner, info), lambda one: one.nbytes)


def forget_layers(store: LayerStore, keep: Collection[str]) -> None:
    """Evict the indexes of a store's layers, except those of these names."""
    _indexes.evict(lambda key: key[0] is store and key[1] not in keep)


def find_positions(store: LayerStore, info: LayerInfo, query: Query) -> np.ndarray | None:
    """Return ascending positions that include those of a query, if its index is in memory.

    None when it is not, when it cannot answer the query, or when the rows are so many that a
    filter is as fast.
    """
    own = query.find_time_columns(info) == info.time_columns
    selective = own and (query.windowed or query.bbox is not None)
    if not selective or query.ids is not None or query.allowed or not is_within_map(query.bbox):
        return None
    index = _indexes.get((store, info.name, info.version))
    if index is None:
        return None
    window = None if query.bbox is None else to_window(query.bbox)
    parts = list(index.find_rows(query, window))
    if sum(map(len, parts)) > _MOST_POSITIONS:
        return None
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _build(store: LayerStore, info: LayerInfo) -> SpatialIndex:
    columns = list(dict.fromkeys(info.time_columns or ()))
    pieces: list[_Piece] = [(_NONE,) * 8]
    ranges: list[DayNumbers] = []
    for batch in store.read_batches(info.name, columns, places=True):
        pieces.append(_index_places(batch.places, info.geometry))
        if columns:
            ranges.append(_index_days(batch.data, info))
    days = None
    if ranges:
        first = np.concatenate([one for one, _ in ranges])
        days = first, first if len(columns) == 1 else np.concatenate([one for _, one in ranges])
    check_version(store, info)  # else some batches may be of another version
    return _join(pieces, info.geometry, days)


def _index_days(data: pa.Table, info: LayerInfo) -> DayNumbers:
    frame = data.to_pandas(date_as_object=False, ignore_metadata=True)
    first, last = compute_day_ranges(frame, info.time_columns, info.time_zone)
    return _to_day_numbers(first), _to_day_numbers(last)


def _to_day_numbers(days: Days) -> np.ndarray:
    numbers = np.clip(days.astype(np.int64), UNDATED + 1, np.iinfo(np.int32).max)
    return np.where(np.isnat(days), UNDATED, numbers).astype(np.int32)


def _index_places(places: pa.Array, kind: str) -> _Piece:
    points = decode_points(places) if kind == "point" else None
    if points is not None:
        x, y = to_units(*points.T)
        ones = np.broadcast_to(1, len(x))
        return x, y, x, y, x, y, ones, ones
    shapes = decode_wkb(places)
    sides = _compute_sides(shapes)
    shapes[sides[0] == NOWHERE] = None
    if kind not in ("point", "line"):
        return *sides, _NONE, _NONE, _NONE, _NONE
    simple, row = shapely.get_parts(shapes, return_index=True)
    coordinates, part = shapely.get_coordinates(simple, return_index=True)
    lat = coordinates[:, 1] if kind == "point" else np.clip(coordinates[:, 1], -LIMIT, LIMIT)
    x, y = to_units(coordinates[:, 0], lat)
    vertices = np.bincount(part, minlength=len(simple))
    return *sides, x, y, vertices, np.bincount(row, minlength=len(shapes))


def _compute_sides(shapes: np.ndarray) -> Sides:
    """Return the bounds of each row; empty bounds if its geometry is missing or not finite."""
    west, south, east, north = shapely.bounds(shapes).T
    bad = ~mask_finite(shapes)
    left, top = to_units(np.clip(west, -180, 180), np.clip(north, -LIMIT, LIMIT))
    right, bottom = to_units(np.clip(east, -180, 180), np.clip(south, -LIMIT, LIMIT))
    left[bad] = top[bad] = NOWHERE
    right[bad] = bottom[bad] = 0
    return left, top, right, bottom


def _join(pieces: list[_Piece], kind: str, days: DayNumbers | None) -> SpatialIndex:
    columns = list(zip(*pieces, strict=True))
    if kind == "point" and all(one[0] is one[4] for one in pieces):
        x, y = (np.concatenate(one) for one in columns[:2])
        return SpatialIndex(kind, (x, y, x, y), x, y, days=days)
    left, top, right, bottom, x, y = (np.concatenate(one) for one in columns[:6])
    sides = (left, top, right, bottom)
    if kind not in ("point", "line"):
        return SpatialIndex(kind, sides, x, y, days=days)
    starts, parts = (np.concatenate([[0], *one]).cumsum() for one in columns[6:])
    return SpatialIndex(kind, sides, x, y, parts, starts, days)
