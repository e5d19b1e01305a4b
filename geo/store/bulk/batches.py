"""Layers that are too big to be read whole: rows by position, columns some rows at a time.

A store that can do this better than by reading the layer whole has the three methods of
`PartwiseStore`; the functions here are what everybody calls, and they work with any store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import shapely

from geo.errors import LayerUnreadableError
from geo.store.bulk.spatial_index import (
    LIMIT,
    NOWHERE,
    UNDATED,
    Sides,
    SpatialIndex,
    is_within_map,
    to_units,
    to_window,
)
from geo.store.core.api import LayerInfo, LayerStore, Query
from geo.store.core.date_window import compute_day_ranges
from geo.store.query.layer_cache import LruCache

if TYPE_CHECKING:
    import pyarrow as pa
    from geopandas import GeoDataFrame

HELD = 1_500_000_000  # bytes of all columns that are held together
_SOME = 2**17  # rows that are taken one by one
_PLAIN = np.array([1, 1, 0, 0, 0], dtype=np.uint8)  # how WKB of a point begins: small end first


@dataclass(frozen=True)
class Batch:
    """Some rows: columns as an Arrow table, and places as WKB (EPSG:4326), null where none."""

    data: pa.Table
    places: pa.Array | None


@runtime_checkable
class BatchStore(Protocol):
    """A store that reads parts of a layer."""

    def owner(self, name: str) -> LayerStore:
        """Return the store that holds the layer itself: it, or one that it stands before."""

    def partwise(self, name: str) -> tuple[str, ...] | None:
        """Return the columns of a layer, in order; None where it can only be read whole."""

    def batches(self, name: str, columns: Sequence[str], *, places: bool) -> Iterator[Batch]:
        """Yield these columns of all rows, in file order, each row once."""

    def take(self, name: str, positions: np.ndarray) -> GeoDataFrame:
        """Return the rows at these positions (ascending), as `LayerStore.read` gives them."""


def owner(store: LayerStore, name: str) -> LayerStore:
    """Return the store that holds a layer itself, so that what is computed from it is shared."""
    return store.owner(name) if isinstance(store, BatchStore) else store


def partwise(store: LayerStore, name: str) -> tuple[str, ...] | None:
    """Return the columns of a layer, in order; None where it can only be read whole."""
    return store.partwise(name) if isinstance(store, BatchStore) else None


def take(store: LayerStore, name: str, positions: np.ndarray) -> GeoDataFrame:
    """Return the rows at these positions (ascending), as `LayerStore.read` gives them.

    Raises
    ------
    LayerNotFoundError
    LayerUnreadableError
        Also when the layer ends before them: they are those of one that has been replaced.
    """
    if len(positions) and positions.max() >= store.layer(name).rows:
        raise replaced(name)
    if isinstance(store, BatchStore):
        return store.take(name, positions)
    return store.read(name).iloc[positions]


def batches(
    store: LayerStore, name: str, columns: Sequence[str], *, places: bool = False
) -> Iterator[Batch]:
    """Yield these columns of all rows of a layer, in file order, each row once."""
    if isinstance(store, BatchStore):
        yield from store.batches(name, columns, places=places)
    else:
        yield batch_of(store.read(name), columns, places=places)


def batch_of(frame: GeoDataFrame, columns: Sequence[str], *, places: bool) -> Batch:
    """Return a frame that a store read as one batch."""
    import pandas as pd
    import pyarrow as pa

    data = pa.Table.from_pandas(pd.DataFrame(frame[list(columns)]), preserve_index=False)
    shapes = pa.array(shapely.to_wkb(frame.geometry.to_numpy()), pa.large_binary())
    return Batch(data, shapes if places else None)


_held: LruCache[SpatialIndex] = LruCache(HELD)


def columns(store: LayerStore, name: str) -> SpatialIndex:
    """Return a layer as plain numbers; they are read once a version and held.

    Raises
    ------
    LayerNotFoundError, LayerUnreadableError
    """
    store = owner(store, name)
    return columns_at(store, store.layer(name))


def columns_at(store: LayerStore, info: LayerInfo) -> SpatialIndex:
    """Return the same of the version that `info` tells of; `store` holds the layer itself.

    Raises
    ------
    LayerUnreadableError
        When the layer has been replaced, and that version is no longer held.
    """
    key = (store, info.name, info.version)
    return _held.get_or_compute(key, lambda: _made(store, info), lambda one: one.nbytes)


def forget(store: LayerStore, names: Collection[str]) -> None:
    """Let go of the columns of a store's layers that are not among these."""
    _held.evict(lambda key: key[0] is store and key[1] not in names)


def positions(store: LayerStore, info: LayerInfo, query: Query) -> np.ndarray | None:
    """Return where the rows of a query are, if that is known without a look at the layer.

    Returns
    -------
    numpy.ndarray or None
        Ascending; at least those of the query, perhaps more. None when the layer's columns are
        not held, when they cannot tell, or when the rows are many: then reading is as good.
    """
    told = query.windowed or query.bbox is not None
    if not told or query.ids is not None or query.allowed or not is_within_map(query.bbox):
        return None
    held = _held.get((store, info.name, info.version))
    if held is None:
        return None
    window = None if query.bbox is None else to_window(query.bbox)
    parts = list(held.find_rows(query, window))
    if sum(map(len, parts)) > _SOME:
        return None
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def check_version(store: LayerStore, info: LayerInfo) -> None:
    """LayerUnreadableError when a layer is no longer the one that `info` tells of."""
    if store.layer(info.name).version != info.version:
        raise replaced(info.name)


