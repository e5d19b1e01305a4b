"""Names in Arabic within sentences that run from left to right."""

from geo.text.direction import (
    LEFT_TO_RIGHT_MARK,
    RIGHT_TO_LEFT_MARK,
    keep_apart,
    keep_direction,
    lead_with,
    runs_right_to_left,
)


def test_a_name_in_arabic_is_closed_by_a_mark_and_others_are_unchanged():
    assert keep_apart("West Harbour") == "West Harbour"
    assert keep_apart("مرسى الاختبار") == f"مرسى الاختبار{LEFT_TO_RIGHT_MARK}"
    assert keep_apart("") == ""


def test_a_name_in_arabic_at_the_beginning_does_not_turn_the_line_round():
    assert lead_with("West Harbour") == "West Harbour"
    line = f"{lead_with('مرسى الاختبار')}, 5–7 May 2031"
    assert not runs_right_to_left(line)
    assert line == f"{LEFT_TO_RIGHT_MARK}مرسى الاختبار{LEFT_TO_RIGHT_MARK}, 5–7 May 2031"


def test_the_first_letter_with_a_direction_decides():
    assert runs_right_to_left("مرسى, 9 May")
    assert runs_right_to_left("12 (عبّارة)")
    assert not runs_right_to_left("at مرسى")
    assert not runs_right_to_left("2031-05-09")


def test_each_line_of_a_text_runs_as_the_whole():
    lines = keep_direction(("1 at مرسى", "الاختبار and 1"), "1 at مرسى الاختبار and 1")
    assert lines == ("1 at مرسى", f"{LEFT_TO_RIGHT_MARK}الاختبار and 1")
    lines = keep_direction(("عبّارة", "ferry"), "عبّارة ferry")
    assert lines == ("عبّارة", f"{RIGHT_TO_LEFT_MARK}ferry")
    assert keep_direction(("plain", "12 words"), "plain 12 words") == ("plain", "12 words")
