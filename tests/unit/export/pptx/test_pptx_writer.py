"""PowerPoint files: editable text, no overflow, deterministic bytes."""

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from geo.errors import CancelledError
from geo.export.deck import build_view_deck
from geo.export.pptx.writer import write_pptx
from geo.export.slide import REMARK, Question
from geo.settings import ROOT
from geo.view import View
from tests.support.pptx_reading import (
    HOSTILE,
    SIZES,
    builtin_deck,
    find_misplaced_shapes,
    find_overfull_boxes,
    hyperlinks,
    one_slide,
    open_deck,
    slide_text,
    stub_painters,
)

ADDRESS = "http://127.0.0.1:8501"


@pytest.fixture(autouse=True)
def _quick_maps(monkeypatch):
    stub_painters(monkeypatch)


@pytest.fixture(scope="module")
def deck():
    return builtin_deck(address=ADDRESS)


@pytest.fixture(scope="module", params=SIZES)
def made(request, deck):
    with pytest.MonkeyPatch.context() as patch:
        stub_painters(patch)
        yield open_deck(deck, size=SIZES[request.param])


@pytest.fixture(scope="module")
def body(deck, store):
    with pytest.MonkeyPatch.context() as patch:
        stub_painters(patch)
        yield write_pptx(deck, store)


def scenes(presentation, deck):
    return list(zip(list(presentation.slides)[1:], deck.slides, strict=False))


def test_title_slide_has_title_subtitle_days_and_link(made, deck):
    said = slide_text(made.slides[0])
    assert made.slides[0].shapes.title.text_frame.text == deck.title
    assert all(text in said for text in (deck.subtitle, deck.days, deck.link, REMARK))


def test_slide_contains_every_text_as_editable_text(made, deck):
    assert len(made.slides) == len(deck.slides) + 2
    for slide, scene in scenes(made, deck):
        said = slide_text(slide)
        assert slide.shapes.title.text_frame.text == scene.headline
        assert slide.shapes.title.is_placeholder
        labels = [entry["label"] for entry in scene.legend]
        told = (*scene.lines, scene.window, scene.counted, *labels, scene.unseen, *scene.sources)
        assert [text for text in (*told, scene.credit) if text not in said] == []


def test_legend_has_label_count_and_icon(made, deck):
    for slide, scene in scenes(made, deck):
        names = [shape.name for shape in slide.shapes]
        for entry in scene.legend:
            told = f"{entry['label']} {entry['count']}" if entry["count"] else entry["label"]
            assert told in slide_text(slide).split("\n")
            assert f"Sign: {entry['label']}" in names


def test_questions_that_do_not_fit_are_in_the_notes(made, deck):
    for slide, scene in scenes(made, deck):
        said, notes = slide_text(slide), slide.notes_slide.notes_text_frame.text
        missing = [one for one in scene.questions if one.question not in said]
        assert not scene.questions or len(missing) < len(scene.questions)
        assert all(f"{one.question} {one.answers}" in notes for one in missing)
        assert (f"and {len(missing)} more in the notes" in said) == bool(missing)


def test_notes_have_spoken_text_references_and_link(made, deck):
    for slide, scene in scenes(made, deck):
        notes = slide.notes_slide.notes_text_frame.text
        assert notes.startswith(scene.spoken)
        assert all(text in notes for text in (*scene.references, scene.link))


def test_map_is_a_picture_with_alternative_text(made, deck):
    for slide, scene in scenes(made, deck):
        [picture] = [one for one in slide.shapes if one.shape_type == MSO_SHAPE_TYPE.PICTURE]
        assert picture._element.nvPicPr.cNvPr.get("descr") == scene.alt
        assert picture.width > made.slide_width * 0.5


def test_every_slide_has_a_title_and_a_number_field(made):
    for number, slide in enumerate(made.slides, start=1):
        assert slide.shapes.title.text_frame.text.strip()
        [field] = slide._element.xpath(".//a:fld[@type='slidenum']/a:t")
        assert field.text == str(number)


def test_icons_are_marked_as_decorative(made):
    bare = [
        shape.name
        for slide in made.slides
        for shape in slide.shapes
        if shape.name.startswith(("Sign", "Rule"))
        and "decorative" not in etree.tostring(shape._element).decode()
    ]
    assert bare == []


def test_slides_have_no_layout_faults(made):
    assert find_misplaced_shapes(made) == []
    assert find_overfull_boxes(made) == []


@pytest.mark.parametrize("size", [(1080, 1080), (1080, 1920), (2500, 1000), (360, 400)])
@pytest.mark.parametrize("sources", ["articles", "all"])
def test_slides_of_any_shape_have_no_layout_faults(store, evidence, size, sources):
    view = build_view_deck(View(sources=sources), store, evidence)
    presentation = open_deck(view, size=size, theme="dark")
    assert find_misplaced_shapes(presentation) == []
    assert find_overfull_boxes(presentation) == []
    ratio = presentation.slide_width / presentation.slide_height
    assert ratio == pytest.approx(size[0] / size[1], rel=1e-4)


