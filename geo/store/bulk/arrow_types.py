"""Arrow types of columns that are read in batches."""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types as is_


def has_fixed_pandas_type(arrow: pa.DataType, *, text: bool = True, times: bool = True) -> bool:
    """Whether the Arrow type alone determines the pandas type, nulls included."""
    tests: list[Callable[[pa.DataType], bool]] = [is_.is_integer, is_.is_floating, is_.is_boolean]
    tests += [is_.is_string, is_.is_large_string] if text else []
    tests += [is_.is_timestamp, is_.is_date, is_.is_duration] if times else []
    return any(test(arrow) for test in tests)


def is_text(arrow: pa.DataType | None) -> bool:
    """Whether it is a string type."""
    return arrow is not None and (is_.is_string(arrow) or is_.is_large_string(arrow))


def is_list(arrow: pa.DataType) -> bool:
    """Whether it is a list type."""
    return bool(is_.is_list(arrow) or is_.is_large_list(arrow))


def contains_pattern(values: pa.ChunkedArray, pattern: str) -> bool:
    """Whether any string among the values contains a match of a regular expression."""
    return is_text(values.type) and pc.any(pc.match_substring_regex(values, pattern)).as_py()


def has_missing_integers(values: pa.Array) -> bool:
    """Whether integers in nested objects are missing: pandas makes the others floats."""
    if is_list(values.type):
        return has_missing_integers(values.flatten())
    if not is_.is_struct(values.type):
        return False
    inner = values.flatten()
    return any(
        (one.null_count and is_.is_integer(one.type)) or has_missing_integers(one) for one in inner
    )


def merge_types(one: pa.DataType | None, other: pa.DataType) -> pa.DataType:
    """Return the type that Arrow would infer for both; TypeError if they do not determine it."""
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
            return second  # if some times have a zone, the others are local times there
    msg = f"{one} and {other} in one column"
    raise TypeError(msg)


def cast_column(values: pa.ChunkedArray, arrow: pa.DataType) -> pa.ChunkedArray:
    """Cast values to another type; a column of nulls to any type."""
    if values.type == arrow:
        return values
    if values.null_count == len(values):
        return pa.chunked_array([pa.nulls(len(values), arrow)])
    if is_.is_timestamp(values.type) and not values.type.tz and getattr(arrow, "tz", None):
        return pc.assume_timezone(
            values.cast(pa.timestamp(arrow.unit)),
            arrow.tz,
            ambiguous="earliest",
            nonexistent="latest",
        )
    return values.cast(arrow, safe=False)  # integers to floats, as pandas does
