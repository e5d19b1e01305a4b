"""Pieces of a map across 180 degrees as windows of the spatial index."""

import numpy as np
import pytest
from geopandas import GeoDataFrame
from shapely import points

from geo.large_layer import LargeLayerRows
from geo.mapping.density_tiles import classify_density
from geo.mapping.drawing_windows import list_turns, project_box, split_window, to_windows
from geo.store import LayerSpec, Query, open_store
from geo.store.bulk.spatial_index import WORLD, to_window
from tests.support.second_case import SYNTHETIC_PACIFIC

ACROSS = (179.0, -18.0, 181.0, -17.0)


@pytest.fixture
def pacific(monkeypatch):
    monkeypatch.setenv("CASE", str(SYNTHETIC_PACIFIC))


def test_a_map_about_greenwich_has_one_window():
    assert to_windows((34.0, 32.0, 39.0, 37.0)) == (to_window((34.0, 32.0, 39.0, 37.0)),)
    assert split_window((-5, 0, 10, 10)) == ((-5, 0, 10, 10),)
    assert list_turns(-1.0, WORLD + 5.0) == (0,)


def test_a_piece_across_180_has_two(pacific):
    east, west = to_windows(ACROSS)
    assert east == to_window((179.0, -18.0, 180.0, -17.0))
    assert west == to_window((-180.0, -18.0, -179.0, -17.0))
    left, top, right, bottom = (int(side) for side in project_box(ACROSS))
    first, second = split_window((left, top, right, bottom))
    assert first[0] == left
    assert first[2] == WORLD - 1
    assert second[0] == 0
    assert second[2] == right - WORLD
    assert list_turns(left, right) == (0, 1)


def test_a_piece_east_of_180_has_one(pacific):
    assert to_windows((181.0, -18.0, 182.0, -17.0)) == (to_window((-179.0, -18.0, -178.0, -17.0)),)


def test_density_counts_both_sides_of_180(pacific, tmp_path):
    lons = np.where(np.arange(60) % 2, 179.52, -179.48)
    frame = GeoDataFrame(
        {"id": [f"p{number}" for number in range(60)]},
        geometry=points(lons, np.full(60, -17.5)),
        crs=4326,
    )
    store = open_store(str(tmp_path))
    store.write("many", frame, LayerSpec(title="Many", id_column="id"))
    layer = LargeLayerRows(store.layer("many"), store, Query())
    assert layer.count(to_windows(ACROSS)) == len(layer.positions(to_windows(ACROSS))) == 60
    left, top, right, bottom = project_box(ACROSS)
    step = (right - left) / 20
    classes = classify_density(layer, (left, top), step, (20, int((bottom - top) / step) + 1))
    columns = np.flatnonzero(classes.any(axis=0))
    assert columns.tolist() == [5, 15]
