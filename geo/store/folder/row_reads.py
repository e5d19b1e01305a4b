"""Reads rows of a layer from its file. Large Parquet files stay open, with a cache of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from geopandas import GeoDataFrame

from geo.store.bulk.row_stream import make_batch
from geo.store.core import normalise
from geo.store.core.api import Batch, Query
from geo.store.core.lru import LruCache
from geo.store.folder.atomic_files import FileState, check_unchanged
from geo.store.folder.layer_scan import LayerEntry, ScanLimits, open_reader
from geo.store.formats.format_reader import PARQUET, LayerReader
from geo.store.formats.parquet import ParquetReader, as_batch_reader
from geo.store.query.row_filter import FilterableRows

if TYPE_CHECKING:
    import pyarrow as pa

OPEN = 8  # files
DECODED = 256 * 2**20  # bytes of row groups, of all files together

_open: LruCache[tuple[FileState, ParquetReader]] = LruCache(OPEN)
_groups: LruCache[pa.Table] = LruCache(DECODED)


def read_rows(
    entry: LayerEntry, path: Path, query: Query, limits: ScanLimits, known: np.ndarray | None = None
) -> FilterableRows:
    """Read rows of a layer from its file, normalised: at least those of the query.

    Parameters
    ----------
    entry, path, query, limits
    known
        Positions of these rows (ascending), if they are known.

    Raises
    ------
    Exception
        Whatever a library raises on the file; FileFaultError if it changed meanwhile.
    """

    def read(reader: LayerReader) -> GeoDataFrame:
        if entry.small:
            return reader.read_frame()
        if known is not None and (batched := as_batch_reader(reader)) is not None:
            return batched.read_positions(known)
        return reader.read_frame(query, entry.info)

    return _read_file(entry, path, limits, read)


def read_rows_at(
    entry: LayerEntry, path: Path, positions: np.ndarray, limits: ScanLimits
) -> FilterableRows:
    """Read rows at these positions; all rows if the layer is small or has no batches."""

    def read(reader: LayerReader) -> GeoDataFrame:
        batched = None if entry.small else as_batch_reader(reader)
        return reader.read_frame() if batched is None else batched.read_positions(positions)

    return _read_file(entry, path, limits, read)


def _read_file(
    entry: LayerEntry, path: Path, limits: ScanLimits, read: Callable[[LayerReader], GeoDataFrame]
) -> FilterableRows:
    check_unchanged(path, entry.state)
    if path.suffix.lower() in PARQUET and not entry.small:
        raw = read(_open_large_file(path, entry.state))
    else:
        raw = read(open_reader(path, entry.table, limits, known=True))
    check_unchanged(path, entry.state)
    frame = normalise.normalise(raw, entry.info.id_column, entry.info.time_columns)
    return FilterableRows(frame, entry.info, read_once=not entry.small)


def _open_large_file(path: Path, state: FileState) -> ParquetReader:
    """Return the cached reader of a file in this state, or open the file."""
    held = _open.get((path,))
    if held is not None and held[0] == state:
        return held[1]
    reader = ParquetReader(path, None, _groups)
    _open.put((path,), (state, reader), 1)
    return reader


def close_file(path: Path) -> None:
    """Close a file that was removed, and evict its rows."""
    held = _open.get((path,))
    if held is not None:
        _open.evict(lambda key: key == (path,))
        _groups.evict(lambda key: key[0] is held[1].token)


def read_batches(
    entry: LayerEntry, path: Path, columns: Sequence[str], limits: ScanLimits, *, places: bool
) -> Iterator[Batch]:
    """Yield columns of all rows, in batches if the format supports it.

    Raises
    ------
    Exception
        As `rows_of`.
    """
    check_unchanged(path, entry.state)
    reader = open_reader(path, entry.table, limits, known=True)
    if (batched := as_batch_reader(reader)) is not None:
        yield from batched.read_batches(columns, places=places)
    else:
        frame = normalise.normalise(
            reader.read_frame(), entry.info.id_column, entry.info.time_columns
        )
        yield make_batch(frame, columns, places=places)
    check_unchanged(path, entry.state)
