"""Rows on the disk for a while: kept to be read again, and brought into another order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import StoreError
from geo.store.bulk.batches import Batch

if TYPE_CHECKING:
    import pyarrow as pa

_FILES = 200  # that are open at once
_PLACE, _RANK = "\x00place", "\x00rank"


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for as long as it is needed.

    Raises
    ------
    StoreError
        When there can be none.
    """
    with _in_words():
        made = tempfile.TemporaryDirectory(prefix="layers-", ignore_cleanup_errors=True)
    with made as folder:
        yield Path(folder)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = (
            f"Temporary files cannot be written ({error.strerror or error}). Make room, or name a "
            "folder on a larger disk in TMPDIR."
        )
        raise StoreError(msg) from error


class Spool:
    """Batches in a file: fetched once, given as often as they are asked for.

    Parameters
    ----------
    path
        Of a file that is not there yet.
    batches
        With places, at least one; all of the same columns.

    Raises
    ------
    StoreError
        When the disk does not take them.
    """

    def __init__(self, path: Path, batches: Iterable[Batch]) -> None:
        import pyarrow as pa

        self._path = path
        with _in_words(), ExitStack() as open_:
            writer = None
            for batch in batches:
                data = _plain(batch.data)
                names = [*data.column_names, _PLACE]
                table = pa.table([*data.columns, batch.places], names)
                writer = writer or open_.enter_context(_writer(path, table.schema))
                writer.write_table(table)

    def __call__(self) -> Iterator[Batch]:
        """Yield the batches as they came."""
        import pyarrow as pa

        with pa.OSFile(str(self._path)) as file:
            for batch in pa.ipc.open_stream(file):
                data = pa.Table.from_batches([batch])
                yield Batch(data.drop_columns(_PLACE), batch.column(_PLACE))


def reorder_rows(
    tables: Iterable[pa.Table], order: np.ndarray, folder: Path, rows: int
) -> Iterator[pa.Table]:
    """Yield the rows of all tables in another order, some rows at a time.

    Each table's rows are sorted into files, each of which holds a stretch of the result.

    Parameters
    ----------
    tables
        Of one schema.
    order
        Which row comes first, second, ...: positions over all tables.
    folder
        For these files; they are gone at the end.
    rows
        How many to hold at once; more where there would be too many files.

    Raises
    ------
    StoreError
        When the disk does not take the files.
    """
    import pyarrow as pa

    if (np.diff(order) > 0).all():
        yield from tables
        return
    rows = max(rows, len(order) // _FILES)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    paths = [folder / str(number) for number in range(-(-len(order) // rows))]
    with _in_words():
        _sort_in(tables, rank, paths, rows)
        for path in paths:
            with pa.OSFile(str(path)) as file:
                found = pa.ipc.open_stream(file).read_all()
            path.unlink()
            yield found.take(np.argsort(found.column(_RANK).to_numpy())).drop_columns(_RANK)


def _sort_in(tables: Iterable[pa.Table], rank: np.ndarray, paths: list[Path], rows: int) -> None:
    import pyarrow as pa

    writers: dict[int, Any] = {}
    start = 0
    with ExitStack() as open_:
        for table in tables:
            ranks = rank[start : start + len(table)]
            start += len(table)
            sorted_ = table.append_column(_RANK, pa.array(ranks)).take(np.argsort(ranks))
            cuts = np.searchsorted(np.sort(ranks), np.arange(len(paths) + 1) * rows)
            for number in np.flatnonzero(np.diff(cuts)).tolist():
                if number not in writers:
                    made = _writer(paths[number], sorted_.schema)
                    writers[number] = open_.enter_context(made)
                piece = sorted_.slice(cuts[number], cuts[number + 1] - cuts[number])
                writers[number].write_table(piece)


def _writer(path: Path, schema: pa.Schema) -> Any:
    import pyarrow as pa

    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    return pa.ipc.new_stream(str(path), schema, options=options)


def _plain(data: pa.Table) -> pa.Table:
    """Return a table without dictionaries, which differ from batch to batch."""
    import pyarrow as pa

    for number, field in enumerate(data.schema):
        if pa.types.is_dictionary(field.type):
            values = data.column(number).cast(field.type.value_type)
            data = data.set_column(number, field.name, values)
    return data
