"""A layer's rows in chunks, each with the types that it would have if the layer were read whole.

The type that pandas gives a column may depend on all of its rows: integers become floats where one
is missing, a text column becomes datetimes if every value is one, lists take a type that fits all.
So a first pass finds each column's type; then each chunk is converted to these types.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.store.bulk import arrow_types
from geo.store.bulk.wkb_column import WkbColumn
from geo.store.core import normalise
from geo.store.core.api import Batch, LayerInfo, LayerStore
from geo.store.core.errors import explain_type_errors

CHUNK_ROWS = 2**16
_NANOSECONDS = r"[.,]\d{7}"


class _OnlyWholeError(Exception):
    """The layer's column types cannot be found from chunks.

    So it is where ids are days or lists, times are text with nanoseconds, an integer in nested
    objects is missing, or the values of a column have no common type.
    """


class RowChunk(NamedTuple):
    """Consecutive rows in the form of :meth:`geo.store.core.api.LayerStore.read`."""

    data: pd.DataFrame
    places: WkbColumn


@dataclass
class _Column:
    """What is known of a column."""

    type: pa.DataType | None = None
    empty_type: pa.DataType | None = None
    """The type if no row has a value."""
    has_nulls: bool = False


class RowStream:
    """A layer that is processed in chunks, or whole where it must be (`_OnlyWholeError`).

    ``batches`` returns all columns and geometries, in file order; it is called several times. A
    chunk has up to ``rows`` rows. Any method raises StoreError when the values of a column have no
    common type.
    """

    def __init__(
        self,
        name: str,
        batches: Callable[[], Iterator[Batch]],
        id_column: str | None,
        time_columns: tuple[str, str] | None,
        zone: str,
        *,
        rows: int = CHUNK_ROWS,
    ) -> None:
        self.name = name
        self.rows = rows
        self._batches = batches
        self._id = id_column
        self._times = time_columns or ()
        self._zone = zone
        self._whole = False

    @classmethod
    def from_store(cls, store: LayerStore, info: LayerInfo, *, rows: int = CHUNK_ROWS) -> RowStream:
        """Return the chunks of a layer that a store can read in batches, without a copy."""
        columns = store.batch_columns(info.name) or ()

        def stream() -> Iterator[Batch]:
            if not info.rows:  # a store may then yield no batch at all
                return iter([make_batch(store.read(info.name), columns, places=True)])
            return store.read_batches(info.name, columns, places=True)

        roles = info.id_column, info.time_columns, info.time_zone
        return cls(info.name, stream, *roles, rows=rows)

    @cached_property
    def types(self) -> pa.Schema:
        """Names and Arrow types of the columns, without the geometry."""
        found = self._columns.items()
        return pa.schema([(name, column.type or column.empty_type) for name, column in found])

    @property
    def must_be_whole(self) -> bool:
        """Whether the layer has to be held whole."""
        return self._found_in_chunks is None

    @property
    def pandas_metadata(self) -> list[dict[str, Any]]:
        """What pandas stores of each column in a file's header."""
        frame = _to_pandas(self.types.empty_table(), 0, 0)
        for name, column in self._columns.items():
            if column.has_nulls and column.type == pa.bool_():
                frame[name] = frame[name].astype(object)
        table = pa.Table.from_pandas(frame, self.types, preserve_index=False)
        found: list[dict[str, Any]] = table.schema.pandas_metadata["columns"]
        return found

    @property
    def count(self) -> int:
        """Number of rows."""
        return self._found[1]

    def __iter__(self) -> Iterator[RowChunk]:
        """Yield the chunks, in file order."""
        times = [name for name in self._times if not arrow_types.is_text(self._columns[name].type)]
        for start, data, places in self._split():
            frame = self._to_frame(data, start, len(places))
            yield RowChunk(self._normalise(frame, times), WkbColumn(places))

    def places(self) -> Iterator[WkbColumn]:
        """Yield the geometries, chunk by chunk."""
        return (WkbColumn(places) for *_, places in self._split())

    def column(self, name: str) -> Iterator[pd.Series]:
        """Yield one column, chunk by chunk."""
        for start, data, places in self._split():
            frame = self._to_frame(data.select([name]), start, len(places))
            yield self._normalise(frame, ())[name]

    def to_table(self, chunk: RowChunk) -> pa.Table:
        """Return a chunk's columns in the layer's types, without the geometry."""
        with explain_type_errors(self.name):
            table = pa.Table.from_pandas(chunk.data, preserve_index=False)
            columns = zip(table.columns, self.types.types, strict=True)
            return pa.table([arrow_types.cast_column(*one) for one in columns], schema=self.types)

    def _normalise(self, frame: pd.DataFrame, times: Collection[str]) -> pd.DataFrame:
        return normalise.normalise_columns(frame, self._id, times, self._zone)

    def _to_frame(self, data: pa.Table, start: int, count: int) -> pd.DataFrame:
        """Return columns as pandas has them where the layer is one table."""
        for at, (name, arrow) in enumerate(zip(data.column_names, data.schema.types, strict=True)):
            if self._columns[name].has_nulls and pa.types.is_integer(arrow):
                numbers = data.column(at).cast(pa.float64(), safe=False)
                data = data.set_column(at, name, numbers)
        return _to_pandas(data, start, count)

    @property
    def _columns(self) -> dict[str, _Column]:
        return self._found[0]

    @cached_property
    def _found(self) -> tuple[dict[str, _Column], int]:
        """What is known of each column, and the number of rows."""
        return self._found_in_chunks or self._find_types()

    @cached_property
    def _found_in_chunks(self) -> tuple[dict[str, _Column], int] | None:
        try:
            return self._find_types()
        except _OnlyWholeError:
            self._whole = True
            return None

    def _find_types(self) -> tuple[dict[str, _Column], int]:
        known: dict[str, _Column] = {}
        count = 0
        for start, data, places in self._split():
            columns = dict(zip(data.column_names, data.columns, strict=True))
            known = known or {name: _Column() for name in columns}
            wanted = [
                name for name, values in columns.items() if self._inspect(name, values, known[name])
            ]
            try:
                with explain_type_errors(self.name):
                    self._update_types(data.select(wanted), start, known)
            except StoreError as error:
                if self._whole:
                    raise
                raise _OnlyWholeError from error  # whose message may be more exact
            count = start + len(places)
        return known, count

    def _inspect(self, name: str, values: pa.ChunkedArray, known: _Column) -> bool:
        """Record whether values are missing; return whether pandas must convert this column."""
        new = values.null_count > 0 and not known.has_nulls
        known.has_nulls |= new
        if not self._whole:
            # The text of a day depends on whether every value is one without a time.
            plain = arrow_types.has_fixed_pandas_type(values.type, times=False)
            days = name == self._id and not plain
            # Nanosecond times reach fewer years.
            fine = name in self._times and arrow_types.contains_pattern(values, _NANOSECONDS)
            if days or fine or any(map(arrow_types.has_missing_integers, values.chunks)):
                raise _OnlyWholeError
        fixed = arrow_types.has_fixed_pandas_type(values.type, text=name not in self._times)
        return new or not fixed or known.type is None

    def _update_types(self, data: pa.Table, start: int, known: dict[str, _Column]) -> None:
        """Merge the types that pandas gives this chunk into those of earlier chunks."""
        frame = _to_pandas(data, start, len(data))
        frame = self._normalise(frame, self._times)
        table = pa.Table.from_pandas(frame, preserve_index=False)
        for name, values in zip(table.column_names, table.columns, strict=True):
            column, found = known[name], values.type
            if values.null_count == len(values) and not pa.types.is_float64(found):
                column.empty_type = found
                continue
            before = column.type
            time = name in self._times and arrow_types.is_text(data.column(name).type)
            if time and arrow_types.is_text(before):
                found = before  # one value is not a time, so the column stays text
            elif not (time and arrow_types.is_text(found)):
                found = arrow_types.merge_types(before, found)
            column.type = found

    def _split(self) -> Iterator[tuple[int, pa.Table, pa.Array]]:
        """Yield tables and geometries, a chunk (or all rows) each, and the first row of each."""
        start = 0
        for batch in [_concatenate(self._batches())] if self._whole else self._batches():
            assert batch.places is not None
            count = len(batch.places)  # a table without columns has no length
            rows = max(1, count) if self._whole else self.rows
            for first in range(0, max(1, count), rows):
                places = batch.places.slice(first, rows)
                yield start, batch.data.slice(first, rows), places
                start += len(places)


def make_batch(frame: GeoDataFrame, columns: Sequence[str], *, places: bool) -> Batch:
    """Return columns of a frame that a store read as one batch."""
    data = pa.Table.from_pandas(pd.DataFrame(frame[list(columns)]), preserve_index=False)
    shapes = pa.array(shapely.to_wkb(frame.geometry.to_numpy()), pa.large_binary())
    return Batch(data, shapes if places else None)


def _concatenate(batches: Iterator[Batch]) -> Batch:
    every = list(batches)
    places = [pa.array(one.places).cast(pa.large_binary()) for one in every]
    return Batch(pa.concat_tables([one.data for one in every]), pa.concat_arrays(places))


def _to_pandas(data: pa.Table, start: int, count: int) -> pd.DataFrame:
    frame = data.to_pandas(date_as_object=False, ignore_metadata=True)
    index = pd.RangeIndex(start, start + count)
    return frame.set_axis(index) if len(frame.columns) else pd.DataFrame(index=index)
