"""Decoded rows of small layers, held in memory up to a limit."""

import threading
from copy import copy

from geo.lru_cache import LruCache
from geo.store.query.row_filter import FilterableRows

_lookups = {True: 0, False: 0}
_counting = threading.Lock()


def count_lookups() -> tuple[int, int]:
    """Return hits and misses of all layer caches of this process."""
    with _counting:
        return _lookups[True], _lookups[False]


class LayerCache:
    """Rows by (layer name, version); the least recently used are evicted first. Thread-safe.

    One version of each layer is held: a new one replaces the old. ``capacity`` is in bytes; a
    layer that takes more than a quarter of it is not held.
    """

    def __init__(self, capacity: int) -> None:
        self._held: LruCache[tuple[str, FilterableRows]] = LruCache(capacity)
        self._owner = ""

    def for_owner(self, owner: str) -> "LayerCache":
        """Return a cache for the layers of another store that shares this limit in bytes."""
        one = copy(self)
        one._owner = owner
        return one

    @property
    def size(self) -> int:
        """Bytes held now, for all owners together."""
        return self._held.size

    def get(self, name: str, version: str) -> FilterableRows | None:
        """Return the rows of this version, or None."""
        held = self._held.peek((self._owner, name))
        found = held is not None and held[0] == version
        with _counting:
            _lookups[found] += 1
        if held is None or not found:
            return None
        self._held.get((self._owner, name))
        return held[1]

    def get_any_version(self, name: str) -> FilterableRows | None:
        """Return the rows of whatever version is held: the last good copy."""
        held = self._held.peek((self._owner, name))
        return None if held is None else held[1]

    def put(self, name: str, version: str, rows: FilterableRows) -> None:
        """Hold these rows in place of any other version of the layer."""
        key = (self._owner, name)
        if rows.size > self._held.capacity / 4:
            self._held.evict(lambda held: held == key)
        else:
            self._held.put(key, (version, rows), rows.size)

    def keep_only(self, names: set[str]) -> None:
        """Evict this owner's layers that are not among these names."""
        self._held.evict(lambda key: key[0] == self._owner and key[1] not in names)
