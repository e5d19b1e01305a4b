"""Two stores as one: an operator's layers over the built-in ones."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.store.core import api


class OverlayStore(api.LayerStore):
    """Reads a layer from ``top`` if it is there, else from ``base``; writes to ``top``.

    A layer that ``top`` has but cannot read is a fault: the layer of the same name in ``base``
    does not silently replace it. Order: as in ``base``, then what only ``top`` has.
    """

    def __init__(self, top: api.LayerStore, base: api.LayerStore) -> None:
        self._top = top
        self._base = base

    @property
    def base(self) -> api.LayerStore:
        """The store below."""
        return self._base

    def with_base(self, base: api.LayerStore) -> "OverlayStore":
        """Return the same layers over another store."""
        return type(self)(self._top, base)

    def layers(self) -> tuple[api.LayerInfo, ...]:
        """Every layer that can be read."""
        top = {info.name: info for info in self._top.layers()}
        hidden = {fault.name for fault in self._top.faults()} - top.keys()
        base = {info.name: info for info in self._base.layers() if info.name not in hidden}
        return tuple({**base, **top}.values())

    def layer(self, name: str) -> api.LayerInfo:
        """One layer."""
        return self._choose(name).layer(name)

    def faults(self) -> tuple[api.LayerFault, ...]:
        """The faults of both stores."""
        return (*self._top.faults(), *self._base.faults())

    def read(self, name: str, query: api.Query = api.EVERYTHING) -> GeoDataFrame:
        """Read rows of a layer (see `LayerStore.read`)."""
        return self._choose(name).read(name, query)

    def find_owner(self, name: str) -> api.LayerStore:
        """Return the store that holds the layer itself."""
        return self._choose(name).find_owner(name)

    def batch_columns(self, name: str) -> tuple[str, ...] | None:
        """Return a layer's columns in order; None if it can only be read whole."""
        return self._choose(name).batch_columns(name)

    def read_batches(
        self, name: str, columns: Sequence[str], *, places: bool = False
    ) -> Iterator[api.Batch]:
        """Yield these columns of all rows of a layer, in file order, each row once."""
        return self._choose(name).read_batches(name, columns, places=places)

    def read_positions(self, name: str, positions: np.ndarray) -> GeoDataFrame:
        """Read the rows at these positions (see `LayerStore.read_positions`)."""
        return self._choose(name).read_positions(name, positions)

    def write(
        self,
        name: str,
        rows: GeoDataFrame,
        spec: api.LayerSpec = api.DETECT_ALL,
        *,
        new: bool = False,
    ) -> api.LayerInfo:
        """Create or replace a layer in ``top``; it hides one of the same name in ``base``."""
        return self._top.write(name, rows, spec, new=new)

    def remove(self, name: str) -> None:
        """Delete a layer of ``top``; one of the same name in ``base`` is visible again.

        Raises StoreError when only ``base`` has it.
        """
        if self._choose(name) is self._base and name in _list_names(self._base):
            msg = f"Layer {name!r} comes with the app and cannot be removed."
            raise StoreError(f"{msg} Hide it by a layer of the same name in your own folder.")
        self._top.remove(name)

    def version(self) -> str:
        """A short token over both stores; what follows the first "-" is that of ``base``.

        There the built-in layers name the state of the evidence, which so stays in sight.
        """
        both = f"{self._top.version()} {self._base.version()}"
        _, dash, state = self._base.version().partition("-")
        return hashlib.blake2b(both.encode(), digest_size=8).hexdigest() + dash + state

    def _choose(self, name: str) -> api.LayerStore:
        return self._top if name in _list_names(self._top) else self._base


class SessionStore(OverlayStore):
    """The layers of one browser session over those that every reader sees."""

    def shared_version(self) -> str:
        """A short token over the layers that every reader sees."""
        return self._base.shared_version()


def _list_names(store: api.LayerStore) -> set[str]:
    """Return the names of a store's layers, including those it cannot read."""
    return {one.name for one in store.layers()} | {one.name for one in store.faults()}
