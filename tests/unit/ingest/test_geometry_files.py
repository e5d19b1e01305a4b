"""Files of geometries as other programs write them: read as far as they can be."""

from __future__ import annotations

import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
KML = '<kml xmlns="http://www.opengis.net/kml/2.2">{}</kml>'
MARK = (
    "<Placemark><name>Латакия</name>{}<Point><coordinates>36.5,35.5</coordinates></Point>"
    "</Placemark>"
)
TRACK = '<gx:Track xmlns:gx="http://www.google.com/kml/ext/2.2">{}</gx:Track>'
COORDS = "".join(f"<gx:coord>{one}</gx:coord>" for one in ("36 35 0", "", "36.2 35.2"))
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def bounds(result) -> list[float]:
    assert result.accepted == 1, result.messages
    return [round(side, 2) for side in result.frame.total_bounds]


@pytest.mark.parametrize(
    "shapes",
    [
        f"<Point><coordinates/></Point>{TRACK.format(COORDS)}",
        TRACK.format(COORDS),
        "<LineString><coordinates/></LineString>"
        "<LineString><coordinates>36,35 36.2,35.2</coordinates></LineString>",
    ],
)
def test_an_empty_geometry_or_position_does_not_hide_the_others(read, shapes):
    body = KML.format(f"<Placemark>{shapes}</Placemark>")
    assert bounds(read(body.encode(), "a.kml")) == [36, 35, 36.2, 35.2]


@pytest.mark.parametrize(
    "body",
    [
        HEAD + KML.format(MARK.format("<gx:balloonVisibility>1</gx:balloonVisibility>")),
        HEAD + KML.format(MARK.format("")).replace("<kml ", '<kml xsi:schemaLocation="a b" '),
        "\n\n" + HEAD + KML.format(MARK.format("")),
        "\ufeff\n" + HEAD + KML.format(MARK.format("<a:b/>")),
    ],
)
def test_xml_that_other_programs_open_is_read(read, body):
    result = read(body.encode(), "a.kml")
    assert bounds(result) == [36.5, 35.5, 36.5, 35.5]
    assert result.frame["name"].tolist() == ["Латакия"]
    assert result.verdict == "accept"


@pytest.mark.parametrize("head", ["", HEAD])
def test_xml_in_another_encoding_than_it_says_is_read_and_reported(read, head):
    result = read((head + KML.format(MARK.format(""))).encode("cp1251"), "a.kml")
    assert result.frame["name"].tolist() == ["Латакия"]
    assert result.detected.encoding == "cp1251"
    assert any("Windows-1251" in one.text for one in result.messages)


def test_gpx_with_an_undeclared_prefix_is_read(read):
    extra = "<extensions><gpxx:Depth>1</gpxx:Depth></extensions>"
    body = f'<gpx version="1.1"><wpt lat="35.5" lon="36.5">{extra}</wpt></gpx>'
    assert bounds(read(body.encode(), "a.gpx")) == [36.5, 35.5, 36.5, 35.5]


@pytest.mark.parametrize("crack", ["<a>", "\x01", "</b:c>", "<a b=>", "&#xyz;"])
def test_xml_that_is_broken_is_rejected(read, crack):
    result = read(KML.format(MARK.format(crack)).encode(), "a.kml")
    assert result.verdict == "reject"
    assert "Its XML breaks at line 1" in result.messages[-1].text


def test_ampersands_and_names_of_html_are_read(read):
    text = "A & B &amp; C&nbsp;D &unknown; &eacute;&#233; <![CDATA[x & y &nbsp;]]> R&D"
    body = KML.format(MARK.format(f"<description>{text}</description>"))
    result = read(body.encode(), "a.kml")
    told = "A & B & C\xa0D &unknown; éé x & y &nbsp; R&D"
    assert result.frame["description"].tolist() == [told], result.messages
    assert read(f"<!DOCTYPE a [<!ENTITY b 'c'>]>{body}".encode(), "a.kml").verdict == "reject"


