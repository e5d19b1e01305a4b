"""GeoJSON (RFC 7946)."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import shapely

from geo.export.data.cell_types import as_text, is_infinite

if TYPE_CHECKING:
    from geo.export.data.table import ExportTable

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def to_geojson(table: ExportTable) -> bytes:
    """Return the rows as a FeatureCollection, UTF-8.

    EPSG:4326, longitude before latitude, as RFC 7946 lays down: it has no member for a CRS, so
    the note says it. The foreign members link, data_version and note stand before the
    features. Lists are arrays, days ISO text, an infinite number is the text "inf" or "-inf".
    """
    names = [column.name for column in table.columns]
    cells = (map(_value, column.cells) for column in table.columns)
    records = zip(*cells, strict=True) if names else iter([()] * len(table))
    features = [
        f'{{"type":"Feature","properties":{_write(dict(zip(names, values, strict=True)))},'
        f'"geometry":{shape or "null"}}}'
        for values, shape in zip(records, shapely.to_geojson(table.shapes).tolist(), strict=True)
    ]
    head = {"type": "FeatureCollection"} | {
        key: table.about[key] for key in ("link", "data_version", "note")
    }
    body = ",\n".join(features)
    return f'{_write(head)[:-1]},"features":[\n{body}\n]}}\n'.encode()


def _value(cell: Any) -> Any:
    return as_text(cell) if isinstance(cell, dt.date) or is_infinite(cell) else cell
