"""Write decks and PowerPoint files without drawing a map, and read the files back."""

import io
import sys
import types
from dataclasses import replace
from functools import cache
from pathlib import Path

import matplotlib
import pytest
from PIL import Image, ImageFont
from pptx import Presentation
from pptx.util import Emu

from geo.app_context import context
from geo.briefing import open_briefing
from geo.export.deck import build_deck
from geo.export.pptx.writer import write_pptx

SIZES = {"16:9": (1920, 1080), "4:3": (1440, 1080)}
HOSTILE = {
    "controls": "a\x00b\x1b[31m\ud83d c\x0b\r\n\td\ufffe",
    "long word": "w" * 10_000,
    "many words": "word and another " * 600,
    "right to left": "قاعدة حميميم الجوية \u202e abc ‏" * 12,
    "wide": "基地" * 300,
    "markup": "<a:t>&amp;</a:t>]]> _x0000_ {{ 7 * 7 }} ${x}",
}


def stub_painters(monkeypatch: pytest.MonkeyPatch, **painters) -> None:
    """Replace the picture renderers by fast stubs."""
    module = types.ModuleType("geo.export.image.render")
    module.render_map = lambda slide, store, *, size, theme: png()
    module.render_picture = lambda slide, store, fmt, *, size, theme: f"{slide.key}.{fmt}".encode()
    module.render_pages = lambda deck, store, **looks: b"%PDF-1.7"
    for name, painter in painters.items():
        setattr(module, name, painter)
    monkeypatch.setitem(sys.modules, module.__name__, module)


def png(colour: str = "#dce6ea") -> bytes:
    """Return a small valid PNG."""
    box = io.BytesIO()
    Image.new("RGB", (16, 9), colour).save(box, "PNG")
    return box.getvalue()


def builtin_deck(**looks):
    where = context()
    briefing = open_briefing("thirteen-december", where.link_vocabulary())
    return build_deck(briefing, where.store, where.evidence, **looks)


def one_slide(deck, **words):
    """Return the deck's first slide alone, with changed fields."""
    return replace(deck, slides=(replace(deck.slides[0], **words),))


def open_deck(deck, **looks):
    return Presentation(io.BytesIO(write_pptx(deck, context().store, **looks)))


def save_and_reopen(presentation) -> bytes:
    box = io.BytesIO()
    presentation.save(box)
    return box.getvalue()


def slide_text(slide) -> str:
    """Return all text of a slide, box by box."""
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def hyperlinks(slide) -> list[str]:
    """Return the URLs of a slide's hyperlinks."""
    frames = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
    runs = [run for frame in frames for para in frame.paragraphs for run in para.runs]
    return [run.hyperlink.address for run in runs if run.hyperlink.address]


def shape_boxes(slide) -> list[tuple[str, int, int, int, int]]:
    """Return name, left, top, right and bottom of each shape."""
    return [
        (one.name, one.left, one.top, one.left + one.width, one.top + one.height)
        for one in slide.shapes
    ]


def find_misplaced_shapes(presentation) -> list[str]:
    """Return shapes that leave the slide or overlap."""
    found = []
    slack = Emu(2000)  # tolerance for rounding: 0.002 inch
    for number, slide in enumerate(presentation.slides, start=1):
        placed = shape_boxes(slide)
        for name, left, top, right, bottom in placed:
            if (
                min(left, top) < 0
                or right > presentation.slide_width + slack
                or bottom > presentation.slide_height + slack
            ):
                found.append(f"{number}: {name} leaves the slide")
        for position, (name, left, top, right, bottom) in enumerate(placed):
            found += [
                f"{number}: {name} lies on {other}"
                for other, x, y, to_x, to_y in placed[position + 1 :]
                if min(right, to_x) - max(left, x) > slack
                and min(bottom, to_y) - max(top, y) > slack
            ]
    return found


def find_overfull_boxes(presentation) -> list[str]:
    """Return text boxes whose text does not fit in the widest of the common fonts."""
    return [
        f"{number}: {shape.name}: {shape.text_frame.text[:60]!r}"
        for number, slide in enumerate(presentation.slides, start=1)
        for shape in slide.shapes
        if shape.has_text_frame and _height(shape) > shape.height.inches + 0.02
    ]


def _height(shape) -> float:
    height = 0.0
    for para in shape.text_frame.paragraphs:
        if not para.runs:
            continue
        size, bold = para.runs[0].font.size.pt, bool(para.runs[0].font.bold)
        title = shape.is_placeholder and shape.placeholder_format.idx == 0
        face = _face("Serif-Bold" if title else "Sans-Bold" if bold else "Sans")
        text = "".join(run.text for run in para.runs)
        count = _lines(text, shape.width.inches * 72 / size * 100, face)
        height += (count * para.line_spacing.pt + para.space_before.pt) / 72
    return height


def _lines(text: str, room: float, face) -> int:
    """Return the number of lines of a text wrapped by words; a longer word continues below."""
    count, line = 1, ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and face.getlength(longer) > room:
            count, longer = count + 1, word
        line = longer
        if face.getlength(line) > room:
            count += int(face.getlength(line) / room)
            line = ""
    return count


@cache
def _face(name: str):
    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"DejaVu{name}.ttf"
    return ImageFont.truetype(str(path), 100)
