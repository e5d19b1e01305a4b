"""Bring what a file format returns into the store's form: EPSG:4326, immutable plain values."""

import datetime as dt
import decimal
import json
import math
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
    frame: GeoDataFrame, id_column: str | None, time_columns: tuple[str, str] | None, zone: str
) -> GeoDataFrame:
    """Return a frame in the form of :meth:`LayerStore.read`; the argument is not changed.

    A frame that has this form already is returned itself: a new one takes a millisecond. No
    value of the result is mutable (text, numbers, tuples, shapely geometries), so a copy of its
    arrays shares nothing that a caller could alter.
    """
    given = {name: frame[name] for name in frame.columns if name != "geometry"}
    columns = {
        name: _normalise_column(name, column, id_column, time_columns or (), zone)
        for name, column in given.items()
    }
    same = all(columns[name] is column for name, column in given.items())
    if same and frame.columns[-1] == "geometry" and frame.geometry.crs == parse_crs(WGS84):
        return frame
    data = pd.DataFrame(columns, index=frame.index)
    return GeoDataFrame(data, geometry=to_wgs84(frame.geometry))


def normalise_columns(
    data: pd.DataFrame, id_column: str | None, time_columns: Collection[str], zone: str
) -> pd.DataFrame:
    """Return columns in the form of :meth:`LayerStore.read`, without the geometry."""
    columns = {
        name: _normalise_column(name, data[name], id_column, time_columns, zone)
        for name in data.columns
    }
    return pd.DataFrame(columns, index=data.index)


