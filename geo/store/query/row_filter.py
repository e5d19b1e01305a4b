"""Exact filter in memory, applied to the rows of every format."""

from collections.abc import Collection
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.lru_cache import LruCache
from geo.store.core.api import Box, LayerInfo, Query, row_ids
from geo.store.core.date_window import (
    Days,
    compute_day_ranges,
    localise,
    match_window,
    parse_datetimes,
    to_days,
)
from geo.store.core.normalise import estimate_bytes, mask_finite


class FilterableRows:
    """Normalised rows of a layer, with cached columns for the filters.

    ``select`` returns copies of the arrays, and their values are immutable
    (`core.normalise`): a caller cannot change the rows that are held here. Rows that are read once
    are not cached: `select` may return them without a copy.

    `remember` is the number of selections whose rows are kept, for a layer that is read often: many
    queries match the same few rows, and to take them from 50 columns costs more than all else. The
    arrays are then shared by all who ask, and copied where somebody writes (pandas' copy on write).
    """

    def __init__(
        self, frame: GeoDataFrame, info: LayerInfo, *, read_once: bool = False, remember: int = 0
    ) -> None:
        self._frame = frame
        self._info = info
        self._read_once = read_once
        self._taken: LruCache[GeoDataFrame] = LruCache(remember)
        self._shapes: np.ndarray = frame.geometry.to_numpy()
        self._days = {info.time_columns: self._compute_days(info.time_columns)}

    @cached_property
    def size(self) -> int:
        """Estimated bytes in memory."""
        return estimate_bytes(self._frame)

    @cached_property
    def _bounds(self) -> np.ndarray:
        """(rows, 4); NaN where there is no geometry, or a coordinate is not finite."""
        bounds: np.ndarray = shapely.bounds(self._shapes)
        bounds[~mask_finite(self._shapes)] = np.nan
        return bounds

    @cached_property
    def _ids(self) -> pd.Series:
        return row_ids(self._frame, self._info)

    def _compute_days(self, columns: tuple[str, str] | None) -> tuple[Days, Days]:
        return compute_day_ranges(self._frame, columns, self._info.time_zone)

    def _match_window(self, query: Query) -> np.ndarray:
        columns = query.find_time_columns(self._info)
        if columns not in self._days:
            self._days[columns] = self._compute_days(columns)
        return match_window(*self._days[columns], query)

    def select(self, query: Query) -> GeoDataFrame:
        """Return the rows of a query, in file order, as a new frame (`check_columns`)."""
        check_columns(self._info.name, self._frame.columns, query)
        keep = self._match_window(query)
        if query.ids is not None:
            keep &= self._ids.isin(query.ids).to_numpy()
        for name, allowed in query.allowed:
            keep &= _mask_allowed(self._frame[name], allowed, self._info.time_zone)
        if query.bbox is not None:
            keep &= self._mask_box(query.bbox, keep)
        if self._taken.capacity:
            key, rows = (keep.tobytes(),), self._frame
            taken = self._taken.get_or_compute(key, lambda: rows[keep], lambda _: 1)
            return taken.copy(deep=False)
        if not keep.all():
            return self._frame[keep]
        return self._frame if self._read_once else self._frame.copy()

    def _mask_box(self, box: Box, keep: np.ndarray) -> np.ndarray:
        """Return a mask of geometries that intersect the box; test exactly if bounds overlap."""
        xmin, ymin, xmax, ymax = box
        left, low, right, high = self._bounds.T
        near: np.ndarray = keep & (left <= xmax) & (right >= xmin) & (low <= ymax) & (high >= ymin)
        unsure = near & ~((left >= xmin) & (right <= xmax) & (low >= ymin) & (high <= ymax))
        if unsure.any():
            around = shapely.box(*np.clip(box, -1e9, 1e9))
            near[unsure] = shapely.intersects(self._shapes[unsure], around)
        return near


def check_columns(layer: str, columns: Collection[str], query: Query) -> None:
    """Raise StoreError when a query names a column that is not among ``columns``."""
    named = [*(name for name, _ in query.allowed), *(query.time_columns or ())]
    unknown = [name for name in named if name not in columns or name == "geometry"]
    if unknown:
        there = ", ".join(sorted(str(name) for name in columns if name != "geometry")) or "none"
        msg = (
            f"Layer {layer!r} has no column {', '.join(map(repr, unknown))} to filter by. "
            f"Choose among its columns: {there}."
        )
        raise StoreError(msg)


def _mask_allowed(column: pd.Series, allowed: tuple[object, ...], zone: str) -> np.ndarray:
    """Return one bool a row: whether the value, or a member of a list, is allowed."""
    wanted = [value for value in allowed if value is not None]
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        hits = _mask_times(column, wanted, zone)
    else:
        wanted = [value.isoformat() if isinstance(value, date) else value for value in wanted]
        hits = _mask_values(column, wanted)
    nulls: np.ndarray = column.isna().to_numpy()
    return np.logical_or(hits, nulls) if len(wanted) < len(allowed) else hits


def _mask_values(column: pd.Series, wanted: list[object]) -> np.ndarray:
    if column.dtype == object:
        members = set(wanted)
        found = [
            not members.isdisjoint(value) if isinstance(value, tuple) else value in members
            for value in column
        ]
        return np.array(found, dtype=bool)
    if pd.api.types.is_string_dtype(column.dtype):
        wanted = [value for value in wanted if isinstance(value, str)]
    hits: np.ndarray = column.isin(wanted).to_numpy()
    return hits


def _mask_times(column: pd.Series, wanted: list[object], zone: str) -> np.ndarray:
    """Match a date (or its ISO text) with its whole day, a datetime with that exact time."""
    zoned = column.dt.tz is not None
    keep = np.zeros(len(column), dtype=bool)
    for value in wanted:
        one = parse_datetimes(pd.Series([value], dtype=object), zone)
        if len(str(value)) == 10:  # a date or its ISO text
            keep |= to_days(column, zone) == to_days(one, zone)[0]  # False for NaT
            continue
        if zoned and one.dt.tz is None:
            one = localise(one, zone)
        elif not zoned and one.dt.tz is not None:
            one = one.dt.tz_localize(None)
        keep |= (column == one.iloc[0]).to_numpy()
    return keep
