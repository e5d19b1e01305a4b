"""Positions that mean "none", and swapped ones: told by coast and borders, never by the area."""

from __future__ import annotations

import pytest

from tests.support.import_results import result_text
from tests.support.sample_files import collection, feature, point, text

HEAD = "n,lat,lon"
HERE = ("A,35.4,35.95", "B,34.9,35.89")


@pytest.mark.parametrize(
    "rows",
    [
        ("Nicosia,35.17,33.36", "Larnaca,34.92,33.63", "Akrotiri,34.59,32.99"),
        ("Nicosia,35.17,33.36",),
        (*HERE, "Nicosia,35.17,33.36", "Akrotiri,34.59,32.99"),
        (*HERE * 5, "Nicosia,35.17,33.36"),
        ("Rhodes,36.44,28.22", "Kastellorizo,36.15,29.59"),
        ("Adana,37.0,35.32", "Incirlik,37.0,35.43"),
        ("Beirut,33.89,35.5",),
        ("Mersin,36.8,34.63",),
        ("Cairo,30.04,31.24",),
        ("Gaza,31.5,34.46", "Haifa,32.8,34.99", "Port Said,31.26,32.3"),
        ("Deir ez-Zor,35.33,40.14", "Hasakah,36.5,40.75", "Qamishli,37.05,41.22"),
        ("Leviathan,33.0,33.6", "at sea,34.9,35.5"),
        ("LA,34.05,-118.2", "Damascus,33.51,36.29", "at sea,34.5,28.0", "at sea,36.0,33.0"),
        ("Tokyo,35.7,139.7", "Sydney,-33.9,151.2", "Nicosia,35.17,33.36", "Quito,-0.2,-78.5"),
    ],
)
def test_true_positions_are_not_called_swapped(read, rows):
    assert "swap" not in result_text(read(text(HEAD, *rows), "a.csv"))


@pytest.mark.parametrize(
    "rows",
    [
        ("Tartus,35.89,34.89",),
        ("Latakia,35.78,35.53", "Tartus,35.89,34.89", "Aleppo,37.16,36.2"),
        ("Homs,36.72,34.73", "Damascus,36.29,33.51"),
        ("Damascus,36.29,33.51",),
        ("Deir ez-Zor,40.14,35.33", "Hasakah,40.75,36.5"),
        ("Latakia,35.78,35.53", "Idlib,36.63,35.93", "Raqqa,39.01,35.95", "Hasakah,40.75,36.5"),
        ("Los Angeles,-118.2,34.05", "Denver,-104.9,39.7"),
    ],
)
def test_swapped_positions_are_offered_the_repair(read, rows):
    reading = read(text(HEAD, *rows), "a.csv")
    assert "swapped" in result_text(reading)
    made = read(text(HEAD, *rows), "a.csv", repairs=("swap",))
    first = rows[0].split(",")
    assert (made.frame.geometry[0].y, made.frame.geometry[0].x) == (
        float(first[2]),
        float(first[1]),
    )


def test_ships_in_any_table_are_not_called_swapped(read):
    body = text("MMSI,lat,lon", "1,36.0,33.0", "1,36.1,33.1")
    assert "swap" not in result_text(read(body, "a.csv"))


def test_no_position_has_its_own_words(read):
    body = text(HEAD, *HERE, "C,91,181", "D,0,0", "E,-999,-999", "F,95,35", "G,91.0,181.0")
    reading = read(body, "a.csv")
    assert (reading.accepted, reading.rejected_count) == (2, 5)
    said = {row.row: row.why for row in reading.rejected}
    assert said[3] == said[7] == "It has no position (AIS 91/181)."
    assert said[4] == "It has no position (null island 0, 0)."
    assert said[5] == "It has no position (placeholder)."
    assert "90°" in said[6]
    assert "rows 3, 7; rejected" in result_text(reading)


def test_no_position_in_other_formats(read):
    body = collection(feature(), feature(point(0, 0)), feature(point(181, 91)))
    reading = read(body, "a.geojson")
    assert (reading.accepted, reading.rejected_count) == (1, 2)
    assert "null island" in result_text(reading)
    body = text("easting,northing", "231000,3921000", "0,0")
    reading = read(body, "a.csv", crs="EPSG:32637")
    assert (reading.accepted, reading.rejected_count) == (1, 1)
    assert "no position" in result_text(reading)


def test_a_place_on_the_equator_or_the_prime_meridian_stays(read):
    assert read(text(HEAD, "A,0,9.45", "B,51.48,0"), "a.csv").accepted == 2


