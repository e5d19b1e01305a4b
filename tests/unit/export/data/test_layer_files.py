import datetime as dt
import io
import json
import time
from decimal import Decimal

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.export.data.cell_types import to_column, unique_names
from geo.export.formats import FORMATS
from tests.support.export_reading import (
    SPATIAL,
    export_layer_bytes,
    layer,
    placemarks,
    query_gpkg,
    read,
    read_metadata,
)

NAMES = [
    "Name",
    "name",
    "NAME_2",
    "",
    " ",
    "geom",
    "fid",
    "FID",
    "style",
    "highlight",
    "bbox",
    "__proto__",
    "description",
    "begin",
    "visibility",
    "lon",
    "lat",
    "wkt",
    "link",
    "crs",
    'a"b',
    "a'b; --",
    "=1",
    "أ",
    "x\x00y",
    "x y",
    "rowid",
    "ogc_fid",
    "type",
    "id",
]


@pytest.mark.parametrize("fmt", FORMATS)
def test_columns_of_any_name_are_written(fmt):
    frame = layer({name: [f"{i}-one", f"{i}-two"] for i, name in enumerate(NAMES)})
    file = export_layer_bytes(frame, fmt)
    rows = pd.DataFrame(placemarks(file)) if fmt == "kml" else read(file, fmt)
    kept = [name for name in rows.columns if str(rows[name].iloc[0]).endswith("-one")]
    assert rows[kept].iloc[0].tolist() == [f"{i}-one" for i in range(len(NAMES))]
    assert len({name.casefold() for name in kept}) == len(NAMES)
    if fmt == "gpkg":  # GeoPackage's own columns are renamed instead
        assert {"fid", "geom"} < {name.casefold() for name in kept}


@pytest.mark.parametrize("fmt", FORMATS)
def test_duplicate_columns_are_numbered(fmt):
    frame = layer({"a": [1], "b": [2], "c": [3]})
    frame.columns = ["x", "X", "x", "geometry"]
    file = export_layer_bytes(frame, fmt)
    row = placemarks(file)[0] if fmt == "kml" else read(file, fmt).iloc[0]
    assert [int(row[name]) for name in ("x", "X_2", "x_3")] == [1, 2, 3]


def test_unique_names_changes_only_duplicates():
    assert unique_names(["a", "A", "b", "", "a_2"], taken=["B"]) == [
        "a",
        "A_2",
        "b_2",
        "column",
        "a_2_2",
    ]


ZONED = pd.Timestamp("2024-12-13 10:30", tz="Europe/Berlin")
VALUES = [
    ([Decimal("1.5"), None], "number", [1.5, None]),
    ([Decimal("0.1234567890123456789"), Decimal("NaN")], "text", ["0.1234567890123456789", None]),
    ([b"\x00\xff", bytearray(b"a")], "text", ["00ff", "61"]),
    ([ZONED, pd.NaT], "datetime", [ZONED.to_pydatetime(), None]),
    ([pd.Timestamp("2024-12-13"), None], "date", [dt.date(2024, 12, 13), None]),
    (
        [dt.date(2024, 12, 13), dt.datetime(2024, 12, 14)],
        "date",
        [dt.date(2024, 12, 13), dt.date(2024, 12, 14)],
    ),
    (
        [dt.date(2024, 12, 13), dt.datetime(2024, 12, 14, 1)],
        "text",
        ["2024-12-13", "2024-12-14T01:00:00"],
    ),
    ([float("nan"), float("inf")], "number", [None, float("inf")]),
    ([1, None, 2.5], "number", [1.0, None, 2.5]),
    ([2**70, 1], "text", [str(2**70), "1"]),
    ([np.int64(3), np.uint8(4)], "integer", [3, 4]),
    ([True, None], "boolean", [True, None]),
    ([True, 1], "text", ["true", "1"]),
    ([["a", "b"], ()], "list", [["a", "b"], []]),
    ([np.array(["a"], dtype=object), {"b"}], "list", [["a"], ["b"]]),
    (
        [{"a": [1, float("nan")], 2: float("inf")}, None],
        "text",
        ['{"a": [1, null], "2": "inf"}', None],
    ),
    ([[1, 2], "x"], "text", ["[1, 2]", "x"]),
    ([pd.Timedelta("1h"), dt.time(3)], "text", ["0 days 01:00:00", "03:00:00"]),
    ([shapely.Point(1, 2), None], "text", ["POINT (1 2)", None]),
]


@pytest.mark.parametrize(("values", "kind", "cells"), VALUES)
def test_values_of_any_type_become_plain_cells(values, kind, cells):
    column = to_column("x", pd.Series(values, dtype=object))
    assert (column.kind, column.cells) == (kind, cells)


def test_self_referencing_value_is_truncated():
    knot = []
    knot.append(knot)
    assert to_column("x", pd.Series([knot])).cells[0].endswith('["…"]' + "]" * 20)


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("values", [values for values, *_ in VALUES])
def test_values_of_any_type_can_be_written(values, fmt):
    frame = layer({"id": [str(i) for i in range(len(values))]})
    frame["x"] = pd.Series(values, dtype=object)
    file = export_layer_bytes(frame, fmt, id_column="id", label_column="x")
    assert len(read(file, fmt)) == len(values)


@pytest.mark.parametrize("fmt", SPATIAL)
def test_datetimes_keep_their_instant(fmt):
    frame = layer({"t": pd.Series([ZONED]), "local": pd.to_datetime(["2024-12-13 10:30"])})
    row = read(export_layer_bytes(frame, fmt), fmt).iloc[0]
    assert pd.Timestamp(row["t"]) == ZONED
    assert pd.Timestamp(row["local"]).tzinfo is None
    assert pd.Timestamp(row["local"]) == pd.Timestamp("2024-12-13 10:30")


