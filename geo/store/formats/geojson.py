"""Reads GeoJSON with the json module: GDAL never opens it, and links are never followed."""

import json
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from shapely.errors import ShapelyError
from shapely.geometry import shape

from geo.store.core.api import Box, LayerInfo, Query
from geo.store.core.date_window import parse_if_all_datetimes
from geo.store.core.errors import FileFaultError
from geo.store.core.normalise import freeze_objects
from geo.text.escaping import replace_surrogates

Json = dict[str, Any]

REMEDY = "Export it as a FeatureCollection."
_NAMED_CRS = re.compile(
    r"(?:urn:ogc:def:crs:)?(EPSG|OGC):(?:[\d.]*:)?(\d{1,6}|CRS84)", re.IGNORECASE
)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class GeojsonReader:
    """A FeatureCollection, a Feature or a bare geometry, as one table. Filtered in memory only.

    Dates stay text, but a column of ISO days is classified as datetime. A feature whose geometry
    is invalid is a row without a geometry. A feature's ``id`` becomes the column ``id`` unless
    there is a property of that name.
    """

    def __init__(self, data: bytes) -> None:
        document = _parse(data)
        self._frame = _to_frame(_list_features(document), _parse_crs_name(document))
        self.columns = {name: _classify(self._frame[name]) for name in self._frame.columns[:-1]}
        self.rows = len(self._frame)
        self.decoded_bytes = 10 * len(data)

    def read_frame(self, query: Query | None = None, info: LayerInfo | None = None) -> GeoDataFrame:
        """Return all rows."""
        return self._frame

    def read_columns(self, names: Sequence[str]) -> pd.DataFrame:
        """Return these columns of all rows."""
        return pd.DataFrame(self._frame[list(names)])

    def read_header(self) -> tuple[str, Box | None] | None:
        """Return None: GeoJSON has no header."""
        return None


def get_properties(feature: Json) -> Json:
    """Return a feature's properties; empty if they are missing or not an object."""
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def get_crs_name(document: Json) -> str | None:
    """Return the name in the old member ``crs``; None if it is a link or malformed."""
    crs = document.get("crs")
    name = get_properties(crs).get("name") if isinstance(crs, dict) else None
    return name if isinstance(name, str) else None


def explain_json_error(error: json.JSONDecodeError) -> tuple[str, str]:
    """Return why a text is not JSON, and a remedy."""
    why = f"Its JSON breaks at line {error.lineno}, column {error.colno} ({error.msg})."
    return why, "Copy or export it again, whole."


def _parse(data: bytes) -> Json:
    try:
        text = data.decode("utf-8-sig")
        document = json.loads(text)
    except UnicodeDecodeError as error:
        why = f"It is not UTF-8 text (byte {error.start})."
        raise FileFaultError(why, "Save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise FileFaultError(*explain_json_error(error)) from error
    except RecursionError as error:
        raise FileFaultError("Its JSON is nested too deeply to be features.", REMEDY) from error
    if not isinstance(document, dict):
        raise FileFaultError("It is JSON, but not GeoJSON: no object.", REMEDY)
    return replace_surrogates(document) if _SURROGATE.search(text) else document


def _list_features(document: Json) -> list[Json]:
    kind = document.get("type")
    if kind == "Feature":
        return [document]
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return [one for one in document["features"] if isinstance(one, dict)]
    if "coordinates" in document or kind == "GeometryCollection":
        return [{"geometry": document}]
    raise FileFaultError(f"It is JSON of type {str(kind)[:40]!r}, not GeoJSON.", REMEDY)


def _parse_crs_name(document: Json) -> str:
    """Return the CRS: WGS 84 as RFC 7946 says, or the EPSG code of the old member ``crs``."""
    if document.get("crs") is None:
        return "OGC:CRS84"
    found = _NAMED_CRS.fullmatch(get_crs_name(document) or "")
    if found is None:
        why = "Its 'crs' member is a link or an unknown name; links are never followed."
        raise FileFaultError(why, "Reproject it to WGS84 and remove the member 'crs'.")
    return f"{found[1].upper()}:{found[2].upper()}"


def _to_frame(features: list[Json], crs: str) -> GeoDataFrame:
    rows = [get_properties(one) for one in features]
    data = pd.DataFrame(rows, index=pd.RangeIndex(len(features)))
    if "id" not in data.columns and any(one.get("id") is not None for one in features):
        data.insert(0, "id", [one.get("id") for one in features])
    data = data.drop(columns="geometry", errors="ignore")
    for name in data.columns[[dtype.kind == "O" for dtype in data.dtypes]]:
        data[name] = freeze_objects(data[name])
    with np.errstate(invalid="ignore"):  # a coordinate that is NaN
        shapes = [_build_geometry(one.get("geometry")) for one in features]
    places = GeoSeries(shapes, index=data.index, crs=crs)
    return GeoDataFrame(data, geometry=places)


def _build_geometry(geometry: object) -> shapely.Geometry | None:
    """Return the geometry; None if it is missing or invalid."""
    if not isinstance(geometry, dict):
        return None
    try:
        return shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None


def _classify(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column.dtype):
        return "other"
    if pd.api.types.is_integer_dtype(column.dtype):
        return "integer"
    if pd.api.types.is_string_dtype(column.dtype) and column.dtype != object:
        return "text" if parse_if_all_datetimes(column) is None else "datetime"
    return "list" if any(isinstance(value, tuple) for value in column) else "other"
