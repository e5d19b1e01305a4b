from dataclasses import replace
from itertools import chain

import pandas as pd
import pytest

from geo import geodesy
from geo.errors import EvidenceError
from geo.evidence.day_counts import TIME_COLUMNS
from geo.evidence.layer_tables import build_places_frame, build_rings_frame, build_routes_frame

COLUMNS = [
    *("id", "source", "publisher", "reported_on", "reported", "url", "source_set"),
    *("place", "place_name", "place_name_ar", "subject", "systems", "says", "evidence"),
    *("attributed_to", "observed_from", "observed_to", "date_class", "location_class"),
    *("certainty", "stance", "count_min", "count_max", "state", "note", "origins"),
    *("conflicts", "locator", "review", "reliability", "credibility", "likelihood", "confidence"),
    *("archive_url", "accessed_on", "copy_sha256", "missing"),
    *("image_sha256", "image_credit", "image_alt", "image_licence", "image_may_publish"),
    *("reported_from", "reported_to"),
    *("distance_words", "distance_min_m", "distance_max_m", "bearing_from", "bearing_to"),
    *("distance_label", "arc", "geometry"),
]


@pytest.fixture(scope="module")
def by_id(claims):
    return claims.set_index("id")


def test_claims_frame_has_one_row_per_claim_in_record_order(evidence, claims):
    assert list(claims["id"]) == [claim.id for claim in evidence.claims]
    assert list(claims.columns) == COLUMNS
    assert claims.crs == "EPSG:4326"


def test_claims_frame_keeps_types(claims):
    for name in ("reported_on", "accessed_on", *chain(*TIME_COLUMNS.values())):
        assert claims[name].dtype == "datetime64[ms]"
        assert (claims[name].dropna() == claims[name].dropna().dt.normalize()).all()
    assert claims["count_min"].dtype == claims["count_max"].dtype == "Int64"
    for name in ("systems", "origins", "conflicts"):
        assert all(isinstance(value, list) for value in claims[name])


def test_claim_has_geometry_only_with_a_location(claims):
    drawn = claims.geometry.notna()
    assert ((claims["location_class"] != "none") == drawn).all()
    assert claims[drawn].geometry.is_valid.all()


def test_claim_row_has_its_source_place_and_conflicts(by_id):
    row = by_id.loc["nyt-06"]
    assert row["conflicts"] == ["convoy-length"]
    assert row["source_set"] == "articles"
    assert row["observed_from"] == pd.Timestamp("2024-12-13")
    assert by_id.loc["ext-01a", "place_name"] == "Tartus naval base"
    assert by_id.loc["ext-01a", "reported"] == "reported by USNI News on 10 December 2024"


def test_claim_is_reported_on_the_day_or_in_the_month_of_its_source(by_id, evidence):
    for row in by_id.itertuples():
        source = evidence.source_by_id[row.source]
        days = pd.date_range(row.reported_from, row.reported_to) if source.when else []
        assert len(days) == {"day": 1, "month": 31, "unknown": 0}[source.reported_on_precision] or (
            source.when == "February 2021" and len(days) == 28
        )
        assert all(day.strftime("%B %Y") in source.when for day in days)


def test_vague_number_gives_no_count(by_id):
    assert pd.isna(by_id.loc["nyt-15", "count_min"])
    assert by_id.loc["ext-09", "count_min"] == 150
    assert pd.isna(by_id.loc["ext-09", "count_max"])


def test_frames_do_not_share_lists(evidence, claims):
    claims_again = claims.copy(deep=True)
    claims_again.at[0, "systems"] = ["changed"]
    assert claims.at[0, "systems"] == ["An-124"]
    assert evidence.claims[0].systems == ("An-124",)


def test_places_frame_has_geometry_for_every_place(evidence):
    places = build_places_frame(evidence).set_index("id")
    kinds = places.geometry.geom_type.to_dict()
    assert kinds == {
        "khmeimim": "Polygon",
        "tartus": "Polygon",
        "tartus-offshore": "Polygon",
        "convoy-damascus-homs": "LineString",
    }
    assert places.geometry.is_valid.all()
    # one eighth of the ring from 7 to 12 km
    assert places.loc["tartus-offshore", "area_km2"] == pytest.approx(37.3, abs=0.2)
    assert pd.isna(places.loc["convoy-damascus-homs", "area_km2"])


def test_khmeimim_outline_contains_runways_and_aprons(evidence):
    outline = build_places_frame(evidence).set_index("id").geometry["khmeimim"]
    ends = [end for r in evidence.airfield.runways for end in (r.north_end, r.south_end)]
    aprons = [(apron.lon, apron.lat) for apron in evidence.airfield.aprons]
    for lon, lat in ends + aprons:
        nearest = min(
            geodesy.measure_distance_bearing((lon, lat), point)[0]
            for point in outline.exterior.coords
        )
        assert nearest > 350


def test_offshore_label_is_in_the_middle_of_the_sector(evidence):
    place, tartus = evidence.place_by_id["tartus-offshore"], evidence.place_by_id["tartus"]
    distance, bearing = geodesy.measure_distance_bearing(
        (tartus.lon, tartus.lat), (place.label_lon, place.label_lat)
    )
    assert distance == pytest.approx(9_500, abs=5)
    assert bearing == pytest.approx(292.5, abs=0.1)


def test_routes_frame_distinguishes_weaker_inference(evidence):
    routes = build_routes_frame(evidence).set_index("id")
    assert routes["inference"].to_dict() == {
        "M5": "inferred",
        "M1a": "weaker inference",
        "M1b": "weaker inference",
    }
    # straight lines between points are shorter than the road
    assert (routes["length_km"] <= routes["surveyed_km"]).all()
    assert (routes["length_km"] > 0.9 * routes["surveyed_km"]).all()
    assert routes.loc["M5", "max_deviation_m"] == 3424
    assert routes["attribution"].str.contains("OpenStreetMap").all()


def test_rings_frame_measures_from_tartus(evidence):
    rings = build_rings_frame(evidence, radii_m=(2_500, 10_000))
    assert list(rings["radius_km"]) == [2.5, 10]
    assert list(rings["id"]) == ["ring-2.5km", "ring-10km"]
    assert list(build_rings_frame(evidence)["radius_m"]) == [5_000, 10_000, 15_000]
    assert set(rings.geometry.geom_type) == {"LineString"}


def test_place_on_a_missing_route_is_an_evidence_error(evidence):
    with pytest.raises(EvidenceError, match="no route"):
        build_places_frame(replace(evidence, routes=()))
