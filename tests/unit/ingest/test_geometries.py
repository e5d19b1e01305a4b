"""Geometries across the antimeridian, around a pole, and invalid ones: drawn, told, reversible."""

from __future__ import annotations

import pytest
import shapely

from tests.support.import_results import result_text
from tests.support.sample_files import collection, feature, gpkg, kml, mark, text

BOX = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))"
CROSSING = [
    ("LINESTRING (179 10, -179 12)", 2, 8**0.5),
    ("LINESTRING (-179 10, 179 12)", 2, 8**0.5),
    ("LINESTRING (170 10, 190 10)", 2, 20),
    ("LINESTRING (185 10, 190 10)", 1, 5),
    ("LINESTRING (-190 5, -170 5)", 2, 20),
    ("LINESTRING (170 0, 180 0, -180 0, -170 0)", 2, 20),
    ("LINESTRING (179 0, -179 1, 179 2, -179 3)", 4, 3 * 5**0.5),
    ("MULTILINESTRING ((179 10, -179 10), (1 1, 2 1))", 3, 3),
    ("LINESTRING Z (179 10 0, -179 10 100)", 2, 2),
]
AREAS = [
    ("POLYGON ((170 10, -170 10, -170 20, 170 20, 170 10))", 200),
    ("POLYGON ((170 20, -170 20, -170 10, 170 10, 170 20))", 200),
    ("POLYGON ((170 10, 190 10, 190 20, 170 20, 170 10))", 200),
    ("POLYGON ((170 0, 180 0, -180 0, -170 0, -170 10, -180 10, 180 10, 170 10, 170 0))", 200),
    (
        "POLYGON ((170 10, -170 10, -170 20, 170 20, 170 10), "
        "(-178 12, -176 12, -176 15, -178 15, -178 12))",
        194,
    ),
    (
        "MULTIPOLYGON (((170 10, -170 10, -170 20, 170 20, 170 10)), "
        "((10 10, 20 10, 20 20, 10 20, 10 10)))",
        300,
    ),
]
AS_THEY_ARE = [
    "LINESTRING (-180 0, 180 0)",
    "LINESTRING (178 0, 180 1)",
    "LINESTRING (-90 0, 90 0)",
    "POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))",
    "POLYGON ((-180 -60, 0 -60, 180 -60, 180 60, -180 60, -180 -60))",
    "POLYGON ((-180 -90, 180 -90, 180 -84, 90 -66, 0 -72, -90 -70, -180 -84, -180 -90))",
    "MULTIPOINT ((179 1), (-179 1))",
]


def _read_wkt(read, *shapes: str, **options):
    return read(text("n;wkt", *(f"{n};{one}" for n, one in enumerate(shapes))), "a.csv", **options)


def _longest_step(shape) -> float:
    parts = shapely.get_parts(shape)
    rings = [part.exterior if part.geom_type == "Polygon" else part for part in parts]
    pairs = [zip(ring.coords, ring.coords[1:], strict=False) for ring in rings]
    return max(abs(a[0] - b[0]) for pair in pairs for a, b in pair)


@pytest.mark.parametrize(("wkt", "parts", "length"), CROSSING)
def test_line_across_the_antimeridian_is_split_there(read, wkt, parts, length):
    reading = _read_wkt(read, wkt)
    (shape,) = reading.frame.geometry
    assert shapely.get_num_geometries(shape) == parts
    assert shape.length == pytest.approx(length)
    assert _longest_step(shape) < 180
    assert shape.bounds[0] >= -180
    assert shape.bounds[2] <= 180
    assert "across the antimeridian (180°): row 1; split there" in result_text(reading)
    assert [one.id for one in reading.repairs].count("keep-crossing") == 1


@pytest.mark.parametrize(("wkt", "area"), AREAS)
def test_polygon_across_the_antimeridian_is_split_there(read, wkt, area):
    (shape,) = _read_wkt(read, wkt).frame.geometry
    assert shape.is_valid
    assert shape.area == pytest.approx(area)
    assert _longest_step(shape) < 180
    assert not shape.intersects(shapely.Point(36, 12))


