"""Repairs are offered first and applied only if chosen."""

from __future__ import annotations

import pytest

from tests.support.import_results import result_text
from tests.support.sample_files import collection, feature, point, points, shapefile, text, zipped
from tests.unit.ingest.corpus_json import BOWTIE

HEAD = "name,lat,lon"
GOOD = "a,35.4011,35.9487"
HIGH = {"type": "Point", "coordinates": [35.9487, 35.4, 48]}
REPAIRS = [
    ("swap", "a.csv", text(HEAD, "a,36.72,34.88", "b,36.2913,33.5138"), 2, 2),
    ("swap-rows", "a.csv", text(HEAD, *[GOOD] * 9, "d,36.2913,33.5138"), 10, 10),
    ("drop-invalid", "a.json", collection(feature(a=1), feature(BOWTIE, a=2)), 2, 1),
    ("drop-zm", "a.json", collection(feature(HIGH)), 1, 1),
    (
        "reject-bad-dates",
        "a.csv",
        text(f"{HEAD},date", f"{GOOD},2024-12-12", f"{GOOD},2024-13-01"),
        2,
        1,
    ),
    (
        "swap-dates",
        "a.csv",
        text(f"{HEAD},start,end", f"{GOOD},2024-12-13,2024-12-12", f"{GOOD},2024-12-12,2024-12-13"),
        2,
        2,
    ),
    ("drop-copies", "a.csv", text(HEAD, GOOD, GOOD), 2, 1),
    ("assume-crs:EPSG:32637", "a.csv", text("x,y", "231000,3921000"), 0, 1),
    ("assume-crs:EPSG:32637", "a.json", collection(feature(point(231000, 3921000))), 0, 1),
    ("rebuild-shx", "a.zip", zipped(shapefile(without=[".shx"])), 0, 2),
]


@pytest.mark.parametrize(
    ("repair", "name", "body", "before", "after"),
    REPAIRS,
    ids=[f"{one[0]}-{one[1]}" for one in REPAIRS],
)
def test_repair_is_offered_and_applied_only_if_chosen(read, repair, name, body, before, after):
    offered = read(body, name)
    assert offered.accepted == before, result_text(offered)
    assert [one.id for one in offered.repairs if not one.made].count(repair) == 1
    made = read(body, name, repairs=(repair,))
    assert made.accepted == after, result_text(made)
    assert repair not in [one.id for one in made.repairs if not one.made]
    assert made.frame.is_valid.all()


def test_swap_repair_changes_only_the_geometry(read):
    body = text(HEAD, "a,36.72,34.88", "b,36.2913,33.5138")
    as_it_is, made = read(body, "a.csv"), read(body, "a.csv", repairs=("swap",))
    assert (made.frame.geometry[0].x, made.frame.geometry[0].y) == (36.72, 34.88)
    assert list(made.frame["lat"]) == list(as_it_is.frame["lat"])
    assert made.verdict == "accept"


def test_swap_rows_repair_leaves_other_rows_unchanged(read):
    body = text(HEAD, *[GOOD] * 9, "d,36.2913,33.5138")
    frame = read(body, "a.csv", repairs=("swap-rows",)).frame
    assert (frame.geometry[0].x, frame.geometry[9].x) == (35.9487, 36.2913)


def test_z_values_are_kept_unless_the_repair_is_chosen(read):
    body = collection(feature(HIGH))
    assert read(body, "a.json").frame.geometry[0].z == 48
    assert not read(body, "a.json", repairs=("drop-zm",)).frame.geometry[0].has_z


def test_drop_zm_repair_accepts_rows_with_a_nan_height(read):
    high = {"type": "Point", "coordinates": [35.9487, 35.4, float("nan")]}
    body = collection(feature(), feature(high))
    assert read(body, "a.json").rejected_count == 1
    assert read(body, "a.json", repairs=("drop-zm",)).rejected_count == 0


def test_swap_dates_repair_exchanges_start_and_end(read):
    body = text(f"{HEAD},start,end", f"{GOOD},2024-12-13,2024-12-12")
    times = read(body, "a.csv", repairs=("swap-dates",)).times
    assert [str(times[side][0].date()) for side in ("from", "to")] == ["2024-12-12", "2024-12-13"]


def test_assumed_crs_replaces_a_wrong_one(read):
    wrong = zipped(shapefile(points((35.9487, 35.4), crs="EPSG:32637")))
    assert read(wrong, "a.zip").verdict == "reject"
    assert read(wrong, "a.zip", repairs=("assume-crs:EPSG:4326",)).accepted == 1


def test_ais_positions_are_never_reported_as_swapped(read):
    body = text(
        "MMSI,BaseDateTime,LAT,LON,VesselName",
        *[f"1,2024-12-12T10:0{n}:00,36.7{n},36.1,SYNTHETIC" for n in range(5)],
    )
    assert "swap" not in result_text(read(body, "a.csv"))


@pytest.mark.parametrize(
    "places",
    [
        [(35.4011, 35.9487)] * 3,
        [(34.9, 35.87)],
        [(33.5138, 36.2913), (34.73, 36.72)],
        [(35.5, 35.75), (35.52, 35.77), (35.4, 35.95), (33.5, 36.3), (34.7, 36.7)],
    ],
)
def test_valid_positions_are_never_reported_as_swapped(read, places):
    body = text("n,lat,lon", *[f"{n},{lat},{lon}" for n, (lat, lon) in enumerate(places)])
    reading = read(body, "a.csv")
    assert reading.verdict == "accept", result_text(reading)
