"""Which files a base map has: those of the case, and the coarse world below or around them."""

import json
import shutil

import pytest
import shapely
from click.testing import CliRunner

from geo.cli.main import main
from geo.errors import EvidenceError
from geo.mapping.basemap_files import (
    encode_base_file,
    encode_base_map,
    find_base_map_faults,
    find_extent,
    find_known_extent,
    list_base_files,
    read_attributions,
    read_base_file,
    read_settings,
    write_base_credit,
)
from geo.settings import ASSETS
from tests.support.second_case import SYNTHETIC_PACIFIC

ISLAND = shapely.box(177, -19, 178.5, -17)
DATE_LINE = 180


@pytest.fixture
def case(tmp_path, monkeypatch):
    """Show a copy of the synthetic case; caches are kept by its folder."""
    folder = tmp_path / "case"
    shutil.copytree(SYNTHETIC_PACIFIC, folder)
    monkeypatch.setenv("CASE", str(folder))
    return folder


def add_land(case, **settings):
    """Give the case land of its own, and settings of its base map if there are any."""
    feature = {"type": "Feature", "properties": {}, "geometry": ISLAND.__geo_interface__}
    folder = case / "basemap"
    folder.mkdir()
    collection = {"type": "FeatureCollection", "features": [feature]}
    (folder / "land.geojson").write_text(json.dumps(collection))
    if settings:
        (folder / "basemap.json").write_text(json.dumps(settings))


def test_the_case_of_the_app_has_its_own_files_and_the_world_around():
    files = list_base_files()
    assert files[0] == "world_land"
    assert find_known_extent() is None
    assert {"land", "coast", "borders", "towns", "airfield"} <= set(files)
    assert find_extent() == (26, 28, 46, 42)
    assert write_base_credit() == (
        "Base: GSHHG, Natural Earth, GeoNames, © OpenStreetMap contributors, NOAA GLOBE."
    )


def test_a_case_without_a_base_map_has_the_world_and_its_towns(case):
    assert list_base_files() == ("world_land", "world_coast", "world_borders", "towns")
    assert write_base_credit() == "Base: Natural Earth."
    assert [one["licence"] for one in read_attributions()] == ["public domain"] * 2
    assert find_extent() is None


def test_the_world_has_no_seam_and_no_edge_at_180(case):
    land = read_base_file("world_land")[0][0]
    fiji = [part for part in land.geoms if part.bounds[0] < DATE_LINE < part.bounds[2]]
    assert fiji
    coast = read_base_file("world_coast")[0][0]
    edge = shapely.LineString([(DATE_LINE, -60), (DATE_LINE, 90)])
    assert shapely.intersection(coast, edge).length == 0


def test_the_world_is_around_the_land_of_a_case(case):
    add_land(case)
    assert list_base_files()[:2] == ("world_land", "land")
    assert find_extent() == ISLAND.bounds
    world = read_base_file("world_land")[0][0]
    assert shapely.intersection(world, ISLAND.buffer(-0.51)).is_empty
    assert read_base_file("land")[0][0].equals(ISLAND)


def test_a_case_may_say_how_far_its_map_reaches_and_that_nothing_is_beyond(case):
    add_land(case, extent=[176, -20, -179, -16], beyond="nothing", credit="Synthetic survey")
    assert list_base_files() == ("land", "towns")
    assert find_known_extent() == find_extent()
    assert find_extent() == (176, -20, 181, -16)
    assert write_base_credit() == "Base: Synthetic survey."


