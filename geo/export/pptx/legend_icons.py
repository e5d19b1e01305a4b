"""Draw legend symbols as native shapes, in the map's colours and strokes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE, MSO_PATTERN, MSO_THEME_COLOR
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from geo.export.layout.metrics import to_one_line
from geo.export.pptx.elements import Rect, Sign
from geo.export.pptx.shapes import SlideCanvas, bare, decorative, set_opacity
from geo.mapping.symbols import CERTAINTY, SIGNS, STANCE

if TYPE_CHECKING:
    from pptx.shapes.autoshape import Shape
    from pptx.shapes.connector import Connector

_UNITS = 16
_COLOUR = re.compile(r"#([0-9a-fA-F]{6})")
_SHAPES = {
    "exact": MSO_SHAPE.TEAR,
    "locality": MSO_SHAPE.ROUNDED_RECTANGLE,
    "vicinity": MSO_SHAPE.OVAL,
    "area": MSO_SHAPE.RECTANGLE,
    "none": MSO_SHAPE.RECTANGLE,
}


def draw_sign(sign: Sign, brush: SlideCanvas) -> None:
    """Draw the symbol of a legend entry."""
    group, key = sign.entry["group"], sign.entry["key"]
    shape: Shape | Connector
    if group == "stance" and key in STANCE:
        shape = _mark(STANCE[key].mark, key, sign.box, brush)
    elif group == "place" and key.startswith("route"):
        shape = _road(key, sign.box, brush)
    elif group == "place" and key in _SHAPES:
        shape = _place(key, sign.box, brush)
    else:
        shape = _disc(sign, brush)
    shape.name = f"Sign: {to_one_line(str(sign.entry['label']))}"
    decorative(shape)


def _centred(box: Rect, w: float, h: float) -> Rect:
    return Rect(box.x + (box.w - w) / 2, box.y + (box.h - h) / 2, w, h)


def _outline(shape: Shape, colour: str, points: float, brush: SlideCanvas) -> None:
    shape.line.fill.solid()
    brush.paint(shape.line.color, colour)
    shape.line.width = Pt(round(points * brush.scale, 2))


def _place(key: str, box: Rect, brush: SlideCanvas) -> Shape:
    size = min(box.h * 0.78, 0.145)
    w, h = {
        "locality": (0.24, size),
        "area": (0.24, size),
        "none": (0.22, size * 0.85),
        "exact": (size * 0.85, size * 0.85),
    }.get(key, (size, size))
    shape = brush.sheet.shapes.add_shape(_SHAPES[key], *brush.box(_centred(box, w, h)))
    bare(shape)
    if key == "exact":
        shape.rotation = 135.0
        shape.fill.solid()
        brush.paint(shape.fill.fore_color, "place")
        shape.line.fill.background()
        return shape
    if key in ("area", "none"):
        colour = "place" if key == "area" else "faint"
        shape.fill.patterned()
        upward, across = MSO_PATTERN.WIDE_UPWARD_DIAGONAL, MSO_PATTERN.NARROW_HORIZONTAL
        shape.fill.pattern = upward if key == "area" else across
        shape.fill.fore_color.rgb = _rgb(brush, colour)
        shape.fill.back_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
        _outline(shape, colour, 1.1, brush)
        if key == "area":
            shape.line.dash_style = MSO_LINE.DASH
        return shape
    shape.fill.solid()
    brush.paint(shape.fill.fore_color, "place")
    set_opacity(shape.fill.fore_color, 12)
    _outline(shape, "place", 1.5, brush)
    if key == "vicinity":
        shape.line.dash_style = MSO_LINE.ROUND_DOT
    return shape


def _rgb(brush: SlideCanvas, name: str) -> RGBColor:
    colour: RGBColor = RGBColor.from_string(brush.palette[name].lstrip("#").upper())
    return colour


def _road(key: str, box: Rect, brush: SlideCanvas) -> Connector:
    y = brush.emu(box.y + box.h / 2)
    line = brush.sheet.shapes.add_connector(
        MSO_CONNECTOR.STRAIGHT, brush.emu(box.x), y, brush.emu(box.right), y
    )
    bare(line)
    line.line.fill.solid()
    brush.paint(line.line.color, "accent")
    weak = key == "route-weak"
    line.line.width = Pt(round((1.8 if weak else 3) * brush.scale, 2))
    line.line.dash_style = MSO_LINE.ROUND_DOT if weak else MSO_LINE.DASH
    return line


def _disc(sign: Sign, brush: SlideCanvas) -> Shape:
    """Draw a disc for a certainty (with the map's opacity) or for a layer's colour."""
    size = min(sign.box.h * 0.85, 0.15)
    box = _centred(sign.box, size, size)
    shape = brush.sheet.shapes.add_shape(MSO_SHAPE.OVAL, *brush.box(box))
    bare(shape)
    shape.fill.solid()
    shape.line.fill.background()
    colour = _COLOUR.fullmatch(str(sign.entry.get("colour", "")))
    if colour:
        shape.fill.fore_color.rgb = RGBColor.from_string(colour[1].upper())
        return shape
    brush.paint(shape.fill.fore_color, "place")
    if sign.entry["key"] in CERTAINTY:
        set_opacity(shape.fill.fore_color, 100 * CERTAINTY[sign.entry["key"]][1])
    return shape


def _mark(name: str, stance: str, box: Rect, brush: SlideCanvas) -> Shape:
    """Draw a stance's symbol: the map's SVG path as an editable freeform."""
    size = min(box.h * 1.05, 0.19)
    square = brush.box(_centred(box, size, size))
    shape = brush.sheet.shapes.add_shape(MSO_SHAPE.RECTANGLE, *square)
    bare(shape)
    properties = shape._element.spPr
    preset = properties.find(qn("a:prstGeom"))
    properties.replace(preset, _outlines(SIGNS["stance"][name]))
    shape.fill.background()
    _outline(shape, stance, 1.6, brush)
    return shape


def _outlines(path: str) -> Any:
    """Convert an SVG path in a 16 by 16 view box to a DrawingML custom geometry."""
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path

    pen = RecordingPen()
    parse_path(path, pen)
    geometry = parse_xml(
        f"<a:custGeom {nsdecls('a')}><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{_UNITS * 100}" h="{_UNITS * 100}" fill="none"/></a:pathLst></a:custGeom>'
    )
    drawn = geometry.find(f".//{qn('a:path')}")
    tags = {"moveTo": "a:moveTo", "lineTo": "a:lnTo", "curveTo": "a:cubicBezTo"}
    for step, points in pen.value:
        if step == "closePath":
            etree.SubElement(drawn, qn("a:close"))
        if step in tags:
            node = etree.SubElement(drawn, qn(tags[step]))
            for x, y in points:
                point = etree.SubElement(node, qn("a:pt"))
                point.set("x", str(round(x * 100)))
                point.set("y", str(round(y * 100)))
    return geometry
