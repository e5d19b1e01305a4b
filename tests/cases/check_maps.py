"""Maps of the case that CASE names: features, base map and cameras; run by test_second_case."""

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely

from geo.app_context import context
from geo.camera import Camera
from geo.evidence import builtin_evidence, find_case_meridian
from geo.mapping.basemap_files import encode_base_file, list_base_files
from geo.mapping.features import encode_view_features
from geo.mapping.folium_map import build_map_options, build_map_state
from geo.page_registry import build_frame, list_pages
from geo.selection import select
from geo.view import View, from_query, to_query

MAPS = [page for page in list_pages() if page.frame]


def read_features(name: str, view: View) -> dict:
    """Return the answer of /features/<name> for a view."""
    return json.loads(encode_view_features(name, view, context().store))


def shapes_of(answer: dict) -> dict[str, shapely.Geometry]:
    """Return the geometries of an answer by id, without missing ones."""
    return {
        one["id"]: shapely.from_geojson(json.dumps(one["geometry"]))
        for one in answer["features"]
        if one["geometry"]
    }


@pytest.mark.parametrize("page", MAPS, ids=lambda page: page.path)
def test_the_reports_of_a_page_are_drawn_within_its_frame(page):
    view = View(page=page.path).narrow_to_places(page.places)
    answer = read_features("claims", view)
    assert [one["id"] for one in answer["features"]] == list(select(view, context().store).ids)
    assert page.frame.box[0] < page.frame.box[2]
    frame = shapely.box(*page.frame.box)
    drawn = shapes_of(answer)
    assert drawn
    for claim, shape in drawn.items():
        assert shape.intersects(frame), claim


def test_drawn_longitudes_are_about_the_meridian_and_no_place_is_torn():
    meridian = find_case_meridian()
    for name in ("places", "routes", "rings"):
        for key, shape in shapes_of(read_features(name, View())).items():
            west, _, east, _ = shape.bounds
            assert meridian - 180 <= west <= east <= meridian + 180, key
            assert east - west < 90, key
            assert len(shapely.get_parts(shape)) == 1, key


def test_labels_stand_on_their_places_where_they_are_drawn():
    answer = read_features("places", View())
    shapes, known = shapes_of(answer), builtin_evidence().place_by_id
    for one in answer["features"]:
        place, drawn = known[one["id"]], one["properties"]
        point = shapely.Point(drawn["label_lon"], drawn["label_lat"])
        assert (drawn["label_lon"] - place.label_lon) % 360 == pytest.approx(0)
        assert shapes[one["id"]].distance(point) < 1


def test_stored_longitudes_are_from_minus_180_to_180():
    for name in ("claims", "places", "routes", "rings"):
        frame = context().store.read(name)
        points = shapely.get_coordinates(frame.geometry[frame.geometry.notna()])
        assert len(points) == 0 or np.abs(points[:, 0]).max() <= 180


def test_each_file_of_the_base_map_can_be_drawn():
    assert list_base_files()
    for name in list_base_files():
        shapes = [one["geometry"] for one in json.loads(encode_base_file(name))["features"]]
        assert shapes
        for shape in shapes:
            bounds = shapely.from_geojson(json.dumps(shape)).bounds
            assert bounds[2] - find_case_meridian() <= 180.01
            assert bounds[0] - find_case_meridian() >= -180.01


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_a_camera_anywhere_in_the_frame_comes_back_from_its_link(share):
    xmin, ymin, xmax, ymax = build_frame().box
    lon, lat = xmin + share * (xmax - xmin), (ymin + ymax) / 2
    view = replace(View(), at=Camera(lat, lon, 8))
    assert -180 <= view.at.lon <= 180
    back, notices = from_query(to_query(view))
    assert (back, notices) == (view, ())
    state = build_map_state(select(back, context().store), back, "v")
    assert state["at"] == pytest.approx([lat, lon, 8], abs=1e-4)


def test_map_options_have_south_west_before_north_east():
    for page in MAPS:
        (south, west), (north, east) = build_map_options(page.frame, page.path)["bounds"]
        assert south < north
        assert west < east