def test_no_seam_or_gap_is_at_the_edge_of_the_base_map():
    """Land of one side meets land of the other, with an overlap; the coast closes each step."""
    world, own = read_base_file("world_land")[0][0], read_base_file("land_outer")[0]
    edge = shapely.box(*find_extent())
    near = edge.buffer(0.2).difference(edge.buffer(-0.2))
    land = shapely.union_all([world, *own]).intersection(near)
    cracks = edge.boundary.buffer(1e-5).difference(land)
    outside = shapely.intersection(world, edge.buffer(0.2).difference(edge))
    assert shapely.intersection(cracks, outside.buffer(-1e-3)).is_empty
    inside = shapely.union_all(own).intersection(edge)
    strip = edge.difference(edge.buffer(-0.4))
    assert shapely.area(shapely.intersection(inside, strip).difference(world)) < 1e-6
    steps = shapely.boundary(shapely.union_all([world, inside])).intersection(edge.boundary)
    coast = read_base_file("world_coast")[0][0]
    assert shapely.length(steps.difference(coast.buffer(1e-5))) < 1e-3


@pytest.mark.parametrize(
    ("lon", "lat", "dry"),
    [
        (-0.1, 51.5, True),  # London
        (51.4, 35.7, True),  # Tehran
        (46.7, 24.7, True),  # Riyadh
        (18.0, 35.0, False),  # the Mediterranean
        (75.0, -20.0, False),  # the Indian Ocean
        (2.35, 48.85, True),  # Paris
        (-74.5, 42.0, True),  # inland of New York
        (-40.0, 30.0, False),  # the Atlantic
        (50.5, 42.0, False),  # the Caspian
    ],
)
def test_land_is_land_and_sea_is_sea_outside_of_the_base_map(lon, lat, dry):
    assert read_base_file("world_land")[0][0].covers(shapely.Point(lon, lat)) is dry


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"beyond": "space"}, "beyond"), ({"extent": [1, 2]}, "extent"), ({"reach": 1}, "reach")],
)
def test_faults_of_the_settings_are_named(case, settings, named):
    add_land(case, **settings)
    with pytest.raises(EvidenceError, match=named):
        read_settings()


def test_encoded_files_are_geojson_about_the_meridian(case):
    for name in list_base_files():
        for one in json.loads(encode_base_file(name))["features"]:
            west, _, east, _ = shapely.from_geojson(json.dumps(one["geometry"])).bounds
            assert 0 <= west <= east <= 360


def test_file_of_another_editor_is_drawn_with_the_others(tmp_path, monkeypatch):
    folder = tmp_path / "case"
    shutil.copytree(ASSETS / "case", folder)
    land = folder / "basemap" / "land.geojson"
    text = land.read_text("utf-8").replace("{", "{\r\n", 1)
    land.write_bytes(f"\ufeff{text}\r\n".encode())  # as editors on Windows write it
    monkeypatch.setenv("CASE", str(folder))
    files = json.loads(encode_base_map())
    assert list(files) == list(list_base_files())
    assert files["land"] == json.loads(text)


POINT = (
    '{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [%s, 1]}}'
)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("land.geojson", '{"type":'),
        ("land.geojson", "{}"),
        ("land.geojson", '{"features": [%s]}' % (POINT % "NaN")),
        ("rivers.geojson", "[1]"),
        ("attribution.json", "[1]"),
        ("attribution.json", '{"land": {"title": "x"}}'),
        ("basemap.json", '{"beyond": "moon"}'),
    ],
)
def test_faulty_base_map_is_told_with_its_file(case, file, text):
    (case / "basemap").mkdir()
    (case / "basemap" / file).write_text(text)
    [fault] = find_base_map_faults()
    assert fault.startswith(f"basemap/{file}")
    assert "Write" in fault
    done = CliRunner().invoke(main, ["check-data", str(case)])
    assert (done.exit_code, done.output) == (1, f"{fault}\n")


def test_page_with_runways_needs_their_file(case):
    content = json.loads((case / "case.json").read_text("utf-8"))
    content["case"]["pages"][0]["airfield"] = True
    (case / "case.json").write_text(json.dumps(content), "utf-8")
    [fault] = find_base_map_faults()
    assert fault.startswith("case.json, pages.0.airfield: there is no basemap/airfield.geojson")
