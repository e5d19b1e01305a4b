"""Text layout of slide images: no overlaps, nothing off the sheet, omissions are counted."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from geo.app_context import context
from geo.camera import Camera
from geo.export.image.display_list import ColourBar, DisplayList
from geo.export.image.pdf_booklet import source_sheets, title_sheet
from geo.export.image.sheet_grid import grid_of
from geo.export.image.slide_layout import map_sheet, slide_sheet
from geo.export.layout.text import ELLIPSIS
from geo.export.slide import Question, Slide
from geo.view import View
from tests.unit.export.image.test_render import deck, plain, scene

pytestmark = pytest.mark.usefixtures("without_relief")
SIZES = (
    (1920, 1080),
    (1280, 720),
    (1024, 768),
    (1080, 1080),
    (1080, 1920),
    (320, 240),
    (2560, 720),
    (700, 1400),
)
VIEWS = (
    View(sources="all"),
    View(page="khmeimim", sources="all"),
    View(page="tartus", sources="all"),
    View(page="convoys", sources="all"),
    View(q="zzzz"),
    View(sources="all", at=Camera(34.5, 36.5, 6.2)),
    View(sources="all", at=Camera(34.94, 35.83, 10.6)),
    View(page="khmeimim", sources="all", at=Camera(35.405, 35.949, 16)),
)
LINE = st.text(
    st.one_of(
        st.characters(codec="utf-8"), st.sampled_from(" \n\t$\\{}<>&…قم–WiM😀中\u0301\u200f")
    ),
    max_size=140,
)
LONG = st.one_of(LINE, st.sampled_from(["W" * 500, "i" * 900, "word " * 120, "", " ", "a/b?" * 99]))


def faults(sheet: DisplayList) -> list[str]:
    """List texts that overlap each other, the scale bar or the edge of the sheet."""
    words = sheet.words
    boxes = np.array([one.box for one in words]).reshape(-1, 4)
    width, height = sheet.size
    out = (boxes[:, 0] < -0.5) | (boxes[:, 1] < -0.5)
    out |= (boxes[:, 2] > width + 0.5) | (boxes[:, 3] > height + 0.5)
    found = [f"out: {words[n].text!r} {words[n].box}" for n in np.flatnonzero(out)]
    # tolerate 2 % of a line: font sizes are rounded
    slack = 0.02 * np.array([one.size for one in words])
    for n, (x0, y0, x1, y1) in enumerate(boxes):
        rest = boxes[n + 1 :]
        across = np.minimum(rest[:, 2], x1) - np.maximum(rest[:, 0], x0)
        down = np.minimum(rest[:, 3], y1) - np.maximum(rest[:, 1], y0)
        for other in np.flatnonzero((across > slack[n]) & (down > slack[n])):
            found.append(f"{words[n].text!r} on {words[n + 1 + other].text!r}")
    for bar in (item for item in sheet.items if isinstance(item, ColourBar)):
        x0, y0, x1, y1 = bar.box
        hit = (boxes[:, 0] < x1) & (boxes[:, 2] > x0) & (boxes[:, 1] < y1) & (boxes[:, 3] > y0)
        found += [f"{words[n].text!r} on the scale bar" for n in np.flatnonzero(hit)]
    return found


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_briefing_slides_have_no_text_faults(size, store):
    for theme in ("light", "dark") if size == SIZES[0] else ("light",):
        for slide in deck().slides:
            assert not faults(slide_sheet(slide, store, size, theme)), slide.key


@pytest.mark.parametrize("size", SIZES[:5], ids=str)
def test_view_slides_have_no_text_faults(size, store):
    for view in VIEWS:
        assert not faults(slide_sheet(plain(view), store, size, "light")), view


@pytest.mark.parametrize("size", [(1340, 760), (500, 900), (320, 240), (2000, 400)], ids=str)
def test_map_images_have_no_text_faults(size, store):
    for slide in deck().slides:
        assert not faults(map_sheet(slide, store, size, "light")), slide.key


@pytest.mark.parametrize("size", SIZES[:5], ids=str)
def test_title_and_sources_pages_have_no_text_faults(size, store):
    many = tuple(
        f"Publisher {n}, 13 December 2024, https://example.org/{'a' * n}." for n in range(60)
    )
    for one in (deck(), replace(deck(), title="W" * 300, subtitle="word " * 200, references=many)):
        sheets = [title_sheet(one, store, size, "light"), *source_sheets(one, size, "light")]
        assert not [fault for sheet in sheets for fault in faults(sheet)]


@given(
    headline=LONG,
    lines=st.lists(LONG, max_size=5).map(tuple),
    short=st.tuples(LONG, LONG, LONG, LONG),
    asked=st.lists(st.tuples(LONG, LONG), max_size=4),
    sources=st.lists(LONG, max_size=6).map(tuple),
    labels=st.lists(LONG, max_size=6),
    size=st.tuples(st.integers(320, 2400), st.integers(240, 2400)),
)
@hypothesis_settings(max_examples=16)
def test_arbitrary_texts_have_no_layout_faults(
    headline, lines, short, asked, sources, labels, size
):
    layers = tuple(
        {"group": "layer", "key": str(n), "label": label, "count": 10**n, "colour": "#4a7c59"}
        for n, label in enumerate(labels)
    )
    window, counted, unseen, link = short
    slide = scene("khmeimim-13")
    slide = replace(
        slide,
        headline=headline,
        lines=lines,
        window=window,
        counted=counted,
        unseen=unseen,
        link=link,
        sources=sources,
        legend=slide.legend + layers,
        questions=tuple(Question(str(n), *both) for n, both in enumerate(asked)),
    )
    assert not faults(slide_sheet(slide, context().store, size, "light"))


def read_slide(slide: Slide, size: tuple[int, int] = (1920, 1080)) -> str:
    """Return all text of a slide image in one line."""
    sheet = slide_sheet(slide, context().store, size, "light")
    return " ".join(word.text for word in sheet.words)


@pytest.mark.parametrize("size", [SIZES[0], SIZES[2], SIZES[4]], ids=str)
def test_slide_image_contains_every_text_of_the_slide(size):
    for slide in deck().slides:
        words = read_slide(slide, size)
        for text in (slide.headline, *slide.lines, slide.window, slide.counted, slide.credit):
            assert text in words
        assert "How well it is known" in words
        for entry in slide.legend:
            if entry["group"] in ("place", "stance"):
                assert str(entry["label"]) in words
            assert not entry["count"] or f"{entry['count']:,}" in words
        assert ("Where sources differ" in words) == bool(slide.questions)
        shown = [one for one in slide.questions if f"{one.question} {one.answers}" in words]
        rest = len(slide.questions) - len(shown)
        assert shown or not slide.questions
        assert (f"and {rest} more" in words) if rest else True
        assert slide.unseen in words


def test_slide_without_questions_or_unseen_omits_their_headings():
    bare = read_slide(replace(scene("tartus"), questions=(), unseen=""))
    assert "Where sources differ" not in bare
    assert "Not observed" not in bare


def test_empty_view_states_that_nothing_is_shown():
    words = read_slide(plain(View(q="zzzz")))
    assert "Nothing is shown." in words
    assert "No source is shown." in words


def test_sources_that_do_not_fit_are_counted():
    slide = replace(scene("setting"), sources=tuple(f"Publisher number {n}" for n in range(60)))
    words = read_slide(slide)
    shown = sum(f"Publisher number {n};" in words for n in range(60))
    assert f"and {60 - shown} more, listed in the notes." in words


def test_long_link_is_shortened_in_the_middle():
    link = "http://127.0.0.1:8501/overview?" + "&".join(f"system=S-{n}" for n in range(200))
    words = read_slide(replace(scene("setting"), link=f"{link}&v=0123456789abcdef"))
    assert "http://127.0.0.1:8501/overview?" in words
    assert words.endswith("v=0123456789abcdef") or "v=0123456789abcdef" in words
    assert ELLIPSIS in words


def test_layers_that_do_not_fit_are_counted_in_the_legend():
    layers = tuple(
        {"group": "layer", "key": str(n), "label": f"Layer {n:03}", "count": n, "colour": "#4a7c59"}
        for n in range(200)
    )
    slide = scene("leaving-or-staying")
    words = read_slide(replace(slide, legend=slide.legend + layers))
    shown = sum(f"Layer {n:03}" in words for n in range(200))
    assert 0 < shown < 200
    assert f"and {200 - shown} more" in words
    assert all(str(one["label"]) in words for one in slide.legend if one["group"] == "stance")


def test_map_takes_seventy_percent_beside_the_panel():
    grid = grid_of((1920, 1080))
    assert grid.beside
    assert grid.map_right == pytest.approx(0.7 * 1920)
    assert not grid_of((1080, 1080)).beside


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_changes_colours_but_not_positions(theme, store):
    light, other = (
        slide_sheet(scene("tartus"), store, (1280, 720), one).words for one in ("light", theme)
    )
    assert [(one.text, one.box) for one in light] == [(one.text, one.box) for one in other]
