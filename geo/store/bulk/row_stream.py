"""A layer's rows some at a time, each part as if the layer had been read whole.

What pandas makes of a column may hang on all of its rows: whole numbers become fractions where one
is missing, a text column becomes times if every value is one, lists take the type that fits each.
So the columns are looked through first; then each part is brought into the types of the layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from geo.errors import StoreError
from geo.store.bulk import batches
from geo.store.bulk.arrow_types import (
    cast_column,
    contains_pattern,
    has_fixed_pandas_type,
    has_missing_integers,
    is_text,
    merge_types,
)
from geo.store.bulk.batches import Batch
from geo.store.bulk.wkb_column import WkbColumn
from geo.store.core import normalise
from geo.store.core.api import LayerInfo, LayerStore
from geo.store.core.errors import explain_type_errors

if TYPE_CHECKING:
    import pyarrow as pa

PART = 2**16  # rows
_NANOSECONDS = r"[.,]\d{7}"


class _OnlyWholeError(Exception):
    """What the layer's columns are cannot be told from parts.

    So it is where ids are days or lists, times are texts to the nanosecond, objects miss a whole
    number, or the values of a column are not of one kind.
    """


class RowChunk(NamedTuple):
    """Some rows, as :meth:`geo.store.core.api.LayerStore.read` gives them."""

    data: pd.DataFrame
    places: WkbColumn


@dataclass
class _Column:
    """What is known of a column: its Arrow type, and what pandas says of it in a file."""

    type: pa.DataType | None = None
    empty: pa.DataType | None = None
    """The type where no row has a value."""
    said: dict[str, Any] = field(default_factory=dict)
    holed: bool = False

    @property
    def described(self) -> dict[str, Any]:
        """What pandas says of it; of truths of which one is missing, that they are objects."""
        import pyarrow as pa

        objects = self.holed and self.type is not None and pa.types.is_boolean(self.type)
        return self.said | ({"numpy_type": "object"} if objects else {})


class RowStream:
    """A layer that is never held whole, except where it has to be (`_OnlyWholeError`).

    Parameters
    ----------
    name
        Of the layer, for errors.
    batches
        Gives all columns and places, in file order; asked several times.
    id_column, time_columns
        As in :class:`geo.store.core.api.LayerInfo`.
    rows
        Most rows of a part.

    Raises
    ------
    StoreError
        When the values of a column are not of one kind; by any method.
    """

    def __init__(
        self,
        name: str,
        batches: Callable[[], Iterator[Batch]],
        id_column: str | None,
        time_columns: tuple[str, str] | None,
        *,
        rows: int = PART,
    ) -> None:
        self.name = name
        self.rows = rows
        self._batches = batches
        self._id = id_column
        self._times = time_columns or ()
        self._whole = False

    @classmethod
    def of(cls, store: LayerStore, info: LayerInfo, *, rows: int = PART) -> RowStream:
        """Return the parts of a layer that a store can read in parts, each time from there."""
        columns = batches.partwise(store, info.name) or ()

        def stream() -> Iterator[Batch]:
            if not info.rows:  # there may be none
                return iter([batches.batch_of(store.read(info.name), columns, places=True)])
            return batches.batches(store, info.name, columns, places=True)

        return cls(info.name, stream, info.id_column, info.time_columns, rows=rows)

    @cached_property
    def types(self) -> pa.Schema:
        """Names and Arrow types of the columns, without the place."""
        import pyarrow as pa

        found = self._known[0].items()
        return pa.schema([(name, column.type or column.empty) for name, column in found])

    @property
    def whole(self) -> bool:
        """Whether the layer turned out to be one that has to be held whole."""
        return self._in_parts is None

    @property
    def said(self) -> list[dict[str, Any]]:
        """What pandas says of each column in the header of a file."""
        return [column.described for column in self._known[0].values()]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._known[1]

    def __iter__(self) -> Iterator[RowChunk]:
        """Yield the parts, in file order."""
        known = self._known[0]
        times = [name for name in self._times if not is_text(known[name].type)]
        for start, batch in self._cut():
            places = WkbColumn(batch.places)
            data = self._frame(batch.data, start, len(places))
            yield RowChunk(normalise.normalise_columns(data, self._id, times), places)

    def places(self) -> Iterator[WkbColumn]:
        """Yield the places alone, part by part."""
        return (WkbColumn(batch.places) for _, batch in self._cut())

    def column(self, name: str) -> Iterator[pd.Series]:
        """Yield one column alone, part by part."""
        for start, batch in self._cut():
            frame = self._frame(batch.data.select([name]), start, len(batch.data))
            yield normalise.normalise_columns(frame, self._id, ())[name]

    def table(self, part: RowChunk) -> pa.Table:
        """Return the columns of a part in the types of the layer, without the place."""
        import pyarrow as pa

        with explain_type_errors(self.name):
            table = pa.Table.from_pandas(part.data, preserve_index=False)
            columns = zip(table.columns, self.types.types, strict=True)
            return pa.table([cast_column(*one) for one in columns], schema=self.types)

    def _frame(self, data: pa.Table, start: int, count: int) -> pd.DataFrame:
        """Columns as pandas has them where the layer is one table."""
        import pyarrow as pa

        for at, (name, arrow) in enumerate(zip(data.column_names, data.schema.types, strict=True)):
            if self._known[0][name].holed and pa.types.is_integer(arrow):
                numbers = data.column(at).cast(pa.float64(), safe=False)
                data = data.set_column(at, name, numbers)
        return _to_pandas(data, start, count)

    @property
    def _known(self) -> tuple[dict[str, _Column], int]:
        """What is known of each column, and how many rows there are."""
        return self._in_parts or self._in_one

    @cached_property
    def _in_parts(self) -> tuple[dict[str, _Column], int] | None:
        try:
            return self._look()
        except _OnlyWholeError:
            self._whole = True
            return None

    @cached_property
    def _in_one(self) -> tuple[dict[str, _Column], int]:
        return self._look()

    def _look(self) -> tuple[dict[str, _Column], int]:
        known: dict[str, _Column] = {}
        count = 0
        for start, batch in self._cut():
            columns = dict(zip(batch.data.column_names, batch.data.columns, strict=True))
            known = known or {name: _Column() for name in columns}
            wanted = [
                name for name, values in columns.items() if self._tells(name, values, known[name])
            ]
            try:
                with explain_type_errors(self.name):
                    self._learn(batch.data.select(wanted), start, known)
            except StoreError as error:
                if self._whole:
                    raise
                raise _OnlyWholeError from error  # which may say more exactly what is wrong
            count = start + len(batch.places)  # type: ignore[arg-type]
        return known, count

    def _tells(self, name: str, values: pa.ChunkedArray, known: _Column) -> bool:
        """Take note whether some are missing; return whether the rest has to be looked at."""
        new = values.null_count > 0 and not known.holed
        known.holed |= new
        if not self._whole:
            # The text of a day depends on whether every value is one without hours.
            days = name == self._id and not has_fixed_pandas_type(values.type, moments=False)
            # Times to the nanosecond reach fewer years.
            fine = name in self._times and contains_pattern(values, _NANOSECONDS)
            if days or fine or any(map(has_missing_integers, values.chunks)):
                raise _OnlyWholeError
        fixed = has_fixed_pandas_type(values.type, text=name not in self._times)
        return new or not fixed or known.type is None

    def _learn(self, data: pa.Table, start: int, known: dict[str, _Column]) -> None:
        import pyarrow as pa

        frame = _to_pandas(data, start, len(data))
        frame = normalise.normalise_columns(frame, self._id, self._times)
        table = pa.Table.from_pandas(frame, preserve_index=False)
        said = table.schema.pandas_metadata["columns"]
        for name, values, about in zip(table.column_names, table.columns, said, strict=True):
            column, found = known[name], values.type
            if values.null_count == len(values) and not pa.types.is_float64(found):
                column.empty = found
                column.said = column.said or about
                continue
            before = column.type
            time = name in self._times and is_text(data.column(name).type)
            if time and is_text(before):
                found = before  # not every value is a time, so none is read as one
            elif not (time and is_text(found)):
                found = merge_types(before, found)
            column.type = found
            if found == values.type and before != found:
                column.said = about

    def _cut(self) -> Iterator[tuple[int, Batch]]:
        """Batches of no more rows than a part has, or all in one; and where each begins."""
        start = 0
        for batch in [_joined(self._batches())] if self._whole else self._batches():
            count = len(batch.places)  # type: ignore[arg-type]
            rows = max(1, count) if self._whole else self.rows
            for first in range(0, max(1, count), rows):
                places = batch.places.slice(first, rows)  # type: ignore[union-attr]
                yield start, Batch(batch.data.slice(first, rows), places)
                start += len(places)


def _joined(batches: Iterator[Batch]) -> Batch:
    import pyarrow as pa

    every = list(batches)
    places = [pa.array(one.places).cast(pa.large_binary()) for one in every]
    return Batch(pa.concat_tables([one.data for one in every]), pa.concat_arrays(places))


def _to_pandas(data: pa.Table, start: int, count: int) -> pd.DataFrame:
    frame = data.to_pandas(date_as_object=False, ignore_metadata=True)
    index = pd.RangeIndex(start, start + count)
    return frame.set_axis(index) if len(frame.columns) else pd.DataFrame(index=index)
