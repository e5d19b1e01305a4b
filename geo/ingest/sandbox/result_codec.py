"""Encode an import result as two files, Arrow IPC and JSON, and decode them without code execution.

Not Parquet: a malicious footer crashes the process that reads it (pyarrow 26). Only regular files
of a bounded size are decoded, with the few column types that a worker writes.
"""

import json
import os
import stat
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame

from geo.ingest.base import model
from geo.ingest.base.column_types import to_nullable
from geo.store.core.normalise import is_missing, to_json

ROWS, SUMMARY = "rows.arrow", "result.json"
_KINDS = (
    *("str", "int64", "bool", "Int64", "float64", "boolean"),
    *("datetime64[us]", "datetime64[us, UTC]"),
)
_ARROW_TYPES = (
    *(pa.large_string(), pa.string(), pa.large_binary(), pa.int64(), pa.float64(), pa.bool_()),
    *(pa.timestamp("us"), pa.timestamp("us", "UTC")),
)
"""They do not expand in memory."""
_JSON = "json"
_MAX_SUMMARY_BYTES = 100_000_000


def write_result(result: model.ImportResult, folder: Path) -> None:
    """Write a result into a folder; the JSON is written last and marks it as complete."""
    data = result.frame.drop(columns="geometry")
    columns = [*(data[name] for name in data), *(result.times[name] for name in result.times)]
    packed = [_encode_column(column) for column in columns]
    arrays = [array for array, _ in packed]
    arrays.append(pa.array(shapely.to_wkb(result.frame.geometry.to_numpy()), pa.large_binary()))
    table = pa.table(arrays, names=[f"c{number}" for number in range(len(arrays))])
    with pa.ipc.new_file(folder / ROWS, table.schema) as file:
        file.write_table(table)
    names = [one.name for one in fields(result) if one.name not in ("frame", "times")]
    summary = {name: getattr(result, name) for name in names} | {
        "names": list(data.columns),
        "times": list(result.times.columns),
        "kinds": [kind for _, kind in packed],
    }
    partial = folder / f"{SUMMARY}.part"
    partial.write_text(json.dumps(summary, default=asdict), encoding="utf-8")
    partial.replace(folder / SUMMARY)


def read_result(folder: Path, max_bytes: int) -> model.ImportResult:
    """Return the result that a worker wrote, if it has at most ``max_bytes``.

    Raises an exception of any type if it is incomplete, too large, or not as a worker writes it.
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
    return model.ImportResult(
        str(summary["name"]),
        summary["verdict"] if summary["verdict"] in ("accept", "accept-with-warning") else "reject",
        frame,
        when,
        tuple(model.Message(**one) for one in summary["messages"]),
        tuple(model.RowFault(**one) for one in summary["rejected"]),
        int(summary["rejected_count"]),
        model.Detected(**{k: model.lists_to_tuples(v) for k, v in summary["detected"].items()}),
        tuple(model.Repair(**one) for one in summary["repairs"]),
        tuple(model.RowFault(**one) for one in summary["undated"]),
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
        if not all(field.type in _ARROW_TYPES for field in file.schema):
            msg = "A worker's result has a column of a type that none writes."
            raise ValueError(msg)
        table = file.read_all()
    table.validate(full=True)
    return table


def _encode_column(column: pd.Series) -> tuple[pa.Array, str]:
    """Return a column as an Arrow array, and its dtype name."""
    column = column if str(column.dtype) in ("int64", "bool") else to_nullable(column)
    kind = str(column.dtype)
    if kind in _KINDS:
        return pa.array(column, from_pandas=True), kind
    cells = [None if is_missing(cell) else to_json(cell, strict=False) for cell in column]
    return pa.array(cells, pa.large_string()), _JSON


def _decode_column(array: pa.ChunkedArray, kind: str) -> pd.Series:
    if kind == _JSON:
        cells = [
            None if cell is None else model.lists_to_tuples(json.loads(cell))
            for cell in array.to_pylist()
        ]
        return pd.Series(cells, dtype=object)
    if kind not in _KINDS:
        msg = f"{kind!r} is not a dtype that a worker writes."
        raise ValueError(msg)
    if kind == "Int64":
        return pd.Series(array.to_pandas(types_mapper=lambda _: pd.Int64Dtype()))
    return pd.Series(array.to_pandas(), dtype=kind)
