"""A reading as two files, a Parquet table and JSON: nothing in them can run when it is read."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo.ingest.model import Guess, Message, Reading, Repair, SetAside

ROWS, SAID = "rows.parquet", "reading.json"
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


def write(reading: Reading, folder: Path) -> None:
    """Write a reading into a folder; the JSON comes last, so it tells that all is there."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [name for name in reading.frame.columns if name != "geometry"]
    columns = [reading.frame[name] for name in names]
    times = [reading.times[name] for name in reading.times.columns]
    packed = [_packed(column) for column in (*columns, *times)]
    arrays = [array for array, _ in packed]
    arrays.append(pa.array(shapely.to_wkb(reading.frame.geometry.to_numpy()), pa.binary()))
    table = pa.table(arrays, names=[f"c{number}" for number in range(len(arrays))])
    pq.write_table(
        table, folder / ROWS, compression="lz4", use_dictionary=False, write_statistics=False
    )
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


def read(folder: Path, most_bytes: int) -> Reading:
    """Return the reading that a worker wrote, if it takes no more than so many bytes.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError
        When it is not whole, too large, or not what a worker writes.
    """
    import pyarrow.parquet as pq

    if (folder / SAID).stat().st_size > _LONGEST_SAID or _size(folder / ROWS) > most_bytes:
        msg = "A worker's answer is too large."
        raise ValueError(msg)
    said = json.loads((folder / SAID).read_text("utf-8"))
    table = pq.read_table(folder / ROWS, partitioning=None)
    names, times = said["names"], said["times"]
    columns = [_unpacked(table.column(number), kind) for number, kind in enumerate(said["kinds"])]
    index = pd.RangeIndex(table.num_rows)
    shapes = shapely.from_wkb(table.column(len(columns)).to_numpy())
    data = pd.DataFrame(dict(zip(names, columns[: len(names)], strict=True)), index=index)
    frame = GeoDataFrame(data, geometry=np.asarray(shapes, dtype=object), crs="EPSG:4326")
    when = pd.DataFrame(dict(zip(times, columns[len(names) :], strict=True)), index=index)
    return Reading(
        str(said["name"]),
        said["verdict"] if said["verdict"] in ("accept", "accept-with-warning") else "reject",
        frame,
        when,
        tuple(Message(**one) for one in said["messages"]),
        tuple(SetAside(**one) for one in said["set_aside"]),
        int(said["set_aside_rows"]),
        Guess(**{key: _tuples(value) for key, value in said["guessed"].items()}),
        tuple(Repair(**one) for one in said["repairs"]),
    )


def _size(path: Path) -> int:
    """Return what a worker's rows take when unpacked; more than any limit where they lie."""
    import pyarrow.parquet as pq

    about = pq.read_metadata(path)
    chunks = [
        about.row_group(group).column(number)
        for group in range(about.num_row_groups)
        for number in range(about.num_columns)
    ]
    if any("DICTIONARY" in encoding for chunk in chunks for encoding in chunk.encodings):
        return 2**63
    return sum(chunk.total_uncompressed_size for chunk in chunks)


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
