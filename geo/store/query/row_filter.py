"""The exact answer to a query, in memory: the last word for every format."""

from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.store.core.api import Box, LayerInfo, Query, row_ids
from geo.store.core.date_window import compute_day_ranges, match_window, parse_datetimes, to_days
from geo.store.core.normalise import estimate_bytes, mask_finite


class FilterableRows:
    """Rows of a layer, tidy, with what the masks need worked out once.

    ``select`` builds a new frame from copies of the arrays, and the values in them cannot
    be changed in place (`normalise.tidy`): whatever a caller does to it, the rows
    held here stay as they are.

    Parameters
    ----------
    frame, info
    passing
        The rows are not held, but for one answer: they may be the answer themselves.
    """

    def __init__(self, frame: GeoDataFrame, info: LayerInfo, *, passing: bool = False) -> None:
        self._frame = frame
        self._info = info
        self._passing = passing
        self._span = compute_day_ranges(frame, info.time_columns)

    @cached_property
    def size(self) -> int:
        """Bytes held, roughly."""
        return estimate_bytes(self._frame)

    @cached_property
    def _shapes(self) -> np.ndarray:
        return self._frame.geometry.to_numpy()

    @cached_property
    def _finite(self) -> np.ndarray:
        return mask_finite(self._shapes)

    @cached_property
    def _bounds(self) -> np.ndarray:
        return shapely.bounds(self._shapes)

    @cached_property
    def _ids(self) -> pd.Series:
        return row_ids(self._frame, self._info)

    def select(self, query: Query) -> GeoDataFrame:
        """The rows that the query asks for, in file order, as a new frame.

        Raises
        ------
        StoreError
            When ``query.where`` names a column that the layer does not have.
        """
        check_columns(self._info.name, self._frame.columns, query)
        keep = match_window(*self._span, query)
        if query.ids is not None:
            keep &= self._ids.isin(query.ids).to_numpy()
        for name, allowed in query.allowed:
            keep &= _matches(self._frame[name], allowed)
        if query.bbox is not None:
            keep &= self._inside(query.bbox, keep)
        if not keep.all():
            return self._frame[keep]
        return self._frame if self._passing else self._frame.copy()

    def _inside(self, box: Box, keep: np.ndarray) -> np.ndarray:
        """Rows whose geometry touches the box; the costly test only where bounds cannot tell."""
        xmin, ymin, xmax, ymax = box
        left, low, right, high = self._bounds.T
        near = (
            keep & self._finite & (left <= xmax) & (right >= xmin) & (low <= ymax) & (high >= ymin)
        )
        unsure = near & ~((left >= xmin) & (right <= xmax) & (low >= ymin) & (high <= ymax))
        if unsure.any():
            around = shapely.box(*np.clip(box, -1e9, 1e9))
            near[unsure] = shapely.intersects(self._shapes[unsure], around)
        return near


def check_columns(layer: str, columns: "pd.Index | frozenset[str]", query: Query) -> None:
    """StoreError when ``query.where`` names a column that is not among ``columns``."""
    unknown = [name for name, _ in query.allowed if name not in columns or name == "geometry"]
    if unknown:
        there = ", ".join(sorted(str(name) for name in columns if name != "geometry")) or "none"
        msg = (
            f"Layer {layer!r} has no column {', '.join(map(repr, unknown))} to filter by. "
            f"Choose among its columns: {there}."
        )
        raise StoreError(msg)


def _matches(column: pd.Series, allowed: tuple[object, ...]) -> np.ndarray:
    """One bool a row: is the value, or any member of it, among the allowed ones?"""
    keep = column.isna().to_numpy() & any(value is None for value in allowed)
    wanted = [value for value in allowed if value is not None]
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return keep | _same_time(column, wanted)
    wanted = [value.isoformat() if isinstance(value, date) else value for value in wanted]
    if column.dtype == object:
        members = set(wanted)
        hits = [
            not members.isdisjoint(value) if isinstance(value, tuple) else value in members
            for value in column
        ]
        return keep | np.array(hits, dtype=bool)
    if pd.api.types.is_string_dtype(column.dtype):
        wanted = [value for value in wanted if isinstance(value, str)]
    return keep | column.isin(wanted).to_numpy()


def _same_time(column: pd.Series, wanted: list[object]) -> np.ndarray:
    """A date, or its ISO text, allows the whole day; a datetime or text with a time that moment."""
    keep = np.zeros(len(column), dtype=bool)
    for value in wanted:
        one = parse_datetimes(pd.Series([value], dtype=object))
        if one.isna().all():
            continue
        if len(str(value)) == 10:  # a date, or the text of one
            keep |= to_days(column) == to_days(one)[0]
        else:
            if one.dt.tz is None and isinstance(column.dtype, pd.DatetimeTZDtype):
                one = one.dt.tz_localize("UTC")
            elif one.dt.tz is not None and not isinstance(column.dtype, pd.DatetimeTZDtype):
                one = one.dt.tz_localize(None)
            keep |= (column == one.iloc[0]).to_numpy()
    return keep
