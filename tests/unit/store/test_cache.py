"""What is held in memory has a limit."""

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


def test_parts_share_one_limit_and_hold_layers_of_their_own():
    whole = LayerCache(100)
    one, other = whole.part("one"), whole.part("other")
    first, second = Rows(25), Rows(25)
    one.put("a", "1", first)
    other.put("a", "1", second)
    assert (one.get("a", "1"), other.get("a", "1")) == (first, second)
    for name in "bcd":
        other.put(name, "1", Rows(25))
    assert one.last("a") is None
    assert whole.size == 100
    other.keep_only({"b"})
    assert whole.size == 25
