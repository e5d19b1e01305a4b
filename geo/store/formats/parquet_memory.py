"""How much memory a Parquet file takes when it is decoded, reckoned before it is."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.store.core.errors import FileFaultError

_FIXED_WIDTH = 8
MANY_GROUPS, PARTWISE = 16, 4


def row_groups(file: Any) -> Iterator[Any]:
    """What the footer of a pyarrow.parquet.ParquetFile says of each row group."""
    about = file.metadata
    return (about.row_group(number) for number in range(about.num_row_groups))


def estimate_decoded_bytes(file: Any, path: Path, max_bytes: int) -> int:
    """Reckon what the rows take when decoded, and refuse too much before reading them.

    A file of many row groups is read in parts, never whole: it may take PARTWISE times as much
    in all, but no column of it more than a file that is read whole.

    A dictionary holds a repeated text once, however often it is repeated, so its columns are
    counted from their dictionary and indices, read without spreading them out.
    """
    most = max_bytes * (PARTWISE if file.metadata.num_row_groups >= MANY_GROUPS else 1)
    sizes: Counter[str] = Counter()
    for group in row_groups(file):
        for number in range(group.num_columns):
            chunk = group.column(number)
            least = _FIXED_WIDTH * max(chunk.num_values, group.num_rows)
            sizes[chunk.path_in_schema] += max(chunk.total_uncompressed_size, least)
    if sizes.total() <= most and _may_repeat(file, max_bytes):
        sizes.update(_spread_out(file, path, max_bytes))
    if sizes.total() > most or max(sizes.values(), default=0) > max_bytes:
        why = (
            f"It is too large to open: {file.metadata.num_rows:,} rows would take "
            f"{sizes.total() / 1e9:.3g} GB of memory or more, and the limit is "
            f"{most / 1e9:.3g} GB, {max_bytes / 1e9:.3g} GB for a column."
        )
        raise FileFaultError(why, "Split it, or keep the columns and rows that are needed.")
    return sizes.total()


def _may_repeat(file: Any, max_bytes: int) -> bool:
    """Whether the file could pass the limit if its longest text stood in every row."""
    most = 0
    for group in row_groups(file):
        for number in range(group.num_columns):
            chunk = group.column(number)
            if chunk.physical_type == "BYTE_ARRAY":
                most += chunk.total_uncompressed_size * chunk.num_values
    return most > max_bytes


def _spread_out(file: Any, path: Path, max_bytes: int) -> dict[str, int]:
    """Bytes of each text column when spread out; stops counting above ``max_bytes``."""
    import pyarrow.parquet as pq

    first = file.metadata.row_group(0)
    chunks = (first.column(number) for number in range(first.num_columns))
    sizes: Counter[str] = Counter()
    for column in [chunk.path_in_schema for chunk in chunks if _repeats(chunk)]:
        lazy = pq.ParquetFile(path, read_dictionary=[column])
        for batch in lazy.iter_batches(columns=[column]):
            sizes[column] += _dictionary_bytes(batch.column(0))
            if sizes[column] > max_bytes:
                return sizes
    return sizes


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
