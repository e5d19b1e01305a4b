"""Combine the layers of a file into one table with geometries in WGS 84."""

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.ingest.base.column_types import build_column, make_column_names, to_nullable
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.model import FileRejectedError, Level
from geo.ingest.base.safe_text import quote_names
from geo.ingest.checks.reprojection import choose_crs, to_wgs84
from geo.ingest.detect import coordinate_columns
from geo.ingest.detect.coordinate_candidates import CoordinateColumns
from geo.ingest.detect.coordinate_names import pair_names
from geo.ingest.detect.known_schemas import match_schema

_TABULAR = ("CSV", "TSV", "XLSX")


def combine_layers(tables: list[RawTable], log: Diagnostics) -> RawTable:
    """Return all layers as one table with geometries in EPSG:4326.

    Raises FileRejectedError if no layer has rows with usable coordinates.
    """
    with_coordinates, without, chosen = [], [], choose_crs(log)
    for table in tables:
        no_places = table.geometries is None or (
            not len(table.geometries) and log.detected.format in _TABULAR
        )
        if no_places or _is_without_geometries(table):
            found = _detect_coordinates(table.data, chosen, log)
            if found is None and no_places:
                without.append(table)
                continue
            if found is not None:
                coordinate_columns.parse_coordinates(table, found, log)
                log.detected = replace(
                    log.detected, coordinates=found.columns, notation=found.notation
                )
        with_coordinates.append(table)
    if not with_coordinates:
        raise coordinate_columns.no_coordinates_error(without[0].data)
    if without:
        names = quote_names(table.name for table in without)
        # a sheet of one column is a note; one of several may be a table whose places were missed
        level: Level = "warning" if any(len(t.data.columns) > 1 for t in without) else "info"
        log.add_message(level, f"Layers without coordinates are left out: {names}.")
    full = [table for table in with_coordinates if len(table.data)]
    if not full:
        if log.rejected_lines:
            raise FileRejectedError("No row of it can be read.", "See the rejected rows.")
        raise FileRejectedError("It has no rows.", "Export it again, with its rows.")
    full = _reproject_layers(full, log)
    if columns := log.detected.coordinates:
        notation = coordinate_columns.NOTATIONS[log.detected.notation]
        log.inform(f"Coordinates: {quote_names(columns)} ({notation}).")
    total = sum(len(table.data) for table in full)
    log.limits.check_rows(total, subject="The file, in all layers,")
    return _rename_geometry_column(_concatenate_tables(full, log), log)


def _is_without_geometries(table: RawTable) -> bool:
    """Return whether all rows have an empty cell as geometry, and none a faulty one."""
    shapes = np.array(table.geometries, dtype=object)
    return bool(len(shapes)) and not table.rejected.any() and shapely.is_missing(shapes).all()


def _detect_coordinates(
    data: pd.DataFrame, chosen: CRS | None, log: Diagnostics
) -> CoordinateColumns | None:
    """Return the coordinate columns: x and y of any size if a user chose a projected CRS."""
    schema = match_schema(data, log)
    found = coordinate_columns.detect_coordinate_columns(data, schema, log.options)
    if chosen is None or not chosen.is_projected:
        return found
    if found is None and (pairs := pair_names(data.columns)):
        return CoordinateColumns(pairs[0][1::-1], "xy")
    if found is not None and found.notation == "decimal":
        return replace(found, columns=found.columns[::-1], notation="xy")
    return found


def _reproject_layers(tables: list[RawTable], log: Diagnostics) -> list[RawTable]:
    """Reproject layers to EPSG:4326; one of several that fails is left out."""
    kept, names = [], []
    for table in tables:
        try:
            names.append(to_wgs84(table, log))
            kept.append(table)
        except FileRejectedError as error:
            if len(tables) == 1:
                raise
            log.warn(f"The layer {quote_names([table.name])} is left out. {error}")
    if not kept:
        raise FileRejectedError("The CRS of no layer is known.", "Choose the CRS of the file.")
    crs = ", ".join(dict.fromkeys(names))
    layers_read = tuple(table.name for table in kept if table.name)
    log.detected = replace(log.detected, crs=crs, layers_read=layers_read)
    return kept


def _concatenate_tables(tables: list[RawTable], log: Diagnostics) -> RawTable:
    """Return several layers as one table, with the layer's name as a column."""
    if len(tables) == 1:
        return tables[0]
    given = quote_names(table.name for table in tables)
    log.inform(
        f"The file has {len(tables)} layers, and all are read: {given}. Choose one to read only "
        "that."
    )
    names = list(dict.fromkeys(name for table in tables for name in table.data.columns))
    frame = pd.DataFrame({name: _concatenate_column(name, tables) for name in names})
    layers = np.concatenate([np.full(len(t.data), t.name, dtype=object) for t in tables])
    added = make_column_names(["layer"], names)[0]
    frame[added] = pd.Series(layers, dtype="str")
    if added != "layer":
        log.inform(f"The layer of each row is in the column “{added}”.")
    lines = [t.lines for t in tables if t.lines is not None]
    return RawTable(
        "",
        frame,
        np.concatenate([t.rows for t in tables]),
        np.concatenate([np.array(t.geometries, dtype=object) for t in tables]),
        tables[0].crs,
        np.concatenate(lines) if len(lines) == len(tables) else None,
        layers,
        np.concatenate([t.rejected for t in tables]),
        np.concatenate([t.no_geometry for t in tables]),
        np.concatenate([t.open_rings for t in tables]),
        tables[0].latitude_column if len({t.latitude_column for t in tables}) == 1 else None,
    )


def _concatenate_column(name: str, tables: list[RawTable]) -> pd.Series:
    """Return a column of all layers; cells of layers that do not have it are empty."""
    parts = [
        to_nullable(table.data[name]) if name in table.data.columns else None for table in tables
    ]
    dtypes = {part.dtype for part in parts if part is not None and part.notna().any()}
    if len(dtypes) == 1:
        dtype = dtypes.pop()
        filled = [
            pd.Series([None] * len(table.data), dtype=dtype)
            if part is None or not part.notna().any()
            else part
            for table, part in zip(tables, parts, strict=True)
        ]
        return pd.concat(filled, ignore_index=True)
    cells: list[object] = []
    for table, part in zip(tables, parts, strict=True):
        if part is None:
            cells += [None] * len(table.data)
            continue
        missing = part.isna().tolist()
        cells += [None if no else cell for cell, no in zip(part.tolist(), missing, strict=True)]
    return build_column(cells)


def _rename_geometry_column(table: RawTable, log: Diagnostics) -> RawTable:
    """Rename a data column "geometry", since the geometries get that name."""
    if "geometry" in table.data.columns:
        new = make_column_names(["geometry"], table.data.columns)[0]
        log.inform(f"The column “geometry” is renamed to “{new}”: “geometry” holds the geometries.")
        table.data = table.data.rename(columns={"geometry": new})
    return table
