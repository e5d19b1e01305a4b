"""Byte and count limits of the layer cache and the LRU cache."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from geo.lru_cache import LruCache
from geo.store.query.layer_cache import LayerCache


class Rows:
    def __init__(self, size: int) -> None:
        self.size = size


def test_layer_cache_evicts_the_least_recently_used_layer():
    cache = LayerCache(100)
    for name in "abcd":
        cache.put(name, "1", Rows(25))
    cache.get("a", "1")
    cache.put("e", "1", Rows(25))
    assert [name for name in "abcde" if cache.get_any_version(name)] == ["a", "c", "d", "e"]


def test_layer_cache_skips_a_layer_that_is_too_large():
    cache = LayerCache(100)
    cache.put("a", "1", Rows(26))
    assert cache.get_any_version("a") is None


def test_layer_cache_replaces_the_old_version():
    cache = LayerCache(100)
    first, second = Rows(20), Rows(20)
    cache.put("a", "1", first)
    assert cache.get("a", "2") is None
    assert cache.get_any_version("a") is first
    cache.put("a", "2", second)
    assert cache.get("a", "1") is None
    assert cache.get_any_version("a") is second
    cache.keep_only(set())
    assert cache.get_any_version("a") is None


def test_owners_share_one_limit_but_no_layers():
    whole = LayerCache(100)
    one, other = whole.for_owner("one"), whole.for_owner("other")
    first, second = Rows(25), Rows(25)
    one.put("a", "1", first)
    other.put("a", "1", second)
    assert (one.get("a", "1"), other.get("a", "1")) == (first, second)
    for name in "bcd":
        other.put(name, "1", Rows(25))
    assert one.get_any_version("a") is None
    assert whole.size == 100
    other.keep_only({"b"})
    assert whole.size == 25


def test_lru_cache_evicts_by_bytes_and_by_count():
    kept = LruCache(100, most=3)
    for name in "abc":
        kept.put((name,), name, 30)
    kept.get(("a",))
    kept.put(("d",), "d", 40)
    assert [kept.get((name,)) for name in "abcd"] == ["a", None, "c", "d"]
    kept.put(("c",), "c", 0)
    kept.put(("e",), "e", 0)
    assert [kept.get((name,)) for name in "acde"] == [None, "c", "d", "e"]


def test_lru_cache_computes_a_value_once_for_parallel_callers():
    kept, made, all_there = LruCache(100), [], threading.Barrier(8)

    def ask(_: int) -> str:
        all_there.wait()
        return kept.get_or_compute(("a",), lambda: made.append(1) or "thing", len)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == ["thing"] * 8
    assert len(made) == 1


def test_lru_cache_computes_again_after_an_error():
    kept = LruCache(100)
    with pytest.raises(ZeroDivisionError):
        kept.get_or_compute(("a",), lambda: 1 / 0, lambda _: 1)
    assert kept.get_or_compute(("a",), lambda: 2, lambda _: 1) == 2


def test_lru_cache_holds_one_value_above_the_limit():
    kept = LruCache(100)
    kept.put(("a",), "a", 10)
    kept.put(("b",), "b", 101)
    assert (kept.get(("a",)), kept.get(("b",))) == (None, "b")
    kept.put(("c",), "c", 100)
    assert (kept.get(("b",)), kept.get(("c",))) == (None, "c")
