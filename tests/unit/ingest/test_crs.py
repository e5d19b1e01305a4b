"""The CRS of a file: as its coordinates show, as it is named, and as a user writes it."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS, Transformer

from geo.ingest.base.crs import parse_crs_text
from geo.ingest.base.model import FileRejectedError
from tests.support.import_results import result_text
from tests.support.sample_files import (
    TWO,
    UTM,
    collection,
    feature,
    gpkg,
    parquet,
    point,
    points,
    shapefile,
    text,
    zipped,
)

AIRFIELD = "+proj=aeqd +lat_0=35.4011 +lon_0=35.9487 +datum=WGS84 +units=m +no_defs"
UTM_37N = CRS("EPSG:32637")
LOCAL = 'LOCAL_CS["Site grid",UNIT["metre",1]]'


def _circle(radius: float, crs: str = AIRFIELD) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(0, 0).buffer(radius)], crs=crs)


@pytest.mark.parametrize("radius", [3, 60, 89, 500, 20_000])
@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.gpkg", lambda frame: gpkg({"one": frame})),
        ("a.parquet", parquet),
        ("a.zip", lambda frame: zipped(shapefile(frame))),
    ],
)
def test_circle_in_a_projection_around_the_airfield_is_at_the_airfield(read, radius, name, write):
    reading = read(write(_circle(radius)), name)
    assert reading.verdict == "accept", result_text(reading)
    middle = reading.frame.geometry[0].centroid
    assert (middle.x, middle.y) == pytest.approx((35.9487, 35.4011), abs=1e-3)


@pytest.mark.parametrize(
    "crs",
    ["+proj=tmerc +lat_0=35.4 +lon_0=35.95", "+proj=ortho +lat_0=35.4 +lon_0=35.95"],
)
def test_outline_in_another_local_projection_is_accepted(read, crs):
    reading = read(gpkg({"one": _circle(40, crs)}), "a.gpkg")
    assert reading.verdict == "accept", result_text(reading)


@pytest.mark.parametrize(
    "crs", ["EPSG:32637", "EPSG:3857", "EPSG:22770", "EPSG:32736", "EPSG:28407", "ESRI:102009"]
)
def test_degrees_in_a_projected_crs_are_told(read, crs):
    places = [(-95.0, 39.0), (-96.5, 40.0)] if crs == "ESRI:102009" else TWO
    reading = read(gpkg({"one": points(*places, crs=crs)}), "a.gpkg")
    assert reading.verdict == "reject"
    assert "look like degrees" in result_text(reading)


def test_degrees_labelled_as_the_grid_of_their_own_country_are_told(read):
    reading = read(gpkg({"one": points((10.5, 50.1), (13.4, 52.5), crs="EPSG:25832")}), "a.gpkg")
    assert "look like degrees" in result_text(reading)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4258"])
def test_metres_in_a_geographic_crs_are_told(read, crs):
    frame = points((650_000.0, 5_500_000.0), (651_000.0, 5_501_000.0), crs=crs)
    reading = read(gpkg({"one": frame}), "a.gpkg")
    assert reading.verdict == "reject"
    assert "not degrees" in result_text(reading)


def test_metres_far_outside_of_the_area_of_their_crs_are_told_and_another_is_offered(read):
    reading = read(gpkg({"one": points(*UTM, crs="EPSG:27700")}), "a.gpkg")
    assert "are far outside" in result_text(reading)
    assert "assume-crs:EPSG:32637" in [one.id for one in reading.repairs]


def test_places_in_the_next_utm_zone_are_accepted(read):
    frame = points(*TWO).to_crs("EPSG:32637")
    assert read(gpkg({"one": frame}), "a.gpkg").verdict == "accept"


def test_metres_without_a_crs_are_no_degrees(read):
    for body in (text("n;wkt", "a;POINT (500 -250)"), text("x,y", "231000,3921000")):
        reading = read(body, "a.csv")
        assert reading.verdict == "reject"
        assert "are not degrees" in result_text(reading)


def test_degrees_without_a_crs_are_information(read):
    reading = read(text("name;wkt", "a;POINT (35.9487 35.4011)"), "a.csv")
    assert reading.verdict == "accept"
    assert "look like degrees" in result_text(reading)


@pytest.mark.parametrize(
    ("prj", "word"),
    [
        (LOCAL, "local (engineering)"),
        (CRS("EPSG:5773").to_wkt(), "vertical"),
        (CRS("EPSG:4978").to_wkt("WKT1_GDAL"), "geocentric"),
    ],
    ids=["local", "vertical", "geocentric"],
)
def test_unusable_crs_of_a_file_is_named_with_the_remedy(read, prj, word):
    files = shapefile(points(*UTM, crs="EPSG:32637")) | {"made.prj": prj.encode()}
    reading = read(zipped(files), "a.zip")
    assert reading.verdict == "reject"
    assert word in result_text(reading)
    assert "EPSG:32637 would put it into the study area" in result_text(reading)
    assert read(zipped(files), "a.zip", crs="EPSG:32637").accepted == 2


@pytest.mark.parametrize(
    "written",
    [
        "32637",
        "EPSG:32637",
        "epsg 32637",
        " EPSG: 32637 ",
        "WGS 84 / UTM zone 37N",
        "UTM zone 37N",
        "utm 37n",
        "urn:ogc:def:crs:EPSG::32637",
        "+proj=utm +zone=37 +datum=WGS84 +units=m",
        UTM_37N.to_wkt(),
        UTM_37N.to_wkt("WKT1_ESRI"),
        UTM_37N.to_wkt("WKT1_GDAL", pretty=True),
        UTM_37N.to_json(),
        "EPSG:32637+5773",
    ],
)
def test_crs_is_chosen_as_code_name_wkt_proj_or_projjson(read, written):
    reading = read(text("name,x,y", "a,231000,3921000"), "a.csv", crs=written)
    assert reading.verdict == "accept", result_text(reading)
    place = Transformer.from_crs("EPSG:32637", "EPSG:4326", always_xy=True).transform(*UTM[0])
    found = reading.frame.geometry[0]
    assert (found.x, found.y) == pytest.approx(place, abs=1e-7)


def test_crs_of_metres_around_a_point_is_chosen_as_proj_text(read):
    reading = read(text("name,x,y", "a,0,0", "b,100,0"), "a.csv", crs=AIRFIELD)
    assert reading.verdict == "accept", result_text(reading)
    assert reading.frame.geometry[0].x == pytest.approx(35.9487)
    assert reading.detected.crs.startswith("+proj=aeqd")


@pytest.mark.parametrize("written", ["ESRI:102009", "ESRI:54009", "OGC:CRS84", "NAD27"])
def test_crs_of_another_authority_or_name_is_known(written):
    assert parse_crs_text(written) == CRS.from_user_input(written)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("EPSG:99999", "not a known"),
        ("no such thing", "not a known"),
        ("", "not a known"),
        ("UTM zone 37S", "EPSG:32637 .north. or EPSG:32737"),
        ("37S", "band S of MGRS"),
        ("{}", "not a known"),
        ("https://example.org/crs", "not a known"),
        ("a\x00b", "not a known"),
        ("+proj=tmerc +lon_0=36 +nadgrids=/etc/passwd", "grid shifts"),
        ("+init=/etc/passwd:x", "grid shifts"),
        ("EPSG:32637" + " " * 9 + "x" * 30_000, "not a known"),
    ],
)
def test_unknown_crs_is_refused_with_examples(written, word):
    with pytest.raises(FileRejectedError, match=word):
        parse_crs_text(written)


@pytest.mark.parametrize("written", ["EPSG:5773", "EPSG:4978", LOCAL])
def test_chosen_crs_without_places_is_refused(read, written):
    reading = read(text("name,x,y", "a,231000,3921000"), "a.csv", crs=written)
    assert reading.verdict == "reject"
    assert "The chosen CRS" in result_text(reading)


def test_chosen_crs_that_contradicts_the_coordinates_is_a_warning(read):
    body = collection(feature(point(*TWO[0])))
    reading = read(body, "a.geojson", crs="EPSG:32637")
    assert reading.verdict == "accept-with-warning"
    assert "The chosen CRS, EPSG:32637, has metres" in result_text(reading)


def test_chosen_crs_does_not_move_grid_references(read):
    reading = read(text("name,mgrs", "a,37SBV3166018490"), "a.csv", crs="EPSG:32637")
    assert (reading.verdict, reading.detected.crs) == ("accept", "EPSG:4326")


def test_row_that_its_crs_cannot_express_is_rejected_alone(read):
    frame = points(*UTM, (1e12, 1e12), crs="EPSG:32637")
    reading = read(gpkg({"one": frame}), "a.gpkg")
    assert (reading.accepted, reading.rejected_count) == (2, 1)
    assert "outside of what EPSG:32637 can express" in result_text(reading)
