"""Decoded small layers, held in memory up to a limit: one of each store, and one of all together.

Each browser with layers of its own has a store of its own, so that a limit of each alone is none.
"""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from typing import NamedTuple
from weakref import WeakSet

from geo.store.mask import Prepared

IN_ALL = 512 * 2**20  # bytes, of all caches of this process

_lock = threading.Lock()
_caches: WeakSet[LayerCache] = WeakSet()
_clock = itertools.count()
_asked = {"hits": 0, "misses": 0}


class _Held(NamedTuple):
    version: str
    rows: Prepared
    used: int
    """When it was used last, by `_clock`."""


def told() -> tuple[int, int, int]:
    """Return how often layers were held when asked for, how often not, and how many are now."""
    with _lock:
        return _asked["hits"], _asked["misses"], sum(len(one._held) for one in _caches)


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
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._size = 0
        with _lock:
            _caches.add(self)

    def get(self, name: str, version: str) -> Prepared | None:
        """The rows of this version, or None."""
        with _lock:
            held = self._held.get(name)
            if held is None or held.version != version:
                _asked["misses"] += 1
                return None
            _asked["hits"] += 1
            self._held[name] = held._replace(used=next(_clock))
            self._held.move_to_end(name)
            return held.rows

    def last(self, name: str) -> Prepared | None:
        """The rows of whatever version is held: the last good copy."""
        with _lock:
            held = self._held.get(name)
            return held.rows if held else None

    def put(self, name: str, version: str, rows: Prepared) -> None:
        """Hold these rows in place of any other version of the layer."""
        size = rows.size
        with _lock:
            self._let_go(name)
            if size > self._capacity / 4:
                return
            self._held[name] = _Held(version, rows, next(_clock))
            self._size += size
            while self._size > self._capacity:
                self._let_go(next(iter(self._held)))
            while sum(one._size for one in _caches) > IN_ALL:
                stale = min((one for one in _caches if one._held), key=LayerCache._stale_since)
                stale._let_go(next(iter(stale._held)))

    def keep_only(self, names: set[str]) -> None:
        """Let go of layers that are no longer there."""
        with _lock:
            for name in [name for name in self._held if name not in names]:
                self._let_go(name)

    def _stale_since(self) -> int:
        return next(iter(self._held.values())).used

    def _let_go(self, name: str) -> None:
        held = self._held.pop(name, None)
        self._size -= held.rows.size if held else 0
