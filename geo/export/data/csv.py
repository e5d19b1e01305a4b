"""CSV that is safe in a spreadsheet: no cell of it is a formula."""

from __future__ import annotations

import csv
import io
import math
import re
from typing import TYPE_CHECKING, Any

import shapely

from geo.export.data.cell_types import as_text, is_infinite, unique_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.export.data.cell_types import Column
    from geo.export.data.table import ExportTable

# A spreadsheet skips white space, unseen characters and quotes before it looks for a formula.
_FORMULA = re.compile(
    r"[\s\"'`´“”‘’„‚«»\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*"
    r"[=+\-@＝＋－＠﹦﹢﹣﹫−]|[\t\r\n]"
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_ADDED = ("wkt", "lon", "lat", "crs", "link", "data_version")


def to_csv(table: ExportTable) -> bytes:
    """Return the rows as CSV.

    UTF-8 with a byte order mark: without one Excel reads Arabic as Latin letters. Readers that
    know CSV (pandas, polars, GDAL, DuckDB) skip it in "utf-8" as well as in "utf-8-sig"; only a
    program that reads plain bytes has to do so itself. Lines end in CR LF, cells are parted by
    commas and quoted where needed (RFC 4180).

    After the columns of the rows stand

    - wkt: the geometry, EPSG:4326, longitude before latitude; for a claim the outline of the
      place that its source names;
    - lon, lat: for a claim **only where location_class is exact**, for a layer only where the
      geometry is a point. Everywhere else they are empty: the middle of an outline is a spot
      that no source gives, and a map made from it would pin the claim there;
    - crs, link, data_version: the same in every row, since readers break on comment lines.

    A cell that a spreadsheet could take for a formula begins with one apostrophe more than the
    text; a number such as -12.5 is left a number.
    """
    heads = [column.name for column in table.columns]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in [*heads, *unique_names(_ADDED, heads)]])
    columns = [list(map(_cell, _flat(column))) for column in table.columns]
    shapes = shapely.to_wkt(table.shapes, rounding_precision=-1).tolist()
    tail = [_cell(table.about[key]) for key in ("crs", "link", "data_version")]
    for *cells, shape, (lon, lat) in zip(*columns, shapes, table.points.tolist(), strict=True):
        spot = ("", "") if math.isnan(lon) else (lon, lat)
        writer.writerow([*cells, shape or "", *spot, *tail])
    return out.getvalue().encode("utf-8-sig")


def _flat(column: Column) -> Iterable[Any]:
    if column.kind == "list":
        return (None if cell is None else "; ".join(cell) for cell in column.cells)
    return column.cells


def _cell(value: Any) -> Any:
    """Return what is written for a plain cell."""
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not is_infinite(value):
        return value
    return safe_cell(as_text(value))


def safe_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