def _normalise_column(
    name: str, column: pd.Series, id_column: str | None, time_columns: Collection[str], zone: str
) -> pd.Series:
    """Return a normalised column: the argument itself if it is normalised already."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if column.dtype == object:
        column = freeze_objects(column)
    if name == id_column:
        column = ids_to_text(column)
    elif isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column if str(column.dt.tz) == zone else column.dt.tz_convert(zone)
    elif name in time_columns and not is_datetime64_dtype(column.dtype):
        parsed = parse_if_all_datetimes(column, zone)
        column = column if parsed is None else parsed
    if pd.api.types.is_datetime64_any_dtype(column.dtype) and column.dt.unit != "us":
        column = column.dt.as_unit("us")
    return column


def to_wgs84(places: GeoSeries) -> GeoSeries:
    """Return geometries in EPSG:4326, x = longitude; FileFaultError if they have no CRS."""
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


@lru_cache(maxsize=32)
def parse_crs(text: str) -> CRS:
    """Parse an authority code, WKT or PROJJSON. Cached: parsing takes 10 ms."""
    return CRS.from_user_input(text)


@lru_cache(maxsize=64)
def is_wgs84(crs: CRS | None) -> bool:
    """Whether coordinates in this CRS equal those of EPSG:4326 with longitude first."""
    return crs is not None and (
        crs.to_authority() in {("EPSG", "4326"), ("OGC", "CRS84")}
        or crs.equals(parse_crs(WGS84), ignore_axis_order=True)
    )


def ids_to_text(column: pd.Series) -> pd.Series:
    """Return ids as text: 7 and 7.0 become "7"; a missing id becomes "#" and the position."""
    if column.dtype == "str" and not column.hasnans:
        return column
    if pd.api.types.is_float_dtype(column.dtype):
        whole = column.notna() & np.isfinite(column) & (column % 1 == 0)
        integers = column.where(whole, 0).astype("int64").astype(str)
        text = column.astype("str").where(~whole, integers)
    else:
        text = column.astype("str")
    if column.notna().all():
        return text.astype("str")
    missing = "#" + pd.Series(column.index.astype(str), index=column.index)
    return text.where(column.notna(), missing).astype("str")


def freeze_objects(column: pd.Series) -> pd.Series:
    """Return an object column with lists as tuples, nested objects as JSON, missing as None."""
    values = [None if is_missing(value) else value for value in map(_freeze, column)]
    is_text = all(value is None or isinstance(value, str) for value in values)
    return pd.Series(values, index=column.index, dtype="str" if is_text else object)


def is_missing(value: object) -> bool:
    """Whether a cell is empty: None, NA, NaT or NaN; a list never is."""
    if isinstance(value, (np.ndarray, list, tuple, dict)):
        return False
    return value is None or value is pd.NA or value is pd.NaT or bool(value != value)


def _freeze(value: object) -> object:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)) and not any(isinstance(one, dict) for one in value):
        return tuple(_freeze(one) for one in value)
    if isinstance(value, (list, tuple, dict)):
        return to_json(value)
    return value


def to_json(value: object, *, strict: bool = True) -> str:
    """Return a value as JSON text; nested arrays, times, decimals and bytes get a plain form.

    NaN and infinity become null, unless ``strict`` is False: then only Python can parse them.
    """
    try:
        return json.dumps(value, ensure_ascii=False, default=_to_plain, allow_nan=not strict)
    except (ValueError, TypeError):  # NaN, or a key that is no text
        return json.dumps(_to_plain(value), ensure_ascii=False)


def _to_plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): _to_plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_plain(one) for one in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (dt.date, dt.time)) and not is_missing(value):
        return value.isoformat()
    if isinstance(value, (float, np.generic, decimal.Decimal)):
        return _number_to_plain(value)
    return value if value is None or isinstance(value, (str, int)) else str(value)


def _number_to_plain(value: "float | np.generic | decimal.Decimal") -> object:
    """Return a number as JSON holds it without loss; None for NaN and infinity."""
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, decimal.Decimal) and plain.is_finite():
        near = int(plain) if plain == plain.to_integral_value() else float(plain)
        return near if decimal.Decimal(str(near)) == plain else str(plain)
    if isinstance(plain, (float, decimal.Decimal)):
        return plain if math.isfinite(plain) else None
    return plain if isinstance(plain, (str, int)) else str(plain)


def has_times(frame: pd.DataFrame) -> bool:
    """Whether a column has times that mean something in a time zone only: no plain dates."""
    return any(
        isinstance(column.dtype, pd.DatetimeTZDtype)
        or (
            is_datetime64_dtype(column.dtype)
            and (column.dropna().dt.normalize() < column.dropna()).any()
        )
        for _, column in frame.items()
    )


def estimate_bytes(frame: GeoDataFrame) -> int:
    """Estimate bytes in memory: columns, 100 a geometry and 16 a vertex."""
    shapes = frame.geometry.to_numpy()
    columns = frame.drop(columns="geometry").memory_usage(deep=True).sum()
    return int(columns + 100 * len(shapes) + 16 * shapely.get_num_coordinates(shapes).sum())


def classify_geometry(places: GeoSeries) -> str:
    """Return ``"point"``, ``"line"``, ``"polygon"``, ``"mixed"`` or ``"none"`` for all together."""
    found = np.unique(shapely.get_type_id(places))
    return combine_kinds(_KINDS[number] for number in found if number >= 0)


def combine_kinds(kinds: Iterable[str]) -> str:
    """Return the one kind of geometry, ``"mixed"`` or ``"none"``."""
    different = set(kinds)
    return different.pop() if len(different) == 1 else "mixed" if different else "none"


def parse_kind(name: str) -> str:
    """Return the kind of geometry for a type's name, such as ``MultiPolygon Z``."""
    plain = name.split(" ")[0].removeprefix("2.5D").removeprefix("Multi")
    return {"Point": "point", "LineString": "line", "Polygon": "polygon"}.get(plain, "mixed")


def mask_finite(shapes: np.ndarray) -> np.ndarray:
    """Return one bool a geometry: whether it exists and all of its coordinates are finite."""
    good: np.ndarray = np.isfinite(shapely.bounds(shapes)).all(axis=1)  # NaN without a geometry
    several = np.flatnonzero(good & (shapely.get_num_coordinates(shapes) > 1))
    points, row = shapely.get_coordinates(shapes[several], return_index=True)
    good[several[row[~np.isfinite(points).all(axis=1)]]] = False
    return good


def compute_extent(places: GeoSeries) -> Box | None:
    """Return (xmin, ymin, xmax, ymax) of the finite geometries, in their CRS; None without any."""
    shapes = places.to_numpy()
    shapes = shapes[mask_finite(shapes)]
    if not len(shapes):
        return None
    xmin, ymin, xmax, ymax = (float(side) for side in shapely.total_bounds(shapes))
    return xmin, ymin, xmax, ymax
