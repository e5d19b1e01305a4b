"""Two stores as one: an operator's own layers over those that come with the app."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.store.bulk import batches
from geo.store.bulk.batches import Batch
from geo.store.bulk.row_stream import RowStream
from geo.store.core.api import LayerFault, LayerInfo, LayerStore, Query

_EVERYTHING = Query()


class OverlayStore:
    """Reads a layer from ``top`` if it has it, else from ``base``; writes go to ``top``.

    A layer that ``top`` has but cannot read is a fault: the one of the same name in ``base`` does
    not stand in for it unseen. Order: as in ``base``, then what only ``top`` has.
    """

    def __init__(self, top: LayerStore, base: LayerStore) -> None:
        self._top = top
        self._base = base

    def layers(self) -> tuple[LayerInfo, ...]:
        """Every layer that can be read."""
        top = {info.name: info for info in self._top.layers()}
        hidden = {fault.name for fault in self._top.faults()} - top.keys()
        base = {info.name: info for info in self._base.layers() if info.name not in hidden}
        return tuple({**base, **top}.values())

    def layer(self, name: str) -> LayerInfo:
        """One layer.

        Raises
        ------
        LayerNotFoundError, LayerUnreadableError
        """
        for info in self.layers():
            if info.name == name:
                return info
        return self._owner(name).layer(name)

    def faults(self) -> tuple[LayerFault, ...]:
        """Those of both."""
        return (*self._top.faults(), *self._base.faults())

    def read(self, name: str, query: Query = _EVERYTHING) -> GeoDataFrame:
        """Rows of a layer (see :meth:`geo.store.core.api.LayerStore.read`).

        Raises
        ------
        LayerNotFoundError, LayerUnreadableError
        StoreError
            When ``query.where`` names a column that the layer does not have.
        """
        return self._owner(name).read(name, query)

    def owner(self, name: str) -> LayerStore:
        """Return the store that holds the layer itself (see `batches.owner`)."""
        return batches.owner(self._owner(name), name)

    def partwise(self, name: str) -> tuple[str, ...] | None:
        """Return a layer's columns if it can be read in parts (`batches.partwise`)."""
        return batches.partwise(self._owner(name), name)

    def batches(self, name: str, columns: Sequence[str], *, places: bool) -> Iterator[Batch]:
        """Columns of all rows, some rows at a time (see :func:`geo.store.bulk.batches.batches`)."""
        return batches.batches(self._owner(name), name, columns, places=places)

    def take(self, name: str, positions: np.ndarray) -> GeoDataFrame:
        """Rows at these positions (see :func:`geo.store.bulk.batches.take`)."""
        return batches.take(self._owner(name), name, positions)

    def write(
        self,
        name: str,
        frame: GeoDataFrame | RowStream,
        *,
        title: str | None = None,
        id_column: str | None = None,
        time_columns: tuple[str, str] | tuple[()] | None = None,
        label_column: str | None = None,
        attribution: str = "",
        new: bool = False,
    ) -> LayerInfo:
        """Make or replace a layer in ``top``; one of that name in ``base`` is hidden by it.

        Raises
        ------
        StoreError
            As in :meth:`geo.store.folder.store.FolderStore.write`.
        """
        return self._top.write(
            name,
            frame,
            title=title,
            id_column=id_column,
            time_columns=time_columns,
            label_column=label_column,
            attribution=attribution,
            new=new,
        )

    def remove(self, name: str) -> None:
        """Take a layer out of ``top``; one of that name in ``base`` shows again.

        Raises
        ------
        LayerNotFoundError
        StoreError
            When only ``base`` has it.
        """
        if self._owner(name) is self._base and name in _names(self._base):
            msg = (
                f"Layer {name!r} comes with the app and cannot be removed. Hide it by a layer of "
                "the same name in your own folder."
            )
            raise StoreError(msg)
        self._top.remove(name)

    def version(self) -> str:
        """A short token over both stores."""
        both = f"{self._top.version()} {self._base.version()}"
        return hashlib.blake2b(both.encode(), digest_size=8).hexdigest()

    def _owner(self, name: str) -> LayerStore:
        return self._top if name in _names(self._top) else self._base


def _names(store: LayerStore) -> set[str]:
    """Names of the layers of a store, of those too that it cannot read."""
    return {one.name for one in store.layers()} | {one.name for one in store.faults()}
