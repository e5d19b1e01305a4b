"""Write CSV that is safe in a spreadsheet: no cell is a formula."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from geo.export.data.cell_types import as_text, is_infinite, unique_names
from geo.selection import CLAIMS
from geo.text.escaping import escape_formula

if TYPE_CHECKING:
    from geo.export.data.cell_types import Cell
    from geo.export.data.table import ExportTable

CsvGeometry = Literal["point", "wkt"]
_ADDED: dict[CsvGeometry, tuple[str, ...]] = {"point": ("lat", "lon"), "wkt": ("wkt",)}
_REPEATED = ("crs", "link", "data_version", "time_zone")


def to_csv(table: ExportTable, geometry: CsvGeometry | None = None) -> bytes:
    """Return the rows as CSV (RFC 4180), UTF-8 with a byte order mark.

    Without the mark Excel reads Arabic as Latin letters; pandas, polars, GDAL and DuckDB skip it.
    The geometry is in the file once, after the columns of the rows, EPSG:4326:

    - "point": lat, lon; for a claim **only where location_class is exact**, for a layer only where
      the geometry is a point. Elsewhere they are empty: no source gives the middle of an outline,
      and a map made from it would pin the claim there. The column place names a claim's place;
    - "wkt": longitude before latitude; for a claim the outline of the place that its source names,
      or the band of the distance that it gives;
    - None is "point" for claims, and for a layer of which that loses nothing, else "wkt".

    These columns follow:

    - crs, link, data_version, and time_zone of times with a zone: the same in every row, since
      readers fail on comment lines. Such times are ISO 8601 with the offset of that zone.

    A cell that a spreadsheet could read as a formula gets a leading apostrophe.
    """
    heads = [column.name for column in table.columns]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    repeated = [key for key in _REPEATED if key in table.about]
    chosen = geometry or ("point" if _fits_points(table) else "wkt")
    added = unique_names([*_ADDED[chosen], *repeated], heads)
    writer.writerow([_write_cell(name) for name in [*heads, *added]])
    columns = [list(map(_write_cell, column.cells)) for column in table.columns]
    tail = [_write_cell(table.about[key]) for key in repeated]
    for *cells, shape in zip(*columns, _write_shapes(table, chosen), strict=True):
        writer.writerow([*cells, *shape, *tail])
    return out.getvalue().encode("utf-8-sig")


def _fits_points(table: ExportTable) -> bool:
    """Return whether a place id, or latitude and longitude, says all that the geometries do."""
    if table.name == CLAIMS:
        return True
    missing = shapely.is_missing(table.shapes) | ~np.isnan(table.points[:, 0])
    return bool(missing.all()) and not shapely.has_z(table.shapes).any()


def _write_shapes(table: ExportTable, geometry: CsvGeometry) -> list[tuple[float | str, ...]]:
    if geometry == "wkt":
        texts = shapely.to_wkt(table.shapes, rounding_precision=-1).tolist()
        return [(text or "",) for text in texts]
    return [("", "") if math.isnan(lon) else (lat, lon) for lon, lat in table.points.tolist()]


def _write_cell(value: Cell) -> str | float:
    """Return a plain cell as csv.writer takes it."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not is_infinite(value):
        return value
    return escape_formula(as_text(value))
