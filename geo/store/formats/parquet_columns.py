"""Columns of a Parquet file as plain Arrow columns: nested values as JSON text, geometries as WKB.

Plain are numbers, booleans, text, times, bytes, and lists of numbers, booleans or text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame
from pyarrow import types as is_

from geo.store.core.errors import FileFaultError
from geo.store.core.normalise import to_json

WKB = "WKB"
SIDES = ("xmin", "ymin", "xmax", "ymax")
_NATIVE = ("point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon")
_EXTENSION = b"ARROW:extension:name"
_VIEWS: tuple[Callable[[pa.DataType], bool], ...] = (is_.is_list_view, is_.is_large_list_view)
_LISTS = (is_.is_list, is_.is_large_list, is_.is_fixed_size_list, *_VIEWS)
_ITEMS: tuple[Callable[[pa.DataType], bool], ...] = (
    *(is_.is_integer, is_.is_floating, is_.is_boolean, is_.is_null, is_.is_decimal),
    *(is_.is_string, is_.is_large_string, is_.is_string_view),
)


def parse_geo_metadata(schema: pa.Schema) -> dict[str, Any]:
    """Return the GeoParquet metadata; without it, that of the first GeoArrow column."""
    found = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    if isinstance(found, dict) and found.get("primary_column"):
        return found
    for field in schema:
        about = field.metadata or {}
        name = about.get(_EXTENSION, b"").decode("utf-8", "replace").removeprefix("geoarrow.")
        if about.get(_EXTENSION, b"").startswith(b"geoarrow.") and name in (*_NATIVE, "wkb"):
            more = json.loads(about.get(b"ARROW:extension:metadata") or b"{}")
            crs = {"crs": more["crs"]} if isinstance(more, dict) and more.get("crs") else {}
            column = {"encoding": WKB if name == "wkb" else name} | (crs or {"crs": None})
            return {"primary_column": field.name, "columns": {field.name: column}}
    return {}


def check_encoding(encoding: object) -> str:
    """Return an encoding of GeoParquet 1.1; FileFaultError if it is none of them."""
    if encoding in (WKB, *_NATIVE):
        return str(encoding)
    why = f"Its geometries have the encoding {str(encoding)[:40]!r}, which cannot be read."
    raise FileFaultError(why, "Write them as WKB, or in an encoding of GeoParquet 1.1.")


def find_covering(about: dict[str, Any]) -> str | None:
    """Return the struct column with each row's bounding box, if the metadata names one."""
    box = about.get("covering", {}).get("bbox", {})
    names = {box[side][0] for side in SIDES if box.get(side, [None])[1:] == [side]}
    return names.pop() if len(names) == 1 and len(box) == len(SIDES) else None


def is_box(arrow: pa.DataType) -> bool:
    """Whether a column holds bounding boxes: a struct of xmin, ymin, xmax and ymax."""
    if not is_.is_struct(arrow) or arrow.num_fields != len(SIDES):
        return False
    fields = [arrow.field(number) for number in range(arrow.num_fields)]
    return {one.name for one in fields} == set(SIDES) and all(
        is_.is_floating(one.type) for one in fields
    )


def is_list(arrow: pa.DataType) -> bool:
    """Whether it is a list of plain values, as a column keeps it."""
    return any(test(arrow) for test in _LISTS) and not _is_nested(arrow)


def has_inner_dictionary(field: pa.Field) -> bool:
    """Whether values within lists or objects are encoded by a dictionary."""
    return not is_.is_dictionary(field.type) and "dictionary<" in str(field.type)


def _is_nested(arrow: pa.DataType) -> bool:
    """Whether values of this type become JSON text."""
    if any(test(arrow) for test in _LISTS):
        inner = arrow.value_type
        return _is_nested(inner) or not any(test(inner) for test in (*_ITEMS, *_LISTS))
    return bool(is_.is_struct(arrow) or is_.is_map(arrow) or is_.is_union(arrow))


def to_plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as a plain one: the argument itself if it is plain."""
    arrow = values.type
    if isinstance(arrow, pa.BaseExtensionType):
        if arrow == pa.uuid():
            return pa.chunked_array([pa.array(map(_as_text, values.to_pylist()), pa.string())])
        if arrow == pa.bool8():
            return _get_storage(values).cast(pa.bool_())
        return to_plain(_get_storage(values))
    if _is_nested(arrow) or (is_.is_dictionary(arrow) and _is_nested(arrow.value_type)):
        texts = [text for chunk in values.chunks for text in _to_json_texts(chunk)]
        return pa.chunked_array([pa.array(texts, pa.large_string())])
    if any(test(arrow) for test in _VIEWS):
        return values.cast(pa.large_list(arrow.value_type))
    if any(test(arrow) for test in _LISTS) and is_.is_null(arrow.value_type):
        return values.cast(pa.list_(pa.string()))
    return values


def _get_storage(values: pa.ChunkedArray) -> pa.ChunkedArray:
    arrow = values.type.storage_type
    return pa.chunked_array([chunk.storage for chunk in values.chunks], type=arrow)


def _as_text(value: object) -> str | None:
    return None if value is None else str(value)


def _to_json_texts(values: pa.Array) -> list[str | None]:
    try:
        cells = values.to_pylist(maps_as_pydicts="strict")
    except (ValueError, OverflowError, KeyError):  # a time that Python does not have, a key twice
        cells = map(_to_value, values)
    return [None if cell is None else to_json(cell) for cell in cells]


def _to_value(cell: pa.Scalar) -> object:
    """Return a cell as Python values; a time that Python does not have as its number."""
    if not cell.is_valid:
        return None
    if isinstance(cell, pa.StructScalar):
        fields = range(cell.type.num_fields)
        return {cell.type.field(number).name: _to_value(cell[number]) for number in fields}
    if isinstance(cell, (pa.ListScalar, pa.LargeListScalar)):
        return [_to_value(one) for one in cell.values]
    try:
        return cell.as_py()
    except (ValueError, OverflowError):
        return getattr(cell, "value", None)


def to_wkb(values: pa.ChunkedArray, encoding: str) -> pa.ChunkedArray:
    """Return geometries in an encoding of GeoParquet as a column of WKB."""
    if encoding == WKB:
        return values
    name = f"geoarrow.{encoding}".encode()
    field = pa.field("geometry", values.type, metadata={_EXTENSION: name})
    blobs = np.full(len(values), None, dtype=object)
    valid = values.is_valid().to_numpy()
    if valid.any():  # geopandas cannot decode a column without geometries
        table = pa.table([values.drop_null()], schema=pa.schema([field]))
        blobs[valid] = shapely.to_wkb(GeoDataFrame.from_arrow(table).geometry.to_numpy())
    return pa.chunked_array([pa.array(blobs, pa.large_binary())])
