"""Text in folium's templates: only constants and URLs, never data."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from streamlit_folium import _get_feature_group_string, _get_header, _get_map_string, get_full_id

from geo.mapping.basemaps import find_tile_source, list_bases
from geo.mapping.folium_map import (
    ASSET_PREFIX,
    build_base_map,
    build_feature_group,
    write_script_literal,
)
from geo.page_registry import list_pages
from geo.selection import CLAIMS, select
from geo.view import View
from tests.support.random_views import ANY_TEXT, any_views, builtin_views

MAP_PAGES = [spec for spec in list_pages() if spec.frame]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=12,
)
ALIVE = ("{{", "}}", "{%", "%}", "{#", "#}", "</", "<", ">", "&", "`", "${", "\u2028", "\u2029")


@given(VALUES)
@example({"a": {"b": {"c": {}}}, "d": [[{}]], "{%": "{{7*7}}", "{#": "${1}`</script>"})
def test_script_literal_is_inert_and_parses_back(value):
    text = write_script_literal(value)
    assert not [piece for piece in ALIVE if piece in text]
    assert text.isascii()
    assert json.loads(text) == value


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_script_literal_rejects_nan_and_infinity(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_script_literal({"at": [number]})


def rendered(spec) -> tuple[str, str]:
    """Return streamlit-folium's message for a page's base map, and the map's header."""
    made = build_base_map(spec.frame, spec.path)
    made.render()
    header = made.get_root().header.render()
    assert re.sub(r"<[^>]*>|\s", "", _get_header(made)) == ""
    return _get_map_string(made).replace(get_full_id(made), "map_div"), header


@pytest.mark.parametrize("spec", MAP_PAGES, ids=lambda spec: spec.path)
def test_base_map_is_deterministic(spec):
    assert rendered(spec)[0] == rendered(spec)[0]


def test_base_maps_of_two_pages_differ():
    assert len({rendered(spec)[0] for spec in MAP_PAGES}) == len(MAP_PAGES)


@pytest.mark.parametrize("spec", MAP_PAGES, ids=lambda spec: spec.path)
def test_base_map_loads_only_our_script_and_style(spec):
    made = build_base_map(spec.frame, spec.path)
    links = [link for _, link in (*made.default_js, *made.default_css)]
    assert links == [f"{ASSET_PREFIX}/map.js", f"{ASSET_PREFIX}/map.css"]
    script, header = rendered(spec)
    asked = re.findall(r"""(?:src|href)=["']([^"']*)["']""", header)
    assert set(asked) <= set(links)
    assert "//" not in script.replace(ASSET_PREFIX, "")


def sent(view: View, store) -> str:
    """Return streamlit-folium's WebSocket message for a view."""
    made = build_base_map(MAP_PAGES[0].frame, MAP_PAGES[0].path)
    made.render()
    group = build_feature_group(select(view, store), view, store.version())
    return _get_feature_group_string(group, made)


@settings(max_examples=25)
@given(view=builtin_views())
def test_map_message_is_small_and_contains_no_claim_text(builtin_store, view):
    text = sent(view, builtin_store)
    assert len(text.encode()) < 1_500 + 12 * len(view.q)
    assert select(view, builtin_store).token in text
    for says in builtin_store.read(CLAIMS)["says"]:
        assert says not in text


def test_map_message_of_the_default_view_is_under_1500_bytes(builtin_store):
    text = sent(View(sources="all", claim="nyt-01"), builtin_store)
    assert len(text.encode()) < 1_500


@settings(max_examples=25)
@given(view=any_views())
def test_map_message_is_one_call_with_a_parsable_literal(builtin_store, view):
    view = replace(view, as_of=None)  # no ledger here has an earlier state
    text = sent(view, builtin_store)
    (literal,) = re.findall(r"window\.briefingMap\.show\((.*)\);", text)
    value = json.loads(literal)
    assert value.get("chosen") == view.claim
    assert not [piece for piece in ALIVE if piece in literal]


@pytest.mark.parametrize("claim", ["{{7*7}}", "x/{% raw %}", "${alert(1)}", "</script>", "'\"\\"])
def test_map_message_contains_a_hostile_value_as_text(builtin_store, claim):
    text = sent(View(claim=claim), builtin_store)
    assert claim not in text.replace("window.briefingMap.show", "")
    assert "49" not in text.split('"chosen"')[1].split(",")[0]


def test_only_online_base_maps_have_tiles_and_attribution():
    assert find_tile_source("offline") is None
    assert find_tile_source("no such map") is None
    for base in list_bases()[1:]:
        source = find_tile_source(base.name)
        assert source["url"].startswith("https://")
        assert source["attribution"]
        assert 10 <= source["maxZoom"] <= 24


def test_map_message_has_tile_urls_only_for_a_selected_online_base(builtin_store):
    assert "https" not in sent(View(), builtin_store)
    assert "openstreetmap" in sent(View(base="osm"), builtin_store)
