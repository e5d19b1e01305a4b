"""Detected schemas, columns, notations and roles; options override each of them."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo.ingest.save_result import to_store_layer
from tests.support.import_results import result_text
from tests.support.sample_files import (
    collection,
    feature,
    gpkg,
    gpx,
    kml,
    mark,
    parquet,
    point,
    points,
    shapefile,
    text,
    workbook,
    zipped,
)

PLACE = "35.4011,35.9487"


def rows(*lines: str) -> bytes:
    return text(*lines)


ACLED = rows(
    "event_id_cnty,event_date,year,event_type,sub_event_type,latitude,longitude,notes",
    f"TST1,12 December 2024,2024,Test,Synthetic,{PLACE},made up",
)
AIS = rows(
    "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName",
    "123456789,2024-12-12T10:00:00,34.95,35.7,0.1,90,91,SYNTHETIC",
    "123456789,2024-12-12T10:05:00,36.2,35.7,0.1,90,91,SYNTHETIC",
)
OPENSKY = rows(
    "time,icao24,lat,lon,velocity,heading,callsign,onground",
    f"1733997600,abc123,{PLACE},100,90,TEST1,False",
)
FIRMS = rows(
    "latitude,longitude,bright_ti4,acq_date,acq_time,satellite,confidence",
    f"{PLACE},330.1,2024-12-12,15,N,n",
)
CONFIRMED = kml(
    *[
        mark(
            name=f"{day} DEC 2024 / synthetic",
            more="<description>Source(s): none. Geolocation: made up</description>",
        )
        for day in (12, 13)
    ]
)


@pytest.mark.parametrize(
    ("name", "body", "shape", "when", "label"),
    [
        ("a.csv", ACLED, "ACLED", "2024-12-12", "sub_event_type"),
        ("a.csv", AIS, "MarineCadastre AIS", "2024-12-12 10:00+00:00", "VesselName"),
        ("a.csv", OPENSKY, "OpenSky states", "2024-12-12 10:00+00:00", "callsign"),
        ("a.csv", FIRMS, "NASA FIRMS", "2024-12-12 00:15+00:00", "satellite"),
        ("a.kml", CONFIRMED, "GeoConfirmed", "2024-12-12", "name"),
    ],
    ids=["acled", "ais", "opensky", "firms", "geoconfirmed"],
)
def test_known_schema_is_detected(read, name, body, shape, when, label):
    reading = read(body, name)
    assert reading.verdict == "accept", result_text(reading)
    assert (reading.detected.schema, reading.detected.label) == (shape, label)
    assert reading.times["from"][0] == pd.Timestamp(when)
    frame, columns = to_store_layer(reading)
    assert columns is not None
    assert len(frame.columns) >= len(reading.frame.columns)
    assert read(body, name, schema="").detected.schema == ""


def test_schema_that_does_not_fit_the_file_is_rejected(read):
    assert "ACLED" in result_text(read(FIRMS, "a.csv", schema="ACLED"))


def test_firms_shapefile_with_upper_case_names_is_detected(read):
    frame = points(
        (35.9, 35.4),
        LATITUDE=[35.4],
        LONGITUDE=[35.9],
        ACQ_DATE=["2024-12-12"],
        ACQ_TIME=["0015"],
        SATELLITE=["N"],
    )
    reading = read(zipped(shapefile(frame)), "a.zip")
    assert reading.detected.schema == "NASA FIRMS"
    assert reading.times["from"][0] == pd.Timestamp("2024-12-12 00:15", tz="UTC")


@pytest.mark.parametrize(
    ("head", "cells", "notation"),
    [
        ("lat,lon", PLACE, "decimal"),
        ("Latitude,Longitude", PLACE, "decimal"),
        ("LAT_DD,LONG_DD", PLACE, "decimal"),
        ("y,x", PLACE, "decimal"),
        ("start_lat,start_lon", PLACE, "decimal"),
        ("широта,долгота", PLACE, "decimal"),
        ("خط العرض,خط الطول", PLACE, "decimal"),
        ("lat,lon", "35.4011 N,E 35.9487", "dms"),
        ("lat,lon", "35°24'03.96\"N,35°56'55.32\"E", "dms"),
        ("lat,lon", "35 24 03.96,35 56 55.32", "dms"),
        ("lat,lon", "35° 24.066' N,35° 56.922' E", "dms"),
        ("coords", '"35.4011, 35.9487"', "pair"),
        ("anything", '"(35.4011; 35.9487)"', "pair"),
        ("anything", "35°24'03.96\"N 35°56'55.32\"E", "pair"),
        ("anything", "35.9487E 35.4011N", "pair"),
        ("anything", "36SYE6771721240", "mgrs"),
        ("mgrs", "36S YE 67717 21240", "mgrs"),
        ("geom", "POINT (35.9487 35.4011)", "wkt"),
        ("anything", "SRID=4326;POINT Z (35.9487 35.4011 3)", "wkt"),
    ],
)
def test_coordinates_and_their_notation_are_detected(read, head, cells, notation):
    body = text(
        f"what\t{head}".replace(",", "\t") if '"' not in cells else f"what,{head}",
        f"a\t{cells}".replace(",", "\t") if '"' not in cells else f"a,{cells}",
    )
    if '"' in cells and "°" in cells:
        body = text(
            f"what\t{head}".replace(",", "\t"),
            "a\t" + "\t".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in cells.split(",")),
        )
    reading = read(body, "a.csv")
    assert reading.detected.notation == notation, result_text(reading)
    place = reading.frame.geometry[0]
    assert (place.x, place.y) == (
        pytest.approx(35.9487, abs=2e-2),
        pytest.approx(35.4011, abs=2e-2),
    )


def test_coordinate_columns_can_be_chosen(read):
    body = text("lat,lon,alat,blon", f"1,2,{PLACE}")
    assert read(body, "a.csv", coordinates=("alat", "blon")).frame.geometry[0].y == 35.4011
    crossed = read(body, "a.csv", coordinates=("blon", "alat"))
    assert crossed.frame.geometry[0].x == 35.4011
    missing = read(body, "a.csv", coordinates=("nowhere", "blon"))
    assert missing.verdict == "reject"
    assert "nowhere" in result_text(missing)
    assert "notation" in result_text(read(body, "a.csv", notation="runes"))
    for columns, notation in ((("alat", "blon"), "mgrs"), (("alat",), "xy")):
        unfit = read(body, "a.csv", coordinates=columns, notation=notation)
        assert "does not fit" in result_text(unfit)


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.gpkg"])
def test_detected_values_as_options_give_the_same_result(read, name):
    body = {
        "a.csv": text("name,east,north,when", "a,231000,3921000,03/04/2024"),
        "a.json": collection(feature(a="x", date="2024-12-12")),
        "a.gpkg": gpkg(),
    }[name]
    first = read(body, name, crs="EPSG:32637" if name == "a.csv" else None)
    guess = first.detected
    chosen = {
        key: getattr(guess, key) or "" for key in ("schema", "date_from", "date_to", "label", "id")
    }
    again = read(
        body,
        name,
        crs=guess.crs,
        coordinates=guess.coordinates or None,
        notation=guess.notation or None,
        encoding=guess.encoding or None,
        delimiter=guess.delimiter or None,
        day_first=guess.day_first,
        time_zone=guess.time_zone,
        **chosen,
    )
    assert again.frame.equals(first.frame)
    assert again.times.equals(first.times)
    assert again.detected == first.detected


def test_rejected_file_still_reports_detected_values(read):
    guessed = read(text("east,north", "231000,3921000"), "a.csv").detected
    assert (guessed.coordinates, guessed.notation) == (("east", "north"), "xy")
    assert read(text("a,b", "1,2"), "a.csv").detected.columns == ("a", "b")


def test_projected_columns_use_the_chosen_crs(read):
    body = text("easting,northing", "231000,3921000")
    place = read(body, "a.csv", crs="32637").frame.geometry[0]
    assert (place.x, place.y) == (pytest.approx(36.04, abs=0.01), pytest.approx(35.39, abs=0.01))
    assert "EPSG:32637" in result_text(read(body, "a.csv", crs="32637"))
    assert read(body, "a.csv", crs="moon").verdict == "reject"


def test_layer_can_be_chosen(read):
    body = workbook(
        {"One": [["lat", "lon"], [35.4, 35.9487]], "Two": [["lat", "lon"], [34.9, 35.9]]}
    )
    reading = read(body, "a.xlsx", layer="Two")
    assert (reading.detected.layers_read, reading.accepted) == (("Two",), 1)
    missing = read(body, "a.xlsx", layer="Three")
    assert "“One”, “Two”" in result_text(missing)
    both = read(body, "a.xlsx")
    assert list(both.frame["layer"]) == ["One", "Two"]
    assert (
        read(zipped(shapefile(stem="one") | shapefile(stem="two")), "a.zip", layer="two").accepted
        == 2
    )


def test_encoding_and_delimiter_can_be_chosen(read):
    body = text("name;lat;lon", "Café;35.4;35.9487", encoding="cp1252")
    assert read(body, "a.csv", encoding="cp1252").frame["name"][0] == "Café"
    assert read(body, "a.csv", encoding="latin-1").verdict == "accept"
    assert read(body, "a.csv", delimiter=",").verdict == "reject"
    assert "encoding" in result_text(read(body, "a.csv", encoding="runes"))
    assert "not a delimiter" in result_text(read(body, "a.csv", delimiter=";;"))


def test_label_and_id_are_detected_and_can_be_chosen(read):
    body = text("id,title,other,lat,lon", f"1,a,b,{PLACE}", "2,c,d,34.9,35.89")
    guessed = read(body, "a.csv").detected
    assert (guessed.label, guessed.id) == ("title", "id")
    guessed = read(body, "a.csv", label="other", id="").detected
    assert (guessed.label, guessed.id) == ("other", None)
    assert "no column" in result_text(read(body, "a.csv", label="nowhere"))


def test_columns_and_values_are_unchanged(read):
    body = text(
        "phone,code,big,part,flag,lat,lon", f"+963,007,12345678901234567890,0.10,true,{PLACE}"
    )
    frame = read(body, "a.csv").frame
    assert list(frame.iloc[0, :5]) == ["+963", "007", "12345678901234567890", 0.1, "true"]
    reading = read(
        collection(feature(a=1, b=[1, 2], c=True), feature(point(36, 35), a=None)), "a.json"
    )
    assert reading.frame["a"].tolist() == [1, pd.NA]
    assert reading.frame["b"][0] == (1, 2)


def test_workbook_keeps_dates_and_integers(read):
    day = dt.datetime(2024, 12, 12)
    body = workbook(
        {"S": [["n", "date", "lat", "lon"], [7, day, 35.4, 35.9487], [8, day, 34.9, 35.9]]}
    )
    reading = read(body, "a.xlsx")
    assert list(reading.frame["n"]) == [7, 8]
    assert reading.detected.date_from == "date"
    assert reading.times["from"][0] == pd.Timestamp(day)


@pytest.mark.parametrize("name", ["a.gpkg", "a.zip", "a.parquet"])
def test_integers_stay_integers_beside_missing_values(read, name):
    frame = points((36, 35), (37, 35), n=pd.array([7, None], dtype="Int64"))
    body = {
        "a.gpkg": lambda: gpkg({"x": frame}),
        "a.zip": lambda: zipped(shapefile(frame)),
        "a.parquet": lambda: parquet(frame),
    }[name]()
    assert read(body, name).frame["n"].tolist() == [7, pd.NA]


def test_second_geometry_column_is_reported(read):
    frame = points((36, 35))
    frame["other"] = frame.geometry
    assert "“other”" in result_text(read(parquet(frame), "a.parquet"))


def test_gpx_track_has_the_dates_of_its_points(read):
    points = "".join(
        f'<trkpt lat="35.4" lon="35.{n}"><time>2024-12-1{n}T10:00:00Z</time></trkpt>'
        for n in (2, 3)
    )
    reading = read(gpx(f"<trk><name>t</name><trkseg>{points}</trkseg></trk>"), "a.gpx")
    assert (reading.detected.date_from, reading.detected.date_to) == ("start", "end")
    assert reading.times["to"][0] == pd.Timestamp("2024-12-13 10:00", tz="UTC")
