"""Draw elements as PowerPoint shapes: text boxes, placeholders, bars and the map image."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from geo.export.layout.metrics import to_one_line
from geo.export.pptx.elements import LEADING, Bar, Para, Rect, TextBox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pptx.dml.color import ColorFormat
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide as Sheet
    from pptx.text.text import Font

EMU = 914_400
_ADEC = "http://schemas.microsoft.com/office/drawing/2017/decorative"
_DECORATIVE = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"

# Roles as the colours of a theme, so that a text follows when the theme is changed; in somebody's
# own template only its text colour is certain: the others are this one, some way to middle grey.
_OWN = {
    "ink": MSO_THEME_COLOR.TEXT_1,
    "muted": MSO_THEME_COLOR.TEXT_2,
    "faint": MSO_THEME_COLOR.ACCENT_5,
}
_PALER = {"ink": 0.0, "muted": 0.2, "faint": 0.35}


@dataclass(frozen=True)
class SlideCanvas:
    """Slide, scale and palette for drawing elements.

    Attributes
    ----------
    sheet : pptx.slide.Slide
    scale : float
        Inches of the slide for an inch of the pieces.
    palette : mapping of str to str
        The map's colours.
    text : "dark", "light" or ""
        Of somebody's own template, how its text is; empty for our own look.
    """

    sheet: Sheet
    scale: float
    palette: Mapping[str, str]
    text: str = ""

    def emu(self, inches: float) -> Emu:
        """Convert inches of the layout to EMU on the slide."""
        return Emu(round(inches * self.scale * EMU))

    def box(self, rect: Rect) -> tuple[Emu, Emu, Emu, Emu]:
        """Return left, top, width and height in EMU."""
        return self.emu(rect.x), self.emu(rect.y), self.emu(rect.w), self.emu(rect.h)

    def paint(self, colour: ColorFormat, role: str) -> None:
        """Set a python-pptx colour to a theme colour of a text role, or to a palette colour."""
        if role not in _OWN:
            colour.rgb = RGBColor.from_string(self.palette[role].lstrip("#").upper())
        elif self.text:
            colour.theme_color = MSO_THEME_COLOR.TEXT_1
            colour.brightness = _PALER[role] * (1 if self.text == "dark" else -1)
        else:
            colour.theme_color = _OWN[role]


def placeholders(layout: Any) -> list[Any]:
    """Return a layout's placeholders."""
    return list(layout.placeholders)


def set_opacity(colour: ColorFormat, opacity: float) -> None:
    """Set the opacity of a colour, 0 to 100 percent; the colour must be set before."""
    node = colour._color._xClr
    for old in node.findall(qn("a:alpha")):
        node.remove(old)
    etree.SubElement(node, qn("a:alpha")).set("val", str(round(opacity * 1000)))


def write_words(words: TextBox, brush: SlideCanvas) -> None:
    """Write text into the layout's placeholder if the text box names one, else into a new box."""
    shape: Any = _holder(words, brush) or brush.sheet.shapes.add_textbox(*brush.box(words.box))
    shape.left, shape.top, shape.width, shape.height = brush.box(words.box)
    shape.name = to_one_line(words.name)
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    if not words.kept:
        frame.vertical_anchor = MSO_ANCHOR.TOP
    for position, para in enumerate(words.paras):
        line = frame.paragraphs[0] if position == 0 else frame.add_paragraph()
        _paragraph(line, para, words, brush)


def _holder(words: TextBox, brush: SlideCanvas) -> BaseShape | None:
    if words.holder == "title":
        return brush.sheet.shapes.title
    if words.holder == "subtitle":
        others = [one for one in brush.sheet.placeholders if one.placeholder_format.idx != 0]
        return others[0] if others else None
    return _number_holder(brush.sheet) if words.holder == "number" else None


def _number_holder(sheet: Sheet) -> BaseShape | None:
    """Add the layout's placeholder for the slide number, if it has one; return it."""
    holder = next(
        (
            one
            for one in placeholders(sheet.slide_layout)
            if one.element.ph is not None and one.element.ph.get("type") == "sldNum"
        ),
        None,
    )
    if holder is None:
        return None
    idx = holder.placeholder_format.idx
    tree = sheet.shapes._spTree
    tree.append(
        parse_xml(
            f"<p:sp {nsdecls('p', 'a')}><p:nvSpPr>"
            f'<p:cNvPr id="{_free_id(sheet)}" name="Slide number"/><p:cNvSpPr>'
            '<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr>'
            f'<p:ph type="sldNum" sz="quarter" idx="{idx}"/></p:nvPr></p:nvSpPr><p:spPr/>'
            "<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
        )
    )
    return sheet.shapes[len(sheet.shapes) - 1]


