"""Images: exact sizes, deterministic bytes, all formats and hostile texts."""

import hashlib
import json
import re
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import pytest

from geo.app_context import context
from geo.briefing import open_briefing
from geo.camera import Camera
from geo.errors import CancelledError, ExportError
from geo.export.deck import Deck, build_deck
from geo.export.image.render import render_map, render_pages, render_picture
from geo.export.slide import Slide, build_slide
from geo.mapping.relief import read_relief
from geo.settings import ROOT
from geo.view import View

SMALL = (640, 360)
RELIEF_PICTURES = len(read_relief())
HOSTILE = (
    "$\\frac{1}{2}$ {{ 7*7 }} <script>alert(1)</script> %s \\ & ' \"",
    "W" * 500,
    "قاعدة حميميم الجوية تحت الأنظار 😀 中文 \u202e reversed",
    "line\nafter\tline\r\nand\x0bmore\u2028end",
    "",
)


@cache
def deck() -> Deck:
    where = context()
    briefing = open_briefing("thirteen-december", where.link_vocabulary())
    return build_deck(briefing, where.store, where.evidence)


@cache
def scene(key: str) -> Slide:
    return next(slide for slide in deck().slides if slide.key == key)


def plain(view: View) -> Slide:
    where = context()
    return build_slide(view, where.store, where.evidence)


def png_size(data: bytes) -> tuple[int, int]:
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", data[16:24])


@pytest.mark.parametrize(
    "size",
    [
        (1920, 1080),
        (1280, 720),
        (3840, 2160),
        (1024, 768),
        (1080, 1080),
        (1080, 1920),
        (333, 241),
        (320, 240),
        (1001, 997),
        (7680, 240),
        (320, 4320),
    ],
    ids=str,
)
def test_png_has_exactly_the_requested_size(size, store):
    assert png_size(render_picture(scene("setting"), store, "png", size=size)) == size


def test_map_image_has_exactly_the_requested_size(store):
    assert png_size(render_map(scene("tartus"), store, size=(701, 399), theme="dark")) == (701, 399)


def test_width_in_inches_gives_the_exact_pixels():
    from geo.export.image.matplotlib_backend import DPI, _inches

    assert all(int(_inches(pixels) * DPI) == pixels for pixels in range(240, 7681))


@pytest.mark.parametrize(
    "size", [(319, 240), (320, 239), (7681, 4320), (7680, 4321), (0, 0), (640.5, 360)], ids=str
)
def test_unsupported_size_is_rejected(size, store):
    with pytest.raises(ExportError, match="width must be a whole number from 320 to 7680"):
        render_picture(scene("setting"), store, "png", size=size)


def test_unknown_format_or_theme_is_rejected(store):
    with pytest.raises(ExportError, match=r"no format 'gif'.*png, svg, pdf"):
        render_picture(scene("setting"), store, "gif")
    with pytest.raises(ExportError, match=r"no theme 'sepia'.*light, dark"):
        render_map(scene("setting"), store, theme="sepia")


def digests() -> list[str]:
    """Return hashes of an image in each format, of a map and of a briefing."""
    store = context().store
    short = replace(deck(), slides=deck().slides[:1])
    slide = replace(scene("leaving-or-staying"), headline=HOSTILE[2])
    parts = [render_picture(slide, store, fmt, size=SMALL) for fmt in ("png", "svg", "pdf")]
    parts += [render_map(slide, store, size=SMALL), render_pages(short, store, size=SMALL)]
    return [hashlib.sha256(part).hexdigest() for part in parts]


