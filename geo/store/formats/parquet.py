"""GeoParquet: filters go down to row groups, then to rows, before a geometry is decoded."""

import io
import json
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from geopandas.array import GeometryArray

from geo.store.bulk.batches import Batch
from geo.store.core.api import Box, LayerInfo, Query
from geo.store.core.errors import FileFaultError
from geo.store.core.normalise import WGS84, combine_kinds, is_wgs84, parse_crs, parse_kind, to_wgs84
from geo.store.formats.parquet_memory import estimate_decoded_bytes, row_groups
from geo.store.query.arrow_filter import build_predicate, list_filter_columns
from geo.store.query.layer_cache import LruCache

_POSITION = "\x00position"
SIDES = ("xmin", "ymin", "xmax", "ymax")
_BATCH = 2**16  # rows


class ParquetReader:
    """A Parquet file as one table; without GeoParquet's metadata, one without places.

    What goes down: the date window, ids and ``where`` on columns of text, whole numbers and
    dates; the box, where the file has a covering bbox column and is in EPSG:4326. Lists, and
    boxes in other systems, are filtered after.

    Parameters
    ----------
    path
        The file; stays open while the reader lives, so a file renamed over it does no harm.
    max_bytes
        Refuse a file that is larger than this when decoded; None: it has been looked at before.
    groups
        Where row groups stay decoded that `take` has read; None: they don't.

    Raises
    ------
    FileFaultError
        When the file is too large or has two columns of one name.
    """

    table: str | None = None

    def __init__(
        self, path: Path, max_bytes: int | None, groups: LruCache[Any] | None = None
    ) -> None:
        import pyarrow.parquet as pq

        self._path = path
        self._groups_kept = groups
        self.token = object()  # the first part of the keys of what is kept
        self._file = pq.ParquetFile(path)
        self._turn = threading.Lock()  # a ParquetFile is read by one thread at a time
        self._schema = self._file.schema_arrow
        self._geo = _geo(self._schema.metadata)
        self._place: str | None = self._geo.get("primary_column")
        about = self._geo.get("columns", {}).get(self._place, {})
        self._encoding = str(about.get("encoding", "WKB"))
        self._crs = parse_crs(about["crs"]) if about.get("crs") else None
        if self._place is not None and "crs" not in about:
            self._crs = parse_crs("OGC:CRS84")  # what GeoParquet says absence means
        if is_wgs84(self._crs):
            self._crs = parse_crs(WGS84)
        self._about = about
        self._places = [self._place] if self._place else []
        self._covering = _covering(about)
        names = list(self._schema.names)
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            why = f"It has two columns named {twice[0]!r}."
            raise FileFaultError(why, "Give each column its own name.")
        hidden = {"geometry", self._covering, *self._geo.get("columns", {})}
        self.columns = {
            name: _kind(self._schema.field(name).type)
            for name in names
            if name not in hidden and not name.startswith("__index_level_")
        }
        self.rows = self._file.metadata.num_rows
        self.size = 0
        if max_bytes is not None:
            self.size = estimate_decoded_bytes(self._file, path, max_bytes)

    def frame(self, query: Query | None = None, info: LayerInfo | None = None) -> GeoDataFrame:
        """Rows in the file's CRS, at least those of the query."""
        if self._place is not None and self._encoding != "WKB":
            return self._frame_of_geopandas()
        keep, used = None, []
        if query is not None and info is not None:
            kinds = {name: self._schema.field(name).type for name in self.columns}
            covering = self._covering if is_wgs84(self._crs) else None
            keep = build_predicate(query, info, kinds, covering)
            used = [name for name in list_filter_columns(query, info) if name in kinds]
        table = self._table(keep, [*self.columns, *self._places], used)
        return self._framed(table)

    def _framed(self, table: Any) -> GeoDataFrame:
        data = self._to_pandas(table, self.columns)
        places = np.full(len(data), None, dtype=object)
        if self._place is not None:
            places = _decode(table.column(self._place))
        data["geometry"] = GeometryArray(places, crs=self._crs)
        return GeoDataFrame(data, geometry="geometry")  # by name: a third of the time

    @property
    def partwise(self) -> bool:
        """Whether parts of the file can be read: not where its geometry is not WKB."""
        return self._place is None or self._encoding == "WKB"

    def take(self, positions: np.ndarray) -> GeoDataFrame:
        """Rows at these positions, ascending; only the row groups that hold them are read."""
        edges = np.searchsorted(positions, self._starts)
        parts = []
        for group in np.flatnonzero(np.diff(edges)):
            rows = positions[edges[group] : edges[group + 1]] - self._starts[group]
            parts.append(self._whole_group(int(group)).take(rows))
        return self._framed(self._joined(parts, [*self.columns, *self._places]))

    def batches(self, names: Sequence[str], *, places: bool) -> Iterator[Batch]:
        """These columns of all rows and, on request, their places, some rows at a time."""
        import pyarrow as pa

        wanted = [*names, *(self._places if places else [])]
        for batch in self._file.iter_batches(_BATCH, columns=wanted):
            shapes = pa.nulls(len(batch), pa.large_binary()) if places else None
            if places and self._place is not None:
                shapes = batch.column(self._place)
                shapes = getattr(shapes, "storage", shapes)
                if not is_wgs84(self._crs):
                    known = GeoSeries(_decode(pa.chunked_array([shapes])), crs=self._crs)
                    shapes = pa.array(shapely.to_wkb(to_wgs84(known).to_numpy()))
            yield Batch(pa.Table.from_batches([batch]).select(list(names)), shapes)

    def attributes(self, names: Sequence[str]) -> pd.DataFrame:
        """These columns of all rows."""
        return self._to_pandas(self._table(None, names, []), names)

    def facts(self) -> tuple[str, Box | None] | None:
        """Kind and extent from the metadata, where it has both and is in EPSG:4326."""
        if self._place is None:
            return "none", None
        kinds, box = self._about.get("geometry_types"), self._about.get("bbox")
        if not kinds or not box or not is_wgs84(self._crs):
            return None
        xmin, ymin, xmax, ymax = (float(s) for s in (*box[:2], *box[len(box) // 2 :][:2]))
        good = np.isfinite([xmin, ymin, xmax, ymax]).all() and xmin <= xmax
        return (combine_kinds(map(parse_kind, kinds)), (xmin, ymin, xmax, ymax)) if good else None

    def _table(self, keep: Any, names: Sequence[str], used: Sequence[str]) -> Any:
        """The rows that ``keep`` (an Arrow expression) keeps, with their positions.

        Of a row group what ``keep`` looks at (``used``) is read first, and the rest only if some
        row is kept.
        """
        if keep is None:
            return self._joined([self._group(group, names) for group in self._groups(None)], names)
        first = [*used, *([self._covering] if self._covering else [])]
        rest = [name for name in names if name not in used]
        parts = []
        for group in self._groups(keep):
            part = self._group(group, first).filter(keep)
            if part.num_rows:
                rows = part.column(_POSITION).to_numpy() - self._starts[group]
                more = self._read(group, rest).take(rows)
                for name in rest:
                    part = part.append_column(name, more.column(name))
                parts.append(part.select([*names, _POSITION]))
        return self._joined(parts, names)

    def _group(self, number: int, names: Sequence[str]) -> Any:
        """Columns of a row group, with the positions of its rows."""
        import pyarrow as pa

        part = self._read(number, names)
        first = self._starts[number]
        return part.append_column(_POSITION, pa.array(np.arange(first, first + part.num_rows)))

    def _whole_group(self, number: int) -> Any:
        """A row group with its positions, kept decoded if there is room for it."""
        kept = self._groups_kept
        make = partial(self._group, number, [*self.columns, *self._places])
        if kept is None:
            return make()
        most = kept.capacity / 4
        return kept.get_or_compute(
            (self.token, number), make, lambda part: part.nbytes if part.nbytes <= most else None
        )

    def _read(self, group: int, names: Sequence[str]) -> Any:
        with self._turn:
            return self._file.read_row_group(group, columns=list(names))

    def _joined(self, parts: Sequence[Any], names: Sequence[str]) -> Any:
        import pyarrow as pa

        if parts:
            return pa.concat_tables(parts)
        with self._turn:
            none = self._file.read_row_groups([], columns=list(names))
        return none.append_column(_POSITION, pa.array([], pa.int64()))

    def _groups(self, keep: Any) -> list[int]:
        """Row groups that can hold a row of ``keep``, by the statistics of their columns."""
        if keep is None or self._file.num_row_groups == 1:
            return list(range(self._file.num_row_groups))
        part = self._fragment.subset(filter=keep, schema=self._fragment.physical_schema)
        return [group.id for group in part.row_groups]

    @cached_property
    def _fragment(self) -> Any:
        import pyarrow.dataset as ds
        from pyarrow.fs import LocalFileSystem

        return ds.ParquetFileFormat().make_fragment(str(self._path), LocalFileSystem())

    @cached_property
    def _starts(self) -> list[int]:
        counts = [group.num_rows for group in row_groups(self._file)]
        return [0, *np.cumsum(counts).tolist()]

    def _to_pandas(self, table: Any, names: Sequence[str] | dict[str, str]) -> pd.DataFrame:
        few = len(table) <= _BATCH  # less work than to wait for other threads
        data = table.select(list(names)).to_pandas(
            date_as_object=False, ignore_metadata=True, use_threads=not few
        )
        data.index = pd.Index(table.column(_POSITION).to_numpy(), dtype="int64")
        return data

    def _frame_of_geopandas(self) -> GeoDataFrame:
        """All rows of a file whose geometry is not WKB; nothing goes down."""
        frame = geopandas.read_parquet(
            io.BytesIO(self._path.read_bytes()), to_pandas_kwargs={"date_as_object": False}
        ).reset_index(drop=True)
        places = GeoSeries(frame.geometry.to_numpy(), index=frame.index, crs=self._crs)
        return GeoDataFrame(pd.DataFrame(frame)[list(self.columns)], geometry=places)


def _geo(metadata: dict[bytes, bytes] | None) -> dict[str, Any]:
    found = json.loads((metadata or {}).get(b"geo", b"{}"))
    return found if isinstance(found, dict) else {}


def _covering(about: dict[str, Any]) -> str | None:
    """The struct column that holds each row's box, if there is one of the usual form."""
    box = about.get("covering", {}).get("bbox", {})
    names = {box[side][0] for side in SIDES if box.get(side, [None])[1:] == [side]}
    return names.pop() if len(names) == 1 and len(box) == len(SIDES) else None


def _decode(column: Any) -> np.ndarray:
    """Geometries of a WKB column; None where one cannot be read."""
    blobs = column.combine_chunks()
    blobs = getattr(blobs, "storage", blobs)  # under an extension type, when one is registered
    with np.errstate(invalid="ignore"):  # a coordinate that is NaN
        return shapely.from_wkb(blobs.to_numpy(zero_copy_only=False), on_invalid="ignore")


def _kind(arrow: Any) -> str:
    import pyarrow as pa

    if pa.types.is_dictionary(arrow):
        arrow = arrow.value_type
    for kind, tests in {
        "text": (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
        "integer": (pa.types.is_integer,),
        "datetime": (pa.types.is_timestamp, pa.types.is_date),
        "list": (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list),
    }.items():
        if any(test(arrow) for test in tests):
            return kind
    return "other"