@pytest.mark.parametrize("country", ["Syria", "SYR", "سوريا", "Syrien"])
def test_the_country_of_a_column_tells_what_the_coast_does_not(read, country):
    body = text("n,country,lat,lon", f"Aleppo,{country},37.16,36.2", f"Hama,{country},36.75,35.13")
    assert "look swapped" in result_text(read(body, "a.csv"))
    right = text("n,country,lat,lon", f"Aleppo,{country},36.2,37.16")
    assert "swap" not in result_text(read(right, "a.csv"))


def test_a_place_in_the_country_that_a_column_names_is_not_called_swapped(read):
    body = text("n,country,lat,lon", "Anamur,Türkiye,36.08,32.84", "pier,Turkey,36.4,34.6")
    assert "swap" not in result_text(read(body, "a.csv"))


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("reclat\treclong", "35.4\t36"),
        ("reclat\treclong", "35\t36"),
        ("startlat\tstartlng\tendlat\tendlng", "35.4\t36\t33.5\t36.3"),
        ("evtlat\tevtlon", "35.41\t36.02"),
    ],
)
def test_glued_names_are_a_pair_whatever_the_decimals(read, head, row):
    reading = read(text(f"name\t{head}", f"A\t{row}"), "a.tab")
    (place,) = reading.frame.geometry
    assert (place.y, place.x) == pytest.approx((35.4, 36), abs=0.5)


def test_words_that_end_in_lat_and_lon_are_no_pair(read):
    reading = read(text("dish,salat,salon", "A,3,5", "B,4,7"), "a.csv")
    assert reading.verdict == "reject"


def test_longitudes_from_180_to_360_are_west(read):
    reading = read(text(HEAD, "A,51.2,184.67", "B,-28.7,288.5", "C,35.4,35.95"), "a.csv")
    assert [place.x for place in reading.frame.geometry] == pytest.approx([-175.33, -71.5, 35.95])
    assert "as west" in result_text(reading)


@pytest.mark.parametrize("rows", [(*HERE, "B,35.4,359.5"), (*HERE, "B,35.4,359.5", "C,35,3594")])
def test_one_longitude_beyond_180_is_a_typing_error(read, rows):
    assert read(text(HEAD, *rows), "a.csv").accepted == len(HERE)


def test_one_longitude_beyond_180_is_west_by_choice(read):
    reading = read(text(HEAD, *HERE, "B,35.4,184.5"), "a.csv", repairs=("turn-longitudes",))
    assert reading.frame.geometry.iloc[-1].x == pytest.approx(-175.5)


def test_whole_numbers_above_all_metres_are_degrees_times_ten_million(read):
    reading = read(text(HEAD, "A,354100000,359500000"), "a.csv")
    (place,) = reading.frame.geometry
    assert (place.y, place.x) == pytest.approx((35.41, 35.95))
    assert "times 10,000,000" in result_text(reading)


@pytest.mark.parametrize("unit", ["", "(semicircles)"])
def test_semicircles_of_garmin_are_read(read, unit):
    head = f"timestamp,position_lat{unit},position_long{unit}"
    (place,) = read(text(head, "2024-12-12T10:00:00Z,422466246,428905910"), "a.csv").frame.geometry
    assert (place.y, place.x) == pytest.approx((35.4106, 35.9503), abs=1e-3)


@pytest.mark.parametrize("row", ["A,3920000,768000", "A,35410000,35950000"])
def test_metres_and_millionths_under_the_names_lat_and_lon_are_not_degrees(read, row):
    assert read(text(HEAD, row), "a.csv").verdict == "reject"


def test_x_and_y_of_the_world_are_places_though_one_is_near_0_0(read):
    rows = [f"A,{x}.1234,{y}.4321" for x, y in zip(range(-40, 40), range(5, 85), strict=True)]
    reading = read(text("n,X,Y", *rows, "B,0.5123,0.9123"), "a.csv")
    assert reading.accepted == len(rows) + 1


@pytest.mark.parametrize("row", ["1,A,35.41,35.95,x", "A\tB\t35.41\t35.95"])
def test_a_missing_header_is_named(read, row):
    name = "a.tab" if "\t" in row else "a.csv"
    assert "header is missing" in result_text(read(text(row, row.replace("1", "2")), name))


PLANES = (
    ("x_m,y_m", ("24.52788,14.38976", "35.12345,36.12345")),
    ("x [km],y [km]", ("35.1234,36.1234",)),
    ("x,y", ("-1.64378,2.24147", "1.90665,-1.40440", "24.52788,14.38976")),
    ("x,y", ("35.12345,36.12345", "153.18155,409.53034")),
    ("pos_x,pos_y", ("0.12345,0.54321", "35.12345,36.12345")),
)


