"""Build the default theme: python-pptx's template with the map's colours, Georgia and Calibri."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu

from geo.mapping.theme import THEMES

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck

_SIDE = 6_858_000  # 7.5 inches
_LAYOUTS = ("Title Slide", "Title and Content", "Title Only", "Blank")
_ACCENTS = ("place", "accent", "undecided", "neutral", "faint", "coast")
_SLOTS = ("dk1", "lt1", "dk2", "lt2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")


def create_presentation(size: tuple[int, int], theme: str) -> Deck:
    """Return an empty presentation with the map's colours as theme, one of THEMES.

    Of `size` only the ratio counts; the shorter side becomes 7.5 inches.
    """
    made = Presentation()
    width, height = (round(_SIDE * side / min(size)) for side in size)
    across, down = width / (made.slide_width or _SIDE), height / (made.slide_height or _SIDE)
    made.slide_width, made.slide_height = Emu(width), Emu(height)
    made.part._element.find(qn("p:sldSz")).attrib.pop("type", None)
    for layout in list(made.slide_layouts):
        if layout.name not in _LAYOUTS:
            made.slide_layouts.remove(layout)
    for owner in (made.slide_master, *made.slide_layouts):
        for shape in owner.shapes:
            if shape.element.find(f".//{qn('a:xfrm')}") is not None:
                shape.left, shape.width = _scale(across, shape.left, shape.width)
                shape.top, shape.height = _scale(down, shape.top, shape.height)
    _style_titles(made.slide_master)
    _set_theme(made.slide_master, theme)
    return made


def _scale(factor: float, *lengths: int) -> list[Emu]:
    return [Emu(round(length * factor)) for length in lengths]


def _style_titles(master: Any) -> None:
    style = master.element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    run = style.find(qn("a:defRPr"))
    run.set("sz", "2600")
    run.set("b", "1")
    for layout in master.slide_layouts:
        for shape in layout.placeholders:
            for level in shape.element.iter(qn("a:lvl1pPr")):
                level.set("algn", "l")


def _set_theme(master: Any, theme: str) -> None:
    palette = THEMES[theme]
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = etree.fromstring(part.blob)
    root.set("name", "Briefing map")
    dark = theme == "dark"
    base = ("paper", "ink", "line", "muted") if dark else ("ink", "paper", "muted", "line")
    scheme = root.find(f".//{qn('a:clrScheme')}")
    scheme.set("name", "Briefing map")
    for slot, name in zip(_SLOTS, (*base, *_ACCENTS, "place", "muted"), strict=True):
        holder = scheme.find(qn(f"a:{slot}"))
        holder[:] = []
        value = palette[name].lstrip("#").upper()
        etree.SubElement(holder, qn("a:srgbClr")).set("val", value)
    fonts = root.find(f".//{qn('a:fontScheme')}")
    fonts.set("name", "Briefing map")
    for slot, face in (("majorFont", "Georgia"), ("minorFont", "Calibri")):
        fonts.find(f"{qn(f'a:{slot}')}/{qn('a:latin')}").set("typeface", face)
    part.blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    if dark:
        colours = master.element.find(qn("p:clrMap"))
        for slot, to in (("bg1", "dk1"), ("tx1", "lt1"), ("bg2", "dk2"), ("tx2", "lt2")):
            colours.set(slot, to)
