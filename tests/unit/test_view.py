"""Links and views convert losslessly, and no link raises an error."""

import datetime as dt
import string
from dataclasses import replace
from urllib.parse import parse_qs, quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.camera import Camera
from geo.errors import ViewError
from geo.evidence.vocabularies import builtin_vocabularies, list_rating_words
from geo.playback import Playback
from geo.view import (
    FILTER_PARAMETERS,
    PARAMETERS,
    LinkVocabulary,
    View,
    from_query,
    to_query,
)
from tests.support.random_views import ANY_TEXT, any_views

KNOWN = LinkVocabulary(
    places=frozenset({"tartus"}),
    systems=frozenset({"S-400"}),
    origins=frozenset({"maxar-2024-12-13"}),
    evidence=frozenset({"photo"}),
    claims=frozenset({"nyt-01", "tartus"}),
    layers=frozenset({"roads"}),
    bases=frozenset({"offline", "osm"}),
    version="v1",
    **list_rating_words({one.id: one for one in builtin_vocabularies()}),
)
NAMES = [parameter.name for parameter in PARAMETERS]
FULL = View(
    page="tartus",
    date_from=dt.date(2024, 12, 8),
    date_to=dt.date(2024, 12, 13),
    undated=True,
    axis="reported",
    as_of="2024-12-20",
    places=("tartus",),
    systems=("S-400",),
    evidence=("photo",),
    origins=("maxar-2024-12-13",),
    stances=("leaving",),
    certainty="likely",
    reliability=("B", "none"),
    credibility=("2",),
    likelihood=("very-likely",),
    confidence=("high", "none"),
    sources="all",
    layers=("roads",),
    dated_only=("roads",),
    q="radar",
    claim="nyt-01",
    at=Camera(34.9, 35.9, 11),
    screen=(1106, 770),
    base="osm",
    names="both",
    play=Playback(7, 0.5, True),
    compare=dt.date(2024, 12, 10),
    compare_to=dt.date(2024, 12, 11),
    compare_as_of="0123456789ab",
    scene="s",
    v="v1",
    clean="4:3",
)


@given(any_views())
def test_view_round_trips_through_its_link(view):
    assert from_query(to_query(view), page=view.page) == (view, ())


@given(any_views())
def test_explicit_link_parses_to_the_same_view(view):
    query = to_query(view, explicit=True)
    assert from_query("?" + query, page=view.page) == (view, ())
    assert {"sources", "undated", "base"} <= parse_qs(query).keys()


@given(any_views())
def test_link_is_printable_ascii(view):
    assert set(to_query(view)) <= set(string.ascii_letters + string.digits + "&=%+-._~")


def test_link_of_the_default_view_is_empty():
    assert to_query(View()) == ""
    assert from_query("") == (View(), ())


def test_partial_link_contains_only_its_parameters():
    only = parse_qs(to_query(FULL, only=FILTER_PARAMETERS))
    assert only.keys() == FILTER_PARAMETERS
    assert not {"claim", "at", "base", "compare", "scene", "v", "clean"} & only.keys()


def test_every_view_field_except_page_has_a_parameter():
    fields = {parameter.field for parameter in PARAMETERS}
    assert fields == set(View.__dataclass_fields__) - {"page"}
    assert parse_qs(to_query(FULL)).keys() == set(NAMES)


@given(ANY_TEXT)
def test_view_texts_contain_no_control_or_surrogate_characters(text):
    view = View(q=text, places=(text,), claim=text, base=text)
    for cleaned in (view.q, *view.places, view.claim or "", view.base):
        cleaned.encode()
        assert not set(cleaned) & {chr(number) for number in [*range(32), 127]}
        assert len(cleaned) <= 200


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_invalid_link_gives_a_view_and_never_raises(query):
    view, notices = from_query(query, vocabulary=KNOWN)
    assert isinstance(view, View)
    assert all(isinstance(notice, str) and notice for notice in notices)


@given(st.lists(st.tuples(st.sampled_from(NAMES), ANY_TEXT), max_size=12), st.booleans())
def test_invalid_values_give_a_view_that_round_trips(pairs, raw):
    parts = (f"{n}={v if raw else quote(v, errors='replace')}" for n, v in pairs)
    view, _ = from_query("&".join(parts), vocabulary=KNOWN)
    assert from_query(to_query(view), vocabulary=replace(KNOWN, version=view.v or "")) == (view, ())


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("from=yesterday", "yesterday"),
        ("to=2024-13-40", "2024-13-40"),
        ("compare=12.12.2024", "12.12.2024"),
        ("undated=yes", "yes"),
        ("stance=running", "running"),
        ("certainty=sure", "sure"),
        ("sources=mine", "mine"),
        ("at=1,2", "1,2"),
        ("at=nan,35,9", "nan,35,9"),
        ("at=91,35,9", "91,35,9"),
        ("at=35,36,1e999", "35,36,1e999"),
        ("screen=10x700", "10x700"),
        ("screen=1e9x1e9", "1e9x1e9"),
        ("screen=99999x700", "99999x700"),
        ("screen=1106", "1106"),
        ("colour=red", "colour"),
        ("place=atlantis", "atlantis"),
        ("system=X-wing", "X-wing"),
        ("evidence=rumour", "rumour"),
        ("claim=nyt-99", "nyt-99"),
        ("claim=nothing/7", "nothing/7"),
        ("layer=secret", "secret"),
        ("base=moon", "moon"),
        ("names=fr", "fr"),
        ("names=AR", "AR"),
        ("clean=16", "16"),
        ("clean=yes", "yes"),
        ("play=0d", "0d"),
        ("play=-1", "-1"),
        ("play=-1d", "-1d"),
        ("play=99999d", "99999d"),
        ("play=3d,abc", "3d,abc"),
        ("play=3d,0s", "3d,0s"),
        ("play=3d,nans", "3d,nans"),
        ("play=3d,loop,1s", "3d,loop,1s"),
        ("play=٣d", "٣d"),
        ("play=", ""),
    ],
)
def test_invalid_value_is_ignored_and_named_in_one_notice(query, named):
    view, notices = from_query(query, vocabulary=KNOWN)
    assert view == View()
    assert len(notices) == 1
    assert f"“{named}”" in notices[0]


