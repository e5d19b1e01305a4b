"""JSON that is not GeoJSON: lists of records, answers of services, other formats of geometry."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.import_results import result_text
from tests.support.sample_files import collection, feature, point

ROWS = [
    {"name": "a", "latitude": "35.4011", "longitude": "35.9487", "on": "2024-12-12"},
    {"name": "b", "latitude": "34.9", "longitude": "35.87", "on": "2024-12-13"},
]
PLACES = [(35.9487, 35.4011), (35.87, 34.9)]


def encode(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def places(result) -> list[tuple[float, float]]:
    return [(round(one.x, 6), round(one.y, 6)) for one in result.frame.geometry]


@pytest.mark.parametrize(
    "document",
    [
        ROWS,
        {"status": 200, "success": True, "count": 2, "messages": [], "data": ROWS},
        {"results": ROWS, "info": {"count": 2}},
        {"items": ROWS},
        {"response": {"docs": ROWS, "numFound": 2}},
        {"columns": [{"name": "x"}], "data": ROWS, "links": [{"rel": "self"}]},
        {"hits": {"hits": [{"_id": str(n), "_source": row} for n, row in enumerate(ROWS)]}},
        {"data": {"events": {"edges": [{"node": row} for row in ROWS]}}},
        {row["name"]: row for row in ROWS},
        {"events": {f"e{n}": row for n, row in enumerate(ROWS)}},
        {key: [row[key] for row in ROWS] for key in ROWS[0]},
        {key: {str(n): row[key] for n, row in enumerate(ROWS)} for key in ROWS[0]},
        {"columns": list(ROWS[0]), "index": [0, 1], "data": [list(row.values()) for row in ROWS]},
        [list(ROWS[0]), *[list(row.values()) for row in ROWS]],
        {
            "meta": {"view": {"columns": [{"name": name} for name in ROWS[0]]}},
            "data": [list(row.values()) for row in ROWS],
        },
        [{"type": "strike", **row} for row in ROWS],
        [
            {"name": row["name"], "on": row["on"], "geometry": point(*place)}
            for row, place in zip(ROWS, PLACES, strict=True)
        ],
    ],
)
def test_records_are_read_wherever_they_are_in_the_document(read, document):
    result = read(encode(document), "a.json")
    assert result.verdict == "accept", result_text(result)
    assert places(result) == PLACES
    assert result.frame["name"].tolist() == ["a", "b"]
    assert [str(day)[:10] for day in result.times["from"]] == ["2024-12-12", "2024-12-13"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json"])
@pytest.mark.parametrize("indent", [None, 1])
def test_records_one_after_the_other_are_read(read, name, indent):
    body = "\n".join(json.dumps(row, indent=indent) for row in ROWS).encode()
    assert places(read(body, name)) == PLACES


def test_pair_in_a_list_is_longitude_first_unless_its_name_says_otherwise(read):
    for name, pair in (
        ("coordinates", [35.9487, 35.4011]),
        ("latlng", [35.4011, 35.9487]),
        ("_geolocation", [35.4011, 35.9487]),
    ):
        assert places(read(encode([{"name": "a", name: pair}]), "a.json")) == [PLACES[0]]


def test_collection_within_an_answer_is_read(read):
    inner = json.loads(collection(*(feature(point(*place), type="x") for place in PLACES)))
    result = read(encode({"data": inner}), "a.json")
    assert places(result) == PLACES
    assert result.frame["type"].tolist() == ["x", "x"]


def test_collections_in_a_list_or_under_names_are_read(read):
    both = [json.loads(collection(feature(point(*place)))) for place in PLACES]
    assert places(read(encode(both), "a.json")) == PLACES
    result = read(encode({"north": both[0], "south": both[1]}), "a.json")
    assert places(result) == PLACES
    assert result.frame["layer"].tolist() == ["north", "south"]


def test_messages_of_ships_are_read_with_their_time(read):
    message = {
        "MessageType": "PositionReport",
        "MetaData": {
            "MMSI": 1,
            "latitude": 35.4,
            "longitude": 35.7,
            "time_utc": "2024-12-12 01:00:00.123456789 +0000 UTC",
        },
        "Message": {"PositionReport": {"Sog": 1.5}},
    }
    result = read(encode(message) + b"\n" + encode(message), "ais.jsonl")
    assert places(result) == [(35.7, 35.4)] * 2
    assert str(result.times["from"][0]) == "2024-12-12 01:00:00.123456+00:00"
    assert result.frame["Message.PositionReport.Sog"].tolist() == [1.5, 1.5]


def test_keyed_records_beside_other_members_are_read(read):
    document = {row["name"]: row for row in ROWS} | {"updated": "x"}
    assert places(read(encode(document), "a.json")) == PLACES


def test_collection_without_geometries_is_read_by_its_columns(read):
    features = [{"type": "Feature", "properties": row, "geometry": None} for row in ROWS]
    assert places(read(collection(*features), "a.geojson")) == PLACES


def test_column_that_exists_already_is_kept_beside_the_flattened_one(read):
    body = encode([{"a": {"b": 1}, "a.b": 2, "lat": 35, "lon": 36}])
    frame = read(body, "a.json").frame
    assert (frame["a.b"][0], frame["a.b_2"][0]) == (1, 2)


def test_broken_line_among_records_is_rejected_with_its_line(read):
    body = json.dumps(ROWS[0]) + '\n{"latitude":\n' + json.dumps(ROWS[1]) + "\n5\n"
    result = read(body.encode(), "a.jsonl")
    assert places(result) == PLACES
    assert [(one.row, one.line) for one in result.rejected] == [(2, 2), (4, None)]


def test_text_sequence_of_features_and_of_collections_is_read(read):
    features = [encode(feature(point(*place))) for place in PLACES]
    body = b"".join(b"\x1e" + one + b"\n" for one in features)
    assert places(read(body, "a.geojsons")) == PLACES
    body = b"\n".join(collection(feature(point(*place))) for place in PLACES)
    assert places(read(body, "a.geojsonl")) == PLACES


def test_nested_values_of_a_record_become_columns_or_json_text(read):
    row = ROWS[0] | {
        "actor": {"name": "x", "ids": {"a": 1}},
        "tags": ["p", "q"],
        "sources": [{"id": "s1", "path": None}],
        "at": {"$date": "2024-12-12T01:00:00Z"},
        "empty": {},
        "deep": json.loads("[" * 400 + "]" * 400),
    }
    result = read(encode([row]), "a.json")
    cells = result.frame.drop(columns="geometry").iloc[0]
    assert (cells["actor.name"], cells["actor.ids.a"]) == ("x", 1)
    assert cells["tags"] == ("p", "q")
    assert json.loads(cells["sources"]) == [{"id": "s1", "path": None}]
    assert cells["at"] == "2024-12-12T01:00:00Z"
    assert result.frame["empty"].isna().all()


def test_number_that_is_nan_is_an_empty_cell(read):
    result = read(b'[{"lat":35.4,"lon":35.9,"v":NaN},{"lat":34.9,"lon":35.8,"v":1}]', "a.json")
    assert result.frame["v"].isna().tolist() == [True, False]


OVERPASS = {
    "version": 0.6,
    "elements": [
        {"type": "node", "id": 1, "lat": 35.4, "lon": 35.9, "tags": {"name": "A", "type": "x"}},
        {"type": "way", "id": 1, "center": {"lat": 35.41, "lon": 35.95}, "tags": {"name": "17L"}},
        {
            "type": "way",
            "id": 2,
            "geometry": [
                {"lat": 35.4, "lon": 35.9},
                {"lat": 35.5, "lon": 35.9},
                {"lat": 35.5, "lon": 36.0},
                {"lat": 35.4, "lon": 35.9},
            ],
            "tags": {"building": "yes"},
        },
        {"type": "way", "id": 3, "nodes": [20, 21], "tags": {"highway": "primary"}},
        {"type": "node", "id": 20, "lat": 35.0, "lon": 36.0},
        {"type": "node", "id": 21, "lat": 35.1, "lon": 36.0},
        {
            "type": "relation",
            "id": 7,
            "tags": {"type": "multipolygon"},
            "members": [
                {
                    "type": "way",
                    "role": role,
                    "geometry": [{"lat": lat, "lon": lon} for lon, lat in ring],
                }
                for role, ring in (
                    ("outer", [(36, 35), (36, 36), (37, 36)]),
                    ("outer", [(37, 36), (36, 35)]),
                    ("inner", [(36.2, 35.6), (36.2, 35.8), (36.4, 35.8), (36.2, 35.6)]),
                )
            ],
        },
    ],
}


def test_overpass_elements_become_points_lines_and_areas(read):
    result = read(encode(OVERPASS), "export.json")
    frame = result.frame.set_index("id")
    kinds = frame.geometry.geom_type.to_dict()
    assert kinds == {
        "node/1": "Point",
        "way/1": "Point",
        "way/2": "Polygon",
        "way/3": "LineString",
        "relation/7": "Polygon",
    }
    assert list(frame.geometry["way/3"].coords) == [(36.0, 35.0), (36.0, 35.1)]
    assert len(frame.geometry["relation/7"].interiors) == 1
    assert frame["name"].tolist()[:2] == ["A", "17L"]
    assert frame["type"].tolist()[0] == "x"
    assert "2 elements without tags" in result_text(result)


def test_aircraft_of_readsb_have_the_time_of_their_position(read):
    aircraft = [
        {"hex": "made01", "flight": "MADE1 ", "lat": 35.4, "lon": 35.9, "seen_pos": 1.5, "seen": 0},
        {"hex": "made02", "alt_baro": 3000, "seen": 2},
        {"hex": "made03", "lastPosition": {"lat": 35, "lon": 36, "seen_pos": 100}, "seen": 1},
    ]
    result = read(encode({"now": 1733961600.5, "aircraft": aircraft}), "aircraft.json")
    assert places(result) == [(35.9, 35.4), (36.0, 35.0)]
    assert result.frame["time"].tolist() == ["2024-12-11T23:59:59.000Z", "2024-12-11T23:58:20.500Z"]
    assert [one.row for one in result.rejected] == [2]
    again = read(encode({"ac": aircraft, "now": 1733961600500, "total": 3}), "a.json")
    assert again.frame["time"].tolist() == result.frame["time"].tolist()


def test_trace_of_tar1090_has_a_row_for_each_position(read):
    trace = [
        [0.0, 35.4, 35.9, "ground", 0.1, None, 0, None, {"flight": "MADE1 "}, "adsb_icao"],
        [10.5, 35.5, 36.0, 3000, 200, 90.1, 1, 64, None, "adsb_icao", 3100],
    ]
    body = encode({"icao": "made01", "r": "00-1", "timestamp": 1733961600.1, "trace": trace})
    result = read(body, "trace_full_made01.json")
    assert places(result) == [(35.9, 35.4), (36.0, 35.5)]
    assert result.frame["flight"].tolist() == ["MADE1", "MADE1"]
    assert [str(one)[:22] for one in result.times["from"]] == [
        "2024-12-12 00:00:00.10",
        "2024-12-12 00:00:10.60",
    ]


def test_track_of_opensky_has_a_row_for_each_position(read):
    path = [[1733961600, 35.4, 35.9, 100, 90, False], [1733961610, 35.5, 35.9, 200, 90, False]]
    result = read(encode({"icao24": "made01", "callsign": "X", "path": path}), "a.json")
    assert places(result) == [(35.9, 35.4), (35.9, 35.5)]
    assert str(result.times["from"][1]) == "2024-12-12 00:00:10+00:00"


def test_esri_json_is_read_with_its_crs_dates_and_holes(read):
    rings = [
        [[36, 35], [36, 36], [37, 36], [37, 35], [36, 35]],
        [[36.2, 35.2], [36.4, 35.2], [36.4, 35.4], [36.2, 35.2]],
        [[38, 35], [38, 36], [39, 36], [38, 35]],
    ]
    areas = {"spatialReference": {"wkid": 4326}, "features": [{"attributes": {"a": 1}}]}
    areas["features"][0]["geometry"] = {"rings": rings}
    shape = read(encode(areas), "a.json").frame.geometry[0]
    assert (shape.geom_type, [len(one.interiors) for one in shape.geoms]) == (
        "MultiPolygon",
        [1, 0],
    )
    points = {
        "spatialReference": {"wkid": 102100, "latestWkid": 3857},
        "fields": [{"name": "at", "type": "esriFieldTypeDate"}],
        "features": [
            {"attributes": {"at": 1733965200000}, "geometry": {"x": 4001796.0, "y": 4218716.0}}
        ],
    }
    result = read(encode(points), "a.json")
    assert result.detected.crs == "EPSG:3857"
    assert [(round(x), round(y)) for x, y in places(result)] == [(36, 35)]
    assert str(result.times["from"][0]) == "2024-12-12 01:00:00+00:00"
    table = {"fields": [], "features": [{"attributes": {"lat": 35.4, "lon": 35.9}}]}
    assert places(read(encode(table), "a.json")) == [(35.9, 35.4)]


def test_topojson_is_read_with_quantized_and_reversed_arcs(read):
    geometries = [
        {"type": "Polygon", "arcs": [[0, 1]], "properties": {"n": "x"}},
        {"type": "LineString", "arcs": [~0]},
        {"type": "Point", "coordinates": [100, 200]},
    ]
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.001, 0.001], "translate": [36, 35]},
        "objects": {"made": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [[[0, 0], [1000, 0], [0, 1000]], [[1000, 1000], [-1000, -1000]]],
    }
    shapes = read(encode(topology), "a.json").frame.geometry
    assert [one.geom_type for one in shapes] == ["Polygon", "LineString", "Point"]
    assert list(shapes[0].exterior.coords) == [(36, 35), (37, 35), (37, 36), (36, 35)]
    assert list(shapes[1].coords) == [(37, 36), (37, 35), (36, 35)]
    assert tuple(round(one, 6) for one in shapes[2].coords[0]) == (36.1, 35.2)
    broken = read(encode(topology | {"arcs": []}), "a.json")
    assert broken.verdict == "reject"
    assert "not complete" in result_text(broken)


def test_telegram_export_is_read_where_messages_have_a_location(read):
    messages = [
        {
            "id": 1,
            "date": "2024-12-12T01:30:00",
            "date_unixtime": "1733959800",
            "text": ["Seen at ", {"type": "bold", "text": "Tartus"}],
            "location_information": {"latitude": 34.9, "longitude": 35.87},
        },
        {"id": 2, "date": "2024-12-12T02:30:00", "text": "no place"},
    ]
    result = read(encode({"name": "made", "messages": messages}), "result.json")
    assert places(result) == [(35.87, 34.9)]
    assert result.frame["text"].tolist() == ["Seen at Tartus"]
    assert str(result.times["from"][0]) == "2024-12-11 23:30:00+00:00"
    none = read(encode({"name": "made", "messages": messages[1:]}), "result.json")
    assert none.verdict == "reject"
    assert "none has a location" in result_text(none)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "list"),
        ([1, 2], "list"),
        ({}, "without a type"),
        ({"data": []}, "“data” is empty"),
        ({"elements": [], "remark": "runtime error: timed out"}, "timed out"),
        ({"error": {"code": 401, "message": "no token"}}, "no token"),
        ({"type": "Topology", "objects": {}}, "TopoJSON"),
        ({"geometryType": "x", "features": []}, "Esri"),
        ([{"name": "a"}, {"name": "b"}], "No coordinates"),
    ],
)
def test_other_json_is_named_with_the_way_out(read, document, words):
    result = read(encode(document), "a.json")
    assert result.verdict == "reject"
    assert words in result_text(result)


def test_single_record_with_a_geometry_is_one_row(read):
    body = b'{"id": 1, "coordinates": {"type": "Point", "coordinates": [35.95, 35.41]}}\n'
    (place,) = read(body, "a.jsonl").frame.geometry
    assert (place.y, place.x) == (35.41, 35.95)