def test_named_sizes_are_those_of_powerpoint(deck):
    sides = {name: open_deck(one_slide(deck), size=size) for name, size in SIZES.items()}
    inches = {
        name: (one.slide_width.inches, one.slide_height.inches) for name, one in sides.items()
    }
    assert inches == {"16:9": (pytest.approx(13.333, abs=1e-3), 7.5), "4:3": (10, 7.5)}


def test_sources_slides_hold_all_references(store, evidence):
    deck = build_view_deck(View(sources="all"), store, evidence)
    presentation = open_deck(deck)
    listed = list(presentation.slides)[2:]
    said = "\n".join(map(slide_text, listed))
    assert len(listed) > 1
    assert len(deck.references) > 25
    assert [one for one in deck.references if one not in said] == []
    assert listed[0].shapes.title.text_frame.text.startswith("Sources (1 of ")
    links = [link for slide in listed for link in hyperlinks(slide)]
    assert "https://tass.com/defense/1294579" in links


def test_empty_view_still_gives_a_file(store, evidence):
    deck = build_view_deck(View(q="no claim says this"), store, evidence)
    presentation = open_deck(deck)
    assert "No source" in slide_text(presentation.slides[2])
    assert find_misplaced_shapes(presentation) == find_overfull_boxes(presentation) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_keeps_the_file_valid_and_fits_its_boxes(deck, name):
    text = HOSTILE[name]
    entry = {"group": "layer", "key": "x", "label": text, "count": 12, "colour": text[:9]}
    worded = one_slide(
        deck,
        headline=text,
        lines=(text, text),
        window=text[:40],
        unseen=text,
        notes=text,
        legend=(*deck.slides[0].legend, *[entry] * 9),
        sources=(text,) * 3,
        references=(text,),
        questions=(Question("q", text, text),) * 9,
        key=text,
    )
    hostile = replace(
        worded,
        title=text,
        subtitle=text,
        days=text[:60],
        references=(text,) * 3,
        link=f"http://h/?q={text[:50]}",
        version=text,
    )
    for size in SIZES.values():
        presentation = open_deck(hostile, size=size)
        assert find_misplaced_shapes(presentation) == []
        assert find_overfull_boxes(presentation) == []
    notes = presentation.slides[1].notes_slide.notes_text_frame.text
    assert name == "controls" or all(part in notes for part in text.split()[:40])
    assert not re.search("[\x00-\x08\x0b\x0e-\x1f]", slide_text(presentation.slides[1]) + notes)


def test_pptx_is_deterministic_across_processes(deck, store, body):
    assert write_pptx(deck, store) == body
    script = (
        "import pytest, sys\n"
        "from tests.support.pptx_reading import builtin_deck, stub_painters\n"
        "from geo.export.pptx.writer import write_pptx; from geo.app_context import context\n"
        "stub_painters(pytest.MonkeyPatch())\n"
        f"body = write_pptx(builtin_deck(address={ADDRESS!r}), context().store)\n"
        "sys.stdout.buffer.write(body)"
    )
    other = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True
    )
    assert other.stdout == body


def test_pptx_contains_no_machine_person_or_time(body, deck):
    about = Presentation(io.BytesIO(body)).core_properties
    assert (about.title, about.subject) == (deck.title, deck.subtitle)
    assert about.author == about.last_modified_by == "Briefing map"
    assert about.created == about.modified
    with zipfile.ZipFile(io.BytesIO(body)) as pack:
        assert {part.date_time[0] for part in pack.infolist()} == {1980}
        assert "docProps/app.xml" not in pack.namelist()
        assert not [name for name in pack.namelist() if "printer" in name or "thumb" in name]
        assert pack.namelist()[0] == "[Content_Types].xml"


def test_text_uses_the_fonts_and_colours_of_the_theme(body):
    with zipfile.ZipFile(io.BytesIO(body)) as pack:
        theme = pack.read("ppt/theme/theme1.xml").decode()
        slide = pack.read("ppt/slides/slide2.xml").decode()
    assert "Georgia" in theme
    assert "Calibri" in theme
    assert "<a:latin" not in slide
    assert "schemeClr" in slide


def test_progress_is_reported_per_slide_and_can_cancel(deck, store):
    told = []
    write_pptx(deck, store, progress=lambda done, of: told.append((done, of)))
    steps = len(deck.slides) + 1
    assert told == [(done, steps) for done in range(steps + 1)]

    def stop(done, of):
        if done == 2:
            raise CancelledError("stopped")

    with pytest.raises(CancelledError):
        write_pptx(deck, store, progress=stop)
