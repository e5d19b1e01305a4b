"""Read GeoParquet with the store's reader, under a fixed file name."""

import decimal
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyarrow import types as is_

from geo.ingest.base.column_types import build_column, to_nullable
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.readers.geopackage import reject_undecoded, report_binary
from geo.store.bulk.wkb_column import decode_wkb
from geo.store.formats.format_reader import check_magic
from geo.store.formats.parquet import ParquetReader

_PARQUET = Path("layer.parquet")
_BYTES = (is_.is_binary, is_.is_large_binary, is_.is_fixed_size_binary, is_.is_binary_view)
_NUMBERS = (is_.is_integer, is_.is_floating, is_.is_boolean)
_SAMPLE = 20


def read_parquet(body: bytes, log: Diagnostics) -> list[RawTable]:
    """Return the rows of a Parquet file; without GeoParquet metadata they have no geometries.

    Nested values are JSON text, lists of text are tuples; columns of bytes are left out, unless
    they are the only geometries (WKB).
    """
    import pyarrow.parquet as pq

    _PARQUET.write_bytes(body)
    try:
        check_magic(_PARQUET)
        reader = ParquetReader(_PARQUET, log.limits.unpacked_bytes)
        if reader.place is None and "geometry" in pq.read_schema(_PARQUET).names:
            reader.columns["geometry"] = "other"  # a store's layer without metadata has none
        log.limits.check_rows(reader.rows)
        log.limits.check_columns(len(reader.columns))
        rows = reader.read_table()
        table = _build_table(rows, reader, log)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"The Parquet file is damaged, or not GeoParquet ({printable(error, 100)})."
        raise FileRejectedError(why, "Export it again.") from error
    if not len(table.data):
        raise FileRejectedError("It has no rows.", "Export it again.")
    _report_geometry_columns(log)
    if table.geometries is not None and shapely.is_missing(table.geometries).any():
        is_null = rows.column(reader.place).is_null().to_numpy()
        reject_undecoded(table, is_null, log)
    return [table]


def _build_table(rows: pa.Table, reader: ParquetReader, log: Diagnostics) -> RawTable:
    columns, binary = {}, []
    for name in reader.columns:
        values = rows.column(name)
        if is_.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if not any(test(values.type) for test in _BYTES):
            columns[name] = _to_series(values)
        elif reader.place is None and _is_wkb(values):
            columns[name] = build_column(
                [None if one is None else one.hex() for one in values.to_pylist()]
            )
        else:
            binary.append(name)
    report_binary(binary, log)
    data = pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))
    shapes = None
    if reader.place is not None:
        shapes = decode_wkb(rows.column(reader.place).combine_chunks())
    return RawTable("", data, np.arange(1, len(data) + 1), shapes, reader.crs)


def _to_series(values: pa.ChunkedArray) -> pd.Series:
    """Return a plain Arrow column (`parquet_columns`); empty cells stay empty."""
    arrow = values.type
    if any(test(arrow) for test in _NUMBERS):
        return to_nullable(values.to_pandas(types_mapper=_find_nullable))
    if is_.is_timestamp(arrow):
        return _to_times(values)
    if is_.is_date(arrow):
        return _to_times(values.cast(pa.date32()).cast(pa.timestamp("s")))
    if is_.is_decimal(arrow):
        return _to_numbers(values.to_pylist())
    if is_.is_duration(arrow):
        return to_nullable(values.to_pandas())
    return build_column(values.to_pylist())


def _find_nullable(arrow: pa.DataType) -> object:
    if is_.is_boolean(arrow):
        return pd.BooleanDtype()
    if is_.is_integer(arrow):
        return pd.UInt64Dtype() if is_.is_unsigned_integer(arrow) else pd.Int64Dtype()
    return None


def _to_times(values: pa.ChunkedArray) -> pd.Series:
    """Return times in microseconds; without a zone that pandas knows, in UTC."""
    try:
        return to_nullable(values.to_pandas())
    except (LookupError, ValueError):
        return to_nullable(values.cast(pa.timestamp(values.type.unit, "UTC")).to_pandas())


def _to_numbers(cells: list[decimal.Decimal | None]) -> pd.Series:
    """Return decimals as integers or floats if these lose nothing, else as text."""
    given = [cell for cell in cells if cell is not None]
    if all(cell == cell.to_integral_value() for cell in given):
        return build_column([None if cell is None else int(cell) for cell in cells])
    if all(decimal.Decimal(str(float(cell))) == cell for cell in given):
        return build_column([None if cell is None else float(cell) for cell in cells])
    return build_column([None if cell is None else format(cell, "f") for cell in cells])


def _is_wkb(values: pa.ChunkedArray) -> bool:
    """Return whether the first values of a column of bytes are geometries."""
    some = [one for one in values.drop_null().slice(0, _SAMPLE).to_pylist() if one]
    return bool(some) and not shapely.is_missing(shapely.from_wkb(some, on_invalid="ignore")).any()


def _report_geometry_columns(log: Diagnostics) -> None:
    """Report geometry columns that are not read."""
    import pyarrow.parquet as pq

    about = json.loads((pq.read_schema(_PARQUET).metadata or {}).get(b"geo", b"{}"))
    others = [name for name in about.get("columns", {}) if name != about.get("primary_column")]
    if others:
        log.inform(f"Only the first geometry column is read; {quote_names(others)} is left out.")
