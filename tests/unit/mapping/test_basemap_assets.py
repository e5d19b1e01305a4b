"""The built-in base map files: licences, sizes, geometry and positions."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import LineString, Point, shape
from shapely.ops import nearest_points

BASEMAP = Path(__file__).resolve().parents[3] / "assets" / "case" / "basemap"
FILES = sorted(path.name for path in BASEMAP.glob("*.geojson"))
EXPECTED = [
    *("land", "coast", "lakes", "rivers"),
    *("land_outer", "coast_outer", "rivers_outer", "lakes_ne", "borders", "admin1"),
    *("towns", "labels", "airfield", "harbour_land", "harbour_coast"),
]
BOX = (34.0, 32.0, 39.0, 37.5)
OUTER = (26.0, 28.0, 46.0, 42.0)
GEOD = Geod(ellps="WGS84")
SITES = {"Khmeimim air base": (35.9487, 35.4011), "Tartus naval base": (35.875, 34.915)}
NARRATIVE_TOWNS = {
    "Damascus": (36.29128, 33.5102),
    "Douma": (36.4027, 33.57175),
    "Harasta": (36.36515, 33.55869),
    "Al-Qutayfah": (36.60071, 33.73848),
    "An-Nabk": (36.72848, 34.02403),
    "Qarah": (36.74284, 34.15558),
    "Hisyah": (36.75867, 34.41197),
    "Homs": (36.72559, 34.72405),
    "Tartus": (35.88659, 34.88902),
    "Baniyas": (35.94871, 35.18188),
    "Jableh": (35.92759, 35.36211),
    "Latakia": (35.79088, 35.53125),
    "Hama": (36.75783, 35.13179),
    "Safita": (36.11773, 34.82099),
    "Al-Qusayr": (36.58029, 34.5078),
    "Dayr Atiyah": (36.76791, 34.09541),
    "Talkalakh": (36.25995, 34.66842),
}


def features(name):
    return json.loads((BASEMAP / f"{name}.geojson").read_text("utf-8"))["features"]


def shapes(name):
    return [shape(feature["geometry"]) for feature in features(name)]


def properties(name):
    return [feature["properties"] for feature in features(name)]


def metres(a, b):
    return GEOD.inv(*a, *b)[2]


def metres_to_nearest(point, lines):
    lon, lat = point
    near = [nearest_points(line, Point(point))[0] for line in lines]
    return min(metres((lon, lat), (spot.x, spot.y)) for spot in near)


def test_basemap_files_are_those_of_the_readme():
    assert sorted(f"{name}.geojson" for name in EXPECTED) == FILES
    readme = (BASEMAP / "README.md").read_text("utf-8")
    assert [name for name in EXPECTED if f"| {name} |" not in readme] == []


def test_attribution_covers_every_file_and_field():
    table = json.loads((BASEMAP / "attribution.json").read_text("utf-8"))
    assert sorted(table) == sorted([*FILES, "relief.webp", "relief_outer.webp"])
    for row in table.values():
        assert set(row) == {"title", "source", "licence", "attribution"}
        assert all(row.values())


def test_attribution_separates_lgpl_from_public_domain():
    table = json.loads((BASEMAP / "attribution.json").read_text("utf-8"))
    lgpl = {name for name, row in table.items() if "LGPL" in row["licence"]}
    odbl = {name for name, row in table.items() if row["licence"] == "ODbL 1.0"}
    assert odbl == {"harbour_land.geojson", "harbour_coast.geojson"}
    assert lgpl == {"land.geojson", "coast.geojson", "lakes.geojson", "rivers.geojson"}
    assert all((BASEMAP / "licenses" / n).is_file() for n in ("COPYING", "COPYING.LESSER"))


def test_size_of_all_data_stays_below_half_a_megabyte():
    assert sum((BASEMAP / name).stat().st_size for name in FILES) < 500_000
    assert (BASEMAP / "land.geojson").stat().st_size < 200_000


@pytest.mark.parametrize("name", EXPECTED)
def test_geometry_is_valid_and_within_its_extent(name):
    # lakes_ne: the Atatürk Reservoir extends beyond the box
    frame = BOX if name in {"land", "coast", "lakes", "rivers"} else OUTER
    for geometry in shapes(name):
        assert geometry.is_valid
        assert not geometry.is_empty
        assert np.isfinite(shapely.get_coordinates(geometry)).all()
        assert shapely.box(*frame).covers(geometry)


@pytest.mark.parametrize("name", [n for n in EXPECTED if n not in {"airfield"}])
def test_coordinates_have_no_excess_decimals(name):
    points = shapely.get_coordinates(shapes(name))
    assert np.array_equal(points, points.round(5))


@pytest.mark.parametrize("name", ["coast", "coast_outer"])
def test_coast_contains_no_edge_of_the_extent(name):
    for line in (part for shp in shapes(name) for part in shapely.get_parts(shp)):
        points = np.asarray(line.coords)
        pairs = np.stack([points[:-1], points[1:]], axis=1)
        for xmin, ymin, xmax, ymax in (BOX, OUTER):
            for axis, value in ((0, xmin), (0, xmax), (1, ymin), (1, ymax)):
                assert not (np.abs(pairs[:, :, axis] - value) < 2e-4).all(axis=1).any()


def test_coast_is_the_outline_of_the_land():
    (land,), (coast,) = shapes("land"), shapes("coast")
    assert land.boundary.covers(coast) or coast.difference(land.boundary).length < 1e-9


def test_outer_coast_does_not_overlap_the_coast_in_the_box():
    inner = shapely.box(34.001, 32.001, 38.999, 37.499)
    assert not any(line.intersects(inner) for line in shapes("coast_outer"))


@pytest.mark.parametrize(
    ("lon", "lat", "dry"),
    [
        (35.80, 34.92, False),  # the sea off Tartus
        (35.00, 34.50, False),  # the open sea
        (36.7256, 34.7241, True),  # Homs
        (35.9487, 35.4011, True),  # the runways of Khmeimim
        (35.8585, 34.8560, True),  # the island of Arwad
    ],
)
def test_land_contains_land_points_and_no_sea_points(lon, lat, dry):
    (land,) = shapes("land")
    assert land.covers(Point(lon, lat)) is dry


def test_runways_have_the_length_of_their_ends_and_45_m_width():
    ends = {
        "17R/35L": ((35.9475, 35.4139), (35.9494, 35.3887)),
        "17L/35R": ((35.9496, 35.4139), (35.9512, 35.3914)),
    }
    rows = [f for f in features("airfield") if f["properties"]["kind"] == "runway"]
    assert {row["properties"]["designator"] for row in rows} == set(ends)
    for row in rows:
        points = shape(row["geometry"]).exterior.coords
        sides = sorted(GEOD.line_length(*zip(a, b, strict=True)) for a, b in pairwise(points))
        length = metres(*ends[row["properties"]["designator"]])
        assert sides[:2] == pytest.approx([45, 45], abs=1)
        assert sides[2:] == pytest.approx([length, length], rel=0.02)
        assert row["properties"]["length_m"] == pytest.approx(length, rel=0.02)


def test_aprons_are_points_with_a_warning():
    aprons = [f for f in features("airfield") if f["properties"]["kind"] == "apron"]
    assert len(aprons) == 4
    for apron in aprons:
        assert apron["geometry"]["type"] == "Point"
        assert "no claim may be pinned" in apron["properties"]["caution"]


def land_with_harbour():
    return shapely.union_all([*shapes("land"), *shapes("harbour_land")])


@pytest.mark.parametrize(
    ("lon", "lat", "dry"),
    [
        (35.866, 34.905, False),  # a basin between two piers
        (35.860, 34.906, False),  # behind the moles
        (35.850, 34.905, False),  # outside of them
        (35.868, 34.9105, True),  # the northern pier
        (35.868, 34.9077, True),  # the middle one
        (35.869, 34.9045, True),  # the southern one
        (35.8564, 34.9037, True),  # the south mole
        (35.865, 34.9132, True),  # the north mole
        (35.8866, 34.8890, True),  # the town
        (35.8952, 34.9000, True),  # where both lands overlap
    ],
)
def test_harbour_has_piers_moles_and_basins(lon, lat, dry):
    assert land_with_harbour().covers(Point(lon, lat)) is dry


def test_harbour_is_open_to_the_north_west():
    way = [(35.84, 34.92), (35.857, 34.9105), (35.86, 34.906), (35.866, 34.905)]
    assert not LineString(way).intersects(land_with_harbour())


def test_harbour_joins_the_coast_without_a_step_or_gap():
    (line,), (coast,) = shapes("harbour_coast"), shapes("coast")
    assert line.geom_type == "LineString"
    for end, inner in ((line.coords[0], line.coords[1]), (line.coords[-1], line.coords[-2])):
        assert coast.distance(Point(end)) < 1e-6
        assert metres(end, inner) < 600
    around = land_with_harbour().intersection(shapely.box(35.83, 34.86, 35.95, 34.95))
    (shore,) = [part for part in shapely.get_parts(around) if part.area > 1e-3]
    assert len(shore.interiors) == 0


def test_moles_are_as_wide_and_long_as_the_readme_says():
    moles = [f for f in features("harbour_land") if f["properties"]["kind"] == "mole"]
    lengths = {"south mole": 2287, "north mole": 1561}
    assert {one["properties"]["name"] for one in moles} == set(lengths)
    for one in moles:
        area, around = GEOD.geometry_area_perimeter(shape(one["geometry"]))
        assert area / (around / 2) == pytest.approx(20, rel=0.08)
        assert around / 2 == pytest.approx(lengths[one["properties"]["name"]], rel=0.05)


def test_towns_have_the_positions_of_geonames():
    found = {
        row["properties"]["name"]: tuple(row["geometry"]["coordinates"])
        for row in features("towns")
    }
    assert {name: found.get(name) for name in NARRATIVE_TOWNS} == NARRATIVE_TOWNS


def test_towns_have_known_ranks_sides_and_unique_ids():
    rows = properties("towns")
    assert len({row["geonameid"] for row in rows}) == len(rows)
    for row in rows:
        assert row["side"] in {"left", "right", "top", "bottom"}
        assert row["rank"] in {1, 2, 3, 4}
        assert row["min_zoom"] >= {1: 6, 2: 8, 3: 9, 4: 11}[row["rank"]]


def label_box(name, point, side, zoom, *, height=13.0, gap=5.0):
    """Return a label's box in pixels at a zoom (y upwards, 6.5 pixels a letter)."""
    world = 256 * 2**zoom / 360
    lon, lat = point
    x = lon * world
    y = np.degrees(np.arcsinh(np.tan(np.radians(lat)))) * world
    width = 6.5 * len(name)
    left = {"right": x + gap, "left": x - gap - width}.get(side, x - width / 2)
    base = {"top": y + gap, "bottom": y - gap - height}.get(side, y - height / 2)
    return shapely.box(left, base, left + width, base + height)


