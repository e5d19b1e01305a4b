"""Reads rows of a layer from its file. Large Parquet files stay open, with a cache of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geo.lru_cache import LruCache
from geo.store.bulk.row_stream import make_batch
from geo.store.core import normalise
from geo.store.core.api import Batch, LayerInfo, Query
from geo.store.folder.atomic_files import FileState, check_unchanged
from geo.store.folder.layer_scan import LayerEntry, ScanLimits, open_reader
from geo.store.formats.format_reader import PARQUET, LayerReader
from geo.store.formats.parquet import ParquetReader, as_batch_reader
from geo.store.query.row_filter import FilterableRows

if TYPE_CHECKING:
    import pyarrow as pa
    from geopandas import GeoDataFrame

OPEN = 8  # files
DECODED = 256 * 2**20  # bytes of row groups, of all files together

_open: LruCache[tuple[FileState, ParquetReader]] = LruCache(OPEN)
_groups: LruCache[pa.Table] = LruCache(DECODED)


def read_rows(
    entry: LayerEntry, path: Path, query: Query, limits: ScanLimits, known: np.ndarray | None
) -> FilterableRows:
    """Read rows of a layer from its file, normalised: at least those of the query.

    ``known``: the positions of these rows (ascending), if they are known. Raises whatever a
    library raises on the file; FileFaultError if it changed meanwhile.
    """
    check_unchanged(path, entry.state)
    if path.suffix.lower() in PARQUET and not entry.small:
        reader: LayerReader = _open_large_file(path, entry.state)
    else:
        reader = open_reader(path, entry.table, limits, known=True)
    if entry.small:
        raw = reader.read_frame()
    elif known is not None and (batched := as_batch_reader(reader)) is not None:
        raw = batched.read_positions(known)
    else:
        raw = reader.read_frame(query, entry.info)
    check_unchanged(path, entry.state)
    return FilterableRows(_normalise(raw, entry.info), entry.info, read_once=not entry.small)


def _normalise(raw: GeoDataFrame, info: LayerInfo) -> GeoDataFrame:
    return normalise.normalise(raw, info.id_column, info.time_columns, info.time_zone)


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
    """Yield columns of all rows, in batches if the format supports it; raise as `read_rows`."""
    check_unchanged(path, entry.state)
    reader = open_reader(path, entry.table, limits, known=True)
    if (batched := as_batch_reader(reader)) is not None:
        yield from batched.read_batches(columns, places=places)
    else:
        raw = reader.read_frame()
        yield make_batch(_normalise(raw, entry.info), columns, places=places)
    check_unchanged(path, entry.state)
