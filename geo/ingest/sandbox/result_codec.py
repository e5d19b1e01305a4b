"""A reading as two files, an Arrow table and JSON: nothing in them can run when it is read.

Not Parquet: a footer made for it ends the process that looks at it (pyarrow 26). The caller
takes plain files only, of a bounded size, with the few types that a worker writes.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo.ingest.base.model import Detected, ImportResult, Message, RejectedRow, Repair

ROWS, SAID = "rows.arrow", "reading.json"
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
_LONGEST_SAID = 100_000_000


def write(reading: ImportResult, folder: Path) -> None:
    """Write a reading into a folder; the JSON comes last, so it tells that all is there."""
    import pyarrow as pa

    names = [name for name in reading.frame.columns if name != "geometry"]
    columns = [reading.frame[name] for name in names]
    times = [reading.times[name] for name in reading.times.columns]
    packed = [_packed(column) for column in (*columns, *times)]
    arrays = [array for array, _ in packed]
    arrays.append(pa.array(shapely.to_wkb(reading.frame.geometry.to_numpy()), pa.large_binary()))
    table = pa.table(arrays, names=[f"c{number}" for number in range(len(arrays))])
    with pa.ipc.new_file(folder / ROWS, table.schema) as file:
        file.write_table(table)
    said = {
        "name": reading.name,
        "verdict": reading.verdict,
        "names": names,
        "times": list(reading.times.columns),
        "kinds": [kind for _, kind in packed],
        "messages": [asdict(one) for one in reading.messages],
        "set_aside": [asdict(one) for one in reading.set_aside],
        "set_aside_rows": reading.set_aside_rows,
        "guessed": asdict(reading.guessed),
        "repairs": [asdict(one) for one in reading.repairs],
    }
    beside = folder / f"{SAID}.part"
    beside.write_text(json.dumps(said), encoding="utf-8")
    beside.replace(folder / SAID)


def read(folder: Path, most_bytes: int) -> ImportResult:
    """Return the reading that a worker wrote, if it takes no more than so many bytes.

    Raises
    ------
    Exception
        Of any kind, when it is not whole, too large, or not what a worker writes.
    """
    said = json.loads(_content(folder / SAID, _LONGEST_SAID))
    table = _table(_content(folder / ROWS, most_bytes))
    names, times = said["names"], said["times"]
    columns = [_unpacked(table.column(number), kind) for number, kind in enumerate(said["kinds"])]
    index = pd.RangeIndex(table.num_rows)
    shapes = shapely.from_wkb(table.column(len(columns)).to_numpy())
    data = pd.DataFrame(dict(zip(names, columns[: len(names)], strict=True)), index=index)
    frame = GeoDataFrame(data, geometry=np.asarray(shapes, dtype=object), crs="EPSG:4326")
    when = pd.DataFrame(dict(zip(times, columns[len(names) :], strict=True)), index=index)
    return ImportResult(
        str(said["name"]),
        said["verdict"] if said["verdict"] in ("accept", "accept-with-warning") else "reject",
        frame,
        when,
        tuple(Message(**one) for one in said["messages"]),
        tuple(RejectedRow(**one) for one in said["set_aside"]),
        int(said["set_aside_rows"]),
        Detected(**{key: _tuples(value) for key, value in said["guessed"].items()}),
        tuple(Repair(**one) for one in said["repairs"]),
    )


def _content(path: Path, most_bytes: int) -> bytes:
    """Return what is in a plain file; a link or a pipe in its place is not followed."""
    handle = os.open(
        path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    )
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size > most_bytes:
            msg = "A worker's answer is no plain file, or too large."
            raise ValueError(msg)
        return file.read(most_bytes)


def _table(body: bytes) -> Any:
    """Return an Arrow table, checked throughout, of types that take what their bytes take."""
    import pyarrow as pa

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
            msg = "A worker's answer has a column of a type that none writes."
            raise ValueError(msg)
        table = file.read_all()
    table.validate(full=True)
    return table


def _packed(column: pd.Series) -> tuple[Any, str]:
    """Return a column as an Arrow array and the name of its kind."""
    import pyarrow as pa

    kind = str(column.dtype)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        column = column.dt.tz_convert("UTC") if "," in kind else column
        column = column.dt.as_unit("us")
        kind = "datetime64[us, UTC]" if "," in kind else "datetime64[us]"
    elif kind in ("int64", "bool"):
        return pa.array(column.to_numpy()), kind
    elif kind == "boolean":
        pass
    elif pd.api.types.is_integer_dtype(column.dtype) and kind.lower() != "uint64":
        column, kind = column.astype("Int64"), "Int64"
    elif pd.api.types.is_float_dtype(column.dtype):
        column, kind = column.astype("float64"), "float64"
    elif isinstance(column.dtype, pd.StringDtype):
        column, kind = column.astype("str"), "str"
    else:
        cells = [None if _nothing(cell) else json.dumps(cell, default=str) for cell in column]
        return pa.array(cells, pa.large_string()), _JSON
    if kind == "float64":
        return pa.array(column.to_numpy(), from_pandas=False), kind
    return pa.array(column, from_pandas=True), kind


def _unpacked(array: Any, kind: str) -> pd.Series:
    if kind == _JSON:
        cells = [None if cell is None else _tuples(json.loads(cell)) for cell in array.to_pylist()]
        return pd.Series(cells, dtype=object)
    if kind not in _KINDS:
        msg = f"{kind!r} is no kind of column that a worker writes."
        raise ValueError(msg)
    if kind == "Int64":
        return pd.Series(array.to_pandas(types_mapper=lambda _: pd.Int64Dtype()))
    return pd.Series(array.to_pandas(), dtype=kind)


def _nothing(cell: object) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT or cell != cell


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value
