"""Open a user's PowerPoint file as a template: validate it, remove its slides, find its layouts."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from typing import TYPE_CHECKING, NoReturn

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn

from geo.errors import ExportError
from geo.export.pptx.reproducible_zip import zip_files
from geo.export.pptx.shapes import list_placeholders

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import SlideLayout

TEMPLATE_LIMIT = 50_000_000
"""Maximum size of a template in bytes."""

TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
BODIES = (PP_PLACEHOLDER.SUBTITLE, PP_PLACEHOLDER.BODY)

log = logging.getLogger(__name__)
_UNPACKED, _PARTS, _RATIO, _SMALL = 300_000_000, 5_000, 200, 1_000_000
_NARROWEST = 2.5
_TYPES, _MAIN = "[Content_Types].xml", "ppt/presentation.xml"
_ACTIVE = re.compile(r"vbaproject|/activex/|\.bin$|/embeddings/", re.IGNORECASE)
_MACRO = re.compile(rb"macroEnabled", re.IGNORECASE)
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_HARMLESS = "printersettings"
_SAVE = "save it as .pptx in PowerPoint"


def open_template(body: bytes) -> Deck:
    """Open a .pptx or .potx without its slides.

    Raises
    ------
    geo.errors.ExportError
        If it cannot be used: what is wrong with it, and what to do.
    """
    checked = _check_file(body)
    try:
        made = Presentation(io.BytesIO(checked))
        _drop_slides(made)
        layouts = _list_titled_layouts(made)
        width, height = made.slide_width or 0, made.slide_height or 0
    except Exception as error:  # whatever a damaged file makes python-pptx raise
        log.info("a template could not be opened: %s", error)
        _refuse("it is damaged or no PowerPoint file", "open it in PowerPoint and save it again")
    if not layouts:
        _refuse("no layout in it has a title", "add a title to a layout in the slide master view")
    if not (width and height) or max(width, height) > _NARROWEST * min(width, height):
        _refuse("its slides are too long or too wide", "use a template of 16:9 or 4:3")
    return made


def find_title_layout(made: Deck) -> SlideLayout:
    """Return the layout for the title slide: one with a centred title, else any with a title."""
    for layout in made.slide_layouts:
        if PP_PLACEHOLDER.CENTER_TITLE in _list_kinds(layout):
            return layout
    return find_slide_layout(made)


def find_slide_layout(made: Deck) -> SlideLayout:
    """Return the layout that has a title and the fewest other placeholders."""

    def count_others(layout: SlideLayout) -> int:
        return sum(kind not in (*TITLES, *_FURNITURE) for kind in _list_kinds(layout))

    titled = _list_titled_layouts(made)
    plain = [one for one in titled if PP_PLACEHOLDER.TITLE in _list_kinds(one)]
    return min(plain or titled, key=count_others)


def detect_text(made: Deck) -> str:
    """Return whether a template's text is "dark" or "light"."""
    master = made.slide_master
    colours = master.element.find(qn("p:clrMap"))
    slot = colours.get("tx1", "dk1") if colours is not None else "dk1"
    try:
        theme = etree.fromstring(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
        value = theme.find(f".//{qn('a:clrScheme')}/{qn(f'a:{slot}')}")[0]
        rgb = value.get("lastClr") or value.get("val")
        light = sum(int(rgb[at : at + 2], 16) for at in (0, 2, 4)) > 3 * 128
    except (KeyError, IndexError, TypeError, ValueError):
        light = slot == "lt1"
    return "light" if light else "dark"


def _list_kinds(layout: SlideLayout) -> list[PP_PLACEHOLDER]:
    """Return the type of each placeholder."""
    return [one.placeholder_format.type for one in list_placeholders(layout)]


def _list_titled_layouts(made: Deck) -> list[SlideLayout]:
    return [one for one in made.slide_layouts if any(kind in TITLES for kind in _list_kinds(one))]


def _drop_slides(made: Deck) -> None:
    """Remove the template's slides and the references to them."""
    listed = made.slides._sldIdLst
    for slide in list(listed):
        made.part.drop_rel(slide.rId)
        listed.remove(slide)
    root = made.part._element
    for tag in ("p:custShowLst", "p:extLst"):
        for node in root.findall(qn(tag)):
            root.remove(node)


def _refuse(why: str, remedy: str) -> NoReturn:
    raise ExportError(f"The template cannot be used: {why}. To fix it, {remedy}.")


def _check_file(body: bytes) -> bytes:
    """Validate a file and return it; a .potx is converted to a .pptx."""
    if len(body) > TEMPLATE_LIMIT:
        size = f"{TEMPLATE_LIMIT // 1_000_000} MB"
        _refuse(f"it is larger than {size}", "remove large pictures from it")
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        what = "it has a password or the old format .ppt"
        _refuse(what, "save it as .pptx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as pack:
            _check_sizes(pack)
            _check_parts(pack)
            return _convert_template(pack, body)
    except ExportError:
        raise
    except Exception as error:  # whatever a damaged zip makes zipfile raise
        log.info("a template could not be unpacked: %r", error)
    _refuse("it is no PowerPoint file or damaged", _SAVE)


def _check_sizes(pack: zipfile.ZipFile) -> None:
    parts = pack.infolist()
    names = [part.filename.casefold() for part in parts]
    swollen = any(
        part.file_size > _SMALL and part.file_size > _RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if swollen or sum(part.file_size for part in parts) > _UNPACKED or len(parts) > _PARTS:
        _refuse("it is too large when unpacked", "use another file")
    if len(names) != len(set(names)) or any(part.flag_bits & 1 for part in parts):
        _refuse("it has encrypted parts or two parts of the same name", _SAVE)


def _check_parts(pack: zipfile.ZipFile) -> None:
    names = pack.namelist()
    if _TYPES not in names or _MAIN not in names:
        _refuse("it is no PowerPoint file", _SAVE)
    active = [name for name in names if _ACTIVE.search(name) and _HARMLESS not in name.casefold()]
    if active or _MACRO.search(pack.read(_TYPES)):
        found = f"it contains macros or embedded files{f' ({active[0]})' if active else ''}"
        _refuse(found, "save it as .pptx without them")
    for name in names:
        if not name.endswith((".xml", ".rels")):
            continue
        text = pack.read(name).replace(b"\0", b"")
        if _DOCTYPE.search(text):
            _refuse(f"its part {name} defines entities", _SAVE)
        if name.endswith(".rels") and _EXTERNAL.search(text):
            where = name.replace("_rels/", "").removesuffix(".rels")
            found = f"it contains a link to an external resource (in {where})"
            _refuse(found, "remove the hyperlinks and linked pictures there and save it")


def _convert_template(pack: zipfile.ZipFile, body: bytes) -> bytes:
    """Return a .potx as a .pptx, and any other file as it is."""
    types = pack.read(_TYPES)
    kind = b"presentationml.template.main+xml"
    if kind not in types:
        return body
    types = types.replace(kind, b"presentationml.presentation.main+xml")
    names = pack.namelist()
    return zip_files((name, types if name == _TYPES else pack.read(name)) for name in names)
