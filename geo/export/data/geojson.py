"""Write GeoJSON (RFC 7946)."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import shapely

from geo.export.data.cell_types import Cell, as_text, is_infinite

if TYPE_CHECKING:
    from geo.export.data.table import ExportTable

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def to_geojson(table: ExportTable) -> bytes:
    """Return the rows as a FeatureCollection, UTF-8.

    EPSG:4326, longitude before latitude, as RFC 7946 requires; it has no member for a CRS, so
    the note gives it. The foreign members link, data_version, note and, of times with a zone,
    time_zone come before the features. Lists are arrays, dates and times ISO text with the offset,
    an infinite number is the text "inf" or "-inf".
    """
    names = [column.name for column in table.columns]
    cells = (map(_to_json_value, column.cells) for column in table.columns)
    shapes = shapely.to_geojson(table.shapes).tolist()
    body = ",\n".join(
        f'{{"type":"Feature","properties":{_encode(dict(zip(names, values, strict=True)))},'
        f'"geometry":{shape or "null"}}}'
        for shape, *values in zip(shapes, *cells, strict=True)
    )
    about = {key: value for key, value in table.about.items() if key != "crs"}
    head = {"type": "FeatureCollection"} | about
    return f'{_encode(head)[:-1]},"features":[\n{body}\n]}}\n'.encode()


def _to_json_value(cell: Cell) -> Cell:
    return as_text(cell) if isinstance(cell, dt.date) or is_infinite(cell) else cell
