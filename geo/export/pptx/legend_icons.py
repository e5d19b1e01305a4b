"""Draw legend symbols as native shapes, in the map's colours and strokes."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE, MSO_PATTERN, MSO_THEME_COLOR
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.shapes.autoshape import Shape
from pptx.shapes.connector import Connector

from geo.evidence.vocabularies import UNRATED
from geo.export.layout.metrics import to_one_line
from geo.export.pptx.elements import Rect, Sign
from geo.export.pptx.shapes import SlideCanvas, mark_decorative, remove_effects, set_opacity
from geo.mapping.symbols import CERTAINTY, CONFLICT, SIGNS, STANCE, WHEN

_COLOUR = re.compile(r"#([0-9a-fA-F]{6})")
# Shape, width in inches, and share of the largest height; without a width, a square.
_PLACES = {
    "exact": (MSO_SHAPE.TEAR, 0.0, 0.85),
    "locality": (MSO_SHAPE.ROUNDED_RECTANGLE, 0.24, 1.0),
    "vicinity": (MSO_SHAPE.OVAL, 0.0, 1.0),
    "area": (MSO_SHAPE.RECTANGLE, 0.24, 1.0),
    "none": (MSO_SHAPE.RECTANGLE, 0.22, 0.85),
    "distance": (MSO_SHAPE.BLOCK_ARC, 0.24, 1.0),
}


def draw_sign(sign: Sign, canvas: SlideCanvas) -> None:
    """Draw the symbol of a legend entry."""
    group, key = sign.entry["group"], sign.entry["key"]
    shape: Shape | Connector
    if group == "stance" and key in STANCE:
        shape = _draw_stance(key, sign.box, canvas)
    elif group == "when" and key in WHEN:
        shape = _draw_when(key, sign.box, canvas)
    elif group == "signs":
        shape = _draw_icon(key, sign.box, canvas)
    elif group == "place" and key.startswith("route"):
        shape = _draw_route(key, sign.box, canvas)
    elif group == "place" and key in _PLACES:
        shape = _draw_place(key, sign.box, canvas)
    elif group == "rating":
        shape = canvas.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, _centred(sign.box, 0.22, 0.11))
        shape.fill.background()
        _stroke(shape, "faint", 1.1, canvas)
        shape.line.dash_style = MSO_LINE.DASH if key == UNRATED else None
    elif group == "review":
        shape = _draw_dashed_ring(sign.box, canvas)
    else:
        shape = _draw_disc(sign, canvas)
    mark_decorative(shape, f"Sign: {to_one_line(str(sign.entry['label']))}")


def _centred(box: Rect, w: float, h: float) -> Rect:
    return Rect(box.x + (box.w - w) / 2, box.y + (box.h - h) / 2, w, h)


def _fill(shape: Shape, role: str, canvas: SlideCanvas, opacity: float | None = None) -> None:
    shape.fill.solid()
    canvas.paint(shape.fill.fore_color, role)
    if opacity is not None:
        set_opacity(shape.fill.fore_color, opacity)


def _stroke(shape: Shape | Connector, role: str, points: float, canvas: SlideCanvas) -> None:
    shape.line.fill.solid()
    canvas.paint(shape.line.color, role)
    shape.line.width = canvas.points(points, 2)


def _draw_place(key: str, box: Rect, canvas: SlideCanvas) -> Shape:
    kind, width, share = _PLACES[key]
    height = min(box.h * 0.78, 0.145) * share
    shape = canvas.add_shape(kind, _centred(box, width or height, height))
    if key == "exact":
        shape.rotation = 135.0
        _fill(shape, "place", canvas)
        shape.line.fill.background()
    elif key in ("area", "none"):
        area = key == "area"
        role = "place" if area else "faint"
        shape.fill.patterned()
        upward, across = MSO_PATTERN.WIDE_UPWARD_DIAGONAL, MSO_PATTERN.NARROW_HORIZONTAL
        shape.fill.pattern = upward if area else across
        shape.fill.fore_color.rgb = RGBColor.from_string(canvas.palette[role].lstrip("#").upper())
        shape.fill.back_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
        _stroke(shape, role, 1.1, canvas)
        if area:
            shape.line.dash_style = MSO_LINE.DASH
    else:
        _fill(shape, "place", canvas, opacity=12)
        _stroke(shape, "place", 1.5, canvas)
        if key == "vicinity":
            shape.line.dash_style = MSO_LINE.ROUND_DOT
    return shape


def _draw_route(key: str, box: Rect, canvas: SlideCanvas) -> Connector:
    y = canvas.emu(box.y + box.h / 2)
    line = canvas.sheet.shapes.add_connector(
        MSO_CONNECTOR.STRAIGHT, canvas.emu(box.x), y, canvas.emu(box.right), y
    )
    remove_effects(line)
    weak = key == "route-weak"
    _stroke(line, "accent", 1.8 if weak else 3, canvas)
    line.line.dash_style = MSO_LINE.ROUND_DOT if weak else MSO_LINE.DASH
    return line


def _draw_dashed_ring(box: Rect, canvas: SlideCanvas) -> Shape:
    """Draw the ring round what is not published."""
    size = min(box.h * 0.85, 0.15)
    shape = canvas.add_shape(MSO_SHAPE.OVAL, _centred(box, size, size))
    shape.fill.background()
    _stroke(shape, "ink", 1.4, canvas)
    shape.line.dash_style = MSO_LINE.DASH
    return shape


def _draw_disc(sign: Sign, canvas: SlideCanvas) -> Shape:
    """Draw a disc for a certainty (with the map's opacity) or for a layer's colour."""
    size = min(sign.box.h * 0.85, 0.15)
    shape = canvas.add_shape(MSO_SHAPE.OVAL, _centred(sign.box, size, size))
    colour = _COLOUR.fullmatch(str(sign.entry.get("colour", "")))
    if colour:
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(colour[1].upper())
    else:
        certainty = CERTAINTY.get(sign.entry["key"])
        _fill(shape, "place", canvas, 100 * certainty[1] if certainty else None)
    shape.line.fill.background()
    return shape


def _draw_stance(stance: str, box: Rect, canvas: SlideCanvas) -> Shape:
    """Draw a piece of a stance's ring, filled, and its mark: the map's paths as one freeform."""
    ring, mark = SIGNS["ring"][stance], SIGNS["stance"][STANCE[stance].mark]
    height = min(box.h * 0.95, 0.17)
    shape = _draw_freeform((ring, (0, 0), True), (mark, (8.5, 2), False), box=(24, 20),
                           at=_centred(box, 1.2 * height, height), canvas=canvas)  # fmt: skip
    _fill(shape, stance, canvas)
    _stroke(shape, stance, 1.3, canvas)
    return shape


def _draw_when(kind: str, box: Rect, canvas: SlideCanvas) -> Shape:
    """Draw how exactly a day is known."""
    room = _centred(box, 0.2, 0.08)
    shape = _draw_freeform((SIGNS["when"][kind], (0, 0), True), box=(20, 8), at=room, canvas=canvas)
    _fill(shape, "muted", canvas)
    shape.line.fill.background()
    return shape


def _draw_icon(key: str, box: Rect, canvas: SlideCanvas) -> Shape:
    """Draw ≠ in its circle, or the sign of an evidence kind."""
    path = SIGNS["conflict"]["unequal"] if key == CONFLICT else SIGNS["evidence"][key]
    size = min(box.h, 0.16)
    shape = _draw_freeform((path, (0, 0), False), box=(16, 16), at=_centred(box, size, size),
                           canvas=canvas)  # fmt: skip
    shape.fill.background()
    _stroke(shape, "ink" if key == CONFLICT else "muted", 1.1, canvas)
    return shape


_Part: TypeAlias = tuple[str, tuple[float, float], bool]  # path, its corner, whether it is filled


def _draw_freeform(*parts: _Part, box: tuple[float, float], at: Rect, canvas: SlideCanvas) -> Shape:
    """Draw SVG paths in a box of units as one custom geometry; what is filled has no outline."""
    shape = canvas.add_shape(MSO_SHAPE.RECTANGLE, at)
    properties = shape._element.spPr
    geometry = parse_xml(
        f"<a:custGeom {nsdecls('a')}><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst/></a:custGeom>'
    )
    for path, corner, filled in parts:
        size = {"w": str(round(100 * box[0])), "h": str(round(100 * box[1]))}
        looks = {"stroke": "0"} if filled else {"fill": "none"}
        node = etree.SubElement(geometry.find(qn("a:pathLst")), qn("a:path"), {**size, **looks})
        _write_steps(node, path, corner)
    properties.replace(properties.find(qn("a:prstGeom")), geometry)
    return shape


def _write_steps(node: Any, path: str, corner: tuple[float, float]) -> None:
    """Write an SVG path as the steps of a DrawingML path."""
    pen = RecordingPen()
    parse_path(path, pen)
    tags = {"moveTo": "moveTo", "lineTo": "lnTo", "curveTo": "cubicBezTo", "closePath": "close"}
    for step, points in pen.value:
        if step in tags:
            drawn = etree.SubElement(node, qn(f"a:{tags[step]}"))
            for x, y in points:
                at = {
                    "x": str(round((x + corner[0]) * 100)),
                    "y": str(round((y + corner[1]) * 100)),
                }
                etree.SubElement(drawn, qn("a:pt"), at)
