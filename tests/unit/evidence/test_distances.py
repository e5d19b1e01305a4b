"""Reports that give a distance from a point and no spot: recipe, shapes, words, faults."""

import json

import numpy as np
import pytest
import shapely
from pydantic import ValidationError
from pyproj import Geod

from geo.evidence import check_evidence
from geo.evidence.distance import Distance, describe_bearings, find_bearings
from geo.evidence.distance_shapes import build_distance_shape
from geo.mapping.features import encode_view_features
from geo.view import View

WGS84 = Geod(ellps="WGS84")
PORT = {"name": "the port", "lon": 35.866, "lat": 34.905}
STATED = {  # metres, and the bearings between which it is
    "ext-03a": (13_000, 13_000, 292.5, 337.5),
    "ext-04b": (7_000, 12_000, 247.5, 337.5),
    "ext-22a": (9_260, 9_260, 150, 380),
    "ext-22b": (28_900, 28_900, 150, 380),
    "ext-22c": (8_000, 8_000, 150, 380),
}


def measure(shape, lon=PORT["lon"], lat=PORT["lat"]):
    """Return distances (m) and bearings of the vertices of a shape from a point."""
    x, y = shapely.get_coordinates(shape).T
    bearings, _, metres = WGS84.inv(np.full(len(x), lon), np.full(len(x), lat), x, y)
    return metres, bearings % 360


def build(evidence, centre=PORT, **fields):
    return build_distance_shape(evidence, Distance(centre=centre, **fields))


@pytest.fixture(scope="module")
def served(builtin_store):
    view = View(sources="all")
    answer = json.loads(encode_view_features("claims", view, builtin_store))
    return {one["id"]: one for one in answer["features"]}


@pytest.mark.parametrize("claim_id", STATED)
def test_served_arc_is_at_its_distance(served, claim_id):
    near, far, start, end = STATED[claim_id]
    feature = served[claim_id]
    metres, bearings = measure(
        shapely.from_geojson(json.dumps(feature["properties"]["arc"]["line"]))
    )
    assert metres.min() == pytest.approx(near, rel=0.01)
    assert metres.max() == pytest.approx(far, rel=0.01)
    within = ((bearings - start + 0.1) % 360 <= end - start + 0.2) | (end - start == 360)
    assert within.all()
    band, _ = measure(shapely.from_geojson(json.dumps(feature["geometry"])))
    assert band.min() <= near * 1.005
    assert band.max() >= far * 0.995


def test_no_arc_goes_over_land_where_the_report_is_of_the_sea(evidence, shipped):
    land = shapely.from_geojson((shipped / "basemap" / "land.geojson").read_text("utf-8"))
    seaward = [one for one in evidence.claims if one.distance and one.distance.seaward]
    assert {one.id for one in seaward} == {"ext-22a", "ext-22b", "ext-22c"}
    for claim in seaward:
        line = build_distance_shape(evidence, claim.distance).line
        on_land = shapely.length(shapely.intersection(line, land))
        assert on_land < 1e-6


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"distance_m": 13_000.0, "bearing_from": 292.5, "bearing_to": 337.5},
            "13 km north-west of",
        ),
        ({"distance_m": 13_000.0, "tolerance_m": 1_000.0}, "about 13 km from"),
        ({"min_m": 7_000.0, "max_m": 12_000.0, "seaward": True}, "7 to 12 km off"),
        ({"min_m": 800.0, "max_m": 1_200.0}, "800 m to 1.2 km from"),
        ({"distance_m": 500.0, "words": "a few hundred metres"}, "a few hundred metres from"),
        (
            {"distance_m": 9_000.0, "bearing_from": 350.0, "bearing_to": 10.0},
            "9 km at bearings 350° to 10° from",
        ),
    ],
)
def test_distance_in_words(fields, words):
    assert Distance(centre=PORT, **fields).describe("the port") == f"{words} the port"


