"""KML 2.2, written here: GDAL's driver writes unreadable XML for some texts (FIELD-NOTES 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import shapely

from geo.export.data.cell_types import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from geo.export.data.cell_types import Column
    from geo.export.data.table import ExportTable

# GDAL reads these as fields of KML's own, some of them as numbers or dates.
RESERVED_NAMES = (
    "name", "description", "timestamp", "begin", "end", "altitudemode", "tessellate", "extrude",
    "visibility", "draworder", "icon", "snippet", "geometry",
)  # fmt: skip
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2">
<Document>
"""
_STYLE = """<Style id="row">
<LineStyle><color>ff7f4f1f</color><width>2</width></LineStyle>
<PolyStyle><color>407f4f1f</color></PolyStyle>
<BalloonStyle><text>$[description]</text></BalloonStyle>
</Style>
"""


def to_kml(table: ExportTable) -> bytes:
    """Return the rows as KML, UTF-8, one placemark a row, all in one folder.

    Every column is in a placemark's ExtendedData as text, lists joined by "; "; no Schema gives
    types, since GDAL then reads an "id" as "id2". A row without a geometry is a placemark
    without one, so that no row is lost. Link, data version, CRS and note are the document's
    description, and its ExtendedData. What a balloon shows is text without markup: Google Earth
    would fetch a picture that a text names.
    """
    table = table.rename_columns(RESERVED_NAMES)
    about = "\n".join(table.about[key] for key in ("note", "link", "data_version"))
    parts = [
        _HEAD,
        f"<name>{_xml(table.title)}</name>\n<description>{_balloon(about)}</description>\n",
        _STYLE,
        "<ExtendedData>",
        *(f'<Data name="{k}"><value>{_xml(v)}</value></Data>' for k, v in table.about.items()),
        "</ExtendedData>\n",
        f"<Folder>\n<name>{_xml(table.name)}</name>\n",
        *_placemarks(table),
        "</Folder>\n</Document>\n</kml>\n",
    ]
    return "".join(parts).encode()


def _placemarks(table: ExportTable) -> Iterable[str]:
    names = [column.name for column in table.columns]
    columns = [_texts(column) for column in table.columns]
    rows: Iterable[tuple] = zip(*columns, strict=True) if columns else [()] * len(table)
    tags = [f"<Data name={quoteattr(name)}><value>" for name in names]
    given = zip(rows, table.labels, table.captions, table.shapes, strict=True)
    for texts, label, caption, shape in given:
        said = f"<description>{_balloon(caption)}</description>" if caption else ""
        pairs = zip(tags, texts, strict=True)
        data = "".join(f"{tag}{text}</value></Data>" for tag, text in pairs if text is not None)
        yield (
            f"<Placemark><name>{_xml(label)}</name>{said}<styleUrl>#row</styleUrl>\n"
            f"<ExtendedData>{data}</ExtendedData>\n{_shape(shape)}</Placemark>\n"
        )


def _texts(column: Column) -> list[str | None]:
    def text(cell: Any) -> str | None:
        if cell is None:
            return None
        return _xml("; ".join(cell) if isinstance(cell, list) else as_text(cell))

    return [text(cell) for cell in column.cells]


def _xml(text: str) -> str:
    return escape(text, {"\r": "&#13;"})


def _balloon(text: str) -> str:
    """Return text for a place where Google Earth looks for HTML and for $[names]."""
    plain = text.replace("<", "&lt;").replace(">", "&gt;").replace("$[", "&#36;[")
    return _xml(plain)


def _shape(shape: BaseGeometry | None) -> str:
    """Return a geometry as KML: longitude,latitude[,height in metres].

    A ring of its own is a line: GDAL cannot read one that is not a polygon's.
    """
    if shape is None or shape.is_empty:
        return ""
    if hasattr(shape, "geoms"):
        return f"<MultiGeometry>{''.join(map(_shape, shape.geoms))}</MultiGeometry>"
    if shape.geom_type == "Polygon":
        inner = "".join(f"<innerBoundaryIs>{_ring(r)}</innerBoundaryIs>" for r in shape.interiors)
        return (
            f"<Polygon><outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>{inner}</Polygon>"
        )
    name = "Point" if shape.geom_type == "Point" else "LineString"
    return f"<{name}>{_coordinates(shape)}</{name}>"


def _ring(ring: BaseGeometry) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(shape: BaseGeometry) -> str:
    numbers = shapely.get_coordinates(shape, include_z=bool(shape.has_z)).tolist()
    return f"<coordinates>{' '.join(','.join(map(repr, n)) for n in numbers)}</coordinates>"
