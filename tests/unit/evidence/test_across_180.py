"""Outlines of places and routes that cross the 180th meridian."""

import pytest
import shapely
from pydantic import ValidationError

from geo.evidence import geometry
from geo.evidence.models import BoundsBox
from geo.geodesy import WGS84

TAVEUNI = (179.95, -16.85)


def test_a_ring_is_split_and_every_vertex_is_as_far_as_it_says():
    ring = geometry.build_ring(*TAVEUNI, 20_000)
    assert len(ring.geoms) >= 2
    lons = shapely.get_coordinates(ring)[:, 0]
    assert lons.min() == -180
    assert lons.max() == 180
    on_the_edge = [point for point in shapely.get_coordinates(ring) if abs(point[0]) == 180]
    for lon, lat in shapely.get_coordinates(ring):
        _, _, far = WGS84.inv(*TAVEUNI, lon, lat)
        assert far == pytest.approx(20_000, abs=30 if abs(lon) == 180 else 1)
    assert len(on_the_edge) == 4


def test_the_area_of_a_circle_is_the_same_on_both_sides():
    crossing = geometry.build_sector(*TAVEUNI, 0, 20_000, 0, 360)
    elsewhere = geometry.build_sector(12.0, TAVEUNI[1], 0, 20_000, 0, 360)
    assert crossing.geom_type == "MultiPolygon"
    assert geometry.measure_area_m2(crossing) == pytest.approx(
        geometry.measure_area_m2(elsewhere), rel=1e-4
    )


def test_a_hull_of_points_on_both_sides_is_small():
    hull = geometry.build_hull([(179.99, -16.8), (-179.98, -16.9)], 500)
    assert hull.geom_type == "MultiPolygon"
    plain = geometry.build_hull([(9.99, -16.8), (10.02, -16.9)], 500)
    assert geometry.measure_area_m2(hull) == pytest.approx(
        geometry.measure_area_m2(plain), rel=0.01
    )


def test_a_box_with_xmin_above_xmax_crosses_and_one_that_is_too_wide_is_refused():
    assert BoundsBox(kind="bounds", bounds=(179.5, -17.0, -179.5, -16.0))
    with pytest.raises(ValidationError, match="wider than half a turn"):
        BoundsBox(kind="bounds", bounds=(35.9, 34.8, 35.8, 34.9))
