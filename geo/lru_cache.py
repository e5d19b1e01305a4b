"""A least-recently-used cache with a limit in bytes, for use by many threads."""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
Key = tuple[Hashable, ...]


class LruCache(Generic[T]):
    """Values by key; the least recently used are evicted first. Thread-safe.

    ``capacity`` is in bytes, ``most`` a number of values. The newest value is kept in any case.
    """

    def __init__(self, capacity: int, most: float = math.inf) -> None:
        self.capacity = capacity
        self._most = most
        self.size = 0
        """Bytes held now."""
        self._kept: OrderedDict[Key, tuple[T, int]] = OrderedDict()
        self._making: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()
        self._hits = self._misses = 0

    def cache_info(self) -> tuple[int, int, float, int]:
        """Return (hits, misses, maximum count, current count), as `functools.lru_cache` does."""
        with self._lock:
            return self._hits, self._misses, self._most, len(self._kept)

    def get(self, key: Key) -> T | None:
        """Return the value, or None, and mark it as recently used."""
        with self._lock:
            if key not in self._kept:
                self._misses += 1
                return None
            self._hits += 1
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def peek(self, key: Key) -> T | None:
        """Return the value, or None, without a change to hits, misses or order."""
        with self._lock:
            held = self._kept.get(key)
            return None if held is None else held[0]

    def put(self, key: Key, value: T, size: int) -> None:
        """Keep a value that takes ``size`` bytes."""
        with self._lock:
            self.size += size - self._kept.pop(key, (value, 0))[1]
            self._kept[key] = (value, size)
            while len(self._kept) > 1 and (
                self.size > self.capacity or len(self._kept) > self._most
            ):
                _, (_, gone) = self._kept.popitem(last=False)
                self.size -= gone

    def get_or_compute(self, key: Key, make: Callable[[], T], size: Callable[[T], int | None]) -> T:
        """Return the value; compute it once, however many threads ask at the same time.

        ``size`` returns the value's bytes, or None if it must not be kept.
        """
        value = self.get(key)
        if value is not None:
            return value
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            if (value := self.peek(key)) is not None:
                return value
            try:
                value = make()
                count = size(value)
                if count is not None:
                    self.put(key, value, count)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return value

    def evict(self, is_gone: Callable[[Key], bool]) -> None:
        """Remove every value whose key satisfies the condition."""
        with self._lock:
            for key in [key for key in self._kept if is_gone(key)]:
                self.size -= self._kept.pop(key)[1]
