"""Text is wrapped, shrunk and cut by its measured width, with each font backend."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from geo.export.image.fonts import MEDIUM, SANS
from geo.export.layout.metrics import GlyphTable
from geo.export.layout.text import (
    ELLIPSIS,
    balance_lines,
    cut_line,
    cut_middle,
    fit_text,
    list_sources,
    plan_lines,
    wrap_text,
)

TABLE = GlyphTable("DejaVuSans.ttf")
SCREEN = GlyphTable("sans.woff2", (("wght", 400),))
FONTS = pytest.mark.parametrize("font", [SANS, TABLE, SCREEN], ids=["drawn", "table", "screen"])
TEXT = st.one_of(
    st.text(st.sampled_from(" \n\tWil.,–قم中😀\u0301\u200f{<"), max_size=140),
    st.sampled_from(["W" * 500, "i" * 900, "word " * 120, "", " ", "a/b?" * 99]),
)


@FONTS
def test_wrap_text_breaks_long_words_and_cuts_extra_lines(font):
    block = wrap_text("W" * 500, font, 20, 200, most=3)
    assert len(block.lines) == 3
    assert not block.whole
    assert block.lines[-1].endswith(ELLIPSIS)
    assert all(font.width(line) * 20 <= 200 for line in block.lines)


@FONTS
def test_fit_text_uses_the_first_size_that_fits(font):
    block = fit_text("a headline of some length", font, (60, 40, 20), 300, most=(1, 1, 1))
    assert block.whole
    assert block.size == 20


@FONTS
def test_balance_lines_keeps_words_and_line_count(font):
    block = wrap_text("one two three four five six seven eight nine", font, 20, 300)
    even = balance_lines(block, 300)
    assert len(even.lines) == len(block.lines)
    assert " ".join(even.lines) == " ".join(block.lines)
    assert even.width <= block.width


@pytest.mark.parametrize("font", [MEDIUM, TABLE], ids=["drawn", "table"])
@given(text=TEXT, width=st.floats(20, 900))
@hypothesis_settings(max_examples=40)
def test_cut_text_never_exceeds_the_width(font, text, width):
    for shown in (cut_line(text, font, 16, width), cut_middle(text, font, 16, width)):
        assert font.width(shown) * 16 <= width + 0.01
        assert "\n" not in shown


@given(text=TEXT, width=st.floats(80, 900))
def test_wrapped_lines_fit_the_width_and_keep_all_letters(text, width):
    block = wrap_text(text, TABLE, 16, width)
    assert block.whole
    assert all(TABLE.width(line) * 16 <= width + 0.01 for line in block.lines if len(line) > 1)
    assert "".join(block.lines).replace(" ", "") == TABLE.printable(text).replace(" ", "")


def test_variable_font_widths_match_rendered_widths():
    bold = GlyphTable("sans.woff2", (("wght", 700),))
    text = "Reports of what was seen at the port"
    assert SCREEN.width(text) == pytest.approx(SANS.width(text), rel=0.01)
    assert bold.width(text) > SCREEN.width(text)


def test_plan_lines_cuts_the_last_line_with_an_ellipsis():
    texts = ["word " * 20, "second sentence", "third sentence"]
    blocks = plan_lines(texts, TABLE, (20, 18), 600, most=(2, 3))
    assert sum(len(one.lines) for one in blocks) == 3
    assert blocks[-1].text.endswith(ELLIPSIS)


def test_list_sources_counts_omitted_sources():
    sources = [f"Publisher number {n}" for n in range(60)]
    block, shown = list_sources(sources, "Sources:", ", listed below", TABLE, 10, 800, most=2)
    assert 0 < shown < 60
    assert block.whole
    assert block.text.endswith(f"; and {60 - shown} more, listed below.")
    assert len(block.lines) == 2
