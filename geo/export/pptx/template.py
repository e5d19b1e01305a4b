"""Open a user's PowerPoint file as a template: validate it, then remove its slides."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from typing import TYPE_CHECKING, Any, NoReturn

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn

from geo.errors import ExportError
from geo.export.pptx.shapes import placeholders

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import SlideLayout

TEMPLATE_LIMIT = 50_000_000
"""Maximum size of a template in bytes."""

log = logging.getLogger(__name__)
_UNPACKED, _PARTS, _RATIO, _SMALL = 300_000_000, 5_000, 200, 1_000_000
_NARROWEST = 2.5
_TYPES, _MAIN = "[Content_Types].xml", "ppt/presentation.xml"
_ACTIVE = re.compile(r"vbaproject|/activex/|\.bin$|/embeddings/", re.IGNORECASE)
_MACRO = re.compile(rb"macroEnabled", re.IGNORECASE)
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_HARMLESS = "printersettings"


def open_template(body: bytes) -> Deck:
    """Open a template without its slides.

    Parameters
    ----------
    body : bytes
        Of a .pptx or .potx.

    Raises
    ------
    geo.errors.ExportError
        If it cannot be used: what is wrong with it, and what to do.
    """
    checked = _checked(body)
    try:
        made = Presentation(io.BytesIO(checked))
        _drop_slides(made)
        layouts = [layout for layout in made.slide_layouts if _has_title(layout)]
        width, height = made.slide_width or 0, made.slide_height or 0
    except Exception as error:  # whatever a damaged file makes python-pptx raise
        log.info("a template could not be opened: %s", error)
        _refuse("it is damaged or no PowerPoint file", "open it in PowerPoint and save it again")
    if not layouts:
        _refuse("no layout in it has a title", "add a title to a layout in the slide master view")
    if not (width and height) or max(width, height) > _NARROWEST * min(width, height):
        _refuse("its slides are too long or too wide", "use a template of 16:9 or 4:3")
    return made


def title_layout(made: Deck) -> SlideLayout:
    """Return the layout for the title slide: one with a centred title, else any with a title."""
    centred = [
        layout
        for layout in made.slide_layouts
        if any(_type(one) == PP_PLACEHOLDER.CENTER_TITLE for one in placeholders(layout))
    ]
    return centred[0] if centred else page_layout(made)


def page_layout(made: Deck) -> SlideLayout:
    """Return the layout that has a title and the fewest other placeholders."""
    titled = [layout for layout in made.slide_layouts if _has_title(layout)]
    plainly = [
        layout
        for layout in titled
        if any(_type(one) == PP_PLACEHOLDER.TITLE for one in placeholders(layout))
    ]
    return min(plainly or titled, key=_to_fill)


def text_of(made: Deck) -> str:
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


def _type(shape: Any) -> Any:
    return shape.placeholder_format.type


def _has_title(layout: SlideLayout) -> bool:
    return any(_type(one) in _TITLES for one in placeholders(layout))


def _to_fill(layout: SlideLayout) -> int:
    return sum(_type(one) not in (*_TITLES, *_FURNITURE) for one in placeholders(layout))


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


def _checked(body: bytes) -> bytes:
    """Validate a file and return it; a .potx is converted to a .pptx."""
    if len(body) > TEMPLATE_LIMIT:
        _refuse(
            f"it is larger than {TEMPLATE_LIMIT // 1_000_000} MB", "remove large pictures from it"
        )
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        _refuse(
            "it has a password or the old format .ppt",
            "save it as .pptx without a password",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as pack:
            _check_sizes(pack)
            _check_parts(pack)
            return _as_presentation(pack, body)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        log.info("a template could not be unpacked: %s", error)
    except Exception as error:
        if isinstance(error, ExportError):
            raise
        log.info("a template could not be unpacked: %r", error)
    _refuse("it is no PowerPoint file or damaged", "save it as .pptx in PowerPoint")


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
        _refuse(
            "it has encrypted parts or two parts of the same name", "save it as .pptx in PowerPoint"
        )


def _check_parts(pack: zipfile.ZipFile) -> None:
    names = pack.namelist()
    if _TYPES not in names or _MAIN not in names:
        _refuse("it is no PowerPoint file", "save it as .pptx in PowerPoint")
    active = [name for name in names if _ACTIVE.search(name) and _HARMLESS not in name.casefold()]
    if active or _MACRO.search(pack.read(_TYPES)):
        found = f" ({active[0]})" if active else ""
        _refuse(f"it contains macros or embedded files{found}", "save it as .pptx without them")
    for name in names:
        if not name.endswith((".xml", ".rels")):
            continue
        text = pack.read(name).replace(b"\0", b"")
        if _DOCTYPE.search(text):
            _refuse(f"its part {name} defines entities", "save it as .pptx in PowerPoint")
        if name.endswith(".rels") and _EXTERNAL.search(text):
            where = name.replace("_rels/", "").removesuffix(".rels")
            _refuse(
                f"it contains a link to an external resource (in {where})",
                "remove the hyperlinks and linked pictures there and save it",
            )


def _as_presentation(pack: zipfile.ZipFile, body: bytes) -> bytes:
    types = pack.read(_TYPES)
    kind = b"presentationml.template.main+xml"
    if kind not in types:
        return body
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in pack.infolist():
            inside = pack.read(part.filename)
            if part.filename == _TYPES:
                inside = types.replace(kind, b"presentationml.presentation.main+xml")
            copy.writestr(part.filename, inside)
    return box.getvalue()