@pytest.mark.parametrize("zoom", [6, 7, 8, 9, 10, 11, 12])
def test_town_labels_overlap_no_town_or_base_label(zoom):
    boxes = {
        row["properties"]["name"]: label_box(
            row["properties"]["name"],
            row["geometry"]["coordinates"],
            row["properties"]["side"],
            zoom,
        )
        for row in features("towns")
        if row["properties"]["min_zoom"] <= zoom
    }
    for name, point in SITES.items():  # two lines of bold text, left of a marker
        line = max(name.split(maxsplit=1), key=len)
        boxes[name] = label_box(line + "..", point, "left", zoom, height=34, gap=12)
        boxes[f"{name}, its marker"] = label_box("..", point, "centre", zoom, height=20)
    names = list(boxes)
    tree = shapely.STRtree(list(boxes.values()))
    pairs = tree.query(list(boxes.values()), predicate="intersects").T
    towns = len(names) - 2 * len(SITES)  # overlaps between base labels are tested elsewhere
    found = {(names[a], names[b]) for a, b in pairs if a < towns and a != b}
    assert found == set()


def test_few_labels_are_shown_at_zoom_8():
    box = shapely.box(*BOX)
    shown = [
        row["properties"]["name"]
        for row in features("towns")
        if row["properties"]["min_zoom"] <= 8 and box.covers(shape(row["geometry"]))
    ]
    assert 15 <= len(shown) <= 25


