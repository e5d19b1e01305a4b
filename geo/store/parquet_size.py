"""How much memory a Parquet file takes when it is decoded, reckoned before it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.store.faults import FileFaultError

_FIXED_WIDTH = 8


def row_groups(file: Any) -> Iterator[Any]:
    """What the footer of a pyarrow.parquet.ParquetFile says of each row group."""
    about = file.metadata
    return (about.row_group(number) for number in range(about.num_row_groups))


def size_of(file: Any, path: Path, max_bytes: int) -> int:
    """Reckon what the rows take when decoded, and refuse too much before reading them.

    A dictionary holds a repeated text once, however often it is repeated, so its columns are
    counted from their dictionary and indices, read without spreading them out.
    """
    size = 0
    for group in row_groups(file):
        for number in range(group.num_columns):
            chunk = group.column(number)
            least = _FIXED_WIDTH * max(chunk.num_values, group.num_rows)
            size += max(chunk.total_uncompressed_size, least)
    if size <= max_bytes and _may_repeat(file, max_bytes):
        size += _spread_out(file, path, max_bytes)
    if size > max_bytes:
        why = (
            f"It is too large to open: {file.metadata.num_rows:,} rows would take "
            f"{size / 1e9:.3g} GB of memory or more, and the limit is {max_bytes / 1e9:.3g} GB."
        )
        raise FileFaultError(why, "Split it, or keep the columns and rows that are needed.")
    return size


def _may_repeat(file: Any, max_bytes: int) -> bool:
    """Whether the file could pass the limit if its longest text stood in every row."""
    most = 0
    for group in row_groups(file):
        for number in range(group.num_columns):
            chunk = group.column(number)
            if chunk.physical_type == "BYTE_ARRAY":
                most += chunk.total_uncompressed_size * chunk.num_values
    return most > max_bytes


def _spread_out(file: Any, path: Path, max_bytes: int) -> int:
    """Bytes of all text columns when spread out; stops counting above ``max_bytes``."""
    import pyarrow.parquet as pq

    first = file.metadata.row_group(0)
    chunks = (first.column(number) for number in range(first.num_columns))
    paths = [chunk.path_in_schema for chunk in chunks if _repeats(chunk)]
    size = 0
    for column in paths:
        lazy = pq.ParquetFile(path, read_dictionary=[column])
        for batch in lazy.iter_batches(columns=[column]):
            size += _dictionary_bytes(batch.column(0))
            if size > max_bytes:
                return size
    return size


def _repeats(chunk: Any) -> bool:
    return chunk.physical_type == "BYTE_ARRAY" and "RLE_DICTIONARY" in chunk.encodings


def _dictionary_bytes(column: Any) -> int:
    """Bytes of a column (or of the lists in it) when each index becomes its text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    while pa.types.is_nested(column.type) and hasattr(column, "flatten"):
        flat = column.flatten()
        if isinstance(flat, list):  # a struct: its fields are counted one path at a time
            return max((_dictionary_bytes(field) for field in flat), default=0)
        column = flat
    if not pa.types.is_dictionary(column.type):
        return column.nbytes
    lengths = pc.binary_length(column.dictionary)
    return pc.sum(pc.take(lengths, column.indices)).as_py() or 0
