"""Encode an import result as two files, Arrow IPC and JSON, and decode them without code execution.

Not Parquet: a malicious footer crashes the process that reads it (pyarrow 26). Only regular files
of a bounded size are decoded, with the few column types that a worker writes.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame

from geo.ingest.base.model import (
    Detected,
    ImportResult,
    Message,
    RejectedRow,
    Repair,
    lists_to_tuples,
)

ROWS, SUMMARY = "rows.arrow", "result.json"
_KINDS = (
    "str",
    "int64",
    "bool",
    "Int64",
    "float64",
    "boolean",
    "datetime64[us]",
    "datetime64[us, UTC]",
)
_JSON = "json"
_MAX_SUMMARY_BYTES = 100_000_000


def write_result(result: ImportResult, folder: Path) -> None:
    """Write a result into a folder; the JSON is written last and marks it as complete."""
    names = [name for name in result.frame.columns if name != "geometry"]
    columns = [result.frame[name] for name in names]
    times = [result.times[name] for name in result.times.columns]
    packed = [_encode_column(column) for column in (*columns, *times)]
    arrays = [array for array, _ in packed]
    arrays.append(pa.array(shapely.to_wkb(result.frame.geometry.to_numpy()), pa.large_binary()))
    table = pa.table(arrays, names=[f"c{number}" for number in range(len(arrays))])
    with pa.ipc.new_file(folder / ROWS, table.schema) as file:
        file.write_table(table)
    summary = {
        "name": result.name,
        "verdict": result.verdict,
        "names": names,
        "times": list(result.times.columns),
        "kinds": [kind for _, kind in packed],
        "messages": [asdict(one) for one in result.messages],
        "rejected": [asdict(one) for one in result.rejected],
        "rejected_count": result.rejected_count,
        "detected": asdict(result.detected),
        "repairs": [asdict(one) for one in result.repairs],
    }
    partial = folder / f"{SUMMARY}.part"
    partial.write_text(json.dumps(summary), encoding="utf-8")
    partial.replace(folder / SUMMARY)


def read_result(folder: Path, max_bytes: int) -> ImportResult:
    """Return the result that a worker wrote, if it has at most ``max_bytes``.

    Raises
    ------
    Exception
        Of any type, if it is incomplete, too large, or not in the format of a worker.
    """
    summary = json.loads(_read_plain_file(folder / SUMMARY, _MAX_SUMMARY_BYTES))
    table = _read_table(_read_plain_file(folder / ROWS, max_bytes))
    names, times = summary["names"], summary["times"]
    columns = [
        _decode_column(table.column(number), kind) for number, kind in enumerate(summary["kinds"])
    ]
    index = pd.RangeIndex(table.num_rows)
    shapes = shapely.from_wkb(table.column(len(columns)).to_numpy())
    data = pd.DataFrame(dict(zip(names, columns[: len(names)], strict=True)), index=index)
    frame = GeoDataFrame(data, geometry=np.asarray(shapes, dtype=object), crs="EPSG:4326")
    when = pd.DataFrame(dict(zip(times, columns[len(names) :], strict=True)), index=index)
    return ImportResult(
        str(summary["name"]),
        summary["verdict"] if summary["verdict"] in ("accept", "accept-with-warning") else "reject",
        frame,
        when,
        tuple(Message(**one) for one in summary["messages"]),
        tuple(RejectedRow(**one) for one in summary["rejected"]),
        int(summary["rejected_count"]),
        Detected(**{key: lists_to_tuples(value) for key, value in summary["detected"].items()}),
        tuple(Repair(**one) for one in summary["repairs"]),
    )


def _read_plain_file(path: Path, max_bytes: int) -> bytes:
    """Return the content of a regular file; a link or a pipe in its place is not opened."""
    handle = os.open(
        path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    )
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size > max_bytes:
            msg = "A worker's result is not a regular file, or too large."
            raise ValueError(msg)
        return file.read(max_bytes)


def _read_table(body: bytes) -> pa.Table:
    """Return a validated Arrow table, of types that do not expand in memory."""
    with pa.ipc.open_file(pa.BufferReader(body)) as file:
        types = (
            pa.large_string(),
            pa.string(),
            pa.large_binary(),
            pa.int64(),
            pa.float64(),
            pa.bool_(),
            pa.timestamp("us"),
            pa.timestamp("us", "UTC"),
        )
        if not all(field.type in types for field in file.schema):
            msg = "A worker's result has a column of a type that none writes."
            raise ValueError(msg)
        table = file.read_all()
    table.validate(full=True)
    return table


def _encode_column(column: pd.Series) -> tuple[pa.Array, str]:
    """Return a column as an Arrow array, and its dtype name."""
    kind = str(column.dtype)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        column = column.dt.tz_convert("UTC") if "," in kind else column
        column = column.dt.as_unit("us")
        kind = "datetime64[us, UTC]" if "," in kind else "datetime64[us]"
    elif kind in ("int64", "bool"):
        return pa.array(column.to_numpy()), kind
    elif kind == "boolean":
        pass  # pyarrow converts it as it is
    elif pd.api.types.is_integer_dtype(column.dtype) and kind.lower() != "uint64":
        column, kind = column.astype("Int64"), "Int64"
    elif pd.api.types.is_float_dtype(column.dtype):
        column, kind = column.astype("float64"), "float64"
    elif isinstance(column.dtype, pd.StringDtype):
        column, kind = column.astype("str"), "str"
    else:
        cells = [None if _is_missing(cell) else json.dumps(cell, default=str) for cell in column]
        return pa.array(cells, pa.large_string()), _JSON
    if kind == "float64":
        return pa.array(column.to_numpy(), from_pandas=False), kind
    return pa.array(column, from_pandas=True), kind


def _decode_column(array: pa.ChunkedArray, kind: str) -> pd.Series:
    if kind == _JSON:
        cells = [
            None if cell is None else lists_to_tuples(json.loads(cell))
            for cell in array.to_pylist()
        ]
        return pd.Series(cells, dtype=object)
    if kind not in _KINDS:
        msg = f"{kind!r} is not a dtype that a worker writes."
        raise ValueError(msg)
    if kind == "Int64":
        return pd.Series(array.to_pandas(types_mapper=lambda _: pd.Int64Dtype()))
    return pd.Series(array.to_pandas(), dtype=kind)


def _is_missing(cell: object) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT or cell != cell
