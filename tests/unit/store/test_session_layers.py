"""Session layers: privacy, limits and rate."""

import os

import geopandas as gpd
import pytest
import shapely

from geo.app_context import context_for_key, session_layer_cache, session_layers
from geo.errors import LimitError, StoreError
from geo.server.rate_limit import RateLimiter
from geo.session_keys import new_key
from geo.store.session_layers import SessionLayers

FRAME = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(36, 35)], crs=4326)


def filled(folders: SessionLayers, key: str, *names: str) -> None:
    for name in names:
        folders.make(key).write(name, FRAME)


def test_session_folder_is_private_and_opens_by_its_key_only(tmp_path):
    folders, key = SessionLayers(tmp_path / "own"), new_key()
    filled(folders, key, "a")
    assert (tmp_path / "own").stat().st_mode & 0o077 == 0
    assert (tmp_path / "own" / key).stat().st_mode & 0o077 == 0
    assert folders.has(key)
    assert not folders.has(new_key())
    for name in ("..", ".", "", f"../{key}", f"{key}/", key[:-1], None):
        assert not folders.has(name)
        with pytest.raises(StoreError):
            folders.open(name)


def test_layer_over_the_count_limit_is_rejected_and_none_is_lost(tmp_path):
    folders, key = SessionLayers(tmp_path, most_layers=2), new_key()
    filled(folders, key, "a", "b")
    with pytest.raises(LimitError, match=r"\(2\).*Remove one"):
        folders.make(key)
    assert [info.name for info in folders.open(key).layers()] == ["a", "b"]
    assert folders.make(key, instead_of="b")
    folders.open(key).remove("a")
    assert folders.make(key)
    assert folders.make(new_key())


def test_size_limit_applies_to_each_session(tmp_path):
    key = new_key()
    filled(SessionLayers(tmp_path), key, "a")
    folders = SessionLayers(tmp_path, most_bytes=100)
    with pytest.raises(LimitError, match="MB"):
        folders.make(key)
    assert folders.make(new_key())
    assert folders.make(key, instead_of="a")


def test_size_limit_applies_to_all_sessions_together(tmp_path):
    filled(SessionLayers(tmp_path), new_key(), "a")
    with pytest.raises(LimitError, match="operator"):
        SessionLayers(tmp_path, most_bytes_in_all=100).make(new_key())


def test_folder_of_another_user_is_not_used(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "own").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="OWN_FOLDER"):
        SessionLayers(tmp_path / "own").make(new_key())
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(StoreError, match="OWN_FOLDER"):
        SessionLayers(tmp_path / "elsewhere").make(new_key())
    assert not list((tmp_path / "elsewhere").iterdir())


def test_limits_come_from_the_settings(tmp_path, fresh_context):
    fresh_context(OWN_FOLDER=str(tmp_path), OWN_LAYERS="1")
    key = new_key()
    filled(session_layers(), key, "a")
    with pytest.raises(LimitError):
        session_layers().make(key)


def test_rate_limiter_counts_per_key_and_minute():
    now = 0.0
    rate = RateLimiter(2, clock=lambda: now)
    assert [rate.acquire("a"), rate.acquire("a")] == [0, 0]
    now = 10.0
    assert rate.acquire("a") == 50
    assert rate.acquire("b") == 0
    now = 60.0
    assert rate.acquire("a") == 0
    assert rate.acquire("a") == 0
    assert rate.acquire("a") == 60
    now = 1_000.0
    rate.acquire("c")
    assert set(rate._times) == {"c"}


def test_row_cache_limit_applies_to_all_sessions_together(fresh_context, tmp_path):
    fresh_context(OWN_FOLDER=str(tmp_path / "own"), OWN_CACHE_MB="1")
    session_layer_cache.cache_clear()
    frame = gpd.GeoDataFrame(
        {"n": ["x" * 200] * 500}, geometry=[shapely.Point(36, 35)] * 500, crs=4326
    )
    keys = [new_key() for _ in range(12)]
    for key in keys:
        session_layers().make(key).write("a", frame)
    for key in keys:
        assert len(context_for_key(key).store.read("a")) == 500
    assert 500_000 < session_layer_cache(1).size <= 1_000_000
    session_layers().remove(keys[-1])
    assert session_layer_cache(1).size < 1_000_000
    session_layer_cache.cache_clear()


def test_text_is_kept_beside_the_layers_and_makes_no_session(tmp_path):
    folders, key = SessionLayers(tmp_path / "own"), new_key()
    assert folders.read_file(key, "briefing.json") == (0, None)
    stamp = folders.write_file(key, "briefing.json", "é عربي")
    assert folders.read_file(key, "briefing.json") == (stamp, "é عربي")
    assert folders.read_file(key, "briefing.json", unless=stamp) == (stamp, None)
    assert not folders.has(key)
    assert folders.read_file(new_key(), "briefing.json") == (0, None)
    assert (tmp_path / "own").stat().st_mode & 0o077 == 0


def test_text_is_removed_when_it_expired(tmp_path):
    folders, key, other = SessionLayers(tmp_path / "own", keep_days=7), new_key(), new_key()
    folders.write_file(key, "briefing.json", "old")
    (file,) = (tmp_path / "own" / "texts").iterdir()
    week = 8 * 86_400
    os.utime(file, (file.stat().st_atime - week, file.stat().st_mtime - week))
    folders.write_file(other, "briefing.json", "new")
    assert folders.read_file(key, "briefing.json") == (0, None)
    assert folders.read_file(other, "briefing.json")[1] == "new"


@pytest.mark.parametrize("key", ["", "x", "../../etc", "a" * 31])
def test_text_of_an_invalid_key_is_refused(tmp_path, key):
    with pytest.raises(StoreError):
        SessionLayers(tmp_path).write_file(key, "briefing.json", "x")


def test_text_that_is_too_long_is_refused(tmp_path):
    with pytest.raises(LimitError, match="Shorten it"):
        SessionLayers(tmp_path).write_file(new_key(), "briefing.json", "x" * 2_000_001)
