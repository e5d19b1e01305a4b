"""User templates: size, fonts and layouts are used; bad files are rejected."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Inches

from geo.errors import ExportError
from geo.export.pptx.template import TEMPLATE_LIMIT
from geo.export.pptx.writer import write_pptx
from tests.support.pptx_reading import (
    builtin_deck,
    find_misplaced_shapes,
    find_overfull_boxes,
    open_deck,
    save_and_reopen,
    slide_text,
    stub_painters,
)

OWN = "Annual report: our own slide"


@pytest.fixture(autouse=True)
def _quick_maps(monkeypatch):
    stub_painters(monkeypatch)


@pytest.fixture(scope="module")
def deck():
    whole = builtin_deck()
    return replace(whole, slides=(whole.slides[0], *whole.slides[2:4]))


def template(width: float = 10, height: float = 5.625, font: str = "Verdana") -> Presentation:
    """Create a template with the given size and font and one slide with notes."""
    made = Presentation()
    across, down = Inches(width) / made.slide_width, Inches(height) / made.slide_height
    made.slide_width, made.slide_height = Inches(width), Inches(height)
    for owner in (made.slide_master, *made.slide_layouts):
        for one in owner.placeholders:
            one.left, one.width = int(one.left * across), int(one.width * across)
            one.top, one.height = int(one.top * down), int(one.height * down)
    theme = made.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme.blob = re.sub(rb'latin typeface="[^"]+"', f'latin typeface="{font}"'.encode(), theme.blob)
    slide = made.slides.add_slide(made.slide_layouts[0])
    slide.shapes.title.text = OWN
    slide.notes_slide.notes_text_frame.text = OWN
    return made


def repacked(body: bytes, *, without=(), **parts: bytes) -> bytes:
    """Return the zip with parts added, replaced or left out."""
    box = io.BytesIO()
    added = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(box, "w", 8) as new:
        for name in old.namelist():
            if name not in without and name not in added:
                new.writestr(name, old.read(name))
        for name, part in added.items():
            new.writestr(name, part)
    return box.getvalue()


def edited(body: bytes, name: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(body)) as pack:
        part = pack.read(name)
    assert old in part
    return repacked(body, **{name: part.replace(old, new)})


@pytest.mark.parametrize("sides", [(10, 5.625), (13.333, 7.5), (10, 7.5), (20, 12), (7.5, 10)])
def test_template_sets_size_fonts_and_layouts_but_not_slides(deck, sides):
    body = save_and_reopen(template(*sides))
    presentation = open_deck(deck, template=body, size=(1440, 1080))
    assert presentation.slide_width == Inches(sides[0])
    assert len(presentation.slides) == len(deck.slides) + 2
    assert all(OWN not in slide_text(slide) for slide in presentation.slides)
    assert find_misplaced_shapes(presentation) == []
    assert find_overfull_boxes(presentation) == []
    for slide, scene in zip(list(presentation.slides)[1:], deck.slides, strict=False):
        assert slide.shapes.title.text_frame.text == scene.headline
        assert all(entry["label"] in slide_text(slide) for entry in scene.legend)
    with zipfile.ZipFile(io.BytesIO(save_and_reopen(presentation))) as pack:
        assert OWN.encode() not in b"".join(pack.read(name) for name in pack.namelist())
        assert b"Verdana" in pack.read("ppt/theme/theme1.xml")


def test_template_output_is_deterministic_without_empty_placeholders(deck, store):
    body = save_and_reopen(template())
    first = write_pptx(deck, store, template=body)
    assert first == write_pptx(deck, store, template=body)
    for slide in Presentation(io.BytesIO(first)).slides:
        assert all(one.has_text_frame and one.text_frame.text for one in slide.placeholders)


def test_potx_template_with_sections_is_accepted(deck):
    body = edited(
        save_and_reopen(template()), "[Content_Types].xml", b"presentation.main", b"template.main"
    )
    body = edited(
        body,
        "ppt/presentation.xml",
        b"</p:presentation>",
        b'<p:extLst><p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"/></p:extLst>'
        b"</p:presentation>",
    )
    presentation = open_deck(deck, template=body)
    assert presentation.slides[1].shapes.title.text_frame.text == deck.slides[0].headline


def test_layout_is_found_by_its_title_placeholder(deck):
    made = template()
    for layout in list(made.slide_layouts):
        layout.name = "Titel"
        if layout.placeholders and not any(
            p.placeholder_format.idx == 0 for p in layout.placeholders
        ):
            made.slide_layouts.remove(layout)
    presentation = open_deck(deck, template=save_and_reopen(made))
    assert all(slide.shapes.title is not None for slide in presentation.slides)


def no_titles() -> bytes:
    made = template()
    for layout in made.slide_layouts:
        for one in list(layout.placeholders):
            if one.placeholder_format.idx == 0:
                one.element.getparent().remove(one.element)
    return save_and_reopen(made)


def linked(kind: str) -> bytes:
    made = template()
    made.slide_layouts[0].part.relate_to("https://example.org/x.png", kind, is_external=True)
    return save_and_reopen(made)


GOOD = save_and_reopen(template())
BAD = {
    "nothing": (b"", "no PowerPoint file"),
    "text": (b"hello " * 100, "no PowerPoint file"),
    "old or protected": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
    "zip of something": (repacked(GOOD, without=["ppt/presentation.xml"]), "no PowerPoint file"),
    "half": (GOOD[: len(GOOD) // 2], "no PowerPoint file"),
    "too large": (b"PK" + b"\0" * TEMPLATE_LIMIT, "50 MB"),
    "swollen": (repacked(GOOD, ppt__media__a_dot_xml=b" " * 30_000_000), "unpacked"),
    "macros": (repacked(GOOD, ppt__vbaProject_dot_bin=b"x"), "vbaProject.bin"),
    "macro type": (
        edited(
            GOOD,
            "[Content_Types].xml",
            b"presentationml.presentation.main",
            b"ms-powerpoint.presentation.macroEnabled.main",
        ),
        "macros",
    ),
    "embedded": (repacked(GOOD, ppt__embeddings__a_dot_xlsx=b"x"), "embeddings/a.xlsx"),
    "linked picture": (linked(RELATIONSHIP_TYPE.IMAGE), "slideLayout1.xml"),
    "hyperlink": (linked(RELATIONSHIP_TYPE.HYPERLINK), "external"),
    "entities": (
        edited(
            GOOD,
            "ppt/presentation.xml",
            b"<p:presentation",
            b'<!DOCTYPE x [<!ENTITY a "b">]><p:presentation',
        ),
        "entities",
    ),
    "broken part": (edited(GOOD, "ppt/presentation.xml", b"<p:sldSz", b"<p:sldSz<"), "damaged"),
    "part missing": (repacked(GOOD, without=["ppt/slideMasters/slideMaster1.xml"]), "damaged"),
    "no titles": (no_titles(), "title"),
    "ribbon": (save_and_reopen(template(30, 5)), "too long"),
}


@pytest.mark.parametrize("name", BAD)
def test_unusable_template_is_rejected_with_a_remedy(deck, store, name):
    body, named = BAD[name]
    with pytest.raises(ExportError, match=re.escape(named)) as refused:
        write_pptx(deck, store, template=body)
    assert re.fullmatch(r"The template cannot be used: .+\. To fix it, .+\.", str(refused.value))
