"""A large layer on the pages: counts, table and downloads."""

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.store import LayerSpec, open_store
from geo.ui.page_sections import LAYER_ROWS
from tests.support.app_elements import assert_no_error, read_text

MANY = 3_000


@pytest.fixture(autouse=True)
def folder(tmp_path, use_store, monkeypatch):
    """Synthetic points as the operator's layer "many"."""
    numbers = np.arange(MANY)
    days = pd.to_datetime(dt.date(2024, 12, 10)) + pd.to_timedelta(numbers % 3, unit="D")
    frame = gpd.GeoDataFrame(
        {"key": [f"k{number}" for number in numbers], "day": days},
        geometry=gpd.points_from_xy(35 + numbers / MANY, 34 + numbers % 7 / 7),
        crs=4326,
    )
    open_store(str(tmp_path)).write(
        "many", frame, LayerSpec(title="Synthetic many", id_column="key")
    )
    monkeypatch.setenv("VECTOR_LIMIT", "500")
    monkeypatch.setenv("DOWNLOAD_ROWS", "1500")
    use_store(tmp_path)


def texts(at) -> str:
    return " ".join(part.value for part in at.text)


def test_table_shows_the_first_rows_and_the_total(open_page):
    at = assert_no_error(open_page("overview", "layer=many", table_open=True))
    assert f"Synthetic many: {MANY:,} of {MANY:,} rows, the first {LAYER_ROWS:,} here" in texts(at)
    assert [len(table.value) for table in at.dataframe][-1] == LAYER_ROWS
    at = assert_no_error(
        open_page("overview", "layer=many&from=2024-12-11&to=2024-12-11", table_open=True)
    )
    assert f"1,000 of {MANY:,} rows" in texts(at)
    assert set(at.dataframe[-1].value["day"].str[:10]) == {"2024-12-11"}


def test_download_of_too_many_rows_is_rejected(open_page):
    at = assert_no_error(open_page("overview", "layer=many", away_open=True))
    assert f"{MANY:,} rows of the layer “Synthetic many” are more than are written" in texts(at)
    at = assert_no_error(
        open_page("overview", "layer=many&from=2024-12-11&to=2024-12-11", away_open=True)
    )
    assert "are more than are written" not in texts(at)


def test_feature_of_a_large_layer_opens_in_the_panel(open_page):
    at = assert_no_error(open_page("overview", "layer=many&claim=many/k17"))
    assert "k17" in read_text(at)
    assert "Synthetic many" in read_text(at)
