"""A frame as the file that a store writes: GeoParquet, EPSG:4326, with a covering bbox."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj.exceptions
from geopandas import GeoDataFrame

from geo.errors import StoreError
from geo.store.bulk.hilbert import compute_hilbert_order
from geo.store.bulk.wkb_column import compute_centres
from geo.store.core.errors import FileFaultError, explain_type_errors
from geo.store.core.normalise import to_wgs84

ROW_GROUP = 16_384  # rows: what is read at least, of the columns that are asked for
SORTED_FROM = 20_000  # rows


def storable(name: str, frame: GeoDataFrame, said: Mapping[str, Any]) -> GeoDataFrame:
    """The frame as it will be stored: EPSG:4326, place column ``geometry``, no index.

    Parameters
    ----------
    name, frame
        What is to be written.
    said
        The columns that the writer names, as in :class:`geo.store.folder.catalogue.Item`.

    Raises
    ------
    StoreError
        When it is not a GeoDataFrame with one named CRS, one geometry column and different
        column names, when a column that is named is not in it, or an id is missing or given twice.
    """
    why = _unfit(frame)
    if why:
        raise StoreError(f"Layer {name!r} cannot be written: {why}")
    try:
        places = to_wgs84(frame.geometry)
    except (FileFaultError, pyproj.exceptions.ProjError) as error:
        msg = (
            f"Layer {name!r} cannot be written: its coordinate reference system (CRS) is "
            "not named or cannot be turned into EPSG:4326. Name it with frame.set_crs(...)."
        )
        raise StoreError(msg) from error
    data = pd.DataFrame(frame.drop(columns=frame.geometry.name)).reset_index(drop=True)
    check_said(name, list(data.columns), said)
    if said.get("id"):
        _check_ids(name, data[said["id"]])
    return GeoDataFrame(data, geometry=places.reset_index(drop=True))


def _unfit(frame: GeoDataFrame) -> str | None:
    """Why a frame cannot be a layer, and what to do; None when it can."""
    if not isinstance(frame, GeoDataFrame) or frame.active_geometry_name is None:
        return "it is no GeoDataFrame with a geometry column. Make one with its places and CRS."
    if not all(isinstance(one, str) for one in frame.columns):
        return "a column's name is not text. Rename it."
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        return f"two columns are named {twice[0]!r}. Give each column its own name."
    others = [n for n in frame.columns[frame.dtypes == "geometry"] if n != frame.geometry.name]
    if others:
        return f"it has a second geometry column, {others[0]!r}. Keep one, or write two layers."
    if "geometry" in frame.columns and frame.geometry.name != "geometry":
        return "its column 'geometry' does not hold its places. Rename that column."
    return None


def check_said(name: str, columns: list[str], said: Mapping[str, Any]) -> None:
    """StoreError when a column that the writer names is not there."""
    used = [said.get("id"), said.get("label"), *(said.get("time") or ())]
    missing = [one for one in used if one is not None and one not in columns]
    if missing:
        msg = (
            f"Layer {name!r} cannot be written: the frame has no column {missing[0]!r}. "
            f"Choose among: {', '.join(columns) or 'none'}."
        )
        raise StoreError(msg)


def _check_ids(name: str, ids: pd.Series) -> None:
    missing, twice = ids.isna(), ids.duplicated()
    if missing.any():
        at = int(np.flatnonzero(missing)[0])
        msg = f"Layer {name!r} cannot be written: row {at} has no {ids.name!r}. Give it an id."
        raise StoreError(msg)
    if twice.any():
        raise same_id(name, ids[twice].iloc[0])


def same_id(name: str, value: object) -> StoreError:
    """Return the error for an id that two rows have."""
    return StoreError(
        f"Layer {name!r} cannot be written: the id {str(value)!r} stands in more than one row. "
        "Give each row its own id."
    )


def along_curve(frame: GeoDataFrame) -> GeoDataFrame:
    """The rows along a Hilbert curve over all of them; rows without a finite place at the end."""
    return frame.iloc[
        compute_hilbert_order(compute_centres(frame.geometry.to_numpy()))
    ].reset_index(drop=True)


def write_parquet(name: str, frame: GeoDataFrame, path: Path) -> None:
    """Write a storable frame, and read its header back.

    A frame with a column ``bbox`` of its own is written without the covering boxes. A big one
    (SORTED_FROM) is written along a space-filling curve: what is near on the map is near in the
    file, so that a box is in few row groups.

    Raises
    ------
    StoreError
        When a column holds values that Parquet has no type for.
    OSError
        When the disk does not take it.
    """
    frame = frame if len(frame) < SORTED_FROM else along_curve(frame)
    with explain_type_errors(name):
        frame.to_parquet(
            path,
            index=False,
            compression="zstd",
            write_covering_bbox="bbox" not in frame.columns,
            row_group_size=ROW_GROUP,
        )
    check_rows(path, len(frame))


def check_rows(path: Path, wanted: int) -> None:
    """OSError unless a file that was just written says that it has these rows."""
    import pyarrow.parquet as pq

    found = pq.read_metadata(path).num_rows
    if found != wanted:
        msg = f"it has {found} rows when read back, not {wanted}"
        raise OSError(msg)
