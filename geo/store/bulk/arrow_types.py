"""Arrow types of columns that are looked at in parts."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types as is_


def has_fixed_pandas_type(arrow: pa.DataType, *, text: bool = True, moments: bool = True) -> bool:
    """Whether the type alone says what pandas makes of values, and of rows without one."""
    tests: list[Any] = [is_.is_integer, is_.is_floating, is_.is_boolean]
    tests += [is_.is_string, is_.is_large_string] if text else []
    tests += [is_.is_timestamp, is_.is_date, is_.is_duration] if moments else []
    return any(test(arrow) for test in tests)


def is_text(arrow: pa.DataType | None) -> bool:
    """Whether it is a type of texts."""
    return arrow is not None and (is_.is_string(arrow) or is_.is_large_string(arrow))


def contains_pattern(values: pa.ChunkedArray, pattern: str) -> bool:
    """Whether a text among the values matches a regular expression somewhere."""
    return is_text(values.type) and pc.any(pc.match_substring_regex(values, pattern)).as_py()


def has_missing_integers(values: pa.Array) -> bool:
    """Whether whole numbers within objects are missing: pandas then has others as fractions."""
    if is_.is_list(values.type) or is_.is_large_list(values.type):
        return has_missing_integers(values.flatten())
    if not is_.is_struct(values.type):
        return False
    inner = values.flatten()
    return any(
        (one.null_count and is_.is_integer(one.type)) or has_missing_integers(one) for one in inner
    )


def merge_types(one: pa.DataType | None, other: pa.DataType) -> pa.DataType:
    """Return the type that Arrow would find for the values of both at once.

    Raises
    ------
    TypeError
        When that cannot be told from the two types.
    """
    if one is None or one == other or is_.is_null(one):
        return other
    if is_.is_null(other):
        return one
    if is_.is_list(one) and is_.is_list(other):
        return pa.list_(merge_types(one.value_type, other.value_type))
    if is_.is_decimal128(one) and is_.is_decimal128(other) and one.scale == other.scale:
        return max(one, other, key=lambda kind: kind.precision)
    for first, second in ((one, other), (other, one)):
        if is_.is_integer(first) and is_.is_float64(second):
            return second
        if is_.is_timestamp(first) and is_.is_timestamp(second) and not first.tz and second.tz:
            return second  # times of which some name a zone are all in UTC
    msg = f"{one} and {other} in one column"
    raise TypeError(msg)


def cast_column(values: pa.ChunkedArray, arrow: pa.DataType) -> pa.ChunkedArray:
    """Return values in another type; where there are none, in any."""
    if values.type == arrow:
        return values
    if values.null_count == len(values):
        return pa.chunked_array([pa.nulls(len(values), arrow)])
    return values.cast(arrow, safe=False)  # whole numbers to fractions, as pandas has it
