"""Several layers of a file as one table, each with its places found and turned into WGS 84."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.ingest.base.column_types import plain_names, series_of
from geo.ingest.base.diagnostics import Diagnostics, RawTable, listed
from geo.ingest.base.model import FileRejectedError, ImportOptions
from geo.ingest.checks import geometry_checks
from geo.ingest.detect import coordinate_columns, known_schemas

_TABULAR = ("CSV", "TSV", "XLSX")
_NOTATIONS = {
    "decimal": "decimal degrees, latitude first",
    "dms": "degrees, minutes and seconds",
    "mgrs": "MGRS; each point is the south-west corner of its square",
    "wkt": "well-known text or the like",
    "pair": "latitude, longitude",
    "xy": "x, y",
}


def combine(tables: list[RawTable], choices: ImportOptions, log: Diagnostics) -> RawTable:
    """Return all layers as one table with geometries in EPSG:4326.

    Raises
    ------
    RefusedError
        When no layer has a place that can be told.
    """
    done, without, last = [], [], None
    for table in tables:
        if table.shapes is None or (not len(table.shapes) and log.guessed.format in _TABULAR):
            known = known_schemas.known(table.data, log.guessed.format, choices.shape)
            found = coordinate_columns.find(table.data, choices, known)
            if found is None:
                without.append(table)
                continue
            coordinate_columns.places(table, found, log)
            last = found
            log.learn(coordinates=found.columns, notation=found.notation)
        done.append(table)
    if not done:
        raise coordinate_columns.none_found(without[0].data)
    if without:
        log.add_message(
            "warning",
            f"Layers without coordinates are left out: {listed(table.name for table in without)}.",
        )
    full = [table for table in done if len(table.data)]
    if not full:
        if log.lost:
            raise FileRejectedError("No row of it can be read.", "See what was set aside.")
        raise FileRejectedError("It holds no rows.", "Export it again, with its rows.")
    full, crs = _settled(full, choices, log)
    log.learn(crs=crs, layers_read=tuple(table.name for table in full if table.name))
    if last is not None:
        log.add_message(
            "info", f"Coordinates: {listed(last.columns)} ({_NOTATIONS[last.notation]})."
        )
    if sum(len(table.data) for table in full) > log.limits.rows:
        raise FileRejectedError(
            f"Its layers have more than {log.limits.rows:,} rows, which is the limit.",
            "Choose one layer, or split it.",
        )
    return _named(_together(full, log), log)


def _settled(
    tables: list[RawTable], choices: ImportOptions, log: Diagnostics
) -> tuple[list[RawTable], str]:
    """Bring layers into EPSG:4326; of several, one that cannot be brought there is left out."""
    kept, names = [], []
    for table in tables:
        try:
            names.append(geometry_checks.to_wgs84(table, choices, log))
            kept.append(table)
        except FileRejectedError as error:
            if len(tables) == 1:
                raise
            log.add_message("warning", f"The layer {listed([table.name])} is left out. {error}")
    if not kept:
        raise FileRejectedError(
            "No layer can be placed.", "Choose the CRS that the file was made in."
        )
    return kept, ", ".join(dict.fromkeys(names))


def _together(tables: list[RawTable], log: Diagnostics) -> RawTable:
    """Return several layers as one, in EPSG:4326, with the layer's name as a column."""
    if len(tables) == 1:
        return tables[0]
    log.add_message(
        "warning",
        f"The file has {len(tables)} layers, and all are read: "
        f"{listed(table.name for table in tables)}. Choose one to read it alone.",
    )
    names = list(dict.fromkeys(name for table in tables for name in table.data.columns))
    data = {
        name: _column([t.data[name] if name in t.data.columns else len(t.data) for t in tables])
        for name in names
    }
    frame = pd.DataFrame(data)
    layers = np.concatenate([np.full(len(t.data), t.name, dtype=object) for t in tables])
    added = plain_names(["layer"], names)[0]
    frame[added] = pd.Series(layers, dtype="str")
    if added != "layer":
        log.add_message("info", f"The layer of each row stands in the column “{added}”.")
    lines = (
        None
        if any(t.lines is None for t in tables)
        else np.concatenate([t.lines for t in tables if t.lines is not None])
    )
    return RawTable(
        "",
        frame,
        np.concatenate([t.rows for t in tables]),
        np.concatenate([np.array(t.shapes, dtype=object) for t in tables]),
        tables[0].crs,
        lines,
        layers,
        np.concatenate([t.bad for t in tables]),
        np.concatenate([t.placeless for t in tables]),
        tables[0].latitude if len({t.latitude for t in tables}) == 1 else None,
    )


def _column(parts: Sequence[pd.Series | int]) -> pd.Series:
    """Return parts of a column as one; a number stands for so many empty cells."""
    kinds = {part.dtype for part in parts if isinstance(part, pd.Series)}
    if len(kinds) == 1:
        kind = kinds.pop()
        whole = [
            part if isinstance(part, pd.Series) else pd.Series([None] * part, dtype=kind)
            for part in parts
        ]
        return pd.concat(whole, ignore_index=True)
    cells: list[object] = []
    for part in parts:
        if isinstance(part, int):
            cells += [None] * part
        else:
            gone = part.isna().tolist()
            cells += [None if no else cell for cell, no in zip(part.tolist(), gone, strict=True)]
    return series_of(cells)


def _named(table: RawTable, log: Diagnostics) -> RawTable:
    """Return a table none of whose columns has the name of the place column."""
    if "geometry" not in table.data.columns:
        return table
    fresh = plain_names(["geometry"], table.data.columns)[0]
    log.add_message(
        "info", f"The column “geometry” is called “{fresh}”: the places stand in “geometry”."
    )
    table.data = table.data.rename(columns={"geometry": fresh})
    return table