SHAPES = [
    shapely.Point(35, 34),
    shapely.Point(35, 34, 120.5),
    shapely.LineString([(35, 34), (36, 35)]),
    shapely.LinearRing([(35, 34), (36, 34), (36, 35)]),
    shapely.box(35, 34, 36, 35) - shapely.box(35.2, 34.2, 35.4, 34.4),
    shapely.MultiPoint([(35, 34), (36, 35)]),
    shapely.GeometryCollection([shapely.Point(35, 34), shapely.box(35, 34, 36, 35)]),
]
NO_SHAPES = [
    None,
    shapely.Point(),
    shapely.Point(float("nan"), 34),
    shapely.LineString([(35, 34), (float("inf"), 35)]),
]


@pytest.mark.parametrize("fmt", SPATIAL)
def test_geometry_of_any_type_round_trips(fmt):
    shapes = [*SHAPES, *NO_SHAPES]
    file = export_layer_bytes(layer({"n": list(range(len(shapes)))}, shapes), fmt)
    found = read(file, fmt)
    assert [int(n) for n in found["n"]] == list(range(len(shapes)))
    for shape, wanted in zip(found.geometry, SHAPES, strict=False):
        assert shape.equals(wanted)
        assert shape.has_z == wanted.has_z
    assert found.geometry[len(SHAPES) :].isna().all()
    assert "2 rows have no geometry here" in read_metadata(file, fmt)["note"]


def test_nan_z_value_is_dropped():
    frame = layer({"n": [1]}, [shapely.Point(35, 34, float("nan"))])
    file = export_layer_bytes(frame, "geojson")
    assert json.loads(file)["features"][0]["geometry"]["coordinates"] == [35.0, 34.0]


POINT, HIGH = shapely.Point(35, 34), shapely.Point(35, 34, 12)


@pytest.mark.parametrize(
    ("shapes", "geometry", "added"),
    [
        ([POINT, None], None, {"lat": ["34.0", ""], "lon_2": ["35.0", ""]}),
        ([POINT, shapely.box(35, 34, 36, 35)], None, {"wkt": None}),
        ([POINT, shapely.MultiPoint([POINT])], None, {"wkt": None}),
        ([HIGH, POINT], None, {"wkt": ["POINT Z (35 34 12)", "POINT (35 34)"]}),
        ([POINT, shapely.box(35, 34, 36, 35)], "point", {"lat": ["34.0", ""], "lon_2": None}),
        ([POINT, POINT], "wkt", {"wkt": ["POINT (35 34)"] * 2}),
        ([None, None], None, {"lat": ["", ""], "lon_2": ["", ""]}),
    ],
)
def test_csv_has_the_geometry_once_and_loses_none(shapes, geometry, added):
    frame = layer({"lon": ["a", "b"]}, shapes)
    rows = read(export_layer_bytes(frame, "csv", csv_geometry=geometry), "csv")
    assert rows["lon"].tolist() == ["a", "b"]  # the layer's own column keeps its name
    assert {"wkt", "lat", "lon_2"} & set(rows.columns) == set(added)
    for name, cells in added.items():
        assert cells is None or rows[name].tolist() == cells


def test_layer_named_about_does_not_replace_the_about_table():
    from geo.export.data.data_file import export_layer
    from geo.store import LayerInfo
    from geo.view_layers import LayerRows

    frame = layer({"n": [1]})
    info = LayerInfo("about", "About", "point", None, None, None, 1, "1", None, None, None, "me")
    rows = LayerRows(info, frame)
    file = export_layer(rows, info, "gpkg", link="", version="")
    tables = query_gpkg(file, "SELECT table_name FROM gpkg_contents ORDER BY rowid")
    assert tables == [("about_layer",), ("about",)]


@pytest.mark.parametrize("fmt", FORMATS)
def test_layer_export_is_deterministic_and_keeps_its_input(fmt):
    frame = layer({"s": [{"b", "a", "c"}], "t": [ZONED], "d": [Decimal("1.5")]})
    before = frame.copy()
    assert export_layer_bytes(frame, fmt) == export_layer_bytes(frame, fmt)
    pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(before))


@pytest.mark.parametrize("fmt", FORMATS)
def test_empty_layer_can_be_written(fmt):
    bare = geopandas.GeoDataFrame(geometry=[shapely.Point(35, 34)], crs="EPSG:4326")
    assert len(read(export_layer_bytes(bare, fmt), fmt)) == 1
    assert len(read(export_layer_bytes(bare.iloc[:0], fmt), fmt)) == 0


@pytest.mark.parametrize("fmt", FORMATS)
def test_ten_thousand_rows_take_under_three_seconds(fmt):
    count = 10_000
    columns = {
        "id": [str(i) for i in range(count)],
        "t": pd.date_range("2024-01-01", periods=count),
    }
    columns |= {f"text {i}": ["قاعدة & <x>"] * count for i in range(10)}
    columns |= {f"number {i}": np.linspace(-1, 1, count) for i in range(5)}
    frame = layer(columns | {"nested": [{"a": [1]}] * count, "tags": [("a", "b")] * count})
    start = time.process_time()
    file = export_layer_bytes(frame, fmt, id_column="id", label_column="text 1")
    assert time.process_time() - start < 3
    assert len(file) > 10_000
    if fmt == "csv":
        assert len(pd.read_csv(io.BytesIO(file))) == count
