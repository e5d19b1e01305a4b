"""Encodes the columns of a layer for PostgreSQL, and decodes them without loss.

A column has PostgreSQL's native type if all of its values fit that. Others (text with a NUL, times
beyond the year 9999, nested lists) are encoded as JSON text or integers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from pyarrow import types as is_
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from geo.errors import StoreError
from geo.store.bulk.arrow_types import is_list, is_text

TYPES: dict[str, Callable[[], Any]] = {
    "text": sa.Text,
    "smallint": sa.SmallInteger,
    "integer": sa.Integer,
    "bigint": sa.BigInteger,
    "numeric": sa.Numeric,
    "whole": sa.Numeric,  # up to 2**64
    "real": sa.REAL,
    "double": sa.Double,
    "boolean": sa.Boolean,
    "timestamp": lambda: TIMESTAMP(timezone=False),
    "timestamptz": lambda: TIMESTAMP(timezone=True),
    "time": sa.Time,
    "bytes": sa.LargeBinary,
    "ticks": sa.BigInteger,  # in the unit of the Arrow type
    "json": sa.Text,
    "text[]": lambda: ARRAY(sa.Text),
    "bigint[]": lambda: ARRAY(sa.BigInteger),
    "double[]": lambda: ARRAY(sa.Double),
    "boolean[]": lambda: ARRAY(sa.Boolean),
}
_LISTS = {pa.int64(): "bigint[]", pa.float64(): "double[]", pa.bool_(): "boolean[]"}
_OWN = {"position", "date_from", "date_to", "period", "geometry"}
_SYSTEM = {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "oid"}
_CAST = {"ticks": pa.int64(), "real": pa.float32()}  # form -> Arrow type that is transferred
_DECODERS: dict[str, Callable[[Any], object]] = {"json": json.loads, "whole": int}
_LONGEST = 63  # bytes of a name in PostgreSQL
_FIRST, _LAST = -62_135_596_800_000_000, 253_402_300_799_999_999  # years 1 to 9999, microseconds


@dataclass(frozen=True)
class StoredColumn:
    """One column: its name in the layer and in the table, its form (`TYPES`), its Arrow type."""

    name: str
    column: str
    form: str
    arrow: pa.DataType

    def as_column(self) -> sa.Column[object]:
        """Return the table's column."""
        return sa.Column(self.column, TYPES[self.form]())


def plan_columns(layer: str, types: pa.Schema, unfit: Collection[str]) -> tuple[StoredColumn, ...]:
    """Choose how the columns of a layer are stored.

    ``unfit``: those with values that do not fit the native type (:func:`fits_native_type`). A
    StoreError lists all names and types that cannot be stored.
    """
    found, refused = [], []
    for field, column in zip(types, _choose_names(types.names), strict=True):
        form = _choose_form(field.type, fits=field.name not in unfit)
        if form is None or "\x00" in field.name:
            refused.append(f"{field.name!r} ({'a NUL in its name' if form else field.type})")
        else:
            found.append(StoredColumn(field.name, column, form, field.type))
    if refused:
        there = ", ".join(refused)
        msg = (
            f"Layer {layer!r} cannot be written into the database, which has no form for: {there}."
        )
        raise StoreError(f"{msg} Leave these columns out, or turn them into text.")
    return tuple(found)


def encode_columns(columns: Sequence[StoredColumn]) -> tuple[str, bytes]:
    """Return names and forms as JSON, and the Arrow schema as bytes, for the catalogue."""
    names = json.dumps([[one.name, one.column, one.form] for one in columns])
    schema = pa.schema([(one.column, one.arrow) for one in columns])
    return names, schema.serialize().to_pybytes()


def decode_columns(names: str, types: bytes) -> tuple[StoredColumn, ...]:
    """Return the columns from what `encode_columns` returned."""
    schema = pa.ipc.read_schema(pa.BufferReader(types))
    return tuple(
        StoredColumn(name, column, form, field.type)
        for (name, column, form), field in zip(json.loads(names), schema, strict=True)
    )