@pytest.mark.parametrize(
    ("crs", "place"),
    [
        ({"type": "EPSG", "properties": {"code": 32637}}, [300_000, 3_900_000]),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG:6.9:32637"}}, None),
        (
            {"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/EPSG/0/32637"}},
            None,
        ),
        ({"type": "name", "properties": {"name": CRS84}}, [36.8025, 35.2231]),
    ],
)
def test_the_old_member_crs_names_its_crs_in_each_of_its_forms(read, crs, place):
    point = {"type": "Point", "coordinates": place or [300_000, 3_900_000]}
    feature = {"type": "Feature", "properties": {}, "geometry": point}
    body = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
    result = read(json.dumps(body).encode(), "a.geojson")
    assert bounds(result) == [36.8, 35.22, 36.8, 35.22]
    assert result.detected.crs == ("EPSG:4326" if place == [36.8025, 35.2231] else "EPSG:32637")


def test_a_collection_within_topojson_is_one_row(read):
    line = {"type": "LineString", "arcs": [0]}
    point = {"type": "Point", "coordinates": [36.5, 35.5]}
    inner = {"type": "GeometryCollection", "geometries": [line, point, {"type": None}]}
    many = {"type": "GeometryCollection", "geometries": [inner]}
    body = {"type": "Topology", "objects": {"a": many}, "arcs": [[[36, 35], [37, 36]]]}
    result = read(json.dumps(body).encode(), "a.topojson")
    assert bounds(result) == [36, 35, 37, 36]
    assert [one.geom_type for one in result.frame.geometry[0].geoms] == ["LineString", "Point"]


def test_wkb_in_a_parquet_column_named_geometry_is_read(read):
    places = [shapely.to_wkb(shapely.Point(36.5, 35.5)), None]
    out = io.BytesIO()
    pq.write_table(pa.table({"n": [1, 2], "geometry": pa.array(places, pa.binary())}), out)
    result = read(out.getvalue(), "a.parquet")
    assert bounds(result) == [36.5, 35.5, 36.5, 35.5]
    assert result.rejected_count == 1


LINE, AREA = "LINESTRING (36 35, 37 36)", "POLYGON ((36 35, 37 35, 37 36, 36 35))"


@pytest.mark.parametrize(
    ("name", "text", "rows"),
    [
        ("a.txt", "POINT (36 35)\nPOINT (37 36)\n", 2),
        ("a.csv", "1;POINT (36 35)\n2;POINT (37 36)\n", 2),
        ("a.wkt", AREA, 1),
        ("a.wkt", f"{AREA}\r\n{LINE}\r\nPOINT (36 35)\r\n", 3),
        ("a.csv", f"wkt\n{LINE}\n{LINE}\n", 2),
        ("a.csv", f'geom\n"{AREA}"\n"{AREA}"\n', 2),
        ("a.csv", f'n,geom\n1,"{AREA}"\n2,"{LINE}"\n', 2),
        ("a.tsv", f"n\tgeom\n1\t{AREA}\n2\t{LINE}\n", 2),
    ],
)
def test_wkt_without_a_header_or_quotes_loses_no_row(read, name, text, rows):
    result = read(text.encode(), name)
    assert result.accepted == rows, result.messages
    assert not result.rejected_count
    assert result.frame.total_bounds.tolist() == [36, 35, 37, 36]


@pytest.mark.parametrize("name", ["a.gml", "a.fgb", "a.osm"])
def test_a_format_that_is_not_read_names_the_way_out(read, name):
    [message] = read(b"<a/>", name).messages
    assert "export it as .gpkg or .geojson" in message.text


def feature(**geometry) -> dict[str, object]:
    return {"type": "Feature", "properties": {}, "geometry": geometry}


POINT = feature(type="Point", coordinates=[36.5, 35.5])


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(POINT) * 2,
        f"{json.dumps(POINT)},\r\n{json.dumps(POINT)},\n",
        json.dumps(POINT) + " \t" + json.dumps(POINT, indent=1),
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"type": "FeatureCollection", "features": [POINT]}, POINT],
            }
        ),
    ],
)
def test_features_after_or_within_each_other_are_rows(read, text):
    result = read(text.encode(), "a.geojson")
    assert result.accepted == 2, result.messages
    assert not result.rejected_count


@pytest.mark.parametrize(
    ("last", "z"), [([36, 35], False), ([36, 35, 7], True), ([36, 35, 7, 8], True)]
)
def test_points_of_different_sizes_cost_no_row(read, last, z):
    ring = [[36, 35, 7], [37, 35, 7], [37, 36, 7, 8], last]
    result = read(json.dumps(feature(type="Polygon", coordinates=[ring])).encode(), "a.geojson")
    assert bounds(result) == [36, 35, 37, 36]
    assert bool(result.frame.has_z[0]) is z


