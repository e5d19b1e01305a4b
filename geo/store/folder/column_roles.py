"""Detects which columns of a file are id, time and label."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pandas as pd

from geo.store.bulk.duplicates import find_duplicate
from geo.store.core.api import find_missing_column
from geo.store.core.date_window import compute_day_ranges, find_first_and_last_day
from geo.store.core.errors import FileFaultError
from geo.store.folder.catalogue import CatalogueEntry
from geo.store.formats.format_reader import LayerReader
from geo.store.formats.parquet import as_batch_reader

TimeColumns = tuple[str, str] | None


def detect_roles(
    entry: CatalogueEntry, reader: LayerReader
) -> tuple[str | None, TimeColumns, str | None]:
    """Return the id, time and label columns: from the catalogue, else detected.

    Detected are: a column ``id`` whose values are complete and unique; ``observed_from`` and
    ``observed_to``, else the only column of dates; ``name``, ``label`` or ``title``.
    """
    columns, named = reader.columns, entry.named
    missing = find_missing_column(named, columns)
    if missing is not None:
        why = f"The catalogue names the column {missing!r}, which it does not have."
        raise FileFaultError(why, f"Choose among its columns: {', '.join(columns) or 'none'}.")
    id_column = _check_unique(reader, named["id"]) if "id" in named else _detect_id(reader)
    times = named["time"] if "time" in named else _detect_times(columns)
    labels = (name for name in ("name", "label", "title") if name in columns)
    return id_column, times, named["label"] if "label" in named else next(labels, None)


def read_first_and_last_day(
    reader: LayerReader, times: TimeColumns, zone: str
) -> tuple[date | None, date | None]:
    """Return the earliest and the latest day of all rows."""
    found = np.empty(0, dtype="datetime64[D]")
    if times is None:
        return None, None
    for part in _read_in_batches(reader, list(dict.fromkeys(times))):
        days = np.concatenate([found, *compute_day_ranges(part, times, zone)])
        days = days[~np.isnat(days)]
        found = np.array([days.min(), days.max()]) if len(days) else found
    return find_first_and_last_day(found, found)


def _detect_id(reader: LayerReader) -> str | None:
    if reader.columns.get("id") not in {"text", "integer", "datetime"}:
        return None
    complete = all(part["id"].notna().all() for part in _read_in_batches(reader, ["id"]))
    return _check_unique(reader, "id") if complete else None


def _check_unique(reader: LayerReader, name: str | None) -> str | None:
    """Return the column if its values are unique, else None: the row's position is the id."""
    if name is None:
        return None
    if reader.columns[name] == "text":
        twice = find_duplicate(lambda: (part[name] for part in _read_in_batches(reader, [name])))
        return name if twice is None else None
    return name if reader.read_columns([name])[name].dropna().is_unique else None


def _detect_times(columns: dict[str, str]) -> TimeColumns:
    if "observed_from" in columns and "observed_to" in columns:
        return "observed_from", "observed_to"
    dated = [name for name, kind in columns.items() if kind == "datetime"]
    return (dated[0], dated[0]) if len(dated) == 1 else None


def _read_in_batches(reader: LayerReader, names: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Yield these columns in batches if the format supports it, else all at once."""
    batched = as_batch_reader(reader)
    if batched is None:
        yield reader.read_columns(names)
        return
    for batch in batched.read_batches(names, places=False):
        yield batch.data.to_pandas(date_as_object=False, ignore_metadata=True)
