"""Draw elements as PowerPoint shapes: text boxes, placeholders, bars and the map image."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx.dml.color import ColorFormat, RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.text.text import Font
from pptx.util import Emu, Pt

from geo.export.layout.metrics import to_one_line
from geo.export.pptx.elements import LEADING, Bar, Para, Picture, Rect, TextBox
from geo.text.direction import runs_right_to_left

EMU = 914_400  # in an inch
_ADEC = "http://schemas.microsoft.com/office/drawing/2017/decorative"
_DECORATIVE = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"

# Text roles are theme colours, so that text follows a change of theme. Of a user's template only
# the text colour is known: the other roles are that colour with a brightness towards middle grey.
_THEME_COLOURS = {
    "ink": MSO_THEME_COLOR.TEXT_1,
    "muted": MSO_THEME_COLOR.TEXT_2,
    "faint": MSO_THEME_COLOR.ACCENT_5,
}
_BRIGHTNESS = {"ink": 0.0, "muted": 0.2, "faint": 0.35}


@dataclass(frozen=True)
class SlideCanvas:
    """Slide, scale and palette for drawing elements.

    Attributes
    ----------
    scale : float
        Inches of the slide for an inch of the elements.
    palette : mapping of str to str
        The map's colours.
    text : "dark", "light" or ""
        The text colour of a user's template; empty for the default theme.
    """

    sheet: Slide
    scale: float
    palette: Mapping[str, str]
    text: str = ""

    def emu(self, inches: float) -> Emu:
        """Convert inches of the layout to EMU on the slide."""
        return Emu(round(inches * self.scale * EMU))

    def box(self, rect: Rect) -> tuple[Emu, Emu, Emu, Emu]:
        """Return left, top, width and height in EMU."""
        return self.emu(rect.x), self.emu(rect.y), self.emu(rect.w), self.emu(rect.h)

    def points(self, size: float, digits: int = 1) -> Pt:
        """Convert points of the layout to points on the slide."""
        return Pt(round(size * self.scale, digits))

    def add_shape(self, kind: MSO_SHAPE, rect: Rect) -> Shape:
        """Add a shape without the theme's effects (shadow, gradient)."""
        shape = self.sheet.shapes.add_shape(kind, *self.box(rect))
        remove_effects(shape)
        return shape

    def paint(self, colour: ColorFormat, role: str) -> None:
        """Set a python-pptx colour to the theme colour of a text role, or to a palette colour."""
        if role not in _THEME_COLOURS:
            colour.rgb = RGBColor.from_string(self.palette[role].lstrip("#").upper())
        elif self.text:
            colour.theme_color = MSO_THEME_COLOR.TEXT_1
            colour.brightness = _BRIGHTNESS[role] * (1 if self.text == "dark" else -1)
        else:
            colour.theme_color = _THEME_COLOURS[role]


def list_placeholders(layout: Any) -> list[Any]:
    """Return a layout's placeholders, which python-pptx annotates wrongly."""
    return list(layout.placeholders)


def set_opacity(colour: ColorFormat, opacity: float) -> None:
    """Set the opacity, 0 to 100 percent, of a colour that was set just before."""
    node = etree.SubElement(colour._color._xClr, qn("a:alpha"))
    node.set("val", str(round(opacity * 1000)))


def write_text_box(words: TextBox, canvas: SlideCanvas) -> None:
    """Write text into the layout's placeholder if the text box names one, else into a new box."""
    box = canvas.box(words.box)
    shape: Any = _find_placeholder(words, canvas.sheet) or canvas.sheet.shapes.add_textbox(*box)
    shape.left, shape.top, shape.width, shape.height = box
    shape.name = to_one_line(words.name)
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    if not words.kept:
        frame.vertical_anchor = MSO_ANCHOR.TOP
    for position, para in enumerate(words.paras):
        line = frame.add_paragraph() if position else frame.paragraphs[0]
        _write_paragraph(line, para, words, canvas)


def _find_placeholder(words: TextBox, sheet: Slide) -> BaseShape | None:
    if words.holder == "title":
        return sheet.shapes.title
    if words.holder == "subtitle":
        return next((one for one in sheet.placeholders if one.placeholder_format.idx), None)
    return _add_number_placeholder(sheet) if words.holder == "number" else None


def _add_number_placeholder(sheet: Slide) -> BaseShape | None:
    """Add the layout's placeholder for the slide number, if it has one; return it."""
    for one in list_placeholders(sheet.slide_layout):
        if one.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
            sheet.shapes.clone_placeholder(one)
            return sheet.shapes[len(sheet.shapes) - 1]
    return None


