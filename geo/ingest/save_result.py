"""Save an accepted import result: as a session layer, or in the shared store; its frame for it."""

import datetime as dt
import secrets
from pathlib import Path

import pandas as pd
from geopandas import GeoDataFrame

from geo.errors import LayerExistsError, StoreError
from geo.ingest.base.column_types import EXACT_FLOAT, make_column_names
from geo.ingest.base.model import ImportResult
from geo.session_keys import SESSION_PREFIX
from geo.store import LayerInfo, LayerSpec, LayerStore
from geo.store.core.date_window import localise, parse_if_all_datetimes
from geo.store.core.normalise import is_missing, to_json
from geo.text.slugs import make_layer_name

ORIGINALS = "originals"
_MAX_LENGTH = 60


def make_session_name(title: str) -> str:
    """Return a unique name for a session layer; no other layer has its prefix."""
    return f"{SESSION_PREFIX}{_make_short_name(title)}-{secrets.token_hex(3)}"


def _make_short_name(title: str) -> str:
    return make_layer_name(title)[:_MAX_LENGTH].strip("-_")


def save_layer(store: LayerStore, name: str, result: ImportResult, title: str) -> LayerInfo:
    """Write the accepted rows of a result as a layer, completely or not at all.

    The id and label columns are those detected. Raises StoreError if there is no accepted row, or
    the store cannot write the layer.
    """
    if not result.accepted:
        msg = f"“{result.name}” has no row that could be accepted, so there is no layer to save."
        raise StoreError(msg)
    attribution = "An uploaded layer; not part of the evidence"
    return _write(store, name, result, title, attribution, new=False)


def _write(
    store: LayerStore, name: str, result: ImportResult, title: str, attribution: str, new: bool
) -> LayerInfo:
    frame, times = to_store_layer(result)
    spec = LayerSpec(
        title=title,
        id_column=result.detected.id,
        time_columns=times or (),
        label_column=result.detected.label,
        attribution=attribution,
        time_zone=result.detected.time_zone,
    )
    return store.write(name, frame, spec, new=new)


def share_layer(
    store: LayerStore, folder: Path, result: ImportResult, body: bytes, *, title: str, who: str
) -> LayerInfo:
    """Write a result to the shared store, and save the original file beside it.

    ``folder`` is the store's: originals are in a subfolder that is not read as layers. ``who`` is
    part of the layer's attribution, with the date. Raises StoreError if a layer of that title
    exists, ``who`` is empty, or writing fails; the store is unchanged then.
    """
    who = " ".join(who.split())[:100]
    if not who:
        msg = "Enter who shares the layer: everybody will see it under that name."
        raise StoreError(msg)
    name = _make_short_name(title)
    taken = f"There is a layer “{title}” already. Choose another title."
    if name in {*(one.name for one in store.layers()), *(one.name for one in store.faults())}:
        raise StoreError(taken)
    now = dt.datetime.now(dt.UTC)
    original = _save_original(folder, name, now, result.name, body)
    attribution = f"Shared by {who} on {now:%d %B %Y}; not part of the evidence"
    try:
        return _write(store, name, result, title, attribution, new=True)
    except Exception as error:
        original.unlink(missing_ok=True)
        if isinstance(error, LayerExistsError):  # created by someone else meanwhile
            raise StoreError(taken) from error
        raise


def _save_original(folder: Path, name: str, now: dt.datetime, given: str, body: bytes) -> Path:
    """Write the original under a generated name; user input is never used as a path."""
    stem, dot, suffix = given.rpartition(".")
    ending = make_layer_name(suffix)[:10] if dot and stem else "bin"
    unique = secrets.token_hex(3)  # two people may share the same title in the same second
    path = folder / ORIGINALS / f"{name}-{now:%Y%m%dT%H%M%S}-{unique}.{ending}"
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        partial.write_bytes(body)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        msg = f"The original file cannot be saved ({error.strerror}); nothing was shared."
        raise StoreError(msg) from error
    return path


def to_store_layer(result: ImportResult) -> tuple[GeoDataFrame, tuple[str, str] | None]:
    """Return a frame that a store can write, and its time columns.

    Columns of mixed types, and integers that a store would round, become text. If a store would
    parse the date columns differently, two columns with the parsed dates are added.
    """
    frame = result.frame.copy()
    for name in frame.columns.drop("geometry"):
        column = frame[name]
        if column.dtype == object:
            frame[name] = _make_uniform(column)
        elif str(column.dtype) == "Int64" and _loses_digits(column):
            frame[name] = column.astype("str")
    if not len(result.times.columns):
        return frame, None
    start, end = result.detected.date_from, result.detected.date_to
    pairs, zone = ((start, "from"), (end, "to")), result.detected.time_zone or "UTC"
    if start and end and all(_parses_the_same(frame[a], result.times[b], zone) for a, b in pairs):
        return frame, (start, end)
    first, last = make_column_names(["date_from", "date_to"], frame.columns)
    frame.insert(len(frame.columns) - 1, first, result.times["from"])
    frame.insert(len(frame.columns) - 1, last, result.times["to"])
    return frame, (first, last)


def _parses_the_same(column: pd.Series, times: pd.Series, zone: str) -> bool:
    """Return whether a store parses a column to the dates of the import result."""
    parsed = parse_if_all_datetimes(column, zone)
    if parsed is None:
        return False
    if parsed.dt.tz is None and times.dt.tz is not None:
        parsed = localise(parsed, zone)
    in_store, imported = (pd.to_datetime(one, utc=True).dt.as_unit("us") for one in (parsed, times))
    return bool(in_store.equals(imported))


def _loses_digits(column: pd.Series) -> bool:
    """Return whether a store would round: integers of which some are missing become floats."""
    return bool(column.isna().any() and (column.dropna().abs() > EXACT_FLOAT).any())


def _make_uniform(column: pd.Series) -> pd.Series:
    """Return a column of tuples of text unchanged, and any other one as text."""
    cells = [cell for cell in column if not is_missing(cell)]
    all_tuples = {type(cell) for cell in cells} == {tuple}
    if all_tuples and all(isinstance(one, str) for cell in cells for one in cell):
        return column
    texts = [
        None if is_missing(cell) else cell if isinstance(cell, str) else to_json(cell)
        for cell in column
    ]
    return pd.Series(texts, index=column.index, dtype="str")
