"""Values and geometries of GeoParquet that are not plain: in uploads, and in a store's folder."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geo.ingest.sandbox.result_codec import read_result, write_result
from geo.ingest.save_result import save_layer
from geo.store import Query
from geo.store.folder.store import FolderStore
from tests.support.import_results import result_text

S = pa.string()
GEO = {"version": "1.1.0", "primary_column": "geometry"}
BOX = pa.struct([(side, pa.float32()) for side in ("xmin", "ymin", "xmax", "ymax")])
NAMES = pa.struct(
    [("primary", S), ("common", pa.map_(S, S)), ("rules", pa.list_(pa.struct([("value", S)])))]
)
ITEM = pa.struct([("a", pa.int64()), ("b", S)])
DAY = dt.datetime(2024, 12, 12, 1, 2, 3)


def encode(columns: dict[str, pa.Array], shapes, *, groups: int | None = None) -> bytes:
    """Return a GeoParquet file with WKB geometries."""
    wkb = pa.array(shapely.to_wkb(list(shapes)), pa.binary())
    about = {"geometry": {"encoding": "WKB", "geometry_types": []}}
    table = pa.table({**columns, "geometry": wkb})
    table = table.replace_schema_metadata({b"geo": json.dumps(GEO | {"columns": about})})
    out = io.BytesIO()
    pq.write_table(table, out, row_group_size=groups)
    return out.getvalue()


def at(count: int) -> list[shapely.Point]:
    return [shapely.Point(36 + n / 10, 35) for n in range(count)]


def from_store(folder, body: bytes) -> FolderStore:
    folder.mkdir()
    (folder / "made.parquet").write_bytes(body)
    return FolderStore(folder)


NESTED = {
    "struct": (ITEM, [{"a": 1, "b": "x"}, {"a": None, "b": None}], ['{"a": 1, "b": "x"}', None]),
    "map": (
        pa.map_(S, pa.list_(ITEM)),
        [[("k", [{"a": 2**60}])], []],
        ['{"k": [{"a": 1152921504606846976, "b": null}]}', "{}"],
    ),
    "map-of-ints": (pa.map_(pa.int32(), S), [[(1, "x")], None], ['{"1": "x"}', None]),
    "structs": (pa.list_(ITEM), [[{"a": 1, "b": "x"}], []], ['[{"a": 1, "b": "x"}]', "[]"]),
    "days": (pa.list_(pa.date32()), [[dt.date(2024, 12, 12)], []], ['["2024-12-12"]', "[]"]),
    "names": (
        NAMES,
        [{"primary": "حمص", "common": [("en", "Homs")], "rules": [{"value": "x"}]}, None],
        ['{"primary": "حمص", "common": {"en": "Homs"}, "rules": [{"value": "x"}]}', None],
    ),
    "odd": (
        pa.struct([("d", pa.decimal128(10, 2)), ("t", pa.timestamp("s")), ("b", pa.binary())]),
        [{"d": Decimal("1.50"), "t": DAY, "b": b"\xff"}, None],
        ['{"d": 1.5, "t": "2024-12-12T01:02:03", "b": "ff"}', None],
    ),
    "far": (
        pa.struct([("t", pa.timestamp("s"))]),
        [{"t": 10**12}, None],
        ['{"t": 1000000000000000}', None],
    ),
    "nan": (
        pa.struct([("x", pa.float64())]),
        [{"x": float("nan")}, None],
        ['{"x": null}', None],
    ),
}


@pytest.mark.parametrize("kind", NESTED)
def test_nested_values_become_json_text(read, tmp_path, kind):
    arrow, values, expected = NESTED[kind]
    body = encode({"value": pa.array(values, arrow)}, at(2))
    result = read(body, "a.parquet")
    assert (result.verdict, result.accepted) == ("accept", 2), result_text(result)
    stored = from_store(tmp_path / "folder", body).read("made")
    for column in (result.frame["value"], stored["value"]):
        cells = [None if cell != cell else cell for cell in column]
        for cell, wanted in zip(cells, expected, strict=True):
            assert cell is None or json.loads(cell) is not None
            assert wanted is None or cell == wanted
    write_result(result, tmp_path)
    store = FolderStore(tmp_path)
    save_layer(store, "saved", read_result(tmp_path, 10**8), "Saved")
    assert store.read("saved")["value"].equals(result.frame["value"])


PLAIN = {
    "words": (pa.list_(S), [["a", "b"], [], None], [("a", "b"), (), None]),
    "large": (pa.large_list(S), [["a"], [], None], [("a",), (), None]),
    "view": (pa.list_view(S), [["a"], [], None], [("a",), (), None]),
    "fixed": (pa.list_(pa.int32(), 2), [[1, 2], [3, 4], None], [(1, 2), (3, 4), None]),
    "numbers": (pa.list_(pa.int64()), [[2**60, None], [], None], [(2**60, None), (), None]),
    "exact": (
        pa.decimal128(38, 10),
        [Decimal("1.5"), Decimal("12345678901234567890.5"), None],
        ["1.5000000000", "12345678901234567890.5000000000", None],
    ),
    "money": (pa.decimal128(10, 2), [Decimal("1.50"), Decimal("-3.25"), None], [1.5, -3.25, None]),
    "whole": (pa.decimal256(50, 0), [Decimal(15), Decimal(-3), None], [15, -3, None]),
    "took": (
        pa.duration("us"),
        [dt.timedelta(hours=1), dt.timedelta(0), None],
        ["0 days 01:00:00", "0 days 00:00:00", None],
    ),
    "clock": (
        pa.time64("us"),
        [dt.time(1, 2, 3), dt.time(0), None],
        ["01:02:03", "00:00:00", None],
    ),
    "unsigned": (pa.uint64(), [2**64 - 1, 1, None], [2**64 - 1, 1, None]),
    "big": (pa.int64(), [2**62 + 1, 1, None], [2**62 + 1, 1, None]),
    "yes": (pa.bool_(), [True, False, None], [True, False, None]),
    "nothing": (pa.null(), [None, None, None], [None, None, None]),
    "seconds": (pa.timestamp("s"), [DAY, None, DAY], [DAY, None, DAY]),
    "half": (pa.float16(), [1.0, 2.0, None], [1.0, 2.0, None]),
}


@pytest.mark.parametrize("kind", PLAIN)
def test_plain_values_keep_their_value_and_empty_cells(read, kind):
    arrow, values, expected = PLAIN[kind]
    result = read(encode({"value": pa.array(values, arrow)}, at(3)), "a.parquet")
    assert result.accepted == 3, result_text(result)
    column = result.frame["value"]
    missing = column.isna().tolist()
    cells = zip(column.tolist(), missing, strict=True)
    assert [None if no else cell for cell, no in cells] == expected


def test_dictionaries_and_extension_types_are_read_as_their_values(read):
    ids = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"\x01" * 16, None], pa.binary(16)))
    columns = {
        "kind": pa.array(["a", None]).dictionary_encode(),
        "number": pa.array([5, None]).dictionary_encode(),
        "uuid": ids,
    }
    frame = read(encode(columns, at(2)), "a.parquet").frame
    assert frame["kind"][0] == "a"
    assert frame["number"][0] == 5
    assert frame["uuid"][0] == "01010101-0101-0101-0101-010101010101"
    assert all(frame[name].isna()[1] for name in columns)


def test_binary_column_is_left_out_by_name_unless_it_is_the_geometry(read):
    body = encode({"raw": pa.array([b"\x00", b"abc"]), "name": pa.array(["a", "b"])}, at(2))
    result = read(body, "a.parquet")
    assert list(result.frame.columns) == ["name", "geometry"]
    assert "left out: “raw”" in result_text(result)
    out = io.BytesIO()
    pq.write_table(pa.table({"raw": pa.array([b"\x00"]), "wkb": [at(1)[0].wkb]}), out)
    result = read(out.getvalue(), "a.parquet")
    assert result.accepted == 1
    assert "left out: “raw”" in result_text(result)


@pytest.mark.parametrize("groups", [50, 5000])
@pytest.mark.parametrize(
    "shape", [shapely.LineString([(36, 35), (37, 35)]), shapely.box(36, 35, 37, 36)]
)
def test_lists_beside_lines_and_areas_are_read_in_any_number_of_row_groups(
    read, tmp_path, shape, groups
):
    count = 4000
    columns = {
        "tags": pa.array([["a", "b"] if n % 2 else [] for n in range(count)]),
        "sources": pa.array([[{"dataset": "x" * 30}]] * count),
        "number": pa.array(range(count)),
    }
    body = encode(columns, [shape] * count, groups=groups)
    result = read(body, "a.parquet")
    assert result.accepted == count, result_text(result)
    assert result.frame["tags"][1] == ("a", "b")
    store = from_store(tmp_path / "folder", body)
    assert store.faults() == ()
    assert len(store.read("made")) == count
    assert store.read("made")["tags"][1] == ("a", "b")


SHAPES = {
    "point": shapely.Point(36, 35),
    "linestring": shapely.LineString([(36, 35), (37, 36)]),
    "polygon": shapely.Polygon(
        [(36, 35), (37, 35), (37, 36)], [[(36.5, 35.1), (36.6, 35.1), (36.6, 35.2)]]
    ),
    "multipoint": shapely.MultiPoint([(36, 35), (37, 36)]),
    "multilinestring": shapely.MultiLineString([[(36, 35), (37, 36)], [(36, 35), (36, 36)]]),
    "multipolygon": shapely.MultiPolygon([shapely.box(36, 35, 37, 36)]),
}


@pytest.mark.parametrize("interleaved", [False, True])
@pytest.mark.parametrize("encoding", SHAPES)
def test_native_encodings_are_read(read, tmp_path, encoding, interleaved):
    shape = SHAPES[encoding]
    frame = gpd.GeoSeries([shape, shape, None], crs="EPSG:4326")
    about = {"geometry": {"encoding": encoding, "geometry_types": []}}
    values = pa.array(frame.to_arrow("geoarrow", interleaved=interleaved))
    table = pa.table({"names": pa.array([{"a": "x"}, None, None]), "geometry": values})
    table = table.replace_schema_metadata({b"geo": json.dumps(GEO | {"columns": about})})
    out = io.BytesIO()
    pq.write_table(table, out, row_group_size=2)
    result = read(out.getvalue(), "a.parquet")
    assert result.accepted == 2, result_text(result)
    assert all(one.equals(shape) for one in result.frame.geometry)
    assert result.frame["names"][0] == '{"a": "x"}'
    store = from_store(tmp_path / "folder", out.getvalue())
    assert store.faults() == ()
    whole = store.read("made")
    assert whole.geometry[0].equals(shape)
    assert whole.geometry[2] is None
    assert len(store.read("made", Query(bbox=(35, 34, 38, 37)))) >= 2


def test_unknown_encoding_is_named(read):
    table = pa.table({"geometry": pa.array([b"x"])})
    about = {"geometry": {"encoding": "TWKB", "geometry_types": []}}
    table = table.replace_schema_metadata({b"geo": json.dumps(GEO | {"columns": about})})
    out = io.BytesIO()
    pq.write_table(table, out)
    assert "'TWKB'" in result_text(read(out.getvalue(), "a.parquet"))


def test_bounding_boxes_beside_the_geometry_are_left_out(read, tmp_path):
    box = {"xmin": 36.0, "ymin": 35.0, "xmax": 36.0, "ymax": 35.0}
    body = encode({"id": pa.array(["a", "b"]), "bbox": pa.array([box, box], BOX)}, at(2))
    assert list(read(body, "a.parquet").frame.columns) == ["id", "geometry"]
    store = from_store(tmp_path / "folder", body)
    assert list(store.read("made").columns) == ["id", "geometry"]


def test_dictionaries_in_lists_are_read_across_row_groups(read, tmp_path):
    words = pa.array(["a", "b", "a"]).dictionary_encode()
    columns = {
        "words": pa.ListArray.from_arrays([0, 2, 2, 3], words),
        "kind": pa.StructArray.from_arrays([words], ["k"]),
    }
    body = encode(columns, at(3), groups=1)
    assert read(body, "a.parquet").frame["words"].tolist() == ['["a", "b"]', "[]", '["a"]']
    store = from_store(tmp_path / "folder", body)
    batches = store.read_batches("made", store.batch_columns("made"), places=True)
    found = [cell for one in batches for cell in one.data.column("kind").to_pylist()]
    assert found == ['{"k": "a"}', '{"k": "b"}', '{"k": "a"}']
