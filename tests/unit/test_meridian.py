"""Longitudes about another meridian: shapes across 180 degrees are drawn whole, and kept split."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.camera import parse_camera
from geo.meridian import (
    find_meridian,
    list_boxes,
    split_shape,
    unwrap_box,
    unwrap_longitude,
    unwrap_points,
    unwrap_shapes,
    wrap_longitude,
)

FRAME = (175.0, -20.0, -170.0, -10.0)
LONGITUDES = st.floats(-180, 180, allow_nan=False)


def unwrap(shape: shapely.Geometry, meridian: float = 182.5) -> shapely.Geometry:
    """Unwrap one shape."""
    return unwrap_shapes(np.array([shape], dtype=object), meridian)[0]


def test_the_meridian_of_a_frame_is_its_middle_only_where_it_crosses_180():
    assert find_meridian((34.0, 32.0, 39.0, 37.5)) == 0
    assert find_meridian(FRAME) == 182.5
    assert unwrap_box(FRAME, 182.5) == (175, -20, 190, -10)
    assert unwrap_box((-175.0, -20.0, -170.0, -10.0), 182.5) == (185, -20, 190, -10)


@given(LONGITUDES, st.floats(-180, 180))
def test_longitudes_come_back_as_they_were(lon, meridian):
    drawn = unwrap_longitude(lon, meridian)
    assert abs(drawn - meridian) <= 180 + 1e-9 or meridian == 0
    assert abs(wrap_longitude(drawn) - lon) < 1e-9 or abs(lon) == pytest.approx(180)
    assert unwrap_points(np.array([lon]), meridian)[0] == drawn


def test_a_box_across_180_is_kept_as_two_and_drawn_as_one():
    kept = split_shape(shapely.box(175, -20, 190, -10))
    assert [part.bounds for part in sorted(kept.geoms, key=lambda one: one.bounds)] == [
        (-180, -20, -170, -10),
        (175, -20, 180, -10),
    ]
    drawn = unwrap(kept)
    assert isinstance(drawn, shapely.Polygon)
    assert drawn.equals(shapely.box(175, -20, 190, -10))


def test_a_line_across_180_is_drawn_in_one_piece():
    kept = split_shape(shapely.LineString([(175, 0), (190, 3)]))
    assert len(kept.geoms) == 2
    assert shapely.bounds(kept).tolist() == [-180, 0, 180, 3]
    assert unwrap(kept) == shapely.LineString([(175, 0), (180, 1), (190, 3)])


def test_a_shape_across_the_far_side_is_split_there():
    drawn = unwrap(shapely.box(0, 0, 10, 5))
    assert sorted(part.bounds for part in drawn.geoms) == [(2.5, 0, 10, 5), (360, 0, 362.5, 5)]


def test_points_missing_shapes_and_other_maps_stay():
    shapes = np.array([shapely.Point(-170, 5), None, shapely.Point()], dtype=object)
    point, missing, empty = unwrap_shapes(shapes, 182.5)
    assert (point.x, point.y) == (190, 5)
    assert missing is None
    assert empty.is_empty
    assert unwrap_shapes(shapes, 0) is shapes


@given(LONGITUDES, st.floats(0.1, 60), st.floats(0.1, 60))
def test_what_is_split_has_the_same_area_and_only_plain_longitudes(lon, width, height):
    whole = shapely.box(lon, -30, lon + width, -30 + height)
    kept = split_shape(whole)
    assert kept.area == pytest.approx(whole.area)
    west, _, east, _ = kept.bounds
    assert west >= -180
    assert east <= 180


@given(st.floats(-500, 500), st.floats(0, 359))
def test_boxes_cover_the_same_width(left, width):
    boxes = list_boxes((left, 0.0, left + width, 1.0))
    assert sum(one[2] - one[0] for one in boxes) == pytest.approx(width, abs=1e-6)
    assert all(-180 <= one[0] <= one[2] <= 180 for one in boxes)


def test_a_link_may_name_a_camera_beyond_180():
    assert parse_camera("-15,190,7").lon == -170
    assert parse_camera("-15,-170,7").lon == -170
    assert parse_camera("-15,180,7").lon == 180
