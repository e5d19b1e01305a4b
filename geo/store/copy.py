"""Copies layers from one store into another: rows, metadata and style."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.store.bulk.external_sort import Spool, temporary_folder
from geo.store.bulk.row_stream import CHUNK_ROWS, RowStream
from geo.store.core.api import LayerInfo, LayerSpec, LayerStore
from geo.store.core.errors import check_version, not_found_error

if TYPE_CHECKING:
    from geo.store.folder.store import FolderStore
    from geo.store.postgis.store import PostgisStore


@dataclass(frozen=True)
class CopyResult:
    """One layer: its info in the target, or why it was not copied."""

    name: str
    info: LayerInfo | None = None
    why: str = ""


def copy_layers(
    source: LayerStore,
    target: FolderStore | PostgisStore,
    names: Sequence[str] = (),
    *,
    chunk_rows: int = CHUNK_ROWS,
) -> Iterator[CopyResult]:
    """Copy layers one by one, in the source's order; a failure does not stop the others.

    A layer that the target has is replaced. Except for version tokens, the target then returns
    the same info and the same rows as the source. Without names all layers are copied, and those
    that the source cannot read are reported. At most ``chunk_rows`` are in memory at once, of a
    layer that can be read in batches. Raises LayerNotFoundError, and copies nothing, when the
    source has no layer of one of the names.
    """
    faults = {fault.name: f"{fault.why} {fault.remedy}" for fault in source.faults()}
    known = [*(info.name for info in source.layers()), *faults]
    for name in names:
        if name not in known:
            raise not_found_error(name, known)
    for name in dict.fromkeys(known):
        if names and name not in names:
            continue
        try:
            yield CopyResult(name, _copy_layer(source, target, name, chunk_rows))
        except StoreError as error:
            yield CopyResult(name, why=faults.get(name, str(error)))


def _copy_layer(
    source: LayerStore, target: FolderStore | PostgisStore, name: str, chunk_rows: int
) -> LayerInfo:
    info = source.layer(name)
    spec = LayerSpec(
        info.title,
        info.id_column or "",
        info.time_columns or (),
        info.label_column or "",
        info.attribution,
        info.time_zone,
    )
    with _open_rows(source, info, chunk_rows) as rows:
        copied = target.write(name, rows, spec)
    if copied.colour == info.colour:
        return copied
    return target.describe(
        name, title=info.title, label_column=info.label_column, colour=info.colour
    )


@contextmanager
def _open_rows(
    source: LayerStore, info: LayerInfo, chunk_rows: int
) -> Iterator[GeoDataFrame | RowStream]:
    """Open the rows of a layer, as chunks if there is more than one of them.

    The rows are fetched once, into a temporary file: a writer reads them several times.
    """
    columns = source.batch_columns(info.name) if info.rows > chunk_rows else None
    if columns is None:
        yield source.read(info.name)
        return
    with temporary_folder() as folder:
        batches = source.read_batches(info.name, columns, places=True)
        spool = Spool(folder / "rows", batches)
        check_version(source, info)
        roles = info.id_column, info.time_columns, info.time_zone
        stream = RowStream(info.name, spool, *roles, rows=chunk_rows)
        yield source.read(info.name) if stream.must_be_whole else stream
