"""Names in Arabic within sentences that run from left to right."""

from geo.text.direction import LEFT_TO_RIGHT_MARK, keep_apart, runs_right_to_left


def test_a_name_in_arabic_is_closed_by_a_mark_and_others_are_unchanged():
    assert keep_apart("West Harbour") == "West Harbour"
    assert keep_apart("مرسى الاختبار") == f"مرسى الاختبار{LEFT_TO_RIGHT_MARK}"
    assert keep_apart("") == ""


def test_the_first_letter_with_a_direction_decides():
    assert runs_right_to_left("مرسى, 9 May")
    assert runs_right_to_left("12 (عبّارة)")
    assert not runs_right_to_left("at مرسى")
    assert not runs_right_to_left("2031-05-09")
