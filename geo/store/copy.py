"""Layers copied from one store into another: rows, and all that is said of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.store.bulk import batches
from geo.store.bulk.external_sort import Spool, temporary_folder
from geo.store.bulk.row_stream import PART, RowStream
from geo.store.core.api import LayerInfo, LayerStore
from geo.store.core.errors import not_found_error


class EditableStore(LayerStore, Protocol):
    """A store whose catalogue can be changed: a folder or a database."""

    def describe(
        self, name: str, *, title: str, label_column: str | None, colour: str = ""
    ) -> LayerInfo:
        """Change what the catalogue says of a layer."""


@dataclass(frozen=True)
class CopyResult:
    """One layer: what it is in the target, or why it is not there."""

    name: str
    info: LayerInfo | None = None
    why: str = ""


def copy_layers(
    source: LayerStore, target: EditableStore, names: Sequence[str] = (), *, part: int = PART
) -> Iterator[CopyResult]:
    """Copy layers one by one, in the source's order; one that cannot be copied stops no other.

    Each is replaced whole where the target has it. Version tokens apart, the target then says of
    it what the source says, and gives the same rows.

    Parameters
    ----------
    source, target
    names
        Only these; empty for all, those that the source cannot read included: they are told.
    part
        Most rows that are held at once of a layer that can be read in parts.

    Raises
    ------
    LayerNotFoundError
        When the source has none of a name; nothing is copied then.
    StoreError
        When the source does not answer.
    """
    faults = {fault.name: f"{fault.why} {fault.remedy}" for fault in source.faults()}
    there = [*(info.name for info in source.layers()), *faults]
    for name in names:
        if name not in there:
            raise not_found_error(name, there)
    for name in dict.fromkeys(there):
        if names and name not in names:
            continue
        try:
            yield CopyResult(name, _copy(source, target, name, part))
        except StoreError as error:
            yield CopyResult(name, why=faults.get(name, str(error)))


def _copy(source: LayerStore, target: EditableStore, name: str, part: int) -> LayerInfo:
    info = source.layer(name)
    with _rows(source, info, part) as rows:
        made = target.write(
            name,
            rows,
            title=info.title,
            id_column=info.id_column or "",
            time_columns=info.time_columns or (),
            label_column=info.label_column or "",
            attribution=info.attribution,
        )
    if made.colour == info.colour:
        return made
    return target.describe(
        name, title=info.title, label_column=info.label_column, colour=info.colour
    )


@contextmanager
def _rows(source: LayerStore, info: LayerInfo, part: int) -> Iterator[GeoDataFrame | RowStream]:
    """The rows of a layer, in parts where it has more than one of them.

    They are fetched once, into a file: a writer goes through them several times.
    """
    columns = batches.partwise(source, info.name) if info.rows > part else None
    if columns is None:
        yield source.read(info.name)
        return
    with temporary_folder() as folder:
        stream = batches.batches(source, info.name, columns, places=True)
        spool = Spool(folder / "rows", stream)
        batches.check_version(source, info)
        parts = RowStream(info.name, spool, info.id_column, info.time_columns, rows=part)
        yield source.read(info.name) if parts.whole else parts
