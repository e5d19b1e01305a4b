"""A reading as a layer that a store can hold and the date filter understands."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame

from geo.ingest.base.column_types import plain_names
from geo.ingest.base.model import ImportResult
from geo.store.core.date_window import parse_if_all_datetimes


def as_layer(reading: ImportResult) -> tuple[GeoDataFrame, tuple[str, str] | None]:
    """Return the accepted rows for a store; see :meth:`geo.ingest.base.model.Reading.as_layer`."""
    frame = reading.frame.copy()
    for name in frame.columns.drop("geometry"):
        if frame[name].dtype == object:
            frame[name] = _of_one_kind(frame[name])
    if not len(reading.times.columns):
        return frame, None
    start, end = reading.guessed.date_from, reading.guessed.date_to
    if (
        start
        and end
        and all(
            _same(frame[column], reading.times[side])
            for column, side in ((start, "from"), (end, "to"))
        )
    ):
        return frame, (start, end)
    first, last = plain_names(["date_from", "date_to"], frame.columns)
    frame.insert(len(frame.columns) - 1, first, reading.times["from"])
    frame.insert(len(frame.columns) - 1, last, reading.times["to"])
    return frame, (first, last)


def _same(column: pd.Series, times: pd.Series) -> bool:
    """Whether a store reads the same days from a column as were read here."""
    parsed = parse_if_all_datetimes(column)
    if parsed is None:
        return False
    utc = [pd.to_datetime(one, utc=True).dt.as_unit("us") for one in (parsed, times)]
    return bool(utc[0].equals(utc[1]))


def _of_one_kind(column: pd.Series) -> pd.Series:
    kinds = {type(cell) for cell in column if cell is not None}
    if kinds == {tuple} and all(
        isinstance(one, str) for cell in column if cell is not None for one in cell
    ):
        return column
    return pd.Series([_text(cell) for cell in column], index=column.index, dtype="str")


def _text(cell: Any) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    return json.dumps(cell, ensure_ascii=False, default=str)
