"""From what a format gives to what the store promises: one CRS, plain and unchangeable values."""

import json
from collections.abc import Collection, Iterable
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas.api.types import is_datetime64_dtype
from pyproj import CRS

from geo.store.core.api import Box
from geo.store.core.date_window import parse_if_all_datetimes
from geo.store.core.errors import FileFaultError

WGS84 = "EPSG:4326"
_KINDS = ("point", "line", "line", "polygon", "point", "line", "polygon", "mixed")


def normalise(
    frame: GeoDataFrame, id_column: str | None, time_columns: tuple[str, str] | None
) -> GeoDataFrame:
    """A frame as a store hands it out (see :meth:`LayerStore.read`); the argument stays as it is.

    A frame that is so already is the result itself: a new one takes a millisecond. No value of
    the result can be changed in place (text, numbers, tuples, shapely geometries), so a copy of
    its arrays shares nothing that a caller could alter.
    """
    given = {name: frame[name] for name in frame.columns if name != "geometry"}
    columns = {
        name: _normalise_column(name, column, id_column, time_columns or ())
        for name, column in given.items()
    }
    same = all(columns[name] is column for name, column in given.items())
    if same and frame.columns[-1] == "geometry" and is_store_crs(frame.geometry.crs):
        return frame
    data = pd.DataFrame(columns, index=frame.index)
    return GeoDataFrame(data, geometry=to_wgs84(frame.geometry))


def normalise_columns(
    data: pd.DataFrame, id_column: str | None, time_columns: Collection[str]
) -> pd.DataFrame:
    """Columns as a store hands them out, without the place."""
    columns = {
        name: _normalise_column(name, data[name], id_column, time_columns) for name in data.columns
    }
    return pd.DataFrame(columns, index=data.index)


def _normalise_column(
    name: str, column: pd.Series, id_column: str | None, time_columns: Collection[str]
) -> pd.Series:
    """A column as a store hands it out; the very one that is given if it is so already."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if column.dtype == object:
        column = freeze_objects(column)
    if name == id_column:
        column = ids_to_text(column)
    elif name in time_columns and not is_datetime64_dtype(column.dtype):
        parsed = parse_if_all_datetimes(column)
        column = column if parsed is None else parsed
    if pd.api.types.is_datetime64_any_dtype(column.dtype) and column.dt.unit != "us":
        column = column.dt.as_unit("us")
    return column


def to_wgs84(places: GeoSeries) -> GeoSeries:
    """Geometries in EPSG:4326, x = longitude; FileFaultError when the CRS is not named."""
    if places.crs is None:
        if not places.notna().any():
            return places.set_crs(WGS84)
        why = (
            "It does not name its coordinate reference system (CRS): its places could be anywhere."
        )
        raise FileFaultError(why, "Write it again with the CRS that it was made in.")
    if is_wgs84(places.crs):
        return places.set_crs(WGS84, allow_override=True)
    return places.to_crs(WGS84)


def parse_crs(text: str | dict) -> CRS:
    """A CRS from an authority's code, WKT or PROJJSON. Each is parsed once: that takes 10 ms."""
    return _parsed(text if isinstance(text, str) else json.dumps(text))


@lru_cache(maxsize=32)
def _parsed(text: str) -> CRS:
    return CRS.from_user_input(text)


@lru_cache(maxsize=64)
def is_store_crs(crs: CRS | None) -> bool:
    """Whether this is the very CRS in which a store hands frames out."""
    return crs is not None and crs == parse_crs(WGS84)


@lru_cache(maxsize=64)
def is_wgs84(crs: CRS | None) -> bool:
    """Whether coordinates in this CRS are those of EPSG:4326, longitude first."""
    return crs is not None and (
        crs.to_authority() in {("EPSG", "4326"), ("OGC", "CRS84")}
        or crs.equals(parse_crs(WGS84), ignore_axis_order=True)
    )


def ids_to_text(column: pd.Series) -> pd.Series:
    """Ids as text: 7 and 7.0 are "7"; a row without one is "#" and its position."""
    if column.dtype == "str" and not column.hasnans:
        return column
    if pd.api.types.is_float_dtype(column.dtype):
        whole = column.notna() & np.isfinite(column) & (column % 1 == 0)
        text = column.astype("str").where(
            ~whole, column.where(whole, 0).astype("int64").astype(str)
        )
    else:
        text = column.astype("str")
    if column.notna().all():
        return text.astype("str")
    missing = "#" + pd.Series(column.index.astype(str), index=column.index)
    return text.where(column.notna(), missing).astype("str")


def freeze_objects(column: pd.Series) -> pd.Series:
    """An object column with lists as tuples, nested objects as JSON text, and None for nothing."""
    values = [
        None if value is pd.NaT or value != value else value for value in map(_freeze, column)
    ]
    if all(value is None or isinstance(value, str) for value in values):
        return pd.Series(values, index=column.index, dtype="str")
    return pd.Series(values, index=column.index, dtype=object)


def _freeze(value: object) -> object:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        if any(isinstance(one, dict) for one in value):
            return json.dumps(value, ensure_ascii=False, default=str)
        return tuple(_freeze(one) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def estimate_bytes(frame: GeoDataFrame) -> int:
    """Bytes held, roughly: columns, and 100 bytes and 16 a vertex for each geometry."""
    shapes = frame.geometry.to_numpy()
    columns = frame.drop(columns="geometry").memory_usage(deep=True).sum()
    return int(columns + 100 * len(shapes) + 16 * shapely.get_num_coordinates(shapes).sum())


def classify_geometry(places: GeoSeries) -> str:
    """``"point"``, ``"line"``, ``"polygon"``, ``"mixed"`` or ``"none"`` for all geometries."""
    return combine_kinds(
        _KINDS[number] for number in np.unique(shapely.get_type_id(places)) if number >= 0
    )


def combine_kinds(kinds: Iterable[str]) -> str:
    """One word for several kinds of geometry."""
    different = set(kinds)
    return different.pop() if len(different) == 1 else "mixed" if different else "none"


def parse_kind(name: str) -> str:
    """The kind of a geometry type's name, such as ``MultiPolygon Z``."""
    plain = name.split(" ")[0].removeprefix("2.5D").removeprefix("Multi")
    return {"Point": "point", "LineString": "line", "Polygon": "polygon"}.get(plain, "mixed")


def mask_finite(shapes: np.ndarray) -> np.ndarray:
    """One bool a geometry: there is a place, and every coordinate of it is finite."""
    good = np.isfinite(shapely.bounds(shapes)).all(axis=1)  # NaN without a place
    several = np.flatnonzero(good & (shapely.get_num_coordinates(shapes) > 1))
    points, row = shapely.get_coordinates(shapes[several], return_index=True)
    good[several[row[~np.isfinite(points).all(axis=1)]]] = False
    return good


def compute_extent(places: GeoSeries) -> Box | None:
    """(xmin, ymin, xmax, ymax) of the rows that have a finite place, in the CRS of ``places``."""
    shapes = places.to_numpy()
    shapes = shapes[mask_finite(shapes)]
    if not len(shapes):
        return None
    xmin, ymin, xmax, ymax = (float(side) for side in shapely.total_bounds(shapes))
    return xmin, ymin, xmax, ymax
