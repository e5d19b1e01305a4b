"""Text is wrapped, made smaller and cut by its measured width, whatever font measures it."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from geo.export.image.fonts import MEDIUM, SANS
from geo.export.layout.metrics import GlyphTable
from geo.export.layout.slide import list_sources, plan_lines
from geo.export.layout.text import (
    ELLIPSIS,
    balance_lines,
    cut_line,
    cut_middle,
    fit_text,
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
def test_wrap_text_breaks_a_word_that_is_too_long_and_cuts_what_goes_beyond(font):
    block = wrap_text("W" * 500, font, 20, 200, most=3)
    assert len(block.lines) == 3
    assert not block.whole
    assert block.lines[-1].endswith(ELLIPSIS)
    assert all(font.width(line) * 20 <= 200 for line in block.lines)


@FONTS
def test_fit_text_takes_the_first_size_in_which_text_is_whole(font):
    block = fit_text("a headline of some length", font, (60, 40, 20), 300, most=(1, 1, 1))
    assert block.whole
    assert block.size == 20


@FONTS
def test_balance_lines_keeps_words_and_number_of_lines(font):
    block = wrap_text("one two three four five six seven eight nine", font, 20, 300)
    even = balance_lines(block, 300)
    assert len(even.lines) == len(block.lines)
    assert " ".join(even.lines) == " ".join(block.lines)
    assert even.width <= block.width


@pytest.mark.parametrize("font", [MEDIUM, TABLE], ids=["drawn", "table"])
@given(text=TEXT, width=st.floats(20, 900))
@hypothesis_settings(max_examples=40)
def test_cut_text_is_never_wider_than_its_room(font, text, width):
    for shown in (cut_line(text, font, 16, width), cut_middle(text, font, 16, width)):
        assert font.width(shown) * 16 <= width + 0.01
        assert "\n" not in shown


@given(text=TEXT, width=st.floats(80, 900))
def test_lines_of_a_block_keep_to_the_width_and_hold_all_letters(text, width):
    block = wrap_text(text, TABLE, 16, width)
    assert block.whole
    assert all(TABLE.width(line) * 16 <= width + 0.01 for line in block.lines if len(line) > 1)
    assert "".join(block.lines).replace(" ", "") == TABLE.printable(text).replace(" ", "")


def test_widths_of_a_variable_font_grow_with_its_weight_and_match_the_drawn_ones():
    bold = GlyphTable("sans.woff2", (("wght", 700),))
    text = "Reports of what was seen at the port"
    assert SCREEN.width(text) == pytest.approx(SANS.width(text), rel=0.01)
    assert bold.width(text) > SCREEN.width(text)


def test_plan_lines_cuts_the_last_line_and_marks_sentences_that_are_left_out():
    texts = ["word " * 20, "second sentence", "third sentence"]
    blocks = plan_lines(texts, TABLE, (20, 18), 600, most=(2, 3))
    assert sum(len(one.lines) for one in blocks) == 3
    assert blocks[-1].text.endswith(ELLIPSIS)


def test_list_sources_counts_the_sources_that_do_not_fit():
    sources = [f"Publisher number {n}" for n in range(60)]
    block, shown = list_sources(sources, "Sources:", ", listed below", TABLE, 10, 800, most=2)
    assert 0 < shown < 60
    assert block.whole
    assert block.text.endswith(f"; and {60 - shown} more, listed below.")
    assert len(block.lines) == 2