def _free_id(sheet: Sheet) -> int:
    return max(shape.shape_id for shape in sheet.shapes) + 1


def _paragraph(line: Any, para: Para, words: TextBox, brush: SlideCanvas) -> None:
    points = para.size * brush.scale
    line.line_spacing = Pt(round(points * LEADING, 1))
    line.space_before, line.space_after = Pt(round(para.before * brush.scale, 1)), Pt(0)
    if not words.kept:
        line.alignment = PP_ALIGN.RIGHT if words.right else PP_ALIGN.LEFT
    properties = line._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    if not properties.findall(qn("a:buNone")):
        etree.SubElement(properties, qn("a:buNone"))
    if words.holder == "number":
        _field(line, para, brush)
        return
    for text, role, link in _runs(para):
        run = line.add_run()
        run.text = text
        _style(run.font, para, role, words.holder, brush)
        if link:
            run.hyperlink.address = link


def _runs(para: Para) -> list[tuple[str, str, str]]:
    """Return text, role and URL of each run."""
    text, link = to_one_line(para.text), para.link
    if link and link in text:
        # A full stop after an address stays with it, or it may come to stand on a line alone.
        before, _, after = text.partition(link)
        runs = [(before, para.role, ""), (f"{link}{after}", para.role, link)]
    elif para.tail:
        # A space at the end of a line of its own would be lost with the rest of the white space.
        runs = [(f"{text} ", para.role, ""), (para.tail.strip(), "faint", link)]
    else:
        runs = [(text, para.role, link)]
    return [run for run in runs if run[0]]


def _style(font: Font, para: Para, role: str, holder: str, brush: SlideCanvas) -> None:
    font.size = Pt(round(para.size * brush.scale, 1))
    font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK
    if holder == "title":
        return  # its colour, its font and its weight are the layout's
    font.bold = para.bold
    brush.paint(font.fill.fore_color if font.fill.type else _solid(font), role)
    if para.spaced:
        font._element.set("spc", str(round(80 * brush.scale)))


def _solid(font: Font) -> ColorFormat:
    font.fill.solid()
    colour: ColorFormat = font.fill.fore_color
    return colour


def _field(line: Any, para: Para, brush: SlideCanvas) -> None:
    """Write the slide number as a field, which updates when slides are moved."""
    field = parse_xml(
        f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
        f'<a:rPr lang="en-GB"/><a:t>{to_one_line(para.text)}</a:t></a:fld>'
    )
    line._p.append(field)
    from pptx.text.text import Font

    font = Font(field.find(qn("a:rPr")))
    font.size, font.bold = Pt(round(para.size * brush.scale, 1)), False
    brush.paint(_solid(font), para.role)


def draw_bar(bar: Bar, brush: SlideCanvas) -> None:
    """Draw a filled bar."""
    shape = brush.sheet.shapes.add_shape(MSO_SHAPE.RECTANGLE, *brush.box(bar.box))
    bare(shape)
    shape.name = bar.name
    shape.fill.solid()
    brush.paint(shape.fill.fore_color, bar.colour)
    shape.line.fill.background()
    decorative(shape)


def place_picture(picture: bytes, rect: Rect, alt: str, brush: SlideCanvas) -> None:
    """Insert the map image with its alternative text."""
    shape: Any = brush.sheet.shapes.add_picture(io.BytesIO(picture), *brush.box(rect))
    shape.name = "Map"
    shape._element.nvPicPr.cNvPr.set("descr", to_one_line(alt))


def bare(shape: BaseShape) -> None:
    """Remove the theme's effects (shadow, gradient) from a shape."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


def decorative(shape: BaseShape) -> None:
    """Mark a shape as decorative, so that screen readers skip it; a label is beside it."""
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.append(
        parse_xml(
            f'<a:extLst {nsdecls("a")}><a:ext uri="{_DECORATIVE}">'
            f'<adec:decorative xmlns:adec="{_ADEC}" val="1"/></a:ext></a:extLst>'
        )
    )
