"""Write CSV that is safe in a spreadsheet: no cell is a formula."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

import shapely

from geo.export.data.cell_types import as_text, is_infinite, unique_names
from geo.text.escaping import escape_formula

if TYPE_CHECKING:
    from geo.export.data.cell_types import Cell
    from geo.export.data.table import ExportTable

_ADDED = ("wkt", "lon", "lat")
_REPEATED = ("crs", "link", "data_version", "time_zone")


def to_csv(table: ExportTable) -> bytes:
    """Return the rows as CSV (RFC 4180), UTF-8 with a byte order mark.

    Without the mark Excel reads Arabic as Latin letters; pandas, polars, GDAL and DuckDB skip it.
    These columns follow those of the rows:

    - wkt: the geometry, EPSG:4326, longitude before latitude; for a claim the outline of the
      place that its source names;
    - lon, lat: for a claim **only where location_class is exact**, for a layer only where the
      geometry is a point. Elsewhere they are empty: no source gives the middle of an outline,
      and a map made from it would pin the claim there;
    - crs, link, data_version, and time_zone of times with a zone: the same in every row, since
      readers fail on comment lines. Such times are ISO 8601 with the offset of that zone.

    A cell that a spreadsheet could read as a formula gets a leading apostrophe.
    """
    heads = [column.name for column in table.columns]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    repeated = [key for key in _REPEATED if key in table.about]
    added = unique_names([*_ADDED, *repeated], heads)
    writer.writerow([_write_cell(name) for name in [*heads, *added]])
    columns = [list(map(_write_cell, column.cells)) for column in table.columns]
    shapes = shapely.to_wkt(table.shapes, rounding_precision=-1).tolist()
    tail = [_write_cell(table.about[key]) for key in repeated]
    for *cells, shape, (lon, lat) in zip(*columns, shapes, table.points.tolist(), strict=True):
        spot = ("", "") if math.isnan(lon) else (lon, lat)
        writer.writerow([*cells, shape or "", *spot, *tail])
    return out.getvalue().encode("utf-8-sig")


def _write_cell(value: Cell) -> str | float:
    """Return a plain cell as csv.writer takes it."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not is_infinite(value):
        return value
    return escape_formula(as_text(value))
