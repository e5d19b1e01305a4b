"""Date formats, time zones, date columns and their errors."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.ingest.detect import date_formats
from geo.ingest.save_result import to_store_layer
from tests.support.import_results import result_text
from tests.support.sample_files import text

GOOD = "a,35.4011,35.9487"


def dates(read, *cells: str, **options):
    body = text("name;lat;lon;date", *[f"a;35.4011;35.9487;{cell}" for cell in cells])
    return read(body, "a.csv", **options)


@pytest.mark.parametrize(
    ("cell", "when"),
    [
        ("2024-12-12", "2024-12-12"),
        ("2024-12-12T10:20:30Z", "2024-12-12 10:20:30Z"),
        ("2024-12-12 10:20:30.123", "2024-12-12 07:20:30.123Z"),
        ("2024-12-12T10:20+03:00", "2024-12-12 07:20Z"),
        ("2024/12/12", "2024-12-12"),
        ("12 December 2024", "2024-12-12"),
        ("December 12, 2024", "2024-12-12"),
        ("12-Dec-2024 14:30", "2024-12-12 11:30Z"),
        ("Thu, 12 Dec 2024", "2024-12-12"),
        ("20241212", "2024-12-12"),
        ("20241212T102030Z", "2024-12-12 10:20:30Z"),
        ("13/12/2024", "2024-12-13"),
        ("12/13/2024", "2024-12-13"),
        ("13.12.2024 2:30 PM", "2024-12-13 11:30Z"),
        ("13/12/24", "2024-12-13"),
        ("١٣/١٢/٢٠٢٤", "2024-12-13"),
        ("1733997600", "2024-12-12 10:00Z"),
        ("1733997600000", "2024-12-12 10:00Z"),
    ],
)
def test_date_formats_are_parsed(read, cell, when):
    reading = dates(read, cell)
    assert reading.verdict == "accept", result_text(reading)
    assert reading.times["from"][0] == pd.Timestamp(when)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2024-13-01",
        "2024-02-30",
        "32/01/2024",
        "00/00/2024",
        "2024-12-12T25:00",
        "12 Foo 2024",
        "9999-12-12",
        "0001-01-01",
        "20241332",
        "x" * 100_000,
        "2024-12-12; DROP TABLE",
        "-2024-12-12",
        "99999999999999999999",
        "nan",
        "14:30",
        "13:61 2024",
    ],
)
def test_text_that_is_no_date_parses_to_none(text):
    assert date_formats.parse_date(text) is None


@pytest.mark.parametrize("text", ["2024", "2024-12", "12/2024", "December 2024"])
def test_month_or_year_is_a_partial_date(text):
    assert date_formats.parse_date(text) == date_formats.PARTIAL


def test_ambiguous_day_order_is_reported_and_can_be_chosen(read):
    told = dates(read, "03/04/2024")
    assert told.verdict == "accept-with-warning"
    assert told.detected.day_first is True
    assert dates(read, "03/04/2024", day_first=False).times["from"][0] == pd.Timestamp("2024-03-04")
    assert dates(read, "03/04/2024", day_first=True).verdict == "accept"


def test_unambiguous_row_decides_the_day_order(read):
    reading = dates(read, "03/04/2024", "04/25/2024")
    assert reading.detected.day_first is False
    assert reading.verdict == "accept"


def test_rows_that_contradict_the_day_order_are_kept_undated(read):
    reading = dates(read, "13/04/2024", "14/04/2024", "04/25/2024")
    assert [one.row for one in reading.undated] == [3]
    assert "order day, month" in reading.undated[0].why
    assert reading.accepted == 3


def test_time_zone_of_naive_datetimes_can_be_chosen(read):
    when = dates(read, "2024-12-12 10:00", time_zone="Asia/Damascus").times["from"][0]
    assert when == pd.Timestamp("2024-12-12 07:00Z")
    assert dates(read, "2024-12-12T10:00Z", time_zone="Asia/Damascus").times["from"][0] == (
        pd.Timestamp("2024-12-12 10:00Z")
    )
    days = dates(read, "2024-12-12", time_zone="Asia/Damascus")
    assert days.times["from"][0] == pd.Timestamp("2024-12-12")
    assert "time zone" in result_text(dates(read, "2024-12-12", time_zone="../../etc/passwd"))


def test_date_columns_can_be_chosen_or_omitted(read):
    body = text("when,other,lat,lon", "2024-12-12,2024-12-20,35.4,35.9487")
    reading = read(body, "a.csv", date_from="when", date_to="other")
    assert str(reading.times["to"][0].date()) == "2024-12-20"
    assert len(read(body, "a.csv", date_from="", date_to="").times.columns) == 0
    assert "no column" in result_text(read(body, "a.csv", date_from="nowhere"))


def test_imported_layer_has_date_columns_for_the_store(read):
    frame, columns = to_store_layer(dates(read, "12 December 2024"))
    assert columns == ("date_from", "date_to")
    assert frame["date_from"][0] == pd.Timestamp("2024-12-12")
    assert to_store_layer(dates(read, "2024-12-12"))[1] == ("date", "date")


def test_all_faults_of_a_row_are_reported(read):
    body = text(
        "name,lat,lon,start,end",
        "a,north,east,2024-13-01,2024-12-12",
        "b,35.4,35.9487,2024-12-13,2024-12-12",
        "c,35.4,35.9487,2024-12-12,2024-12-13",
    )
    reading = read(body, "a.csv")
    assert [(one.row, one.field) for one in reading.rejected] == [
        (1, "lat"),
        (1, "lon"),
        (1, "start"),
    ]
    assert [(one.row, one.field) for one in reading.undated] == [(2, "end")]
    assert (reading.accepted, reading.rejected_count) == (2, 1)
