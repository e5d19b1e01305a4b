"""Write KML 2.2; GDAL's driver writes unreadable XML for some texts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import shapely

from geo.export.data.cell_types import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from geo.export.data.cell_types import Cell
    from geo.export.data.table import ExportTable

# Column names that GDAL reads as KML's own fields, some of them as numbers or dates.
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

    Every column is text in a placemark's ExtendedData, lists joined by "; ". There is no Schema
    with types, since GDAL then reads an "id" as "id2". A row without a geometry is a placemark
    without one. Link, data version, CRS, time zone and note are in the document's description and
    its ExtendedData. Balloons show text without markup, since Google Earth would fetch a picture.
    """
    table = table.rename_columns(RESERVED_NAMES)
    about = "\n".join(table.about[key] for key in ("note", "link", "data_version"))
    parts = [
        _HEAD,
        f"<name>{_escape_xml(table.title)}</name>\n<description>{_escape_balloon(about)}</description>\n",
        _STYLE,
        "<ExtendedData>",
        *(
            f'<Data name="{k}"><value>{_escape_xml(v)}</value></Data>'
            for k, v in table.about.items()
        ),
        "</ExtendedData>\n",
        f"<Folder>\n<name>{_escape_xml(table.name)}</name>\n",
        *_write_placemarks(table),
        "</Folder>\n</Document>\n</kml>\n",
    ]
    return "".join(parts).encode()


def _write_placemarks(table: ExportTable) -> Iterable[str]:
    tags = [f"<Data name={quoteattr(column.name)}><value>" for column in table.columns]
    columns = (map(_write_cell, column.cells) for column in table.columns)
    rows = zip(table.shapes, table.labels, table.captions, *columns, strict=True)
    for shape, label, caption, *texts in rows:
        about = f"<description>{_escape_balloon(caption)}</description>" if caption else ""
        pairs = zip(tags, texts, strict=True)
        data = "".join(f"{tag}{text}</value></Data>" for tag, text in pairs if text is not None)
        yield (
            f"<Placemark><name>{_escape_xml(label)}</name>{about}<styleUrl>#row</styleUrl>\n"
            f"<ExtendedData>{data}</ExtendedData>\n{_write_geometry(shape)}</Placemark>\n"
        )


def _write_cell(cell: Cell) -> str | None:
    if cell is None:
        return None
    return _escape_xml("; ".join(cell) if isinstance(cell, list) else as_text(cell))


def _escape_xml(text: str) -> str:
    return escape(text, {"\r": "&#13;"})


def _escape_balloon(text: str) -> str:
    """Return text for an element in which Google Earth interprets HTML and $[names]."""
    return _escape_xml(text.replace("<", "&lt;").replace(">", "&gt;").replace("$[", "&#36;["))


def _write_geometry(shape: BaseGeometry | None) -> str:
    """Return a geometry as KML: longitude,latitude[,height in metres].

    A ring without a polygon becomes a line, since GDAL cannot read it.
    """
    if shape is None or shape.is_empty:
        return ""
    if hasattr(shape, "geoms"):
        return f"<MultiGeometry>{''.join(map(_write_geometry, shape.geoms))}</MultiGeometry>"
    if shape.geom_type == "Polygon":
        outer, *inner = (_write_line("LinearRing", ring) for ring in shapely.get_rings(shape))
        holes = "".join(f"<innerBoundaryIs>{ring}</innerBoundaryIs>" for ring in inner)
        return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{holes}</Polygon>"
    return _write_line("Point" if shape.geom_type == "Point" else "LineString", shape)


def _write_line(tag: str, shape: BaseGeometry) -> str:
    numbers = shapely.get_coordinates(shape, include_z=bool(shape.has_z)).tolist()
    text = " ".join(",".join(map(repr, n)) for n in numbers)
    return f"<{tag}><coordinates>{text}</coordinates></{tag}>"