@pytest.mark.parametrize(
    "place", [(36.7578, 35.1318), (36.62, 34.672)], ids=["Hama", "outflow of Lake Homs"]
)
def test_orontes_passes_its_towns(place):
    assert metres_to_nearest(place, shapes("rivers")) < 3_000


def test_orontes_has_no_gap_between_hama_and_homs_when_zoomed_out():
    rivers = shapely.union_all(
        [shape(f["geometry"]) for f in features("rivers") if f["properties"]["min_zoom"] <= 6]
    )
    systems = shapely.get_parts(rivers.buffer(1e-4))
    ends = [Point(36.7578, 35.1318), Point(36.62, 34.672)]
    assert any(all(system.dwithin(end, 0.03) for end in ends) for system in systems)


def test_lakes_include_lake_homs_and_assad_but_no_drained_ones():
    lakes = shapely.union_all([*shapes("lakes"), *shapes("lakes_ne")])
    assert lakes.covers(Point(36.56, 34.645))
    assert lakes.covers(Point(38.2, 36.0))
    assert not lakes.covers(Point(36.32, 36.35))  # Lake Amik


def test_border_crosses_the_line_from_beirut_to_damascus():
    way = LineString([(35.5, 33.89), (36.29, 33.51)])
    assert any(line.intersects(way) for line in shapes("borders"))


def test_country_labels_are_shown_once_at_any_zoom():
    rows = properties("labels")
    assert {row["kind"] for row in rows} == {"country", "sea"}
    for zoom in range(5, 12):
        shown = [r["name"] for r in rows if r["min_zoom"] <= zoom <= r["max_zoom"]]
        assert len(shown) == len(set(shown))