def test_polygon_that_may_be_a_wide_box_is_a_warning(read):
    box = "POLYGON ((-170 10, 170 10, 170 20, -170 20, -170 10))"
    reading = _read_wkt(read, box)
    assert "wider than 180° is taken as one across the antimeridian: row 1" in result_text(reading)
    assert reading.frame.geometry[0].area == pytest.approx(200)
    (shape,) = _read_wkt(read, box, repairs=("keep-crossing",)).frame.geometry
    assert shape.area == pytest.approx(3_400)


def test_split_line_is_outside_of_the_study_area(read):
    assert "Outside of the study area" in result_text(
        _read_wkt(read, "LINESTRING (179 35, -179 36)")
    )


@pytest.mark.parametrize("wkt", AS_THEY_ARE)
def test_shape_that_does_not_cross_is_unchanged(read, wkt):
    reading = _read_wkt(read, wkt)
    assert shapely.equals_exact(reading.frame.geometry[0], shapely.from_wkt(wkt))
    assert "antimeridian" not in result_text(reading)


@pytest.mark.parametrize(
    ("wkt", "inside"),
    [
        ("POLYGON ((0 70, 90 70, 180 70, -90 70, 0 70))", (45, 89)),
        ("POLYGON ((0 70, -90 70, 180 70, 90 70, 0 70))", (-170, 89)),
        ("POLYGON ((-180 80, -90 80, 0 80, 90 80, 180 80, -180 80))", (36, 89)),
        ("POLYGON ((0 -70, 90 -70, 180 -70, -90 -70, 0 -70))", (45, -89)),
    ],
)
def test_ring_around_a_pole_is_told_and_holds_the_pole(read, wkt, inside):
    reading = _read_wkt(read, wkt)
    (shape,) = reading.frame.geometry
    assert shape.is_valid
    assert shape.contains(shapely.Point(inside))
    assert "around a pole: row 1" in result_text(reading)
    assert reading.verdict == "accept-with-warning"


def test_crossing_line_is_kept_as_in_the_file_by_choice(read):
    wkt = CROSSING[0][0]
    reading = _read_wkt(read, wkt, repairs=("keep-crossing",))
    assert reading.frame.geometry[0].equals(shapely.from_wkt(wkt))


@pytest.mark.parametrize("place", [(181, 10), (190, 10), (-181, 10)])
def test_point_beyond_180_is_out_of_range(read, place):
    shape = {"type": "Point", "coordinates": place}
    reading = read(collection(feature(), feature(shape)), "a.geojson")
    assert (reading.accepted, reading.rejected_count) == (1, 1)


def test_crossing_lines_of_other_formats_are_split(read):
    line = {"type": "LineString", "coordinates": [[179, 10], [-179, 12]]}
    line_mark = (
        "<Placemark><LineString><coordinates>179,10 -179,12</coordinates></LineString></Placemark>"
    )
    collected = {"type": "GeometryCollection", "geometries": [line]}
    for body, name in (
        (collection(feature(line)), "a.geojson"),
        (collection(feature(collected)), "a.geojson"),
        (kml(line_mark), "a.kml"),
    ):
        (shape,) = read(body, name).frame.geometry
        assert shape.length == pytest.approx(8**0.5)


@pytest.mark.parametrize(
    ("wkt", "fault", "area"),
    [
        ("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", "self-intersection", 2),
        (f"{BOX[:-1]}, (5 5, 6 5, 6 6, 5 6, 5 5))", "hole lies outside shell", 17),
        (f"{BOX[:-1]}, (2 2, 6 2, 6 3, 2 3, 2 2))", "self-intersection", 14),
        (
            "POLYGON ((0 0, 10 0, 10 10, 5 10, 3 5, 7 5, 5 10, 0 10, 0 0))",
            "ring self-intersection",
            90,
        ),
        (f"MULTIPOLYGON ({BOX[8:]}, ((2 2, 6 2, 6 6, 2 6, 2 2)))", "self-intersection", 28),
        (f"MULTIPOLYGON ({BOX[8:]}, ((1 1, 2 1, 2 2, 1 2, 1 1)))", "nested shells", 16),
        ("POLYGON ((0 0, 4 0, 4 4, 4 8, 4 4, 0 4, 0 0))", "self-intersection", 16),
        ("POLYGON ((0 0, 1 1, 2 2, 0 0))", "self-intersection", 0),
        ("LINESTRING (1 1, 1 1)", "too few points", 0),
        ("POLYGON Z ((0 0 1, 2 2 1, 2 0 1, 0 2 1, 0 0 1))", "self-intersection", 2),
    ],
)
def test_invalid_geometry_is_mended_told_and_reversible(read, wkt, fault, area):
    reading = _read_wkt(read, BOX, wkt)
    assert (reading.verdict, reading.accepted) == ("accept-with-warning", 2)
    said = result_text(reading)
    assert "1 invalid geometry mended" in said
    assert fault in said
    assert "row 2" in said
    shape = reading.frame.geometry[1]
    assert shape.is_valid
    assert shape.area == pytest.approx(area)
    without = _read_wkt(read, BOX, wkt, repairs=("drop-invalid",))
    assert (without.accepted, without.rejected_count) == (1, 1)
    as_drawn = _read_wkt(read, BOX, wkt, repairs=("keep-invalid",)).frame.geometry[1]
    assert shapely.equals_exact(as_drawn, shapely.from_wkt(wkt))


