"""What is held in memory has a limit."""

from weakref import WeakSet

from geo.store import cache as caching
from geo.store.cache import LayerCache


class Rows:
    def __init__(self, size: int) -> None:
        self.size = size


def test_put_over_capacity_lets_the_least_recently_used_go():
    cache = LayerCache(100)
    for name in "abcd":
        cache.put(name, "1", Rows(25))
    cache.get("a", "1")
    cache.put("e", "1", Rows(25))
    assert [name for name in "abcde" if cache.last(name)] == ["a", "c", "d", "e"]


def test_put_too_large_is_not_held():
    cache = LayerCache(100)
    cache.put("a", "1", Rows(26))
    assert cache.last("a") is None


def test_put_new_version_takes_the_place_of_the_old():
    cache = LayerCache(100)
    first, second = Rows(20), Rows(20)
    cache.put("a", "1", first)
    assert cache.get("a", "2") is None
    assert cache.last("a") is first
    cache.put("a", "2", second)
    assert cache.get("a", "1") is None
    assert cache.last("a") is second
    cache.keep_only(set())
    assert cache.last("a") is None


def test_put_over_the_limit_of_all_lets_the_least_recently_used_of_any_cache_go(monkeypatch):
    monkeypatch.setattr(caching, "_caches", WeakSet())  # those of other tests stay as they are
    monkeypatch.setattr(caching, "IN_ALL", 100)
    caches = [LayerCache(1_000) for _ in range(4)]
    for cache in caches:
        cache.put("a", "1", Rows(25))
    caches[0].get("a", "1")
    caches[2].put("b", "1", Rows(50))
    assert [bool(cache.last("a")) for cache in caches] == [True, False, False, True]
    assert caches[2].last("b")
