"""Values that databases and drivers tend to change, and an exact comparison of rows."""

import datetime as dt
import decimal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

LONG = "x" * 63


def odd() -> gpd.GeoDataFrame:
    """Return three rows of values that databases and drivers tend to change."""
    day = dt.datetime
    values = {
        "العربية": ["طرطوس", "a\n\\.\nb", ""],
        "nul": ["a\x00b", None, '"\\'],
        "big": np.array([2**63 - 1, -(2**63), 0], dtype="int64"),
        "bigger": np.array([2**64 - 1, 0, 2**63], dtype="uint64"),
        "small": np.array([-128, 127, 0], dtype="int8"),
        "single": np.array([0.1, float("inf"), None], dtype="float32"),
        "fraction": [0.1 + 0.2, float("-inf"), None],
        "yes": [True, False, True],
        "perhaps": [True, None, False],
        "exact": [decimal.Decimal("1.20"), None, decimal.Decimal("-99999999999999999.99")],
        "bytes": [b"\x00\xff", None, b""],
        "clock": [dt.time(23, 59, 59, 999_999), None, dt.time(0)],
        "took": pd.to_timedelta(["1 days 00:00:00.000001", None, "-3s"]),
        "when": pd.Series(
            [day(2024, 12, 12, 1, 2, 3, 4), None, day(1, 1, 1)], dtype="datetime64[us]"
        ),
        "far": pd.Series([day(1, 1, 1), None, day(2, 1, 1)], dtype="datetime64[us]")
        + pd.Timedelta(4_000_000, "D").as_unit("us"),
        "zoned": pd.to_datetime(["2024-12-12", None, "2024-06-01"]).tz_localize("Asia/Damascus"),
        "words": [["a,b", 'q"{}', "NULL"], [], None],
        "words and nul": [["a\x00"], None, ["b", None]],
        "numbers": [[1, 2**62], None, []],
        "shares": [[0.1, float("inf")], None, []],
        "nested": [[[1], []], None, [[2, 3]]],
        "rows": [{"a": 1}, None, {"a": 2}],
        "empty": [None, None, None],
        "geometry_": ["a", "b", "c"],
        "position": [7, 8, 9],
        "period": ["a", "b", "c"],
        "xmin": [1, 2, 3],
        "c0": [1, 2, 3],
        "Name": [1, 2, 3],
        "name": ["a", "b", "c"],
        "": [1, 2, 3],
        'a%(b)s:c"; --': ["x", "y", "z"],
        f"{LONG}1": ["a", "b", "c"],
        f"{LONG}2": ["d", "e", "f"],
    }
    with np.errstate(invalid="ignore"):
        not_finite = shapely.from_wkt("LINESTRING (36 35, NaN 34)")
    places = [
        shapely.from_wkt("GEOMETRYCOLLECTION Z (POINT Z (36 35 7), LINESTRING Z (1 2 3, 4 5 6))"),
        not_finite,
        shapely.Polygon(),
    ]
    return gpd.GeoDataFrame(values, geometry=places, crs="EPSG:4326")


def assert_same_rows(found, expected) -> None:
    """Assert equal rows in equal order, with equal types and bit-identical geometry."""
    assert list(found.columns) == list(expected.columns)
    assert found.crs == expected.crs
    pd.testing.assert_frame_equal(
        pd.DataFrame(found.drop(columns="geometry")),
        pd.DataFrame(expected.drop(columns="geometry")),
        check_exact=True,
    )
    assert list(shapely.to_wkb(found.geometry)) == list(shapely.to_wkb(expected.geometry))


def layer_metadata(info) -> tuple:
    """Return a layer's metadata without its version."""
    return tuple(value for name, value in vars(info).items() if name != "version")
