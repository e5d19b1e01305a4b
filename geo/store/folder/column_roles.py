"""What the columns of a file are for, and what has to be read of them to know."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pandas as pd

from geo.store.bulk.duplicates import find_duplicate
from geo.store.core import date_window
from geo.store.core.errors import FileFaultError
from geo.store.folder.catalogue import CatalogueEntry
from geo.store.formats.format_reader import LayerReader, as_batch_reader

Times = tuple[str, str] | None


def detect_roles(item: CatalogueEntry, reader: LayerReader) -> tuple[str | None, Times, str | None]:
    """The id, time and label columns: as the catalogue says, else guessed.

    Guessed are: a column ``id`` whose values are all there and all different; ``observed_from``
    and ``observed_to``, else the only column of dates; ``name``, ``label`` or ``title``.
    """
    columns, said = reader.columns, item.said
    used = [said.get("id"), said.get("label"), *(said.get("time") or ())]
    missing = [name for name in used if name is not None and name not in columns]
    if missing:
        why = f"The catalogue names the column {missing[0]!r}, which it does not have."
        raise FileFaultError(why, f"Choose among its columns: {', '.join(columns) or 'none'}.")
    id_column = _unique(reader, said["id"]) if "id" in said else _guess_id(reader)
    times = said["time"] if "time" in said else _guess_times(columns)
    named = (name for name in ("name", "label", "title") if name in columns)
    return id_column, times, said["label"] if "label" in said else next(named, None)


def _guess_id(reader: LayerReader) -> str | None:
    if reader.columns.get("id") not in {"text", "integer", "datetime"}:
        return None
    full = all(part["id"].notna().all() for part in _attributes(reader, ["id"]))
    return _unique(reader, "id") if full else None


def _unique(reader: LayerReader, name: str | None) -> str | None:
    """Return the column, unless a value occurs twice: then a row's position is its id."""
    if name is None:
        return None
    if reader.columns[name] == "text":
        twice = find_duplicate(lambda: (part[name] for part in _attributes(reader, [name])))
        return name if twice is None else None
    return name if reader.attributes([name])[name].dropna().is_unique else None


def _guess_times(columns: dict[str, str]) -> Times:
    if "observed_from" in columns and "observed_to" in columns:
        return "observed_from", "observed_to"
    dated = [name for name, kind in columns.items() if kind == "datetime"]
    return (dated[0], dated[0]) if len(dated) == 1 else None


def _attributes(reader: LayerReader, names: Sequence[str]) -> Iterator[pd.DataFrame]:
    """These columns, some rows at a time where the format can give a part."""
    partwise = as_batch_reader(reader)
    if partwise is None:
        yield reader.attributes(names)
        return
    for batch in partwise.batches(names, places=False):
        yield batch.data.to_pandas(date_as_object=False, ignore_metadata=True)


def read_first_and_last_day(reader: LayerReader, times: Times) -> tuple[date | None, date | None]:
    """The earliest and the latest day of all rows."""
    found = np.empty(0, dtype="datetime64[D]")
    if times is None:
        return None, None
    for part in _attributes(reader, list(dict.fromkeys(times))):
        days = np.concatenate([found, *date_window.compute_day_ranges(part, times)])
        days = days[~np.isnat(days)]
        found = np.array([days.min(), days.max()]) if len(days) else found
    return date_window.find_first_and_last_day(found, found)
