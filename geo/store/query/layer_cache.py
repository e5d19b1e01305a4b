"""What is held in memory up to a limit: decoded small layers, and what is made from rows."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from geo.store.query.row_filter import FilterableRows

T = TypeVar("T")


class LruCache(Generic[T]):
    """Things by what they are made of, the least recently used let go first. Safe for threads.

    Parameters
    ----------
    capacity
        Bytes in all; the newest is kept, however large it is.
    most
        How many at most.
    """

    def __init__(self, capacity: int, most: int | None = None) -> None:
        self.capacity = capacity
        self._most = most
        self._size = 0
        self._kept: OrderedDict[tuple, tuple[T, int]] = OrderedDict()
        self._making: dict[tuple, threading.Lock] = {}
        self._lock = threading.Lock()
        self._hits = self._misses = 0

    def cache_info(self) -> tuple[int, int, int | None, int]:
        """How often something was there, and was not; how many at most, and now; as lru_cache."""
        with self._lock:
            return self._hits, self._misses, self._most, len(self._kept)

    def get(self, key: tuple) -> T | None:
        """The thing, or None."""
        with self._lock:
            if key not in self._kept:
                self._misses += 1
                return None
            self._hits += 1
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: tuple, thing: T, size: int) -> None:
        """Keep a thing of so many bytes."""
        with self._lock:
            self._size += size - self._kept.pop(key, (thing, 0))[1]
            self._kept[key] = (thing, size)
            while len(self._kept) > 1 and self._over():
                _, (_, gone) = self._kept.popitem(last=False)
                self._size -= gone

    def get_or_compute(
        self, key: tuple, make: Callable[[], T], size: Callable[[T], int | None]
    ) -> T:
        """The thing; whoever asks first makes it, the others wait for it.

        ``size``: its bytes, or None for one that is not to be kept.
        """
        thing = self.get(key)
        if thing is not None:
            return thing
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    return self._kept[key][0]
            try:
                thing = make()
                count = size(thing)
                if count is not None:
                    self.put(key, thing, count)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return thing

    def evict(self, gone: Callable[[tuple], bool]) -> None:
        """Let go of the things whose keys are said to be gone."""
        with self._lock:
            for key in [key for key in self._kept if gone(key)]:
                self._size -= self._kept.pop(key)[1]

    def _over(self) -> bool:
        return self._size > self.capacity or (
            self._most is not None and len(self._kept) > self._most
        )


@dataclass
class _Room:
    """What all parts of a cache share."""

    capacity: int
    size: int = 0
    held: OrderedDict[tuple[str, str], tuple[str, FilterableRows]] = field(
        default_factory=OrderedDict
    )
    lock: threading.Lock = field(default_factory=threading.Lock)


_asked = {True: 0, False: 0}
_counting = threading.Lock()


def _count(held: bool) -> None:
    with _counting:
        _asked[held] += 1


def count_lookups() -> tuple[int, int]:
    """Return how often layers were held when any cache was asked for them, and how often not."""
    with _counting:
        return _asked[True], _asked[False]


class LayerCache:
    """Rows by (layer name, version), the least recently used let go first. Safe for threads.

    Of each layer one version is held: a new one takes the place of the old.

    Parameters
    ----------
    capacity
        Bytes in all; what takes more than a quarter of it is not held.
    """

    def __init__(self, capacity: int) -> None:
        self._room = _Room(capacity)
        self._owner = ""

    def for_owner(self, owner: str) -> "LayerCache":
        """A cache of one of several stores: layers of its own, in the room that all share."""
        one = copy(self)
        one._owner = owner
        return one

    @property
    def size(self) -> int:
        """Bytes held just now, by all parts together."""
        return self._room.size

    def get(self, name: str, version: str) -> FilterableRows | None:
        """The rows of this version, or None."""
        with self._room.lock:
            held = self._room.held.get((self._owner, name))
            found = held[1] if held is not None and held[0] == version else None
            if found is not None:
                self._room.held.move_to_end((self._owner, name))
        _count(found is not None)
        return found

    def get_any_version(self, name: str) -> FilterableRows | None:
        """The rows of whatever version is held: the last good copy."""
        with self._room.lock:
            held = self._room.held.get((self._owner, name))
            return held[1] if held else None

    def put(self, name: str, version: str, rows: FilterableRows) -> None:
        """Hold these rows in place of any other version of the layer."""
        size, room = rows.size, self._room
        with room.lock:
            old = room.held.pop((self._owner, name), None)
            room.size -= old[1].size if old else 0
            if size > room.capacity / 4:
                return
            room.held[self._owner, name] = (version, rows)
            room.size += size
            while room.size > room.capacity:
                _, (_, gone) = room.held.popitem(last=False)
                room.size -= gone.size

    def keep_only(self, names: set[str]) -> None:
        """Let go of layers of this part that are no longer there."""
        room = self._room
        with room.lock:
            for key in [key for key in room.held if key[0] == self._owner and key[1] not in names]:
                room.size -= room.held.pop(key)[1].size
