"""Synthetic tables of many notations and languages: the right place each, or none at all."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.ingest.detect.coordinate_formats import parse_degrees
from geo.ingest.detect.coordinate_pairs import parse_pair
from tests.support.import_results import result_text
from tests.support.sample_files import collection, feature, point, text

PLACE = (35.41, 35.95)
NEAR = 0.0005


def places(reading) -> list[tuple[float, float]]:
    return [(shape.y, shape.x) for shape in reading.frame.geometry]


def near(place: tuple[float, float]):
    return [pytest.approx(place, abs=NEAR)]


def tabs(*rows: tuple[str, ...]) -> bytes:
    return text(*["\t".join(row) for row in rows])


@pytest.mark.parametrize(
    "lines",
    [
        ("Name;Breitengrad;Längengrad;Datum", "A;35,41;35,95;12.12.2024"),
        ("Name;Breite;Länge", "A;35,41;35,95"),
        ("Nom;Latitude;Longitude", "A;35,41;35,95"),
        ("Ad\tEnlem\tBoylam", "A\t35,41\t35,95"),
        ("Name\tKoordinaten", "A\t35,41 35,95"),
        ("Name;Koordinaten", "A;35,41, 35,95"),
        ("Name;Koordinaten", "A;35,41,35,95"),
        ("Koordinaten", "35,41; 35,95"),
        ("Koordinaten", "35,41 35,95"),
        ("Name\tLat, Long", "A\t35.41, 35.95"),
        ("Name\tPosition (lon, lat)", "A\t35.95, 35.41"),
        ("name|position", "A|35,41 / 35,95"),
    ],
)
def test_decimal_comma_is_never_a_separator(read, lines):
    reading = read(text(*lines), "a.csv")
    assert places(reading) == near(PLACE), result_text(reading)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("OSD.latitude", "OSD.longitude"),
        ("GPS:Lat", "GPS:Lon"),
        ("Lat [°N]", "Lon [°E]"),
        ("Latitude (deg)", "Longitude (deg)"),
        ("reclat", "reclong"),
        ("intptlat", "intptlong"),
        ("y_lat", "x_lon"),
        ("startLat", "startLng"),
        ("site lat", "lon"),
        ("decimalLatitude", "decimalLongitude"),
        ("POINT_Y", "POINT_X"),
        ("Широта", "Долгота"),
        ("Широта", "Довгота"),
        ("خط العرض", "خط الطول"),
        ("عرض جغرافیایی", "طول جغرافیایی"),
        ("קו רוחב", "קו אורך"),
        ("Enlem", "Boylam"),
        ("ENLEM", "BOYLAM"),
        ("Geogr. Breite", "Geogr. Länge"),
        ("Breitengrad", "Laengengrad"),
        ("latitud", "longitud"),
        ("Latitudine", "Longitudine"),
        ("szerokość geograficzna", "długość geograficzna"),
        ("Γεωγραφικό πλάτος", "Γεωγραφικό μήκος"),
        ("纬度", "经度"),
        ("Szer. geogr.", "Dł. geogr."),
        ("Ş. Enlem", "Ş. Boylam"),
        ("Breite °N", "Länge °O"),
        ("Lattitude", "Longtitude"),
        ("data.position.latitude", "data.position.longitude"),
    ],
)
def test_columns_are_known_by_name_in_many_languages(read, lat, lon):
    reading = read(tabs(("n", lon, lat), ("A", "35.95", "35.41")), "a.csv")
    assert places(reading) == near(PLACE), result_text(reading)
    assert reading.detected.coordinates == (lat, lon)


@pytest.mark.parametrize(
    "cell",
    [
        "352436N 0355700E",
        "352436N0355700E",
        "N352436 E0355700",
        "3524.6N 03557.0E",
        "N35°24.600' E035°57.000'",
        "35.41N, 35.95E",
        "35.95E 35.41N",
        "35°24′36″N 35°57′00″E",
        "35°24’36”N, 35°57’00”E",
        "35° 24' 36'' N / 35° 57' 00'' E",
        "35º24'36\"N 35º57'0\"E",
        "35-24-36N 035-57-00E",
        "35.24.36N 035.57.00E",
        "35:24:36 N, 35:57:00 E",
        "35d24m36sN 35d57m00sE",
        "٣٥٫٤١، ٣٥٫٩٥",
        "۳۵٫۴۱۰ ۳۵٫۹۵۰",
        "35.41 North 35.95 East",
        "35° 24,6′ n. Br., 35° 57′ ö. L.",
        "35,41 с.ш. 35,95 в.д.",
        "35.41 شمالا 35.95 شرقا",
        "35.41 K 35.95 D",
        "lat: 35.41, lon: 35.95",
        "{'longitude': '35.95', 'latitude': '35.41'}",
        "35.410 35.950 120 5",
        "[35.95, 35.41]",
        "[35.95, 35.41, 120]",
        "35.41, 35.95, 120",
        "geo:35.41,35.95",
        "+35.41+035.95/",
        "+352436+0355700/",
        "35-24.6N, 035-57.0E",
        "N35-24-36 E035-57-00",
        "35 24.6N 35 57.0E",
        "(35.41; 35.95)",
        "POINT (35.95 35.41)",
    ],
)
def test_notations_of_a_pair(read, cell):
    reading = read(tabs(("n", "coordinates"), ("A", cell)), "a.csv")
    if not places(reading):
        reading = read(tabs(("n", "geom"), ("A", cell)), "a.csv")
    assert places(reading) == near(PLACE), result_text(reading)


@pytest.mark.parametrize(
    "rows",
    [
        (("lat", "lon"), ("352436N", "0355700E")),
        (("lat", "lon"), ("3524.6N", "03557.0E")),
        (("lat", "lon"), ("٣٥٫٤١", "٣٥٫٩٥")),
        (("lat", "lon"), ("۳۵.۴۱", "۳۵.۹۵")),
        (("lat", "N/S", "lon", "E/W"), ("3524.6", "N", "03557.0", "E")),
        (
            ("lat_deg", "lat_min", "lat_sec", "lon_deg", "lon_min", "lon_sec"),
            ("35", "24", "36", "35", "57", "0"),
        ),
        (
            ("lat_d", "lat_m", "lat_s", "lon_d", "lon_m", "lon_s"),
            ("35", "24", "36", "35", "57", "0"),
        ),
        (("Lat°", "Lat'", "Lon°", "Lon'"), ("35", "24.6", "35", "57")),
        (("Lat Deg", "Lat Min", "Lon Deg", "Lon Min"), ("35", "24.6", "35", "57")),
        (("GPSLatitude", "GPSLatitudeRef", "GPSLongitude"), ("35.41", "North", "35.95")),
        (("Länge", "Breite"), ("35.95 O", "35.41 N")),
        (("latitudeE7", "longitudeE7"), ("354100000", "359500000")),
    ],
)
def test_notations_of_two_columns(read, rows):
    reading = read(tabs(*rows), "a.csv")
    assert places(reading) == near(PLACE), result_text(reading)


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ((("lat", "N/S", "lon", "E/W"), ("3524.6", "S", "03557.0", "W")), (-35.41, -35.95)),
        ((("Latitude", "Longitude (°W)"), ("35.41", "80.95")), (35.41, -80.95)),
        ((("Nom", "lat", "lon"), ("A", "35.41 N", "5.95 O")), (35.41, -5.95)),
    ],
)
def test_south_and_west_are_negative(read, rows, place):
    reading = read(tabs(*rows), "a.csv")
    assert places(reading) == near(place), result_text(reading)


def test_direction_o_is_rejected_unless_the_table_shows_what_it_is(read):
    alone = read(tabs(("lat", "lon"), ("35.41 N", "35.95 O")), "a.csv")
    assert "east (Ost) or west (Ouest, Oeste)" in result_text(alone)
    beside = read(tabs(("lat", "lon"), ("35.41 N", "35.95 O"), ("35.41 N", "3.5 W")), "a.csv")
    assert places(beside) == [pytest.approx(PLACE), pytest.approx((35.41, -3.5))]
    assert "read as east" in result_text(beside)


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("place\tratio", "X\t34/36"),
        ("name", "Checkpoint 35 of 41"),
        ("phone", "+963 35 123456"),
        ("telephone", "35 41 35 95"),
        ("when", "12/12/2024"),
        ("period", "35/41, 35/95"),
        ("version", "35.4.36"),
        ("Preis", "35,41 €"),
        ("Preis", "35,41"),
        ("range", "35.41 - 35.95"),
        ("range", "1.25 / 2.75"),
        ("ratio", "1.234/2.345"),
        ("budget", "12.345; 23.456"),
        ("Spannweite", "12,345; 13,456"),
        ("acceleration", "0.0123, 9.8123, 1.2345"),
        ("box", "35.1234,36.1234,35.9999,36.8888"),
        ("isbn", "978-3-16-148410-0"),
        ("phones", "0935 123456, 0944 123456"),
        ("sheet", "I-37-XXIII"),
        ("sheet", "NI 36-16"),
        ("ip", "35.4.36.95"),
        ("plate", "34 ABC 123"),
        ("plate", "34 FGH 1234"),
        ("serial", "12CAB123456"),
        ("lat (rad)\tlon (rad)", "0.61802\t0.62745"),
        ("source", "Some online source"),
        ("OSD.isVision", "False"),
        ("kind", "Point of entry"),
        ("kind", "POINT (north gate)"),
        ("hash", "0101abcdef0123456789abcdef0123"),
        ("score", "34:36"),
        ("location", "12, 14"),
        ("location", "Room 35, 41"),
        ("Koordinaten", "35,41"),
        ("size", "35.4x36.1"),
        ("address", "100N 200E"),
        ("x\ty", "12\t20"),
        ("x\ty\tz", "0.12\t9.81\t0.33"),
        ("x\ty\tw\th", "120.55\t80.25\t33\t44"),
        ("late\tlone", "35.41\t35.95"),
        ("platform\talong", "35.41\t35.95"),
        ("x\ty", "0.5312\t0.2754"),
        ("lat_min\tlat_max\tlon_min\tlon_max", "35.1\t35.9\t35.2\t36.4"),
        ("lat_n\tlat_s\tlon_e\tlon_w", "35.9\t35.1\t36.4\t35.2"),
        ("lat\tlon_w\tlon_e", "35.91\t35.12\t36.41"),
        ("lat_error\tlon_error", "0.0012\t0.0031"),
        ("north\tsouth\teast\twest", "35.91\t35.12\t36.41\t35.33"),
        ("Name\tBreite\tLänge\tHöhe", "LKW\t2,55\t12,00\t4,00"),
        ("Breite (m)\tLänge (m)", "2,55\t12,00"),
    ],
)
def test_nothing_else_becomes_a_place(read, head, cells):
    reading = read(text(f"n\t{head}", f"A\t{cells}", f"B\t{cells}"), "a.csv")
    assert reading.verdict == "reject", (reading.detected.coordinates, places(reading))
    assert "No coordinates were detected" in result_text(reading)


@pytest.mark.parametrize(
    ("lat", "why"),
    [
        ("35.24.36", "not a coordinate"),
        ("35.401.100", "not a coordinate"),
        ("35-36", "not a coordinate"),
        ("-35.4 S", "both a sign and a direction"),
        ("N 35.4 N", "not a coordinate"),
        ("35.5° 24'", "not a coordinate"),
        ("35°24'61\"", "60 or more"),
        ("35.4 to 35.5", "not a coordinate"),
    ],
)
def test_doubtful_cells_of_a_latitude_are_rejected_with_the_reason(read, lat, why):
    reading = read(tabs(("lat", "lon"), ("35.41", "35.95"), (lat, "35.95")), "a.csv")
    assert (reading.accepted, reading.rejected_count) == (1, 1)
    assert why in result_text(reading)


def test_letters_beside_coordinates_cost_no_file(read):
    rows = (("ref", "source", "seen"), ("37SBV3166018490", "Some online source", "False"))
    assert read(tabs(*rows), "a.csv").detected.coordinates == ("ref",)
    rows = (("OSD.isVision", "OSD.latitude", "OSD.longitude"), ("False", "35.41", "35.95"))
    assert places(read(tabs(*rows), "a.csv")) == near(PLACE)


@pytest.mark.parametrize(
    ("north", "east"),
    [
        ("Northing (m)", "Easting (m)"),
        ("Y (m)", "X (m)"),
        ("Hochwert", "Rechtswert"),
        ("UTM_N", "UTM_E"),
        ("Koordinat Y", "Koordinat X"),
        ("Координата Y", "Координата X"),
    ],
)
def test_columns_of_metres_are_known_by_name(read, north, east):
    reading = read(tabs((north, east), ("3921000.5", "231000")), "a.csv", crs="EPSG:32637")
    assert places(reading) == [pytest.approx((35.396, 36.038), abs=0.001)]


def test_metres_with_thousands_separators(read):
    for east, north in (
        ("231.000,5", "3.921.000,25"),
        ("231,000.5", "3,921,000.25"),
        ("231 000,5", "3 921 000,25"),
        ("231,000", "3,921,000"),
    ):
        body = tabs(("Easting", "Northing"), (east, north))
        place = places(read(body, "a.csv", crs="EPSG:32637"))
        assert place == [pytest.approx((35.396, 36.038), abs=0.001)], (east, north)


GDELT = "GLOBALEVENTID,Actor1Geo_Lat,Actor1Geo_Long,ActionGeo_Lat,ActionGeo_Long"


def test_event_is_taken_before_the_actors_and_the_others_are_offered(read):
    body = text(GDELT, "1,33.5,36.3,35.41,35.95", "2,,,35.42,35.95")
    reading = read(body, "a.csv")
    actor = ("Actor1Geo_Lat", "Actor1Geo_Long")
    assert reading.detected.coordinates == ("ActionGeo_Lat", "ActionGeo_Long")
    assert reading.detected.other_coordinates == (actor,)
    assert "“Actor1Geo_Long” (up to 214 km away in 1 of 1 compared rows)" in result_text(reading)
    assert reading.verdict == "accept"  # the names tell which one is the event
    chosen = read(body, "a.csv", coordinates=actor)
    assert places(chosen) == near((33.5, 36.3))
    assert chosen.detected.other_coordinates == (("ActionGeo_Lat", "ActionGeo_Long"),)


@pytest.mark.parametrize(
    ("head", "taken"),
    [
        ("HOME.latitude,HOME.longitude,OSD.latitude,OSD.longitude", "OSD.latitude"),
        ("origin_lat,origin_lon,lat,lon", "lat"),
        ("end_lat,end_lon,start_lat,start_lon", "start_lat"),
        ("camera_lat,camera_lon,target_lat,target_lon", "target_lat"),
    ],
)
def test_plain_and_event_names_go_before_others(read, head, taken):
    reading = read(text(head, "33.5,36.3,35.41,35.95"), "a.csv")
    assert reading.detected.coordinates[0] == taken
    assert places(reading) == near(PLACE)
    assert len(reading.detected.other_coordinates) == 1


def test_columns_that_contradict_the_places_are_a_warning(read):
    far = read(text("lat,lon,wkt", "35.41,35.95,POINT (40 33)"), "a.csv")
    assert far.verdict == "accept-with-warning"
    assert "“wkt” (up to 459 km away" in result_text(far)
    same = read(text("lat,lon,wkt", "35.41,35.95,POINT (35.95 35.41)"), "a.csv")
    assert same.verdict == "accept"
    body = collection(feature(point(35.95, 35.41), lat=33.0, lon=40.0))
    assert "Its columns differ: “lat”, “lon”" in result_text(read(body, "a.geojson"))
    body = collection(feature(point(35.95, 35.41), lat=35.41, lon=35.95))
    assert read(body, "a.geojson").verdict == "accept"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("coordinates", [35.95, 35.41]),
        ("lonlat", "35.95 35.41"),
        ("x/y", "35.95, 35.41"),
        ("coordinates", json.dumps([35.95, 35.41])),
    ],
)
def test_lists_are_longitude_first(read, name, cell):
    reading = read(tabs(("n", name), ("A", str(cell))), "a.csv")
    assert places(reading) == near(PLACE)
    assert reading.detected.notation == "lonlat"
    assert "longitude, latitude" in result_text(reading)


def test_other_coordinates_in_metres_can_be_chosen_as_they_are_offered(read):
    body = text("easting,northing,lat,lon", "231000,3921000,35.41,35.95")
    offered = read(body, "a.csv").detected.other_coordinates
    assert offered == (("easting", "northing"),)
    for columns in (offered[0], ("northing", "easting")):
        reading = read(body, "a.csv", coordinates=columns, crs="EPSG:32637")
        assert places(reading) == [pytest.approx((35.396, 36.038), abs=0.001)]


@pytest.mark.parametrize("name", ["latlng", "lat,lon", "Lat Long"])
def test_lists_are_latitude_first_where_the_name_says_so(read, name):
    reading = read(tabs(("n", name), ("A", "[35.41, 35.95]")), "a.csv")
    assert places(reading) == near(PLACE)


def test_lists_that_contradict_latitude_and_longitude_are_a_warning(read):
    body = tabs(("coordinates", "lat", "lon"), ("[35.41, 35.95]", "35.41", "35.95"))
    reading = read(body, "a.csv")
    assert reading.verdict == "accept-with-warning"
    assert places(reading) == near(PLACE)
    assert "“coordinates” (up to 77 km away" in result_text(reading)


def test_a_latitude_goes_with_the_longitude_of_its_kind(read):
    reading = read(text("lat,lon,latitude,longitude", "33.5,36.3,35.41,35.95"), "a.csv")
    assert reading.detected.coordinates == ("lat", "lon")
    assert reading.detected.other_coordinates == (("latitude", "longitude"),)
    empty = read(text("lat,lon,latitude,longitude", ",,35.41,35.95"), "a.csv")
    assert places(empty) == near(PLACE)


def test_a_column_called_geometry_can_be_chosen_by_its_name(read):
    body = text("geometry,lat,lon", "POINT (35.95 35.41),33.5,36.3")
    reading = read(body, "a.csv")
    assert reading.detected.other_coordinates == (("geometry",),)
    assert reading.verdict == "accept-with-warning"
    assert places(read(body, "a.csv", coordinates=("geometry",))) == near(PLACE)


def in_parts(number: float, places: int = 2) -> tuple[int, int, float]:
    """Split a number of degrees into whole degrees, whole minutes and seconds."""
    seconds = round(abs(number) * 3600, places)
    return int(seconds // 3600), int(seconds // 60 % 60), round(seconds % 60, places)


def as_signs(lat: float, lon: float) -> str:
    (a, b, c), (d, e, f) = in_parts(lat), in_parts(lon)
    return f"{a}°{b:02}′{c:05.2f}″{'NS'[lat < 0]} {d}°{e:02}′{f:05.2f}″{'EW'[lon < 0]}"


def as_digits(lat: float, lon: float) -> str:
    (a, b, c), (d, e, f) = in_parts(lat), in_parts(lon)
    return f"{a:02}{b:02}{c:05.2f}{'NS'[lat < 0]} {d:03}{e:02}{f:05.2f}{'EW'[lon < 0]}"


def as_prefixes(lat: float, lon: float) -> str:
    (a, b, c), (d, e, f) = in_parts(lat), in_parts(lon)
    return f"{'NS'[lat < 0]}{a} {b} {c:.2f}, {'EW'[lon < 0]}{d} {e} {f:.2f}"


def as_iso(lat: float, lon: float) -> str:
    return f"{lat:+08.4f}{lon:+09.4f}/"


WRITERS = (
    as_signs,
    as_digits,
    as_prefixes,
    as_iso,
    lambda lat, lon: f"{lat:.5f}, {lon:.5f}",
    lambda lat, lon: f"{lat:.5f};{lon:.5f}".replace(".", ","),
    lambda lat, lon: f"{lat:.5f} {lon:.5f}".replace(".", ","),
    lambda lat, lon: f"({lat:.5f} {lon:.5f})".translate(
        str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
    ),
    lambda lat, lon: f"{abs(lat):.5f}{'NS'[lat < 0]}/{abs(lon):.5f}{'EW'[lon < 0]}",
    lambda lat, lon: f"{abs(lon):.5f}° {'EW'[lon < 0]}, {abs(lat):.5f}° {'NS'[lat < 0]}",
    lambda lat, lon: f"lat={lat:.5f} lon={lon:.5f}",
)


@settings(max_examples=150)
@given(lat=st.floats(-89.9, 89.9), lon=st.floats(-179.9, 179.9), write=st.sampled_from(WRITERS))
def test_every_notation_gives_the_place_back(lat, lon, write):
    found = parse_pair(write(lat, lon))
    assert found[2] == "", write(lat, lon)
    assert found[:2] == pytest.approx((lat, lon), abs=1e-4), write(lat, lon)


@settings(max_examples=150)
@given(cell=st.text("0123456789.,;:/-+ °'\"NSEWOKDnsewdm()[]٣۵", max_size=40))
def test_text_of_digits_and_signs_never_raises(cell):
    lat, lon, why = parse_pair(cell)
    assert bool(why) == math.isnan(lat + lon)
    for axis in ("lat", "lon"):
        number, why = parse_degrees(cell, axis)
        assert bool(why) == math.isnan(number)