def test_polygon_of_which_nothing_is_left_is_rejected(read):
    square = BOX[9:-1]
    reading = _read_wkt(read, BOX, f"POLYGON ({square}, {square})")
    assert (reading.accepted, reading.rejected_count) == (1, 1)
    assert "Nothing of it can be drawn" in result_text(reading)


def test_repeated_points_of_a_polygon_are_no_fault(read):
    reading = _read_wkt(read, "POLYGON ((35 35, 35 35, 36 35, 36 36, 36 36, 35 35))")
    assert reading.verdict == "accept", result_text(reading)


@pytest.mark.parametrize("form", ["wkt", "geojson", "kml"])
def test_open_ring_is_closed_told_and_reversible(read, form):
    def run(**options):
        if form == "wkt":
            return _read_wkt(read, BOX, "POLYGON ((0 0, 4 0, 4 4, 0 4))", **options)
        if form == "kml":
            ring = "<coordinates>0,0 4,0 4,4 0,4</coordinates>"
            ring = f"<outerBoundaryIs><LinearRing>{ring}</LinearRing></outerBoundaryIs>"
            drawn = f"<Placemark><Polygon>{ring}</Polygon></Placemark>"
            return read(kml(mark(), drawn), "a.kml", **options)
        ring = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 4]]]}
        return read(collection(feature(), feature(ring)), "a.geojson", **options)

    reading = run()
    assert reading.accepted == 2
    assert reading.frame.geometry[1].area == 16
    assert "does not end where it begins in row 2" in result_text(reading)
    assert run(repairs=("drop-invalid",)).rejected_count == 1


def test_empty_point_is_rejected_as_empty(read):
    reading = _read_wkt(read, "POINT (35.9 35.4)", "POINT EMPTY")
    assert (reading.accepted, reading.rejected_count) == (1, 1)
    assert "The geometry is empty" in result_text(reading)


def test_columns_of_the_same_name_are_named(read):
    reading = read(text("name,side,side,side,lat,lon", "a,1,2,3,35.4,35.9"), "a.csv")
    said = result_text(reading)
    assert "“side” is the name of more than one column; another is read as “side_2”" in said
    assert "“side_3”" in said
    assert reading.verdict == "accept-with-warning"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.csv", text(",name,lat,lon", "0,a,35.4,35.9", "1,b,35.5,36")),
        ("a.csv", text("Synthetic list", "", "name,lat,lon", "a,35.4,35.9")),
        ("a.csv", text("имя,lat,lon", "Аэродром,35.4,35.95", encoding="cp1251")),
        ("a.csv", text("n;wkt", "1;POINT (36 35)", "2;LINESTRING (36 35, 36.5 35.5)")),
        ("a.gpkg", lambda: gpkg({"one": _frame(), "two": _frame()})),
        ("a.csv", text("n,lat,lon", "a,35.4,36", "b,48.9,2.4", "c,-20.1,-70", "d,52.5,13.4")),
    ],
    ids=["pandas-index", "title", "encoding", "wkt-mixed", "layers", "world"],
)
def test_good_file_has_no_warning(read, name, body):
    reading = read(body() if callable(body) else body, name)
    assert reading.verdict == "accept", result_text(reading)


def _frame():
    import geopandas as gpd

    return gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(36, 35)], crs="EPSG:4326")
