"""Rows of a layer from its file. Big Parquet files stay open, and some of their rows decoded."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from geopandas import GeoDataFrame

from geo.store.bulk.batches import Batch, batch_of
from geo.store.core import normalise
from geo.store.core.api import Query
from geo.store.folder.atomic_files import FileState, check_unchanged
from geo.store.folder.layer_scan import LayerEntry, ScanLimits, open_reader
from geo.store.formats.format_reader import PARQUET, LayerReader, as_batch_reader
from geo.store.formats.parquet import ParquetReader
from geo.store.query.layer_cache import LruCache
from geo.store.query.row_filter import FilterableRows

OPEN = 8  # files
DECODED = 256 * 2**20  # bytes of row groups, of all files together

_open: LruCache[tuple[FileState, ParquetReader]] = LruCache(OPEN)
_groups: LruCache[Any] = LruCache(DECODED)


def count_decoded_groups() -> int:
    """Return how many row groups have been decoded so far."""
    return _groups.cache_info()[1]


def read_rows(
    entry: LayerEntry, path: Path, query: Query, limits: ScanLimits, known: np.ndarray | None = None
) -> FilterableRows:
    """Rows of a layer from its file, at least those of the query, tidy.

    Parameters
    ----------
    entry, path, query, limits
    known
        Where these rows are (ascending), if that is known.

    Raises
    ------
    Exception
        Whatever the file makes a library raise; FileFaultError when it changed meanwhile.
    """

    def some(reader: LayerReader) -> GeoDataFrame:
        if entry.small:
            return reader.frame()
        if known is not None and (partwise := as_batch_reader(reader)) is not None:
            return partwise.take(known)
        return reader.frame(query, entry.info)

    return _read(entry, path, limits, some)


def read_rows_at(
    entry: LayerEntry, path: Path, positions: np.ndarray, limits: ScanLimits
) -> FilterableRows:
    """Rows at these positions, tidy; all rows of a small layer, or of a format without parts."""

    def some(reader: LayerReader) -> GeoDataFrame:
        partwise = None if entry.small else as_batch_reader(reader)
        return reader.frame() if partwise is None else partwise.take(positions)

    return _read(entry, path, limits, some)


def _read(
    entry: LayerEntry, path: Path, limits: ScanLimits, rows: Callable[[LayerReader], GeoDataFrame]
) -> FilterableRows:
    check_unchanged(path, entry.state)
    if path.suffix.lower() in PARQUET and not entry.small:
        raw = rows(_kept_open(path, entry.state))
    else:
        raw = rows(open_reader(path, entry.table, limits, known=True))
    check_unchanged(path, entry.state)
    tidy = normalise.normalise(raw, entry.info.id_column, entry.info.time_columns)
    return FilterableRows(tidy, entry.info, passing=not entry.small)


def _kept_open(path: Path, state: FileState) -> ParquetReader:
    """The reader of a file that has been looked at before and is in this state."""
    held = _open.get((path,))
    if held is not None and held[0] == state:
        return held[1]
    reader = ParquetReader(path, None, _groups)
    _open.put((path,), (state, reader), 1)
    return reader


def close_file(path: Path) -> None:
    """Close a file that is no longer there, and forget its rows."""
    held = _open.get((path,))
    if held is not None:
        _open.evict(lambda key: key == (path,))
        _groups.evict(lambda key: key[0] is held[1].token)


def read_batches(
    entry: LayerEntry, path: Path, columns: Sequence[str], limits: ScanLimits, *, places: bool
) -> Iterator[Batch]:
    """Columns of all rows, some rows at a time where the format can give a part.

    Raises
    ------
    Exception
        As `rows_of`.
    """
    check_unchanged(path, entry.state)
    reader = open_reader(path, entry.table, limits, known=True)
    if (partwise := as_batch_reader(reader)) is not None:
        yield from partwise.batches(columns, places=places)
    else:
        tidy = normalise.normalise(reader.frame(), entry.info.id_column, entry.info.time_columns)
        yield batch_of(tidy, columns, places=places)
    check_unchanged(path, entry.state)
