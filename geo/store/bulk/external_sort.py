"""Rows in temporary files: kept to be read again, and sorted into another order."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa

from geo.errors import StoreError
from geo.store.core.api import Batch

_MOST_FILES = 200  # open at once
_PLACE, _RANK = "\x00place", "\x00rank"


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Create a temporary folder, and remove it at the end; StoreError if it cannot be created."""
    with _explain_disk_errors():
        made = tempfile.TemporaryDirectory(prefix="layers-", ignore_cleanup_errors=True)
    with made as folder:
        yield Path(folder)


@contextmanager
def _explain_disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = (
            f"Temporary files cannot be written ({error.strerror or error}). Make room, or name a "
            "folder on a larger disk in TMPDIR."
        )
        raise StoreError(msg) from error


class Spool:
    """Batches in a temporary file: fetched once, read any number of times.

    There is at least one batch; all have geometries and the same columns. StoreError is raised
    when they cannot be written.
    """

    def __init__(self, path: Path, batches: Iterable[Batch]) -> None:
        self._path = path
        with _explain_disk_errors(), ExitStack() as open_:
            writer = None
            for batch in batches:
                columns = map(_decode_dictionary, batch.data.columns)
                names = [*batch.data.column_names, _PLACE]
                table = pa.table([*columns, batch.places], names)
                writer = writer or open_.enter_context(_open_writer(path, table.schema))
                writer.write_table(table)

    def __call__(self) -> Iterator[Batch]:
        """Yield the batches in their order."""
        with pa.OSFile(str(self._path)) as file:
            for batch in pa.ipc.open_stream(file):
                data = pa.Table.from_batches([batch])
                yield Batch(data.drop_columns(_PLACE), batch.column(_PLACE))


def reorder_rows(
    tables: Iterable[pa.Table], order: np.ndarray, folder: Path, rows: int
) -> Iterator[pa.Table]:
    """Yield the rows of all tables in another order, in tables of up to ``rows`` rows.

    ``order`` has positions over all tables (of one schema): of the row that comes first, second,
    ... An external bucket sort: each file in ``folder`` holds the rows of one range of the result,
    and is removed. So many rows are in memory at once, or more if there would be too many files.
    StoreError is raised when the files cannot be written.
    """
    if (np.diff(order) > 0).all():
        yield from tables
        return
    rows = max(rows, len(order) // _MOST_FILES)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    paths = [folder / str(number) for number in range(-(-len(order) // rows))]
    with _explain_disk_errors():
        _write_buckets(tables, rank, paths, rows)
        for path in paths:
            with pa.OSFile(str(path)) as file:
                found = pa.ipc.open_stream(file).read_all()
            path.unlink()
            yield found.take(np.argsort(found.column(_RANK).to_numpy())).drop_columns(_RANK)


def _write_buckets(
    tables: Iterable[pa.Table], rank: np.ndarray, paths: list[Path], rows: int
) -> None:
    writers: dict[int, pa.RecordBatchStreamWriter] = {}
    start = 0
    with ExitStack() as open_:
        for table in tables:
            ranks = rank[start : start + len(table)]
            start += len(table)
            sorted_ = table.append_column(_RANK, pa.array(ranks)).take(np.argsort(ranks))
            cuts = np.searchsorted(np.sort(ranks), np.arange(len(paths) + 1) * rows)
            for number in np.flatnonzero(np.diff(cuts)).tolist():
                if number not in writers:
                    writer = _open_writer(paths[number], sorted_.schema)
                    writers[number] = open_.enter_context(writer)
                piece = sorted_.slice(cuts[number], cuts[number + 1] - cuts[number])
                writers[number].write_table(piece)


def _open_writer(path: Path, schema: pa.Schema) -> pa.RecordBatchStreamWriter:
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    return pa.ipc.new_stream(str(path), schema, options=options)


def _decode_dictionary(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values of a dictionary column: dictionaries differ between batches."""
    is_dictionary = pa.types.is_dictionary(column.type)
    return column.cast(column.type.value_type) if is_dictionary else column
