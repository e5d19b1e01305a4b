"""Coordinate and measuring routes: known values, round trips and bad requests."""

import json
import math
from itertools import pairwise
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lat_lon_parser import parse
from mgrs import MGRS
from pyproj import Geod
from starlette.applications import Starlette

from geo.geodesy import NORTH_END, SOUTH_END, format_coordinates, measure_line
from geo.server.routes import routes
from tests.support.asgi_client import Answer, get

APP = Starlette(routes=routes())
WGS84 = Geod(ellps="WGS84")
KHMEIMIM = (35.4011, 35.9487)  # aerodrome reference point: lat, lon
DAMASCUS, HOMS = (33.513, 36.292), (34.73, 36.71)
HUNDREDTH = 0.005 / 3600 + 1e-9  # degrees: half of a hundredth of a second
SQUARE = math.sqrt(2) + 0.01  # metres: the diagonal of an MGRS square

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
points = st.tuples(latitudes, longitudes)
lines = st.lists(points, min_size=2, max_size=50)


def asked(address: str) -> Answer:
    """Return the response; its JSON must be valid for a browser (no NaN)."""
    found = get(APP, address)
    assert found.kind == "application/json"
    json.loads(found.body, parse_constant=lambda name: pytest.fail(f"{name} in {address}"))
    return found


def grid(lat: object, lon: object) -> Answer:
    return asked("/map/grid?" + urlencode({"lat": lat, "lon": lon}))


def measure(*line: object) -> Answer:
    return asked("/map/measure?" + urlencode([("p", point) for point in line]))


def as_text(point: tuple[float, float]) -> str:
    return ",".join(map(repr, point))


def read(text: str) -> tuple[float, float]:
    lat, lon = (parse(part) for part in text.split(","))
    return lat, lon


def apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the metres between two points (lat, lon)."""
    return WGS84.inv(a[1], a[0], b[1], b[0])[2]


def test_khmeimim_coordinates_are_formatted_in_all_notations():
    found = format_coordinates(*KHMEIMIM)
    assert found == {
        "dd": "35.40110° N, 35.94870° E",
        "dms": "35° 24' 03.96\" N, 35° 56' 55.32\" E",
        "mgrs": "36SYE6779321518",
    }
    assert read(found["dms"]) == pytest.approx(KHMEIMIM, abs=1e-6)
    assert read(found["dd"]) == pytest.approx(KHMEIMIM, abs=1e-9)
    assert found["mgrs"] == MGRS().toMGRS(*KHMEIMIM)
    assert apart(MGRS().toLatLon(found["mgrs"]), KHMEIMIM) < 1


@pytest.mark.parametrize(
    ("at", "dms"),
    [
        ((35 + 2 / 60, 36 - 1e-7), "35° 02' 00.00\" N, 36° 00' 00.00\" E"),  # seconds carry over
        ((-33.5, -70.25), "33° 30' 00.00\" S, 70° 15' 00.00\" W"),
        ((-1e-9, -0.0), "0° 00' 00.00\" N, 0° 00' 00.00\" E"),  # zero has no south
        ((90, -180), "90° 00' 00.00\" N, 180° 00' 00.00\" W"),
    ],
)
def test_dms_edge_cases_are_formatted_in_full(at, dms):
    assert format_coordinates(*at)["dms"] == dms


@given(points)
@example((35 + 59.9999 / 60, 180.0))
@example((-89.9999999999, -179.9999999999))
@example((-3.9e-10, 0.0))
def test_formatted_coordinates_parse_back_to_the_point(at):
    found = grid(*at).json
    assert read(found["dd"]) == pytest.approx(at, abs=5.1e-6)
    assert read(found["dms"]) == pytest.approx(at, abs=HUNDREDTH)
    assert (found["mgrs"] is None) == (not SOUTH_END <= at[0] <= NORTH_END) == ("why" in found)
    if found["mgrs"]:
        assert apart(MGRS().toLatLon(found["mgrs"]), at) < SQUARE


@pytest.mark.parametrize("lat", [84.0001, 90, -80.0001, -90])
def test_grid_beyond_the_mgrs_latitudes_gives_the_reason(lat):
    found = grid(lat, 10)
    assert found.status == 200
    assert found.json["mgrs"] is None
    assert "84° N" in found.json["why"]


def test_distance_from_damascus_to_homs_equals_that_of_pyproj():
    found = measure(as_text(DAMASCUS), as_text(HOMS)).json
    bearing, _, metres = WGS84.inv(DAMASCUS[1], DAMASCUS[0], HOMS[1], HOMS[0])
    assert found["legs"] == [{"metres": metres, "bearing": bearing % 360}]
    assert found["metres"] == metres
    assert 140_000 < metres < 141_000


def test_bearings_are_true_and_none_for_a_zero_length_leg():
    legs = measure_line([(10, 10), (11, 10), (11, 10), (10, 10), (10, 9)])["legs"]
    bearings = [leg["bearing"] for leg in legs]
    assert bearings[:3] == [pytest.approx(0, abs=1e-9), None, pytest.approx(180)]
    assert bearings[3] == pytest.approx(270, abs=0.1)


def test_line_across_the_180th_meridian_is_continuous():
    line = measure_line([(10, 179), (11, -179), (12, 179)])["line"]
    assert max(abs(b[1] - a[1]) for a, b in pairwise(line)) < 1
    assert (line[0], line[-1]) == ([10, 179], [12, 179])


def test_drawn_line_follows_the_geodesic():
    line = measure_line([(34, 30), (36, 60)])["line"]
    middle = WGS84.npts(30, 34, 60, 36, 1)[0]
    assert min(apart((lat, lon), middle[::-1]) for lat, lon in line) < 15_000
    assert sum(apart(a, b) for a, b in pairwise(line)) == pytest.approx(
        apart((34, 30), (36, 60)), abs=1
    )


@settings(max_examples=60)
@given(lines)
def test_total_is_the_sum_of_the_legs_and_the_line_keeps_its_ends(line):
    found = measure(*map(as_text, line)).json
    assert len(found["legs"]) == len(line) - 1
    assert found["metres"] == pytest.approx(sum(leg["metres"] for leg in found["legs"]))
    for leg, (a, b) in zip(found["legs"], pairwise(line), strict=True):
        assert leg["metres"] == pytest.approx(apart(a, b), abs=1e-6)
        assert leg["bearing"] is None or 0 <= leg["bearing"] <= 360
    for drawn, point in ((found["line"][0], line[0]), (found["line"][-1], line[-1])):
        assert apart(tuple(drawn), point) < 0.2
    assert len(found["line"]) <= 100 * len(line)


def test_responses_are_cacheable_for_a_day():
    for found in (grid(*KHMEIMIM), measure("1,2", "3,4")):
        assert found.headers["cache-control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    "address",
    [
        "/map/grid",
        "/map/grid?lat=35",
        "/map/grid?lat=35&lon=",
        "/map/grid?lat=nan&lon=35",
        "/map/grid?lat=35&lon=inf",
        "/map/grid?lat=90.01&lon=0",
        "/map/grid?lat=0&lon=-180.1",
        "/map/grid?lat=1&lat=2&lon=3",
        "/map/grid?lat=1e999&lon=3",
        "/map/grid?lat=35,4&lon=3",
        "/map/measure",
        "/map/measure?p=1,2",
        "/map/measure?p=1,2&p=3",
        "/map/measure?p=1,2&p=3,4,5",
        "/map/measure?p=1,2&p=NaN,4",
        "/map/measure?p=91,0&p=1,1",
        "/map/measure?p=1,2&p=3,-Infinity",
        "/map/measure?" + "&".join(["p=1,2"] * 51),
        "/map/measure?p=%00,%ff&p=%F0%9F%9A%81,1",
    ],
)
def test_bad_request_is_rejected_with_a_message(address):
    found = asked(address)
    assert found.status == 400
    assert len(found.json["error"].split()) > 4
    assert "cache-control" not in found.headers


@given(
    st.sampled_from(["grid", "measure"]),
    st.lists(
        st.tuples(
            st.sampled_from(["lat", "lon", "p", "q"]),
            st.text() | st.floats().map(repr) | st.tuples(st.floats(), st.floats()).map(as_text),
        ),
        max_size=6,
    ),
)
def test_random_queries_give_a_result_or_a_400(name, pairs):
    query = "&".join(f"{key}={quote(value, errors='ignore')}" for key, value in pairs)
    found = asked(f"/map/{name}?{query}")
    assert found.status in (200, 400)
    assert ("error" in found.json) == (found.status == 400)
