"""The days on which a source reported: a day, all days of a month, or none."""

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.evidence.report_days import find_month, find_report_span


@given(st.dates(dt.date(1000, 1, 1)), st.sampled_from(["{name} {year}", "about {year}-{month:02}"]))
def test_month_in_words_is_all_of_its_days(day, words):
    name = calendar.month_name[day.month]
    first, last = find_month(words.format(name=name, year=day.year, month=day.month))
    assert first <= day <= last
    assert (first.day, (last + dt.timedelta(1)).day if last < dt.date.max else 1) == (1, 1)


@pytest.mark.parametrize(
    "words", ["", "early winter", "2024", "2024-13", "0000-01", "Decembre 2024"]
)
def test_words_without_a_month_name_none(words):
    assert find_month(words) is None


@pytest.mark.parametrize(
    ("given_as", "expected"),
    [
        ((dt.date(2024, 12, 13), "day", None), (dt.date(2024, 12, 13),) * 2),
        ((None, "month", "December 2024"), (dt.date(2024, 12, 1), dt.date(2024, 12, 31))),
        ((None, "month", "كانون الأول (2024-12)"), (dt.date(2024, 12, 1), dt.date(2024, 12, 31))),
        ((None, "unknown", "December 2024"), (None, None)),
    ],
)
def test_source_reports_on_its_day_in_its_month_or_undated(given_as, expected):
    assert find_report_span(*given_as) == expected
