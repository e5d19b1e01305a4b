"""Which days rows get: time zones, kept rows, KML and GPX times, columns that are named."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo.ingest.report import format_report, report_csv, to_json_dict
from geo.ingest.save_result import save_layer
from geo.store import FolderStore, Query
from tests.support.import_results import result_text
from tests.support.sample_files import collection, feature, gpx, kml, mark, point, text, workbook

PLACE = "35.4011;35.9487"
CSV = "name;lat;lon"


def table(names: str, *cells: str) -> bytes:
    return text(f"{CSV};{names}", *[f"a{n};{PLACE};{cell}" for n, cell in enumerate(cells)])


def days(reading) -> list[tuple[str, str]]:
    """Return the first and last day of each row, cut in the detected zone; "" for none."""
    zone, times = reading.detected.time_zone, reading.times
    if not len(times.columns):
        return [("", "")] * reading.accepted
    if zone:
        times = times.apply(lambda column: column.dt.tz_convert(zone))
    first, last = (times[name].dt.strftime("%Y-%m-%d").fillna("") for name in ("from", "to"))
    return list(zip(first, last, strict=True))


@pytest.mark.parametrize("zone", [None, "Asia/Damascus", "America/New_York"])
def test_time_without_a_zone_counts_on_its_own_day(read, tmp_path, zone):
    body = text("what,lat,lon,when", "night watch,35.2,36.6,2024-12-12 01:30")
    reading = read(body, "a.csv", time_zone=zone)
    assert days(reading) == [("2024-12-12", "2024-12-12")]
    assert reading.detected.time_zone == zone or zone is None
    assert (zone or "Asia/Damascus") in result_text(reading)
    store = FolderStore(tmp_path)
    info = save_layer(store, "watch", reading, "Watch")
    assert (info.time_zone, info.date_from) == (zone or "Asia/Damascus", dt.date(2024, 12, 12))
    assert len(store.read("watch", Query(dt.date(2024, 12, 12), dt.date(2024, 12, 12)))) == 1


@pytest.mark.parametrize(
    ("zone", "day"), [(None, "2024-12-12"), ("UTC", "2024-12-11"), ("Asia/Tokyo", "2024-12-12")]
)
def test_time_in_utc_is_cut_in_the_zone_of_the_layer(read, tmp_path, zone, day):
    reading = read(table("date", "2024-12-11T22:30Z"), "a.csv", time_zone=zone)
    assert days(reading) == [(day, day)]
    info = save_layer(FolderStore(tmp_path), "z", reading, "Z")
    assert str(info.date_from) == day
    if zone is None:
        assert "2024-12-11T22:30Z counts on 12 December 2024" in result_text(reading)


@pytest.mark.parametrize("zone", [None, "America/New_York", "Pacific/Kiritimati", "UTC"])
def test_plain_date_is_never_moved(read, tmp_path, zone):
    reading = read(table("date", "2024-12-12", "2024-12-10T12:00Z"), "a.csv", time_zone=zone)
    assert days(reading)[0] == ("2024-12-12", "2024-12-12")
    store = FolderStore(tmp_path)
    save_layer(store, "plain", reading, "Plain")
    assert len(store.read("plain", Query(dt.date(2024, 12, 12), dt.date(2024, 12, 12)))) == 1


def test_column_name_or_schema_that_says_utc_is_read_as_utc(read):
    for name in ("time_utc", "Date (UTC)", "UTC time"):
        reading = read(table(name, "2024-12-11 22:30", "2024-12-12 10:00"), "a.csv")
        assert days(reading)[0] == ("2024-12-12", "2024-12-12"), name
        assert "read as times in UTC" in result_text(reading)
    ais = text("MMSI,BaseDateTime,LAT,LON,VesselName", "1,2024-12-11T22:30:00,34.95,35.7,TEST")
    for zone in (None, "Asia/Damascus"):  # a choice cuts days, and does not change the reading
        assert days(read(ais, "a.csv", time_zone=zone)) == [("2024-12-12", "2024-12-12")]


def test_region_that_all_times_name_is_the_zone_of_the_layer(read):
    reading = read(table("date", "2024-12-12 23:30 Europe/Berlin"), "a.csv")
    assert reading.detected.time_zone == "Europe/Berlin"
    assert days(reading) == [("2024-12-12", "2024-12-12")]


def test_date_and_time_in_two_columns_are_one_moment(read):
    reading = read(table("Date;Time", "11.12.2024;22:30Z", "13.12.2024;14:30Z"), "a.csv")
    assert days(reading)[0] == ("2024-12-12", "2024-12-12")
    cells = ["date", "time"], [dt.datetime(2024, 12, 12), dt.time(1, 30)]
    rows = [["lat", "lon", *cells[0]], [35.4, 35.9, *cells[1]]]
    reading = read(workbook({"S": rows}), "a.xlsx")
    assert reading.times["from"][0] == pd.Timestamp("2024-12-11 22:30Z")


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        ("date;time (Z)", "2024-12-11;2230"),
        ("date;timezone", "2024-12-11 22:30;UTC"),
        ("date;time;tz", "2024-12-11;22:30;GMT"),
        ("date;utc_offset", "2024-12-12 00:30;2"),
        ("Event Date [UTC];updateTime [UTC]", "2024-12-11;10:30:00.1 PM"),
    ],
)
def test_columns_beside_a_date_say_its_time_or_zone(read, names, cells):
    assert days(read(table(names, cells), "a.csv")) == [("2024-12-12", "2024-12-12")]


def test_time_of_day_that_cannot_be_read_costs_no_other_and_no_day(read):
    cells = ["2024-12-11;22:30Z"] * 5 + ["2024-12-11;noon"]
    reading = read(table("date;time", *cells), "a.csv")
    assert [first for first, _ in days(reading)] == ["2024-12-12"] * 5 + ["2024-12-11"]
    assert "time: not used in 1 row, such as “noon”" in result_text(reading)


def test_first_and_last_day_have_a_time_of_their_own(read):
    names = "start_date;start_time;end_date;end_time"
    reading = read(table(names, "2024-12-10;22:30Z;2024-12-11;23:30Z"), "a.csv")
    assert days(reading) == [("2024-12-11", "2024-12-12")]


def test_times_of_two_columns_are_not_mixed_up(read):
    reading = read(table("date;start time;end time", "2024-12-11;22:30;23:30"), "a.csv")
    assert (days(reading), reading.detected.time_zone) == ([("2024-12-11", "2024-12-11")], None)


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("foo", "1733997600.25"),
        ("bar", "1733997600123"),
        ("seen_at", "1733997600"),
        ("t", "1733997600000000"),
        ("foo", "20241212_101500"),
        ("foo", "20241212101500"),
        ("foo", "121430ZDEC24"),
    ],
)
def test_times_are_found_under_any_name(read, name, cell):
    reading = read(table(name, cell, cell), "a.csv")
    assert reading.detected.date_from == name, result_text(reading)
    assert days(reading) == [("2024-12-12", "2024-12-12")] * 2


def test_unix_times_in_json_are_found_beside_empty_values(read):
    body = collection(feature(point(36, 35), seen=1733997600.5), feature(seen=None))
    assert days(read(body, "a.json")) == [("2024-12-12", "2024-12-12"), ("", "")]


@pytest.mark.parametrize("name", ["id", "osm_id", "phone", "tweet"])
def test_numbers_that_are_ids_are_no_times(read, name):
    reading = read(table(name, "1733997600", "1733997601"), "a.csv")
    assert reading.detected.date_from is None


def test_24_00_is_the_end_of_its_day(read):
    reading = read(table("start;end", "2024-12-11;2024-12-12 24:00"), "a.csv")
    assert days(reading) == [("2024-12-11", "2024-12-12")]
    assert "24:00 is read as the end of its day" in result_text(reading)


@pytest.mark.parametrize(
    "cells",
    [
        ("2024-13-45",),
        ("yesterday", "today"),
        ("9733997600.5e9",),
        ("1.73E+12", "1.74E+12"),
        ("2024-12-12 10:00 IST", "2024-12-13 10:00 IST"),
        ("2024-12", "2024-11"),
    ],
)
def test_layer_without_a_readable_date_is_kept_undated(read, tmp_path, cells):
    reading = read(table("date", *cells), "a.csv")
    assert (reading.accepted, reading.rejected_count) == (len(cells), 0)
    assert [(one.row, one.field, one.value) for one in reading.undated] == [
        (row, "date", cell) for row, cell in enumerate(cells, 1)
    ]
    assert all(one.why and one.remedy for one in reading.undated)
    assert any(one.level == "warning" and "date" in one.text for one in reading.messages)
    info = save_layer(FolderStore(tmp_path), "kept", reading, "Kept")
    assert (info.rows, info.time_columns) == (len(cells), None)


def test_reversed_and_unreadable_dates_cost_no_row_and_are_listed_everywhere(read):
    body = table("start;end", "2024-12-13;2024-12-12", "2024-12-13;2024-12-14", "soon;2024-12-14")
    reading = read(body, "a.csv")
    assert days(reading) == [("", ""), ("2024-12-13", "2024-12-14"), ("", "2024-12-14")]
    listed = to_json_dict(reading)
    assert listed["set_aside"] == []
    assert [(one["row"], one["field"]) for one in listed["kept_undated"]] == [
        (1, "end"),
        (3, "start"),
    ]
    for report in (format_report(reading), report_csv(reading).decode()):
        assert "It ends before it starts" in report
        assert "soon" in report
    aside = read(body, "a.csv", repairs=("reject-bad-dates",))
    assert [one.row for one in aside.rejected] == [1, 3]
    assert (aside.accepted, aside.undated) == (1, ())


def test_two_times_are_compared_as_days_of_the_same_zone(read):
    reading = read(table("start;end", "2024-12-12;2024-12-11T22:30Z"), "a.csv")
    assert days(reading) == [("2024-12-12", "2024-12-12")]
    assert not reading.undated


def test_column_that_looks_like_dates_and_is_not_read_is_named(read):
    body = table("date;updated;when", "2024-12-12;gestern 3;121430Z", "2024-12-13;x 4;131430Z")
    said = result_text(read(body, "a.csv"))
    assert "updated: it looks like dates" in said
    assert "when: it looks like dates" in said
    assert "it looks like" not in result_text(read(table("from;to", "Aleppo;Homs"), "a.csv"))


def span(first: str, last: str) -> str:
    return f"<TimeSpan><begin>{first}</begin><end>{last}</end></TimeSpan>"


def stamp(when: str) -> str:
    return f"<TimeStamp><when>{when}</when></TimeStamp>"


def test_kml_time_stamps_beside_time_spans_are_read(read):
    stamps = [mark(more=stamp(one)) for one in ("2024-12-10", "2024-12-11T22:30:00Z")]
    reading = read(kml(stamps[0], mark(more=span("2024-12-12", "2024-12-13")), stamps[1]), "a.kml")
    assert days(reading) == [
        ("2024-12-10", "2024-12-10"),
        ("2024-12-12", "2024-12-13"),
        ("2024-12-12", "2024-12-12"),
    ]


def test_kml_times_are_inherited_from_the_nearest_folder(read):
    inner = f"<Folder><name>G</name>{stamp('2024-12-02')}{mark()}</Folder>"
    outer = f"<Folder>{span('2024-12-12', '2024-12-13')}{mark()}{inner}</Folder>"
    own = mark(more=stamp("2024-12-20"))
    reading = read(kml(stamp("2024-12-01"), mark(), own, outer), "a.kml")
    assert sorted(days(reading)) == [
        ("2024-12-01", "2024-12-01"),
        ("2024-12-02", "2024-12-02"),
        ("2024-12-12", "2024-12-13"),
        ("2024-12-20", "2024-12-20"),
    ]


def test_gpx_waypoints_beside_tracks_keep_their_times(read):
    at = "<time>2024-12-1{}T10:00:00Z</time>"
    points = "".join(f'<trkpt lat="35.4" lon="35.{n}">{at.format(n)}</trkpt>' for n in (3, 4))
    body = gpx(
        f'<wpt lat="35.4" lon="35.9">{at.format(2)}</wpt>', f"<trk><trkseg>{points}</trkseg></trk>"
    )
    assert days(read(body, "a.gpx")) == [
        ("2024-12-12", "2024-12-12"),
        ("2024-12-13", "2024-12-14"),
    ]


@pytest.mark.parametrize("names", ["Beginn;Ende", "début;fin", "начало;конец", "inicio;fin"])
def test_first_and_last_day_are_found_in_each_language(read, names):
    reading = read(table(names, "12.12.2024;13.12.2024"), "a.csv")
    assert days(reading) == [("2024-12-12", "2024-12-13")]
    assert reading.verdict == "accept", result_text(reading)


def test_years_of_two_digits_that_come_first_are_recognised(read):
    reading = read(table("date", "24-12-12", "24-12-13"), "a.csv")
    assert [first for first, _ in days(reading)] == ["2024-12-12", "2024-12-13"]
    assert "four digits" in result_text(read(table("date", "24-12-12"), "a.csv"))