def replaced(name: str) -> LayerUnreadableError:
    """Return the error for somebody who asks for more of a layer that is another one now."""
    return LayerUnreadableError(
        f"Layer {name!r} has just been replaced. Ask again, for the new one."
    )


def _made(store: LayerStore, info: LayerInfo) -> SpatialIndex:
    named = list(dict.fromkeys(info.time_columns or ()))
    pieces: list[_Piece] = []
    days: list[tuple[np.ndarray, np.ndarray]] = []
    for batch in batches(store, info.name, named, places=True):
        pieces.append(_piece(batch.places, info.geometry))
        if named:
            days.append(_days(batch.data, info))
    first = last = None
    if days:
        first = np.concatenate([one for one, _ in days])
        last = first if len(named) == 1 else np.concatenate([one for _, one in days])
    check_version(store, info)  # else what was read may be of another one
    return _joined(pieces, info.geometry, first, last)


def _days(data: pa.Table, info: LayerInfo) -> tuple[np.ndarray, np.ndarray]:
    frame = data.to_pandas(date_as_object=False, ignore_metadata=True)
    return tuple(_number(one) for one in compute_day_ranges(frame, info.time_columns))  # type: ignore[return-value]


def _number(days: Any) -> np.ndarray:
    numbers = np.clip(days.astype(np.int64), UNDATED + 1, np.iinfo(np.int32).max)
    return np.where(np.isnat(days), UNDATED, numbers).astype(np.int32)


@dataclass
class _Piece:
    """A batch's places: vertices, how many each part has, how many parts each row has."""

    x: np.ndarray
    y: np.ndarray
    vertices: np.ndarray | None
    parts: np.ndarray | None
    sides: Sides


def _piece(places: Any, kind: str) -> _Piece:
    plain = plain_points(places) if kind == "point" else None
    if plain is not None:
        x, y = to_units(*plain)
        return _Piece(x, y, None, None, (x, y, x, y))
    blobs = places.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        shapes = shapely.from_wkb(blobs, on_invalid="ignore")
    sides = _sides(shapes)
    shapes[sides[0] == NOWHERE] = None
    if kind not in ("point", "line"):
        nothing = np.empty(0, dtype=np.uint32)
        return _Piece(nothing, nothing, None, None, sides)
    simple, row = shapely.get_parts(shapes, return_index=True)
    coordinates, part = shapely.get_coordinates(simple, return_index=True)
    lat = coordinates[:, 1] if kind == "point" else np.clip(coordinates[:, 1], -LIMIT, LIMIT)
    x, y = to_units(coordinates[:, 0], lat)
    return _Piece(
        x,
        y,
        np.bincount(part, minlength=len(simple)),
        np.bincount(row, minlength=len(shapes)),
        sides,
    )


def _sides(shapes: np.ndarray) -> Sides:
    """Return each row's bounds; those of one without a place, or a finite one, hold nothing."""
    west, south, east, north = shapely.bounds(shapes).T
    points, row = shapely.get_coordinates(shapes, return_index=True)
    bad = ~np.isfinite(west + south + east + north)
    bad[row[~np.isfinite(points).all(axis=1)]] = True
    left, top = to_units(np.clip(west, -180, 180), np.clip(north, -LIMIT, LIMIT))
    right, bottom = to_units(np.clip(east, -180, 180), np.clip(south, -LIMIT, LIMIT))
    left[bad] = top[bad] = NOWHERE
    right[bad] = bottom[bad] = 0
    return left, top, right, bottom


def plain_points(places: Any) -> tuple[np.ndarray, np.ndarray] | None:
    """Return x and y of WKB points without decoding them; None if one is anything else."""
    import pyarrow as pa

    if places.null_count or not len(places):
        return None
    width = np.int64 if pa.types.is_large_binary(places.type) else np.int32
    _, offsets, data = places.buffers()
    ends = np.frombuffer(offsets, width)[places.offset : places.offset + len(places) + 1]
    if not (np.diff(ends) == 21).all():
        return None
    raw = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]].reshape(-1, 21)
    if not (raw[:, :5] == _PLAIN).all():
        return None
    numbers = np.ascontiguousarray(raw[:, 5:]).view("<f8")
    return numbers[:, 0], numbers[:, 1]


def _joined(
    pieces: list[_Piece], kind: str, first: np.ndarray | None, last: np.ndarray | None
) -> SpatialIndex:
    nothing = [np.empty(0, dtype=np.uint32)]
    x, y = (np.concatenate([getattr(one, name) for one in pieces] or nothing) for name in "xy")
    if all(one.parts is None for one in pieces) and kind == "point":
        return SpatialIndex(kind, (x, y, x, y), x, y, first=first, last=last)
    sides: Any = tuple(
        np.concatenate([one.sides[number] for one in pieces] or nothing) for number in range(4)
    )
    if kind not in ("point", "line"):
        return SpatialIndex(kind, sides, x, y, first=first, last=last)
    parts, starts = (
        np.concatenate([[0], *(_counts(one, name) for one in pieces)]).cumsum()
        for name in ("parts", "vertices")
    )
    return SpatialIndex(kind, sides, x, y, parts, starts, first, last)


def _counts(piece: _Piece, name: str) -> np.ndarray:
    counts = getattr(piece, name)
    return np.ones(len(piece.x), dtype=np.int64) if counts is None else counts