def test_images_are_deterministic_across_processes():
    script = "import json; from tests.unit.export.image.test_render import digests; "
    answer = subprocess.run(
        [sys.executable, "-c", f"{script}print(json.dumps(digests()))"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert digests() == digests() == json.loads(answer)


def test_images_rendered_in_threads_are_the_same(store):
    keys = ["setting", "khmeimim-13", "tartus", "convoy"]

    def drawn(key: str) -> bytes:
        return render_picture(scene(key), store, "png", size=SMALL)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(drawn, keys)) == [drawn(key) for key in keys]


def test_matplotlib_is_imported_only_for_rendering():
    script = "import sys, geo.export.image.render; print('matplotlib' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert answer.stdout == "False\n"


def near(slide: Slide) -> Slide:
    """Return the slide so near that it has no relief, which is the only image of a vector file."""
    return replace(slide, view=replace(slide.view, at=Camera(34.9, 35.88, 14), screen=None))


def test_svg_is_vector_with_a_description(store):
    slide = scene("tartus")
    data = render_picture(slide, store, "svg")
    root = ElementTree.fromstring(data)
    assert root.get("viewBox") == "0 0 1440 810"  # points, at 96 pixels an inch
    assert data.count(b"<image") <= RELIEF_PICTURES
    assert b"<image" not in render_picture(near(slide), store, "svg")
    said = " ".join("".join(part.itertext()) for part in root.iter() if part.tag.endswith("Work"))
    assert slide.headline in said
    assert slide.alt in " ".join(said.split())


def test_pdf_is_vector_with_searchable_fonts(store):
    data = render_picture(scene("tartus"), store, "pdf")
    images = data.count(b"/Subtype /Image")  # two of each picture: its tones, and its alpha
    assert images <= 2 * RELIEF_PICTURES
    assert b"/Subtype /Image" not in render_picture(near(scene("tartus")), store, "pdf")
    assert b"/Subtype /CIDFontType2" in data
    assert b"/Type3" not in data


def test_pdf_has_title_slides_and_sources_and_reports_progress(store):
    told = []
    data = render_pages(
        deck(), store, size=SMALL, progress=lambda done, of: told.append((done, of))
    )
    pages = len(deck().slides) + 2
    assert told == [(number, pages) for number in range(1, pages + 1)]
    assert len(re.findall(rb"/Type /Page\b", data)) == pages


def test_many_sources_take_several_pages(store):
    many = replace(
        deck(), slides=(), references=tuple(f"Source {n}, {'x' * 150}" for n in range(90))
    )
    told = []
    render_pages(many, store, size=SMALL, progress=lambda done, of: told.append(of))
    assert told[-1] > 2


def test_empty_briefing_has_title_and_sources_pages(store):
    bare = replace(deck(), slides=(), references=(), title=HOSTILE[1], subtitle=HOSTILE[2])
    assert len(re.findall(rb"/Type /Page\b", render_pages(bare, store, size=SMALL))) == 2


def test_progress_callback_can_cancel(store):
    def stop(done: int, of: int) -> None:
        if done == 2:
            msg = "stopped"
            raise CancelledError(msg)

    with pytest.raises(CancelledError):
        render_pages(deck(), store, size=SMALL, progress=stop)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("fmt", ["png", "svg", "pdf"])
def test_hostile_text_is_drawn_literally(text, fmt, store):
    slide = scene("khmeimim-13")
    asked = tuple(replace(one, question=text, answers=text) for one in slide.questions)
    slide = replace(
        slide,
        headline=text,
        lines=(text, text),
        questions=asked,
        unseen=text,
        sources=(text,) * 9,
        link=text,
        window=text,
        counted=text,
    )
    data = render_picture(slide, store, fmt, size=SMALL)
    assert data.startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[fmt])
    if fmt == "svg":
        ElementTree.fromstring(data)


def test_missing_fonts_fall_back_to_dejavu():
    script = (
        "from tests.unit.export.image.test_render import *; from geo.export.image import fonts; "
        "fonts.find_font_file = lambda name: None; "
        "print(png_size(render_picture(scene('tartus'), context().store, 'png', size=SMALL)), "
        "fonts.installed())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert answer.stdout == "(640, 360) frozenset()\n"
    assert "sans.woff2" in answer.stderr