def test_values_of_mongodb_are_unwrapped(read):
    days = ({"$date": "2024-12-12T10:00:00Z"}, {"$date": {"$numberLong": "1733998000000"}})
    rows = [
        {
            "_id": {"$oid": "a"},
            "n": {"$numberInt": "7"},
            "share": {"$numberDouble": "0.5"},
            "t": day,
        }
        | {"loc": {"type": "Point", "coordinates": [36.5, 35.5]}}
        for day in days
    ]
    result = read("\n".join(map(json.dumps, rows)).encode(), "a.jsonl")
    assert result.frame[["n", "share"]].to_numpy().tolist() == [[7, 0.5], [7, 0.5]]
    assert result.times["from"].dt.strftime("%H:%M").tolist() == ["10:00", "10:06"]


def test_a_description_of_fields_is_no_layer(read):
    fields = [{"id": "lat", "type": "text"}, {"id": "lon", "type": "text"}]
    body = {"result": {"fields": fields, "records": [{"lat": "35.5", "lon": "36.5"}]}}
    result = read(json.dumps(body).encode(), "a.json")
    assert bounds(result) == [36.5, 35.5, 36.5, 35.5]
    assert result.verdict == "accept"


def test_an_answer_without_states_says_so(read):
    [message] = read(b'{"time": 1733900000, "states": null}', "a.json").messages
    assert "“states” is empty" in message.text


def test_collections_in_a_list_are_layers(read):
    line = feature(type="LineString", coordinates=[[36, 35], [37, 36]])
    layers = [
        {"type": "FeatureCollection", "features": [POINT], "_umap_options": {"name": "Cities"}},
        {"type": "FeatureCollection", "features": [line, POINT], "name": "Tunnels"},
        {"type": "FeatureCollection", "features": [line]},
    ]
    body = {"type": "umap", "geometry": POINT["geometry"], "properties": {}, "layers": layers}
    result = read(json.dumps(body).encode(), "a.umap")
    assert result.accepted == 4, result.messages
    assert result.detected.layers == ("layers.Cities", "layers.Tunnels", "layers.3")


@pytest.mark.parametrize(
    ("shape", "kind", "box"),
    [
        (
            "<MultiPolygon><Polygon><outerBoundaryIs><LinearRing><coordinates>36,35 37,35 37,36 "
            "36,35</coordinates></LinearRing></outerBoundaryIs></Polygon></MultiPolygon>",
            "MultiPolygon",
            [36, 35, 37, 36],
        ),
        (
            "<MultiLineString><LineString><coordinates>36,35 37,36</coordinates></LineString>"
            "</MultiLineString>",
            "MultiLineString",
            [36, 35, 37, 36],
        ),
        (
            "<MultiPoint><Point><coordinates>36,35</coordinates></Point></MultiPoint>",
            "MultiPoint",
            [36, 35, 36, 35],
        ),
    ],
)
def test_kml_with_the_names_of_other_formats_is_read(read, shape, kind, box):
    result = read(KML.format(f"<Placemark>{shape}</Placemark>").encode(), "a.kml")
    assert bounds(result) == box
    assert result.frame.geom_type[0] == kind


@pytest.mark.parametrize(
    ("name", "layer"), [("<name>Map</name>", "Map"), ("", "outside of folders")]
)
def test_placemarks_outside_of_folders_are_a_layer_that_can_be_chosen(read, name, layer):
    folder = f"<Folder><name>F</name>{MARK.format('')}</Folder>"
    body = KML.format(f"<Document>{name}{MARK.format('')}{folder}</Document>").encode()
    assert read(body, "a.kml").detected.layers == (layer, "F")
    assert read(body, "a.kml", layer=layer).accepted == 1


