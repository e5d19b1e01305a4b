"""Date and count texts are no more exact than the source."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.text import formatting

D8, D13 = dt.date(2024, 12, 8), dt.date(2024, 12, 13)
JAN, NEXT = dt.date(2024, 1, 31), dt.date(2025, 1, 5)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (D13, D13, "13 December 2024"),
        (D8, D13, "8–13 December 2024"),
        (JAN, D13, "31 January – 13 December 2024"),
        (D13, NEXT, "13 December 2024 – 5 January 2025"),
        (D13, None, "from 13 December 2024"),
        (None, D13, "until 13 December 2024"),
        (None, None, "all dates"),
    ],
)
def test_date_range_has_each_part_once(start, end, words):
    assert formatting.format_span(start, end) == words


@given(st.dates(), st.dates())
def test_date_range_names_both_days(one, other):
    start, end = sorted((one, other))
    words = formatting.format_span(start, end)
    assert words.startswith(str(start.day))
    assert words.endswith(f"{end.day} {end:%B} {end.year}")


def test_day_is_written_without_a_leading_zero():
    assert formatting.format_day(D8) == "8 December 2024"
    assert formatting.format_day(D8, year=False) == "8 December"
    assert formatting.format_short_day(D8) == "8 Dec"


def row(date_class: str, start: dt.date | None, end: dt.date | None) -> dict:
    return {
        "date_class": date_class,
        "observed_from": pd.NaT if start is None else pd.Timestamp(start),
        "observed_to": pd.NaT if end is None else pd.Timestamp(end),
    }


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (row("day", D13, D13), "13 December 2024"),
        (row("by", None, D13), "by 13 December 2024"),
        (row("range", D8, D13), "some time in 8–13 December 2024"),
        (row("undated", None, None), "no date given"),
        (row("day", None, D13), "13 December 2024"),
    ],
)
def test_date_text_states_its_precision(claim, words):
    assert formatting.format_when(claim) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (2, 2, "2"),
        (2, 4, "2 to 4"),
        (2, None, "at least 2"),
        (None, 4, "at most 4"),
        (1000, 2500.0, "1,000 to 2,500"),
        (0, 0, "0"),
        (None, None, ""),
        (float("nan"), pd.NA, ""),
    ],
)
def test_count_text_has_no_number_without_one_in_the_source(low, high, words):
    assert formatting.format_count(low, high) == words


@pytest.mark.parametrize(
    ("cell", "day"),
    [(pd.NaT, None), (None, None), (pd.Timestamp(2024, 12, 13, 5), D13), (D13, D13)],
)
def test_as_day_parses_table_cells(cell, day):
    assert formatting.to_day(cell) == day
