"""Reads GeoParquet; filters row groups, then rows, before it decodes geometries."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame, GeoSeries
from geopandas.array import GeometryArray

from geo.lru_cache import LruCache
from geo.store.bulk.wkb_column import decode_wkb
from geo.store.core.api import Batch, Box, LayerInfo, Query
from geo.store.core.errors import FileFaultError
from geo.store.core.normalise import WGS84, combine_kinds, is_wgs84, parse_crs, parse_kind, to_wgs84
from geo.store.formats import parquet_columns
from geo.store.formats.parquet_columns import SIDES as SIDES
from geo.store.formats.parquet_memory import estimate_decoded_bytes, row_groups
from geo.store.query.arrow_filter import build_predicate, list_filter_columns

if TYPE_CHECKING:
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

_POSITION = "\x00position"
_BATCH = 2**16  # rows


class ParquetReader:
    """A Parquet file as one table; without GeoParquet metadata it has no geometries.

    Filtered before decoding: the date window, ids and ``where`` on text, integer and date
    columns; the box, if the file has a covering bbox column and is in EPSG:4326. Filtered in
    memory: lists, and boxes in another CRS. Nested values are JSON text, and geometries of any
    encoding are WKB (`parquet_columns`). Columns of bounding boxes are left out.

    The file stays open as long as the reader, so replacing it does no harm. FileFaultError is
    raised when it has two columns with the same name, or takes more than ``max_bytes`` when decoded
    (None: it was checked before). ``groups`` is a cache of row groups for `read_positions`.
    """

    def __init__(
        self, path: Path, max_bytes: int | None, groups: LruCache[pa.Table] | None = None
    ) -> None:
        import pyarrow.parquet as pq

        self._path = path
        self._decoded_groups = groups or LruCache[pa.Table](0)
        self.token = object()  # first part of the cache keys
        self._file = pq.ParquetFile(path)
        self._reading = threading.Lock()  # one thread at a time may use a ParquetFile
        self._schema = self._file.schema_arrow
        self._geo = parquet_columns.parse_geo_metadata(self._schema)
        self.place: str | None = self._geo.get("primary_column")
        about = self._geo.get("columns", {}).get(self.place, {})
        self._encoding = parquet_columns.check_encoding(about.get("encoding", "WKB"))
        crs = about.get("crs")
        self.crs = parse_crs(crs if isinstance(crs, str) else json.dumps(crs)) if crs else None
        if self.place is not None and "crs" not in about:
            self.crs = parse_crs("OGC:CRS84")  # what GeoParquet says absence means
        if is_wgs84(self.crs):
            self.crs = parse_crs(WGS84)
        self._about = about
        self._places = [self.place] if self.place else []
        self._covering = parquet_columns.find_covering(about)
        names = list(self._schema.names)
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            why = f"It has two columns named {twice[0]!r}."
            raise FileFaultError(why, "Give each column its own name.")
        hidden = {"geometry", self._covering, *self._geo.get("columns", {})}
        self.columns = {
            name: _classify_type(self._schema.field(name).type)
            for name in names
            if name not in hidden
            and not name.startswith("__index_level_")
            and not (self.place and parquet_columns.is_box(self._schema.field(name).type))
        }
        self.rows = self._file.metadata.num_rows
        self.decoded_bytes = 0
        if max_bytes is not None:
            self.decoded_bytes = estimate_decoded_bytes(self._file, path, max_bytes)

    def read_frame(self, query: Query | None = None, info: LayerInfo | None = None) -> GeoDataFrame:
        """Read rows in the file's CRS, at least those of the query."""
        keep, used = None, list[str]()
        if query is not None and info is not None:
            kinds = {name: self._schema.field(name).type for name in self.columns}
            covering = self._covering if is_wgs84(self.crs) else None
            keep = build_predicate(query, info, kinds, covering)
            used = [name for name in list_filter_columns(query, info) if name in kinds]
        return self._to_frame(self._read_table(keep, [*self.columns, *self._places], used))

    def _to_frame(self, table: pa.Table) -> GeoDataFrame:
        data = self._to_pandas(table, self.columns)
        places = np.full(len(data), None, dtype=object)
        if self.place is not None:
            places = decode_wkb(table.column(self.place).combine_chunks())
        data["geometry"] = GeometryArray(places, crs=self.crs)
        return GeoDataFrame(data, geometry="geometry")  # by name: three times as fast

    def read_positions(self, positions: np.ndarray) -> GeoDataFrame:
        """Read rows at these positions, ascending; decodes only the row groups that hold them."""
        edges = np.searchsorted(positions, self._starts)
        parts = []
        for group in np.flatnonzero(np.diff(edges)):
            rows = positions[edges[group] : edges[group + 1]] - self._starts[group]
            parts.append(self._decode_group(int(group)).take(rows))
        return self._to_frame(self._concatenate(parts, [*self.columns, *self._places]))

    def read_batches(self, names: Sequence[str], *, places: bool) -> Iterator[Batch]:
        """Yield these columns of all rows, in file order, and their geometries in EPSG:4326."""
        wanted = [*names, *(self._places if places else [])]
        for batch in self._iterate_batches(wanted):
            shapes = pa.nulls(len(batch), pa.large_binary()) if places else None
            table = self._to_plain(pa.Table.from_batches([batch]))
            if places and self.place is not None:
                shapes = table.column(self.place).combine_chunks()
                shapes = getattr(shapes, "storage", shapes)  # of an extension type
                if not is_wgs84(self.crs):
                    known = GeoSeries(decode_wkb(shapes), crs=self.crs)
                    shapes = pa.array(shapely.to_wkb(to_wgs84(known).to_numpy()))
            yield Batch(table.select(list(names)), shapes)

    def _iterate_batches(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        groups: list[list[int] | None] = [None]
        if any(map(parquet_columns.has_inner_dictionary, map(self._schema.field, names))):
            groups = [[number] for number in range(self._file.num_row_groups)]
        for some in groups:  # a dictionary in a list differs in each row group
            yield from self._file.iter_batches(_BATCH, row_groups=some, columns=list(names))

    def read_table(self) -> pa.Table:
        """Read the columns of all rows as Arrow columns, and the geometries as WKB, last."""
        return self._read_table(None, [*self.columns, *self._places], []).drop_columns(_POSITION)

    def read_columns(self, names: Sequence[str]) -> pd.DataFrame:
        """Read these columns of all rows."""
        return self._to_pandas(self._read_table(None, names, []), names)

    def read_header(self) -> tuple[str, Box | None] | None:
        """Return kind of geometry and extent if the metadata has both and is in EPSG:4326."""
        if self.place is None:
            return "none", None
        kinds, box = self._about.get("geometry_types"), self._about.get("bbox")
        if not kinds or not box or not is_wgs84(self.crs):
            return None
        xmin, ymin, xmax, ymax = (float(s) for s in (*box[:2], *box[len(box) // 2 :][:2]))
        good = np.isfinite([xmin, ymin, xmax, ymax]).all() and xmin <= xmax
        return (combine_kinds(map(parse_kind, kinds)), (xmin, ymin, xmax, ymax)) if good else None

    def _read_table(
        self, keep: pc.Expression | None, names: Sequence[str], used: Sequence[str]
    ) -> pa.Table:
        """Read the rows that the expression ``keep`` keeps, with their positions.

        Of each row group the columns that ``keep`` uses are read first, and the others only if
        some row is kept.
        """
        if keep is None:
            groups = [self._read_group(group, names) for group in self._select_groups(None)]
            return self._concatenate(groups, names)
        first = [*used, *([self._covering] if self._covering else [])]
        rest = [name for name in names if name not in used]
        parts = []
        for group in self._select_groups(keep):
            part = self._read_group(group, first).filter(keep)
            if part.num_rows:
                rows = part.column(_POSITION).to_numpy() - self._starts[group]
                more = self._read_raw_group(group, rest).take(rows)
                for name in rest:
                    part = part.append_column(name, more.column(name))
                parts.append(part.select([*names, _POSITION]))
        return self._concatenate(parts, names)

    def _read_group(self, number: int, names: Sequence[str]) -> pa.Table:
        """Read columns of a row group, with the positions of its rows."""
        part = self._read_raw_group(number, names)
        first = self._starts[number]
        return part.append_column(_POSITION, pa.array(np.arange(first, first + part.num_rows)))

    def _decode_group(self, number: int) -> pa.Table:
        """Return a row group with its positions, from the cache if it is there."""
        kept = self._decoded_groups
        make = partial(self._read_group, number, [*self.columns, *self._places])
        most = kept.capacity / 4
        return kept.get_or_compute(
            (self.token, number), make, lambda part: part.nbytes if part.nbytes <= most else None
        )

    def _read_raw_group(self, group: int, names: Sequence[str]) -> pa.Table:
        with self._reading:
            return self._to_plain(self._file.read_row_group(group, columns=list(names)))

    def _to_plain(self, table: pa.Table) -> pa.Table:
        """Return columns as plain ones, and geometries as WKB; the covering is unchanged."""
        for at, name in enumerate(table.column_names):
            if name == self._covering:
                continue
            values = (
                parquet_columns.to_plain(table.column(at))
                if name != self.place
                else (parquet_columns.to_wkb(table.column(at), self._encoding))
            )
            if values is not table.column(at):
                table = table.set_column(at, name, values)
        return table

    def _concatenate(self, parts: Sequence[pa.Table], names: Sequence[str]) -> pa.Table:
        if parts:
            return pa.concat_tables(parts)
        none = self._to_plain(self._schema.empty_table().select(list(names)))
        return none.append_column(_POSITION, pa.array([], pa.int64()))

    def _select_groups(self, keep: pc.Expression | None) -> list[int]:
        """Return the row groups whose column statistics allow a row of ``keep``."""
        if keep is None or self._file.num_row_groups == 1:
            return list(range(self._file.num_row_groups))
        part = self._fragment.subset(filter=keep, schema=self._fragment.physical_schema)
        return [group.id for group in part.row_groups]

    @cached_property
    def _fragment(self) -> ds.ParquetFileFragment:
        import pyarrow.dataset as ds
        from pyarrow.fs import LocalFileSystem

        return ds.ParquetFileFormat().make_fragment(str(self._path), LocalFileSystem())

    @cached_property
    def _starts(self) -> list[int]:
        counts = [group.num_rows for group in row_groups(self._file)]
        return [0, *np.cumsum(counts).tolist()]

    def _to_pandas(self, table: pa.Table, names: Iterable[str]) -> pd.DataFrame:
        threads = len(table) > _BATCH  # fewer rows are faster in one thread
        options = {"date_as_object": False, "ignore_metadata": True}
        data = table.select(list(names)).to_pandas(**options, use_threads=threads)
        data.index = pd.Index(table.column(_POSITION).to_numpy(), dtype="int64")
        return data


def as_batch_reader(reader: object) -> ParquetReader | None:
    """Return the reader if it can read some rows or columns without the rest, else None."""
    return reader if isinstance(reader, ParquetReader) else None


def _classify_type(arrow: pa.DataType) -> str:
    if pa.types.is_dictionary(arrow):
        arrow = arrow.value_type
    for kind, tests in {
        "text": (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
        "integer": (pa.types.is_integer,),
        "datetime": (pa.types.is_timestamp, pa.types.is_date),
        "list": (parquet_columns.is_list,),
    }.items():
        if any(test(arrow) for test in tests):
            return kind
    return "other"
