"""A playback is written into a link, and its windows cover its days without a gap."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ViewError
from geo.mapping.folium_map import build_map_state
from geo.mapping.histogram import find_play_days
from geo.playback import Playback, find_played_days, format_playback, list_windows, parse_playback
from geo.selection import select
from geo.view import View
from tests.support.random_views import playbacks

DAY = dt.timedelta(1)
DEC = [dt.date(2024, 12, day) for day in range(1, 32)]


@given(playbacks())
def test_playback_round_trips_through_its_text(playback):
    assert parse_playback(format_playback(playback)) == playback


@pytest.mark.parametrize(
    ("text", "playback"),
    [
        ("3d", Playback(3)),
        ("7d,0.5s", Playback(7, 0.5)),
        ("1d,2s,loop", Playback(1, 2, True)),
        ("1d,loop", Playback(loop=True)),
        ("03d,1.00s", Playback(3)),
    ],
)
def test_written_playback_is_read(text, playback):
    assert parse_playback(text) == playback


@pytest.mark.parametrize(
    "text",
    ["", "d", "0d", "-1d", "1.5d", "99999d", "3 d", "3d,", "3d,abc", "3d,0s", "3d,61s", "³d"],
)
def test_nonsense_is_refused(text):
    with pytest.raises((ValueError, ViewError)):
        parse_playback(text)


@given(st.dates(), st.integers(0, 800), st.integers(1, 400))
def test_windows_cover_every_day_once_and_only_the_last_is_short(first, length, days):
    last = min(dt.date.max - first, dt.timedelta(length)) + first
    windows = list_windows(first, last, days)
    assert windows[0][0] == first
    assert windows[-1][1] == last
    assert all((end - start).days + 1 == days for start, end in windows[:-1])
    assert all(after[0] - before[1] == DAY for before, after in pairwise(windows))


def test_no_day_gives_no_window():
    assert list_windows(DEC[3], DEC[2], 1) == []


@pytest.mark.parametrize(
    ("window", "days", "played"),
    [
        ((None, None), (DEC[0], DEC[9]), (DEC[0], DEC[9])),
        ((DEC[2], DEC[8]), (DEC[0], DEC[9]), (DEC[2], DEC[8])),
        ((DEC[2], DEC[3]), (DEC[0], DEC[9]), (DEC[2], DEC[9])),  # one step long: from there on
        ((DEC[2], None), (DEC[0], DEC[9]), (DEC[2], DEC[9])),
        ((None, DEC[4]), (DEC[0], DEC[9]), (DEC[0], DEC[4])),
        ((DEC[20], DEC[21]), (DEC[0], DEC[9]), (DEC[20], DEC[21])),  # after the last day
        ((None, DEC[0]), (DEC[5], DEC[9]), (DEC[0], DEC[9])),  # before the first day
        ((None, None), None, None),
        ((DEC[2], None), None, (DEC[2], DEC[2])),
    ],
)
def test_played_days_are_those_of_the_window_or_the_rest_of_the_histogram(window, days, played):
    assert find_played_days(Playback(3), window, days) == played


def test_playback_is_no_filter_and_the_map_is_told_of_it(builtin_store):
    view = View(play=Playback(3, 0.5, True))
    plain = select(replace(view, play=None), builtin_store)
    played = select(view, builtin_store)
    assert (played.token, played.ids) == (plain.token, plain.ids)
    state = build_map_state(played, view, "v1")
    assert state["play"] == {"days": 3, "seconds": 0.5, "loop": True}
    assert "play" not in state["q"]
    assert "play" not in build_map_state(plain, View(), "v1")
    assert view.without_filters().play == view.play
    assert view.to_share("v1").play == view.play


def test_played_days_of_a_view_end_with_the_histogram(builtin_store):
    assert find_play_days(View(), builtin_store) is None
    first, last = find_play_days(View(play=Playback(), sources="all"), builtin_store)
    assert first < last
    assert find_play_days(View(play=Playback(9), date_from=last), builtin_store) == (last, last)
    from_first = View(play=Playback(), sources="all", date_from=first)
    assert find_play_days(from_first, builtin_store) == (first, last)
