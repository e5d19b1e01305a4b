"""The export functions give every file type and reject invalid options."""

import io
import zipfile
from dataclasses import replace

import pytest
from pptx import Presentation

from geo.app_context import context
from geo.briefing import open_briefing
from geo.errors import CancelledError, ExportError
from geo.export.export import export_briefing, export_view
from geo.export.options import PACKS, PICTURES, ExportOptions, parse_size
from geo.playback import Playback
from geo.view import View
from tests.support.pptx_reading import stub_painters

VIEW = View(page="khmeimim")


@pytest.fixture
def briefing():
    return open_briefing("thirteen-december", context().link_vocabulary())


@pytest.fixture(autouse=True)
def _quick_maps(monkeypatch):
    stub_painters(monkeypatch)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1920x1080", (1920, 1080)),
        ("16:9", (1920, 1080)),
        (" 4:3 ", (1440, 1080)),
        ("800 X 600", (800, 600)),
        ("1080×1350", (1080, 1350)),
    ],
)
def test_common_size_notations_are_parsed(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    [
        "",
        "big",
        "1920",
        "1920x",
        "0x0",
        "-5x9",
        "99999x99999",
        "2000x4400",
        "1000x100",
        "1e3x1e3",
        "3:2",
    ],
)
def test_invalid_size_is_rejected_with_an_example(text):
    with pytest.raises(ExportError, match="1920x1080"):
        parse_size(text)


@pytest.mark.parametrize("fmt", ["png", "svg"])
def test_view_as_an_image_is_the_renderers_output(store, evidence, fmt):
    assert export_view(VIEW, ExportOptions(fmt), store, evidence) == f"khmeimim.{fmt}".encode()


def test_view_as_powerpoint_has_one_slide_with_its_headline(store, evidence):
    body = export_view(
        VIEW, ExportOptions("pptx", size=(1440, 1080), address="http://h"), store, evidence
    )
    slides = list(Presentation(io.BytesIO(body)).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[0] == titles[1]
    assert titles[1].startswith("Khmeimim air base")
    assert titles[2] == "Sources"
    assert "http://h/khmeimim?" in slides[1].notes_slide.notes_text_frame.text


@pytest.mark.parametrize("fmt", ["png", "svg"])
def test_briefing_as_images_is_a_zip_in_scene_order(store, evidence, briefing, fmt):
    told = []
    body = export_briefing(
        briefing,
        ExportOptions(fmt),
        store,
        evidence,
        progress=lambda done, of: told.append((done, of)),
    )
    with zipfile.ZipFile(io.BytesIO(body)) as pack:
        names = pack.namelist()
        assert names[0] == f"01-setting.{fmt}"
        assert pack.read(names[1]) == f"khmeimim-12.{fmt}".encode()
    count = len(briefing.scenes)
    assert len(names) == count
    assert told == [(done, count) for done in range(count + 1)]
    assert body == export_briefing(briefing, ExportOptions(fmt), store, evidence)


def test_briefing_as_pdf_is_the_page_renderers_output(store, evidence, briefing, monkeypatch):
    asked = []
    stub_painters(
        monkeypatch, render_pages=lambda deck, store, **looks: asked.append(looks) or b"%PDF"
    )
    body = export_briefing(briefing, ExportOptions("pdf", (1440, 1080), "dark"), store, evidence)
    assert body == b"%PDF"
    assert (asked[0]["size"], asked[0]["theme"]) == ((1440, 1080), "dark")


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"fmt": "jpg"}, "png, svg, pdf, pptx, html, webp, gif"),
        ({"theme": "pink"}, "light, dark"),
        ({"size": (10, 10)}, "10x10"),
        ({"size": (7000, 700)}, "7000x700"),
        ({"template": b"x"}, "template"),
    ],
)
def test_invalid_option_is_rejected_with_the_valid_ones(store, evidence, briefing, wish, named):
    fmt = wish.get("fmt", "png")
    looks = {name: value for name, value in wish.items() if name != "fmt"}
    with pytest.raises(ExportError, match=named):
        export_view(VIEW, ExportOptions(fmt, **looks), store, evidence)
    with pytest.raises(ExportError, match="pptx" if "fmt" in wish else named):
        export_briefing(briefing, ExportOptions(fmt, **looks), store, evidence)


@pytest.mark.parametrize("fmt", ["png", "pptx"])
def test_progress_callback_can_cancel_at_any_step(store, evidence, briefing, fmt):
    for last in (0, 1, 5):

        def stop(done, of, last=last):
            if done == last:
                raise CancelledError("stopped")

        with pytest.raises(CancelledError):
            export_briefing(briefing, ExportOptions(fmt), store, evidence, progress=stop)


@pytest.mark.parametrize("fmt", PACKS)
def test_briefing_without_a_scene_is_rejected(store, evidence, briefing, fmt):
    empty = replace(briefing, scenes=())
    with pytest.raises(ExportError, match="no scene yet"):
        export_briefing(empty, ExportOptions(fmt), store, evidence)


def test_file_types_have_titles_endings_and_media_types():
    assert list(PICTURES) == ["png", "svg", "pdf", "pptx", "html", "webp", "gif"]
    assert set(PACKS) == set(PICTURES)
    assert (PACKS["png"].ending, PICTURES["png"].ending) == ("zip", "png")
    assert all(one.title and "/" in one.media_type for one in (*PICTURES.values(), *PACKS.values()))


@pytest.mark.parametrize("size", [(360, 360), (600, 1500), (1600, 700)])
def test_powerpoint_map_has_at_least_95_pixels_an_inch(store, evidence, monkeypatch, size):
    monkeypatch.undo()
    body = export_view(VIEW, ExportOptions("pptx", size=size), store, evidence)
    [picture] = [
        one for one in Presentation(io.BytesIO(body)).slides[1].shapes if one.name == "Map"
    ]
    assert picture.image.size[0] >= 95 * picture.width.inches


@pytest.mark.parametrize("fmt", PICTURES)
def test_renderers_write_every_file_type_of_a_view(store, evidence, monkeypatch, fmt):
    monkeypatch.undo()
    options = ExportOptions(fmt, size=(800, 600), play=Playback())
    body = export_view(VIEW, options, store, evidence)
    begins = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "pptx": b"PK", "html": b"<!"}
    begins |= {"webp": b"RIFF", "gif": b"GIF89a"}
    assert body.startswith(begins[fmt])
    if fmt == "pptx":
        slide = Presentation(io.BytesIO(body)).slides[1]
        [picture] = [shape for shape in slide.shapes if shape.name == "Map"]
        pixels, inches = picture.image.size, (picture.width.inches, picture.height.inches)
        assert pixels[0] / pixels[1] == pytest.approx(inches[0] / inches[1], rel=0.01)
        assert len(picture.image.blob) > 5_000
