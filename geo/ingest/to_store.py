"""Convert an import result to a frame that a store can write, with its date columns."""

import json

import pandas as pd
from geopandas import GeoDataFrame

from geo.ingest.base.column_types import make_column_names
from geo.ingest.base.model import ImportResult
from geo.store.core.date_window import parse_if_all_datetimes


def to_store_layer(result: ImportResult) -> tuple[GeoDataFrame, tuple[str, str] | None]:
    """Return a frame that a store can write, and its time columns.

    Columns of mixed types become text. If a store would parse the date columns differently, two
    columns with the parsed dates are added.
    """
    frame = result.frame.copy()
    for name in frame.columns.drop("geometry"):
        if frame[name].dtype == object:
            frame[name] = _make_uniform(frame[name])
    if not len(result.times.columns):
        return frame, None
    start, end = result.detected.date_from, result.detected.date_to
    pairs = ((start, "from"), (end, "to"))
    if start and end and all(_parses_the_same(frame[a], result.times[b]) for a, b in pairs):
        return frame, (start, end)
    first, last = make_column_names(["date_from", "date_to"], frame.columns)
    frame.insert(len(frame.columns) - 1, first, result.times["from"])
    frame.insert(len(frame.columns) - 1, last, result.times["to"])
    return frame, (first, last)


def _parses_the_same(column: pd.Series, times: pd.Series) -> bool:
    """Return whether a store parses a column to the dates of the import result."""
    parsed = parse_if_all_datetimes(column)
    if parsed is None:
        return False
    in_store, imported = (pd.to_datetime(one, utc=True).dt.as_unit("us") for one in (parsed, times))
    return bool(in_store.equals(imported))


def _make_uniform(column: pd.Series) -> pd.Series:
    """Return a column of tuples of text unchanged, and any other one as text."""
    cells = [cell for cell in column if cell is not None]
    all_tuples = {type(cell) for cell in cells} == {tuple}
    if all_tuples and all(isinstance(one, str) for cell in cells for one in cell):
        return column
    texts = [
        cell if isinstance(cell, str | None) else json.dumps(cell, ensure_ascii=False, default=str)
        for cell in column
    ]
    return pd.Series(texts, index=column.index, dtype="str")