def test_winds_become_sectors_and_back():
    assert find_bearings(("north-west",)) == (292.5, 337.5)
    assert find_bearings(("west", "north-west")) == (247.5, 337.5)
    assert find_bearings(("north-east", "north")) == (337.5, 67.5)
    assert find_bearings(("north", "south")) is None
    assert describe_bearings(337.5, 67.5) == "north and north-east of"
    assert describe_bearings(0, 100) == "at bearings 0° to 100° from"


def test_sector_across_north_opens_by_twenty_degrees(evidence):
    shape = build(evidence, distance_m=9_000.0, tolerance_m=500.0, bearing_from=350, bearing_to=10)
    _, bearings = measure(shape.line)
    assert ((bearings >= 349.9) | (bearings <= 10.1)).all()
    assert shape.band.is_valid


def test_ring_across_180_is_split_and_at_its_distance(evidence):
    centre = {"name": "a spot", "lon": 179.9, "lat": -17.0}
    shape = build(evidence, centre, distance_m=30_000.0, tolerance_m=2_000.0, seaward=True)
    assert shape.band.geom_type == "MultiPolygon"
    assert np.abs(shapely.get_coordinates(shape.band)[:, 0]).max() <= 180
    metres, _ = measure(shape.line, centre["lon"], centre["lat"])
    assert metres == pytest.approx(30_000, rel=0.01)


def test_ring_far_south_is_round_on_the_ground(evidence):
    centre = {"name": "a spot", "lon": 167.0, "lat": -78.0}
    shape = build(evidence, centre, distance_m=100_000.0)
    metres, _ = measure(shape.line, centre["lon"], centre["lat"])
    assert metres == pytest.approx(100_000, rel=0.01)
    assert shape.band.is_valid


def test_whole_ring_is_drawn_where_nothing_is_known_of_the_coast(evidence):
    centre = {"name": "a spot", "lon": -30.0, "lat": 10.0}
    ring = build(evidence, centre, distance_m=5_000.0)
    assert build(evidence, centre, distance_m=5_000.0, seaward=True).band.equals(ring.band)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "no distance is given"),
        ({"distance_m": 0.0}, "the point itself"),
        ({"distance_m": 30_000_000.0}, "more than 1,000 km"),
        ({"distance_m": 1_000.0, "tolerance_m": 1_500.0}, "tolerance is not below"),
        ({"min_m": 1_000.0}, "two ends"),
        ({"min_m": 2_000.0, "max_m": 1_000.0}, "not below the largest"),
        ({"distance_m": 1_000.0, "max_m": 2_000.0}, "one number or a span"),
        ({"distance_m": 1_000.0, "bearing_from": 10.0}, "between two bearings"),
        ({"distance_m": 1_000.0, "bearing_from": 10.0, "bearing_to": 10.0}, "opens by no angle"),
        ({"distance_m": float("nan")}, "finite"),
    ],
)
def test_impossible_distance_is_refused_with_the_reason(fields, word):
    with pytest.raises(ValidationError, match=word):
        Distance(centre=PORT, **fields)


def test_check_data_names_a_missing_centre_and_a_ring_round_the_pole(folder):
    own = {"location_class": "distance", "place": "tartus"}
    recipe = {"centre": "nowhere", "distance_m": 5000.0}
    folder.set("claims-wider.json", "ext-03a", **own, distance=recipe)
    polar = {"centre": {"name": "x", "lon": 0.0, "lat": 89.9}, "distance_m": 50_000.0}
    folder.set("claims-wider.json", "ext-22b", **own, distance=polar)
    folder.set("claims-wider.json", "ext-22c", **own, distance=None)
    folder.set("claims-wider.json", "ext-22a", location_class="area")
    found = {(one.record, one.field): str(one) for one in check_evidence(folder.path)}
    assert "no place with a point" in found["ext-03a", "distance.centre"]
    assert "round the pole" in found["ext-22b", "distance"]
    assert "needs a distance" in found["ext-22c", "distance"]
    assert "has no distance" in found["ext-22a", "distance"]