def test_valid_values_beside_an_invalid_one_are_kept():
    view, notices = from_query(
        "system=S-400&system=X-wing&from=soon&to=2024-12-13", vocabulary=KNOWN
    )
    assert view == View(systems=("S-400",), date_to=dt.date(2024, 12, 13))
    assert len(notices) == 2


def test_long_invalid_value_is_cut_in_its_notice():
    _, (notice,) = from_query("from=" + "9" * 5000)
    assert len(notice) < 200


def test_link_with_too_many_parts_is_reported():
    view, notices = from_query("&".join(["system=S-400"] * 1000))
    assert view == View()
    assert "too many parts" in notices[0]


def test_reversed_days_in_a_link_are_swapped_and_reported():
    view, notices = from_query("from=2024-12-13&to=2024-12-12")
    assert (view.date_from, view.date_to) == (dt.date(2024, 12, 12), dt.date(2024, 12, 13))
    assert "backwards" in notices[0]


def test_reversed_days_in_code_are_rejected():
    with pytest.raises(ViewError, match="ends"):
        View(date_from=dt.date(2024, 12, 13), date_to=dt.date(2024, 12, 12))


def test_unknown_source_set_in_code_is_rejected():
    with pytest.raises(ViewError, match="'mine'"):
        View(sources="mine")


def test_screenshot_canvas_defaults_to_16_to_9():
    assert from_query("clean=1")[0] == from_query("clean=16:9")[0] == View(clean="16:9")
    assert from_query("clean=4%3A3")[0].clean == "4:3"
    with pytest.raises(ViewError, match="'5:4'"):
        View(clean="5:4")


@pytest.mark.parametrize("numbers", [(float("nan"), 0, 5), (86, 0, 5), (0, 541, 5), (0, 0, 20)])
def test_camera_off_the_map_is_rejected(numbers):
    with pytest.raises(ViewError):
        Camera(*numbers)


def test_known_names_give_no_notice():
    query = to_query(replace(FULL, page="overview", scene=None))
    assert from_query(query, vocabulary=KNOWN)[1] == ()


@pytest.mark.parametrize("claim", ["nyt-01", "tartus", "roads/7", "roads/a/b"])
def test_claim_place_and_layer_feature_can_be_named_in_a_link(claim):
    view, notices = from_query(f"claim={quote(claim)}", vocabulary=KNOWN)
    assert (view.claim, notices) == (claim, ())


def test_link_of_another_data_version_gives_a_notice():
    view, notices = from_query("v=v0&system=S-400", vocabulary=KNOWN)
    assert view.systems == ("S-400",)
    assert "other data" in notices[0]
    assert from_query("v=v1", vocabulary=KNOWN)[1] == ()


def test_order_and_repetition_of_values_do_not_matter():
    assert View(systems=("b", "a", "b", "")) == View(systems=("a", "b"))
    assert to_query(View(systems=("b", "a"))) == to_query(View(systems=("a", "b")))


def test_base_map_that_is_not_offered_is_named_with_what_is_shown_instead():
    view, [notice] = from_query("base=positron", vocabulary=KNOWN)
    assert view.base == "offline"
    assert "base map “positron” is not offered" in notice
    assert "drawn map is shown" in notice


def test_without_filters_keeps_page_layers_camera_and_sources():
    bare = FULL.without_filters()
    stay = ("page", "layers", "at", "screen", "base", "names", "play", "sources", "as_of")
    assert bare == View(**{name: getattr(FULL, name) for name in stay})


def test_narrow_to_places_sets_places_or_returns_the_view():
    assert FULL.narrow_to_places(["khmeimim"]).places == ("khmeimim",)
    assert FULL.narrow_to_places([]) is FULL
    assert FULL.places == ("tartus",)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("layer=own-my-points-0a1b2c", "a layer that only its author's browser holds: “my points”"),
        ("layer=own-a-0a1b2c&layer=own-b-0a1b2d", "2 layers that only its author's browser holds"),
        ("layer=own-a-0a1b2c&claim=own-a-0a1b2c%2F7", "a layer that only its author's browser"),
        ("claim=own-a-0a1b2c%2F7", "a layer that only its author's browser holds: “a”"),
        ("layer=own-%3Cb%3E&layer=roads", "a layer that only its author's browser holds: “<b>”"),
    ],
)
def test_layers_of_another_browser_give_one_sentence(query, named):
    view, notices = from_query(f"{query}&v=v1", vocabulary=KNOWN)
    assert len(notices) == 1
    assert named in notices[0]
    assert "Ask for" in notices[0]
    assert not any(name.startswith("own-") for name in view.layers)
    assert view.claim is None


def test_link_to_share_leaves_out_a_feature_of_a_hidden_layer():
    hidden = View(claim="own-a-0a1b2c/7", scene="s").to_share("v2")
    assert (hidden.claim, hidden.scene, hidden.v) == (None, None, "v2")
    shown = View(claim="own-a-0a1b2c/7", layers=("own-a-0a1b2c",)).to_share("v2")
    assert shown.claim == "own-a-0a1b2c/7"
    assert View(claim="nyt-01").to_share("v2").claim == "nyt-01"
