"""Contract tests for all stores and formats; the fixtures list them."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import LayerNotFoundError, LayerUnreadableError, StoreError
from geo.store import Query, row_ids
from geo.store.bulk.index_builder import load_index
from tests.support.sample_layers import ODD_TEXT, sample

D = date
ALL = [f"c{n}" for n in range(8)]
QUERIES = {
    "everything": (Query(), ALL),
    "one day": (Query(D(2024, 12, 12), D(2024, 12, 12), undated=False), ["c0", "c1", "c6"]),
    "one day and undated": (
        Query(D(2024, 12, 12), D(2024, 12, 12)),
        ["c0", "c1", "c4", "c6", "c7"],
    ),
    "by: only its own day": (Query(D(2024, 12, 2), D(2024, 12, 10), undated=False), ["c1", "c6"]),
    "by: that day": (Query(D(2024, 12, 11), D(2024, 12, 11), undated=False), ["c1", "c2", "c6"]),
    "from only: its own day": (Query(D(2024, 12, 16), D(2024, 12, 20), undated=False), ["c6"]),
    "open to the left": (Query(date_to=D(2024, 12, 11), undated=False), ["c1", "c2", "c6"]),
    "open to the right": (Query(date_from=D(2024, 12, 14), undated=False), ["c1", "c3", "c6"]),
    "the end of time": (Query(D.min, D.max, undated=False), ["c0", "c1", "c2", "c3", "c5", "c6"]),
    "days of other columns": (
        Query(D(2024, 12, 12), D(2024, 12, 13), undated=False, time_columns=("observed_to",) * 2),
        ["c0", "c5"],
    ),
    "days of other columns and undated": (
        Query(D(2024, 12, 14), None, time_columns=("observed_to", "observed_to")),
        ["c1", "c3", "c4", "c6", "c7"],
    ),
    "undated without a window": (Query(undated=False), ALL),
    "ids": (Query(ids=("c5", "c0", "none")), ["c0", "c5"]),
    "no ids": (Query(ids=()), []),
    "box of points": (Query(bbox=(35.9, 35.3, 36.0, 35.5)), ["c0", "c1"]),
    "box at a point": (Query(bbox=(35.95, 35.41, 35.95, 35.41)), ["c0"]),
    "box in the empty half of a triangle": (Query(bbox=(36.1, 35.8, 36.2, 35.9)), []),
    "box across a line": (Query(bbox=(36.2, 33.0, 36.4, 35.0)), ["c2", "c6"]),
    "box without sides": (
        Query(bbox=(-float("inf"), -90, float("inf"), 90)),
        ["c0", "c1", "c2", "c3", "c5", "c6", "c7"],
    ),
    "where text": (Query(where={"system": ("Su-24", "الطائرة")}), ["c0", "c3", "c5"]),
    "where emoji": (Query(where={"system": "🚁 Mi-8"}), ["c4"]),
    "where quote": (Query(where={"system": ("it's", "' OR 1=1 --")}), ["c2"]),
    "where odd text": (Query(where={"system": (ODD_TEXT,)}), ["c7"]),
    "where empty": (Query(where={"system": (None,)}), ["c6"]),
    "where empty or text": (Query(where={"system": (None, "S-400")}), ["c1", "c6"]),
    "where half a character": (Query(where={"system": ("\ud800", "it's")}), ["c2"]),
    "ids with half a character or a NUL": (Query(ids=("\ud800", "c1\x00", "c2")), ["c2"]),
    "where kinds mixed": (Query(where={"system": (1, 2.5, True, "it's")}), ["c2"]),
    "where number among texts": (Query(where={"count": ("x", 3, None)}), ["c2"]),
    "where nothing": (Query(where={"system": ()}), []),
    "where number": (Query(where={"count": (2, 7)}), ["c1", "c6"]),
    "where number as text": (Query(where={"count": ("2",)}), []),
    "where fraction": (Query(where={"share": (1.5, 2)}), ["c2", "c3"]),
    "where fraction is missing": (Query(where={"share": (None,)}), ["c1", "c4"]),
    "where any of a list": (Query(where={"tags": ("jet", "x'y")}), ["c0", "c5", "c7"]),
    "where list is missing": (Query(where={"tags": (None,)}), ["c3"]),
    "where quoted column": (Query(where={'a "quoted" name': ("y",)}), ["c1", "c3", "c5", "c7"]),
    "where a date": (Query(where={"observed_from": (D(2024, 12, 12),)}), ["c0"]),
    "where a date's text": (Query(where={"observed_from": ("2024-12-13",)}), ["c5"]),
    "where a moment": (Query(where={"observed_from": (datetime(2024, 12, 12, 1),)}), []),
    "all at once": (
        Query(
            D(2024, 12, 1), D(2024, 12, 31), False, ("c0", "c5"), (35, 34, 36, 36), {"count": (6,)}
        ),
        ["c5"],
    ),
}


@pytest.mark.parametrize(("query", "expected"), QUERIES.values(), ids=QUERIES)
def test_query_returns_the_same_rows_in_every_format(store, query, expected):
    found = store.read("claims", query)

    assert list(found["id"]) == expected
    assert found.crs == "EPSG:4326"
    assert list(found.index) == [ALL.index(one) for one in expected]
    load_index(store, "claims")  # later reads use the spatial index
    pd.testing.assert_frame_equal(store.read("claims", query), found)


def test_values_round_trip_in_every_format(store):
    found, made = store.read("claims"), sample()

    pd.testing.assert_series_equal(found["system"], made["system"])
    assert list(found["tags"]) == [None if tags is None else tuple(tags) for tags in made["tags"]]
    assert list(found["count"]) == list(made["count"])
    for name in ("observed_from", "observed_to"):
        pd.testing.assert_series_equal(found[name], made[name], check_dtype=False)
    same = shapely.equals_exact(found.geometry.values, made.geometry.values, tolerance=1e-9)
    assert (same | (found.geometry.isna() & made.geometry.isna())).all()


def test_read_positions_returns_those_rows_in_every_format(store):
    whole = store.read("claims")
    for some in ([1, 2, 6], [7], [], range(8)):
        taken = store.read_positions("claims", np.array(some, dtype="int64"))
        wanted = whole.iloc[some]
        pd.testing.assert_frame_equal(
            pd.DataFrame(taken), pd.DataFrame(wanted), check_dtype=False, check_index_type=False
        )
    with pytest.raises(LayerUnreadableError, match="'claims' has just been replaced"):
        store.read_positions("claims", np.array([7, 8]))


def test_read_batches_keeps_row_order_in_every_format(store, monkeypatch):
    monkeypatch.setattr("geo.store.postgis.rows.BATCH", 3)
    whole = store.read("claims")
    found = list(store.read_batches("claims", ["count", "id"], places=True))
    told = [row for one in found for row in one.data.to_pylist()]
    assert told == whole[["count", "id"]].to_dict("records")
    places = shapely.from_wkb([row for one in found for row in one.places.to_pylist()])
    assert list(shapely.to_wkt(places)) == list(shapely.to_wkt(whole.geometry.to_numpy()))
    assert all(one.places is None for one in store.read_batches("claims", ["count"]))


def test_layer_info_describes_the_rows(store):
    info = store.layer("claims")

    assert info == store.layers()[0]
    assert (info.name, info.title, info.geometry, info.rows) == ("claims", "claims", "mixed", 8)
    assert info.extent == pytest.approx((0.0, 0.0, 37.0, 36.0))
    assert (info.date_from, info.date_to) == (D(2024, 12, 1), D(2024, 12, 31))
    assert info.id_column == "id"
    assert info.time_columns == ("observed_from", "observed_to")
    assert store.faults() == ()


def test_unknown_column_error_lists_the_columns(store):
    with pytest.raises(StoreError, match=r"'sistem'.*system"):
        store.read("claims", Query(where={"sistem": ("x",)}))


def test_unknown_layer_error_lists_the_layers(store):
    with pytest.raises(LayerNotFoundError, match=r"'nothing'.*'claims'"):
        store.read("nothing")


def test_changing_a_result_does_not_change_later_reads(store):
    before = store.read("claims")
    mine = store.read("claims")
    mine.loc[0, "system"] = "changed"
    mine.geometry.array[0] = shapely.Point(1, 1)
    mine["count"] = 0
    for column in (mine["share"].to_numpy(), mine["system"].array):
        try:
            column[0] = None
        except (ValueError, TypeError):  # read-only arrays protect the cache too
            continue

    pd.testing.assert_frame_equal(pd.DataFrame(store.read("claims")), pd.DataFrame(before))


def test_versions_are_stable_without_changes(store):
    assert store.version() == store.version()
    assert store.layer("claims").version == store.layer("claims").version


@pytest.mark.parametrize("box", [(1, 2, 3), (2, 0, 1, 1), (0, 0, float("nan"), 1), "abcd", 5])
def test_invalid_query_box_is_rejected(box):
    with pytest.raises(StoreError, match="not a box"):
        Query(bbox=box)


def test_equal_queries_have_equal_hashes():
    one = Query(where={"a": ["x"]}, ids=["1"], date_from=datetime(2024, 12, 12, 5))
    assert hash(one) == hash(Query(where=(("a", ("x",)),), ids=("1",), date_from=D(2024, 12, 12)))


def test_query_accepts_a_series_of_ids():
    assert Query(ids=pd.Series(["a", "b"])).ids == ("a", "b")


def test_reversed_query_dates_are_rejected():
    with pytest.raises(StoreError, match="backwards"):
        Query(D(2024, 12, 2), D(2024, 12, 1))


def test_row_ids_without_id_column_are_positions(stored):
    store = stored(sample().drop(columns="id"), "x")
    assert store.layer("x").id_column is None
    found = store.read("x", Query(where={"system": ("Su-24",)}))
    assert list(row_ids(found, store.layer("x"))) == ["0", "5"]
    found = store.read("x", Query(ids=("5", "7", "99")))
    assert list(found["count"]) == [6, 8]
