"""Where and when the rows of a file are: keys of `check --json`, and the sentence."""

from __future__ import annotations

import pytest

from geo.ingest.extent import describe_extent
from geo.ingest.report import to_json_dict
from tests.support.sample_files import collection, feature, gpkg, points, text

HEAD = "name,lat,lon,date"


def _points(*places: tuple[float, float], days: tuple[str, ...] = ()) -> bytes:
    days = days or ("",) * len(places)
    rows = [f"a{n},{y},{x},{d}" for n, ((x, y), d) in enumerate(zip(places, days, strict=True))]
    return text(HEAD, *rows)


def test_json_has_box_days_undated_rows_and_layers(read):
    body = _points(
        (35.7, 34.9),
        (36.3, 35.4),
        (36.0, 35.0),
        days=("2024-12-17", "2024-12-03", ""),
    )
    said = to_json_dict(read(body, "a.csv"))
    assert said["bbox"] == (35.7, 34.9, 36.3, 35.4)
    assert said["days"] == ["2024-12-03", "2024-12-17"]
    assert (said["undated"], list(said["layers"])) == (1, [])
    assert {"verdict", "accepted", "messages", "set_aside", "guessed", "repairs"} <= set(said)


def test_json_of_rows_without_date_column_counts_all_as_undated(read):
    said = to_json_dict(read(text("name,lat,lon", "a,35.4,35.9", "b,35.5,36"), "a.csv"))
    assert (said["days"], said["undated"]) == (None, 2)


def test_json_of_a_rejected_file_has_no_extent(read):
    said = to_json_dict(read(b"", "a.csv"))
    assert (said["bbox"], said["days"], said["undated"]) == (None, None, 0)


def test_json_counts_accepted_rows_only(read):
    body = text(HEAD, "a,35.4,35.9,2024-12-12", "b,north,35.9,2020-01-01")
    said = to_json_dict(read(body, "a.csv"))
    assert said["bbox"] == (35.9, 35.4, 35.9, 35.4)
    assert said["days"] == ["2024-12-12", "2024-12-12"]


def test_json_names_the_layers_that_were_read(read):
    body = gpkg({"one": points((36, 35)), "two": points((36, 35))})
    assert list(to_json_dict(read(body, "a.gpkg"))["layers"]) == ["one", "two"]
    assert list(to_json_dict(read(body, "a.gpkg", layer="two"))["layers"]) == ["two"]


def test_sentence_of_places_all_over_the_world_is_not_turned(read):
    reading = read(_points((-170, 10), (-5.2, 0), (5.6, 0), (170, 20)), "a.csv")
    assert "170.0 W and 170.0 E" in describe_extent(reading)


def test_days_are_cut_in_the_time_zone_of_the_layer(read):
    body = text(HEAD, "a,35.4,35.9,2024-12-12T22:30Z", "b,35.4,35.9,2024-12-12T10:00Z")
    reading = read(body, "a.csv", time_zone="Asia/Damascus")
    assert to_json_dict(reading)["days"] == ["2024-12-12", "2024-12-13"]


def test_days_of_spans_are_those_of_start_and_end(read):
    body = text(
        "name,lat,lon,start,end",
        "a,35.4,35.9,2024-12-08,2024-12-13",
        "b,35.4,35.9,2024-12-10,",
    )
    assert to_json_dict(read(body, "a.csv"))["days"] == ["2024-12-08", "2024-12-13"]


@pytest.mark.parametrize(
    ("places", "days", "sentence"),
    [
        (
            [(35.7, 34.9), (36.3, 35.4), (36, 35)],
            ("2024-12-03", "2024-12-17", ""),
            "3 rows between 34.9 and 35.4 N, 35.7 and 36.3 E, 3 to 17 December 2024; "
            "1 without a date",
        ),
        (
            [(35.9487, 35.4011)],
            ("2024-12-12",),
            "1 row at 35.4011 N, 35.9487 E, 12 December 2024",
        ),
        ([(36, 35)] * 2, (), "2 rows at 35 N, 36 E, without dates"),
        (
            [(-58.4, -34.6), (-57.1, -33.2)],
            ("2024-11-30", "2024-12-02"),
            "2 rows between 33.2 and 34.6 S, 57.1 and 58.4 W, 30 November to 2 December 2024",
        ),
        (
            [(-3, -12.3), (2.1, 4.5)],
            ("2023-12-30", "2024-01-02"),
            "2 rows between 12.3 S and 4.5 N, 3.0 W and 2.1 E, 30 December 2023 to 2 January 2024",
        ),
        ([(36, 34.9), (36, 35.4)], (), "2 rows between 34.9 and 35.4 N, at 36 E, without dates"),
        (
            [(35.9481, 35.4011), (35.9487, 35.4016)],
            (),
            "2 rows between 35.4011 and 35.4016 N, 35.9481 and 35.9487 E, without dates",
        ),
        (
            [(179, 35), (-178.5, 36)],
            (),
            "2 rows between 35.0 and 36.0 N, 179.0 E and 178.5 W, without dates",
        ),
        (
            [(-100, 35), (0, 36), (100, 36)],
            (),
            "3 rows between 35.0 and 36.0 N, 100.0 W and 100.0 E, without dates",
        ),
        ([(0, 1), (5, 5)], (), "2 rows between 1.0 and 5.0 N, 0.0 and 5.0 E, without dates"),
    ],
)
def test_sentence_tells_where_and_when(read, places, days, sentence):
    shapes = [{"type": "Point", "coordinates": place} for place in places]
    dates = days or (None,) * len(places)
    body = collection(
        *(
            feature(one, n=n, date=day or None)
            for n, (one, day) in enumerate(zip(shapes, dates, strict=True))
        )
    )
    assert describe_extent(read(body, "a.geojson")) == sentence
