"""GeoJSON by the json module: GDAL never sees it, nothing that it links to is fetched."""

import json
import re
from collections.abc import Sequence

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
from geo.text.unicode import replace_surrogates

_NAMED_CRS = re.compile(
    r"(?:urn:ogc:def:crs:)?(EPSG|OGC):(?:[\d.]*:)?(\d{1,6}|CRS84)", re.IGNORECASE
)
_REMEDY = "Export it as a FeatureCollection."
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class GeojsonReader:
    """A FeatureCollection, a Feature or a bare geometry, as one table. Filters: all in memory.

    Dates stay text, but a column of ISO days counts as a datetime column for guessing. A feature
    whose geometry cannot be built is a row without a place. A feature's own ``id`` becomes the
    column ``id`` unless there is a property of that name.
    """

    table: str | None = None

    def __init__(self, data: bytes) -> None:
        document = _parse(data)
        self._frame = _frame(_features(document), _crs(document))
        self.columns = {name: _kind(self._frame[name]) for name in self._frame.columns[:-1]}
        self.rows = len(self._frame)
        self.size = 10 * len(data)

    def frame(self, query: Query | None = None, info: LayerInfo | None = None) -> GeoDataFrame:
        """All rows: nothing goes down to a text file."""
        return self._frame

    def attributes(self, names: Sequence[str]) -> pd.DataFrame:
        """These columns of all rows."""
        return pd.DataFrame(self._frame[list(names)])

    def facts(self) -> tuple[str, Box | None] | None:
        """None: it has no header."""
        return None


def _parse(data: bytes) -> dict:
    try:
        text = data.decode("utf-8-sig")
        document = json.loads(text)
    except UnicodeDecodeError as error:
        why = f"It is not UTF-8 text (byte {error.start})."
        raise FileFaultError(why, "Save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        why = f"Its JSON breaks at line {error.lineno}, column {error.colno} ({error.msg})."
        raise FileFaultError(why, "Copy or export it again, whole.") from error
    except RecursionError as error:
        raise FileFaultError("Its JSON is nested too deeply to be features.", _REMEDY) from error
    if not isinstance(document, dict):
        raise FileFaultError("It is JSON, but not GeoJSON: no object.", _REMEDY)
    return replace_surrogates(document) if _SURROGATE.search(text) else document


def _features(document: dict) -> list[dict]:
    kind = document.get("type")
    if kind == "Feature":
        return [document]
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return [one for one in document["features"] if isinstance(one, dict)]
    if "coordinates" in document or kind == "GeometryCollection":
        return [{"geometry": document}]
    raise FileFaultError(f"It is JSON of type {str(kind)[:40]!r}, not GeoJSON.", _REMEDY)


def _crs(document: dict) -> str:
    """RFC 7946 says WGS84; the older form may name an EPSG code. Links are not followed."""
    said = document.get("crs")
    if said is None:
        return "OGC:CRS84"
    properties = said.get("properties") if isinstance(said, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    found = _NAMED_CRS.fullmatch(name) if isinstance(name, str) else None
    if found is None:
        why = "Its 'crs' member is a link or an unknown name; links are never followed."
        raise FileFaultError(why, "Reproject it to WGS84 and remove the member 'crs'.")
    return f"{found[1].upper()}:{found[2].upper()}"


def _frame(features: list[dict], crs: str) -> GeoDataFrame:
    rows = [
        one["properties"] if isinstance(one.get("properties"), dict) else {} for one in features
    ]
    data = pd.DataFrame(rows, index=pd.RangeIndex(len(features)))
    if "id" not in data.columns and any(one.get("id") is not None for one in features):
        data.insert(0, "id", [one.get("id") for one in features])
    data = data.drop(columns="geometry", errors="ignore")
    for name in data.columns[[dtype.kind == "O" for dtype in data.dtypes]]:
        data[name] = freeze_objects(data[name])
    with np.errstate(invalid="ignore"):  # a coordinate that is NaN
        shapes = [_shape(one.get("geometry")) for one in features]
    places = GeoSeries(shapes, index=data.index, crs=crs)
    return GeoDataFrame(data, geometry=places)


def _shape(geometry: object) -> shapely.Geometry | None:
    """The geometry, or None where it is missing or cannot be built: the row stays."""
    if not isinstance(geometry, dict):
        return None
    try:
        return shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column.dtype):
        return "other"
    if pd.api.types.is_integer_dtype(column.dtype):
        return "integer"
    if pd.api.types.is_string_dtype(column.dtype) and column.dtype != object:
        return "text" if parse_if_all_datetimes(column) is None else "datetime"
    return "list" if any(isinstance(value, tuple) for value in column) else "other"
