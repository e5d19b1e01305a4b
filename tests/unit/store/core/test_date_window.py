"""The vectorised date filter, compared with a row-by-row reference."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.store import Query
from geo.store.core.date_window import (
    compute_day_ranges,
    find_first_and_last_day,
    match_window,
    parse_datetimes,
    to_days,
)

DAYS = st.none() | st.dates(date(2024, 11, 1), date(2025, 1, 31))


def matches_row(first: date | None, last: date | None, query: Query) -> bool:
    """Apply the date rule to one row (reference implementation)."""
    if query.date_from is None and query.date_to is None:
        return True
    if first is None and last is None:
        return query.undated
    begin = first if first is not None else last
    end = last if last is not None else first
    too_early = query.date_from is not None and end < query.date_from
    too_late = query.date_to is not None and begin > query.date_to
    return not too_early and not too_late


@given(st.lists(st.tuples(DAYS, DAYS), max_size=20), DAYS, DAYS, st.booleans(), st.booleans())
def test_match_window_agrees_with_the_row_by_row_reference(rows, one, other, undated, as_text):
    if one and other and one > other:
        one, other = other, one
    query = Query(one, other, undated)
    frame = pd.DataFrame(rows, columns=["f", "t"], dtype=object)
    if not as_text:
        frame = frame.apply(pd.to_datetime)

    found = match_window(*compute_day_ranges(frame, ("f", "t"), "UTC"), query)

    assert list(found) == [matches_row(first, last, query) for first, last in rows]


@given(st.lists(st.datetimes(datetime(1960, 1, 1), datetime(2030, 1, 1)), min_size=1))
def test_to_days_truncates_datetimes_before_and_after_1970(times):
    found = to_days(pd.Series(times, dtype="datetime64[us]"), "Asia/Damascus")
    assert list(found) == [np.datetime64(time.date()) for time in times]


@pytest.mark.parametrize("held_in", ["UTC", "Asia/Damascus", "America/New_York"])
@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("UTC", ["2024-12-11", "2024-12-12"]),
        ("Asia/Damascus", ["2024-12-12", "2024-12-13"]),
        ("America/New_York", ["2024-12-11", "2024-12-12"]),
        ("Pacific/Kiritimati", ["2024-12-12", "2024-12-13"]),
    ],
)
def test_days_of_times_with_a_zone_are_cut_in_the_zone_asked_for(held_in, zone, days):
    times = pd.Series(
        pd.to_datetime(["2024-12-12T01:30+03:00", "2024-12-12T23:30+00:00"], utc=True)
    )
    assert list(to_days(times.dt.tz_convert(held_in), zone).astype(str)) == days
    assert list(to_days(times.map(lambda one: one.isoformat()), zone).astype(str)) == days


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Kiritimati"])
@pytest.mark.parametrize("beside", ["2024-12-12", "2024-12-12T05:00Z"])
def test_a_plain_date_and_a_time_without_a_zone_are_never_moved(zone, beside):
    found = to_days(pd.Series(["2024-12-11", "2024-12-11T23:59", "2024-12-11 00:00", beside]), zone)
    assert list(found[:3].astype(str)) == ["2024-12-11"] * 3


def test_a_local_time_that_a_clock_change_skips_or_repeats_keeps_its_day():
    skipped, twice = "2022-03-25 00:30", "2021-10-29 23:30"  # Damascus, at midnight
    column = pd.Series([skipped, twice, "2024-12-12T00:00Z"])
    assert list(to_days(column, "Asia/Damascus").astype(str)) == [
        *("2022-03-25", "2021-10-29", "2024-12-12")
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-12-12", "2024-12-12"),
        ("2024-12-12T23:59:59", "2024-12-12"),
        ("2024-12-12T01:00:00+03:00", "2024-12-11"),
        ("2024-12-12 10:00Z", "2024-12-12"),
        ("2024-12", "NaT"),  # a month is no full date
        ("20241212", "NaT"),
        ("2024-13-01", "NaT"),
        ("early December", "NaT"),
        ("", "NaT"),
        (None, "NaT"),
    ],
)
def test_to_days_accepts_full_iso_dates_only(text, day):
    assert str(to_days(pd.Series([text], dtype=object), "UTC")[0]) == day


def test_datetimes_with_mixed_time_zones_become_utc():
    found = parse_datetimes(pd.Series(["2024-12-12T01:00+03:00", "2024-12-12T01:00"]), "UTC")
    assert str(found.dtype).endswith("UTC]")
    assert [time.hour for time in found] == [22, 1]


def test_undated_rows_have_no_first_and_last_day():
    assert find_first_and_last_day(
        *compute_day_ranges(pd.DataFrame({"d": [None]}), ("d", "d"), "UTC")
    ) == (None, None)


def test_row_with_reversed_dates_matches_only_if_both_days_match():
    frame = pd.DataFrame({"f": ["2024-12-10"], "t": ["2024-12-05"]})
    whole = Query(date(2024, 12, 1), date(2024, 12, 31))
    part = Query(date(2024, 12, 5), date(2024, 12, 5) + timedelta(days=2))
    assert match_window(*compute_day_ranges(frame, ("f", "t"), "UTC"), whole).tolist() == [True]
    assert match_window(*compute_day_ranges(frame, ("f", "t"), "UTC"), part).tolist() == [False]