def _write_paragraph(line: Any, para: Para, words: TextBox, canvas: SlideCanvas) -> None:
    line.line_spacing = Pt(round(para.size * canvas.scale * LEADING, 1))
    line.space_before, line.space_after = canvas.points(para.before), Pt(0)
    if not words.kept:
        line.alignment = PP_ALIGN.RIGHT if words.holder == "number" else PP_ALIGN.LEFT
    properties = line._p.get_or_add_pPr()
    if runs_right_to_left(para.text) and words.holder != "number":
        line.alignment = PP_ALIGN.RIGHT
        properties.set("rtl", "1")
    properties.set("marL", "0")
    properties.set("indent", "0")
    if not properties.findall(qn("a:buNone")):
        etree.SubElement(properties, qn("a:buNone"))
    if words.holder == "number":
        _write_slide_number(line, para, canvas)
        return
    for text, role, link in _split_runs(para):
        run = line.add_run()
        run.text = text
        run.font.size = canvas.points(para.size)
        run.font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK
        if words.holder != "title":  # whose colour, font and weight are the layout's
            _style(run.font, para, role, canvas)
        if link:
            run.hyperlink.address = link


def _split_runs(para: Para) -> Iterator[tuple[str, str, str]]:
    """Yield text, role and URL of each run."""
    text, link = to_one_line(para.text), para.link
    if link and link in text:
        # A full stop after a URL is linked with it: it could not be left alone on a line.
        before, _, after = text.partition(link)
        if before:
            yield before, para.role, ""
        yield f"{link}{after}", para.role, link
    elif para.tail:
        # The space is in the first run, since a run of white space alone would be lost.
        yield f"{text} ", para.role, ""
        yield para.tail.strip(), "faint", link
    elif text:
        yield text, para.role, link


def _style(font: Font, para: Para, role: str, canvas: SlideCanvas) -> None:
    font.bold = para.bold
    font.fill.solid()
    canvas.paint(font.fill.fore_color, role)
    if para.spaced:
        font._element.set("spc", str(round(80 * canvas.scale)))


def _write_slide_number(line: Any, para: Para, canvas: SlideCanvas) -> None:
    """Write the slide number as a field, which PowerPoint updates when slides are moved."""
    field = parse_xml(
        f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
        f'<a:rPr lang="en-GB"/><a:t>{to_one_line(para.text)}</a:t></a:fld>'
    )
    line._p.append(field)
    font = Font(field.find(qn("a:rPr")))
    font.size = canvas.points(para.size)
    _style(font, para, para.role, canvas)


def draw_bar(bar: Bar, canvas: SlideCanvas) -> None:
    """Draw a filled bar."""
    shape = canvas.add_shape(MSO_SHAPE.RECTANGLE, bar.box)
    shape.fill.solid()
    canvas.paint(shape.fill.fore_color, bar.colour)
    shape.line.fill.background()
    mark_decorative(shape, bar.name)


def draw_map(picture: bytes, rect: Rect, alt: str, canvas: SlideCanvas) -> None:
    """Insert the map image with its alternative text."""
    shape: Any = canvas.sheet.shapes.add_picture(io.BytesIO(picture), *canvas.box(rect))
    shape.name = "Map"
    shape._element.nvPicPr.cNvPr.set("descr", to_one_line(alt))


def draw_image(picture: Picture, canvas: SlideCanvas) -> None:
    """Insert the image beside a report with its alternative text and a thin frame."""
    data = io.BytesIO(picture.image.image.data)
    shape: Any = canvas.sheet.shapes.add_picture(data, *canvas.box(picture.box))
    shape.name = "Image"
    shape._element.nvPicPr.cNvPr.set("descr", to_one_line(picture.image.alt))
    shape.line.width = Pt(0.75)
    canvas.paint(shape.line.color, "line")


def remove_effects(shape: BaseShape) -> None:
    """Remove the theme's effects (shadow, gradient) from a shape."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


def mark_decorative(shape: BaseShape, name: str) -> None:
    """Name a shape and mark it as decorative: screen readers skip it, its label is beside it."""
    shape.name = name
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.append(
        parse_xml(
            f'<a:extLst {nsdecls("a")}><a:ext uri="{_DECORATIVE}">'
            f'<adec:decorative xmlns:adec="{_ADEC}" val="1"/></a:ext></a:extLst>'
        )
    )