@pytest.mark.parametrize(("head", "rows"), PLANES)
def test_x_and_y_of_a_plane_are_no_degrees(read, head, rows):
    assert read(text(f"t,{head}", *(f"0,{row}" for row in rows)), "a.csv").verdict == "reject"


@pytest.mark.parametrize("head", ["X,Y", "x,y", "POINT_X,POINT_Y", "lon_x,lat_y"])
def test_x_and_y_in_degrees_are_places(read, head):
    (place,) = read(text(f"n,{head}", "A,35.9512,35.4112"), "a.csv").frame.geometry
    assert (place.x, place.y) == (35.9512, 35.4112)


@pytest.mark.parametrize("remark", ["# by A, of B", "# Export of name,lat,lon", "#a,b\n# c,d"])
def test_remarks_above_the_header_are_left_out(read, remark):
    reading = read(text(remark, HEAD, "A,35.41,35.95"), "a.csv")
    assert (reading.accepted, reading.rejected_count) == (1, 0)


def test_header_that_begins_with_a_number_sign_stays_the_header(read):
    reading = read(text("# Timestamp,lat,lon", "2024-12-12 10:00,35.41,35.95"), "a.csv")
    assert (reading.accepted, reading.rejected_count) == (1, 0)


@pytest.mark.parametrize(
    "body",
    [
        text("n;loc", 'A;{"lat": 35.41, "lon": 35.95}'),
        text("n;where", "A;lat: 35.41, lon: 35.95"),
        text("n;la;lo", "A;35.41;35.95"),
    ],
)
def test_labelled_pairs_and_short_names_are_places(read, body):
    (place,) = read(body, "a.csv").frame.geometry
    assert (place.x, place.y) == (35.95, 35.41)


def test_articles_in_names_are_no_coordinates(read):
    assert read(text("la,lo,n", "3,5,A", "4,7,B"), "a.csv").verdict == "reject"


def test_delimiter_at_the_end_of_rows_only_is_no_fault(read):
    reading = read(text(HEAD, "A,35.41,35.95,", "B,34.88,36.05,,"), "a.csv")
    assert (reading.accepted, reading.rejected_count) == (2, 0)


def test_a_full_cell_too_many_is_a_fault(read):
    assert read(text(HEAD, "A,35.41,35.95,x", "B,34.88,36.05"), "a.csv").rejected_count == 1


def test_lists_of_small_numbers_are_no_pairs(read):
    body = text("id;vector", "1;[0.1234, 0.5678]", "2;[1.1234, 0.5678]")
    assert read(body, "a.csv").verdict == "reject"


@pytest.mark.parametrize("rows", [("1,91,181",), ("1,91.0,181.0", "2,-999,-999"), ("1,0,0",)])
def test_file_without_any_position_says_so(read, rows):
    reading = read(text("mmsi,lat,lon", *rows), "a.csv")
    assert (reading.verdict, reading.rejected_count) == ("reject", len(rows))
    assert "No position" in result_text(reading)


def test_east_is_o_under_a_german_name(read):
    body = text("id;Koordinaten", "1;35° 24' 36\" N, 35° 57' 0\" O")
    (place,) = read(body, "a.csv").frame.geometry
    assert (place.y, place.x) == pytest.approx((35.41, 35.95))


def test_degrees_that_lost_their_decimal_sign_are_named(read):
    said = result_text(read(text(HEAD, "A,354.011,359.487", "B,353.995,359.502"), "a.csv"))
    assert "“lat”, “lon” (such as 359.487, 354.011) are not degrees: a decimal sign" in said


@pytest.mark.parametrize(
    "lines",
    [
        ("Широта,град.;Долгота,град.", "35,41;35,95"),
        ("Name;Lat, Lon;Wert", "A;35,41;35,95", "B;34,88;36,05"),
        ("lat, dd\tlon, dd", "35,41\t35,95"),
    ],
)
def test_commas_in_header_and_numbers_do_not_split_a_table_of_another_delimiter(read, lines):
    assert read(text(*lines), "a.csv").detected.delimiter in (";", "\t")


@pytest.mark.parametrize(
    "names",
    [
        "földrajzi szélesség;földrajzi hosszúság",
        "geografska širina;geografska dužina",
        "ширина;долгота",
        "paralel;meridyen",
    ],
)
def test_more_languages_of_latitude_and_longitude(read, names):
    (place,) = read(text(names, "35,41;35,95"), "a.csv").frame.geometry
    assert (place.y, place.x) == (35.41, 35.95)
