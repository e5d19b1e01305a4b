"""Dates in three columns: year, month and day (synthetic rows)."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.import_results import result_text
from tests.support.sample_files import text, workbook
from tests.unit.ingest.detect.test_date_roles import days

TWELFTH = ("2024-12-12", "2024-12-12")


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("iyear,imonth,iday", "2024,12,12"),
        ("year,month,day", "2024,12,12"),
        ("event_year,event_month,event_day", "2024,12,12"),
        ("day,month,year", "12,12,2024"),
        ("YYYY,MM,DD", "2024,12,12"),
        ("Year,Mo,Dy,Hr,Mn", "2024,12,12,10,30"),
        ("Jahr,Monat,Tag", "2024,Dezember,12"),
        ("год,месяц,день", "2024,декабря,12"),
        ("year,month,day,updated", "2024,12,12,2025-01-30"),
        ("year,month,day,time", "2024,12,12,14:30"),
        ("year,month,day", "2024.0,12.0,12.0"),
    ],
)
def test_date_in_three_columns_is_put_together(read, head, cells):
    reading = read(text(f"lat,lon,{head}", f"35.4,35.95,{cells}"), "a.csv")
    assert days(reading) == [TWELFTH]
    assert reading.verdict == "accept"
    assert "put together from" in result_text(reading)


@pytest.mark.parametrize("cells", ["2024,12,0", "2024,0,0", "2024,,", "2024,2,30"])
def test_row_with_a_part_missing_or_no_such_day_stays_undated(read, cells):
    body = text("year,month,day,lat,lon", "2024,12,12,35.4,35.95", f"{cells},35.4,35.95")
    reading = read(body, "a.csv")
    assert days(reading) == [TWELFTH, ("", "")]
    assert reading.verdict == "accept-with-warning"


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("date,year,month,day", "2024-12-12,2023,1,1"),
        ("start_date,year,month,day", "2024-12-12,2023,1,1"),
        ("event_date,year,month,day", "2024-12-12,2023,1,1"),
    ],
)
def test_a_whole_date_goes_before_three_columns(read, head, cells):
    reading = read(text(f"lat,lon,{head}", f"35.4,35.95,{cells}"), "a.csv")
    assert days(reading) == [TWELFTH]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("year,month", "2024,12"),
        ("year,sold_month,paid_day", "2024,12,12"),
        ("year,month,day", "2024,17,93"),
        ("year,month,day", "7,12,12"),
    ],
)
def test_other_numbers_are_no_date(read, head, cells):
    reading = read(text(f"lat,lon,{head}", f"35.4,35.95,{cells}"), "a.csv")
    assert days(reading) == [("", "")]


@pytest.mark.parametrize("name", ["day", "Tag", "day_of_month", "اليوم"])
def test_days_of_the_month_are_no_times_of_day(read, name):
    reading = read(text(f"lat,lon,date,{name}", "35.4,35.95,2024-12-12,12"), "a.csv")
    assert days(reading) == [TWELFTH]
    assert not reading.times.dtypes.astype(str).str.contains("UTC").any()


@pytest.mark.parametrize(
    "names",
    [
        "Datum von;Datum bis",
        "first_observed;last_observed",
        "observed_from;observed_until",
        "Date de début;Date de fin",
        "Дата начала;Дата окончания",
        "BEGIN_DATE_TIME;END_DATE_TIME",
        "startDateTime;endDateTime",
        "Tarih başlangıç;Tarih bitiş",
        "تاريخ البداية;تاريخ النهاية",
        "start;stop",
    ],
)
def test_columns_named_as_start_and_end_are_a_period(read, names):
    reading = read(text(f"lat;lon;{names}", "35,4;35,95;12.12.2024;13.12.2024"), "a.csv")
    assert days(reading) == [("2024-12-12", "2024-12-13")]


def test_date_of_the_event_goes_before_a_period_of_something_else(read):
    head = "lat,lon,date,survey_start,survey_end"
    body = text(head, "35.4,35.95,2024-12-12,2020-01-01,2025-01-01")
    assert days(read(body, "a.csv")) == [TWELFTH]


@pytest.mark.parametrize(
    "names", ["Olay Tarihi;Olay Saati", "Tarih;Zaman", "Data;Godzina", "Data;Ora"]
)
def test_time_of_day_beside_the_date_is_found_in_its_language(read, names):
    reading = read(text(f"lat;lon;{names}", "35,4;35,95;12.12.2024;14:30"), "a.csv")
    assert days(reading) == [TWELFTH]
    assert "the times of day are those of" in result_text(reading)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1 December 2024 00:00 EET", ""),
        ("1 December 2024 23:30 EET", "1 December 2024 23:30 EET counts on 2 December 2024"),
        ("2024-12-12T01:30:00+05:00", "counts on 11 December 2024"),
    ],
)
def test_only_a_cell_that_counts_on_another_day_is_told(read, cell, told):
    said = result_text(read(text("lat,lon,when", f"35.4,35.95,{cell}"), "a.csv"))
    assert told in said if told else "counts on" not in said


WHEN = dt.datetime(2024, 11, 12)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ((WHEN, "12/13/2024"), True),
        ((WHEN, "13.12.2024"), True),
        ((WHEN, dt.datetime(2024, 12, 13), "12/14/2024"), False),
        ((WHEN, dt.datetime(2024, 12, 13)), False),
        ((WHEN, "12/11/2024"), False),
    ],
)
def test_spreadsheet_that_may_have_exchanged_day_and_month_is_told(read, cells, told):
    rows = [["lat", "lon", "date"], *([35.4, 35.95, cell] for cell in cells)]
    said = result_text(read(workbook({"a": rows}), "a.xlsx"))
    assert ("may have exchanged day and month" in said) == told


def test_column_of_dates_before_1900_is_named_with_the_reason(read):
    rows = ("35.4,36,01/01/1880 12:00:00 AM", "35.5,36,01/01/1866 12:00:00 AM")
    said = result_text(read(text("reclat,reclong,year", *rows), "a.csv"))
    assert "not read as dates. The year 1880 is not between 1900 and 2100." in said