def from_driver(column: StoredColumn, values: Iterable[Any]) -> pa.Array:
    """Decode a column's values from what the database driver returns."""
    decode = _DECODERS.get(column.form)
    if decode is not None:
        values = [None if value is None else decode(value) for value in values]
    return pa.array(values, _CAST.get(column.form, column.arrow)).cast(column.arrow)


def _choose_names(names: Sequence[str]) -> list[str]:
    """Return a table column name for each column: its own name if PostgreSQL allows it."""
    fitting = (name for name in names if name and len(name.encode()) <= _LONGEST)
    good = {name for name in fitting if "\x00" not in name and name not in _OWN | _SYSTEM}
    free = (name for number in count() if (name := f"c{number}") not in good)
    return [name if name in good else next(free) for name in names]


def _choose_form(arrow: pa.DataType, *, fits: bool) -> str | None:
    if is_text(arrow):
        return "text" if fits else "json"
    if is_.is_timestamp(arrow):
        zoned = "timestamptz" if arrow.tz else "timestamp"
        return zoned if fits and arrow.unit == "us" else "ticks"
    if is_list(arrow):
        inner = arrow.value_type
        if is_text(inner):
            return "text[]" if fits else "json"
        return _LISTS.get(inner, "json" if _is_json_type(inner) else None)
    tests_of = {
        "smallint": (is_.is_int8, is_.is_int16, is_.is_uint8),
        "integer": (is_.is_int32, is_.is_uint16),
        "bigint": (is_.is_int64, is_.is_uint32),
        "whole": (is_.is_uint64,),
        "real": (is_.is_float16, is_.is_float32),
        "double": (is_.is_float64,),
        "boolean": (is_.is_boolean,),
        "numeric": (is_.is_decimal,),
        "time": (is_.is_time,),
        "bytes": (is_.is_binary, is_.is_large_binary),
        "ticks": (is_.is_duration,),
    }
    fitting = (form for form, tests in tests_of.items() if any(test(arrow) for test in tests))
    return next(fitting, None)


def _is_json_type(arrow: pa.DataType) -> bool:
    """Whether JSON can represent every value of the type."""
    if is_list(arrow):
        return _is_json_type(arrow.value_type)
    plain = arrow in (pa.float64(), pa.bool_(), pa.null())
    return plain or is_text(arrow) or bool(is_.is_integer(arrow))


def fits_native_type(values: pa.ChunkedArray) -> bool:
    """Whether these values fit the native type: no NUL, no year beyond 9999."""
    arrow = values.type
    if is_list(arrow):
        values, arrow = pc.list_flatten(values), arrow.value_type
    if is_text(arrow):
        return not pc.any(pc.match_substring(values, "\x00")).as_py()
    if not is_.is_timestamp(values.type) or arrow.unit != "us":
        return True
    ends = pc.min_max(values.cast(pa.int64())).as_py()
    return ends["min"] is None or (ends["min"] >= _FIRST and ends["max"] <= _LAST)


def to_copy(form: str, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Encode values as a type whose CSV PostgreSQL can read."""
    if form in {"timestamp", "timestamptz"}:
        return values.cast(pa.int64()).cast(pa.timestamp("us"))  # connections are in UTC
    if form in _CAST:
        return values.cast(_CAST[form])
    if form not in {"json", "bytes"} and "[]" not in form:
        return values
    encode = {"json": to_json, "bytes": _encode_bytes}.get(form, _encode_list)
    plain = [None if one is None else encode(one) for one in values.to_pylist()]
    return pa.chunked_array([pa.array(plain, pa.large_string())])


def to_json(value: object) -> str:
    """Encode a value as ASCII JSON text."""
    return json.dumps(value, separators=(",", ":"))


def _encode_bytes(value: bytes) -> str:
    return "\\x" + value.hex()


def _encode_list(values: list[object]) -> str:
    return "{" + ",".join(map(_encode_member, values)) + "}"


def _encode_member(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