def test_ids_that_are_optional_or_of_a_layer_are_no_warning(read):
    marks = MARK.format("").replace("<Placemark>", '<Placemark id="a">') + MARK.format("<a/>")
    result = read(KML.format(marks).replace("36.5,", "36.4,", 1).encode(), "a.kml")
    assert (result.verdict, result.accepted) == ("accept", 2), result.messages
    assert "no id in row 2" in " ".join(one.text for one in result.messages)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (
            "a.kml",
            KML.format(
                "<Placemark><MultiGeometry><Point><coordinates/></Point><Point><coordinates>"
                "36.5,35.5</coordinates></Point></MultiGeometry></Placemark>"
            ),
        ),
        (
            "a.kml",
            KML.format(
                "<Placemark><LineString><coordinates>36.5,35.5</coordinates></LineString>"
                "</Placemark>"
            ),
        ),
        ("a.geojson", json.dumps(feature(type="LineString", coordinates=[[36.5, 35.5]]))),
    ],
)
def test_an_empty_part_or_a_line_of_one_point_costs_no_row(read, name, body):
    assert bounds(read(body.encode(), name)) == [36.5, 35.5, 36.5, 35.5]


@pytest.mark.parametrize(
    ("geometry", "kind", "size"),
    [
        ({"type": "LineString", "coordinates": [[36, 35], [0, 0], [37, 36]]}, "LineString", 2),
        ({"type": "LineString", "coordinates": [[0, 0, 0], [36, 35, 9]]}, "Point", 1),
        (
            {"type": "MultiLineString", "coordinates": [[[36, 35], [0, 0]], [[36, 35], [37, 36]]]},
            "LineString",
            2,
        ),
        ({"type": "MultiPoint", "coordinates": [[0, 0], [36, 35], [37, 36]]}, "MultiPoint", 2),
    ],
)
def test_no_position_within_a_line_is_left_out_and_reported(read, geometry, kind, size):
    body = json.dumps(feature(**geometry)).encode()
    result = read(body, "a.geojson")
    assert (result.accepted, result.frame.geom_type[0]) == (1, kind), result.messages
    assert shapely.get_num_coordinates(result.frame.geometry[0]) == size
    assert result.frame.total_bounds.min() >= 35
    assert "1 point of lines at “no position”" in " ".join(one.text for one in result.messages)
    kept = read(body, "a.geojson", repairs=("keep-no-position",))
    assert not any("left out" in one.text for one in kept.messages)


@pytest.mark.parametrize("end", [[5, 3], [9, 0]])
def test_a_line_in_the_gulf_of_guinea_may_go_through_zero(read, end):
    line = feature(type="LineString", coordinates=[[-5, -3], [0, 0], end])
    result = read(json.dumps(line).encode(), "a.geojson")
    assert shapely.get_num_coordinates(result.frame.geometry[0]) == 3


AREA_RING = [[36, 35], [37, 35], [37, 36], [36, 35]]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "MultiPolygon", "coordinates": [[], [[]], [AREA_RING]]},
        {"type": "MultiLineString", "coordinates": [[], [[36, 35]], AREA_RING]},
        {
            "type": "GeometryCollection",
            "geometries": [None, {"type": "Polygon", "coordinates": [AREA_RING]}],
        },
    ],
)
def test_an_empty_part_of_geojson_costs_no_row(read, geometry):
    result = read(json.dumps(feature(**geometry)).encode(), "a.geojson")
    assert bounds(result) == [36, 35, 37, 36]


@pytest.mark.parametrize("places", [[5], ["x"], [[1]], None, [{}], 7])
@pytest.mark.parametrize("kind", ["MultiPolygon", "MultiLineString", "LineString"])
def test_coordinates_that_are_none_are_rejected(read, kind, places):
    body = {
        "type": "FeatureCollection",
        "features": [feature(type=kind, coordinates=places), POINT],
    }
    result = read(json.dumps(body).encode(), "a.geojson")
    assert (result.accepted, result.rejected_count) == (1, 1), result.messages


def test_values_beside_the_properties_of_a_feature_are_columns(read):
    beside = {"date": "2024-12-03", "name": "outer", "links": [{"href": "x"}], "bbox": [1, 2, 3, 4]}
    body = POINT | beside | {"id": 7, "properties": {"name": "inner"}}
    result = read(json.dumps(body).encode(), "a.geojson")
    assert result.frame.drop(columns="geometry").to_dict("records") == [
        {"id": 7, "name": "inner", "date": "2024-12-03"}
    ]
    assert result.detected.date_from == "date"
