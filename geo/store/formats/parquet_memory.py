"""Estimates how much memory a Parquet file takes when decoded, before it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from geo.store.core.errors import FileFaultError

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_FIXED_WIDTH = 8
MANY_GROUPS, BATCHED = 16, 4


def row_groups(file: pq.ParquetFile) -> Iterator[pq.RowGroupMetaData]:
    """Yield the footer's metadata of each row group."""
    about = file.metadata
    return (about.row_group(number) for number in range(about.num_row_groups))


def _column_chunks(group: pq.RowGroupMetaData) -> Iterator[pq.ColumnChunkMetaData]:
    return (group.column(number) for number in range(group.num_columns))


def estimate_decoded_bytes(file: pq.ParquetFile, path: Path, max_bytes: int) -> int:
    """Estimate the memory of the decoded rows; raise FileFaultError if it is too much.

    A file of many row groups is read in batches, never whole: it may take BATCHED times as much
    in total, but no column more than a file that is read whole.

    A dictionary stores a repeated text once. So such columns are measured from their dictionary
    and indices, which are read without decoding the texts.
    """
    most = max_bytes * (BATCHED if file.metadata.num_row_groups >= MANY_GROUPS else 1)
    sizes: Counter[str] = Counter()
    for group in row_groups(file):
        for chunk in _column_chunks(group):
            least = _FIXED_WIDTH * max(chunk.num_values, group.num_rows)
            sizes[chunk.path_in_schema] += max(chunk.total_uncompressed_size, least)
    if sizes.total() <= most and _may_exceed(file, max_bytes):
        sizes.update(_measure_dictionaries(file, path, max_bytes))
    if sizes.total() > most or max(sizes.values(), default=0) > max_bytes:
        why = (
            f"It is too large to open: {file.metadata.num_rows:,} rows would take "
            f"{sizes.total() / 1e9:.3g} GB of memory or more, and the limit is "
            f"{most / 1e9:.3g} GB, {max_bytes / 1e9:.3g} GB for a column."
        )
        raise FileFaultError(why, "Split it, or keep the columns and rows that are needed.")
    return sizes.total()


def _may_exceed(file: pq.ParquetFile, max_bytes: int) -> bool:
    """Whether the file could exceed the limit if its longest text were in every row."""
    most: int = sum(
        chunk.total_uncompressed_size * chunk.num_values
        for group in row_groups(file)
        for chunk in _column_chunks(group)
        if chunk.physical_type == "BYTE_ARRAY"
    )
    return most > max_bytes


def _measure_dictionaries(file: pq.ParquetFile, path: Path, max_bytes: int) -> dict[str, int]:
    """Return the decoded bytes of each dictionary column; stop above ``max_bytes``."""
    import pyarrow.parquet as pq

    sizes: Counter[str] = Counter()
    for chunk in _column_chunks(file.metadata.row_group(0)):
        if chunk.physical_type != "BYTE_ARRAY" or "RLE_DICTIONARY" not in chunk.encodings:
            continue
        column = chunk.path_in_schema
        lazy = pq.ParquetFile(path, read_dictionary=[column])
        for group in range(lazy.num_row_groups):  # lists of dictionaries have one a row group
            for batch in lazy.iter_batches(row_groups=[group], columns=[column]):
                sizes[column] += _measure_texts(batch.column(0))
                if sizes[column] > max_bytes:
                    return sizes
    return sizes


def _measure_texts(column: pa.Array) -> int:
    """Return the bytes of a column (or of the lists in it) when each index becomes its text."""
    while pa.types.is_nested(column.type) and hasattr(column, "flatten"):
        flat = column.flatten()
        if isinstance(flat, list):  # a struct: its fields are counted one path at a time
            return max((_measure_texts(field) for field in flat), default=0)
        column = flat
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary)
    return int(pc.sum(pc.take(lengths, column.indices)).as_py() or 0)
