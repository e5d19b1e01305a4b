"""The image beside the chosen report is on slides and in files only under a named licence."""

import io
import re
from dataclasses import replace
from functools import cache
from hashlib import sha256

import pytest
from PIL import Image
from pptx import Presentation

from geo.app_context import context
from geo.builtin_layers import EvidenceStore
from geo.evidence.kept_files import ClaimImage
from geo.export.deck import build_view_deck
from geo.export.export import export_view
from geo.export.options import ExportOptions
from geo.export.slide_image import find_slide_image
from geo.export.stage import CANVASES, HANDOUT, IMAGE, build_presentation
from geo.mapping.theme import STAGE
from geo.view import View
from tests.support.pptx_reading import find_misplaced_shapes, find_overfull_boxes

VIEW = View(page="khmeimim", claim="nyt-01")
CREDIT = "Image: Nobody <b>{{7*7}}</b> (CC0)"


@cache
def picture() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "35.4 N 35.9 E"
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#ff00ff").save(out, "JPEG", exif=exif, quality=100)
    return out.getvalue()


def read_copy(digest):
    return (picture(), "image/jpeg") if digest == sha256(picture()).hexdigest() else None


def evidence_with_image(**changes):
    fields = {
        "sha256": sha256(picture()).hexdigest(),
        "credit": "Nobody <b>{{7*7}}</b>",
        "alt": "An example: one colour",
        "licence": "CC0",
        "may_publish": True,
    }
    image = ClaimImage.model_validate(fields | changes)
    known = context().evidence
    claims = [
        one.model_copy(update={"image": image}) if one.id == "nyt-01" else one
        for one in known.claims
    ]
    return replace(known, claims=tuple(claims))


def store_of(evidence):
    return EvidenceStore(evidence)


def export(fmt, evidence, view=VIEW, **options):
    chosen = ExportOptions(fmt, (960, 540), read_copy=read_copy, **options)
    return export_view(view, chosen, store_of(evidence), evidence)


def magenta(png: bytes) -> int:
    pixels = Image.open(io.BytesIO(png)).convert("RGB").tobytes()
    groups = zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True)
    return sum(red > 240 and green < 15 and blue > 240 for red, green, blue in groups)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_picture_has_the_image_of_the_chosen_report(theme):
    body = export("png", evidence_with_image(), theme=theme)
    assert magenta(body) > 10_000
    assert body == export("png", evidence_with_image(), theme=theme)
    assert magenta(export("png", evidence_with_image(), replace(VIEW, claim=None))) == 0


@pytest.mark.parametrize("changes", [{"may_publish": False}, {"sha256": "0" * 64}])
def test_image_that_may_not_be_published_or_is_not_kept_is_left_out(changes):
    evidence = evidence_with_image(**changes)
    assert find_slide_image("nyt-01", evidence, read_copy) is None
    assert find_slide_image("nyt-01", evidence_with_image(), None) is None
    assert find_slide_image("no-claim", evidence_with_image(), read_copy) is None
    assert magenta(export("png", evidence)) == 0
    body = export("html", evidence)
    assert b"Nobody" not in body
    assert b"data:image/jpeg" not in body


def test_damaged_image_is_left_out_and_logged(caplog):
    made = find_slide_image("nyt-01", evidence_with_image(), lambda _: (b"GIF", "image/png"))
    assert made is None
    assert "nyt-01" in caplog.text


def test_powerpoint_has_image_credit_and_alternative_text():
    made = Presentation(io.BytesIO(export("pptx", evidence_with_image())))
    slide = made.slides[1]
    [image] = [one for one in slide.shapes if one.name == "Image"]
    assert image._element.nvPicPr.cNvPr.get("descr") == "An example: one colour"
    assert b"35.4 N" not in image.image.blob
    [credit] = [one for one in slide.shapes if one.name == "Image credit"]
    assert credit.text_frame.text == CREDIT
    assert credit.top >= image.top + image.height
    assert f"{CREDIT}: An example: one colour" in slide.notes_slide.notes_text_frame.text
    assert not find_misplaced_shapes(made)
    assert not find_overfull_boxes(made)


@pytest.mark.parametrize("fmt", ["svg", "pdf", "html"])
def test_other_files_have_the_image_without_metadata(fmt):
    body = export(fmt, evidence_with_image())
    assert body != export(fmt, evidence_with_image(may_publish=False))
    assert b"35.4 N" not in body
    if fmt == "html":
        assert b"data:image/jpeg;base64," in body
        assert re.search(r"img-src data:", body.decode())


@pytest.mark.parametrize("size", [(300, 200), (40, 900), (900, 40)])
def test_stage_keeps_room_for_the_panel(size):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "PNG")
    evidence = evidence_with_image()
    deck = build_view_deck(VIEW, store_of(evidence), evidence)
    deck = deck.add_images(lambda _: (out.getvalue(), "image/png"))
    made = build_presentation(deck, HANDOUT)
    for plan, (_, height) in zip(made["plans"], CANVASES, strict=True):
        [scene] = plan["scenes"]
        assert 0 < scene["image"] <= IMAGE * height
        width = scene["image"] / made["scenes"][0]["image"]["ratio"]
        assert width <= STAGE["panel"] - STAGE["panel-left"] - STAGE["margin"] + 0.5
