"""Decoded small layers, held in memory up to a limit."""

from __future__ import annotations

import threading
from collections import OrderedDict
from weakref import WeakSet

from geo.store.mask import Prepared

_asked = {"hits": 0, "misses": 0}
_all: WeakSet[LayerCache] = WeakSet()
_telling = threading.Lock()


def told() -> tuple[int, int, int]:
    """Return how often layers were held when asked for, how often not, and how many are now."""
    with _telling:
        return _asked["hits"], _asked["misses"], sum(len(one) for one in _all)


class LayerCache:
    """Rows by (layer name, version), the least recently used let go first. Safe for threads.

    Of each layer one version is held: a new one takes the place of the old.

    Parameters
    ----------
    capacity
        Bytes in all; what takes more than a quarter of it is not held.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: OrderedDict[str, tuple[str, Prepared]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        with _telling:
            _all.add(self)

    def __len__(self) -> int:
        """Layers held."""
        return len(self._held)

    def get(self, name: str, version: str) -> Prepared | None:
        """The rows of this version, or None."""
        with self._lock:
            held = self._held.get(name)
            found = held[1] if held is not None and held[0] == version else None
            if found is not None:
                self._held.move_to_end(name)
        with _telling:
            _asked["misses" if found is None else "hits"] += 1
        return found

    def last(self, name: str) -> Prepared | None:
        """The rows of whatever version is held: the last good copy."""
        with self._lock:
            held = self._held.get(name)
            return held[1] if held else None

    def put(self, name: str, version: str, rows: Prepared) -> None:
        """Hold these rows in place of any other version of the layer."""
        size = rows.size
        with self._lock:
            old = self._held.pop(name, None)
            self._size -= old[1].size if old else 0
            if size > self._capacity / 4:
                return
            self._held[name] = (version, rows)
            self._size += size
            while self._size > self._capacity:
                _, (_, gone) = self._held.popitem(last=False)
                self._size -= gone.size

    def keep_only(self, names: set[str]) -> None:
        """Let go of layers that are no longer there."""
        with self._lock:
            for name in [name for name in self._held if name not in names]:
                self._size -= self._held.pop(name)[1].size
