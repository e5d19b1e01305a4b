"""The setting TILE_SOURCES: what is accepted, and what is said of what is not."""

import json
import re

import pytest

from geo.errors import SettingsError
from geo.mapping.basemaps import find_tile_source, list_bases, list_tile_origins
from geo.server.headers import build_frame_policy
from geo.settings import settings
from geo.tile_sources import BUILT_IN, EXAMPLE, parse_tile_sources

GOOD = {
    "name": "ours",
    "title": "Our map",
    "url": "http://127.0.0.1:8099/{z}/{x}/{y}.png?style=a",
    "attribution": "Our survey",
    "max_zoom": 12,
}


def list_image_sources() -> set[str]:
    return set(re.search(r"img-src ([^;]+);", build_frame_policy())[1].split())


@pytest.fixture
def set_sources(monkeypatch):
    def change(text: str) -> None:
        monkeypatch.setenv("TILE_SOURCES", text)
        settings.cache_clear()
        build_frame_policy.cache_clear()

    yield change
    monkeypatch.delenv("TILE_SOURCES", raising=False)
    settings.cache_clear()
    build_frame_policy.cache_clear()


def test_source_of_the_setting_is_offered_and_its_host_alone_is_admitted(set_sources):
    before = list_image_sources()
    set_sources(json.dumps([GOOD]))
    assert [base.name for base in list_bases()] == [*BUILT_IN, "ours"]
    assert list_bases()[-1].title == "Our map (online)"
    assert find_tile_source("ours") == {
        "url": GOOD["url"],
        "title": "Our map",
        "host": "127.0.0.1",
        "attribution": "Our survey",
        "maxZoom": 12,
    }
    assert list_image_sources() - before == {"http://127.0.0.1:8099"}


def test_example_of_the_messages_and_an_empty_setting_are_accepted():
    [source] = parse_tile_sources(EXAMPLE)
    assert (source.title, source.max_zoom) == ("Our map", 18)
    assert parse_tile_sources(" ") == ()


def test_title_and_zoom_may_be_left_out():
    [source] = parse_tile_sources(
        json.dumps([{k: GOOD[k] for k in ("name", "url", "attribution")}])
    )
    assert (source.title, source.max_zoom) == ("ours", 19)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"url": "ftp://a.org/{z}/{x}/{y}"}, "https://"),
        ({"url": "javascript:{z}{x}{y}"}, "https://"),
        ({"url": "//a.org/{z}/{x}/{y}"}, "https://"),
        ({"url": "https://a.org/{z}/{x}"}, "{y}"),
        ({"url": "https://a.org/{z}/{x}/{y}/{y}"}, "{y}"),
        ({"url": "https://{s}.a.org/{z}/{x}/{y}"}, "one host"),
        ({"url": "https://a.org/{z}/{x}/{y}{r}.png"}, "other placeholder"),
        ({"url": "https://me:word@a.org/{z}/{x}/{y}"}, "without user"),
        ({"url": "https://a.org; script-src */{z}/{x}/{y}"}, "percent-encoded"),
        ({"url": "https://a.org:99999/{z}/{x}/{y}"}, "port"),
        ({"url": "https://[::1]/{z}/{x}/{y}"}, "one host"),
        ({"url": "https:///{z}/{x}/{y}"}, "one host"),
        ({"url": "https://карта.org/{z}/{x}/{y}"}, "percent-encoded"),
        ({"name": "osm"}, "taken"),
        ({"name": "offline"}, "taken"),
        ({"name": "Ours"}, "a-z"),
        ({"name": ""}, "name is ''"),
        ({"attribution": " "}, "attribution"),
        ({"attribution": 7}, "attribution"),
        ({"max_zoom": "12"}, "1 to 24"),
        ({"max_zoom": 99}, "1 to 24"),
        ({"max_zoom": True}, "1 to 24"),
        ({"colour": "red"}, "'colour'"),
    ],
)
def test_what_cannot_be_used_is_named_with_the_entry_and_a_remedy(change, named):
    with pytest.raises(ValueError, match="entry 1") as error:
        parse_tile_sources(json.dumps([GOOD | change]))
    assert named in str(error.value)


@pytest.mark.parametrize("text", ["ours=https://a.org/{z}/{x}/{y}", "{}", '"x"', "[7]", "null"])
def test_other_than_a_list_of_objects_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"tiles\.example\.org"):
        parse_tile_sources(text)


def test_name_that_occurs_twice_is_refused():
    with pytest.raises(ValueError, match="entry 2: the name 'ours' is taken"):
        parse_tile_sources(json.dumps([GOOD, GOOD]))


def test_settings_say_which_variable_is_wrong(set_sources):
    set_sources("[7]")
    with pytest.raises(SettingsError, match=r"tile_sources=.*entry 1 is 7"):
        settings()


def test_built_in_bases_need_no_key_and_their_hosts_are_admitted():
    assert [base.name for base in list_bases()] == list(BUILT_IN)
    for base in list_bases()[1:]:
        source = find_tile_source(base.name)
        assert source is not None, f"{base.name} asks for a key"
        assert source["host"] == base.host
        assert f"https://{base.host}" in list_tile_origins()
        assert f"https://{base.host}" in build_frame_policy()
